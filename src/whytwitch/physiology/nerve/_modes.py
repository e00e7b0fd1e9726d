"""An internode in its own modes: independent numbers that decay, each fed by the two nodes at the ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from whytwitch.physiology.nerve._geometry import COMPARTMENTS, Cable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Modes:
    """A step of backward Euler of one internode.

    Attributes:
        near, far: (modes,) weights by which the two nodes feed each mode, and it them.
        kept: (modes,) what is left of each after a step.
        near_us, far_us: conductance that the internode adds to each node's own.
        link_us: conductance from one node to the other, through the internode.
    """

    near: Array
    far: Array
    kept: Array
    near_us: float
    far_us: float
    link_us: float


def modes(cable: Cable, dt_ms: float) -> Modes:
    """Modes of an internode for a step.

    With the symmetric matrices C and G of ``cable``, the columns of Φ solve G Φ = C Φ Λ with Φᵀ C Φ = 1; a
    step of backward Euler of (C d/dt + G) x = f is then z ← (z / dt + Φᵀ f) / (1 / dt + Λ) for x = Φ z.
    Scaling z by the root of its denominator makes the weights of taking up and of giving back the same.
    """
    rate, shape = eigh(cable.conductance, cable.capacitance)
    share = 1 / (1 / dt_ms + rate)
    near = cable.near_us * shape[0] * np.sqrt(share)
    far = cable.far_us * shape[COMPARTMENTS - 1] * np.sqrt(share)
    return Modes(
        near,
        far,
        share / dt_ms,
        near_us=cable.near_us - float(near @ near),
        far_us=cable.far_us - float(far @ far),
        link_us=float(near @ far),
    )
