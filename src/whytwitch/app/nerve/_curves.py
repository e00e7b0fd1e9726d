"""The clinic's nerve test on a person's model nerve, as lines over the band of healthy people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, final

from whytwitch.app.nerve import _phrases as say
from whytwitch.physiology import PhysiologyError

if TYPE_CHECKING:
    from whytwitch.physiology import Axon

WIDTH, HEIGHT = 1000, 170
START_MS: Final = 10.0
"""When the long current of threshold electrotonus begins."""

DELAYS: Final[Mapping[str, tuple[float, ...]]] = {
    "TEd40": (9, 10, 11, 15, 20, 26, 41, 70, 109, 110, 111, 120, 150, 210),
    "TEh40": (9, 10, 11, 20, 40, 70, 109, 110, 111, 120, 140, 170, 210),
    "RC": (2, 2.5, 3.2, 4, 5, 6.3, 10, 18, 32, 56, 100, 200),
    "CD": (0.2, 0.4, 0.6, 1),
}
"""Points of the clinic's own protocol, fewer of them: each is tracked as exactly as in the whole test."""

Point = tuple[float, float]
Traces = Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


@final
@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where, in percent or pixels, and what it says."""

    at: float
    label: str


@final
@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: scales, and what is drawn there."""

    id: str
    title: str
    plain: str
    traces: tuple[str, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    x_at: tuple[float, ...]
    y_at: tuple[float, ...]
    unit_x: str
    unit_y: str
    log: bool = False
    shift: float = 0.0

    def across(self, x: float) -> float:
        """In units of the picture."""
        low, high = self.x
        value = x - self.shift
        if self.log:
            return WIDTH * math.log(value / low) / math.log(high / low)
        return WIDTH * (value - low) / (high - low)

    def down(self, y: float) -> float:
        """In pixels, within the picture."""
        low, high = self.y
        return HEIGHT * (high - min(max(y, low), high)) / (high - low)

    def line(self, points: Iterable[Point]) -> str:
        """A path through points."""
        return _path((self.across(x), self.down(y)) for x, y in points)

    @property
    def x_ticks(self) -> tuple[Tick, ...]:
        """Marks along the bottom."""
        return tuple(Tick(self.across(v + self.shift) / WIDTH * 100, f"{v:g}") for v in self.x_at)

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        """Marks along the side."""
        return tuple(Tick(self.down(v), f"{v:g}") for v in self.y_at)


PANELS: Final = (
    Panel(
        "te", "Threshold electrotonus", "How the nerve bears a long, weak current", ("TEd40", "TEh40"),
        (0.0, 200.0), (-170.0, 90.0), (0, 50, 100, 150, 200), (50, 0, -50, -100, -150), "ms", "%",
        shift=START_MS,
    ),
    Panel(
        "rc", "Recovery cycle", "How it recovers after one impulse", ("RC",),
        (2.0, 200.0), (-50.0, 125.0), (2, 5, 10, 20, 50, 100, 200), (100, 50, 0, -50), "ms", "%", log=True,
    ),
    Panel(
        "cd", "Strength and duration", "How strong a short stimulus must be", ("CD",),
        (0.2, 1.0), (0.0, 9.0), (0.2, 0.4, 0.6, 0.8, 1.0), (0, 3, 6, 9), "ms", "mA·ms",
    ),
)  # fmt: skip


def normal_axon() -> Axon:
    """The nerve of nobody in particular."""
    from whytwitch.physiology import Axon

    return Axon()


@lru_cache(maxsize=256)
def traces_of(axon: Axon) -> Traces | str:
    """The test's traces, or why it cannot be done."""
    from whytwitch.physiology import excite

    try:
        found = excite(axon, delays=DELAYS).curves
    except PhysiologyError as error:
        return str(error).partition(":")[0]
    return {name: (tuple(found[name][0].tolist()), tuple(found[name][1].tolist())) for name in found}


@cache
def bands() -> dict[str, tuple[str, str]]:
    """Of each panel the band of healthy people and its middle, as paths."""
    from whytwitch.physiology.excitability import normal_curves

    known = normal_curves()
    drawn = {}
    for panel in PANELS:
        band, middle = "", ""
        for name in panel.traces:
            low, high = ([(x, normal.limits[i]) for x, normal in known[name].items()] for i in (0, 1))
            band += panel.line([*high, *reversed(low)]) + "z"
            middle += panel.line((x, normal.center) for x, normal in known[name].items())
        drawn[panel.id] = band, middle
    return drawn


def lines(axon: Axon) -> dict[str, str]:
    """Of each panel the model's line; empty where the test cannot be done."""
    found = traces_of(axon)
    if isinstance(found, str):
        return {panel.id: "" for panel in PANELS}
    return {
        panel.id: "".join(
            panel.line(zip(*found[name], strict=True)) for name in panel.traces if name in found
        )
        for panel in PANELS
    }


def words(axon: Axon) -> str:
    """The picture in words."""
    found = traces_of(axon)
    if isinstance(found, str):
        return say.NO_TEST.format(why=found)
    return " ".join(f"{panel.title}: {_where(panel, found)}." for panel in PANELS)


def _where(panel: Panel, found: Traces) -> str:
    from whytwitch.physiology.excitability import normal_curves

    known = normal_curves()
    out = [
        not known[name][x].limits[0] <= y <= known[name][x].limits[1]
        for name in panel.traces
        if name in found
        for x, y in zip(*found[name], strict=True)
        if x in known[name]
    ]
    share = sum(out) / max(1, len(out))
    return say.INSIDE if share < 0.1 else say.PARTLY if share < 0.5 else say.OUTSIDE


def _path(points: Iterable[Point]) -> str:
    told = " ".join(f"{x:.0f} {y:.1f}" for x, y in points)
    return f"M{told}" if told else ""


__all__ = ["HEIGHT", "PANELS", "Panel", "bands", "lines", "normal_axon", "traces_of", "words"]
