"""What drives an ion across a membrane: its equilibrium potential and the constant-field current."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range

FARADAY_C_MOL = 96485.33212
GAS_J_MOL_K = 8.314462618
ZERO_CELSIUS_K = 273.15

HIGHEST_MMOL_L = 1000.0
LIMIT_MV = 1000.0


def thermal_mv(temperature_c: float) -> float:
    """RT/F in millivolts."""
    return 1000.0 * GAS_J_MOL_K * (temperature_c + ZERO_CELSIUS_K) / FARADAY_C_MOL


def nernst_mv(z: int, outside_mmol_l: float, inside_mmol_l: float, temperature_c: float) -> float:
    """Potential at which an ion of charge ``z`` is at equilibrium, inside relative to outside, in mV.

    Raises:
        PhysiologyError: no charge, a concentration that is not above 0, or an impossible temperature.
    """
    _check_ion(z, temperature_c)
    check_range("outside_mmol_l", outside_mmol_l, 1e-9, HIGHEST_MMOL_L, "mmol/L")
    check_range("inside_mmol_l", inside_mmol_l, 1e-9, HIGHEST_MMOL_L, "mmol/L")
    return thermal_mv(temperature_c) / z * math.log(outside_mmol_l / inside_mmol_l)


def ghk_current_pa(
    voltage_mv: ArrayLike,
    *,
    permeability_pl_s: float,
    z: int,
    outside_mmol_l: float,
    inside_mmol_l: float,
    temperature_c: float,
) -> NDArray[np.float64]:
    """Constant-field current (Goldman, Hodgkin and Katz) in pA, outward positive.

    Args:
        voltage_mv: potential inside relative to outside, any shape, within ±1000.
        permeability_pl_s: permeability times area; 1 pL/s is 1e-9 cm³/s, the unit of axon models.
        z: charge of the ion.
        outside_mmol_l: concentration outside.
        inside_mmol_l: concentration inside.
        temperature_c: temperature.

    Returns:
        Current in the shape of ``voltage_mv``; exact through 0 mV.

    Raises:
        PhysiologyError: a value is out of range.
    """
    u, scale = _prepared(voltage_mv, permeability_pl_s, z, outside_mmol_l, inside_mmol_l, temperature_c)
    return scale * (inside_mmol_l * _bernoulli(-u) - outside_mmol_l * _bernoulli(u))


def ghk_slope_ns(
    voltage_mv: ArrayLike,
    *,
    permeability_pl_s: float,
    z: int,
    outside_mmol_l: float,
    inside_mmol_l: float,
    temperature_c: float,
) -> NDArray[np.float64]:
    """Slope dI/dV in nS of :func:`ghk_current_pa`, same arguments."""
    u, scale = _prepared(voltage_mv, permeability_pl_s, z, outside_mmol_l, inside_mmol_l, temperature_c)
    slope = -inside_mmol_l * _bernoulli_slope(-u) - outside_mmol_l * _bernoulli_slope(u)
    return scale * z / thermal_mv(temperature_c) * slope


def _prepared(
    voltage_mv: ArrayLike,
    permeability_pl_s: float,
    z: int,
    outside_mmol_l: float,
    inside_mmol_l: float,
    temperature_c: float,
) -> tuple[NDArray[np.float64], float]:
    """Reduced voltage z F V / RT, and the current in pA of 1 mmol/L at a reduced driving force of 1."""
    _check_ion(z, temperature_c)
    check_range("permeability_pl_s", permeability_pl_s, 0.0, 1e9, "pL/s")
    check_range("outside_mmol_l", outside_mmol_l, 0.0, HIGHEST_MMOL_L, "mmol/L")
    check_range("inside_mmol_l", inside_mmol_l, 0.0, HIGHEST_MMOL_L, "mmol/L")
    voltage = np.asarray(voltage_mv, dtype=np.float64)
    if not np.all(np.abs(voltage) <= LIMIT_MV):
        raise PhysiologyError(f"voltage_mv has values that are not within ±{LIMIT_MV:g} mV")
    # pL/s x mmol/L = 1e-15 mol/s, and pA = 1e-12 C/s.
    return z * voltage / thermal_mv(temperature_c), permeability_pl_s * z * FARADAY_C_MOL * 1e-3


def _check_ion(z: int, temperature_c: float) -> None:
    if z not in (-2, -1, 1, 2):
        raise PhysiologyError(f"z is {z!r}: the charge of an ion is -2, -1, 1 or 2")
    check_range("temperature_c", temperature_c, 0.0, 45.0, "°C")


def _bernoulli(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The function u / (exp(u) - 1)."""
    safe = np.where(u == 0.0, 1.0, u)
    return np.where(u == 0.0, 1.0, safe / np.expm1(safe))


def _bernoulli_slope(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivative of :func:`_bernoulli`. Near 0 the closed form cancels, so a series stands in."""
    size = np.abs(u)
    small = size < 0.02
    safe = np.where(small, 1.0, size)
    # b'(u) = (1 - b(-u)) / (exp(u) - 1) for u > 0, and b'(-u) = -1 - b'(u).
    positive = np.where(
        small, -0.5 + size / 6.0 - size**3 / 180.0, (1.0 - _bernoulli(-safe)) / np.expm1(safe)
    )
    return np.where(u >= 0.0, positive, -1.0 - positive)
