"""Where an axon stands still, beside waiting for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import Axon, Bath, PhysiologyError
from whytwitch.physiology.axon import advance, jacobian, rest_of, tables_of
from whytwitch.physiology.axon._still import flow, stand_still
from whytwitch.physiology.axon._tables import at_rest
from whytwitch.physiology.rate import terminal_constants

STEP_MS = 0.025


def axon_at(potassium: float, temperature: float, shift: float) -> Axon:
    return Axon(bath=Bath(potassium_mmol_l=potassium, temperature_c=temperature), gate_shift_mv=shift)


@settings(max_examples=8, deadline=None)
@given(st.floats(3.0, 5.5), st.floats(28.0, 38.0), st.floats(-4.0, 4.0))
def test_rest_is_where_waiting_leads(potassium: float, temperature: float, shift: float) -> None:
    axon = axon_at(potassium, temperature, shift)
    rest = rest_of(axon)
    if not rest.is_silent:
        return
    state = at_rest(rest.tables, axon.constants.rest_mv, axon.constants.rest_mv)
    advance(state, rest.tables, 1, round(3000.0 / STEP_MS), 0.0)
    np.testing.assert_allclose(rest.state, state, atol=1e-4)
    speed = np.empty_like(rest.state)
    flow(rest.state, rest.tables, speed)
    np.testing.assert_allclose(speed, 0.0, atol=1e-6)


def test_the_jacobian_foretells_how_a_nudge_dies_away() -> None:
    """A small push against the linear system: agreement a tenth of a microvolt after 2 ms."""
    rest = rest_of(Axon())
    values, frame = np.linalg.eig(jacobian(rest.state, rest.tables))
    assert np.real(values).max() < 0
    push = np.zeros(rest.state.size)
    push[0] = 0.01
    steps = 400
    foretold = (frame @ (np.exp(values * steps * 0.005) * np.linalg.solve(frame, push))).real
    state = rest.state + push
    advance(state, rest.tables, 0, steps, 0.0)
    assert state[0] - rest.state[0] == pytest.approx(foretold[0], abs=1e-4, rel=0.05)
    assert abs(foretold[0]) < push[0] / 2


def test_an_axon_that_fires_by_itself_is_not_taken_for_one_at_rest() -> None:
    firing = Axon(
        persistent_sodium=5.4,
        gate_shift_mv=-3.3,
        bath=Bath(potassium_mmol_l=8.1, sodium_mmol_l=150.0),
        constants=terminal_constants(),
    )
    counted, seen = rest_of(firing), rest_of(firing, counted=False)
    assert counted.firing_hz > 50
    assert 0 < seen.firing_hz <= counted.firing_hz
    assert not seen.is_silent


def test_from_anywhere_it_finds_a_place_of_no_flow_or_says_no() -> None:
    tables = tables_of(Axon())
    for node in (-110.0, -84.0, -60.0, -20.0):
        state = at_rest(tables, node, node)
        if stand_still(state, tables):
            speed = np.empty_like(state)
            flow(state, tables, speed)
            np.testing.assert_allclose(speed[:2], 0.0, atol=1e-6)


def test_a_shift_beyond_the_tables_is_refused() -> None:
    with pytest.raises(PhysiologyError, match="120 mV"):
        tables_of(
            Axon(
                gate_shift_mv=-30.0,
                sodium_left_shift_mv=40.0,
                sodium_left_shift_fraction=0.5,
                bath=Bath(ionized_calcium_mmol_l=0, ionized_magnesium_mmol_l=0, ph=9.5, sodium_mmol_l=5),
            )
        )


def test_shifted_rows_are_those_of_the_gate() -> None:
    """Read from wide rows, beside the rates of a shifted gate themselves."""
    from whytwitch.physiology.axon import GRID
    from whytwitch.physiology.channels import NODE

    shift = -3.217
    tables = tables_of(Axon(gate_shift_mv=shift))
    constants, k = Axon().constants, 0
    for channel in NODE:
        for gate in channel.gates:
            opening, closing = gate.rates(
                GRID,
                Bath().temperature_c,
                constants.gate_shift_mv.get(gate.name, 0.0) + shift,
                constants.gate_speed.get(gate.name, 1.0),
                constants.gate_steepness.get(gate.name, 1.0),
            )
            np.testing.assert_allclose(tables.steady[k], opening / (opening + closing), atol=2e-8)
            k += 1
