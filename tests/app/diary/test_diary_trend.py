"""Whether the answer "more", "less" or neither can be trusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import binom, chi2
from tests.app.diary.builders import at, entries, on

from whytwitch.app.diary import Entry, Measured, trend
from whytwitch.app.diary._plot import plots, shown_days
from whytwitch.app.diary._rates import exact_interval
from whytwitch.app.diary._regression import fit
from whytwitch.app.diary._trend import MONTH_DAYS, PRIOR_SD

MINUTES = np.array([1.0, 1.0, 2.0, 5.0, 10.0])


def made_up(rng: np.random.Generator, n: int, change: float, shape: float, hold: float = 0.0) -> list[Entry]:
    """A diary whose rate changes by exp(change) a month and scatters by a gamma law of this shape.

    ``hold`` is the correlation of one day with the next.
    """
    day = np.sort(rng.choice(int(2.5 * n), n, replace=False))
    minutes = rng.choice(MINUTES, n)
    scatter = rng.gamma(shape, 1.0 / shape, n)
    if hold:
        spread = np.log1p(1.0 / shape) ** 0.5
        level = rng.normal(size=n)
        for i in range(1, n):
            kept = hold ** (day[i] - day[i - 1])
            level[i] = kept * level[i - 1] + (1.0 - kept**2) ** 0.5 * level[i]
        scatter = np.exp(spread * level - spread**2 / 2.0)
    counts = rng.poisson(2.0 * minutes * np.exp(change * day / MONTH_DAYS) * scatter)
    return [on(int(d), int(c), float(m)) for d, c, m in zip(day, counts, minutes, strict=True)]


# --- intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.36, 121.63)]
)
def test_exact_intervals_are_the_tabulated_ones(count: int, low: float, high: float) -> None:
    assert exact_interval(count, 1.0) == pytest.approx((low, high), abs=0.006)


@given(st.integers(0, 5000), st.floats(0.1, 1440))
def test_exact_intervals_are_quantiles_of_chi_square(count: int, minutes: float) -> None:
    low, high = exact_interval(count, minutes)
    assert low * minutes == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 if count else 0.0, rel=1e-9)
    assert high * minutes == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-9)


def coverage(n: int, change: float, shape: float, hold: float, reps: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(reps):
        found = trend(made_up(rng, n, change, shape, hold))
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= np.exp(change) <= found.high
    return hits / reps


@pytest.mark.slow
@pytest.mark.parametrize(("n", "change", "shape"), [(12, 0.0, 1.0), (25, 0.4, 1.0), (40, -0.4, 3.0)])
def test_intervals_of_overdispersed_counts_hold_as_often_as_they_say(
    n: int, change: float, shape: float
) -> None:
    reps = 120
    # Neither below nor above 95 % by more than counting error allows; a few days are meant to be careful.
    low, high = binom.ppf([0.001, 0.999], reps, 0.95) / reps
    share = coverage(n, change, shape, 0.0, reps, seed=n)
    assert low <= share
    assert share <= high or n < 20


@pytest.mark.slow
def test_long_bouts_cost_coverage_but_not_much() -> None:
    assert coverage(30, 0.0, 2.0, 0.7, 100, seed=5) >= 0.82


def test_the_fit_is_the_likeliest_negative_binomial_for_its_scatter() -> None:
    rng = np.random.default_rng(8)
    n = 30
    design = np.column_stack([np.ones(n), np.linspace(-1, 1, n)])
    minutes = rng.choice(MINUTES, n)
    counts = rng.poisson(3 * minutes * rng.gamma(2.0, 0.5, n)).astype(float)
    found = fit(design, counts, minutes, np.array([np.inf, PRIOR_SD]))
    size = 1.0 / found.scatter
    held = (1.0 + found.correlation) / (1.0 - found.correlation)

    def loss(coefficients: np.ndarray) -> float:
        mean = minutes * np.exp(design @ coefficients)
        log = (
            gammaln(counts + size)
            - gammaln(size)
            + counts * np.log(mean)
            - (counts + size) * np.log(mean + size)
        )
        return -log.sum() + held * coefficients[1] ** 2 / (2 * PRIOR_SD**2)

    best = minimize(
        loss, found.coefficients + 0.1, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}
    )
    assert found.coefficients == pytest.approx(best.x, abs=1e-5)
    mean = minutes * np.exp(design @ found.coefficients)
    assert np.sum((counts - mean) ** 2 / (mean + found.scatter * mean**2)) == pytest.approx(n - 2, rel=0.02)


def test_counts_that_scatter_less_than_chance_are_still_a_poisson_fit() -> None:
    found = fit(
        np.column_stack([np.ones(12), np.arange(12.0)]),
        np.full(12, 7.0),
        np.ones(12),
        np.array([np.inf, 1.5]),
    )
    assert found.scatter == 0.0
    assert np.exp(found.coefficients[0]) == pytest.approx(7.0)
    assert found.covariance[0, 0] == pytest.approx(np.linalg.inv(
        7.0 * np.array([[12.0, 66.0], [66.0, 506.0]]) + np.diag([0.0, 1 / 1.5**2])
    )[0, 0])  # fmt: skip


# --- answers --------------------------------------------------------------------------------------


def test_clear_changes_are_told_and_chance_is_not() -> None:
    rng = np.random.default_rng(2)
    assert trend(made_up(rng, 40, 0.9, 4.0)).answer == "more"
    assert trend(made_up(rng, 40, -0.9, 4.0)).answer == "less"
    steady = trend([on(2 * i, 60, 10.0) for i in range(30)])
    assert (steady.answer, steady.steady) == ("no clear change", True)


def test_few_entries_a_short_time_or_no_twitch_are_too_early() -> None:
    few = trend([on(5 * i, 3) for i in range(7)])
    assert (few.answer, few.early, few.per_month, few.band) == ("too early", "days", None, ())
    assert trend([on(i, 3) for i in range(10)]).early == "span"
    assert trend([on(3 * i, 0) for i in range(10)]).early == "none"
    assert trend([]).first is None


def test_one_half_without_a_twitch_stays_finite() -> None:
    found = trend([on(2 * i, 0 if i < 10 else 5) for i in range(20)])
    assert found.answer == "more"
    assert found.high is not None
    assert np.isfinite(found.high)


def test_a_day_is_one_observation_and_longer_watching_weighs_more() -> None:
    found = trend([on(0, 3, 1.0), on(0.1, 5, 3.0), on(9, 1)])
    assert [(d.twitches, d.minutes) for d in found.days] == [(8, 4.0), (1, 1.0)]


def test_guesses_are_left_out_and_counted() -> None:
    counted = [on(2 * i, 4) for i in range(10)]
    guessed = [on(2 * i + 1, daily="hundreds") for i in range(6)]
    found = trend([*counted, *guessed])
    assert found.guesses == 6
    assert found.per_month == trend(counted).per_month


def test_recordings_are_used_only_where_counts_do_not_suffice() -> None:
    measured = [on(3 * i, measured=Measured(per_minute=4, clean_minutes=5)) for i in range(10)]
    assert trend(measured).source == "recordings"
    assert trend(measured).days[0].twitches == 20
    assert trend([*measured, *(on(3 * i, 2) for i in range(10))]).source == "counts"


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=25), st.randoms())
def test_any_diary_gets_finite_numbers_whatever_its_order(diary: list[Entry], random) -> None:
    found = trend(diary)
    shuffled = list(diary)
    random.shuffle(shuffled)
    assert trend(shuffled) == found
    numbers = [
        found.per_month,
        found.low,
        found.high,
        *(v for p in found.band for v in (p.low, p.middle, p.high)),
    ]
    assert all(np.isfinite(v) and v >= 0 for v in numbers if v is not None)
    for plot in plots(found):
        for mark in plot.marks:
            assert plot.left <= mark.x <= plot.right
            assert plot.top <= mark.top <= mark.y <= mark.bottom <= plot.bottom


def test_long_diaries_are_drawn_by_week_and_lose_nothing() -> None:
    diary = [on(i, i % 5, 2.0) for i in range(400)]
    days = trend(diary).days
    weeks = shown_days(days)
    assert len(weeks) == 58
    assert sum(w.twitches for w in weeks) == sum(d.twitches for d in days)
    assert sum(w.minutes for w in weeks) == 800
    assert all(week.day.weekday() == 0 for week in weeks)


def test_places_are_looked_at_alone() -> None:
    from whytwitch.app.diary._rates import at as only

    diary = [on(0, 1, places=[at("calf", "left")]), on(1, 2, places=[at("eyelid")])]
    assert only(diary, diary[0].places[0]) == (diary[0],)
    assert only(diary, None) == tuple(diary)
