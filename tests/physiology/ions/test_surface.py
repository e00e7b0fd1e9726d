"""Surface charge against what Hille, Woodhull and Shapiro (1975) measured in frog nerve."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.physiology.ions import Bath, surface_potential_mv, surface_shift_mv

RINGER = Bath(
    potassium_mmol_l=2.5, sodium_mmol_l=115.0, chloride_mmol_l=120.0, ionized_calcium_mmol_l=2.0,
    ionized_magnesium_mmol_l=0.0, ph=7.4, temperature_c=12.0,
)  # fmt: skip
"""The frog's fluid; the temperature of the experiments was not stated in what was read."""


def rise_mv(low: Bath, **changes: float) -> float:
    return surface_potential_mv(replace(low, **changes)) - surface_potential_mv(low)


@pytest.mark.parametrize("calcium", [2.0, 3.0, 5.0])
def test_ten_times_the_calcium_moves_gates_by_20_to_25_mv(calcium: float) -> None:
    assert (
        20
        <= rise_mv(replace(RINGER, ionized_calcium_mmol_l=calcium), ionized_calcium_mmol_l=10 * calcium)
        <= 25
    )


def test_without_divalent_ions_gates_lie_18_mv_lower() -> None:
    assert rise_mv(RINGER, ionized_calcium_mmol_l=0.0) == pytest.approx(-18.0, abs=2.5)


def test_with_an_eighth_of_the_salt_they_lie_some_35_mv_lower_still() -> None:
    salty = replace(RINGER, ionized_calcium_mmol_l=0.0)
    fall = rise_mv(salty, sodium_mmol_l=115.0 / 8, potassium_mmol_l=2.5 / 8 + 0.2)
    assert fall == pytest.approx(-35.0, rel=0.2)


def test_acid_weakens_what_calcium_does_and_alkali_strengthens_it() -> None:
    effects = [rise_mv(replace(RINGER, ph=ph), ionized_calcium_mmol_l=20.0) for ph in (5.0, 6.0, 7.4, 9.0)]
    assert effects == sorted(effects)
    assert effects[0] < 0.7 * effects[2]


def test_magnesium_does_less_than_calcium() -> None:
    none = replace(RINGER, ionized_calcium_mmol_l=0.0)
    for amount in (0.5, 2.0, 20.0):
        magnesium = rise_mv(none, ionized_magnesium_mmol_l=amount)
        assert 0 < magnesium < rise_mv(none, ionized_calcium_mmol_l=amount)


def test_in_human_fluid_low_calcium_moves_gates_less_than_the_rule_per_tenfold() -> None:
    """Magnesium and salt go on screening: between none and 22.5 mV times log10 of the ratio."""
    shift = surface_shift_mv(Bath(ionized_calcium_mmol_l=0.6))
    assert -22.5 * 0.30103 < shift < -2.0


@given(st.floats(0.0, 45.0))
def test_the_normal_ions_shift_nothing_at_any_temperature(temperature: float) -> None:
    assert surface_shift_mv(Bath(temperature_c=temperature)) == 0.0


@given(
    st.sampled_from(
        ["ionized_calcium_mmol_l", "ionized_magnesium_mmol_l", "sodium_mmol_l", "potassium_mmol_l"]
    ),
    st.floats(5.0, 30.0),
    st.floats(1.01, 1.25),
)
def test_more_of_any_cation_never_lowers_the_gates(name: str, amount: float, factor: float) -> None:
    assert rise_mv(replace(Bath(), **{name: amount}), **{name: amount * factor}) > 0


@given(st.floats(5.5, 9.0), st.floats(0.05, 0.5))
def test_alkalosis_excites(ph: float, more: float) -> None:
    assert rise_mv(Bath(ph=ph), ph=ph + more) < 0


def test_it_settles_at_every_corner_of_the_range() -> None:
    for sodium in (5.0, 300.0):
        for calcium in (0.0, 50.0):
            for ph in (5.0, 9.5):
                for temperature in (0.0, 45.0):
                    bath = Bath(
                        sodium_mmol_l=sodium, ionized_calcium_mmol_l=calcium, ph=ph, temperature_c=temperature
                    )
                    assert -250 < surface_potential_mv(bath) < 0
