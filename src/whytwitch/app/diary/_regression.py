"""Counts against time and triggers: a log-linear model whose scatter is learned from the counts.

Twitches come in bouts, so counts scatter more than a Poisson law allows. The variance is taken as
``mu + alpha mu²`` (negative binomial), with ``alpha`` such that Pearson's statistic equals its degrees
of freedom (a moment estimate: Hinde and Demétrio 1998, Comput Stat Data Anal 27:151-170). A bout may
last for days: positive correlation of consecutive residuals widens the interval, never narrows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEPS: Final = 60
LARGEST_SCATTER: Final = 100.0
"""A judgment: beyond this the counts say nothing, and the interval is as wide as the prior."""

CLOSE: Final = 1e-8
CLOSE_ENOUGH: Final = 1e-4
MOST_CORRELATED: Final = 0.5
"""A judgment: more than this is rather a line that does not fit, such as a step; three times the variance."""


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes:
        coefficients: natural log of the rate per minute and its changes, (p,).
        covariance: of the coefficients, widened for correlated residuals, (p, p).
        scatter: ``alpha``; 0 where the counts scatter no more than by chance.
        correlation: of consecutive residuals, 0 to 0.5.
        spare: observations beyond coefficients.
    """

    coefficients: Array
    covariance: Array
    scatter: float
    correlation: float
    spare: int


def fit(design: Array, counts: Array, minutes: Array, prior_sd: Array) -> Fit:
    """Fit ``log(mean / minutes) = design @ coefficients``.

    Args:
        design: one row an observation in order of time, (n, p), n > p.
        counts: (n,), not all zero.
        minutes: watched, positive, (n,).
        prior_sd: of each coefficient around 0, (p,); infinity where nothing is presumed. It keeps the
            answer finite where one half of the counts is zero.
    """
    n, p = design.shape
    ridge = np.diag(1.0 / np.square(prior_sd))
    scatter, start = 0.0, _start(design, counts, minutes)
    coefficients = _solve(design, counts, minutes, ridge, scatter, start)
    for _ in range(STEPS):
        excess, slope = _excess(coefficients, design, counts, minutes, scatter)
        wanted = min(max(scatter + excess / slope, 0.0), LARGEST_SCATTER)
        if wanted == scatter or abs(excess) < CLOSE_ENOUGH * (n - p):
            break
        scatter = wanted
        coefficients = _solve(design, counts, minutes, ridge, scatter, coefficients)
    mean = _mean(coefficients, design, minutes)
    information = _information(design, mean, scatter)
    correlation = _correlation((counts - mean) / np.sqrt(mean + scatter * mean**2), n - p)
    widened = (1.0 + correlation) / (1.0 - correlation)
    if widened > 1.0:  # the counts say less than they seem to, so the prior says more
        coefficients = _solve(design, counts, minutes, widened * ridge, scatter, coefficients)
        information = _information(design, _mean(coefficients, design, minutes), scatter)
    covariance = widened * np.linalg.inv(information + widened * ridge)
    return Fit(coefficients, covariance.astype(np.float64), scatter, correlation, n - p)


def _start(design: Array, counts: Array, minutes: Array) -> Array:
    start = np.zeros(design.shape[1])
    start[0] = np.log(counts.sum() / minutes.sum())
    return start


def _mean(coefficients: Array, design: Array, minutes: Array) -> Array:
    return minutes * np.exp(np.clip(design @ coefficients, -30.0, 30.0))


def _information(design: Array, mean: Array, scatter: float) -> Array:
    return (design.T * (mean / (1.0 + scatter * mean))) @ design


def _solve(design: Array, counts: Array, minutes: Array, ridge: Array, scatter: float, start: Array) -> Array:
    """Fisher scoring with bounded steps."""
    at = start
    for _ in range(STEPS):
        mean = _mean(at, design, minutes)
        slope = design.T @ ((counts - mean) / (1.0 + scatter * mean)) - ridge @ at
        step = np.linalg.solve(_information(design, mean, scatter) + ridge + 1e-12 * np.eye(len(at)), slope)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        at = at + step
        if float(np.abs(step).max()) < CLOSE:
            break
    return at


def _excess(
    coefficients: Array, design: Array, counts: Array, minutes: Array, scatter: float
) -> tuple[float, float]:
    """Pearson's statistic less its degrees of freedom, and how fast it falls with the scatter.

    It falls and is convex, so Newton's steps from 0 do not overshoot but for what the coefficients do.
    """
    mean = _mean(coefficients, design, minutes)
    n, p = design.shape
    share = (counts - mean) ** 2 / (mean + scatter * mean**2)
    return float(share.sum()) - (n - p), max(float(np.sum(share * mean / (1.0 + scatter * mean))), 1e-300)


def _correlation(residuals: Array, spare: int) -> float:
    """Of consecutive residuals, with what fitting a line takes away, about ``(1 + 4 r) / n``, put back.

    Residuals smaller than chance makes them count for less.
    """
    n, total = len(residuals), float(residuals @ residuals)
    if total <= 0.0:
        return 0.0
    raw = float(residuals[1:] @ residuals[:-1]) / total
    whole = (raw * n + 1.0) / (n - 4.0) if n > 8 else raw
    return float(np.clip(whole * min(1.0, total / spare), 0.0, MOST_CORRELATED))


__all__ = ["Fit", "fit"]
