"""The picture of a trend: what every day showed, how sure each is, and the line through them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from whytwitch.app.diary._rates import Day, exact_interval
from whytwitch.app.diary._trend import Point, Trend

Scale = Callable[[float], float]

SIZES: Final = ((340, 240), (720, 320))
"""Of a narrow and of a wide screen, in pixels; one is shown, so that its text keeps its size."""

LEFT: Final = 40
RIGHT: Final = 12
TOP: Final = 12
BOTTOM: Final = 30
MOST_POINTS: Final = 120
"""Days that stay apart; more are gathered to weeks."""

HEADROOM: Final = 1.12
NICE: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Mark:
    """One day or week: its middle and the two ends of its interval, in pixels."""

    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Tick:
    """A label on an axis, in pixels."""

    at: float
    label: str


@dataclass(frozen=True)
class Plot:
    """One picture, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    marks: tuple[Mark, ...]
    band: str
    line: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def shown_days(days: Sequence[Day]) -> tuple[Day, ...]:
    """The days, or their weeks where there are many."""
    if len(days) <= MOST_POINTS:
        return tuple(days)
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(day.day - timedelta(days=day.day.weekday()), []).append(day)
    return tuple(
        Day(monday, sum(d.twitches for d in found), sum(d.minutes for d in found))
        for monday, found in weeks.items()
    )


def plots(found: Trend) -> tuple[Plot, ...]:
    """The picture in both sizes; none without a day."""
    days = shown_days(found.days)
    return tuple(_plot(found, days, *size) for size in SIZES) if days else ()


def _plot(found: Trend, days: Sequence[Day], width: int, height: int) -> Plot:
    first, last = min(found.days[0].day, days[0].day), found.days[-1].day
    span = max((last - first).days, 1)
    highest = max(*(day.per_minute for day in days), *(p.middle for p in found.band), 0.5)
    top_rate = highest * HEADROOM
    right, bottom = width - RIGHT, height - BOTTOM

    def x(at_days: float) -> float:
        return round(LEFT + 6 + (right - LEFT - 12) * at_days / span, 1)

    def y(rate: float) -> float:
        return round(bottom - (bottom - TOP) * min(max(rate, 0.0), top_rate) / top_rate, 1)

    ahead = (found.days[0].day - first).days
    return Plot(
        width=width,
        height=height,
        left=LEFT,
        right=right,
        top=TOP,
        bottom=bottom,
        marks=tuple(_mark(day, x((day.day - first).days), y) for day in days),
        band=_band(found.band, lambda t: x(t + ahead), y),
        line=" ".join(f"{x(p.at_days + ahead)},{y(p.middle)}" for p in found.band),
        across=tuple(
            Tick(x((day - first).days), f"{day.day} {day:%b}")
            for day in _dates(first, last, 4 if width < 500 else 7)
        ),
        up=tuple(Tick(y(rate), f"{rate:g}") for rate in _rates(top_rate)),
    )


def _mark(day: Day, x: float, y: Scale) -> Mark:
    low, high = exact_interval(day.twitches, day.minutes)
    return Mark(x, y(day.per_minute), y(high), y(low))


def _band(points: Sequence[Point], x: Scale, y: Scale) -> str:
    upper = [f"{x(p.at_days)},{y(p.high)}" for p in points]
    lower = [f"{x(p.at_days)},{y(p.low)}" for p in reversed(points)]
    return " ".join(upper + lower)


def _dates(first: date, last: date, most: int) -> list[date]:
    """Dates at equal steps, the first and no more than ``most``."""
    span = (last - first).days
    step = max(1, math.ceil((span + 1) / most))
    return [first + timedelta(days=step * i) for i in range(span // step + 1)]


def _rates(top: float) -> list[float]:
    """Round rates from 0, four or so."""
    power = 10.0 ** math.floor(math.log10(top / 4))
    step = next(power * nice for nice in NICE if top / (power * nice) <= 5)
    return [round(step * i, 10) for i in range(int(top / step) + 1)]


__all__ = ["Plot", "plots", "shown_days"]
