"""What holds an axon where it rests: currents that add up to nothing, and a pump that keeps up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.physiology.axon.equations import Equations
from tests.physiology.axon.neuron_reference import stored_constants

from whytwitch.physiology.axon import (
    SPIKE_MV,
    Axon,
    balance,
    normal_constants,
    respond,
    rest_of,
    threshold,
)
from whytwitch.physiology.ions import Bath


def test_no_net_current_at_rest() -> None:
    """Recomputed from the channels: neither compartment gains charge, and none flows between them."""
    equations, rest_mv = Equations(Axon()), normal_constants().rest_mv
    for place in (0, 1):
        gates = equations.all_settled(place, rest_mv)
        assert equations.outward(place, rest_mv, gates) == pytest.approx(0.0, abs=1e-6)


def test_the_pump_carries_out_the_sodium() -> None:
    """Three sodium ions for each net charge, in node and internode, with the leaks of ``balance``."""
    equations, c, even = Equations(Axon()), normal_constants(), balance(normal_constants())
    rest_mv, bath = c.rest_mv, Bath()
    ek, ena = equations.potassium_mv(bath), equations.sodium_mv(bath)
    leaks = (c.nodal_leak_ns * even.nodal_leak_sodium, c.internodal_leak_ns * even.internodal_leak_sodium)
    pumps = (even.nodal_pump_pa, even.internodal_pump_pa)
    for place, leak, pump in zip((0, 1), leaks, pumps, strict=True):
        sodium, k = leak * (rest_mv - ena), 0
        gates = equations.all_settled(place, rest_mv)
        for part in equations.parts[place]:
            opened = part.amount
            for gate in part.channel.gates:
                opened *= gates[k] ** gate.power
                k += 1
            if part.channel.ion == "sodium":
                sodium += opened * equations.drive(part.channel, rest_mv, bath)
            elif part.channel.ion == "cation":
                turn = equations.cation_mv(bath, part.channel.sodium_permeability)
                sodium += opened * (turn - ek) / (ena - ek) * (rest_mv - ena)
        assert sodium < 0
        assert 3 * pump == pytest.approx(-sodium, rel=1e-9)


def test_the_normal_axon_can_exist() -> None:
    even = balance(normal_constants())
    assert 0 <= even.nodal_leak_sodium <= 1
    assert 0 <= even.internodal_leak_sodium <= 1
    assert even.nodal_pump_pa > 0
    assert even.internodal_pump_pa > 0


def test_the_normal_axon_rests_where_it_is_said_to() -> None:
    rest = rest_of(Axon())
    assert rest.is_silent
    assert rest.node_mv == pytest.approx(normal_constants().rest_mv, abs=0.01)
    assert rest.internode_mv == pytest.approx(normal_constants().rest_mv, abs=0.01)
    run = respond(Axon(), np.zeros(2000))
    assert np.ptp(run.node_mv) < 1e-3


@settings(max_examples=8)
@given(low=st.floats(2.5, 5.8), more=st.floats(0.2, 2.0))
def test_potassium_outside_depolarizes(low: float, more: float) -> None:
    less, much = (rest_of(Axon(bath=Bath(potassium_mmol_l=k))) for k in (low, low + more))
    assert much.node_mv > less.node_mv
    assert much.internode_mv > less.internode_mv


@settings(max_examples=8)
@given(low=st.floats(0.7, 2.0), more=st.floats(0.1, 1.0))
def test_calcium_raises_the_threshold(low: float, more: float) -> None:
    less, much = (rest_of(Axon(bath=Bath(ionized_calcium_mmol_l=c))) for c in (low, low + more))
    assert much.threshold_pa > less.threshold_pa


def test_the_pump_hyperpolarizes() -> None:
    assert rest_of(Axon(pump=1.5)).node_mv < rest_of(Axon()).node_mv < rest_of(Axon(pump=0.7)).node_mv


@settings(max_examples=6)
@given(share=st.floats(-0.8, 0.3))
def test_a_polarizing_current_is_in_thresholds(share: float) -> None:
    """It acts as the same current injected by hand for long."""
    unit = rest_of(Axon()).threshold_pa
    held = rest_of(Axon(polarization=share))
    step = 0.02
    run = respond(Axon(), np.full(round(1600 / step), share * unit), step, every=1000)
    assert not run.spikes_ms.size
    assert held.node_mv == pytest.approx(run.node_mv[-1], abs=0.05)
    assert (held.node_mv > rest_of(Axon()).node_mv) == (share > 0) or abs(share) < 1e-6


@settings(max_examples=6)
@given(times=st.floats(0.3, 4.0))
def test_a_larger_axon_of_the_same_kind_needs_as_much_more_current(times: float) -> None:
    """All conductances, the pump and all capacitances together: same potentials, as much more threshold."""
    amounts = (
        "transient_sodium", "persistent_sodium", "fast_potassium", "slow_potassium", "nodal_leak",
        "internodal_fast_potassium", "internodal_slow_potassium", "internodal_leak", "ih", "pump",
        "barrett_barrett", "node_capacitance", "myelin_capacitance", "internodal_capacitance",
    )  # fmt: skip
    normal, large = rest_of(Axon()), rest_of(Axon(**dict.fromkeys(amounts, times)))
    assert large.node_mv == pytest.approx(normal.node_mv, abs=1e-6)
    assert large.threshold_pa == pytest.approx(times * normal.threshold_pa, rel=2e-3)


@settings(max_examples=10, phases=(Phase.explicit, Phase.generate))
@given(
    potassium=st.floats(3.0, 6.0), sodium=st.floats(0.7, 1.5), ih=st.floats(0.0, 2.0),
    celsius=st.floats(25.0, 38.0), width=st.sampled_from([0.03, 0.06, 0.2, 1.0]),
)  # fmt: skip
def test_a_threshold_divides(
    potassium: float, sodium: float, ih: float, celsius: float, width: float
) -> None:
    """Just above it the axon fires, just below it does not."""
    axon = Axon(transient_sodium=sodium, ih=ih, bath=Bath(potassium_mmol_l=potassium, temperature_c=celsius))
    rest = rest_of(axon)
    if not rest.is_silent:
        return
    tolerance = 1e-3 * rest.threshold_pa
    found = threshold(rest.state, rest.tables, 0.0, 0.0, width, rest.threshold_pa, tolerance)
    for current, spikes in ((found + tolerance, 1), (found - tolerance, 0)):
        pulse = np.zeros(round((width + 2.5) / 0.005))
        pulse[: round(width / 0.005)] = current
        assert respond(axon, pulse).spikes_ms.size == spikes


def test_the_same_twice() -> None:
    """Nothing is left over from one run to the next."""
    current = np.zeros(2000)
    current[200:400] = 1.5 * rest_of(Axon()).threshold_pa
    first, second = respond(Axon(ih=0.9), current), respond(Axon(ih=0.9), current)
    np.testing.assert_array_equal(first.node_mv, second.node_mv)
    np.testing.assert_array_equal(first.internode_mv, second.internode_mv)
    kept = respond(Axon(ih=0.9), current, every=5)
    np.testing.assert_array_equal(kept.node_mv, first.node_mv[4::5])
    np.testing.assert_allclose(kept.times_ms, first.times_ms[4::5])


def restless() -> Axon:
    """Of stored constants, so that it stays restless when the normal axon is refitted."""
    return Axon(gate_shift_mv=-12.0, transient_sodium=1.8, fast_potassium=3.0, constants=stored_constants())


def test_an_axon_that_fires_by_itself_has_no_threshold() -> None:
    """And its rate is that of its spikes, counted over another second."""
    rest = rest_of(restless())
    assert rest.firing_hz > 0
    assert not rest.is_silent
    assert math.isnan(rest.threshold_pa)
    step = 0.01
    spikes = respond(restless(), np.zeros(round(1000 / step)), step).spikes_ms
    assert spikes.size == pytest.approx(rest.firing_hz, abs=2)


def test_an_axon_may_be_held_depolarized() -> None:
    """Nothing pulls it back: no spikes, and no threshold either."""
    held = rest_of(Axon(slow_potassium=0.0, persistent_sodium=6.0, constants=stored_constants()))
    assert held.node_mv > SPIKE_MV
    assert held.firing_hz == 0
    assert not held.is_silent


@pytest.mark.parametrize(
    "fields", [{"transient_sodium": 0.0, "persistent_sodium": 0.0}, {"nodal_leak": 20.0}]
)
def test_an_axon_that_cannot_fire_has_no_threshold(fields: dict[str, float]) -> None:
    """A stimulus that drags the node up by itself has not fired it."""
    dead = rest_of(Axon().changed(fields))
    assert dead.firing_hz == 0
    assert dead.threshold_pa == math.inf
    assert not dead.is_silent
