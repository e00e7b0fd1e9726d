"""Which triggers go with more twitching in this one person: a hint, never a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Final

import numpy as np

from whytwitch.app.diary._entry import Entry, Triggers
from whytwitch.app.diary._rates import LEVEL, Day, days
from whytwitch.app.diary._trend import MONTH_DAYS, PRIOR_SD

LEAST_DAYS: Final = 14
LEAST_OTHERS: Final = 4
"""Judgments: days that say both the count and the trigger, and days on either side of its middle."""

SHRINK_SD: Final = 0.35
"""A judgment: of the natural log of the ratio for one step. Before any count, nineteen of twenty
triggers are taken to change the rate by less than a factor of two, so few days cannot claim more."""


@dataclass(frozen=True)
class Trigger:
    """One thing that is looked at.

    Attributes:
        step: how much of it one ratio stands for.
        value: of one entry; None where nothing was said.
        join: several entries of a day into one value.
    """

    step: float
    value: Callable[[Triggers], float | None]
    join: Callable[[list[float]], float] = fmean


def _hard(said: Triggers) -> float | None:
    return None if said.exercise is None else float(said.exercise == "hard")


def _changed(said: Triggers) -> float | None:
    return None if said.drugs_changed is None else float(said.drugs_changed)


TRIGGERS: Final[Mapping[str, Trigger]] = {
    "coffee_cups": Trigger(2.0, lambda said: said.coffee_cups),
    "slept_hours": Trigger(-2.0, lambda said: said.slept_hours),
    "exercise": Trigger(1.0, _hard, max),
    "stress": Trigger(3.0, lambda said: said.stress),
    "alcohol_drinks": Trigger(2.0, lambda said: said.alcohol_drinks),
    "drugs_changed": Trigger(1.0, _changed, max),
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One trigger beside the counts.

    Attributes:
        trigger: a field of :class:`Triggers`.
        days: that say both.
        ratio: by which the rate differs for one step, other things and time as they were, drawn
            toward 1 by the doubt about it.
        low: lower end of an interval that holds for all looks together (95 %, Bonferroni).
        high: upper end.
    """

    trigger: str
    days: int
    ratio: float
    low: float
    high: float

    @property
    def is_hint(self) -> bool:
        """Whether chance alone would seldom do this, all looks taken together."""
        return self.low > 1.0 or self.high < 1.0


@dataclass(frozen=True)
class Looks:
    """All triggers that could be looked at.

    Attributes:
        found: strongest first.
        waiting: for every other trigger, days that say both so far.
    """

    found: tuple[Look, ...]
    waiting: Mapping[str, int]


def looks(entries: Iterable[Entry]) -> Looks:
    """Compare days with more and with less of each trigger, one at a time, beside a trend in time."""
    entries = tuple(entries)
    counted = {day.day: day for day in days(entries)}
    pairs = {name: _pairs(entries, counted, trigger) for name, trigger in TRIGGERS.items()}
    ready = {name: found for name, found in pairs.items() if _enough(found)}
    found = [_look(name, pair, len(ready)) for name, pair in ready.items()]
    found.sort(key=lambda look: -abs(np.log(look.ratio)))
    return Looks(tuple(found), {name: len(p) for name, p in pairs.items() if name not in ready})


Pairs = list[tuple[Day, float]]


def _pairs(entries: tuple[Entry, ...], counted: Mapping[date, Day], trigger: Trigger) -> Pairs:
    said: dict[date, list[float]] = {}
    for entry in entries:
        value = trigger.value(entry.triggers)
        if value is not None:
            said.setdefault(entry.when.date(), []).append(value)
    return [(counted[day], trigger.join(values)) for day, values in sorted(said.items()) if day in counted]


def _enough(pairs: Pairs) -> bool:
    if len(pairs) < LEAST_DAYS or not any(day.twitches for day, _ in pairs):
        return False
    values = np.array([value for _, value in pairs])
    middle = (values.min() + values.max()) / 2.0
    return min((values > middle).sum(), (values < middle).sum()) >= LEAST_OTHERS


def _look(name: str, pairs: Pairs, n_looks: int) -> Look:
    from scipy.special import stdtrit

    from whytwitch.app.diary._regression import fit

    months = np.array([(day.day - pairs[0][0].day).days for day, _ in pairs]) / MONTH_DAYS
    steps = np.array([value for _, value in pairs]) / TRIGGERS[name].step
    fitted = fit(
        np.column_stack([np.ones_like(months), months - months.mean(), steps - steps.mean()]),
        np.array([day.twitches for day, _ in pairs], dtype=np.float64),
        np.array([day.minutes for day, _ in pairs]),
        np.array([np.inf, PRIOR_SD, SHRINK_SD]),
    )
    tail = (1.0 - LEVEL) / (2.0 * n_looks)
    change = float(fitted.coefficients[2])
    error = float(stdtrit(fitted.spare, 1.0 - tail) * fitted.covariance[2, 2] ** 0.5)
    return Look(name, len(pairs), *(float(np.exp(x)) for x in (change, change - error, change + error)))


__all__ = ["LEAST_DAYS", "LEAST_OTHERS", "SHRINK_SD", "TRIGGERS", "Look", "Looks", "looks"]
