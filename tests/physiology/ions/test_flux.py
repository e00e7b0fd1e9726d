"""Equilibrium potentials and constant-field currents against the definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.ions import ghk_current_pa, ghk_slope_ns, nernst_mv

concentrations = st.floats(0.1, 500.0)
charges = st.sampled_from([-2, -1, 1, 2])
temperatures = st.floats(0.0, 45.0)


@pytest.mark.parametrize(
    ("outside", "published_mv"), [(2.0, -113.5), (3.0, -102.7), (4.0, -95.0), (6.0, -84.2), (8.0, -76.5)]
)
def test_potassium_at_body_temperature(outside: float, published_mv: float) -> None:
    assert nernst_mv(1, outside, 140.0, 37.0) == pytest.approx(published_mv, abs=0.06)


@given(charges, concentrations, concentrations, temperatures)
def test_no_current_flows_at_equilibrium(z: int, outside: float, inside: float, temperature: float) -> None:
    rest = nernst_mv(z, outside, inside, temperature)
    ion = {"z": z, "outside_mmol_l": outside, "inside_mmol_l": inside, "temperature_c": temperature}
    current = ghk_current_pa(rest, permeability_pl_s=1.0, **ion)
    slope = ghk_slope_ns(rest, permeability_pl_s=1.0, **ion)
    assert slope > 0
    assert abs(current / slope) < 1e-9, "the reversal is off by more than a picovolt"


def test_against_the_textbook_formula_away_from_zero() -> None:
    volts = np.array([-120.0, -80.0, -20.0, 35.0]) / 1000
    faraday, gas, kelvin = 96485.33212, 8.314462618, 310.15
    u = volts * faraday / (gas * kelvin)
    # P in cm3/s, c in mol/cm3, current in A.
    textbook = 4e-9 * faraday * u * (9e-6 - 144e-6 * np.exp(-u)) / (1 - np.exp(-u)) * 1e12
    ours = ghk_current_pa(
        volts * 1000, permeability_pl_s=4.0, z=1, outside_mmol_l=144.0, inside_mmol_l=9.0, temperature_c=37.0
    )
    np.testing.assert_allclose(ours, textbook, rtol=1e-12)


@given(st.floats(-300, 300), charges, concentrations, concentrations)
def test_the_slope_is_the_derivative(voltage: float, z: int, outside: float, inside: float) -> None:
    ion = {"z": z, "outside_mmol_l": outside, "inside_mmol_l": inside, "temperature_c": 33.0}
    step = 1e-3
    low, high = ghk_current_pa([voltage - step, voltage + step], permeability_pl_s=1.0, **ion)
    slope = float(ghk_slope_ns(voltage, permeability_pl_s=1.0, **ion))
    assert slope == pytest.approx((high - low) / (2 * step), rel=1e-5, abs=1e-6)


def test_zero_voltage_is_the_limit_from_both_sides() -> None:
    ion = {
        "permeability_pl_s": 1.0,
        "z": 2,
        "outside_mmol_l": 1.2,
        "inside_mmol_l": 1e-4,
        "temperature_c": 33.0,
    }
    currents = ghk_current_pa([-1e-9, 0.0, 1e-9], **ion)
    slopes = ghk_slope_ns([-1e-9, 0.0, 1e-9], **ion)
    assert np.ptp(currents) < 1e-8 * abs(currents[1])
    assert np.ptp(slopes) < 1e-8 * slopes[1]


def test_a_monovalent_ion_with_equal_sides_is_an_ohmic_conductor() -> None:
    slopes = ghk_slope_ns(
        np.linspace(-150, 50, 9), permeability_pl_s=1.0, z=1, outside_mmol_l=100.0, inside_mmol_l=100.0,
        temperature_c=20.0,
    )  # fmt: skip
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-12)


def test_impossible_ions_are_refused() -> None:
    with pytest.raises(PhysiologyError, match="z is 0"):
        nernst_mv(0, 1.0, 1.0, 37.0)
    with pytest.raises(PhysiologyError, match=r"outside_mmol_l is 0\.0"):
        nernst_mv(1, 0.0, 1.0, 37.0)
    with pytest.raises(PhysiologyError, match="voltage_mv"):
        ghk_current_pa(
            [0.0, np.nan],
            permeability_pl_s=1.0,
            z=1,
            outside_mmol_l=1.0,
            inside_mmol_l=1.0,
            temperature_c=20.0,
        )
