"""Where an axon stands still, found without waiting for it, and how small disturbances about it die away."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from whytwitch.physiology.axon._kernel import FIRST_GATE, GRID_MV, HIGHEST_MV, LOWEST_MV, Floats, Tables

NUDGE_MV: Final = 1e-3
NUDGE: Final = 1e-6
_CLOSE_MV: Final = 1e-9
_STEPS: Final = 30
_LONGEST_MV: Final = 2.0


@njit(cache=True, nogil=True, error_model="numpy")
def _read(row: Floats, membrane_mv: float) -> float:
    at = (min(max(membrane_mv, LOWEST_MV), HIGHEST_MV - 2 * GRID_MV) - LOWEST_MV) / GRID_MV
    index = int(at)
    return row[index] + (at - index) * (row[index + 1] - row[index])


@njit(cache=True, nogil=True, error_model="numpy")
def flow(state: Floats, tables: Tables, out: Floats) -> None:
    """How fast potentials (mV/ms) and gates (1/ms) change, into ``out`` of the state's shape."""
    across = tables.coupling_ns * (state[0] - state[1])
    node = tables.steady_pa[0] - across
    internode = tables.steady_pa[1] + across
    for k in range(tables.place.shape[0]):
        amount = tables.amount[k]
        if tables.first[k] >= 0:
            amount *= state[FIRST_GATE + tables.first[k]] ** tables.power[k]
            if tables.second[k] >= 0:
                amount *= state[FIRST_GATE + tables.second[k]]
        if tables.place[k] == 0:
            node -= amount * _read(tables.force[tables.drive[k]], state[0])
        else:
            internode -= amount * _read(tables.force[tables.drive[k]], state[1])
    myelin = tables.capacitance_pf[1]
    a = tables.capacitance_pf[0] + myelin
    d = tables.capacitance_pf[2] + myelin
    determinant = a * d - myelin * myelin
    out[0] = (d * node + myelin * internode) / determinant
    out[1] = (myelin * node + a * internode) / determinant
    for gate in range(tables.gate_place.shape[0]):
        at = float(state[tables.gate_place[gate]])
        rate = -np.log(max(_read(tables.decay[0, gate], at), 1e-280)) / tables.steps_ms[0]
        out[FIRST_GATE + gate] = rate * (_read(tables.steady[gate], at) - state[FIRST_GATE + gate])


@njit(cache=True, nogil=True, error_model="numpy")
def jacobian(state: Floats, tables: Tables) -> Floats:
    """Of the deterministic membrane at a state, by central differences: (n, n), per ms."""
    n = state.shape[0]
    out = np.empty((n, n))
    moved = state.copy()
    ahead = np.empty(n)
    behind = np.empty(n)
    for k in range(n):
        nudge = NUDGE_MV if k < FIRST_GATE else NUDGE
        moved[k] = state[k] + nudge
        flow(moved, tables, ahead)
        moved[k] = state[k] - nudge
        flow(moved, tables, behind)
        moved[k] = state[k]
        for row in range(n):
            out[row, k] = (ahead[row] - behind[row]) / (2 * nudge)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _opened(state: Floats, tables: Tables) -> None:
    """Put every gate where it would settle at the state's potentials."""
    for gate in range(tables.gate_place.shape[0]):
        state[FIRST_GATE + gate] = _read(tables.steady[gate], float(state[tables.gate_place[gate]]))


@njit(cache=True, nogil=True, error_model="numpy")
def stand_still(state: Floats, tables: Tables) -> bool:
    """Move a state to where nothing changes, by Newton's method from its potentials; whether it is found."""
    speed = np.empty_like(state)
    beside = np.empty_like(state)
    for _ in range(_STEPS):
        _opened(state, tables)
        flow(state, tables, speed)
        node = state[0]
        internode = state[1]
        state[0] = node + NUDGE_MV
        _opened(state, tables)
        flow(state, tables, beside)
        a = (beside[0] - speed[0]) / NUDGE_MV
        c = (beside[1] - speed[1]) / NUDGE_MV
        state[0] = node
        state[1] = internode + NUDGE_MV
        _opened(state, tables)
        flow(state, tables, beside)
        b = (beside[0] - speed[0]) / NUDGE_MV
        d = (beside[1] - speed[1]) / NUDGE_MV
        determinant = a * d - b * c
        if determinant == 0.0:
            return False
        first = -(d * speed[0] - b * speed[1]) / determinant
        second = -(a * speed[1] - c * speed[0]) / determinant
        longest = max(abs(first), abs(second))
        scale = min(1.0, _LONGEST_MV / longest) if longest > 0.0 else 1.0
        state[0] = node + scale * first
        state[1] = internode + scale * second
        if longest < _CLOSE_MV:
            _opened(state, tables)
            return True
    return False
