"""What a step of one axon reads, and the linear solve for its two potentials.

Potentials are semi-implicit (the node's time constant is a few µs at the peak of a spike, where an explicit
step of 5 µs would explode), gates are exponential (exact at constant potential), taken in turn at half
steps of each other. Rates and driving forces are read from tables.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOWEST_MV: Final = -320.0
HIGHEST_MV: Final = 120.0
GRID_MV: Final = 0.05
"""Linear interpolation on this grid errs by less than 1e-5 in every gate."""
GRID: Final[Floats] = np.linspace(LOWEST_MV, HIGHEST_MV, round((HIGHEST_MV - LOWEST_MV) / GRID_MV) + 1)

FIRST_GATE: Final = 2
"""States are the node's potential, the internode's, then the gates."""

_LAST = GRID.size - 3


class Tables(NamedTuple):
    """An axon as the kernel wants it.

    Attributes:
        steps_ms: (2,) the short step, for stimuli and spikes, and the long one.
        steady, decay: (n_gates, grid) and (2, n_gates, grid): where a gate goes, and which share of the way
            is left after a step of either length.
        gate_place: (n_gates,) 0 node, 1 internode.
        place, amount, drive: (n_currents,) where each current flows, how much, and its row of ``force``.
        first, power, second: (n_currents,) first gate (-1: none), how often it multiplies, second gate.
        force, slope: (n_drives, grid) current per amount in pA, and its derivative.
        capacitance_pf: (3,) node, myelin, internode. coupling_ns: conductance through and under the myelin.
        steady_pa: (2,) constant currents into node and internode (pump, polarization).
    """

    steps_ms: Floats
    steady: Floats
    decay: Floats
    gate_place: Ints
    place: Ints
    amount: Floats
    drive: Ints
    first: Ints
    power: Ints
    second: Ints
    force: Floats
    slope: Floats
    capacitance_pf: Floats
    coupling_ns: float
    steady_pa: Floats


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def locate(membrane_mv: float) -> tuple[int, float]:
    """Where on the grid a potential lies, and how far into that cell."""
    at = (membrane_mv - LOWEST_MV) / GRID_MV
    if not at > 1.0:
        at = 1.0
    if at > _LAST:
        at = float(_LAST)
    index = int(at)
    return index, at - index


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def settled(
    node: float, internode: float, tables: Tables, dt: float,
    slope_node: float, slope_inter: float, rest_node: float, rest_inter: float,
) -> tuple[float, float]:  # fmt: skip
    """The two potentials after a step, from slopes and offsets of their straightened currents."""
    myelin = tables.capacitance_pf[1] / dt
    link = tables.coupling_ns + myelin
    over_myelin = myelin * (node - internode)
    a = tables.capacitance_pf[0] / dt + slope_node + link
    d = tables.capacitance_pf[2] / dt + slope_inter + link
    p = tables.capacitance_pf[0] / dt * node + over_myelin + rest_node
    q = tables.capacitance_pf[2] / dt * internode - over_myelin + rest_inter
    determinant = a * d - link * link
    return (p * d + link * q) / determinant, (a * q + link * p) / determinant


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def settle(
    state: Floats, tables: Tables, dt: float,
    slope_node: float, slope_inter: float, rest_node: float, rest_inter: float,
) -> None:  # fmt: skip
    """Move the two potentials of a state by a step."""
    state[0], state[1] = settled(
        state[0], state[1], tables, dt, slope_node, slope_inter, rest_node, rest_inter
    )
