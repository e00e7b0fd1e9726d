"""The action potential of a muscle fiber as a moving source of current.

Inside potential in mV at s mm behind the front: 96 w³ exp(-w) - 90 with w = 2 s. That is Rosenfalck's (1969)
shape, twice as short: so Nandedkar and Stålberg (1983, Med Biol Eng Comput 21:158) brought it in line with
recorded fibers. A fiber is a core conductor with sealed ends: the axial current is proportional to the slope
of the inside potential and zero beyond both ends, the membrane current is what the axial current loses. So
sources always sum to zero, and the potentials of the end-plate (generation) and of the tendons (extinction)
arise by themselves, as in Farina and Merletti (2001, doi 10.1109/10.923782).

By parts, the potential at a place is the integral of axial current times the slope of the tissue's response
to a point source along the fiber; that is what the two conductors use.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

INSIDE_S_PER_MM: Final = 1.01e-3
"""Conductivity inside a fiber, 1.01 S/m (Nandedkar and Stålberg 1983)."""

SHORTER: Final = 2.0
SUPPORT_MM: Final = 10.0
"""Behind this distance less than 1e-3 of the potential's height is left."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def inside(s: float) -> float:
    """Inside potential above rest, mV, at s mm behind the front; 0 ahead of it."""
    if s <= 0.0 or s >= SUPPORT_MM:
        return 0.0
    w = SHORTER * s
    return 96.0 * w * w * w * np.exp(-w)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def core_s_mm(diameter_um: float) -> float:
    """Conductivity times cross section of a fiber, S·mm."""
    radius = 0.5e-3 * diameter_um
    return INSIDE_S_PER_MM * np.pi * radius * radius
