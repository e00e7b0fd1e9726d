"""A what-if as one self-contained page: no script, nothing loaded from anywhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, final

from whytwitch.reasoning import Curve, WhatIf
from whytwitch.report import _what_if_phrases as say
from whytwitch.report._clean import capital, clean
from whytwitch.report._recording_data import program_version
from whytwitch.report._recording_scale import WIDTH, Axis, Tick, line, nice_ticks
from whytwitch.report._templates import templates
from whytwitch.report._what_if import marks, title, what_if_view

if TYPE_CHECKING:
    from jinja2 import Environment

PX: Final = 180
LEAST_DECADES: Final = 1.0
"""A curve fills at least one step of ten, so that a flat one looks flat."""
SAID: Final = {"person": say.OWN, "after": say.OWN_AFTER, "normal": say.USUAL_VALUE}


@final
@dataclass(frozen=True, slots=True)
class Mark:
    """A value on a curve: where, in units of the plot, and what it says."""

    side: str
    x: float
    y: float | None
    label: str


@final
@dataclass(frozen=True, slots=True)
class Plot:
    """One drawn curve with its range and the person's own point."""

    title: str
    alt: str
    x: Axis
    y: tuple[Tick, ...]
    line: str
    band: str
    marks: tuple[Mark, ...]


def what_if_html(found: WhatIf, *, expert: bool = False) -> str:
    """A what-if as an HTML page that can be opened, printed and kept.

    Args:
        found: what to show.
        expert: precise terms and every number.
    """
    return (
        _environment()
        .get_template("what_if.html.j2")
        .render(
            shown=what_if_view(found, expert=expert),
            plots=[plot(curve) for curve in found.curves],
            expert=expert,
            version=program_version(),
        )
    )


def plot(curve: Curve) -> Plot:
    """A curve on a logarithmic scale; where no rate is defined, the line breaks."""
    low, high = _limits(curve)
    first, last = curve.at[0], curve.at[-1]

    def across(value: float) -> float:
        return WIDTH * (value - first) / (last - first)

    def down(log10: float) -> float:
        return PX * (high - log10) / (high - low)

    rows = list(zip(curve.at, curve.log10, curve.low_log10, curve.high_log10, strict=True))
    drawn: list[str] = []
    bands: list[str] = []
    for run in _runs(rows):
        drawn.append(line((across(at) for at, *_ in run), (down(middle) for _, middle, _, _ in run)))
        ends = [(across(at), down(high)) for at, _, _, high in run]
        ends += [(across(at), down(low)) for at, _, low, _ in reversed(run)]
        bands.append(line((x for x, _ in ends), (y for _, y in ends)) + "z")
    name, unit = title(curve.factor), "" if curve.unit == "pH" else curve.unit
    told = ", ".join(SAID[side].format(value=f"{value:.4g}") for side, value in marks(curve))
    ticks = tuple(Tick(across(v) / WIDTH * 100, f"{v:g}") for v in nice_ticks(first, last, 6))
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    step = max(1, math.ceil(len(powers) / 5))
    return Plot(
        title=name, alt=f"{name}: how often, beside a normal muscle; {told}", x=Axis(ticks, unit),
        y=tuple(Tick(down(p), _power(p)) for p in powers if p % step == 0), line="".join(drawn),
        band="".join(bands),
        marks=tuple(
            Mark(side, across(v), _height(curve, v, down), SAID[side].format(value=f"{v:.4g}"))
            for side, v in marks(curve)
        ),
    )  # fmt: skip


Row = tuple[float, float, float, float]


def _runs(rows: Iterable[tuple[float, float | None, float | None, float | None]]) -> list[list[Row]]:
    """Stretches without a gap."""
    runs: list[list[Row]] = [[]]
    for at, middle, low, high in rows:
        if middle is None or low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((at, middle, low, high))
    return [run for run in runs if run]


def _limits(curve: Curve) -> tuple[float, float]:
    """Ends of the scale: what the curve and its range reach, never less than one step of ten."""
    known = [v for row in (curve.low_log10, curve.high_log10) for v in row if v is not None] or [0.0]
    low, high = min(*known, 0.0), max(*known, 0.0)
    room = max(LEAST_DECADES - (high - low), 0.1) / 2
    return low - room, high + room


def _height(curve: Curve, value: float, down: Callable[[float], float]) -> float | None:
    """Where the curve is at a value, by the line between its points."""
    for (a, left), (b, right) in pairwise(zip(curve.at, curve.log10, strict=True)):
        if a <= value <= b and left is not None and right is not None:
            return down(left + (right - left) * (value - a) / (b - a))
    return None


def _power(p: int) -> str:
    if abs(p) > 4:
        return f"10^{p}"
    return f"{10**p:,} ×" if p >= 0 else f"1/{10**-p:,} ×"


@cache
def _environment() -> Environment:
    """The templates, with what this page calls from them."""
    environment = templates()
    environment.globals.update(say=say, PX=PX)
    environment.filters.update(cap=capital, tidy=lambda text: clean(str(text), 600))
    return environment


__all__ = ["plot", "what_if_html"]
