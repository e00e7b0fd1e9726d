"""A node whose channels open and close one by one, step by step.

The potentials move as in the deterministic axon (``axon.step``), with the open share of each nodal current
from counts. Then, at the new potential, every gate of every channel makes its exact two-state transition over
the step; since channels of one state are alike, the numbers that go from state to state are drawn from the
exact multinomial distributions. The one approximation is that the potential stands still during a step.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.axon import GRID, GRID_MV, LOWEST_MV, Floats, Ints, Tables, settle
from whytwitch.physiology.noise._random import Words, binomial, compiled, uniform

_PER_MV: Final = 1.0 / GRID_MV
_LAST: Final = GRID.size - 3
_ROW: Final = 8
SLOW_EVERY: Final = 4.0
"""Steps from turn to turn of slow gates, which take many times longer than that to follow the potential:
drawing for them less often saves time. The chances are those of the whole time between turns."""
MOST_LEAD_MV: Final = 5.0
"""The coordinate is never farther from the potential than this."""
FEW: Final = 12.0
"""Gates expected to turn in a step, up to which they are drawn one by one: quicker, and the same in law."""
MOST: Final = 300.0
"""So many of each kind do not turn where fewer than FEW are expected."""
SCRATCH: Final = round(6 * MOST) + 1
"""Length of the working memory; the last place is not for the step."""


class Membrane(NamedTuple):
    """A patch as the kernel wants it.

    A state is float64 (d,): potentials of node and internode in mV, the internode's gates, then whole
    numbers: the channels of each nodal current, by open gates of the first kind (0 to ``power``) and, where
    there is a second gate, those with it closed before those with it open; last the steps since slow gates
    had their turn.

    Attributes:
        tables: of the axon; the short step is used.
        turn: (grid, 2 n) of the n nodal gates: chance to open if closed, chance to close if open, in a step,
            or in ``SLOW_EVERY`` steps for slow ones.
        slow: (n_gates,) which those are.
        column: (n_gates,) first column of ``turn`` of a nodal gate. slot: (n_gates,) where the state holds an
            internodal gate. -1 where there is none.
        start: (n_currents,) where the counts of a current begin; -1: it has none.
        opened: (n_currents,) where the state holds the channels that are open.
        total: (n_currents,) all channels of a current.
        unit: (n_currents,) amount of one channel; of a current without counts, its whole amount.
        push: (n_currents,) how fast one more open channel moves the node at rest, in mV/ms.
        usual: (n_currents,) open channels at rest.
    """

    tables: Tables
    turn: Floats
    slow: NDArray[np.bool_]
    column: Ints
    slot: Ints
    start: Ints
    opened: Ints
    total: Floats
    unit: Floats
    push: Floats
    usual: Floats


@compiled
def ahead(state: Floats, membrane: Membrane, lead_ms: float) -> float:
    """Where the node is heading: its potential, and what open channels more or fewer than usual would add in
    ``lead_ms``, in mV.
    """
    drift = 0.0
    if lead_ms > 0.0:
        for k in range(membrane.push.shape[0]):
            if membrane.start[k] >= 0:
                drift += membrane.push[k] * (state[membrane.opened[k]] - membrane.usual[k])
    return state[0] + min(max(lead_ms * drift, -MOST_LEAD_MV), MOST_LEAD_MV)


@compiled
def _locate(membrane_mv: float) -> tuple[int, float]:
    at = min(max((membrane_mv - LOWEST_MV) * _PER_MV, 1.0), float(_LAST))
    index = int(at)
    return index, at - index


@compiled
def step(state: Floats, membrane: Membrane, random: Words, scratch: Floats, current_pa: float) -> None:
    """Advance a state in place by one step; ``current_pa`` flows into the node (of a full-size node)."""
    move_potentials(state, membrane, current_pa)
    turn_gates(state, membrane, random, scratch)


@compiled
def move_potentials(state: Floats, membrane: Membrane, current_pa: float) -> None:
    """The semi-implicit half of a step."""
    tables = membrane.tables
    dt = tables.steps_ms[0]
    node = state[0]
    internode = state[1]
    node_at, node_part = _locate(node)
    inter_at, inter_part = _locate(internode)
    slope_node = 0.0
    slope_inter = 0.0
    rest_node = tables.steady_pa[0] + current_pa
    rest_inter = tables.steady_pa[1]
    for k in range(tables.place.shape[0]):
        amount = membrane.unit[k]
        row = tables.drive[k]
        if tables.place[k] == 0:
            if membrane.start[k] >= 0:
                amount *= state[membrane.opened[k]]
            low = tables.force[row, node_at]
            flow = amount * (low + node_part * (tables.force[row, node_at + 1] - low))
            tangent = amount * tables.slope[row, node_at]
            slope_node += tangent
            rest_node += tangent * node - flow
        else:
            gate = tables.first[k]
            if gate >= 0:
                share = state[membrane.slot[gate]]
                for _ in range(tables.power[k]):
                    amount *= share
                gate = tables.second[k]
                if gate >= 0:
                    amount *= state[membrane.slot[gate]]
            low = tables.force[row, inter_at]
            flow = amount * (low + inter_part * (tables.force[row, inter_at + 1] - low))
            tangent = amount * tables.slope[row, inter_at]
            slope_inter += tangent
            rest_inter += tangent * internode - flow
    settle(state, tables, dt, slope_node, slope_inter, rest_node, rest_inter)


@compiled
def turn_gates(state: Floats, membrane: Membrane, random: Words, scratch: Floats) -> None:
    """The random half of a step: gates of the internode relax, channels of the node open and close."""
    tables = membrane.tables
    inter_at, inter_part = _locate(state[1])
    for gate in range(tables.gate_place.shape[0]):
        at = membrane.slot[gate]
        if at >= 0:
            low = tables.steady[gate, inter_at]
            goal = low + inter_part * (tables.steady[gate, inter_at + 1] - low)
            low = tables.decay[0, gate, inter_at]
            left = low + inter_part * (tables.decay[0, gate, inter_at + 1] - low)
            state[at] = goal + (state[at] - goal) * left
    node_at, part = _locate(state[0])
    last = state.shape[0] - 1
    state[last] += 1.0
    all_turn = state[last] >= SLOW_EVERY
    if all_turn:
        state[last] = 0.0
    for k in range(tables.place.shape[0]):
        start = membrane.start[k]
        if start < 0:
            continue
        width = tables.power[k] + 1
        sides = 2 if tables.second[k] >= 0 else 1
        if sides == 2 and (all_turn or not membrane.slow[tables.second[k]]):
            opening, closing = _between(membrane.turn, node_at, part, int(membrane.column[tables.second[k]]))
            for i in range(start, start + width):
                opened = binomial(random, float(state[i]), opening)
                closed = binomial(random, float(state[i + width]), closing)
                state[i] += closed - opened
                state[i + width] += opened - closed
        if membrane.slow[tables.first[k]] and not all_turn:
            continue
        opening, closing = _between(membrane.turn, node_at, part, int(membrane.column[tables.first[k]]))
        open_gates = 0.0
        for side in range(start, start + sides * width, width):
            for i in range(1, width):
                open_gates += state[side + i] * i
        closed_gates = membrane.total[k] * (width - 1) - open_gates
        if open_gates * closing + closed_gates * opening < FEW:
            shut = min(binomial(random, open_gates, closing), MOST)
            opened = min(binomial(random, closed_gates, opening), MOST)
            if shut + opened > 0.0:
                _turn_few(state, start, width, sides, open_gates, shut, closed_gates, opened, random, scratch)
        else:
            _turn_many(state, start, width, sides, opening, closing, random, scratch)


@compiled
def _between(turn: Floats, at: int, part: float, column: int) -> tuple[float, float]:
    """Chances to open and to close, between two rows of the table."""
    opening = turn[at, column]
    closing = turn[at, column + 1]
    return (
        opening + part * (turn[at + 1, column] - opening),
        closing + part * (turn[at + 1, column + 1] - closing),
    )


@compiled
def _turn_few(
    state: Floats,
    start: int,
    width: int,
    sides: int,
    open_gates: float,
    shut: float,
    closed_gates: float,
    opened: float,
    random: Words,
    scratch: Floats,
) -> None:
    """The gates of the first kind, one by one: so many of all that were open close, so many closed ones open.

    Which of them is the luck of each. Channels that are touched are put aside, each with its gates that were
    open, those that were closed (both less those that have turned), and the state that it comes to.
    """
    touched = 0
    for n in range(int(shut + opened)):
        kind = 0 if n < shut else 1
        at = uniform(random) * (open_gates - n if kind == 0 else closed_gates + shut - n)
        found = 0
        while found < touched:
            at -= scratch[3 * found + kind]
            if at < 0.0:
                break
            found += 1
        if found == touched:
            which, gates = _find(state, start, width, sides, kind, at)
            touched += 1
            state[which] -= 1.0
            scratch[3 * found + kind] = gates
            scratch[3 * found + 1 - kind] = width - 1 - gates
            scratch[3 * found + 2] = which
        scratch[3 * found + kind] -= 1.0
        scratch[3 * found + 2] += 2.0 * kind - 1.0
    for k in range(touched):
        state[int(scratch[3 * k + 2])] += 1.0


@compiled
def _find(state: Floats, start: int, width: int, sides: int, kind: int, at: float) -> tuple[int, float]:
    """The state of the channel with the gate at a place in the row of all open (or closed) gates, and how
    many of these such a channel has.
    """
    which = start
    gates = 0.0
    for i in range(1, width):
        to = i if kind == 0 else width - 1 - i
        for side in range(sides):
            here = start + side * width + to
            if state[here] > 0.0:
                which = here
                gates = float(i)
                at -= gates * state[here]
                if at < 0.0:
                    return which, gates
    # Rounding: the last one.
    return which, gates


@compiled
def _turn_many(
    state: Floats,
    start: int,
    width: int,
    sides: int,
    opening: float,
    closing: float,
    random: Words,
    scratch: Floats,
) -> None:
    """The gates of the first kind, state by state: how many go to each other one."""
    for k in range(sides * width):
        scratch[2 * _ROW + k] = state[start + k]
    for i in range(width):
        if scratch[2 * _ROW + i] == 0.0 and (sides == 1 or scratch[2 * _ROW + width + i] == 0.0):
            continue
        leave = _chances(scratch, i, width, opening, closing)
        for side in range(sides):
            base = start + side * width
            leaving = binomial(random, scratch[2 * _ROW + side * width + i], leave)
            if leaving > 0.0:
                state[base + i] -= leaving
                _spread(state, base, i, width, leaving, leave, random, scratch)


@compiled
def _chances(scratch: Floats, i: int, width: int, opening: float, closing: float) -> float:
    """Chances to go from ``i`` open gates to 0, 1, ... of them, into the scratch; that of going at all."""
    scratch[0] = 1.0
    for n in range(width - 1):
        rise = opening
        fall = 1.0 - opening
        if n < i:
            rise = 1.0 - closing
            fall = closing
        scratch[n + 1] = scratch[n] * rise
        for k in range(n, 0, -1):
            scratch[k] = scratch[k] * fall + scratch[k - 1] * rise
        scratch[0] *= fall
    leave = 0.0
    for k in range(width):
        if k != i:
            leave += scratch[k]
    return leave


@compiled
def _spread(
    state: Floats,
    base: int,
    i: int,
    width: int,
    leaving: float,
    leave: float,
    random: Words,
    scratch: Floats,
) -> None:
    """Share those that leave out among the other numbers of open gates, likely ones first."""
    up_first = i == 0 or (i < width - 1 and scratch[i + 1] >= scratch[i - 1])
    rest = leave
    for n in range(2 * width - 2):
        far = n // 2 + 1
        to = i + far if (n % 2 == 0) == up_first else i - far
        if to < 0 or to >= width:
            continue
        going = leaving
        # Rounding may leave a little too much or too little to the last ones; nobody is lost for that.
        if scratch[to] < rest:
            going = binomial(random, leaving, scratch[to] / rest)
        state[base + to] += going
        leaving -= going
        if leaving == 0.0:
            return
        rest -= scratch[to]
    state[base + i] += leaving
