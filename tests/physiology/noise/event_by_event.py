"""The same membrane without steps for its channels: one transition after the other, as Gillespie has it.

Slow, and written without a look at the kernel: rates are followed while the potential moves, in explicit
steps so short that a transition falls into few of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.axon import GRID, Tables
from whytwitch.physiology.noise import MarkovNode, rest_state

Floats = NDArray[np.float64]
LOW, SPACING = float(GRID[0]), float(GRID[1] - GRID[0])


class Rates(NamedTuple):
    """Opening and closing rates of each gate on the grid, per ms: (n_gates, grid)."""

    opening: Floats
    closing: Floats


def rates_of(tables: Tables) -> Rates:
    """From steady states and decays."""
    rate = -np.log(np.maximum(tables.decay[0], 1e-300)) / tables.steps_ms[0]
    return Rates(tables.steady * rate, (1 - tables.steady) * rate)


def trace(node: MarkovNode, duration_ms: float, fine_ms: float, every: int, seed: int) -> Floats:
    """Potentials of the node from channels drawn at rest."""
    kept = np.empty(round(duration_ms / fine_ms / every))
    m = node.membrane
    _run(
        rest_state(node.patch, node.rest, seed=seed), m.tables, rates_of(m.tables), m.slot, m.start, m.total,
        fine_ms, every, seed, kept,
    )  # fmt: skip
    return kept


@njit(nogil=True)
def _at(row, v):  # type: ignore[no-untyped-def]
    x = (v - LOW) / SPACING
    k = int(x)
    return row[k] + (x - k) * (row[k + 1] - row[k])


@njit(nogil=True)
def _run(state, t, rates, slot, start, total, fine, every, seed, kept):  # type: ignore[no-untyped-def]
    np.random.seed(seed)  # noqa: NPY002
    due, hazard = -np.log(1 - np.random.random()), 0.0  # noqa: NPY002
    c0, c1, c2 = t.capacitance_pf
    weights = np.empty(64)
    frm, to = np.empty(64, np.int64), np.empty(64, np.int64)
    for n in range(kept.size * every):
        out0, out1 = -t.steady_pa[0], -t.steady_pa[1]
        for k in range(t.place.size):
            v = state[t.place[k]]
            share = 1.0
            if start[k] >= 0:
                p = t.power[k]
                share = state[start[k] + (2 * p + 1 if t.second[k] >= 0 else p)] / total[k]
            elif t.first[k] >= 0:
                share = state[slot[t.first[k]]] ** t.power[k]
                if t.second[k] >= 0:
                    share *= state[slot[t.second[k]]]
            flow = t.amount[k] * share * _at(t.force[t.drive[k]], v)
            if t.place[k] == 0:
                out0 += flow
            else:
                out1 += flow
        link = t.coupling_ns * (state[0] - state[1])
        a, b = -out0 - link, -out1 + link
        # (c0 + c1) v0' - c1 v1' = a and (c2 + c1) v1' - c1 v0' = b
        det = (c0 + c1) * (c2 + c1) - c1 * c1
        v0, v1 = state[0], state[1]
        state[0] = v0 + fine * (a * (c2 + c1) + b * c1) / det
        state[1] = v1 + fine * (b * (c0 + c1) + a * c1) / det
        for gate in range(slot.size):
            if slot[gate] >= 0:
                up, down = _at(rates.opening[gate], v1), _at(rates.closing[gate], v1)
                state[slot[gate]] += fine * (up * (1 - state[slot[gate]]) - down * state[slot[gate]])
        left = fine
        while True:
            size, sum_ = 0, 0.0
            for k in range(t.place.size):
                if start[k] < 0:
                    continue
                w = t.power[k] + 1
                up, down = _at(rates.opening[t.first[k]], v0), _at(rates.closing[t.first[k]], v0)
                sides = 2 if t.second[k] >= 0 else 1
                for j in range(sides):
                    for i in range(w):
                        here = start[k] + j * w + i
                        if i < w - 1:
                            weights[size], frm[size], to[size] = (
                                state[here] * (w - 1 - i) * up,
                                here,
                                here + 1,
                            )
                            size += 1
                        if i > 0:
                            weights[size], frm[size], to[size] = state[here] * i * down, here, here - 1
                            size += 1
                        if sides == 2:
                            g = t.second[k]
                            rate = _at(rates.opening[g], v0) if j == 0 else _at(rates.closing[g], v0)
                            weights[size], frm[size] = state[here] * rate, here
                            to[size] = here + (w if j == 0 else -w)
                            size += 1
            for k in range(size):
                sum_ += weights[k]
            if hazard + sum_ * left < due:
                hazard += sum_ * left
                break
            left -= (due - hazard) / sum_
            hazard, due = 0.0, -np.log(1 - np.random.random())  # noqa: NPY002
            pick, k = np.random.random() * sum_, 0  # noqa: NPY002
            while k < size - 1 and pick >= weights[k]:
                pick -= weights[k]
                k += 1
            state[frm[k]] -= 1
            state[to[k]] += 1
        if (n + 1) % every == 0:
            kept[n // every] = state[0]
