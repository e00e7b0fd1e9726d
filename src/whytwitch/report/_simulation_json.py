"""A simulated cause as one JSON object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from whytwitch.knowledge import Catalogue
from whytwitch.physiology.effects import (
    AxonEffect,
    AxonState,
    FiberState,
    JunctionState,
    Trace,
    findings,
    headline,
)
from whytwitch.report._clean import link
from whytwitch.report._recording_data import program_version
from whytwitch.report._simulation import LIMITS, MODEL_ONLY, Simulated


def simulation_json(shown: Simulated, catalogue: Catalogue, *, indent: int | None = 1) -> str:
    """Everything that was worked out; parts that are unchanged are null.

    Numbers are in the unit their name ends with; indices have the units of the clinical test.
    """
    found, scenario = shown.effects, shown.scenario
    document: dict[str, Any] = {
        "schema_version": "1",
        "example": shown.example,
        "cause": [
            {"id": one.cause_id, "name": catalogue.causes[one.cause_id].name, "scenario": one.scenario_id,
             "dose": one.dose, "unit": one.unit, "grade": one.grade}
            for one in found.system.causes
        ],
        "scenario": scenario and {"id": scenario.id, "name": scenario.name, "plain": scenario.plain},
        "dose": scenario and {
            "name": scenario.dose.name, "value": found.system.causes[0].dose, "unit": scenario.dose.unit,
            "normal": scenario.dose.normal, "low": scenario.dose.low, "high": scenario.dose.high,
        },
        "grade": found.system.grade,
        "sources": [
            {"id": key, "citation": source.citation, "address": link(source)}
            for key in (scenario.sources if scenario else ())
            if (source := catalogue.sources.get(key))
        ],
        "provenance": list(found.system.provenance),
        "values": dict(found.system.values),
        "bath": asdict(found.system.bath),
        "headline": headline(found),
        "places": [asdict(one) | {"acts": one.place in found.acts_on} for one in findings(found)],
        "axon": _axon(found.axon),
        "terminal": _axon(found.terminal),
        "junction": found.junction and _pair(found.junction),
        "fiber": found.fiber and _pair(found.fiber),
        "units": dict(found.units) or None,
        "drive": dict(found.drive) or None,
        "beyond_the_model": dict(found.beyond),
        "recording": _recording(shown),
        "limits": [MODEL_ONLY, *LIMITS],
        "version": program_version(),
        "seed": shown.seed,
    }  # fmt: skip
    return json.dumps(document, indent=indent, allow_nan=False, ensure_ascii=False)


def _axon(of: AxonEffect | None) -> dict[str, Any] | None:
    if of is None:
        return None
    normal, changed = of.normal, of.changed
    return {
        "normal": _state(normal),
        "changed": _state(changed),
        "rest_shift_mv": of.rest_shift_mv,
        "threshold_ratio": of.threshold_ratio,
        "firing_hz": changed.firing_hz,
        "indices": {
            name: {"normal": normal.indices.get(name), "changed": value, "z": changed.z.get(name)}
            for name, value in changed.indices.items()
        },
        "curves": {
            "normal": normal.curves and normal.curves.as_dict(),
            "changed": changed.curves and changed.curves.as_dict(),
        },
    }


def _state(of: AxonState) -> dict[str, Any]:
    return {
        "mood": of.mood, "rest_mv": of.rest_mv, "internode_mv": of.internode_mv, "firing_hz": of.firing_hz,
        "threshold_pa": of.threshold_pa, "spikes_after_stimulus": of.spikes_after_stimulus,
        "accommodation": of.accommodation and asdict(of.accommodation),
    }  # fmt: skip


def _pair(of: Any) -> dict[str, Any]:
    return {"normal": _plain(of.normal), "changed": _plain(of.changed)}


def _plain(of: JunctionState | FiberState) -> dict[str, Any]:
    """Every number of a state; of its trace, only when it fired."""
    told: dict[str, Any] = {}
    for name in of.__slots__:
        value = getattr(of, name)
        if isinstance(value, Trace):
            told["spikes_ms"] = np.round(value.spikes_ms, 3).tolist()
        else:
            told[name] = list(value) if isinstance(value, tuple) else value
    return told


def _recording(shown: Simulated) -> Mapping[str, Any] | None:
    if shown.simulation is None or shown.settings is None:
        return None
    recording, truth = shown.simulation.recording, shown.simulation.truth
    discharges = truth.discharges
    return {
        "channels": len(recording.channels),
        "sampling_rate_hz": recording.sampling_rate_hz,
        "duration_s": recording.duration_s,
        "motor_units": len(truth.units),
        "motor_units_that_fired": len(np.unique(discharges.unit)),
        "discharges": len(discharges),
        "by_kind": dict(Counter(discharges.kind.tolist())),
        "by_origin": dict(Counter(discharges.origin.tolist())),
        "assumed": list(shown.settings.notes),
        "settings": truth.settings,
    }
