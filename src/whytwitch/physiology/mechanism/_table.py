"""What was learnt from simulated people: where tests lie under every mechanism at every dose, and how wide.

A test is a point of scores (``INDICES``). Healthy people lie around their measured center with their measured
covariance. A mechanism moves the center, and changes how people spread around it; both were learnt by
simulating the same people with and without it (``benchmarks/rates/build_mechanism.py``). On top comes what
the model may be wrong by.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.mechanism._families import LEAST_DOSE, MECHANISMS, NORMAL
from whytwitch.physiology.mechanism._space import FAR, INDICES

Floats = NDArray[np.float64]

GRID: Final = np.linspace(LEAST_DOSE, 1.0, 33)
"""Doses over which the posterior is summed."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Every hypothesis: a mechanism at a dose. The first is normal; then by mechanism and dose.

    Attributes:
        names: of the mechanisms, normal first.
        mechanism: which one, by hypothesis, (n_hypotheses,).
        dose: 0 to 1, (n_hypotheses,).
        log_weight: log prior of the dose, given the mechanism and that a test could be done, (n_hypotheses,).
        mean, covariance: of tests, (n_hypotheses, n_indices) and (n_hypotheses, n_indices, n_indices).
        student: degrees of freedom of the tails.
        residual: covariance of healthy people that the model's people do not have, (n_indices, n_indices).
        scale: how far the model's people differ, in ``PRIORS``.
        discrepancy: SD of the model's error, (n_hypotheses, n_indices).
        people: simulated and measured people it was learnt from.
    """

    names: tuple[str, ...]
    mechanism: NDArray[np.intp]
    dose: Floats
    log_weight: Floats
    mean: Floats
    covariance: Floats
    student: float
    residual: Floats
    scale: float
    discrepancy: Floats
    people: tuple[int, int]


@cache
def table() -> Table:
    """The shipped table, unfolded once a process."""
    text = files("whytwitch.physiology.mechanism").joinpath("data/mechanisms.json").read_text("utf-8")
    return unfolded(json.loads(text))


def unfolded(stored: dict[str, Any]) -> Table:
    """From the stored coefficients to every hypothesis."""
    center, spread = np.array(stored["center"]), _square(stored["spread"])
    person = np.array(stored["person"])
    residual = spread - person.T @ person
    means, covariances, errors, weights = (
        [center[None]],
        [spread[None]],
        [np.zeros((1, len(INDICES)))],
        [[0.0]],
    )
    for name in MECHANISMS:
        known = stored["mechanisms"][name]
        powers = GRID[:, None] ** np.arange(1, len(known["mean"]) + 1)
        # Where tests could not be done, the curve through the others may run on; no farther than was seen.
        mean = center + np.clip(powers @ np.array(known["mean"]), *np.array(known["range"]))
        slopes = person + np.tensordot(powers[:, :2], np.array(known["person"]), 1)
        error = _error(mean, center, stored["discrepancy"])
        covariance = residual + np.swapaxes(slopes, 1, 2) @ slopes
        covariance += powers[:, 1, None, None] * _square(known["residual"])
        covariance += error[:, :, None] * error[:, None, :] * np.eye(len(INDICES))
        means.append(mean)
        covariances.append(covariance)
        errors.append(error)
        weights.append(_log_weight(known["testable"]).tolist())
    count = np.array([1, *[GRID.size] * len(MECHANISMS)])
    return Table(
        names=(NORMAL, *MECHANISMS),
        mechanism=np.repeat(np.arange(count.size), count),
        dose=np.concatenate([[0.0], np.tile(GRID, len(MECHANISMS))]),
        log_weight=np.concatenate(weights),
        mean=np.concatenate(means),
        covariance=np.concatenate(covariances),
        student=float(stored["student"]),
        residual=residual,
        scale=float(stored["scale"]),
        discrepancy=np.concatenate(errors),
        people=(stored["about"]["simulated_people"], stored["about"]["measured_people"]),
    )


def _square(upper: list[float]) -> Floats:
    """A symmetric matrix from its upper triangle."""
    whole = np.zeros((len(INDICES), len(INDICES)))
    whole[np.triu_indices(len(INDICES))] = upper
    return whole + np.triu(whole, 1).T


def _error(mean: Floats, center: Floats, share: float) -> Floats:
    """A share of each effect, in the space where far scores are drawn in."""
    effect = FAR * (np.sinh(mean / FAR) - np.sinh(center / FAR))
    return share * np.abs(effect) / np.cosh(mean / FAR)


def _log_weight(testable: list[float]) -> Floats:
    """Any dose is as likely as another; of those with a test, a dose at which axons fire by themselves
    less.
    """
    edges = (np.arange(len(testable)) + 0.5) / len(testable)
    weight = np.interp(GRID, edges, testable)
    weight[[0, -1]] *= 0.5
    return np.log(weight / weight.sum())
