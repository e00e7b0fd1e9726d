"""Potentials at a needle inside muscle: an infinite medium that conducts better along the fibers.

Every fiber is followed by itself, since what a needle sees is made by the few nearest ones.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.muscle._electrodes import Layout
from whytwitch.physiology.muscle._muscle import Tissue
from whytwitch.physiology.muscle._source import SUPPORT_MM, core_s_mm, inside
from whytwitch.physiology.muscle._units import Fibers

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

NEAREST_MM: Final = 0.15
"""No fiber's axis comes nearer to a contact: its own radius, and tissue the needle displaced (judgment)."""


def needle_potentials(
    tissue: Tissue, layout: Layout, fibers: Fibers, n_times: int, rate_hz: float
) -> Singles:
    """Potential of every fiber on the needle's one channel, µV, (n_fibers, n_times).

    Time 0 is when an impulse leaves the branch; each fiber starts after its own twig.
    """
    out = np.zeros((len(fibers), n_times), np.float32)
    _follow(
        out, layout.contacts_mm, layout.mix[0], fibers.x_mm, fibers.depth_mm, fibers.zone_mm, fibers.down_mm,
        fibers.up_mm, fibers.diameter_um, fibers.velocity_m_per_s, fibers.twig_ms, 1000.0 / rate_hz,
        tissue.muscle_across_s_per_m * 1e-3, tissue.muscle_along_s_per_m * 1e-3,
    )  # fmt: skip
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def point_slope(rho_mm: float, dz_mm: float, across: float, along: float) -> float:
    """Slope along z of the potential of 1 mA at the origin, in an infinite anisotropic medium, mV/mm.

    The potential is 1 / (4 π across √(along/across ρ² + z²)); conductivities in S/mm.
    """
    r2 = along / across * rho_mm * rho_mm + dz_mm * dz_mm
    return -dz_mm / (4 * np.pi * across * r2 * np.sqrt(r2))


@njit(cache=True, nogil=True, error_model="numpy")
def _follow(
    out: Singles, contacts: Floats, mix: Floats, xs: Floats, depths: Floats, zone: Floats, down: Floats,
    up: Floats, diameter: Floats, velocity: Floats, twig: Floats, step_ms: float, across: float, along: float,
) -> None:  # fmt: skip
    """Every fiber's potential, side by side; waves are first laid out by the way that the front has gone."""
    n_t = out.shape[1]
    view, wave, front = np.empty(8192), np.empty(8192), np.empty(8192)
    for f in range(len(xs)):
        nearest = 1e9
        for e in range(len(contacts)):
            rho = max(np.hypot(contacts[e, 0] - xs[f], contacts[e, 1] - depths[f]), NEAREST_MM)
            if mix[e] > 0:
                nearest = min(nearest, rho)
        du = min(max(nearest / 4.0, 0.05), 0.5)
        core = 1000.0 * core_s_mm(diameter[f])
        for side in range(2):
            length = up[f] - zone[f] if side == 0 else zone[f] - down[f]
            sign = -1.0 if side == 0 else 1.0
            n_u = int(np.ceil(length / du))
            piece = length / n_u
            for i in range(n_u):
                away = (i + 0.5) * piece
                total = 0.0
                for e in range(len(contacts)):
                    rho = max(np.hypot(contacts[e, 0] - xs[f], contacts[e, 1] - depths[f]), NEAREST_MM)
                    dz = contacts[e, 2] - zone[f] + (-away if side == 0 else away)
                    total += mix[e] * point_slope(rho, dz, across, along)
                view[i] = sign * core * total
            # Potential by the way travelled, then read off at the times that are asked for.
            n_w = min(int((length + SUPPORT_MM) / piece) + 2, 8192)
            span = int(SUPPORT_MM / piece) + 1
            for m in range(span):
                front[m] = inside((m + 1) * piece) - inside(m * piece)
            for w in range(n_w):
                total = 0.0
                for i in range(max(0, w - span), min(n_u, w)):
                    total += view[i] * front[w - i - 1]
                wave[w] = total
            for t in range(n_t):
                w = velocity[f] * (t * step_ms - twig[f]) / piece
                if 0.0 < w < n_w - 1:
                    i = int(w)
                    out[f, t] += wave[i] + (w - i) * (wave[i + 1] - wave[i])
