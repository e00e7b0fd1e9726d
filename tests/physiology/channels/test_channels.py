"""Every channel, whatever it is: rates, gates, what a channel must say of itself."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pytest

from whytwitch.physiology import channels
from whytwitch.physiology.channels import INTERNODE, NODE, Channel, Gate, linoid
from whytwitch.physiology.channels._gate import Ion
from whytwitch.physiology.ions import nernst_mv

ALL = {channel.name: channel for channel in (*NODE, *INTERNODE)}
GATES = [gate for channel in ALL.values() for gate in channel.gates]
EVERYWHERE = np.arange(-320.0, 120.0, 0.05)

each_channel = pytest.mark.parametrize("channel", ALL.values(), ids=lambda c: c.name)
each_gate = pytest.mark.parametrize("gate", GATES, ids=lambda g: g.name)


def test_every_channel_that_is_written_is_used() -> None:
    written = {id(v) for v in vars(channels).values() if isinstance(v, Channel)}
    assert written == {id(channel) for channel in ALL.values()}


def test_gates_have_names_of_their_own() -> None:
    """The fit's adjustments go by the name of the gate."""
    assert len({gate.name for gate in GATES}) == len(GATES)


@each_channel
def test_a_channel_says_what_it_is(channel: Channel) -> None:
    assert channel.ion in get_args(Ion)
    assert re.search(r"\b(19|20)\d\d\b", channel.source), "a source has a year"
    assert re.search(r"doi 10\.\d{4}|PMC\d+|ModelDB \d+|ISBN", channel.source), "and can be looked up"
    assert (channel.sodium_permeability > 0) == (channel.ion == "cation")
    # The kernel knows at most two gates, of which the second multiplies once.
    assert len(channel.gates) <= 2
    assert all(gate.power == 1 for gate in channel.gates[1:])


@each_gate
@pytest.mark.parametrize("celsius", [0.0, 33.0, 45.0])
def test_rates_are_positive_and_finite(gate: Gate, celsius: float) -> None:
    for rate in gate.rates(EVERYWHERE, celsius):
        assert rate.shape == EVERYWHERE.shape
        assert np.isfinite(rate).all()
        assert (rate > 0).all()


@each_gate
def test_gates_settle_between_closed_and_open(gate: Gate) -> None:
    """And one way only: a gate opens or closes with depolarization, never both."""
    opening, closing = gate.rates(EVERYWHERE, 33.0)
    steady = opening / (opening + closing)
    assert ((steady >= 0) & (steady <= 1)).all()
    rises = np.diff(steady)
    assert (rises >= -1e-12).all() or (rises <= 1e-12).all()
    assert steady.max() > 0.95
    assert steady.min() < 0.05


@each_gate
def test_rates_are_continuous(gate: Gate) -> None:
    """Through the potentials at which a formula is 0/0, which a finer and finer grid closes in on."""
    for which in (0, 1):

        def rate(at: np.ndarray, which: int = which) -> np.ndarray:
            return gate.rates(at, 33.0)[which]

        relative = np.abs(np.diff(np.log(rate(EVERYWHERE))))
        assert relative.max() < 0.05
        for near in EVERYWHERE[:-1:40]:
            fine = near + np.linspace(0.0, 0.05, 11)
            assert np.abs(np.diff(np.log(rate(fine)))).max() < 0.01


@pytest.mark.parametrize("slope", [1.1, 9.16, 25.0])
def test_linoid(slope: float) -> None:
    """Its limit at 0, its derivative there, its two far ends; no leap where the formula changes."""
    assert linoid(np.array([0.0]), slope)[0] == slope
    tiny = slope * np.array([-2e-6, -1e-6, -0.999e-6, -1e-12, 1e-12, 0.999e-6, 1e-6, 2e-6])
    np.testing.assert_allclose(linoid(tiny, slope), slope + tiny / 2, rtol=1e-10)
    far = np.array([50.0 * slope])
    np.testing.assert_allclose(linoid(far, slope), far, rtol=1e-12)
    np.testing.assert_allclose(linoid(-far, slope), far * np.exp(-50.0), rtol=1e-12)


@each_gate
def test_warmth_speeds_both_rates_alike(gate: Gate) -> None:
    at = np.array([-90.0, -60.0, 0.0])
    assert gate.q10 > 1
    reference = gate.opening(at), gate.closing(at)
    for celsius, factor in ((gate.reference_c, 1.0), (gate.reference_c + 10, gate.q10), (26.0, None)):
        expected = gate.q10 ** ((celsius - gate.reference_c) / 10) if factor is None else factor
        for rate, normal in zip(gate.rates(at, celsius), reference, strict=True):
            np.testing.assert_allclose(rate, expected * normal, rtol=1e-12)


@each_gate
def test_adjustments(gate: Gate) -> None:
    """A shift moves both curves, a speed scales both, a steepness turns about the pivot."""
    at = np.linspace(-110.0, 20.0, 27)
    plain = gate.rates(at, 33.0)
    for moved, rate in zip(gate.rates(at + 7.0, 33.0, shift_mv=7.0), plain, strict=True):
        np.testing.assert_allclose(moved, rate, rtol=1e-12)
    for fast, rate in zip(gate.rates(at, 33.0, speed=1.7), plain, strict=True):
        np.testing.assert_allclose(fast, 1.7 * rate, rtol=1e-12)
    around = gate.pivot_mv + (at - gate.pivot_mv) / 1.4
    for steep, rate in zip(gate.rates(around, 33.0, steepness=1.4), plain, strict=True):
        np.testing.assert_allclose(steep, rate, rtol=1e-12)
    pivot = np.array([gate.pivot_mv])
    assert gate.rates(pivot, 33.0, steepness=3.0)[0] == pytest.approx(gate.rates(pivot, 33.0)[0])


def test_ih_reverses_where_its_source_says() -> None:
    """-54.9 mV between the fluids of Schwarz and others 1995 (K 5.6 and 155, Na 154 and 35 mmol/L)."""
    p = ALL["ih"].sodium_permeability
    assert nernst_mv(1, 5.6 + p * 154.0, 155.0 + p * 35.0, 36.0) == pytest.approx(-54.9, abs=1.0)
