"""The force of single motor units against human ones: twitch, fusion, force and rate, fatigue."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.knowledge import load
from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.force import MotorUnitForce, force, twitch, visibility

RATES_HZ = np.concatenate([np.arange(3.0, 20.0, 0.5), [25.0, 30.0, 50.0, 100.0]])
units = st.builds(
    MotorUnitForce,
    twitch_force_mn=st.floats(0.5, 50.0),
    contraction_time_ms=st.floats(25.0, 100.0),
    half_relaxation_ratio=st.floats(0.7, 1.7),
)


def steady(unit: MotorUnitForce, rate_hz: float) -> np.ndarray:
    """One whole second of the plateau of a train."""
    trace = force(unit, np.arange(0.0, 3.0, 1.0 / rate_hz), 1000.0, duration_s=3.0)
    whole = int(1.0 * rate_hz) / rate_hz if rate_hz > 2 else 1.0
    return trace[-50 - round(1000 * whole) : -50]


# --- one twitch -----------------------------------------------------------------------------------


@given(units)
def test_a_twitch_has_the_times_of_its_unit(unit: MotorUnitForce) -> None:
    peak_ms = unit.contraction_time_ms
    half_ms = peak_ms * (1.0 + unit.half_relaxation_ratio)
    at = twitch(unit, [-5.0, 0.0, peak_ms - 0.5, peak_ms, peak_ms + 0.5, half_ms])
    assert at[0] == at[1] == 0.0
    assert at[3] == pytest.approx(unit.twitch_force_mn)
    assert max(at[2], at[4]) < at[3]
    assert at[5] == pytest.approx(0.5 * unit.twitch_force_mn)


def test_the_plain_twitch_is_fuglevands() -> None:
    """It halves 1.678 contraction times after its peak."""
    unit = MotorUnitForce(half_relaxation_ratio=1.67835)
    x = np.linspace(0.0, 6.0, 50)
    expected = unit.twitch_force_mn * x * np.exp(1.0 - x)
    assert twitch(unit, x * unit.contraction_time_ms) == pytest.approx(expected, rel=1e-4)


def test_one_discharge_is_one_twitch() -> None:
    unit = MotorUnitForce()
    trace = force(unit, [0.1], 2000.0, duration_s=0.6)
    assert len(trace) == 1200
    assert trace == pytest.approx(twitch(unit, np.arange(1200) / 2.0 - 100.0), abs=0.01)


# --- trains ---------------------------------------------------------------------------------------


def test_far_apart_twitches_only_add() -> None:
    unit = MotorUnitForce()
    times = [0.1, 0.45, 0.9]
    alone = [force(unit, [t], 1000.0, duration_s=2.0) for t in times]
    assert force(unit, times, 1000.0, duration_s=2.0) == pytest.approx(sum(alone), abs=1e-9)


@pytest.mark.parametrize("contraction_ms", [45.0, 55.0, 65.0])
def test_half_of_the_tetanic_force_comes_at_the_rate_of_human_units(contraction_ms: float) -> None:
    """12 with an SD of 4 Hz in thenar units (Thomas 1991, doi 10.1152/jn.1991.65.6.1509)."""
    unit = MotorUnitForce(contraction_time_ms=contraction_ms)
    mean = np.array([steady(unit, r).mean() for r in RATES_HZ])
    assert (np.diff(mean) > -0.02 * mean[-1]).all()
    assert 8.0 <= RATES_HZ[np.argmax(mean > 0.5 * mean[-1])] <= 16.0


def test_the_middling_unit_fuses_and_saturates_as_human_ones_do() -> None:
    """Fusion begins at 5 to 8 Hz; the same study. Fused: the force between twitches stays above a tenth."""
    unit = MotorUnitForce()
    plateaus = {r: steady(unit, r) for r in RATES_HZ}
    fused = [r for r, plateau in plateaus.items() if plateau.min() > 0.1 * plateau.max()]
    assert 5.0 <= fused[0] <= 8.0
    assert steady(unit, 30.0).mean() > 0.97 * steady(unit, 100.0).mean()
    assert steady(unit, 100.0).mean() == pytest.approx(unit.tetanic_force_mn, rel=0.02)


def test_an_unfused_tetanus_ripples_less_the_faster_it_is() -> None:
    ripples = [
        np.ptp(steady(MotorUnitForce(), r)) / steady(MotorUnitForce(), r).mean() for r in (5, 8, 12, 20, 40)
    ]
    assert ripples == sorted(ripples, reverse=True)
    assert ripples[0] > 1.0 and ripples[-1] < 0.05


def test_doublets_add_less_than_in_human_units() -> None:
    """A known weakness: 3.5 times the twitch in thenar units (Thomas 1999, J Neurophysiol 82:3188)."""
    unit = MotorUnitForce()
    assert 1.3 < force(unit, [0.0, 0.010]).max() / unit.twitch_force_mn < 2.2


# --- fatigue --------------------------------------------------------------------------------------


def test_without_fatigue_the_plateau_holds() -> None:
    trace = force(MotorUnitForce(), np.arange(0.0, 20.0, 0.05), 500.0, duration_s=20.0)
    assert trace[9500:9900].mean() == pytest.approx(trace[1000:1400].mean(), rel=1e-3)


@pytest.mark.parametrize("rate_per_s", [0.005, 0.0225])
def test_a_full_contraction_loses_its_share_each_second(rate_per_s: float) -> None:
    unit = MotorUnitForce(fatigue_rate_per_s=rate_per_s)
    trace = force(unit, np.arange(0.0, 20.0, 0.02), 500.0, duration_s=20.0)
    early, late = trace[1000:1500].mean(), trace[9000:9500].mean()
    assert 1.0 - late / early == pytest.approx(16.0 * rate_per_s, rel=0.25)


def test_fatigue_lengthens_the_twitch() -> None:
    """By 0.379 per unit of force lost."""
    unit = MotorUnitForce(fatigue_rate_per_s=0.0225)
    train = np.arange(0.0, 20.0, 0.02)
    trace = force(unit, np.append(train, 23.0), 1000.0)
    last = trace[23000:]
    lost = 1.0 - last.max() / unit.twitch_force_mn
    assert 0.3 < lost < 0.7
    assert np.argmax(last) == pytest.approx(unit.contraction_time_ms * (1.0 + 0.379 * lost), abs=2.0)


def test_a_unit_can_tire_out_but_not_push() -> None:
    trace = force(MotorUnitForce(fatigue_rate_per_s=0.0225), np.arange(0.0, 120.0, 0.04), 100.0)
    assert trace.min() >= 0.0
    assert trace[-100:].max() < 1e-6


# --- properties -----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(units, st.lists(st.floats(0.0, 2.0), max_size=30, unique=True))
def test_force_is_finite_never_negative_and_below_the_tetanus(
    unit: MotorUnitForce, times: list[float]
) -> None:
    ordered = np.sort(times)
    ordered = ordered[np.diff(ordered, prepend=-1.0) > 1e-3]
    trace = force(unit, ordered, 500.0)
    assert np.isfinite(trace).all()
    assert trace.min(initial=0.0) >= 0.0
    assert trace.max(initial=0.0) <= 1.6 * unit.tetanic_force_mn


@given(units, st.floats(0.5, 3.0))
def test_force_scales_with_the_twitch(unit: MotorUnitForce, factor: float) -> None:
    times = [0.0, 0.05, 0.08, 0.3]
    bigger = MotorUnitForce(
        unit.twitch_force_mn * factor, unit.contraction_time_ms, unit.half_relaxation_ratio
    )
    assert force(bigger, times, 200.0) == pytest.approx(factor * force(unit, times, 200.0), rel=1e-9)


def test_silence_is_no_force() -> None:
    assert not force(MotorUnitForce(), [], 100.0, duration_s=1.0).any()


# --- what can be seen -----------------------------------------------------------------------------


def test_every_muscle_of_the_catalogue_has_a_judgment() -> None:
    assert {visibility(m) for m in load().muscles} == {"often", "sometimes", "hardly"}
    assert visibility("orbicularis_oculi") == "often"
    assert visibility("iliopsoas") == "hardly"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MotorUnitForce(twitch_force_mn=0.0), "twitch_force_mn is 0.0"),
        (lambda: MotorUnitForce(contraction_time_ms=float("inf")), "contraction_time_ms is inf"),
        (lambda: force(MotorUnitForce(), [0.2, 0.1]), "discharge_times_s must rise"),
        (lambda: force(MotorUnitForce(), [float("nan")]), "discharge_times_s must rise"),
        (lambda: force(MotorUnitForce(), [0.1], 1.0), "sampling_rate_hz is 1.0"),
        (lambda: twitch(MotorUnitForce(), [float("nan")]), "times_ms holds values"),
        (lambda: visibility("left_elbow"), "muscle is 'left_elbow'"),
    ],
)
def test_bad_input_is_named(make: Callable[[], object], words: str) -> None:
    with pytest.raises(PhysiologyError, match=words):
        make()
