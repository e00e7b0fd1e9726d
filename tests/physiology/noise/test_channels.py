"""Channels at a potential that is held: exact in one step, at rest, and in time."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import stats
from scipy.linalg import expm

from whytwitch.physiology import Axon
from whytwitch.physiology.axon import GRID, Rest, Tables, rest_of
from whytwitch.physiology.noise import MarkovNode, Patch, rest_state
from whytwitch.physiology.noise._kernel import SCRATCH, Membrane, turn_gates
from whytwitch.physiology.noise._random import seeded

Floats = NDArray[np.float64]
TURN = 4
"""Steps in which every gate has had its turn, the slow ones once."""


@cache
def at_rest() -> Rest:
    return rest_of(Axon())


@njit
def _turned(state, membrane, random, scratch, every, kept, again):  # type: ignore[no-untyped-def]
    """Rows of states: each from the last, or each from the start."""
    first = state.copy()
    for n in range(kept.shape[0]):
        if again:
            state[:] = first
        for _ in range(every):
            turn_gates(state, membrane, random, scratch)
        kept[n] = state


def turned(membrane: Membrane, state: Floats, rows: int, every: int, *, again: bool, seed: int = 1) -> Floats:
    kept = np.empty((rows, state.size))
    _turned(
        state.copy(), membrane, seeded(np.uint64(seed)), np.empty(SCRATCH), every,
        kept, again,
    )  # fmt: skip
    return kept


LAG = 8


def transitions(tables: Tables, current: int, node_mv: float, steps: int) -> Floats:
    """Of one channel, from the generator of its chain: (states, states)."""
    width = int(tables.power[current]) + 1
    pairs = []
    for gate in (tables.first[current], tables.second[current]):
        if gate >= 0:
            steady = np.interp(node_mv, GRID, tables.steady[gate])
            rate = -np.log(np.interp(node_mv, GRID, tables.decay[0, gate])) / tables.steps_ms[0]
            pairs.append((steady * rate, (1 - steady) * rate))
    size = width * len(pairs)
    generator = np.zeros((size, size))
    for side in range(len(pairs)):
        for i in range(width):
            here = side * width + i
            if i < width - 1:
                generator[here, here + 1] = (width - 1 - i) * pairs[0][0]
            if i > 0:
                generator[here, here - 1] = i * pairs[0][1]
            if len(pairs) > 1:
                generator[here, here + width if side == 0 else here - width] = pairs[1][side]
    generator -= np.diag(generator.sum(axis=1))
    return np.asarray(expm(generator * tables.steps_ms[0] * steps), np.float64)


def part(membrane: Membrane, current: int) -> slice:
    return slice(int(membrane.start[current]), int(membrane.opened[current]) + 1)


@pytest.mark.parametrize("node_mv", [-82.03, -52.31, 11.72])
@pytest.mark.parametrize("scale", [3.0, 700.0])
def test_a_turn_of_all_gates_is_multinomial(node_mv: float, scale: float) -> None:
    patch = Patch(Axon())
    membrane = MarkovNode(patch).membrane
    state = rest_state(patch, at_rest(), at_mv=node_mv)
    for k in range(4):
        state[part(membrane, k)] = np.round(scale * (1 + np.arange(state[part(membrane, k)].size) % 4))
        membrane.total[k] = state[part(membrane, k)].sum()
    kept = turned(membrane, state, 6000, TURN, again=True)
    for k in range(4):
        chances, before = transitions(at_rest().tables, k, node_mv, TURN), state[part(membrane, k)]
        after = kept[:, part(membrane, k)]
        assert np.all(after.sum(axis=1) == before.sum())
        mean = before @ chances
        covariance = np.diag(mean) - (chances.T * before) @ chances
        spread = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
        # The table is read between its points: 1e-5 of a gate.
        allowed = 5 * spread / np.sqrt(len(after)) + 3e-5 * before.sum()
        assert np.all(np.abs(after.mean(axis=0) - mean) < allowed)
        moved = spread > 0.3
        found = np.cov(after.T)[np.ix_(moved, moved)]
        if not moved.any():
            continue
        scaled = (found - covariance[np.ix_(moved, moved)]) / np.outer(spread[moved], spread[moved])
        assert np.abs(scaled).max() < 6 * np.sqrt(2 / len(after)) + 0.02


@pytest.mark.parametrize("area", [0.02, 1.0])
def test_held_channels_stay_at_rest_and_forget_as_their_chain_does(area: float) -> None:
    patch = Patch(Axon(), area)
    membrane = MarkovNode(patch).membrane
    lags = np.array([0, 5, 20, 80])
    sums, opened = [], []
    for seed in range(60):
        state = rest_state(patch, at_rest(), seed=seed, at_mv=-60.0)
        kept = turned(membrane, state, 1500, LAG, again=False, seed=seed)
        counts = kept[:, membrane.opened[:2]]
        opened.append(kept[::500, part(membrane, 0)])
        for k in range(2):
            chances = transitions(at_rest().tables, k, -60.0, 100_000)[0]
            away = counts[:, k] - membrane.total[k] * chances[-1]
            sums.append([np.mean(away[: away.size - lag] * away[lag:]) for lag in lags])
    found = np.array(sums).reshape(60, 2, lags.size)
    for k in range(2):
        steady = transitions(at_rest().tables, k, -60.0, 100_000)[0]
        exact = [
            membrane.total[k]
            * steady[-1]
            * (transitions(at_rest().tables, k, -60.0, LAG * lag)[-1, -1] - steady[-1])
            for lag in lags
        ]
        error = found[:, k].std(axis=0, ddof=1) / np.sqrt(60)
        assert np.all(np.abs(found[:, k].mean(axis=0) - exact) < 4.5 * error)
    steady = transitions(at_rest().tables, 0, -60.0, 100_000)[0]
    total = np.concatenate(opened).sum(axis=0)
    keep = steady * total.sum() > 20
    # Draws of one run are correlated over the 2500 steps between them by less than a percent.
    chi = np.sum((total - steady * total.sum())[keep] ** 2 / (steady * total.sum())[keep])
    assert stats.chi2.sf(chi, keep.sum() - 1) > 1e-5
