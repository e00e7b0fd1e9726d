"""One axon, step by step: two potentials, their gates, and a linear solve at each step.

Potentials are semi-implicit (the node's time constant is a few µs at the peak of a spike, where an explicit
step of 5 µs would explode), gates are exponential (exact at constant potential), taken in turn at half
steps of each other. Rates and driving forces are read from tables, so a new channel needs no new kernel.
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
def _locate(membrane_mv: float) -> tuple[int, float]:
    at = (membrane_mv - LOWEST_MV) / GRID_MV
    if not at > 1.0:
        at = 1.0
    if at > _LAST:
        at = float(_LAST)
    index = int(at)
    return index, at - index


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def settle(
    state: Floats, tables: Tables, dt: float,
    slope_node: float, slope_inter: float, rest_node: float, rest_inter: float,
) -> None:  # fmt: skip
    """Solve for the two potentials after a step, from slopes and offsets of their straightened currents."""
    node = state[0]
    internode = state[1]
    myelin = tables.capacitance_pf[1] / dt
    link = tables.coupling_ns + myelin
    over_myelin = myelin * (node - internode)
    a = tables.capacitance_pf[0] / dt + slope_node + link
    d = tables.capacitance_pf[2] / dt + slope_inter + link
    p = tables.capacitance_pf[0] / dt * node + over_myelin + rest_node
    q = tables.capacitance_pf[2] / dt * internode - over_myelin + rest_inter
    determinant = a * d - link * link
    state[0] = (p * d + link * q) / determinant
    state[1] = (a * q + link * p) / determinant


@njit(cache=True, nogil=True, error_model="numpy")
def step(state: Floats, tables: Tables, which: int, current_pa: float) -> None:
    """Advance a state in place by one step of length ``tables.steps_ms[which]``."""
    dt = tables.steps_ms[which]
    node = state[0]
    internode = state[1]
    node_at, node_part = _locate(node)
    inter_at, inter_part = _locate(internode)
    slope_node = 0.0
    slope_inter = 0.0
    rest_node = tables.steady_pa[0] + current_pa
    rest_inter = tables.steady_pa[1]
    for k in range(tables.place.shape[0]):
        open_amount = tables.amount[k]
        gate = tables.first[k]
        if gate >= 0:
            share = state[FIRST_GATE + gate]
            for _ in range(tables.power[k]):
                open_amount *= share
            gate = tables.second[k]
            if gate >= 0:
                open_amount *= state[FIRST_GATE + gate]
        row = tables.drive[k]
        if tables.place[k] == 0:
            low = tables.force[row, node_at]
            flow = open_amount * (low + node_part * (tables.force[row, node_at + 1] - low))
            tangent = open_amount * tables.slope[row, node_at]
            slope_node += tangent
            rest_node += tangent * node - flow
        else:
            low = tables.force[row, inter_at]
            flow = open_amount * (low + inter_part * (tables.force[row, inter_at + 1] - low))
            tangent = open_amount * tables.slope[row, inter_at]
            slope_inter += tangent
            rest_inter += tangent * internode - flow
    settle(state, tables, dt, slope_node, slope_inter, rest_node, rest_inter)
    node_at, node_part = _locate(state[0])
    inter_at, inter_part = _locate(state[1])
    for gate in range(tables.gate_place.shape[0]):
        if tables.gate_place[gate] == 0:
            at = node_at
            part = node_part
        else:
            at = inter_at
            part = inter_part
        low = tables.steady[gate, at]
        goal = low + part * (tables.steady[gate, at + 1] - low)
        low = tables.decay[which, gate, at]
        left = low + part * (tables.decay[which, gate, at + 1] - low)
        state[FIRST_GATE + gate] = goal + (state[FIRST_GATE + gate] - goal) * left


@njit(cache=True, nogil=True, error_model="numpy")
def advance(state: Floats, tables: Tables, which: int, count: int, current_pa: float) -> float:
    """Take ``count`` steps with a constant current; the highest nodal potential on the way, in mV."""
    highest = state[0]
    for _ in range(count):
        step(state, tables, which, current_pa)
        if state[0] > highest:
            highest = state[0]
    return highest


@njit(cache=True, nogil=True, error_model="numpy")
def record(state: Floats, tables: Tables, which: int, currents_pa: Floats, every: int) -> Floats:
    """Follow a current step by step: (n // every, 2) potentials of node and internode, in mV."""
    kept = currents_pa.shape[0] // every
    out = np.empty((kept, 2))
    for k in range(kept * every):
        step(state, tables, which, currents_pa[k])
        if (k + 1) % every == 0:
            out[(k + 1) // every - 1, 0] = state[0]
            out[(k + 1) // every - 1, 1] = state[1]
    return out
