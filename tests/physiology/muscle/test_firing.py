"""When units discharge: rates, regularity, doublets by the recovery cycle, trains, effort."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.muscle import Fasciculation, RecoveryCycle, Train, Voluntary
from whytwitch.physiology.muscle._firing import fasciculate, fire_train
from whytwitch.physiology.muscle._voluntary import contract

HOUR = 3600.0


def of_kind(found: list, kind: str, unit: int | None = None) -> np.ndarray:
    return np.array([f.onset_s for f in found if f.kind == kind and unit in (None, f.unit)])


def deeper(cycle: RecoveryCycle, factor: float) -> RecoveryCycle:
    change = tuple(c * factor if c < 0 else c for c in cycle.threshold_change_percent)
    return RecoveryCycle(cycle.interval_ms, change)


def doublets(share: float, cycle: RecoveryCycle, seed: int = 0) -> tuple[float, np.ndarray]:
    """Share of first discharges that are followed at once, and the intervals in ms."""
    plan = Fasciculation(rate_per_min=60, units=5, doublet_share=share, recovery=cycle)
    found = fasciculate(plan, 20, 4 * HOUR, np.random.default_rng(seed))
    step = [1000 * (b.onset_s - a.onset_s) for a, b in pairwise(found) if b.kind == "doublet"]
    return len(step) / len(of_kind(found, "fasciculation")), np.array(step)


@settings(max_examples=8)
@given(st.floats(1.0, 300.0), st.integers(1, 30), st.integers(0, 999))
def test_the_rate_is_what_was_asked_for(rate: float, units: int, seed: int) -> None:
    plan = Fasciculation(rate_per_min=rate, units=units, doublet_share=0.0)
    found = fasciculate(plan, 40, HOUR, np.random.default_rng(seed))
    expected = rate * 60
    assert abs(len(found) - expected) <= 6 * np.sqrt(expected)
    assert len({f.unit for f in found}) <= units


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0])
def test_intervals_are_as_regular_as_asked_for(shape: float) -> None:
    plan = Fasciculation(unit_rates_per_min=(30.0,), regularity=shape, doublet_share=0.0)
    steps = np.diff(of_kind(fasciculate(plan, 1, 4 * HOUR, np.random.default_rng(1)), "fasciculation"))
    assert steps.std() / steps.mean() == pytest.approx(shape**-0.5, rel=0.06)
    # A process that has always been going on: its first discharge is no special moment.
    firsts = [
        of_kind(fasciculate(plan, 1, 60, np.random.default_rng(k)), "fasciculation")[:1] for k in range(300)
    ]
    wait = gamma(shape, scale=2.0 / shape).sf(np.linspace(0, 1, 1001)).mean() / 2.0
    assert np.mean([f[0] < 1.0 for f in firsts if len(f)]) == pytest.approx(wait, abs=0.1)


def test_doublets_come_when_the_axon_is_superexcitable() -> None:
    normal = RecoveryCycle.normal()
    share, steps = doublets(0.05, normal)
    assert share == pytest.approx(0.053, abs=0.01)  # a third discharge now and then
    assert steps.min() >= 2.0
    assert 3.0 < np.median(steps) < 9.0
    assert np.mean(steps < 15.0) > 0.9
    more, quick = doublets(0.05, deeper(normal, 1.5))
    fewer, _ = doublets(0.05, deeper(normal, 0.3))
    assert fewer < 0.6 * share < share < 0.7 * more
    assert np.mean((quick > 3) & (quick < 15)) > 0.9
    assert doublets(0.0, normal)[0] == 0.0


def test_the_normal_recovery_cycle_is_the_published_one() -> None:
    """Median motor axons of 280 people: superexcitability 25.5 % at 5 ms, subexcitability 16 % at 42 ms."""
    cycle = RecoveryCycle.normal()
    change = dict(zip(cycle.interval_ms, cycle.threshold_change_percent, strict=True))
    assert (change[5.0], change[42.0]) == (pytest.approx(-25.5, abs=0.05), pytest.approx(16.1, abs=0.05))
    chance = cycle.chance(np.array([1.0, 5.0, 42.0, 500.0]))
    assert chance[0] == 0.0
    assert chance[3] == 1.0
    assert chance[2] < 1.0 < chance[1]


def test_f_waves_return_after_the_published_delay() -> None:
    plan = Fasciculation(unit_rates_per_min=(20.0,), doublet_share=0.0, f_wave_share=0.4)
    found = fasciculate(plan, 1, HOUR, np.random.default_rng(2))
    first, back = of_kind(found, "fasciculation"), of_kind(found, "f_wave")
    assert len(back) / len(first) == pytest.approx(0.4, abs=0.06)
    delay = 1000 * (back - first[np.searchsorted(first, back) - 1])
    assert 32.0 < np.median(delay) < 35.0
    assert {f.origin for f in found if f.kind == "f_wave"} == {"soma"}


def test_bursts_of_neuromyotonia_slow_down_and_myokymia_returns() -> None:
    burst = Train(0, bursts_per_min=6, discharges=40, rate_hz=200, lengthening=0.05, interval_cv=0.0)
    steps = np.diff(of_kind(fire_train(burst, 1, HOUR, np.random.default_rng(3)), "train"))
    inner = steps[steps < 1.0]
    assert inner.min() == pytest.approx(1 / 200)
    growth = inner[1:] / inner[:-1]
    assert np.median(growth) == pytest.approx(1.05, abs=1e-6)
    found = of_kind(fire_train(Train.myokymia(0), 1, HOUR, np.random.default_rng(4)), "myokymia")
    starts = found[np.concatenate([[True], np.diff(found) > 0.5])]
    assert len(starts) == pytest.approx(30 * 60, rel=0.1)
    assert np.diff(starts).std() / np.diff(starts).mean() < 0.35


def test_small_units_are_recruited_first_and_intervals_vary_as_asked() -> None:
    rank = np.linspace(0, 1, 40)
    ramp = Voluntary((0.0, 20.0, 60.0), (0.0, 0.5, 0.5), isi_cv=0.18)
    found = contract(ramp, rank, 60.0, np.random.default_rng(5))
    first = np.array([min((f.onset_s for f in found if f.unit == k), default=np.inf) for k in range(40)])
    active = np.isfinite(first)
    assert 5 < active.sum() < 40
    assert not active[np.flatnonzero(active).max() + 1 :].any()
    assert np.corrcoef(first[active], rank[active])[0, 1] > 0.9
    steady = np.array(sorted(f.onset_s for f in found if f.unit == 0 and f.onset_s > 22))
    steps = np.diff(steady)
    assert steps.std() / steps.mean() == pytest.approx(0.18, abs=0.04)
    assert 8 <= 1 / steps.mean() <= 35


def test_tremor_groups_the_discharges() -> None:
    drive = Voluntary((0.0, 0.1, 59.9, 60.0), (0.3, 0.3, 0.3, 0.3), tremor_hz=6.0, tremor_depth=1.0)
    found = contract(drive, np.linspace(0, 1, 30), 60.0, np.random.default_rng(6))
    phase = np.exp(2j * np.pi * 6.0 * np.array([f.onset_s for f in found]))
    assert abs(phase.mean()) > 0.5
    assert drive.stretches_s().tolist() == [[0.0, 60.0]]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Fasciculation(rate_per_min=-1), "rate_per_min.*-1.*0 to 6000"),
        (lambda: Fasciculation(distal_origin="moon"), "distal_origin.*moon"),
        (lambda: Fasciculation(doublet_share=float("nan")), "doublet_share.*nan"),
        (lambda: Train(rate_hz=900), "rate_hz of a train.*900"),
        (lambda: RecoveryCycle((2.0, 1.0), (0.0, 0.0)), "must increase"),
        (lambda: RecoveryCycle((2.0,), (0.0,)), "two or more"),
        (lambda: Voluntary((0.0, 1.0), (0.0, 1.5)), "level.*1.5"),
        (lambda: Voluntary((1.0, 0.0), (0.0, 0.5)), "must increase"),
        (lambda: fire_train(Train(9), 5, 10.0, np.random.default_rng(0)), "rows 0 to 4"),
        (
            lambda: fasciculate(Fasciculation(unit_rates_per_min=(1.0,)), 2, 1.0, np.random.default_rng(0)),
            "2 units",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(make: object, says: str) -> None:
    with pytest.raises(PhysiologyError, match=says):
        make()
