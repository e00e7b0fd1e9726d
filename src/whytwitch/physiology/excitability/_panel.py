"""One panel of a picture in SVG: axes, bands, lines and marks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

Point = tuple[float, float]

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MARK: Final = 3.2
"""Half the size of a mark, in pixels."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from ``low`` to ``high`` over pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; values that a logarithm has not lie off the page."""
        if self.log:
            share = math.log(value / self.low) / math.log(self.high / self.low) if value > 0 else -9.0
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + min(9.0, max(-9.0, share)) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Round values, about one in fifty pixels."""
        if self.log:
            decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            values = [base * 10.0**decade for decade in decades for base in (1, 2, 5)]
            return [value for value in values if self.low * 0.999 <= value <= self.high * 1.001]
        rough = (self.high - self.low) / max(2.0, abs(self.end - self.start) / 50)
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * base for base in _STEPS if size * base >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [step * count for count in range(first, last + 1)]


@dataclass(slots=True)
class Panel:
    """A frame with a title and two axes, to draw in.

    ``key`` must differ among the panels of a page: the clipping is named by it.
    """

    key: str
    title: str
    x: Axis
    y: Axis
    x_label: str
    y_label: str
    drawn: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)

    def band(self, low: Sequence[Point], high: Sequence[Point]) -> None:
        """A region between two lines of points."""
        self.drawn.append(f'<path class="band" d="{self._path([*low, *reversed(high)])}Z"/>')

    def line(self, points: Sequence[Point], look: str) -> None:
        """A line through points, in a class of the style sheet."""
        self.drawn.append(f'<path class="{look}" d="{self._path(points)}"/>')

    def marks(self, points: Iterable[Point], series: int) -> None:
        """Points, in the shape of the series: dots, then open diamonds."""
        within = (point for point in points if self._within(point))
        shape = "".join(mark(self.x.at(x), self.y.at(y), series) for x, y in within)
        self.drawn.append(f'<path class="mark-{series}" d="{shape}"/>')

    def beside(self, y: float, words: str) -> None:
        """Words to the left of the frame, at a value of y."""
        at = f'x="{self.x.start - 8:.1f}" y="{self.y.at(y) + 4:.1f}"'
        self.around.append(f'<text {at} class="end">{escape(words)}</text>')

    def note(self, x: float, y: float, words: str, look: str = "quiet") -> None:
        """Words within the frame, at shares of its width and height from the upper left."""
        across = self.x.start + x * (self.x.end - self.x.start)
        down = self.y.end + y * (self.y.start - self.y.end)
        self.around.append(f'<text x="{across:.1f}" y="{down:.1f}" class="{look}">{escape(words)}</text>')

    def svg(self) -> str:
        """The panel, with what was drawn cut to its frame."""
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        frame = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
        return "\n".join(
            (
                f'<clipPath id="{self.key}"><rect {frame}/></clipPath>',
                f'<text x="{left:.1f}" y="{top - 12:.1f}" class="title">{escape(self.title)}</text>',
                *self._axes(),
                f'<g clip-path="url(#{self.key})">',
                *self.drawn,
                "</g>",
                f'<rect class="frame" {frame}/>',
                *self.around,
            )
        )

    def _axes(self) -> list[str]:
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        parts = [
            f'<path class="tick" d="M{self.x.at(tick):.1f} {bottom:.1f}v4"/>'
            f'<text x="{self.x.at(tick):.1f}" y="{bottom + 17:.1f}" class="middle">{label(tick)}</text>'
            for tick in self.x.ticks
        ]
        parts += [
            f'<path class="grid" d="M{left:.1f} {self.y.at(tick):.1f}H{right:.1f}"/>'
            f'<text x="{left - 6:.1f}" y="{self.y.at(tick) + 4:.1f}" class="end">{label(tick)}</text>'
            for tick in (self.y.ticks if self.y_label else ())
        ]
        across, down = (left + right) / 2, (top + bottom) / 2
        parts.append(
            f'<text x="{across:.1f}" y="{bottom + 36:.1f}" class="middle">{escape(self.x_label)}</text>'
            f'<text transform="translate({left - 42:.1f} {down:.1f})rotate(-90)" class="middle">'
            f"{escape(self.y_label)}</text>"
        )
        return parts

    def _path(self, points: Sequence[Point]) -> str:
        return "M" + "L".join(f"{self.x.at(x):.1f} {self.y.at(y):.1f}" for x, y in points)

    def _within(self, point: Point) -> bool:
        return all(
            min(axis.low, axis.high) <= value <= max(axis.low, axis.high)
            for axis, value in zip((self.x, self.y), point, strict=True)
        )


def mark(x: float, y: float, series: int) -> str:
    """The path of one mark at a place in pixels: a dot, or the diamond of the second series."""
    if series:
        r = _MARK * 1.25
        return f"M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f} {-r:.1f} {r:.1f} {-r:.1f} {-r:.1f}z"
    r = _MARK
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def label(value: float) -> str:
    """A number on an axis, with a true minus."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}") if abs(value) > 1e-9 else "0"
