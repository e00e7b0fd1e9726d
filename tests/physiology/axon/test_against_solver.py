"""The axon beside an adaptive solver of the same equations, written afresh in ``equations.py``."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physiology.axon.equations import Equations

from whytwitch.physiology.axon import SPIKE_MV, Axon, respond, rest_of
from whytwitch.physiology.ions import Bath

KINDS = {
    "normal": Axon(),
    "another bath": Axon(bath=Bath(potassium_mmol_l=5.5, ionized_calcium_mmol_l=0.9, temperature_c=36.0)),
    "many changes": Axon(
        transient_sodium=1.2, fast_potassium=0.5, slow_potassium=1.3, ih=0.5, pump=1.2,
        internodal_leak=1.4, barrett_barrett=1.2, node_capacitance=1.3, myelin_capacitance=0.8,
        internodal_capacitance=1.1, sodium_inactivation_rate=0.9, ih_half_shift_mv=-5.0, gate_shift_mv=1.0,
        slow_inactivation=0.1, sodium_left_shift_mv=3.0, sodium_left_shift_fraction=0.2,
    ),
}  # fmt: skip


def crossing_ms(times: np.ndarray, trace: np.ndarray) -> float:
    k = int(np.flatnonzero((trace[1:] >= SPIKE_MV) & (trace[:-1] < SPIKE_MV))[0])
    part = (SPIKE_MV - trace[k]) / (trace[k + 1] - trace[k])
    return float(times[k] + part * (times[k + 1] - times[k]))


@pytest.mark.parametrize("name", KINDS)
def test_rest(name: str) -> None:
    rest, (node, internode) = rest_of(KINDS[name]), Equations(KINDS[name]).rest()
    assert rest.node_mv == pytest.approx(node, abs=0.05)
    assert rest.internode_mv == pytest.approx(internode, abs=0.05)


@pytest.mark.parametrize("name", KINDS)
def test_subthreshold_electrotonus(name: str) -> None:
    """Currents of the clinical test, and a brief one of 80 % of threshold.

    The error of a step is largest where a current is switched, so the large brief one takes a shorter step.
    """
    axon = KINDS[name]
    unit = rest_of(axon).threshold_pa
    for step, pieces in (
        (0.005, [(15.0, 0.2 * unit), (5.0, 0.0)]),
        (0.005, [(30.0, -0.4 * unit)]),
        (0.002, [(1.0, 0.8 * unit), (4.0, 0.0)]),
    ):
        current = np.concatenate([np.full(round(d / step), pa) for d, pa in pieces])
        run = respond(axon, current, step, every=round(0.2 / step))
        assert not run.spikes_ms.size
        theirs = Equations(axon).solve(pieces, run.times_ms)
        np.testing.assert_allclose(run.node_mv, theirs[:, 0], atol=0.05, rtol=0)
        np.testing.assert_allclose(run.internode_mv, theirs[:, 1], atol=0.05, rtol=0)


@pytest.mark.parametrize("name", KINDS)
def test_the_spike(name: str) -> None:
    """At a short step the spike has the shape of the solver's, a few microseconds apart."""
    axon, step = KINDS[name], 0.0005
    pieces = [(1.0, 1.6 * rest_of(axon).threshold_pa), (2.0, 0.0)]
    run = respond(axon, np.concatenate([np.full(round(d / step), pa) for d, pa in pieces]), step)
    theirs = Equations(axon).solve(pieces, run.times_ms)
    shift = crossing_ms(run.times_ms, run.node_mv) - crossing_ms(run.times_ms, theirs[:, 0])
    assert abs(shift) < 0.003
    # Start and end of the stimulus stay where they are, so the comparison leaves out what is next to them.
    inside = ((run.times_ms > 0.05) & (run.times_ms < 0.99)) | (run.times_ms > 1.05)
    moved = np.interp(run.times_ms + shift, run.times_ms, run.node_mv)
    np.testing.assert_allclose(moved[inside][:-10], theirs[inside, 0][:-10], atol=0.5, rtol=0)


def test_the_error_is_of_first_order() -> None:
    """Half the step, half the delay of the spike."""
    axon, unit = Axon(), rest_of(Axon()).threshold_pa
    fine = np.arange(1, 4001, dtype=np.float64) * 5e-4
    truth = crossing_ms(fine, Equations(axon).solve([(2.0, 1.6 * unit)], fine)[:, 0])
    errors = []
    for step in (0.008, 0.004, 0.002, 0.001):
        run = respond(axon, np.full(round(2.0 / step), 1.6 * unit), step)
        errors.append(crossing_ms(run.times_ms, run.node_mv) - truth)
    ratios = np.array(errors[:-1]) / np.array(errors[1:])
    assert np.all((ratios > 1.7) & (ratios < 2.3)), (errors, ratios)
