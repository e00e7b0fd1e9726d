"""Random numbers of the nodes: bits as published, normal to far tails, and each lane on its own."""

from __future__ import annotations

from math import erfc, sqrt
from typing import Any

import numpy as np
import pytest

from whytwitch.physiology.nodes._random import WIDEST, fill_normals, next_normals, seed_lanes

Array = np.ndarray[Any, Any]
WORD = 2**32


@pytest.fixture(scope="module")
def normals() -> Array:
    """float32 (draws, lanes): 10 million."""
    state = seed_lanes(7, np.arange(WIDEST)).ravel()
    drawn = np.empty((80_000, WIDEST), np.float32)
    fill_normals(state, drawn)
    return drawn


def plain(state: list[int]) -> int:
    """xoshiro128++ as its authors write it, in whole numbers of Python."""

    def turned(x: int, k: int) -> int:
        return ((x << k) | (x >> (32 - k))) % WORD

    result = (turned((state[0] + state[3]) % WORD, 7) + state[0]) % WORD
    t = (state[1] << 9) % WORD
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = turned(state[3], 11)
    return result


def test_a_plain_reading_of_the_papers_gives_the_same_numbers() -> None:
    lanes = seed_lanes(3, np.arange(WIDEST))
    drawn = np.empty((40, WIDEST), np.float32)
    fill_normals(lanes.ravel().copy(), drawn)
    for lane in (0, 1, 77, WIDEST - 1):
        state = [int(word) for word in lanes[:, lane]]
        for k in range(0, 40, 2):
            far, turn = plain(state), plain(state)
            radius = sqrt(-2 * np.log(((far >> 1) + 0.5) / 2**31))
            angle = (turn - WORD if turn >= WORD // 2 else turn) / 2**31 * np.pi / 2
            sign = -1 if turn & 1 else 1
            expected = sign * radius * np.cos(angle), radius * np.sin(angle)
            np.testing.assert_allclose(drawn[k : k + 2, lane], expected, atol=3e-6)


def test_moments(normals: Array) -> None:
    """Each within five standard errors."""
    x = normals.astype(np.float64).ravel()
    n = x.size
    assert abs(x.mean()) < 5 / sqrt(n)
    assert abs((x**2).mean() - 1) < 5 * sqrt(2 / n)
    assert abs((x**3).mean()) < 5 * sqrt(15 / n)
    assert abs((x**4).mean() - 3) < 5 * sqrt(96 / n)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0, 3.0, 4.0, 5.0])
def test_tails(normals: Array, sigma: float) -> None:
    for found in (np.count_nonzero(normals > sigma), np.count_nonzero(normals < -sigma)):
        expected = normals.size * erfc(sigma / sqrt(2)) / 2
        assert abs(found - expected) < 5 * sqrt(expected) + 1


def test_the_farthest_tail_is_beyond_six() -> None:
    assert sqrt(-2 * np.log(0.5 / 2**31)) > 6.6


def test_no_correlation_in_time_between_pairs_or_between_lanes(normals: Array) -> None:
    x = normals.astype(np.float64)
    bound = 5 / sqrt(x.size)
    for lag in (1, 2, 8):
        assert abs((x[:-lag] * x[lag:]).mean()) < bound
        assert abs((x[:-lag] ** 2 * x[lag:] ** 2).mean() - 1) < 8 * 5 / sqrt(x.size)
    correlation = x.T @ x / x.shape[0]
    off = correlation[~np.eye(WIDEST, dtype=bool)]
    # The largest of 16,256 numbers that are normal with this deviation.
    assert np.max(np.abs(off)) < 5.5 / sqrt(x.shape[0])
    assert off.std() == pytest.approx(1 / sqrt(x.shape[0]), rel=0.05)


def test_neighboring_seeds_and_nodes_share_nothing() -> None:
    drawn = []
    for seed in range(64):
        state = seed_lanes(seed, np.arange(WIDEST))
        drawn.append(np.stack([next_normals(state) for _ in range(8)]))
    x = np.concatenate(drawn, axis=1).astype(np.float64)
    assert np.unique(x[0]).size > 0.99 * x.shape[1]
    across = np.array(drawn).astype(np.float64)
    assert abs((across[1:] * across[:-1]).mean()) < 5 / sqrt(across[1:].size)
    assert abs((across[:, :, 1:] * across[:, :, :-1]).mean()) < 5 / sqrt(across[:, :, 1:].size)
