"""How often a person twitched, day by day, with what chance alone could have done to the counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from whytwitch.app.diary._entry import Entry
from whytwitch.case import Place

LEVEL: Final = 0.95


@dataclass(frozen=True)
class Day:
    """All counts of one calendar day, in the person's own time.

    Attributes:
        day: the date.
        twitches: counted on it.
        minutes: watched on it.
    """

    day: date
    twitches: int
    minutes: float

    @property
    def per_minute(self) -> float:
        """Twitches a minute."""
        return self.twitches / self.minutes


def at(entries: Iterable[Entry], place: Place | None) -> tuple[Entry, ...]:
    """The entries about one place; all of them for None."""
    return tuple(entry for entry in entries if place is None or place in entry.places)


def days(entries: Iterable[Entry]) -> tuple[Day, ...]:
    """Days with a count by eye, in order."""
    return _by_day((e, e.counted.twitches, e.counted.minutes) for e in entries if e.counted is not None)


def recorded(entries: Iterable[Entry]) -> tuple[Day, ...]:
    """Days with a rate from a recording whose clean time is known, in order."""
    return _by_day(
        (e, round(e.measured.per_minute * e.measured.clean_minutes), e.measured.clean_minutes)
        for e in entries
        if e.measured is not None and e.measured.clean_minutes is not None
    )


def _by_day(found: Iterable[tuple[Entry, int, float]]) -> tuple[Day, ...]:
    """Counts of one day are one observation: they share their cause."""
    held: dict[date, list[tuple[int, float]]] = {}
    for entry, twitches, minutes in found:
        held.setdefault(entry.when.date(), []).append((twitches, minutes))
    return tuple(
        Day(day, sum(n for n, _ in counts), sum(minutes for _, minutes in counts))
        for day, counts in sorted(held.items())
    )


def exact_interval(twitches: int, minutes: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the rate a minute from a Poisson count (Garwood 1936, doi:10.1093/biomet/28.3-4.437)."""
    from scipy.special import gammaincinv

    tail = (1.0 - level) / 2.0
    low = float(gammaincinv(twitches, tail)) if twitches else 0.0
    return low / minutes, float(gammaincinv(twitches + 1, 1.0 - tail)) / minutes


__all__ = ["LEVEL", "Day", "at", "days", "exact_interval", "recorded"]
