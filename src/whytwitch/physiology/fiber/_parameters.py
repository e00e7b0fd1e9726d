"""The fiber: what diseases move in it, and the numbers its membrane is made of."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.fiber import _kernel as k
from whytwitch.physiology.ions import Bath, surface_shift_mv
from whytwitch.physiology.ions._flux import thermal_mv

# From Shorten 2007 as encoded (doi 10.1007/s10974-007-9125-6), unchanged: capacitance, ratio of tubule wall
# to surface, access resistance, tubule volume per wall area, clearance of the tubule's potassium, ions
# inside, and the pump's densities.
CAPACITANCE_UF_CM2 = 0.58
TUBULE_RATIO = 2.79
ACCESS_OHM_CM2 = 150.0
TUBULE_DEPTH_CM = 1e-6
CLEARANCE_MS = 559.0
POTASSIUM_IN_MMOL_L = 150.9
SODIUM_IN_MMOL_L = 12.7
PUMP_NMOL_CM2_MS = (1.656e-4, 1.656e-5)

# Fitted here, since a fiber that is warm, rests at -85 mV at 4 mmol/l and bears potassium of 9 needs it:
# see docs/junction-fiber-force.md for what each was fitted to. Surface first, tubule second.
SODIUM_MS_CM2 = (300.0, 30.0)
DELAYED_MS_CM2 = (42.0, 42.0)
CHLORIDE_MS_CM2 = (6.55, 0.655)
INWARD_MS_CM2 = (0.05, 0.8)
LEAK_MS_CM2 = 0.01296
INWARD_SATURATION = 150.0
DELAYED_FLOOR = 0.3
ACTIVATION_SHIFT_MV = 5.0
INACTIVATION_SHIFT_MV = 4.0
DELAYED_SHIFT_MV = -12.0
SPEED_AT_37 = 1.6
"""Of all gates, against the published rates."""
GATE_Q10 = 2.5
"""Judgment: near the 3 of Hodgkin and Huxley's squid axon; not measured in human muscle."""

WARM = Bath(temperature_c=37.0)
"""Fluid around a muscle deep in the body."""

_RANGES: dict[str, tuple[float, float, str]] = {
    "chloride_conductance_fraction": (0.0, 3.0, ""),
    "persistent_sodium_fraction": (0.0, 0.03, ""),
    "pump_fraction": (0.0, 3.0, ""),
    "leak_conductance_fraction": (0.5, 3.0, ""),
    "inward_rectifier_fraction": (0.1, 3.0, ""),
    "sodium_conductance_fraction": (0.0, 2.0, ""),
    "diameter_um": (10.0, 150.0, "um"),
}


@dataclass(frozen=True, slots=True)
class Fiber:
    """A muscle fiber: surface and transverse tubules. The defaults are a healthy fiber's.

    Args:
        chloride_conductance_fraction: ClC-1 relative to normal; from 0.28 down there is myotonia.
        persistent_sodium_fraction: share of sodium channels that do not inactivate fast. Below 0.001 in
            normal channels, about 0.02 in hyperkalemic periodic paralysis (Cannon, Brown
            and Corey 1993). The model is valid up to 0.03.
        pump_fraction: sodium-potassium pump relative to normal. Acts by its current and by clearing the
            tubules; that sodium and potassium inside drift apart over hours is not modeled.
        leak_conductance_fraction: nonselective cation leak relative to normal (49 uS per cm2 of surface).
            Fibers with hypokalemic periodic paralysis leak 12 to 19.5 uS/cm2 more (Jurkat-Rott 2009, PNAS
            106:4036), 1.25 to 1.4 here.
        inward_rectifier_fraction: Kir2.1 and its kin relative to normal.
        sodium_conductance_fraction: all Nav1.4 relative to normal.
        diameter_um: for conduction only.

    Raises:
        PhysiologyError: a value outside what the model takes.
    """

    chloride_conductance_fraction: float = 1.0
    persistent_sodium_fraction: float = 0.001
    pump_fraction: float = 1.0
    leak_conductance_fraction: float = 1.0
    inward_rectifier_fraction: float = 1.0
    sodium_conductance_fraction: float = 1.0
    diameter_um: float = 60.0

    def __post_init__(self) -> None:
        for field in fields(self):
            low, high, unit = _RANGES[field.name]
            check_range(field.name, getattr(self, field.name), low, high, unit)


@dataclass(frozen=True, slots=True)
class Membrane:
    """A fiber in a bath, as the compiled code wants it: parameters, densities of surface and of tubule."""

    parameters: NDArray[np.float64]
    surface: NDArray[np.float64]
    tubule: NDArray[np.float64]


def membrane(fiber: Fiber, bath: Bath) -> Membrane:
    """Without the two that depend on the resting potential, chloride inside and the potassium return.

    Raises:
        PhysiologyError: the bath is outside what a muscle fiber's model takes.
    """
    check_range("potassium_mmol_l", bath.potassium_mmol_l, 0.5, 20.0, "mmol/l")
    check_range("sodium_mmol_l", bath.sodium_mmol_l, 50.0, 200.0, "mmol/l")
    check_range("temperature_c", bath.temperature_c, 15.0, 43.0, "°C")
    shift = surface_shift_mv(bath)
    p = np.zeros(k.PARAMETERS)
    p[k.THERMAL_MV] = thermal_mv(bath.temperature_c)
    p[k.POTASSIUM_IN], p[k.POTASSIUM_OUT] = POTASSIUM_IN_MMOL_L, bath.potassium_mmol_l
    p[k.SODIUM_IN], p[k.SODIUM_OUT] = SODIUM_IN_MMOL_L, bath.sodium_mmol_l
    p[k.CHLORIDE_OUT] = bath.chloride_mmol_l
    p[k.PERSISTENT] = fiber.persistent_sodium_fraction
    p[k.GATE_SPEED] = SPEED_AT_37 * GATE_Q10 ** ((bath.temperature_c - 37.0) / 10.0)
    p[k.ACTIVATION_SHIFT] = ACTIVATION_SHIFT_MV + shift
    p[k.INACTIVATION_SHIFT] = INACTIVATION_SHIFT_MV + shift
    p[k.RECTIFIER_SHIFT] = DELAYED_SHIFT_MV + shift
    p[k.RECTIFIER_SATURATION], p[k.RECTIFIER_FLOOR] = INWARD_SATURATION, DELAYED_FLOOR
    p[k.CAPACITANCE], p[k.TUBULE_RATIO] = CAPACITANCE_UF_CM2, TUBULE_RATIO
    p[k.ACCESS_CONDUCTANCE] = 1000.0 / ACCESS_OHM_CM2
    p[k.POTASSIUM_PER_CURRENT] = 1e-3 / (k.FARADAY_C_MOL * TUBULE_DEPTH_CM)
    p[k.CLEARANCE_RATE] = 1.0 / CLEARANCE_MS
    return Membrane(p, _densities(fiber, 0), _densities(fiber, 1))


def _densities(fiber: Fiber, side: int) -> NDArray[np.float64]:
    g = np.empty(k.DENSITIES)
    g[k.SODIUM] = SODIUM_MS_CM2[side] * fiber.sodium_conductance_fraction
    g[k.DELAYED] = DELAYED_MS_CM2[side]
    g[k.INWARD] = INWARD_MS_CM2[side] * fiber.inward_rectifier_fraction
    g[k.CHLORIDE] = CHLORIDE_MS_CM2[side] * fiber.chloride_conductance_fraction
    g[k.PUMP] = PUMP_NMOL_CM2_MS[side] * fiber.pump_fraction
    g[k.LEAK] = LEAK_MS_CM2 * fiber.leak_conductance_fraction
    return g
