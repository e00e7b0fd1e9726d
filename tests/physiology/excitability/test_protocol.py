"""The clinical test on simulated axons: what it must give, whatever the normal axon is made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.physiology.axon.neuron_reference import stored_constants

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.axon import Axon
from whytwitch.physiology.excitability import STANDARD_DELAYS, UNITS, excite
from whytwitch.physiology.excitability._protocol import milliamperes_per_picoampere
from whytwitch.physiology.ions import Bath

Floats = NDArray[np.float64]


def at(trace: tuple[Floats, Floats], x: list[float] | Floats) -> Floats:
    return np.array([np.interp(value, *trace) for value in x])


def test_the_whole_test_on_the_normal_axon() -> None:
    shown = excite()
    assert set(shown.curves) == {*STANDARD_DELAYS, "SR"}
    for name, delays in STANDARD_DELAYS.items():
        x, y = shown.curves[name]
        np.testing.assert_array_equal(x, delays)
        assert np.isfinite(y).all()
    assert set(shown.indices) <= set(UNITS)
    assert all(np.isfinite(value) for value in shown.indices.values())
    for name in ("Strength-duration time constant", "TEd(10-20ms)", "Superexcitability", "Resting I/V slope"):
        assert name in shown.indices
    assert shown.indices["Temperature"] == Bath().temperature_c
    assert shown.threshold_pa > 0


def test_broad_physiology() -> None:
    """Signs and orders that hold in every healthy motor axon."""
    curves = excite().curves
    d, h = at(curves["TEd40"], [15, 100]), at(curves["TEh40"], [15, 100])
    assert 0 < d[1] < d[0], "a depolarizing current lowers the threshold, and slow potassium accommodates"
    assert h[1] < h[0] < 0, "a hyperpolarizing one raises it, more and more"
    assert curves["TEd40"][1][curves["TEd40"][0] > 115].min() < 0, "an undershoot follows"
    assert curves["TEh40"][1][curves["TEh40"][0] > 115].max() > 0, "and an overshoot"
    recovery = at(curves["RC"], [2, 6.3, 42, 200])
    assert recovery[0] > 0 > recovery[1], "refractory, then superexcitable"
    assert recovery[2] > 0, "then subexcitable"
    assert abs(recovery[3]) < 5
    x, charge = curves["CD"]
    assert np.all(np.diff(charge) > 0)
    assert np.all(np.diff(charge / x) < 0), "a shorter stimulus has to be stronger"
    assert np.all(np.diff(curves["IV"][1]) > 0)


@pytest.mark.parametrize("percent", [10, 20, 40])
@pytest.mark.parametrize(("letter", "sign"), [("d", 1), ("h", -1)])
def test_at_its_onset_a_current_adds_to_the_test_stimulus(letter: str, sign: int, percent: int) -> None:
    """Both flow for the same millisecond, so threshold falls by just what the current brings.

    What flows after a stimulus helps a late spike, as much whether the two began together or the current
    just after.
    """
    name = f"TE{letter}{percent}"
    curves = excite(delays={name: [0, 8, 9, 10]}).curves
    before, still_before, just_before, at_onset = curves[name][1]
    assert before == pytest.approx(0.0, abs=0.1)
    assert still_before == pytest.approx(0.0, abs=0.1)
    assert 0 <= sign * just_before < 0.1 * percent
    assert at_onset - just_before == pytest.approx(sign * percent, abs=0.1)


def test_thresholds_at_rest_agree_between_traces() -> None:
    """No current is no current, and a stimulus long after another is as the first."""
    curves = excite(delays={"IV": [0], "CD": [1.0], "RC": [1000]}).curves
    assert curves["IV"][1][0] == pytest.approx(0.0, abs=0.1)
    # Some slow gates need a second and more to forget a spike.
    assert curves["RC"][1][0] == pytest.approx(0.0, abs=1.0)
    rest_ma = excite(delays={}).threshold_pa * milliamperes_per_picoampere()
    assert curves["CD"][1][0] == pytest.approx(rest_ma, rel=2e-3)


def test_delays_of_ones_own() -> None:
    """Any points give the curve that more points give, and other traces are left out."""
    few = excite(delays={"TEd40": [15, 50], "RC": [5, 32]})
    assert set(few.curves) == {"TEd40", "RC"}
    whole = excite().curves
    for name in few.curves:
        x, y = few.curves[name]
        np.testing.assert_allclose(y, at(whole[name], x), atol=0.2)


@pytest.mark.parametrize("name", ["TEx40", "TEd", "XY", "rc", "TEd4x", "SR"])
def test_an_unknown_trace(name: str) -> None:
    with pytest.raises(PhysiologyError, match=f"trace '{name}' is unknown"):
        excite(delays={name: [10.0]})


def test_an_axon_that_fires_by_itself_is_refused() -> None:
    restless = Axon(
        gate_shift_mv=-12.0, transient_sodium=1.8, fast_potassium=3.0, constants=stored_constants()
    )
    with pytest.raises(PhysiologyError, match=r"fires by itself, \d+ times a second \(node at -\d"):
        excite(restless)


def test_an_axon_held_depolarized_is_refused() -> None:
    held = Axon(slow_potassium=0.0, persistent_sodium=6.0, constants=stored_constants())
    with pytest.raises(PhysiologyError, match="held depolarized"):
        excite(held)


@pytest.mark.parametrize("fields", [{"transient_sodium": 0.0}, {"slow_inactivation": 0.95}])
def test_an_inexcitable_axon_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(PhysiologyError, match="no stimulus fires this axon"):
        excite(Axon().changed(fields))


@settings(max_examples=3)
@given(times=st.floats(0.4, 3.0))
def test_size_does_not_show_but_in_thresholds(times: float) -> None:
    """An axon of the same kind, only larger, has the same curves in percent and as much larger thresholds."""
    amounts = (
        "transient_sodium", "persistent_sodium", "fast_potassium", "slow_potassium", "nodal_leak",
        "internodal_fast_potassium", "internodal_slow_potassium", "internodal_leak", "ih", "pump",
        "barrett_barrett", "node_capacitance", "myelin_capacitance", "internodal_capacitance",
    )  # fmt: skip
    delays = {"TEd40": [15, 100], "TEh40": [100], "RC": [2.5, 6.3, 42], "IV": [-100, 50], "CD": [0.2, 1]}
    normal, large = excite(delays=delays), excite(Axon(**dict.fromkeys(amounts, times)), delays=delays)
    for name in ("TEd40", "TEh40", "RC", "IV"):
        np.testing.assert_allclose(large.curves[name][1], normal.curves[name][1], atol=0.4)
    np.testing.assert_allclose(large.curves["CD"][1], times * normal.curves["CD"][1], rtol=2e-3)


def test_the_same_twice() -> None:
    first, second = excite(Axon(ih=0.8)), excite(Axon(ih=0.8))
    assert first.curves == second.curves
    assert first.indices == second.indices
