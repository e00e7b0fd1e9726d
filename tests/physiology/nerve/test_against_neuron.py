"""Nerves beside NEURON's: every compartment with ``extracellular``, at the same step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.physiology.nerve import neuron_reference

from whytwitch.physiology.nerve import Branch, Conduction, Demyelination, Nerve, Pulse, conduct, conduct_all

REFERENCE: dict[str, Any] = json.loads(neuron_reference.GOLDEN.read_text("utf-8"))
STEP_MS = 0.005


def ours(case: dict[str, Any]) -> Conduction:
    nerve = Nerve(
        fiber_diameter_um=case["diameter"],
        nodes=case.get("nodes", 21),
        temperature_c=case.get("celsius", 37.0),
        potassium_reversal_mv=case.get("ek", -90.0),
        demyelination=tuple(
            Demyelination(internode=k, lamellae_fraction=n, leak_factor=leak, seal_fraction=seal)
            for k, n, leak, seal in case.get("myelin", ())
        ),
        branches=tuple(
            Branch(fiber_diameter_um=d, nodes=n, length_fraction=length)
            for d, n, length in case.get("branches", ())
        ),
    )
    pulses = [
        Pulse(node=n, start_ms=start, duration_ms=length, amplitude_na=na)
        for n, start, length, na in case.get("pulses", [[0, 1.0, 0.1, 4.0]])
    ]
    record = case.get("record", ())
    return conduct(nerve, pulses, duration_ms=case["tstop"], settle_ms=0.0, record_nodes=record)


def agree(found: Conduction, reference: dict[str, Any]) -> None:
    assert [s.size for s in found.spikes_ms] == [len(s) for s in reference["spikes_ms"]]
    for mine, theirs in zip(found.spikes_ms, reference["spikes_ms"], strict=True):
        # NEURON reports the end of the step in which the threshold was crossed.
        assert np.all(np.array(theirs) - mine >= -1e-6)
        assert np.all(np.array(theirs) - mine <= STEP_MS + 1e-6)
    for mine, theirs in zip(found.traces_mv, reference["traces_mv"], strict=True):
        np.testing.assert_allclose(mine, theirs, atol=0.01, rtol=0)


@pytest.mark.parametrize("name", REFERENCE)
def test_stored_runs(name: str) -> None:
    agree(ours(REFERENCE[name]["case"]), REFERENCE[name])


@pytest.mark.parametrize("name", [k for k in REFERENCE if k.endswith(" um")])
def test_velocity(name: str) -> None:
    reference = REFERENCE[name]
    took = reference["spikes_ms"][15][0] - reference["spikes_ms"][5][0]
    spacing_um = neuron_reference.TABLE[reference["case"]["diameter"]][2]
    assert ours(reference["case"]).velocity_m_s == pytest.approx(10 * spacing_um * 1e-3 / took, rel=0.02)


@pytest.mark.slow
def test_a_fresh_run(tmp_path: Path) -> None:
    """The stored runs may be stale; this one is made now, and of a case not among them."""
    pytest.importorskip("neuron")
    if shutil.which("make") is None or shutil.which("g++") is None:
        pytest.skip("NEURON needs make and g++ to compile the node's currents")
    neuron_reference.compile_node(tmp_path)
    case = {
        "diameter": 12.8, "nodes": 15, "celsius": 30, "ek": -84, "tstop": 6.0, "record": [0, 7, 14],
        "pulses": [[0, 1.0, 0.1, 5.0], [0, 3.5, 0.1, 5.0]], "myelin": [[6, 0.3, 1.0, 1.0]],
    }  # fmt: skip
    agree(ours(case), neuron_reference.fresh(case, tmp_path))


def test_side_by_side_is_as_alone() -> None:
    """Nerves that share a block know nothing of each other, whatever their order and number."""
    nerves = [
        Nerve(fiber_diameter_um=d, temperature_c=t, demyelination=myelin)
        for d, t, myelin in [
            (5.7, 37.0, ()),
            (16.0, 25.0, ()),
            (10.0, 37.0, (Demyelination(internode=4, lamellae_fraction=0.2),)),
        ]
        * 5
    ]
    together = conduct_all(nerves, duration_ms=4.0, settle_ms=0.0, threads=1)
    for nerve, one in zip(nerves[:3], together[:3], strict=True):
        alone = conduct(nerve, duration_ms=4.0, settle_ms=0.0)
        for a, b in zip(alone.spikes_ms, one.spikes_ms, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-9)
    for k in range(3, 15):
        for a, b in zip(together[k].spikes_ms, together[k % 3].spikes_ms, strict=True):
            np.testing.assert_array_equal(a, b)
