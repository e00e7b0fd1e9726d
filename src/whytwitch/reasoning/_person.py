"""Age, sex and time course as evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case
from whytwitch.knowledge import Catalogue, Cause
from whytwitch.reasoning._network import Network, per_catalogue

Array = NDArray[np.float64]

CENTRAL: Final = 2.0 * 1.645
"""Width of a central 90 % range in standard deviations."""

STRAY: Final = 0.25
"""Share of patients outside the usual range of a cause, spread over everybody (expert estimate)."""

ASKING_AGE: Final = (45.0, 22.0)
"""Mean and SD of the age of people who ask (expert estimate; broad on purpose)."""

ASKING_LOG_DAYS: Final = (math.log(60.0), 2.4)
"""Mean and SD of the log of days since the first symptom, in people who ask (expert estimate)."""

CAP: Final = 4.0
"""Largest factor that age, or time course, may carry (expert estimate)."""


def person_factors(case: Case, net: Network) -> list[tuple[str, Array]]:
    """Log factors on the states from age, sex and duration, where these are known."""
    factors: list[tuple[str, Array]] = []
    spans = _spans(net.catalogue)
    if case.age_years is not None:
        usual = [spans[key].age for key in net.causes]
        factors.append(("age", _per_state(_log_ratios(case.age_years, usual, ASKING_AGE), net)))
    if case.sex is not None:
        causes = [net.catalogue.causes[key] for key in net.causes]
        factors.append(("sex", _per_state([_sex(case.sex, cause) for cause in causes], net)))
    if case.duration_days is not None:
        log_days, usual = math.log(max(case.duration_days, 0.02)), [spans[key].log_days for key in net.causes]
        factors.append(("duration", _per_state(_log_ratios(log_days, usual, ASKING_LOG_DAYS), net)))
    return factors


def _per_state(logs: list[float], net: Network) -> Array:
    """A state of two causes gets the mean of both: the person is one and has one age."""
    members = net.member.sum(axis=1)
    return (net.member @ np.array(logs)) / np.maximum(members, 1.0)


class _Spans(NamedTuple):
    """Mean and SD of age, and of the log of days, in people with a cause; None where any is usual."""

    age: tuple[float, float] | None
    log_days: tuple[float, float] | None


@per_catalogue
def _spans(catalogue: Catalogue) -> dict[str, _Spans]:
    return {key: _Spans(_age(cause), _log_days(cause)) for key, cause in catalogue.causes.items()}


def _age(cause: Cause) -> tuple[float, float] | None:
    span = cause.demography.age_years
    return span and ((span[0] + span[1]) / 2, max((span[1] - span[0]) / CENTRAL, 0.3))


def _log_days(cause: Cause) -> tuple[float, float] | None:
    span = cause.course.duration_days
    if span is None:
        return None
    low, high = math.log(max(span[0], 0.02)), math.log(max(span[1], 0.04))
    return (low + high) / 2, max((high - low) / CENTRAL, 0.5)


def _log_ratios(
    x: float, usual: Iterable[tuple[float, float] | None], asking: tuple[float, float]
) -> list[float]:
    base = _normal(x, *asking) + 1e-4
    return [_log_ratio(_normal(x, *own) / base) if own else 0.0 for own in usual]


def _log_ratio(ratio: float) -> float:
    return math.log(min(max((1.0 - STRAY) * ratio + STRAY, 1.0 / CAP), CAP))


def _normal(x: float, mean: float, sd: float) -> float:
    return math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2.0 * math.pi))


def _sex(sex: str, cause: Cause) -> float:
    share = cause.demography.male_share
    if share is None:
        return 0.0
    own = share if sex == "male" else 1.0 - share
    return math.log(max(own, 0.02) / 0.5)
