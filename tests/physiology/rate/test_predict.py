"""What the shipped emulator says of muscles: directions, ratios, intervals, and where it knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.knowledge import load_mechanics
from whytwitch.physiology import ChangedSystem, PhysiologyError, apply, combine
from whytwitch.physiology.rate import (
    Pool,
    features_of,
    predict,
    ratio,
    rebuilt,
    reduced,
    shared_out,
    shipped_emulator,
    site_patch,
    skeleton,
)

NORMAL = ChangedSystem()


def over_normal(**targets: float) -> float:
    return ratio(combine(**targets), NORMAL).log10


def test_a_normal_muscle_is_nearly_silent() -> None:
    found = predict(NORMAL)
    assert found.state == "rests"
    assert found.outside == ()
    # Less than one discharge a minute in the whole muscle; the interval says how little that means.
    assert 10**found.log10_hz * 60 < 1.0
    assert found.low_log10_hz < found.log10_hz < found.high_log10_hz


@pytest.mark.parametrize(
    ("target", "values", "rises"),
    [
        ("bath.ionized_calcium_mmol_l", (0.6, 0.8, 1.0, 1.2, 1.4), False),
        ("bath.ionized_magnesium_mmol_l", (0.2, 0.4, 0.55, 0.8, 1.2), False),
        ("bath.ph", (7.2, 7.3, 7.4, 7.5, 7.6), True),
        ("terminal.fast_potassium", (0.2, 0.4, 0.6, 0.8, 1.0), False),
        ("axon.persistent_sodium", (0.5, 1.0, 1.5, 2.0, 3.0), True),
        ("axon.polarization", (-0.4, -0.2, 0.0, 0.2, 0.4), True),
        ("bath.potassium_mmol_l", (3.0, 3.6, 4.2, 4.8, 5.5), True),
    ],
)
def test_rates_go_the_way_of_membranes(target: str, values: tuple[float, ...], *, rises: bool) -> None:
    steps = np.diff([over_normal(**{target: value}) for value in values])
    assert ((steps > 0) == rises).all()


def test_potassium_raises_and_then_blocks() -> None:
    highest, beyond = (predict(combine(**{"bath.potassium_mmol_l": value})).log10_hz for value in (7.0, 9.0))
    assert highest > predict(NORMAL).log10_hz + 3
    assert beyond < highest


def test_a_ratio_to_oneself_is_one() -> None:
    for system in (NORMAL, apply("hypocalcemia")):
        found = ratio(system, system)
        assert (found.log10, found.low, found.high) == (0.0, 0.0, 0.0)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.6, 1.4), st.floats(3.2, 5.5))
def test_ratios_are_differences_of_predictions(calcium: float, potassium: float) -> None:
    one = combine(**{"bath.ionized_calcium_mmol_l": round(calcium, 2)})
    other = combine(**{"bath.potassium_mmol_l": round(potassium, 2)})
    found = ratio(one, other)
    assert found.log10 == pytest.approx(predict(one).log10_hz - predict(other).log10_hz, abs=1e-9)
    back = ratio(other, one)
    assert (back.log10, back.low, back.high) == pytest.approx((-found.log10, -found.high, -found.low))


def test_what_is_shared_cancels_in_a_ratio() -> None:
    near, whole = ratio(combine(**{"bath.ionized_calcium_mmol_l": 1.1}), NORMAL), predict(NORMAL)
    assert near.high - near.low < 0.2 * (whole.high_log10_hz - whole.low_log10_hz)


def test_the_most_excitable_endings_make_most_of_it() -> None:
    shifts, shares, outside = shared_out(NORMAL)
    assert shares.sum() == pytest.approx(1.0)
    assert float(shifts @ shares) < -1.0
    assert outside == ()


def test_more_places_make_more_twitches() -> None:
    small, large = predict(NORMAL, Pool(units=100)), predict(NORMAL, Pool(units=200))
    assert large.log10_hz - small.log10_hz == pytest.approx(np.log10(2))
    assert large.unit_log10_hz == pytest.approx(small.unit_log10_hz)


@pytest.mark.parametrize(
    "cause",
    sorted(
        entry.id for entry in load_mechanics().causes.values() for s in entry.scenarios[:1] if s is not None
    ),
)
def test_every_cause_has_a_finite_answer(cause: str) -> None:
    found = predict(apply(cause))
    assert np.isfinite([found.log10_hz, found.low_log10_hz, found.high_log10_hz]).all()
    assert found.state in {"rests", "fires", "blocked"}


def test_what_was_not_learned_is_said() -> None:
    injured = combine(**{"axon.sodium_left_shift_mv": 20.0, "axon.sodium_left_shift_fraction": 0.3})
    assert "sodium_left_shift_fraction" in predict(injured).outside
    dead = predict(combine(**{"axon.transient_sodium": 0.05}))
    assert dead.state == "blocked"
    assert dead.log10_hz < -100


def test_the_emulator_is_the_same_however_rows_are_grouped() -> None:
    patches = [site_patch(NORMAL, "terminal", shift_mv=shift) for shift in (-6.0, -3.0, 0.0)]
    numbers = np.array([reduced(patch)[0] for patch in patches])
    features = features_of(numbers, [skeleton(rebuilt(row)) for row in numbers])
    together, covariance = shipped_emulator().joint(features)
    alone = [shipped_emulator().log10_hz(features[k : k + 1]) for k in range(3)]
    np.testing.assert_allclose(together, [mean[0] for mean, _ in alone])
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), [sd[0] for _, sd in alone])
    assert (np.linalg.eigvalsh(covariance) > -1e-6).all()
    assert (np.diff(together) < 0).all()


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(PhysiologyError, match="units"):
        predict(NORMAL, Pool(units=0))


@settings(max_examples=4, deadline=None)
@given(st.floats(0.85, 1.35), st.floats(3.4, 5.6))
def test_what_is_read_between_terminals_is_what_looking_at_each_would_give(
    calcium: float, potassium: float
) -> None:
    """All terminals of a muscle, each looked at, beside the cubics through some 2.5 mV apart."""
    system = combine(**{"bath.ionized_calcium_mmol_l": calcium, "bath.potassium_mmol_l": potassium})
    deviations = np.linspace(-5.0, 5.0, 61)
    patches = [site_patch(system, "terminal", shift_mv=float(shift)) for shift in deviations]
    found = [skeleton(patch) for patch in patches]
    if any(one.state != "rests" for one in found):
        return
    numbers = np.array([reduced(patch)[0] for patch in patches])
    rates = 10 ** shipped_emulator().mean(features_of(numbers, found))
    weights = np.exp(-(deviations**2) / 2)
    exact = np.log10(rates @ weights / weights.sum() * Pool().units * Pool().terminals_per_unit)
    assert predict(system).log10_hz == pytest.approx(exact, abs=0.02)


def test_one_mean_of_the_emulator() -> None:
    features = np.random.default_rng(4).uniform(0.5, 1.5, (7, 23))
    np.testing.assert_allclose(shipped_emulator().mean(features), shipped_emulator().joint(features)[0])


def test_a_terminal_without_one_kind_of_channel_has_an_answer() -> None:
    none = predict(combine(**{"axon.persistent_sodium": 0.0}))
    assert np.isfinite(none.log10_hz)
    assert none.log10_hz < predict(NORMAL).log10_hz
