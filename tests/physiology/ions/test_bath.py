"""The fluid outside: what it takes, and what it refuses."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import pytest

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.ions import Bath


def test_the_normal_bath_is_in_the_intervals_it_cites() -> None:
    bath = Bath()
    assert 4.19 - 0.09 <= bath.potassium_mmol_l <= 4.19 + 0.09
    assert 1.184 - 0.054 <= bath.ionized_calcium_mmol_l <= 1.184 + 0.054
    assert 0.45 <= bath.ionized_magnesium_mmol_l <= 0.59
    assert 133 <= bath.sodium_mmol_l <= 146
    assert 95 <= bath.chloride_mmol_l <= 108


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, "4.2", 400.0])
def test_a_value_the_model_cannot_take_is_named_with_its_range(value: object) -> None:
    with pytest.raises(PhysiologyError, match=r"potassium_mmol_l is .* takes 0\.5 to 40 mmol/L"):
        replace(Bath(), potassium_mmol_l=value)


def test_it_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        Bath().ph = 7.0  # type: ignore[misc]
