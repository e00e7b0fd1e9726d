"""The muscle fiber's equations and their time stepping, compiled.

The equations are those of the electrical part of Shorten, O'Callaghan, Davidson and Soboleva, J Muscle Res
Cell Motil 2007;28:293 (doi 10.1007/s10974-007-9125-6; CellML encoding under CC BY 3.0), which stand on Adrian
and Marshall and on Cannon, Brown and Corey 1993. Written anew from the equations; what was
changed is said in ``_parameters``. Potentials are in mV, currents in uA/cm2, conductances in mS/cm2,
concentrations in mmol/l, times in ms. A patch is the surface or the wall of the tubules.

All of it is in one file, since the compiler's cache notices changes of one file only.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Places in the parameter vector.
(
    THERMAL_MV,
    POTASSIUM_IN,
    POTASSIUM_OUT,
    SODIUM_IN,
    SODIUM_OUT,
    CHLORIDE_IN,
    CHLORIDE_OUT,
    PERSISTENT,
    GATE_SPEED,
    ACTIVATION_SHIFT,
    INACTIVATION_SHIFT,
    RECTIFIER_SHIFT,
    RECTIFIER_SATURATION,
    RECTIFIER_FLOOR,
    CAPACITANCE,
    TUBULE_RATIO,
    ACCESS_CONDUCTANCE,
    POTASSIUM_PER_CURRENT,
    CLEARANCE_RATE,
    POTASSIUM_RETURN,
    PARAMETERS,
) = range(21)

# Places in the vector of densities of one patch.
SODIUM, DELAYED, INWARD, CHLORIDE, PUMP, LEAK, DENSITIES = range(7)

GATES = 5
"""m, h, n, slow inactivation of the delayed rectifier, slow inactivation of sodium."""
STATES = 3 + 2 * GATES
"""Surface mV, tubule mV, tubule potassium, gates of the surface, gates of the tubule."""

FARADAY_C_MOL = 96485.0
NUDGE_MV = 0.1

compiled = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def _flux(v: float, inside: float, outside: float, thermal_mv: float) -> float:
    """Goldman flux of a monovalent cation in mV mmol/l, positive outward."""
    x = v / thermal_mv
    if abs(x) < 1e-7:
        return thermal_mv * (inside - outside)
    fall = math.exp(-x)
    return v * (inside - outside * fall) / (1.0 - fall)


@compiled
def _ramp(x: float, slope: float) -> float:
    """Linear far above 0, exponential far below: x / (1 - exp(-x / slope)), finite at 0."""
    if abs(x) < 1e-7 * slope:
        return slope
    return x / (1.0 - math.exp(-x / slope))


@compiled
def gate_targets(v: float, p: FloatArray, steady: FloatArray, rate: FloatArray) -> None:
    """Steady state and rate (1/ms) of the five gates of a patch at v."""
    speed = p[GATE_SPEED]
    x = v - p[ACTIVATION_SHIFT]
    opening, closing = 0.288 * _ramp(x + 46.0, 10.0), 1.38 * math.exp(-(x + 46.0) / 18.0)
    steady[0], rate[0] = opening / (opening + closing), speed * (opening + closing)
    x = v - p[INACTIVATION_SHIFT]
    opening, closing = 0.0081 * math.exp(-(x + 45.0) / 14.7), 4.38 / (1.0 + math.exp(-(x + 45.0) / 9.0))
    steady[1], rate[1] = opening / (opening + closing), speed * (opening + closing)
    steady[4] = 1.0 / (1.0 + math.exp((x + 68.0) / 7.1))
    rate[4] = speed * (0.2 + 5.65 * ((x + 70.0) / 100.0) ** 2) / 8571.0
    x = v - p[RECTIFIER_SHIFT]
    opening, closing = 0.0131 * _ramp(x + 40.0, 7.0), 0.067 * math.exp(-(x + 40.0) / 40.0)
    steady[2], rate[2] = opening / (opening + closing), speed * (opening + closing)
    floor = p[RECTIFIER_FLOOR]
    steady[3] = floor + (1.0 - floor) / (1.0 + math.exp((x + 40.0) / 7.5))
    rate[3] = speed * math.exp((x + 40.0) / 25.75) / 1000.0


@compiled
def _inward_rectifier(v: float, potassium_out: float, density: float, p: FloatArray) -> float:
    """Conductance of the inward rectifier: opened by potassium outside, blocked by depolarization."""
    site = potassium_out**0.6 * p[POTASSIUM_IN] ** 0.4
    filled = site * site / p[RECTIFIER_SATURATION]
    blocked = 1.0 / (1.0 + (1.0 + filled) * 0.01 * math.exp(-1.2 * v / p[THERMAL_MV]))
    return density * filled / (1.0 + filled) * (1.0 - blocked)


@compiled
def _pump(v: float, potassium_out: float, density: float, p: FloatArray) -> float:
    """Net current of the sodium-potassium pump, three sodium out for two potassium in."""
    x = v / p[THERMAL_MV]
    sigma = (math.exp(p[SODIUM_OUT] / 67.3) - 1.0) / 7.0
    shape = 1.0 / (1.0 + 0.12 * math.exp(-0.1 * x) + 0.04 * sigma * math.exp(-x))
    free_sites = (1.0 + 1.0 / potassium_out) ** 2 * (1.0 + 13.0 / p[SODIUM_IN]) ** 3
    return FARADAY_C_MOL * density * shape / free_sites


@compiled
def patch_currents(
    v: float, potassium_out: float, gates: FloatArray, g: FloatArray, p: FloatArray
) -> tuple[float, float, float]:
    """Current but for chloride, chloride current, and the net current carried by potassium."""
    vt = p[THERMAL_MV]
    m, h, n, slow_k, slow_na = gates[0], gates[1], gates[2], gates[3], gates[4]
    available = ((1.0 - p[PERSISTENT]) * h + p[PERSISTENT]) * slow_na
    sodium = g[SODIUM] * m * m * m * available * _flux(v, p[SODIUM_IN], p[SODIUM_OUT], vt) / 75.0
    open_k = g[DELAYED] * n * n * n * n * slow_k + _inward_rectifier(v, potassium_out, g[INWARD], p)
    potassium = open_k * _flux(v, p[POTASSIUM_IN], potassium_out, vt) / 50.0
    pump = _pump(v, potassium_out, g[PUMP], p)
    open_cl = g[CHLORIDE] / (1.0 + math.exp((v - 70.0) / 150.0)) ** 4
    chloride = -open_cl * _flux(-v, p[CHLORIDE_IN], p[CHLORIDE_OUT], vt) / 45.0
    return sodium + potassium + pump + g[LEAK] * v, chloride, potassium - 2.0 * pump


@compiled
def _move(
    y: FloatArray,
    dt: float,
    g_s: FloatArray,
    g_t: FloatArray,
    p: FloatArray,
    work: FloatArray,
    out: FloatArray,
) -> None:
    """Move the gates and the tubule's potassium of y by dt; give current and slope of each patch.

    Gates move exponentially, so that no step is too long for them. Out: surface current and slope, tubule
    current and slope.
    """
    steady, rate = work[:GATES], work[GATES:]
    for side in range(2):
        gate_targets(y[side], p, steady, rate)
        for k in range(GATES):
            at = 3 + side * GATES + k
            y[at] = steady[k] + (y[at] - steady[k]) * math.exp(-dt * rate[k])
    s, t = y[3 : 3 + GATES], y[3 + GATES :]
    i, c, _ = patch_currents(y[0], p[POTASSIUM_OUT], s, g_s, p)
    j, d, _ = patch_currents(y[0] + NUDGE_MV, p[POTASSIUM_OUT], s, g_s, p)
    out[0], out[1] = i + c, (j + d - i - c) / NUDGE_MV
    i, c, carried = patch_currents(y[1], y[2], t, g_t, p)
    j, d, _ = patch_currents(y[1] + NUDGE_MV, y[2], t, g_t, p)
    out[2], out[3] = i + c, (j + d - i - c) / NUDGE_MV
    gain = p[POTASSIUM_PER_CURRENT] * (carried + p[POTASSIUM_RETURN])
    y[2] += dt * (gain - (y[2] - p[POTASSIUM_OUT]) * p[CLEARANCE_RATE])


@compiled
def march(
    y: FloatArray, drive: FloatArray, dt: float, stride: int,
    g_s: FloatArray, g_t: FloatArray, p: FloatArray, kept: FloatArray,
) -> None:  # fmt: skip
    """Run an isopotential fiber through drive (uA/cm2 of surface), keeping every stride-th state.

    Both potentials are solved for together and implicitly in their slopes, so that the fast sodium current
    needs no tiny steps.
    """
    work, out = np.empty(2 * GATES), np.empty(4)
    across = p[ACCESS_CONDUCTANCE]
    inward = across / p[TUBULE_RATIO]
    for i in range(len(drive)):
        if i % stride == 0:
            kept[i // stride, 0], kept[i // stride, 1], kept[i // stride, 2] = y[0], y[1], y[2]
        v_s, v_t = y[0], y[1]
        _move(y, dt, g_s, g_t, p, work, out)
        a_s = p[CAPACITANCE] / dt + out[1] + across
        a_t = p[CAPACITANCE] / dt + out[3] + inward
        r_s = drive[i] - out[0] - across * (v_s - v_t)
        r_t = inward * (v_s - v_t) - out[2]
        det = a_s * a_t - across * inward
        y[0] += (r_s * a_t + across * r_t) / det
        y[1] += (a_s * r_t + inward * r_s) / det


@compiled
def propagate(
    y: FloatArray, steps: int, dt: float, driven: int, drive: float, until: int, axial: float,
    g_s: FloatArray, g_t: FloatArray, p: FloatArray, level_mv: float, last: int, passed: FloatArray,
) -> None:  # fmt: skip
    """Run a cable of patches (n, STATES); note when each surface first rises through level_mv.

    So many patches at the left end as ``driven`` says get ``drive`` (uA/cm2) for the first ``until`` steps.
    ``axial`` is the conductance between neighbors (mS/cm2 of one patch's surface). It stops once the patch
    ``last`` was passed. ``passed`` (n,) holds times in ms, untouched where none rose.
    """
    n = len(y)
    work, out = np.empty(2 * GATES), np.empty(4)
    diagonal, right, tubule_a, tubule_r = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    across = p[ACCESS_CONDUCTANCE]
    inward = across / p[TUBULE_RATIO]
    before = np.empty(n)
    for i in range(steps):
        before[:] = y[:, 0]
        for k in range(n):
            v_s, v_t = y[k, 0], y[k, 1]
            _move(y[k], dt, g_s, g_t, p, work, out)
            a_t = p[CAPACITANCE] / dt + out[3] + inward
            r_t = inward * (v_s - v_t) - out[2]
            left = before[max(k - 1, 0)]
            right_v = before[min(k + 1, n - 1)]
            links = (k > 0) + (k < n - 1)
            diagonal[k] = p[CAPACITANCE] / dt + out[1] + across + links * axial - across * inward / a_t
            right[k] = (
                axial * (left + right_v - 2.0 * v_s) - out[0] - across * (v_s - v_t) + across * r_t / a_t
            )
            if k < driven and i < until:
                right[k] += drive
            tubule_a[k], tubule_r[k] = a_t, r_t
        for k in range(1, n):
            w = -axial / diagonal[k - 1]
            diagonal[k] += w * axial
            right[k] -= w * right[k - 1]
        rise = 0.0
        for k in range(n - 1, -1, -1):
            rise = (right[k] + axial * rise * (k < n - 1)) / diagonal[k]
            y[k, 0] += rise
            y[k, 1] += (tubule_r[k] + inward * rise) / tubule_a[k]
            if passed[k] < 0.0 and before[k] < level_mv <= y[k, 0]:
                passed[k] = (i + (level_mv - before[k]) / (y[k, 0] - before[k])) * dt
        if passed[last] >= 0.0:
            break


@compiled
def steady_currents(
    v: FloatArray, potassium_out: float, g: FloatArray, p: FloatArray, out: FloatArray
) -> None:
    """Of one patch held at each v for ever: current but for chloride, chloride, net potassium, (n, 3)."""
    steady, rate = np.empty(GATES), np.empty(GATES)
    for i in range(len(v)):
        gate_targets(v[i], p, steady, rate)
        out[i, 0], out[i, 1], out[i, 2] = patch_currents(v[i], potassium_out, steady, g, p)
