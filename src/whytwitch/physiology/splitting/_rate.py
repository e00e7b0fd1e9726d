"""A rate of rare events with its interval, and the checks that go with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from whytwitch.physiology.splitting._process import Floats


@dataclass(frozen=True, kw_only=True)
class LevelCheck:
    """Crossings of one level counted in the runs at rest, beside those that splitting foretells.

    Attributes:
        level: coordinate.
        counted_hz: effective crossings a second at rest, counted.
        expected_hz: flux times the chances up to this level.
        z: their difference over its standard error, from the replicates.
    """

    level: float
    counted_hz: float
    expected_hz: float
    z: float


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What speaks for the rate or against it.

    Attributes:
        levels: one for each level that was crossed often enough in the runs at rest.
        spread: standard deviation of the replicates over their mean.
        largest_share: of the sum over replicates that the largest one has.
        lineages: mean number, a replicate, of departures from rest that have descendants at the event.
        warnings: what is doubtful, in words; empty if nothing is.
    """

    levels: tuple[LevelCheck, ...]
    spread: float
    largest_share: float
    lineages: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class RareRate:
    """How often a rare event happens.

    Attributes:
        rate_hz: events a second at rest, the time of the events themselves left out. The frequency with it is
            1 / (1 / rate + mean time from an event to rest).
        low_hz, high_hz: confidence interval. ``confidence``: its nominal coverage.
        relative_error: standard error over rate; infinite where no event was counted.
        converged: whether it is as small as was asked for.
        method: ``splitting``, or ``direct`` counting.
        leave: coordinate below which the process is at rest.
        levels: float64 (levels,), the last is the event.
        probabilities: float64 (levels - 1,), chance to come from each level to the next before rest.
        flux_hz: effective crossings of the first level in a second at rest. Flux times the probabilities is
            the rate.
        estimates_hz: float64 (replicates,), each independent and unbiased; the rate is their mean.
        node_steps: all steps made, those of the pilot included. ``pilot_steps``: of these, the pilot's.
        entrances: float64 (n, d), states at the event. ``weights``: float64 (n,), their shares, sum 1.
        checks: consistency.
        seed: of everything.
    """

    rate_hz: float
    low_hz: float
    high_hz: float
    confidence: float
    relative_error: float
    converged: bool
    method: Literal["splitting", "direct"]
    leave: float
    levels: Floats
    probabilities: Floats
    flux_hz: float
    estimates_hz: Floats
    node_steps: int
    pilot_steps: int
    entrances: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    checks: Checks
    seed: int

    @property
    def normalized_variance(self) -> float:
        """Relative variance times steps: the steps that an error of 100 % would take."""
        return self.relative_error**2 * self.node_steps


def mean_interval(estimates: Floats, confidence: float) -> tuple[float, float, float]:
    """Low and high end of the interval for the mean of positive numbers, and its relative error.

    Student's interval on the logarithm of the mean (the error of the logarithm is the relative error of the
    mean): estimates of products are skewed to the right, and a low mean comes with a low standard error, so
    that the plain interval is too low too often.
    """
    from scipy.stats import t

    mean = float(estimates.mean())
    error = float(estimates.std(ddof=1)) / math.sqrt(estimates.size) / mean
    reach = float(t.ppf(0.5 + confidence / 2, estimates.size - 1)) * error
    return mean * math.exp(-reach), mean * math.exp(reach), error


def counted_interval(count: float, confidence: float, dispersion: float = 1.0) -> tuple[float, float]:
    """Low and high end for the mean of a Poisson count.

    Exact (Garwood 1936, doi 10.1093/biomet/28.3-4.437); with a dispersion above 1 that of as many fewer
    independent events.
    """
    from scipy.stats import chi2

    tail, independent = (1 - confidence) / 2, count / dispersion
    low = chi2.ppf(tail, 2 * independent) / 2 if independent else 0.0
    return float(low) * dispersion, float(chi2.ppf(1 - tail, 2 * independent + 2)) / 2 * dispersion


def dispersion_of(counts: Floats) -> float:
    """Variance over mean of counts in equal times, at least 1: clustered events tell less than they count."""
    mean = counts.mean()
    return max(1.0, float(counts.var(ddof=1) / mean)) if mean > 0 else 1.0


def level_checks(
    levels: Floats, counted: Floats, expected: Floats, steps: int, step_s: float, fewest: int
) -> tuple[LevelCheck, ...]:
    """Compare replicate by replicate, since counted and expected share the departures from rest.

    Args:
        levels: (levels,).
        counted: (replicates, levels), crossings in ``steps``.
        expected: (replicates, levels), those that splitting foretells.
        steps: at rest of each replicate.
        step_s: length of one.
        fewest: crossings, counted over all, for a level to be compared.
    """
    found = []
    time_s = steps * step_s
    for k in np.flatnonzero(counted.sum(axis=0) >= fewest):
        apart = counted[:, k] - expected[:, k]
        error = apart.std(ddof=1) / math.sqrt(apart.size)
        found.append(
            LevelCheck(
                level=float(levels[k]),
                counted_hz=float(counted[:, k].mean()) / time_s,
                expected_hz=float(expected[:, k].mean()) / time_s,
                z=float(apart.mean() / error) if error > 0 else 0.0,
            )
        )
    return tuple(found)
