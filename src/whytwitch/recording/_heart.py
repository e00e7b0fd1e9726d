"""Find the heart among the units: what beats, and what keeps time with it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

BEAT_S: Final = (0.33, 1.6)
"""Intervals between heart beats: 180 to 38 a minute."""

LEAST_BEATS: Final = 12
STEADY: Final = 0.6
"""Share of intervals near their median (or twice it, where a beat was missed) that make a heart. Of
exponential intervals 0.25 are so."""

NEAR: Final = 0.18
LOCKED_S: Final = 0.05
"""A wave of the heart follows the beat by a delay that varies less than this."""

LOCKED: Final = 0.75


def find_heart(
    time_s: NDArray[np.float64], unit: NDArray[np.intp], n_units: int
) -> tuple[NDArray[np.bool_], float | None]:
    """Units that are the heart's.

    Args:
        time_s: of all discharges, in order.
        unit: of each.
        n_units: how many units there are.

    Returns:
        Whether each unit is the heart, (n_units,), and the rate in beats a minute.
    """
    heart = np.zeros(n_units, bool)
    best, rate, leader = 0, None, -1
    for number in range(n_units):
        times = time_s[unit == number]
        period = _period(times)
        if period is not None and len(times) > best:
            best, rate, leader = len(times), 60.0 / period, number
    if rate is None:
        return heart, None
    beats = time_s[unit == leader]
    for number in range(n_units):
        heart[number] = number == leader or _is_locked(time_s[unit == number], beats, 60.0 / rate)
    for number in np.flatnonzero(~heart):
        heart[number] = _in_gaps(time_s[unit == number], beats, 60.0 / rate)
    return heart, rate


def _period(times: NDArray[np.float64]) -> float | None:
    """The beat that times keep; None where they keep none."""
    intervals = np.diff(times)
    intervals = intervals[intervals > 0.2]
    if len(intervals) + 1 < LEAST_BEATS:
        return None
    middle = float(np.median(intervals[intervals < 1.3 * np.median(intervals)]))
    if not BEAT_S[0] <= middle <= BEAT_S[1]:
        return None
    beats = np.round(intervals / middle)
    near = (np.abs(intervals / middle - beats) <= NEAR) & (beats >= 1) & (beats <= 2)
    # Most of the intervals are single beats, and the beat goes on through most of the recording.
    if near.mean() < STEADY or (beats == 1).mean() < 0.5:
        return None
    return middle


def _is_locked(times: NDArray[np.float64], beats: NDArray[np.float64], period: float) -> bool:
    """Whether times follow the beats at a steady delay."""
    if len(times) < 4 or len(beats) < LEAST_BEATS:
        return False
    # A wave may follow its beat, or precede the next: whichever is steadier.
    after = np.searchsorted(beats, times + LOCKED_S)
    since = times - beats[np.clip(after - 1, 0, len(beats) - 1)]
    before = np.searchsorted(beats, times - LOCKED_S)
    until = beats[np.clip(before, 0, len(beats) - 1)] - times
    for delay in (since, until):
        near = np.abs(delay - np.median(delay)) <= LOCKED_S
        # By chance a tenth would keep time, so of few all must and of many most.
        if (
            abs(float(np.median(delay))) < period
            and near.mean() >= LOCKED
            and (len(times) >= 8 or near.all())
        ):
            return True
    return False


def _in_gaps(times: NDArray[np.float64], beats: NDArray[np.float64], period: float) -> bool:
    """Whether times fall where beats are missing, as extra beats do that look unlike the others."""
    if len(times) < 2 or len(beats) < LEAST_BEATS:
        return False
    place = np.clip(np.searchsorted(beats, times) - 1, 0, len(beats) - 2)
    gap = beats[place + 1] - beats[place]
    inside = (times > beats[place]) & (times < beats[place + 1]) & (gap > 1.4 * period) & (gap < 3.6 * period)
    gaps = np.diff(beats)
    missing = float(gaps[(gaps > 1.4 * period) & (gaps < 3.6 * period)].sum() / max(gaps.sum(), 1e-9))
    # So often by chance with a probability below one in a thousand.
    return bool(
        inside.mean() >= 0.7 and binom.sf(inside.sum() - 1, len(times), min(max(missing, 0.01), 1.0)) < 1e-3
    )


__all__ = ["find_heart"]
