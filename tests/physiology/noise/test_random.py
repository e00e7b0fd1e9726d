"""Random numbers: the generator bit by bit, binomial numbers by their distribution."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from whytwitch.physiology.noise._random import binomial, seeded, uniform

MASK = 2**64 - 1


@njit
def _binomials(random, trials, chance, out):  # type: ignore[no-untyped-def]
    for k in range(out.size):
        out[k] = binomial(random, trials, chance)


def _turned(x: int, by: int) -> int:
    return ((x << by) | (x >> (64 - by))) & MASK


def test_generator_is_xoshiro_seeded_by_splitmix() -> None:
    seed, words = 12345, []
    for k in range(1, 5):
        z = (seed + k * 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        words.append(z ^ (z >> 31))
    state = seeded(np.uint64(seed))
    assert state.tolist() == words
    for _ in range(50):
        a, b, c, d = words
        expected = (_turned((a + d) & MASK, 23) + a) & MASK
        c, d = c ^ a, d ^ b
        words = [a ^ d, b ^ c, c ^ ((b << 17) & MASK), _turned(d, 45)]
        assert uniform(state) == (expected >> 11) * 2.0**-53
    assert state.tolist() == words


@pytest.mark.parametrize(
    ("trials", "chance"),
    [
        (1, 0.3), (7, 0.5), (12, 0.9), (40, 0.02), (900, 0.0099), (900, 0.0105), (19, 0.5), (21, 0.5),
        (30, 0.4), (1000, 0.0101), (50_000, 1e-5), (50_000, 2.2e-4), (50_000, 0.03), (300, 0.97), (400, 0.5),
    ],
)  # fmt: skip
def test_binomial_has_the_distribution(trials: int, chance: float) -> None:
    drawn = np.empty(200_000)
    _binomials(seeded(np.uint64(trials)), float(trials), chance, drawn)
    assert np.all((drawn == np.floor(drawn)) & (drawn >= 0) & (drawn <= trials))
    law = stats.binom(trials, chance)
    low, high = int(law.ppf(2e-4)), int(law.ppf(1 - 2e-4))
    edges = np.arange(low, high + 1)
    expected = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    counted = np.bincount(np.searchsorted(edges, drawn), minlength=edges.size + 1)
    keep = expected * drawn.size > 5
    expected_kept = np.append(expected[keep], expected[~keep].sum())
    counted_kept = np.append(counted[keep], counted[~keep].sum())
    some = expected_kept * drawn.size > 1e-6
    chi = np.sum(
        (counted_kept[some] - expected_kept[some] * drawn.size) ** 2 / (expected_kept[some] * drawn.size)
    )
    # Fifteen cases, each wrong by luck once in 100,000.
    assert stats.chi2.sf(chi, some.sum() - 1) > 1e-5


@pytest.mark.parametrize(
    ("trials", "chance", "sure"), [(5.0, 0.0, 0.0), (5.0, 1.0, 5.0), (0.0, 0.4, 0.0), (1e6, 1.0, 1e6)]
)
def test_binomial_where_there_is_no_choice(trials: float, chance: float, sure: float) -> None:
    drawn = np.empty(100)
    _binomials(seeded(np.uint64(1)), trials, chance, drawn)
    assert np.all(drawn == sure)
