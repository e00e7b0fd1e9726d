"""Exact intervals against published tables, other formulas and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from whytwitch.recording.measures._estimates import (
    excess_probability,
    median,
    mirrored,
    per_minute,
    poisson_limits,
    share,
)


# Garwood's limits as tabulated, for example, by Ulm 1990 (Am J Epidemiol 131:373) and every textbook.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_poisson_limits_are_those_of_the_tables(count: int, low: float, high: float) -> None:
    assert poisson_limits(count) == pytest.approx((low, high), abs=2e-3)


@pytest.mark.parametrize("mean", [0.3, 1.0, 4.0, 12.0])
def test_poisson_limits_cover_at_least_what_they_promise(mean: float) -> None:
    counts = np.arange(0, 80)
    inside = [low <= mean <= high for low, high in map(poisson_limits, counts.tolist())]
    assert float(stats.poisson.pmf(counts, mean) @ np.array(inside)) >= 0.95


def test_poisson_limits_cover_in_simulation() -> None:
    counts = np.random.default_rng(5).poisson(7.3, 4000)
    assert np.mean([low <= 7.3 <= high for low, high in map(poisson_limits, counts.tolist())]) >= 0.95


def test_a_rate_scales_with_time() -> None:
    rate = per_minute(5, 30.0)
    assert (rate.value, rate.n) == (10.0, 5)
    assert (rate.low, rate.high) == pytest.approx((2 * 1.6235, 2 * 11.6683), abs=1e-3)
    assert per_minute(5, 0.0).value is None


@given(st.integers(1, 60), st.data())
def test_shares_have_the_limits_of_clopper_and_pearson(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    found = share(count, of)
    exact = stats.binomtest(count, of).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_no_share_of_nothing() -> None:
    assert share(0, 0).value is None


def test_a_median_needs_six_values_for_limits() -> None:
    assert median([1, 2, 3, 4, 5]).low is None
    six = median([6, 1, 5, 2, 4, 3])
    assert (six.value, six.low, six.high) == (3.5, 1.0, 6.0)
    # With 20 values the limits are the 6th and the 15th (binomial table: 2 P(X <= 5) = 0.041).
    twenty = median(range(1, 21))
    assert (twenty.low, twenty.high) == (6.0, 15.0)


@pytest.mark.parametrize("n", [6, 11, 40])
def test_median_limits_cover_whatever_the_distribution(n: int) -> None:
    rows = np.random.default_rng(n).lognormal(0.0, 1.5, (2000, n))
    found = [median(row) for row in rows]
    assert np.mean([f.low <= 1.0 <= f.high for f in found if f.low and f.high]) >= 0.94


def test_unknown_values_do_not_count() -> None:
    assert median([np.nan, 2.0, 4.0]).n == 2
    assert median([np.nan]).value is None


def test_a_mirrored_estimate_turns_its_limits() -> None:
    turned = mirrored(share(3, 4))
    assert turned.value == pytest.approx(0.25)
    assert turned.low is not None and turned.high is not None
    assert turned.low < 0.25 < turned.high


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.05, 0.95))
def test_the_tail_is_that_of_the_binomial(count: int, more: int, p: float) -> None:
    of = count + more
    expected = stats.binom.sf(count - 1, of, p)
    assert excess_probability(count, of, p) == pytest.approx(expected, abs=1e-9)
