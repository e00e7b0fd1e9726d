"""How discharges follow each other: drawn from each model, told; too few, not told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.mechanism import infer_clustering, infer_pattern, infer_pattern_pooled

EDGES = np.geomspace(1.0, 1e6, 25)


def drawn(pattern: str, n: int, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    single = 2.0 + rng.exponential(4000.0, n)
    made = {
        "random": single,
        "doublets": np.where(rng.random(n) < 0.25, rng.uniform(4.0, 9.0, n), single),
        "rhythmic": rng.gamma(25.0, 100.0 / 25.0, n),
        "bursts": np.where(rng.random(n) < 0.9, rng.gamma(25.0, 8.0 / 25.0, n), single),
    }
    return np.maximum(made[pattern], 2.1).tolist()


@pytest.mark.parametrize("pattern", ["random", "doublets", "rhythmic", "bursts"])
def test_what_it_was_drawn_from_is_told(pattern: str) -> None:
    found = infer_pattern([drawn(pattern, 60, seed) for seed in (1, 2)])
    assert found.verdict == pattern
    assert found.intervals == 120
    assert sum(found.probabilities.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("pattern", ["random", "doublets", "rhythmic", "bursts"])
def test_few_intervals_tell_nothing(pattern: str) -> None:
    assert infer_pattern([drawn(pattern, 4, 5)]).verdict is None


def test_no_intervals_leave_the_prior() -> None:
    for found in (infer_pattern([]), infer_pattern([[], []]), infer_pattern_pooled(EDGES, [0] * 24)):
        assert list(found.probabilities.values()) == pytest.approx([0.25] * 4)
        assert (found.verdict, found.intervals) == (None, 0)


@given(st.lists(st.floats(2.5, 1e6), min_size=1, max_size=20), st.randoms())
@settings(max_examples=15, deadline=None)
def test_the_order_of_intervals_does_not_matter(row, random) -> None:
    mixed = list(row)
    random.shuffle(mixed)
    one, two = infer_pattern([row]).probabilities, infer_pattern([mixed]).probabilities
    assert dict(one) == pytest.approx(dict(two))


def test_pooled_intervals_of_units_that_differ_are_still_random() -> None:
    rng = np.random.default_rng(8)
    gaps = np.concatenate([2 + rng.exponential(4000 * np.exp(0.8 * z), 20) for z in rng.standard_normal(8)])
    found = infer_pattern_pooled(EDGES, np.histogram(gaps, EDGES)[0].tolist())
    assert found.verdict == "random"


def test_the_evidence_is_an_integral() -> None:
    """Ten counts: the Poisson evidence against quadrature, by way of the ratio to another rate prior's."""
    seen, length = [3, 1, 4, 2, 6], [1.0, 1.0, 1.0, 2.0, 2.0]
    total, minutes = sum(seen), sum(length)

    def poisson(log_rate: float) -> float:
        rate = np.exp(log_rate)
        return float(np.exp(total * log_rate - rate * minutes))

    low, high = np.log(0.01), np.log(6000.0)
    by_quad = quad(poisson, low, high, points=[np.log(total / minutes)], limit=200)[0] / (high - low)

    def clustered(log_rate: float, spread: float) -> float:
        from scipy.special import gammaln

        k, mean = 1 / spread, np.exp(log_rate) * np.array(length)
        n = np.array(seen, float)
        log = (
            gammaln(n + k)
            - gammaln(k)
            + k * np.log(k / (k + mean))
            + n * np.log(np.exp(log_rate) / (k + mean))
        )
        return float(np.exp(log.sum()))

    grid = np.linspace(np.log(0.03), np.log(10.0), 61)
    inner = [
        quad(clustered, low, high, args=(np.exp(x),), points=[np.log(total / minutes)], limit=200)[0]
        for x in grid
    ]
    other = np.trapezoid(inner, grid) / (grid[-1] - grid[0]) / (high - low)
    assert infer_clustering(seen, length) == pytest.approx(other / (other + by_quad), abs=0.02)


def test_clusters_are_told_from_chance() -> None:
    rng = np.random.default_rng(4)
    even = rng.poisson(12.0, 20)
    uneven = rng.poisson(rng.gamma(0.5, 24.0, 20))
    assert infer_clustering(even.tolist(), [1.0] * 20) < 0.3
    assert infer_clustering(uneven.tolist(), [1.0] * 20) > 0.99
    assert infer_clustering([], []) == pytest.approx(0.5)


def test_what_is_refused() -> None:
    with pytest.raises(PhysiologyError, match=r"interval of unit 2 is 0\.5"):
        infer_pattern([[5.0], [0.5]])
    with pytest.raises(PhysiologyError, match="edges of the histogram must rise"):
        infer_pattern_pooled([1.0, 1.0], [3])
    with pytest.raises(PhysiologyError, match="one more than there are counts"):
        infer_pattern_pooled([1.0, 2.0], [3, 4])
    with pytest.raises(PhysiologyError, match="counts of the histogram"):
        infer_pattern_pooled([1.0, 2.0], [-1])
    with pytest.raises(PhysiologyError, match="2 counts and 1 lengths"):
        infer_clustering([1, 2], [1.0])
    with pytest.raises(PhysiologyError, match="lengths numbers above 0"):
        infer_clustering([1], [0.0])
