"""Which axon would give this test: the model fitted to a measured set, with priors and intervals.

A fit of many amounts to curves that were drawn from few mechanisms always finds something, so every amount
has a prior around normal, and what the data did not narrow is said so. Gradients are differences between two
tests: a threshold is found by bisection, which no automatic derivative passes through, and a test costs a
tenth of a second, so a difference is simplest, and at steps far above the bisection's tolerance it is exact
enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon import Axon
from whytwitch.physiology.excitability._curves import STANDARD_DELAYS, Curves
from whytwitch.physiology.excitability._measured import Measured
from whytwitch.physiology.excitability._norms import normal_curves, normal_indices
from whytwitch.physiology.excitability._protocol import Excitability, excite
from whytwitch.physiology.ions import Bath

Floats = NDArray[np.float64]

PRIORS: Final[Mapping[str, tuple[str, float]]] = MappingProxyType(
    {
        "transient_sodium": ("log", 0.2),
        "persistent_sodium": ("log", 0.4),
        "fast_potassium": ("log", 0.4),
        "slow_potassium": ("log", 0.3),
        "nodal_leak": ("log", 0.4),
        "internodal_fast_potassium": ("log", 0.4),
        "internodal_leak": ("log", 0.4),
        "ih": ("log", 0.4),
        "barrett_barrett": ("log", 0.2),
        "myelin_capacitance": ("log", 0.25),
        "gate_shift_mv": ("linear", 2.0),
        "polarization": ("linear", 0.10),
    }
)
"""What is fitted, and how far from normal it is taken to lie before anything is measured (one SD, of the log
for amounts). Judgments: such that tests drawn from these priors spread about as much as healthy people do
and twice as much. The internode's capacitance is left at normal: thresholds are compared as ratios, so all
amounts together could be larger and nothing would show."""

MEASUREMENT: Final = 0.4
"""Error of one point of a test in standard deviations of healthy people: a judgment. Repeats in one person
differ less than people do."""
POINTS_PER_TRACE: Final = 6.0
"""How many independent points a trace counts for: its neighbors err together."""
STUDENT: Final = 4.0
"""Residuals beyond so many errors count less and less, so a wrong point does not pull the fit."""
_STEP: Final = 0.15
_ROUNDS: Final = 30
_ENOUGH: Final = 0.02
_UNSETTLED: Final = 0.1
_IMPOSSIBLE: Final = 30.0
_TRIALS: Final = (0.1, 0.5, 2.0, 10.0, 50.0, 300.0)
_INFORMED: Final = 0.7


@dataclass(frozen=True, slots=True)
class Amount:
    """One fitted quantity.

    Attributes:
        value, low, high: estimate and its 95 % interval, in the unit of the axon's field.
        narrowed: 1 - (posterior SD / prior SD): 0 where the test says nothing about it.
    """

    value: float
    low: float
    high: float
    narrowed: float

    @property
    def is_informed(self) -> bool:
        """Whether the test narrowed it enough to be spoken of."""
        return self.narrowed > 1 - _INFORMED

    @property
    def differs(self) -> bool:
        """Whether its interval leaves out normal (1 for an amount, 0 for a shift)."""
        normal = 1.0 if self.low > 0 or self.value > 0.5 else 0.0
        return not self.low <= normal <= self.high


@dataclass(frozen=True, slots=True)
class Fit:
    """The axon that explains a test best.

    Attributes:
        axon: with the fitted amounts. excitability: the test on it.
        amounts: by the axon's field.
        mean_z: mean distance between the test and the fit, in SD of healthy people; before: that of the
            normal axon.
        points: how many values of the test were used.
        tests: how many simulated tests it took.
    """

    axon: Axon
    excitability: Excitability
    amounts: Mapping[str, Amount]
    mean_z: float
    before: float
    points: int
    tests: int


def fit(
    measured: Measured,
    *,
    bath: Bath | None = None,
    priors: Mapping[str, tuple[str, float]] = PRIORS,
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """Fit the model axon to a measured test.

    Args:
        measured: its curves are used; its indices only where there are no curves.
        bath: known concentrations and temperature (these are not fitted); the normal one if None.
        priors: ``{field: ("log" | "linear", SD)}``.
        progress: called with the round and how many there are at most.

    Returns:
        Amounts with 95 % intervals, from the curvature at the best point (Laplace), which trusts the model.

    Raises:
        PhysiologyError: nothing in the test can be compared, a prior is wrong, or the fit does not settle.
    """
    problem = _Problem(measured, Axon(bath=bath or Bath()), priors)
    x, residual, jacobian = _descend(problem, progress)
    axon = problem.axon(x)
    curvature = jacobian.T @ jacobian
    covariance = np.linalg.inv(curvature)
    spread = np.sqrt(np.diag(covariance))
    amounts = {
        name: Amount(
            problem.value(k, x[k]),
            problem.value(k, x[k] - 1.96 * spread[k]),
            problem.value(k, x[k] + 1.96 * spread[k]),
            float(1 - min(spread[k], 1.0)),
        )
        for k, name in enumerate(problem.names)
    }
    start = problem.residuals(np.zeros(x.size))
    if start is None:
        raise PhysiologyError("the axon cannot be tested in this bath, so nothing can be fitted to it")
    return Fit(
        axon,
        excite(axon),
        MappingProxyType(amounts),
        problem.mean_z(residual),
        problem.mean_z(start),
        problem.points,
        problem.tests,
    )


class _Problem:
    """Residuals in units of error: the test's, then the priors'. Unknowns are in prior SDs."""

    def __init__(self, measured: Measured, base: Axon, priors: Mapping[str, tuple[str, float]]) -> None:
        for name, (kind, sd) in priors.items():
            base.changed({name: getattr(base, name, 1.0)})
            if kind not in {"log", "linear"}:
                raise PhysiologyError(f"prior of {name} is {kind!r}: it is 'log' or 'linear'")
            check_range(f"SD of the prior of {name}", sd, 1e-3, 10.0)
        if not priors:
            raise PhysiologyError("priors is empty: name at least one field of the axon to fit")
        self.base, self.names, self.priors = base, tuple(priors), priors
        self.tests = 0
        known = normal_curves()
        self.wanted: dict[str, list[float]] = {}
        self.targets: dict[str, tuple[Floats, Floats, Floats]] = {}
        for name in STANDARD_DELAYS:
            if name == "CD" or name not in measured.curves:
                continue
            rows = [
                (x, y, known[name][x].spread)
                for x, y in zip(*measured.curves[name], strict=True)
                if x in known[name] and known[name][x].spread > 0
            ]
            if rows:
                x, y, spread = (np.array(column) for column in zip(*rows, strict=True))
                # What is exact by construction (the onset of the current) may not outweigh what is not.
                self.targets[name] = (x, y, np.maximum(spread, 1.5))
                self.wanted[name] = list(x)
        usable = {"Strength-duration time constant"} if self.targets else _INDICES
        self.derived = {name: float(value) for name, value in measured.indices.items() if name in usable}
        if not self.targets and not self.derived:
            raise PhysiologyError(
                "nothing in this test can be compared with the model: it needs a trace at the standard "
                f"delays ({', '.join(STANDARD_DELAYS)}) or indices such as {', '.join(sorted(_INDICES)[:4])}"
            )
        if self.derived:
            self.wanted["CD"] = list(STANDARD_DELAYS["CD"])
        if not self.targets:
            self.wanted = {name: list(x) for name, x in STANDARD_DELAYS.items()}
        self.points = sum(x.size for x, _, _ in self.targets.values()) + len(self.derived)

    def value(self, k: int, unknown: float) -> float:
        kind, sd = self.priors[self.names[k]]
        normal = float(getattr(self.base, self.names[k]))
        return normal * math.exp(sd * unknown) if kind == "log" else normal + sd * unknown

    def axon(self, x: Floats) -> Axon:
        return replace(self.base, **{name: self.value(k, x[k]) for k, name in enumerate(self.names)})

    def residuals(self, x: Floats) -> Floats | None:
        """None where the axon fires by itself, cannot be fired, or leaves the model's range."""
        self.tests += 1
        try:
            found = excite(self.axon(x), delays=self.wanted)
        except PhysiologyError:
            return None
        parts = []
        for name, (at, y, spread) in self.targets.items():
            weight = min(1.0, math.sqrt(POINTS_PER_TRACE / at.size)) / MEASUREMENT
            parts.append(weight * (_at(found.curves, name, at) - y) / spread)
        normal = normal_indices()
        for name, value in self.derived.items():
            has = found.indices.get(name)
            gap = _IMPOSSIBLE if has is None else (has - value) / normal[name].spread / MEASUREMENT
            parts.append(np.array([gap]))
        return np.concatenate([np.clip(np.concatenate(parts), -_IMPOSSIBLE, _IMPOSSIBLE), x])

    def mean_z(self, residual: Floats) -> float:
        """Mean absolute z of the compared values."""
        total, at = 0.0, 0
        for x, _, _ in self.targets.values():
            weight = min(1.0, math.sqrt(POINTS_PER_TRACE / x.size)) / MEASUREMENT
            total += float(np.abs(residual[at : at + x.size]).sum()) / weight
            at += x.size
        total += float(np.abs(residual[at : at + len(self.derived)]).sum()) * MEASUREMENT
        return total / self.points


_INDICES: Final = frozenset(
    {
        "Strength-duration time constant",
        "TEd(10-20ms)",
        "TEd(40-60ms)",
        "TEd(90-100ms)",
        "TEd(undershoot)",
        "TEh(10-20ms)",
        "TEh(20-40ms)",
        "TEh(90-100ms)",
        "TEh(overshoot)",
        "Resting I/V slope",
        "Minimum I/V slope",
        "Hyperpolarising I/V slope",
        "Relative refractory period",
        "Superexcitability",
        "Subexcitability",
    }
)
"""Indices that one axon has, and that are not each other in other words."""


_LIMITS: Final = {"TEd": 100.0, "TEh": -400.0, "IV": 100.0, "RC": 300.0}
"""A current that fires the axon has lowered its threshold by 100 %; one that silences it, or a spike just
before, has raised it beyond what is tried."""


def _at(curves: Curves, name: str, x: Floats) -> Floats:
    """Values at x; where the axon could not be tested, what the trace tends to on the way there."""
    limit = _LIMITS[name[:3]]
    if name not in curves:
        return np.full(x.size, limit)
    known_x, known_y = curves[name]
    where = np.minimum(np.searchsorted(known_x, x), known_x.size - 1)
    return np.where(np.isclose(known_x[where], x), known_y[where], limit)


def _loss(residual: Floats) -> float:
    return float(np.sum(STUDENT**2 * (np.sqrt(1 + (residual / STUDENT) ** 2) - 1)))


def _descend(problem: _Problem, progress: Callable[[int, int], None] | None) -> tuple[Floats, Floats, Floats]:
    """Levenberg–Marquardt with several dampings tried at once, since the way is narrow near firing."""
    x = np.zeros(len(problem.names))
    residual = problem.residuals(x)
    if residual is None:
        raise PhysiologyError(
            "the axon fires by itself or cannot be fired in this bath: there is nothing to start a fit from"
        )
    loss, gain = _loss(residual), math.inf
    for turn in range(_ROUNDS):
        if progress is not None:
            progress(turn, _ROUNDS)
        jacobian, nearby = _jacobian(problem, x, residual)
        weight = (1 + (residual / STUDENT) ** 2) ** -0.25
        scaled, aim = jacobian * weight[:, None], residual * weight
        best = min(nearby, key=lambda pair: _loss(pair[1]))
        for damping in _TRIALS:
            step = -np.linalg.solve(scaled.T @ scaled + damping * np.eye(x.size), scaled.T @ aim)
            step *= min(1.0, 1.5 / float(np.abs(step).max(initial=1e-12)))
            tried = np.clip(x + step, -4, 4)
            found = problem.residuals(tried)
            if found is not None and _loss(found) < _loss(best[1]):
                best = tried, found
        gain = loss - _loss(best[1])
        if gain > 0:
            x, residual = best
            loss -= gain
        if gain < _ENOUGH:
            break
    else:
        if gain > _UNSETTLED * loss:
            raise PhysiologyError(
                f"the fit did not settle in {_ROUNDS} rounds: look at the test for wrong points, or fit "
                "fewer fields"
            )
    if progress is not None:
        progress(_ROUNDS, _ROUNDS)
    return x, residual, _gentle(problem, x, residual)


def _gentle(problem: _Problem, x: Floats, residual: Floats) -> Floats:
    """Slopes for the intervals: of the two sides, the smaller of each residual, since beside an axon that is
    about to fire one side is a cliff, and a cliff would feign certainty.
    """
    ahead = _jacobian(problem, x, residual)[0]
    behind = np.empty_like(ahead)
    for k in range(x.size):
        moved = x.copy()
        moved[k] -= _STEP
        found = problem.residuals(moved)
        behind[:, k] = ahead[:, k] if found is None else (residual - found) / _STEP
    return np.where(np.abs(ahead) < np.abs(behind), ahead, behind)


def _jacobian(problem: _Problem, x: Floats, residual: Floats) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Slopes (n_residuals, n_unknowns), and the points that were looked at with their residuals."""
    columns, nearby = [], []
    for k in range(x.size):
        for step in (_STEP, -_STEP):
            moved = x.copy()
            moved[k] += step
            found = problem.residuals(moved)
            if found is not None:
                columns.append((found - residual) / step)
                nearby.append((moved, found))
                break
        else:
            raise PhysiologyError(
                f"the fit has reached an axon that fires by itself whichever way {problem.names[k]} goes: "
                "look at the test for wrong points, or fit fewer fields"
            )
    return np.stack(columns, axis=1), nearby
