"""The rate with its interval against healthy people, on one scale for page and terminal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

from whytwitch.report._recording_view import View
from whytwitch.report._recording_words import number

TICKS: Final = (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
BEND: Final = 1.0
"""A judgment: rates below this many a minute lie on a straight scale, higher ones on a log scale."""


@final
@dataclass(frozen=True)
class Gauge:
    """The rate on a scale; places in per cent."""

    value: float
    low: float
    high: float
    norm: float | None
    ticks: tuple[tuple[float, str], ...]
    alt: str


def gauge(shown: View) -> Gauge | None:
    """The rate against healthy people; None where it cannot be said."""
    rate, highest = shown.signature.rate_per_min, shown.highest
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    reached = max(rate.high, highest or 0.0, 5.0)
    end = next((tick for tick in TICKS if tick >= reached), 1.05 * reached)

    def place(value: float) -> float:
        return round(100 * math.asinh(value / BEND) / math.asinh(end / BEND), 2)

    fact, say = shown.facts[0], shown.say
    healthy = f" {say.NORM_HEALTHY}: {say.NORM_UP_TO.format(highest=number(highest))}." if highest else ""
    return Gauge(
        value=place(rate.value),
        low=place(rate.low),
        high=place(rate.high),
        norm=None if highest is None else place(highest),
        ticks=tuple((place(tick), f"{tick:g}") for tick in TICKS if tick <= end),
        alt=f"{fact.label}: {fact.value}, {fact.note}.{healthy}",
    )


__all__ = ["Gauge", "gauge"]
