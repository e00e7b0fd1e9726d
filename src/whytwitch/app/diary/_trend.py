"""Whether a person twitches more often than before, as far as their counts can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np

from whytwitch.app.diary._entry import Entry
from whytwitch.app.diary._rates import LEVEL, Day, days, recorded

Answer = Literal["more", "less", "no clear change", "too early"]
Source = Literal["counts", "recordings"]
Early = Literal["days", "span", "none", ""]

LEAST_DAYS: Final = 8
LEAST_SPAN: Final = 14
"""Judgments: with fewer days, or all of them within two weeks, one bout looks like a trend."""

MONTH_DAYS: Final = 365.25 / 12
PRIOR_SD: Final = 1.5
"""A judgment: of the natural log of the change a month. Two thirds of all people would change by less
than a factor of 4.5 a month; the interval stays finite where one half of the diary has no twitch."""

STEADY: Final = 1.25
"""A judgment: an interval within a factor of this a month, either way, is a steady rate."""

BAND_POINTS: Final = 25


@dataclass(frozen=True)
class Point:
    """The trend line and its interval at one time.

    Attributes:
        at_days: after the first day of the diary.
        middle: twitches a minute.
        low: lower end of the 95 % interval of the line.
        high: upper end.
    """

    at_days: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Trend:
    """What the counts say about change.

    Attributes:
        answer: in four words.
        source: which counts were used; those by eye and those of recordings do not mix.
        days: with a count, in order.
        early: why it is too early: too few days, too short a span, no twitch at all; else empty.
        per_month: factor by which the rate changed a month; None where it is too early.
        low: lower end of its 95 % interval.
        high: upper end.
        steady: there is no clear change, and a large one would have been seen.
        scatter: of the counts beyond chance; see :class:`whytwitch.app.diary._regression.Fit`.
        correlation: of consecutive days.
        guesses: entries with a guess for the day and no count, which are left out.
        band: the line and its interval.
    """

    answer: Answer
    source: Source
    days: tuple[Day, ...]
    early: Early
    guesses: int
    per_month: float | None = None
    low: float | None = None
    high: float | None = None
    steady: bool = False
    scatter: float = 0.0
    correlation: float = 0.0
    band: tuple[Point, ...] = ()

    @property
    def first(self) -> date | None:
        """The first day with a count."""
        return self.days[0].day if self.days else None


def trend(entries: Iterable[Entry]) -> Trend:
    """Fit a log-linear trend to the days that have a count.

    Counts by eye are used; those of recordings only where they alone suffice. Guesses of how many
    twitches a day had are left out: their steps are tenfold, wider than most changes.

    Args:
        entries: of one place, or of all; in any order.
    """
    entries = tuple(entries)
    guesses = sum(entry.daily is not None and entry.counted is None for entry in entries)
    counted, measured = days(entries), recorded(entries)
    use_measured = _too_early(counted) not in ("", "none") and _too_early(measured) == ""
    source: Source = "recordings" if use_measured else "counts"
    used = measured if use_measured else counted
    early = _too_early(used)
    if early:
        return Trend("too early", source, used, early, guesses)
    return _fitted(used, source, guesses)


def _too_early(found: Sequence[Day]) -> Early:
    if len(found) < LEAST_DAYS:
        return "days"
    if (found[-1].day - found[0].day).days < LEAST_SPAN:
        return "span"
    return "" if any(day.twitches for day in found) else "none"


def _fitted(found: tuple[Day, ...], source: Source, guesses: int) -> Trend:
    from scipy.special import stdtrit

    from whytwitch.app.diary._regression import fit

    at_days = np.array([(day.day - found[0].day).days for day in found], dtype=np.float64)
    middle = at_days.mean()

    def design(when: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones_like(when), (when - middle) / MONTH_DAYS])

    counts = np.array([day.twitches for day in found], dtype=np.float64)
    minutes = np.array([day.minutes for day in found], dtype=np.float64)
    fitted = fit(design(at_days), counts, minutes, np.array([np.inf, PRIOR_SD]))
    reach = float(stdtrit(fitted.spare, 0.5 + LEVEL / 2.0))
    change, error = fitted.coefficients[1], reach * fitted.covariance[1, 1] ** 0.5
    low, high = float(np.exp(change - error)), float(np.exp(change + error))
    answer: Answer = "more" if low > 1.0 else "less" if high < 1.0 else "no clear change"
    grid = np.linspace(0.0, at_days[-1], BAND_POINTS)
    rows = design(grid)
    line = rows @ fitted.coefficients
    spread = reach * np.sqrt(np.einsum("ij,jk,ik->i", rows, fitted.covariance, rows))
    return Trend(
        answer=answer,
        source=source,
        days=found,
        early="",
        guesses=guesses,
        per_month=float(np.exp(change)),
        low=low,
        high=high,
        steady=answer == "no clear change" and low >= 1.0 / STEADY and high <= STEADY,
        scatter=fitted.scatter,
        correlation=fitted.correlation,
        band=tuple(
            Point(float(t), float(np.exp(m)), float(np.exp(m - s)), float(np.exp(m + s)))
            for t, m, s in zip(grid, line, spread, strict=True)
        ),
    )


__all__ = ["LEAST_DAYS", "LEAST_SPAN", "MONTH_DAYS", "Answer", "Point", "Trend", "trend"]
