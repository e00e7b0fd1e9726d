"""Age, sex and time course as evidence."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case
from whytwitch.knowledge import Cause
from whytwitch.reasoning._network import Network

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
    causes = [net.catalogue.causes[key] for key in net.causes]
    if case.age_years is not None:
        age = case.age_years
        factors.append(("age", _per_state([_age(age, cause) for cause in causes], net)))
    if case.sex is not None:
        factors.append(("sex", _per_state([_sex(case.sex, cause) for cause in causes], net)))
    if case.duration_days is not None:
        days = max(case.duration_days, 0.02)
        factors.append(("duration", _per_state([_duration(days, cause) for cause in causes], net)))
    return factors


def _per_state(logs: list[float], net: Network) -> Array:
    """A state of two causes gets the mean of both: the person is one and has one age."""
    members = net.member.sum(axis=1)
    return (net.member @ np.array(logs)) / np.maximum(members, 1.0)


def _age(age: float, cause: Cause) -> float:
    span = cause.demography.age_years
    if span is None:
        return 0.0
    return _log_ratio(age, ((span[0] + span[1]) / 2, max((span[1] - span[0]) / CENTRAL, 0.3)), ASKING_AGE)


def _duration(days: float, cause: Cause) -> float:
    span = cause.course.duration_days
    if span is None:
        return 0.0
    low, high = math.log(max(span[0], 0.02)), math.log(max(span[1], 0.04))
    return _log_ratio(math.log(days), ((low + high) / 2, max((high - low) / CENTRAL, 0.5)), ASKING_LOG_DAYS)


def _log_ratio(x: float, own: tuple[float, float], asking: tuple[float, float]) -> float:
    base = _normal(x, *asking) + 1e-4
    ratio = (1.0 - STRAY) * _normal(x, *own) / base + STRAY
    return math.log(min(max(ratio, 1.0 / CAP), CAP))


def _normal(x: float, mean: float, sd: float) -> float:
    return math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2.0 * math.pi))


def _sex(sex: str, cause: Cause) -> float:
    share = cause.demography.male_share
    if share is None:
        return 0.0
    own = share if sex == "male" else 1.0 - share
    return math.log(max(own, 0.02) / 0.5)
