"""Which mechanisms could explain a test: exact sums over doses, with missing indices left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability import UNITS, Curves, Measured, indices
from whytwitch.physiology.mechanism._families import MECHANISMS, NORMAL, mechanism
from whytwitch.physiology.mechanism._space import INDICES, place
from whytwitch.physiology.mechanism._table import Table, table

Floats = NDArray[np.float64]
Verdict = Literal["none_fits", "cannot_tell", "any_of", "one"]

CREDIBLE: Final = 0.9
"""The set of what could be holds the smallest number of mechanisms with so much probability together."""
PRIOR_NORMAL: Final = 0.5
"""Before the test, as likely normal as not; the other half is shared equally. A judgment: nobody has counted
whom such tests are done in. Give ``prior`` where more is known."""
POOR_FIT: Final = 0.01
"""Below this tail probability, no mechanism explains the test (one true test in a hundred or fewer)."""
NEARLY_ALL: Final = 0.5
"""A set with more than this share of the mechanisms tells nothing."""


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a mechanism, if it is that.

    Attributes:
        median, low, high: share of its full range, with the central 90 %.
        values: the changed quantities at the median, by their names in ``Axon`` and ``Bath``.
    """

    median: float
    low: float
    high: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MechanismPosterior:
    """What could explain a test.

    Attributes:
        probabilities: by mechanism (``normal`` among them), the most probable first; they add up to 1.
        credible: the fewest mechanisms with 90 % together.
        verdict: ``one``: a single mechanism is left; ``any_of``: several, not told apart; ``cannot_tell``:
            nearly all are left; ``none_fits``: the test is unlike what any of them gives.
        doses: by mechanism, without ``normal``.
        fit: chance of a test at least as far from what is expected as this one; small where nothing fits.
        bits: how much the test told, from prior to posterior.
        used, missing: indices by name.
    """

    probabilities: Mapping[str, float]
    credible: tuple[str, ...]
    verdict: Verdict
    doses: Mapping[str, Dose]
    fit: float
    bits: float
    used: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def may_be_normal(self) -> bool:
        """Whether normal is among what could be."""
        return NORMAL in self.credible


def infer_mechanism(
    given: Measured | Curves | Mapping[str, float], *, prior: Mapping[str, float] | None = None
) -> MechanismPosterior:
    """Infer what could have changed in an axon from its nerve excitability test.

    Args:
        given: a measured test, its curves, or its indices by their names in ``UNITS``. Of the indices those
            in ``INDICES`` are used; any may be missing, and with none the prior is returned.
        prior: weight of each mechanism before the test, by id; those not named have none. By default half is
            on ``normal`` and the rest is shared equally.

    Returns:
        Probabilities, a credible set and doses. It trusts the model of the axon but for an error of 40 % in
        each effect; see docs/mechanism-from-measurement.md for how well it holds.

    Raises:
        PhysiologyError: an index is unknown or no number, or a prior is wrong.
    """
    at = place(_checked(given))
    known = table()
    start = _prior(known, prior)
    used = np.flatnonzero(np.isfinite(at))
    with np.errstate(divide="ignore"):
        before = np.log(start)[known.mechanism] + known.log_weight
    likely, tail = _likelihood(known, at, used)
    joint = _normalized(before + likely)
    chance = np.bincount(known.mechanism, joint, len(known.names)).astype(np.float64)
    order = np.argsort(-chance, kind="stable")
    fit = float(joint @ tail)
    credible = tuple(known.names[k] for k in _credible(chance, order))
    return MechanismPosterior(
        probabilities=MappingProxyType({known.names[k]: float(chance[k]) for k in order}),
        credible=credible,
        verdict=_verdict(credible, fit, int((start > 0).sum())),
        doses=MappingProxyType(dict(_doses(known, likely))),
        fit=fit,
        bits=_bits(chance, start),
        used=tuple(INDICES[k] for k in used),
        missing=tuple(name for k, name in enumerate(INDICES) if k not in used),
    )


def infer_dose(given: Measured | Curves | Mapping[str, float], name: str) -> tuple[Floats, Floats]:
    """How much of a mechanism there is, if it is that one.

    Args:
        given: as for ``infer_mechanism``.
        name: id in ``MECHANISMS``.

    Returns:
        Doses, shares of the full range (n,), and their probabilities (n,), which add up to 1.

    Raises:
        PhysiologyError: as ``infer_mechanism``, or there is no such mechanism.
    """
    at = place(_checked(given))
    known = table()
    mine = known.mechanism == known.names.index(mechanism(name).id)
    likely, _ = _likelihood(known, at, np.flatnonzero(np.isfinite(at)))
    return known.dose[mine], _normalized((known.log_weight + likely)[mine])


def _normalized(log: Floats) -> Floats:
    chance = np.exp(log - np.max(log))
    return chance / chance.sum()


def _checked(given: Measured | Curves | Mapping[str, float]) -> Mapping[str, float]:
    if isinstance(given, Measured):
        return given.indices
    if isinstance(given, Curves):
        return indices(given)
    for name, value in given.items():
        if name not in UNITS:
            near = get_close_matches(str(name), UNITS, n=3)
            raise PhysiologyError(f"there is no index {name!r}; choose from: {', '.join(near or UNITS)}")
        if not (isinstance(value, (int, float)) and math.isfinite(value)):
            raise PhysiologyError(f"{name} is {value!r}: give a number in {UNITS[name] or 'no unit'}")
    return given


def _prior(known: Table, prior: Mapping[str, float] | None) -> Floats:
    """Probabilities in the order of the table."""
    if prior is None:
        rest = (1 - PRIOR_NORMAL) / len(MECHANISMS)
        return np.array([PRIOR_NORMAL, *[rest] * len(MECHANISMS)])
    if unknown := sorted(set(prior) - set(known.names)):
        raise PhysiologyError(f"prior: no mechanism {', '.join(unknown)}; there are {', '.join(known.names)}")
    weights = np.array([float(prior.get(name, 0.0)) for name in known.names])
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise PhysiologyError("prior: weights are numbers from 0 up, at least one of them above 0")
    return weights / weights.sum()


def _likelihood(known: Table, at: Floats, used: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Log density of the test under each hypothesis (multivariate t), and the tail beyond it."""
    from scipy.special import fdtrc

    n, df = used.size, known.student
    if not n:
        return np.zeros(known.dose.size), np.ones(known.dose.size)
    root = np.linalg.cholesky(known.covariance[:, used[:, None], used] * ((df - 2) / df))
    away = np.linalg.solve(root, (at[used] - known.mean[:, used])[:, :, None])[:, :, 0]
    distance = np.sum(away**2, axis=1)
    width = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return -width - (df + n) / 2 * np.log1p(distance / df), fdtrc(n, df, distance / n)


def _credible(chance: Floats, order: NDArray[np.intp]) -> NDArray[np.intp]:
    enough = int(np.searchsorted(np.cumsum(chance[order]), CREDIBLE - 1e-12)) + 1
    return order[:enough]


def _verdict(credible: tuple[str, ...], fit: float, possible: int) -> Verdict:
    if fit < POOR_FIT:
        return "none_fits"
    if len(credible) == 1:
        return "one"
    return "cannot_tell" if len(credible) > NEARLY_ALL * possible else "any_of"


def _doses(known: Table, likely: Floats) -> list[tuple[str, Dose]]:
    """By mechanism."""
    found = []
    for k, name in enumerate(known.names[1:], start=1):
        mine = known.mechanism == k
        share = _normalized((known.log_weight + likely)[mine])
        reached = np.cumsum(share) - 0.5 * share
        low, median, high = (float(np.interp(q, reached, known.dose[mine])) for q in (0.05, 0.5, 0.95))
        found.append((name, Dose(median, low, high, MappingProxyType(MECHANISMS[name].values(median)))))
    return found


def _bits(chance: Floats, start: Floats) -> float:
    told = chance > 0
    return max(0.0, float(np.sum(chance[told] * np.log2(chance[told] / start[told]))))
