"""Where discharges arise: terminals and nodes of a changed motor unit, reduced and rebuilt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.axon import Axon
from whytwitch.physiology.noise import MarkovNode, Patch
from whytwitch.physiology.rate import (
    NAMES,
    PARAMETERS,
    Pool,
    rebuilt,
    reduced,
    scaled,
    site_patch,
    skeleton,
    terminal_constants,
)
from whytwitch.physiology.scenario import ChangedSystem, apply, combine

NORMAL = ChangedSystem()
IN_DOMAIN = st.tuples(
    *(st.floats(known.low, known.high, allow_nan=False) for known in PARAMETERS.values())
).map(np.array)


@settings(max_examples=60, deadline=None)
@given(IN_DOMAIN)
def test_what_is_rebuilt_is_reduced_to_the_same_numbers(numbers: np.ndarray) -> None:
    again, outside = reduced(rebuilt(numbers))
    np.testing.assert_allclose(again, numbers, atol=1e-9)
    assert not outside


@settings(max_examples=60, deadline=None)
@given(IN_DOMAIN)
def test_scales_run_from_minus_one_to_one(numbers: np.ndarray) -> None:
    assert np.abs(scaled(numbers[None, :])).max() <= 1 + 1e-9


def test_normal_is_zero_on_every_scale() -> None:
    numbers, outside = reduced(site_patch(NORMAL, "terminal"))
    np.testing.assert_allclose(scaled(numbers[None, :]), 0.0, atol=1e-12)
    assert outside == ()


def test_what_acts_alike_is_reduced_alike() -> None:
    shift = NAMES.index("shift_mv")
    for name, value in (("bath.ionized_calcium_mmol_l", 0.8), ("bath.ph", 7.6)):
        numbers, _ = reduced(site_patch(combine(**{name: value}), "terminal"))
        assert numbers[shift] < -0.5
        np.testing.assert_allclose(np.delete(scaled(numbers[None, :])[0], shift), 0.0, atol=1e-12)
    slow, _ = reduced(site_patch(combine(**{"axon.slow_inactivation": 0.3}), "terminal"))
    assert slow[NAMES.index("transient_sodium")] == pytest.approx(0.7)
    assert slow[NAMES.index("persistent_sodium")] == pytest.approx(0.7)


def test_what_the_numbers_cannot_say_is_named() -> None:
    injured = combine(**{"axon.sodium_left_shift_mv": 10.0, "axon.sodium_left_shift_fraction": 0.2})
    assert set(reduced(site_patch(injured, "terminal"))[1]) == {
        "sodium_left_shift_mv",
        "sodium_left_shift_fraction",
    }
    assert reduced(site_patch(combine(**{"bath.potassium_mmol_l": 12.0}), "terminal"))[1] == (
        "potassium_mmol_l",
    )


def test_changes_of_the_terminal_leave_the_node_alone() -> None:
    kv1 = apply("neuromyotonia")
    assert site_patch(kv1, "node").axon == Axon()
    assert site_patch(kv1, "terminal").axon.fast_potassium == pytest.approx(0.3)


def test_lingering_acetylcholine_depolarizes_the_terminal_only() -> None:
    poisoned = apply("organophosphate_poisoning")
    assert site_patch(poisoned, "terminal").axon.polarization > 0.02
    assert site_patch(poisoned, "node").axon.polarization == 0.0
    assert site_patch(NORMAL, "terminal").axon.polarization == 0.0


def test_a_normal_terminal_rests_and_is_less_sure_of_it_than_a_node() -> None:
    terminal, node = skeleton(site_patch(NORMAL, "terminal")), skeleton(site_patch(NORMAL, "node"))
    assert terminal.state == node.state == "rests"
    assert terminal.threshold_pa / terminal.sd_mv < 0.2 * node.threshold_pa / node.sd_mv


@pytest.mark.slow
@pytest.mark.parametrize("factor", [1.0, 4.0])
def test_linear_noise_is_what_channels_make(factor: float) -> None:
    """The Lyapunov equation against the simulated potential, far from firing."""
    patch = Patch(Axon(constants=terminal_constants()), area_fraction=1.0, channel_factor=factor)
    node = MarkovNode(patch)
    potential = np.concatenate([node.record(300.0, seed)[:, 0] for seed in range(3)])
    # About 400 independent values (fluctuations last a few ms): a standard error of 4 %.
    assert skeleton(patch).sd_mv == pytest.approx(potential.std(), rel=0.12)


def test_noise_falls_as_the_square_root_of_channels() -> None:
    few, many = (
        skeleton(site_patch(NORMAL, "terminal", channel_factor=factor)).sd_mv for factor in (1.0, 16.0)
    )
    assert few / many == pytest.approx(4.0, rel=0.01)


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(PhysiologyError, match="no site 'soma'; choose from: terminal, node"):
        site_patch(NORMAL, "soma")  # type: ignore[arg-type]
    with pytest.raises(PhysiologyError, match="terminals_per_unit"):
        Pool(terminals_per_unit=0)
    with pytest.raises(PhysiologyError, match="spread_mv"):
        Pool(spread_mv=9.0)
