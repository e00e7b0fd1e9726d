"""Where a fiber rests, and what its membrane conducts there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.fiber import _kernel as k
from whytwitch.physiology.fiber._parameters import WARM, Fiber, Membrane, membrane
from whytwitch.physiology.ions import Bath

_LOWEST_MV, _HIGHEST_MV, _STEP_MV = -130.0, 0.0, 0.05


@dataclass(frozen=True, slots=True)
class RestingConductance:
    """Slope conductances at rest in mS per cm2 of surface, tubules included."""

    chloride_ms_cm2: float
    other_ms_cm2: float


def resting_potentials_mv(fiber: Fiber | None = None, bath: Bath = WARM) -> NDArray[np.float64]:
    """All potentials at which the fiber can stay, most negative first; one or two.

    Chloride follows the membrane and so carries no current at rest. Two values: the fiber is bistable. With
    next to no chloride conductance even a rest can be left through potassium building up in the tubules.

    Args:
        fiber: None for a healthy one.
        bath: fluid around it.

    Returns:
        (n,) in mV, at least one.

    Raises:
        PhysiologyError: a bath outside what the model takes, or no rest below 0 mV.
    """
    return rests_mv(membrane(fiber or Fiber(), bath))


def rests_mv(made: Membrane) -> NDArray[np.float64]:
    """Stable zeros of the steady current."""
    v = np.arange(_LOWEST_MV, _HIGHEST_MV, _STEP_MV)
    current = _whole(made, v)[:, 0]
    at = np.flatnonzero((current[:-1] < 0.0) & (current[1:] >= 0.0))
    if not len(at):
        raise PhysiologyError("this fiber has no resting potential below 0 mV; move its parameters toward 1")
    return v[at] - current[at] * _STEP_MV / (current[at + 1] - current[at])


def at_rest(made: Membrane, rest_mv: float) -> Membrane:
    """The membrane with chloride inside at equilibrium, and potassium of the tubules in balance.

    What leaks into the tubules at rest is taken to be returned by transport that is not modeled, so that the
    tubule's potassium at rest is the bath's.
    """
    p = made.parameters.copy()
    p[k.CHLORIDE_IN] = p[k.CHLORIDE_OUT] * math.exp(rest_mv / p[k.THERMAL_MV])
    out = np.empty((1, 3))
    k.steady_currents(np.array([rest_mv]), p[k.POTASSIUM_OUT], made.tubule, p, out)
    p[k.POTASSIUM_RETURN] = -out[0, 2]
    return replace(made, parameters=p)


def state_at(made: Membrane, rest_mv: float) -> NDArray[np.float64]:
    """State of a fiber that has been at rest_mv for ever."""
    steady, rate = np.empty(k.GATES), np.empty(k.GATES)
    k.gate_targets(rest_mv, made.parameters, steady, rate)
    return np.concatenate([[rest_mv, rest_mv, made.parameters[k.POTASSIUM_OUT]], steady, steady])


def resting_conductance(fiber: Fiber | None = None, bath: Bath = WARM) -> RestingConductance:
    """Slope conductance at the most negative rest, split into chloride and the rest.

    Raises:
        PhysiologyError: as ``resting_potentials_mv``.
    """
    made = membrane(fiber or Fiber(), bath)
    rest = float(rests_mv(made)[0])
    around = np.array([rest - 0.5, rest + 0.5])
    currents = _whole(at_rest(made, rest), around)
    return RestingConductance(float(np.diff(currents[:, 1])[0]), float(np.diff(currents[:, 0])[0]))


def _whole(made: Membrane, v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steady currents of surface and tubules together per cm2 of surface, (n, 3)."""
    surface, tubule = np.empty((len(v), 3)), np.empty((len(v), 3))
    potassium = made.parameters[k.POTASSIUM_OUT]
    k.steady_currents(v, potassium, made.surface, made.parameters, surface)
    k.steady_currents(v, potassium, made.tubule, made.parameters, tubule)
    return surface + made.parameters[k.TUBULE_RATIO] * tubule
