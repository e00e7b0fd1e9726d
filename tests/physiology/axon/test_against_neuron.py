"""The axon beside NEURON's, at the same step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.physiology.axon import neuron_reference
from tests.physiology.axon.neuron_reference import KEPT, STEP_MS

from whytwitch.physiology.axon import respond

REFERENCE: dict[str, Any] = json.loads(neuron_reference.GOLDEN.read_text("utf-8"))


def agree(reference: dict[str, Any]) -> None:
    case = reference["case"]
    current = np.concatenate([np.full(round(d / STEP_MS), pa) for d, pa in case["pieces"]])
    run = respond(neuron_reference.axon_of(case), current, STEP_MS)
    assert run.spikes_ms.size == len(reference["spikes_ms"])
    assert np.all(np.abs(run.spikes_ms - reference["spikes_ms"]) <= STEP_MS + 1e-6)
    for mine, theirs in zip((run.node_mv, run.internode_mv), reference["traces_mv"], strict=True):
        np.testing.assert_allclose(mine[KEPT - 1 :: KEPT], theirs, atol=0.1, rtol=0)


@pytest.mark.parametrize("name", REFERENCE)
def test_stored_runs(name: str) -> None:
    agree(REFERENCE[name])


def test_stored_runs_fire_and_do_not() -> None:
    """Both kinds of evidence are there: spikes to time, and a response that stays below."""
    counts = {name: len(run["spikes_ms"]) for name, run in REFERENCE.items()}
    assert counts["subthreshold"] == 0
    assert sum(count > 0 for count in counts.values()) >= 5


@pytest.mark.slow
def test_a_fresh_run(tmp_path: Path) -> None:
    """Of the constants of today, in a case that is not stored."""
    pytest.importorskip("neuron")
    if shutil.which("make") is None or shutil.which("g++") is None:
        pytest.skip("NEURON needs make and g++ to compile the axon's currents")
    neuron_reference.compile_channels(tmp_path)
    case = {
        "constants": neuron_reference.normal_as_dict(),
        "axon": {"slow_potassium": 0.7, "internodal_leak": 1.3, "gate_shift_mv": 1.5},
        "bath": {"temperature_c": 30.0, "potassium_mmol_l": 3.2, "ph": 7.5},
        "pieces": [(5.0, -150.0), (1.0, 900.0), (2.0, 0.0), (1.0, 1500.0), (4.0, 0.0)],
    }
    agree(neuron_reference.fresh(case, tmp_path))
