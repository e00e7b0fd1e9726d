"""What the kernel reads from tables, beside direct evaluation between the points of the grid."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physiology.axon.equations import Equations

from whytwitch.physiology.axon import Axon, Tables, advance, tables_of
from whytwitch.physiology.axon._kernel import GRID, GRID_MV
from whytwitch.physiology.ions import Bath

KINDS = {
    "normal": Axon(),
    "hot": Axon(bath=Bath(temperature_c=42.0), sodium_inactivation_rate=2.0),
    "cold": Axon(bath=Bath(temperature_c=15.0), gate_shift_mv=7.3),
    "injured": Axon(sodium_left_shift_mv=21.0, sodium_left_shift_fraction=0.4),
}
GATE_ERROR = 2e-5
"""In share of gates open, and in share of the way left after a step."""


def read(table: np.ndarray, at_mv: np.ndarray) -> np.ndarray:
    index = ((at_mv - GRID[0]) / GRID_MV).astype(int)
    part = (at_mv - GRID[0]) / GRID_MV - index
    return table[index] + part * (table[index + 1] - table[index])


def between() -> np.ndarray:
    """Middles of cells, where linear interpolation is worst, over all potentials that occur."""
    return np.arange(-200.0, 80.0, 0.35) + GRID_MV / 2


def gates_in_use(axon: Axon, tables: Tables) -> list[tuple[object, float]]:
    """In the order of the tables: an axon without injury has no second sodium channels."""
    equations = Equations(axon)
    found = []
    for place in (0, 1):
        for part in equations.parts[place]:
            if part.amount > 0:
                found += [(gate, part.shift_mv) for gate in part.channel.gates]
    assert len(found) == tables.gate_place.size
    return found


@pytest.mark.parametrize("name", KINDS)
def test_gates(name: str) -> None:
    axon = KINDS[name]
    tables, equations, at = tables_of(axon), Equations(axon), between()
    for k, (gate, shift) in enumerate(gates_in_use(axon, tables)):
        speed = equations.speed(gate)  # type: ignore[arg-type]
        rates = np.array([equations.rates(gate, v, axon.bath, shift, speed) for v in at])  # type: ignore[arg-type]
        total = rates.sum(axis=1)
        np.testing.assert_allclose(read(tables.steady[k], at), rates[:, 0] / total, atol=GATE_ERROR, rtol=0)
        for which in (0, 1):
            left = np.exp(-tables.steps_ms[which] * total)
            np.testing.assert_allclose(read(tables.decay[which, k], at), left, atol=GATE_ERROR, rtol=0)


@pytest.mark.parametrize("name", KINDS)
def test_currents(name: str) -> None:
    """Net current of node and internode with random gates: within a millionth of its parts."""
    axon = KINDS[name]
    tables, equations, at = tables_of(axon), Equations(axon), between()
    shares = np.random.default_rng(5).uniform(0.1, 0.9, tables.gate_place.size)
    injured = axon.sodium_left_shift_fraction > 0
    # Without injury the equations still hold the injured channels, of which there are none.
    full = shares if injured else np.concatenate([shares[:2], shares[:2], shares[2:3], shares[2:]])
    count = len(equations.gates(0))
    for place in (0, 1):
        mine = np.full(at.shape, -tables.steady_pa[place])
        size = np.abs(mine)
        for k in np.flatnonzero(tables.place == place):
            opened = tables.amount[k]
            if tables.first[k] >= 0:
                opened *= shares[tables.first[k]] ** tables.power[k]
            if tables.second[k] >= 0:
                opened *= shares[tables.second[k]]
            flow = opened * read(tables.force[tables.drive[k]], at)
            mine, size = mine + flow, size + np.abs(flow)
        gates = full[:count] if place == 0 else full[count:]
        theirs = np.array([equations.outward(place, v, gates) for v in at])
        assert np.all(np.abs(mine - theirs) <= 1e-6 * size)


def test_slopes_are_those_of_the_forces() -> None:
    tables = tables_of(Axon())
    for force, slope in zip(tables.force, tables.slope, strict=True):
        inside = slice(1, -2)
        central = np.gradient(force, GRID_MV)[inside]
        np.testing.assert_allclose(slope[inside], central, rtol=5e-3, atol=1e-9 + 1e-3 * np.abs(slope).max())


def test_beyond_the_grid_the_kernel_finds_back() -> None:
    """Currents there are those of the grid's end, and drive the potentials home."""
    tables = tables_of(Axon())
    for start in (-1000.0, 1000.0):
        state = np.full(2 + tables.gate_place.size, 0.5)
        state[:2] = start
        for _ in range(20):
            before = state[:2].copy()
            advance(state, tables, 1, 400, 0.0)
            assert np.isfinite(state).all()
            assert np.all((np.abs(state[:2]) < np.abs(before)) | (np.abs(state[:2]) < 150.0))
        assert np.all(np.abs(state[:2]) < 150.0)
