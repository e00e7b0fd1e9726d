"""How fast an action potential runs along a fiber."""

from __future__ import annotations

import numpy as np

from whytwitch.physiology.fiber import _kernel as k
from whytwitch.physiology.fiber._parameters import WARM, Fiber, membrane
from whytwitch.physiology.fiber._rest import at_rest, rests_mv, state_at
from whytwitch.physiology.ions import Bath

AXIAL_OHM_CM = 125.0
"""Resistivity of the inside, judgment: between frog at 20 °C and saline at 37 °C."""
_PATCH_CM = 0.01
_PATCHES = 180
_FROM, _TO = 60, 140
_STEP_MS = 0.01
_LIMIT_MS = 40.0
_LEVEL_MV = -20.0


def conduction_velocity_m_s(fiber: Fiber | None = None, bath: Bath = WARM) -> float | None:
    """Velocity of one action potential in a cable of this membrane, in m/s; None where none arrives.

    A cable of 18 mm, excited at one end, timed over its middle 8 mm. About 0.5 s of computing.

    Args:
        fiber: None for a healthy one of 60 um.
        bath: fluid around it.

    Raises:
        PhysiologyError: a bath the model does not take, or no resting potential.
    """
    fiber = fiber or Fiber()
    made = membrane(fiber, bath)
    rest = float(rests_mv(made)[0])
    made = at_rest(made, rest)
    y = np.tile(state_at(made, rest), (_PATCHES, 1))
    axial = 1000.0 * fiber.diameter_um * 1e-4 / (4.0 * AXIAL_OHM_CM * _PATCH_CM**2)
    passed = np.full(_PATCHES, -1.0)
    steps, until = round(_LIMIT_MS / _STEP_MS), round(0.5 / _STEP_MS)
    k.propagate(
        y, steps, _STEP_MS, 3, 4000.0, until, axial,
        made.surface, made.tubule, made.parameters, _LEVEL_MV, _TO, passed,
    )  # fmt: skip
    took = passed[_TO] - passed[_FROM]
    if passed[_FROM] < 0.0 or passed[_TO] < 0.0 or took <= 0.0:
        return None
    return float((_TO - _FROM) * _PATCH_CM * 10.0 / took)
