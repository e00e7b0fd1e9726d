"""Numbers with exact or distribution-free 95 % intervals.

Counts have Garwood's exact Poisson interval, shares that of Clopper and Pearson, medians the interval
between two order statistics. All three hold at least what they promise at any sample size; none leans
on a normal approximation.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from whytwitch.recording._signature import Estimate

OUTSIDE: Final = 0.025
"""Chance left out on either side of a central 95 % interval."""

UNKNOWN: Final = Estimate(value=None)
"""What cannot be said."""


def poisson_limits(count: int) -> tuple[float, float]:
    """Garwood's exact 95 % interval of an expected count (Garwood 1936, Biometrika 28:437)."""
    low = float(special.gammaincinv(count, OUTSIDE)) if count else 0.0
    return low, float(special.gammaincinv(count + 1, 1.0 - OUTSIDE))


def per_minute(count: int, seconds: float) -> Estimate:
    """Rate a minute of ``count`` events in ``seconds``; unknown without time."""
    if seconds <= 0.0:
        return UNKNOWN
    low, high = poisson_limits(count)
    scale = 60.0 / seconds
    return Estimate(value=count * scale, low=low * scale, high=high * scale, n=count)


def share(count: int, of: int) -> Estimate:
    """A share with the exact interval of Clopper and Pearson (1934, Biometrika 26:404)."""
    if of <= 0:
        return UNKNOWN
    low = float(special.betaincinv(count, of - count + 1, OUTSIDE)) if count else 0.0
    high = float(special.betaincinv(count + 1, of - count, 1.0 - OUTSIDE)) if count < of else 1.0
    return Estimate(value=count / of, low=low, high=high, n=of)


def median(values: ArrayLike) -> Estimate:
    """Median; the interval lies between two order statistics, so it needs six values or more.

    The number of values below the true median is binomial with one half, whatever the distribution;
    the ranks are those that leave at most 2.5 % on either side.
    """
    known = np.sort(finite(values))
    if not len(known):
        return UNKNOWN
    middle, n = float(np.median(known)), len(known)
    below = special.bdtr(np.arange(n // 2), n, 0.5)
    rank = int(np.searchsorted(below, OUTSIDE, side="right"))
    if rank == 0:
        return Estimate(value=middle, n=n)
    return Estimate(value=middle, low=float(known[rank - 1]), high=float(known[n - rank]), n=n)


def mirrored(estimate: Estimate) -> Estimate:
    """One minus an estimate: of a loss, from what is left."""
    if estimate.value is None:
        return estimate
    low = None if estimate.high is None else 1.0 - estimate.high
    high = None if estimate.low is None else 1.0 - estimate.low
    return Estimate(value=1.0 - estimate.value, low=low, high=high, n=estimate.n)


def excess_probability(count: int, of: int, expected_share: float) -> float:
    """P(at least ``count`` of ``of``) where each has ``expected_share``: the exact binomial tail."""
    return 1.0 if count <= 0 else float(special.betainc(count, of - count + 1, expected_share))


def finite(values: ArrayLike) -> NDArray[np.float64]:
    """The values that are numbers."""
    array = np.asarray(values, dtype=np.float64)
    return array[np.isfinite(array)]
