"""A motor unit's contraction: its twitch, the sum of many, and fatigue."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range

LINEAR_UP_TO = 0.4
"""Contraction time over interval below which twitches add linearly (Fuglevand 1993)."""
SLOWING_PER_LOSS = 0.379
"""Lengthening of the contraction time per unit of force lost (Shields 1997, as used by Potvin 2017)."""
_LONGEST_S = 3600.0
_TAIL = 12.0  # contraction times after which a twitch of the slowest shape allowed is below 0.2 % of its peak

_RANGES: dict[str, tuple[float, float, str]] = {
    "twitch_force_mn": (0.01, 5000.0, "mN"),
    "contraction_time_ms": (15.0, 150.0, "ms"),
    "half_relaxation_ratio": (0.6, 2.2, ""),
    "fatigue_rate_per_s": (0.0, 0.0225, "1/s"),
}


@dataclass(frozen=True, slots=True)
class MotorUnitForce:
    """How one motor unit contracts. The defaults are a middling human thenar unit.

    Args:
        twitch_force_mn: peak of one twitch. 3 to 34 mN in thenar units (Thomas 1990).
        contraction_time_ms: onset to peak. 35 to 80 ms there; 47 to 80, mean 61, in tibialis anterior
            (Andreassen and Arendt-Nielsen 1987, doi 10.1113/jphysiol.1987.sp016756).
        half_relaxation_ratio: time from the peak to half of it, over the contraction time. 60 ms over 61 ms
            on average in that study. 1.68 is the critically damped twitch of Fuglevand 1993.
        fatigue_rate_per_s: share of its force that the unit loses per second of its greatest contraction. 0
            to 0.0225, the most fatigable unit of Potvin and Fuglevand 2017 (doi
            10.1371/journal.pcbi.1005581). Nothing recovers during a run.

    Raises:
        PhysiologyError: a value outside what the model takes.
    """

    twitch_force_mn: float = 12.0
    contraction_time_ms: float = 55.0
    half_relaxation_ratio: float = 1.0
    fatigue_rate_per_s: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            check_range(field.name, getattr(self, field.name), *_RANGES[field.name])

    @property
    def tetanic_force_mn(self) -> float:
        """Mean force at rates without limit: what the twitches then add up to."""
        exponent = _exponent(self.half_relaxation_ratio)
        return self.twitch_force_mn * _area(exponent) * LINEAR_UP_TO / _fused(LINEAR_UP_TO)


def twitch(unit: MotorUnitForce, times_ms: ArrayLike) -> NDArray[np.float64]:
    """Force in mN at times after one discharge.

    The twitch of Fuglevand, Winter and Patla 1993, t/T exp(1 - t/T), to a power that
    gives the unit's half-relaxation time, since the plain one relaxes too slowly for human units.

    Args:
        unit: the motor unit.
        times_ms: any shape; 0 before 0.

    Returns:
        In the shape of ``times_ms``.

    Raises:
        PhysiologyError: a time is not a finite number.
    """
    times = np.asarray(times_ms, dtype=np.float64)
    if not np.isfinite(times).all():
        raise PhysiologyError(
            "times_ms holds values that are not finite; give milliseconds after the discharge"
        )
    return unit.twitch_force_mn * _shape(times / unit.contraction_time_ms, unit.half_relaxation_ratio)


def force(
    unit: MotorUnitForce,
    discharge_times_s: ArrayLike,
    sampling_rate_hz: float = 1000.0,
    *,
    duration_s: float | None = None,
) -> NDArray[np.float64]:
    """Isometric force of a train of discharges.

    Every discharge adds one twitch, scaled by Fuglevand's gain for the interval before it: none below 0.4
    contraction times per interval, then such that the mean force rises with the rate along a sigmoid. With
    fatigue, twitches shrink and lengthen (Potvin and Fuglevand 2017). Doublets come out too weak: 1.6 times
    the twitch where thenar units gave 3.5 (Thomas 1999).

    Args:
        unit: the motor unit.
        discharge_times_s: (n,) rising, from 0.
        sampling_rate_hz: of the result, 50 to 100000.
        duration_s: length of the result; None for until the last twitch is over.

    Returns:
        (samples,) in mN.

    Raises:
        PhysiologyError: times that are not finite, rising and within an hour; a rate or length out of range.
    """
    check_range("sampling_rate_hz", sampling_rate_hz, 50.0, 100_000.0, "Hz")
    times = np.asarray(discharge_times_s, dtype=np.float64)
    wrong = times.ndim != 1 or not np.isfinite(times).all() or bool((np.diff(times) <= 0.0).any())
    if wrong or (len(times) and not 0.0 <= times[0] <= times[-1] <= _LONGEST_S):
        raise PhysiologyError(
            "discharge_times_s must rise strictly from 0 to at most 3600 s, one after another"
        )
    slowest_s = _TAIL * unit.contraction_time_ms * (1.0 + SLOWING_PER_LOSS) / 1000.0
    if duration_s is None:
        duration_s = (float(times[-1]) if len(times) else 0.0) + slowest_s
    check_range("duration_s", duration_s, 0.0, _LONGEST_S + slowest_s, "s")
    total = np.zeros(round(duration_s * sampling_rate_hz))
    for at_s, scale, contraction_ms in _twitches(unit, times):
        first = math.ceil(at_s * sampling_rate_hz)
        last = min(len(total), first + round(_TAIL * contraction_ms / 1000.0 * sampling_rate_hz))
        after_ms = (np.arange(first, last) / sampling_rate_hz - at_s) * 1000.0
        total[first:last] += scale * _shape(after_ms / contraction_ms, unit.half_relaxation_ratio)
    return total


def _twitches(unit: MotorUnitForce, times: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """Time (s), peak (mN) and contraction time (ms) of the twitch of every discharge."""
    capacity, contraction_ms = 1.0, unit.contraction_time_ms
    found: list[tuple[float, float, float]] = []
    for i, at_s in enumerate(times):
        gain = 1.0
        if i:
            interval_s = float(at_s - times[i - 1])
            rate = contraction_ms / 1000.0 / interval_s
            gain = _gain(rate)
            capacity = max(0.0, capacity - unit.fatigue_rate_per_s * _mean_force(rate) * interval_s)
            contraction_ms = unit.contraction_time_ms * (1.0 + SLOWING_PER_LOSS * (1.0 - capacity))
        found.append((float(at_s), gain * capacity * unit.twitch_force_mn, contraction_ms))
    return found


def _fused(rate: float) -> float:
    """Mean force over the tetanic one at a rate in contraction times per interval, where twitches fuse."""
    return -math.expm1(-2.0 * rate**3)


def _mean_force(rate: float) -> float:
    """The same at any rate: linear below where gains begin."""
    return _fused(rate) if rate > LINEAR_UP_TO else rate * _fused(LINEAR_UP_TO) / LINEAR_UP_TO


def _gain(rate: float) -> float:
    """What a twitch is scaled by."""
    if rate <= LINEAR_UP_TO:
        return 1.0
    return (_fused(rate) / rate) / (_fused(LINEAR_UP_TO) / LINEAR_UP_TO)


def _shape(x: NDArray[np.float64], ratio: float) -> NDArray[np.float64]:
    """Twitch of peak 1 at contraction times x."""
    inside = np.maximum(x, 0.0)
    return (inside * np.exp(1.0 - inside)) ** _exponent(ratio)


@lru_cache(maxsize=256)
def _exponent(ratio: float) -> float:
    """Power of the plain twitch at which half of the peak is left after this many contraction times."""
    past = 1.0 + ratio
    return -math.log(2.0) / (math.log(past) + 1.0 - past)


def _area(exponent: float) -> float:
    """Area under a twitch of peak 1, in contraction times."""
    return math.exp(exponent + math.lgamma(exponent + 1.0) - (exponent + 1.0) * math.log(exponent))
