"""Free calcium and magnesium from what a laboratory reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.ions import ionized_calcium, ionized_magnesium


def test_a_healthy_serum_has_a_healthy_free_calcium() -> None:
    """1.184 ± 0.054 (2 SD) mmol/L in 121 donors; about half of the total."""
    free = ionized_calcium(2.35, albumin_g_l=43.0, ph=7.40)
    assert free == pytest.approx(1.184, abs=0.054)
    assert 0.45 < free / 2.35 < 0.55


def test_alkalosis_lowers_it_as_measured_in_hyperventilation() -> None:
    """A fall of 0.05 ± 0.02 (2 SD) mmol/L per rise of 0.1 in pH, 84 healthy people."""
    fall = ionized_calcium(2.35, ph=7.40) - ionized_calcium(2.35, ph=7.50)
    assert fall == pytest.approx(0.05, abs=0.02)


def test_low_albumin_explains_a_low_total() -> None:
    """The clinical correction: 0.02 mmol/L of total per g/L of albumin leaves the free part as it is."""
    assert ionized_calcium(2.35 - 0.02 * 20, albumin_g_l=23.0) == pytest.approx(
        ionized_calcium(2.35), rel=0.05
    )


@given(st.floats(0.2, 5.0), st.floats(0.0, 80.0), st.floats(6.5, 8.0))
def test_it_is_part_of_the_total_and_follows_it(total: float, albumin: float, ph: float) -> None:
    free = ionized_calcium(total, albumin, ph)
    assert 0 < free < total
    assert ionized_calcium(total * 1.1, albumin, ph) > free


def test_magnesium_follows_the_published_line_and_ends_at_nothing() -> None:
    assert ionized_magnesium(0.8) == pytest.approx(0.567)
    assert ionized_magnesium(0.0) == 0.0
    values = [ionized_magnesium(total / 100) for total in range(200)]
    assert values == sorted(values)


def test_impossible_values_are_refused() -> None:
    with pytest.raises(PhysiologyError, match="albumin_g_l"):
        ionized_calcium(2.3, albumin_g_l=430.0)
    with pytest.raises(PhysiologyError, match="total_mmol_l"):
        ionized_magnesium(-1.0)
