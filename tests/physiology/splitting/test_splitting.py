"""Splitting against chains whose rate is known exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.physiology.splitting.particles import (
    Floats,
    Particle,
    birth_death,
    compiled,
    diffusion,
    double_well,
    hidden_barrier,
    normal,
    ornstein_uhlenbeck,
)

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.splitting import Levels, counted_interval, direct, place_levels, split
from whytwitch.physiology.splitting._levels import dealt


@cache
def walker() -> tuple[Particle, float]:
    return birth_death(0.35, 14)


def test_the_exact_rate_of_the_walk_is_that_of_the_textbook() -> None:
    """Mean time from 0 to b of a walk that stays at 0 when it would fall: sums of (q/p)**k."""
    up, top = 0.35, 14
    odds = (1 - up) / up
    time = sum(sum(odds**k for k in range(j + 1)) / up for j in range(top))
    assert birth_death(up, top)[1] == pytest.approx(1e4 / time, rel=1e-9)


def test_each_replicate_is_unbiased_however_small() -> None:
    process, exact = walker()
    found = split(process, relative_error=0.5, replicates=250, seed=4, threads=1)
    assert found.method == "splitting"
    error = found.estimates_hz.std(ddof=1) / math.sqrt(found.estimates_hz.size)
    assert error < 0.08 * exact
    assert abs(found.estimates_hz.mean() - exact) < 4 * error


@pytest.mark.parametrize(
    "make",
    [
        lambda: double_well(0.2),
        lambda: ornstein_uhlenbeck(4.5),
        lambda: hidden_barrier(0.25, 0.12, 0.005),
        # Steps as large as the well: a step jumps over levels.
        lambda: diffusion((0.0, -0.5, 0.0), 1.0, 1.0, -1.0, 5.0),
    ],
    ids=["double well", "Ornstein-Uhlenbeck", "hidden barrier", "jumps"],
)
def test_intervals_hold_the_truth(make: object) -> None:
    """Of 16 intervals of 95 % more than 4 miss with a chance of 1 in 1000."""
    process, exact = make()  # type: ignore[operator]
    runs = [split(process, relative_error=0.3, seed=seed, threads=1) for seed in range(16)]
    assert all(run.method == "splitting" and run.converged for run in runs)
    assert sum(not run.low_hz <= exact <= run.high_hz for run in runs) <= 4
    ratios = np.array([run.rate_hz for run in runs]) / exact
    assert abs(ratios.mean() - 1) < 4 * ratios.std(ddof=1) / math.sqrt(16)


def test_the_digits_do_not_depend_on_threads() -> None:
    process, _ = walker()
    one, two = (split(process, relative_error=0.3, seed=5, threads=n) for n in (1, 2))
    np.testing.assert_array_equal(one.estimates_hz, two.estimates_hz)
    np.testing.assert_array_equal(one.entrances, two.entrances)
    assert (one.rate_hz, one.low_hz, one.node_steps) == (two.rate_hz, two.low_hz, two.node_steps)
    assert split(process, relative_error=0.3, seed=6).rate_hz != one.rate_hz


def test_the_parts_agree() -> None:
    process, exact = double_well(0.16)
    found = split(process, relative_error=0.2, seed=1)
    assert found.rate_hz == pytest.approx(found.estimates_hz.mean())
    assert found.rate_hz == pytest.approx(found.flux_hz * found.probabilities.prod())
    assert found.weights.sum() == pytest.approx(1.0)
    assert len(found.weights) == len(found.entrances)
    assert (found.entrances[:, 0] >= process.event_level).all()
    assert 0 < found.pilot_steps < found.node_steps
    assert found.normalized_variance == pytest.approx(found.relative_error**2 * found.node_steps)
    assert found.normalized_variance < 0.1 / (exact * process.step_ms * 1e-3)
    assert found.checks.levels
    assert all(abs(check.z) < 4 for check in found.checks.levels)
    assert found.checks.warnings == ()


def test_levels_can_be_kept() -> None:
    process, exact = walker()
    levels = place_levels(process, seed=2)
    found = split(process, levels=levels, relative_error=0.3, seed=3)
    np.testing.assert_array_equal(found.levels, levels.values)
    assert found.low_hz <= exact <= found.high_hz


def test_a_frequent_event_is_counted() -> None:
    process, exact = ornstein_uhlenbeck(1.8)
    found = split(process, seed=1)
    assert found.method == "direct"
    assert found.converged
    assert found.low_hz <= exact <= found.high_hz
    assert found.levels.tolist() == [process.event_level]


def test_counting_gives_the_exact_rate() -> None:
    process, exact = ornstein_uhlenbeck(2.5)
    found = direct(process, round(400 / (exact * process.step_ms * 1e-3)), seed=3)
    # 400 events; the dispersion of 16 Poisson counts is below 2.6 but for 1 in 1000, and taken as 1 at least.
    assert 0.045 < found.relative_error < 0.085
    assert abs(found.rate_hz / exact - 1) < 4 * found.relative_error
    time_s = 16 * math.ceil(round(400 / (exact * process.step_ms * 1e-3)) / 16) * process.step_ms * 1e-3
    assert len(found.entrances) == round(found.rate_hz * time_s)


def test_nothing_counted_gives_an_upper_end() -> None:
    process, exact = ornstein_uhlenbeck(5.5)
    found = direct(process, 100_000, seed=1)
    assert found.rate_hz == found.low_hz == 0.0
    # Garwood: with no event, -log(0.025) events are the upper end.
    assert found.high_hz == pytest.approx(-math.log(0.025) / (100_000 * process.step_ms * 1e-3))
    assert found.high_hz > exact
    assert not found.converged


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)])
def test_intervals_of_counts_are_garwoods(count: int, low: float, high: float) -> None:
    assert counted_interval(count, 0.95) == pytest.approx((low, high), abs=1e-3)
    wide = counted_interval(count, 0.95, dispersion=4.0)
    assert wide[0] <= low + 1e-3
    assert wide[1] > high


@given(st.integers(1, 200), st.integers(1, 500), st.integers(0, 2**32))
def test_starts_are_dealt_evenly(of: int, count: int, seed: int) -> None:
    times = np.bincount(dealt(np.random.default_rng(seed), of, count), minlength=of)
    assert times.sum() == count
    assert times.max() - times.min() <= 1


@compiled
def falling(state: Floats, random: NDArray[np.uint64], p: Floats) -> None:
    """A particle drawn to 0 whose coordinate falls to -1 on the last stretch before the event."""
    state[1] += -state[1] * p[0] + p[1] * normal(random)
    state[0] = state[1] if state[1] < 3.0 else (-1.0 if state[1] < 4.0 else 100.0)


def test_a_coordinate_that_falls_on_the_way_is_told() -> None:
    process = Particle(
        falling, np.array([0.05, math.sqrt(0.1)]), np.zeros(2), np.array([-0.5, -0.5]), 100.0, 0.05, 400
    )
    found = split(process, relative_error=0.3, seed=1)
    assert any("fell back" in warning for warning in found.checks.warnings)


def test_a_second_resting_state_is_an_error() -> None:
    process, _ = double_well(0.16)
    with pytest.raises(PhysiologyError, match="second resting state"):
        split(process, max_shot_steps=20)


def test_what_cannot_happen_is_an_error() -> None:
    process, _ = double_well(0.16)
    with pytest.raises(PhysiologyError, match="does not vary"):
        split(replace(process, parameters=process.parameters * [1, 1, 1, 1, 1, 0, 1], settle=20_000))
    with pytest.raises(PhysiologyError, match=r"out of reach|too rare"):
        split(replace(birth_death(0.05, 9)[0], event_level=1e6))


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"relative_error": 0.001}, "relative_error"),
        ({"replicates": 3}, "replicates"),
        ({"confidence": 1.0}, "confidence"),
        ({"seed": -1}, "seed"),
        ({"threads": 0}, "threads"),
        ({"max_node_steps": 200_000}, "max_node_steps"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, object], match: str) -> None:
    with pytest.raises(PhysiologyError, match=match):
        split(walker()[0], **arguments)  # type: ignore[arg-type]


def test_levels_must_ascend() -> None:
    with pytest.raises(PhysiologyError, match="ascend"):
        Levels(leave=1.0, values=np.array([1.0]), probabilities=np.empty(0), crossings_per_step=0.1)
    with pytest.raises(PhysiologyError, match="one a level"):
        Levels(leave=0.0, values=np.array([1.0]), probabilities=np.ones(1), crossings_per_step=0.1)
    with pytest.raises(PhysiologyError, match="crossings_per_step"):
        Levels(leave=0.0, values=np.array([1.0]), probabilities=np.empty(0), crossings_per_step=0.0)


def test_too_few_steps_give_a_rate_that_has_not_converged() -> None:
    process, exact = double_well(0.16)
    found = split(process, relative_error=0.02, seed=1, max_node_steps=8_000_000)
    assert not found.converged
    assert found.node_steps < 8_800_000
    assert found.low_hz <= exact <= found.high_hz


def test_progress_is_told_and_can_end_the_work() -> None:
    told: list[tuple[str, float]] = []
    split(walker()[0], relative_error=0.3, seed=1, progress=lambda stage, share: told.append((stage, share)))
    assert {"pilot", "sizing", "16 replicates"} <= {stage for stage, _ in told}
    assert all(0 <= share <= 1 for _, share in told)

    def stop(stage: str, _share: float) -> None:
        if stage == "sizing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        split(walker()[0], progress=stop)
