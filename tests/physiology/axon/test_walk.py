"""The kernel that has its channels written out, beside a loop over the rows of the tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import channels
from whytwitch.physiology.axon import FIRST_GATE, GRID, GRID_MV, Axon, Tables, _tables, advance, tables_of
from whytwitch.physiology.axon._walk import FALLEN_MV, SHORT, walk
from whytwitch.physiology.ions import Bath

AXONS = st.builds(
    Axon,
    slow_potassium=st.floats(0.2, 3.0),
    ih=st.floats(0.0, 4.0),
    gate_shift_mv=st.floats(-8.0, 8.0),
    sodium_left_shift_mv=st.floats(0.0, 25.0),
    sodium_left_shift_fraction=st.sampled_from([0.0, 0.1, 0.6]),
    bath=st.builds(Bath, potassium_mmol_l=st.floats(2.5, 8.0), temperature_c=st.floats(20.0, 40.0)),
)


def _look(row: np.ndarray, membrane_mv: float) -> float:
    at = (membrane_mv - GRID[0]) / GRID_MV
    index = int(at)
    return row[index] + (at - index) * (row[index + 1] - row[index])


def stepped(state: np.ndarray, tables: Tables, which: int, current_pa: float) -> np.ndarray:
    """One step by the rows, whatever they are."""
    dt, potentials, shares = tables.steps_ms[which], state[:FIRST_GATE], state[FIRST_GATE:]
    slope, rest = [0.0, 0.0], [tables.steady_pa[0] + current_pa, tables.steady_pa[1]]
    for k, place in enumerate(tables.place):
        opened, membrane = tables.amount[k], float(potentials[place])
        if tables.first[k] >= 0:
            for _ in range(tables.power[k]):
                opened *= shares[tables.first[k]]
        if tables.second[k] >= 0:
            opened *= shares[tables.second[k]]
        tangent = opened * tables.slope[tables.drive[k], int((membrane - GRID[0]) / GRID_MV)]
        slope[place] += tangent
        rest[place] += tangent * membrane - opened * _look(tables.force[tables.drive[k]], membrane)
    node, myelin, under = tables.capacitance_pf / dt
    link = tables.coupling_ns + myelin
    matrix = np.array([[node + slope[0] + link, -link], [-link, under + slope[1] + link]])
    over = myelin * (potentials[0] - potentials[1])
    known = [node * potentials[0] + over + rest[0], under * potentials[1] - over + rest[1]]
    after = state.copy()
    after[:FIRST_GATE] = np.linalg.solve(matrix, known)
    for gate, place in enumerate(tables.gate_place):
        goal = _look(tables.steady[gate], float(after[place]))
        left = _look(tables.decay[which, gate], float(after[place]))
        after[FIRST_GATE + gate] = goal + (shares[gate] - goal) * left
    return after


@settings(max_examples=25, deadline=None)
@given(AXONS, st.floats(-95.0, 20.0), st.integers(0, 2**32 - 1), st.sampled_from([0, 1]))
def test_a_step_is_that_of_the_rows(axon: Axon, node_mv: float, seed: int, which: int) -> None:
    tables, random = tables_of(axon), np.random.default_rng(seed)
    state = np.concatenate([[node_mv, node_mv - 5.0], random.uniform(0, 1, tables.gate_place.size)])
    expected = state
    for current in (900.0, 0.0, -300.0):
        expected = stepped(expected, tables, which, current)
        highest = max(state[0], expected[0])
        assert advance(state, tables, which, 1, current) == pytest.approx(highest, abs=1e-9)
        np.testing.assert_allclose(state, expected, rtol=1e-10, atol=1e-10)


@settings(max_examples=10, deadline=None)
@given(AXONS, st.integers(1, 60), st.integers(1, 60))
def test_a_walk_can_be_taken_in_parts(axon: Axon, first: int, second: int) -> None:
    """To the last digit: what is kept between two steps is the state and nothing else."""
    tables = tables_of(axon)
    whole = np.concatenate([[-80.0, -80.0], np.full(tables.gate_place.size, 0.3)])
    parts = whole.copy()
    highest = advance(whole, tables, 0, first + second, 500.0)
    assert max(advance(parts, tables, 0, n, 500.0) for n in (first, second)) == highest
    assert np.array_equal(whole, parts)


def test_a_walk_ends_where_it_is_told() -> None:
    tables = tables_of(Axon())
    start = np.concatenate([[-80.0, -80.0], np.full(tables.gate_place.size, 0.0)])
    state = start.copy()
    assert walk(state, tables, SHORT, 400, 2000.0, -40.0, np.inf) == state[0]
    assert -40.0 < state[0] < -30.0
    before = state[0]
    assert walk(state, tables, SHORT, 400, -200.0, 0.0, 0.0) == pytest.approx(before, abs=2.0)
    assert before - 2 * FALLEN_MV < state[0] < before - FALLEN_MV / 2


def test_a_channel_that_is_not_written_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    steeper = replace(channels.HCN, gates=(replace(channels.HCN.gates[0], power=2),))
    monkeypatch.setattr(_tables, "INTERNODE", (*channels.INTERNODE[:2], steeper))
    with pytest.raises(NotImplementedError, match="_walk"):
        tables_of(Axon())
