"""Many steps of one axon with its channels written out one by one.

The whole state then stays in the processor's registers: three times as fast as a loop over the tables' rows,
and the same to the last digit, since every sum and product is taken in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Final, cast

import numpy as np
from numba import njit

from whytwitch.physiology.axon._kernel import FIRST_GATE, Floats, Tables, locate, settled

CURRENTS: Final = (
    (0, 3, 2, False), (0, 3, 2, True), (0, 3, 1, False), (0, 3, 1, True), (0, 4, 1, False), (0, 1, 1, False),
    (1, 4, 1, False), (1, 1, 1, False), (1, 1, 1, False), (0, 0, 0, False), (1, 0, 0, False),
)  # fmt: skip
"""What is written out here, in the order of the rows of ``Tables``: place, power of the first gate, number of
gates, and whether the row is there only where sodium channels are injured. Gates follow in the same order."""
FALLEN_MV: Final = 3.0
SHORT: Final = cast("int", np.int64(0))
LONG: Final = cast("int", np.int64(1))
ONCE: Final = cast("int", np.int64(1))
"""Which step, and how many. Numba compiles everything once more for each plain number that it meets."""
_UNINJURED: Final = sum(not injured for *_, injured in CURRENTS)
_ROWS: Final = (
    tuple(tuple(row) for *row, _ in CURRENTS),
    tuple(tuple(row) for *row, injured in CURRENTS if not injured),
)

Gates = tuple[float, float, float, float, float, float, float, float, float, float, float]
"""Shares of transient sodium (m, h), the same injured, persistent sodium, the same injured, fast and slow
potassium; fast and slow potassium of the internode, Ih."""


def check_rows(rows: Iterable[tuple[int, int, int]]) -> None:
    """Make sure that these currents (place, power, number of gates) are what is written out here.

    Raises:
        NotImplementedError: a channel was added or changed and this module was not.
    """
    if tuple(rows) not in _ROWS:
        raise NotImplementedError("the axon's channels are not those that axon/_walk.py writes out")


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _read(rows: Floats, row: int, at: int, part: float) -> float:
    low = rows[row, at]
    return low + part * (rows[row, at + 1] - low)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _with(
    sums: tuple[float, float],
    opened: float,
    tables: Tables,
    row: int,
    at: int,
    part: float,
    membrane_mv: float,
) -> tuple[float, float]:
    """Slopes and offsets of straightened currents with those of one more."""
    slope = opened * tables.slope[row, at]
    flow = opened * _read(tables.force, row, at, part)
    return sums[0] + slope, sums[1] + (slope * membrane_mv - flow)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _of_node(
    gates: Gates, tables: Tables, more: int, at: int, part: float, node: float, steady_pa: float
) -> tuple[float, float]:
    """Slope and offset of all currents of the node."""
    m, h, injured_m, injured_h, p, injured_p, fast, slow, _, _, _ = gates
    amount = tables.amount
    sums = _with((0.0, steady_pa), amount[0] * m * m * m * h, tables, 0, at, part, node)
    if more:
        opened = amount[1] * injured_m * injured_m * injured_m * injured_h
        sums = _with(sums, opened, tables, 1, at, part, node)
    sums = _with(sums, amount[1 + more // 2] * p * p * p, tables, 1 + more // 2, at, part, node)
    if more:
        sums = _with(sums, amount[3] * injured_p * injured_p * injured_p, tables, 3, at, part, node)
    sums = _with(sums, amount[2 + more] * fast * fast * fast * fast, tables, 2 + more, at, part, node)
    sums = _with(sums, amount[3 + more] * slow, tables, 3 + more, at, part, node)
    return _with(sums, amount[7 + more], tables, 7 + more, at, part, node)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _of_internode(
    gates: Gates, tables: Tables, more: int, at: int, part: float, internode: float, steady_pa: float
) -> tuple[float, float]:
    """Slope and offset of all currents of the internode."""
    _, _, _, _, _, _, _, _, fast, slow, ih = gates
    amount = tables.amount
    sums = _with(
        (0.0, steady_pa), amount[4 + more] * fast * fast * fast * fast, tables, 4 + more, at, part, internode
    )
    sums = _with(sums, amount[5 + more] * slow, tables, 5 + more, at, part, internode)
    sums = _with(sums, amount[6 + more] * ih, tables, 6 + more, at, part, internode)
    return _with(sums, amount[8 + more], tables, 8 + more, at, part, internode)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _eased(share: float, tables: Tables, decay: Floats, gate: int, at: int, part: float) -> float:
    """A gate after a step."""
    goal = _read(tables.steady, gate, at, part)
    return goal + (share - goal) * _read(decay, gate, at, part)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _turned(
    gates: Gates, tables: Tables, decay: Floats, more: int, at: int, part: float, inter_at: int,
    inter_part: float,
) -> Gates:  # fmt: skip
    """All gates after a step at the new potentials."""
    m, h, injured_m, injured_h, p, injured_p, fast, slow, inter_fast, inter_slow, ih = gates
    g = 3 * more // 2
    if more:
        injured_m = _eased(injured_m, tables, decay, 2, at, part)
        injured_h = _eased(injured_h, tables, decay, 3, at, part)
        injured_p = _eased(injured_p, tables, decay, 5, at, part)
    return (
        _eased(m, tables, decay, 0, at, part),
        _eased(h, tables, decay, 1, at, part),
        injured_m,
        injured_h,
        _eased(p, tables, decay, 2 + more, at, part),
        injured_p,
        _eased(fast, tables, decay, 3 + g, at, part),
        _eased(slow, tables, decay, 4 + g, at, part),
        _eased(inter_fast, tables, decay, 5 + g, inter_at, inter_part),
        _eased(inter_slow, tables, decay, 6 + g, inter_at, inter_part),
        _eased(ih, tables, decay, 7 + g, inter_at, inter_part),
    )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _loaded(state: Floats, more: int) -> Gates:
    s = state[FIRST_GATE:]
    if more:
        return s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10]
    return s[0], s[1], 0.0, 0.0, s[2], 0.0, s[3], s[4], s[5], s[6], s[7]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _store(state: Floats, node: float, internode: float, gates: Gates, more: int) -> None:
    state[0], state[1] = node, internode
    s = state[FIRST_GATE:]
    if more:
        s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10] = gates
    else:
        s[0], s[1], _, _, s[2], _, s[3], s[4], s[5], s[6], s[7] = gates


@njit(cache=True, nogil=True, error_model="numpy")
def walk(
    state: Floats, tables: Tables, which: int, count: int, current_pa: float, ceiling_mv: float,
    patience_ms: float,
) -> float:  # fmt: skip
    """Take up to ``count`` steps of length ``tables.steps_ms[which]`` in place, with a constant current.

    It ends sooner if the node gets above ``ceiling_mv``, or if after ``patience_ms`` it falls ``FALLEN_MV``
    below where it was then.

    Returns:
        The highest potential of the node, that at the start included, in mV.
    """
    dt = tables.steps_ms[which]
    decay = tables.decay[which]
    more = tables.amount.shape[0] - _UNINJURED
    node, internode, gates = state[0], state[1], _loaded(state, more)
    at, part = locate(node)
    inter_at, inter_part = locate(internode)
    highest = level = node
    for k in range(count):
        slope, rest = _of_node(gates, tables, more, at, part, node, tables.steady_pa[0] + current_pa)
        inter_slope, inter_rest = _of_internode(
            gates, tables, more, inter_at, inter_part, internode, tables.steady_pa[1]
        )
        node, internode = settled(node, internode, tables, dt, slope, inter_slope, rest, inter_rest)
        at, part = locate(node)
        inter_at, inter_part = locate(internode)
        gates = _turned(gates, tables, decay, more, at, part, inter_at, inter_part)
        if node > highest:
            highest = node
        if node > ceiling_mv:
            break
        if k * dt < patience_ms:
            level = node - FALLEN_MV
        elif node < level:
            break
    _store(state, node, internode, gates, more)
    return highest


@njit(cache=True, nogil=True, error_model="numpy")
def advance(state: Floats, tables: Tables, which: int, count: int, current_pa: float) -> float:
    """Take ``count`` steps with a constant current; the highest nodal potential on the way, in mV."""
    return walk(state, tables, which, count, current_pa, inf, inf)


@njit(cache=True, nogil=True, error_model="numpy")
def record(state: Floats, tables: Tables, which: int, currents_pa: Floats, every: int) -> Floats:
    """Follow a current step by step: (n // every, 2) potentials of node and internode, in mV."""
    kept = currents_pa.shape[0] // every
    out = np.empty((kept, 2))
    for k in range(kept * every):
        walk(state, tables, which, ONCE, currents_pa[k], inf, inf)
        if (k + 1) % every == 0:
            out[(k + 1) // every - 1, 0] = state[0]
            out[(k + 1) // every - 1, 1] = state[1]
    return out
