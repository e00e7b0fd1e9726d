"""The axon in NEURON: a node, and an internode under ``extracellular`` that stands for the myelin.

    python tests/physiology/axon/neuron_reference.py                  # writes reference.json for the tests
    python tests/physiology/axon/neuron_reference.py CASE OUT FOLDER  # one case (JSON) into a file

Kinetics are written out in ``axon_node.mod`` and ``axon_internode.mod``. Leaks and pump are those of
``equations.py``. Every case holds the constants of its axon, so a refit of the normal axon changes nothing.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[2]))

from tests.physiology.axon.equations import Equations  # noqa: E402

from whytwitch.physiology.axon import Axon, Constants, constants_from, normal_constants  # noqa: E402
from whytwitch.physiology.ions import Bath, surface_shift_mv  # noqa: E402

GOLDEN = HERE / "reference.json"
STEP_MS = 0.005
KEPT = 4
AREA_UM2 = 100.0
GATES = {
    "m": "transient_sodium_activation", "h": "transient_sodium_inactivation",
    "p": "persistent_sodium_activation", "n": "fast_potassium_activation",
    "s": "slow_potassium_activation", "q": "ih_activation",
}  # fmt: skip


def axon_of(case: dict[str, Any]) -> Axon:
    return Axon(
        **case.get("axon", {}), bath=Bath(**case.get("bath", {})), constants=constants_from(case["constants"])
    )


def normal_as_dict() -> dict[str, Any]:
    constants = normal_constants()
    values = {item.name: getattr(constants, item.name) for item in dataclasses.fields(constants)}
    return {name: dict(v) if name.startswith("gate_") else v for name, v in values.items()}


def stored_constants() -> Constants:
    """Those of the stored runs: for tests of an axon that has to do a certain thing."""
    return constants_from(json.loads(GOLDEN.read_text("utf-8"))["normal"]["case"]["constants"])


def compile_channels(folder: Path) -> None:
    for name in ("axon_node.mod", "axon_internode.mod"):
        shutil.copy(HERE / name, folder)
    tool = Path(sys.executable).parent / "nrnivmodl"
    subprocess.run([str(tool)], cwd=folder, check=True, capture_output=True)


def settings(axon: Axon) -> tuple[dict[str, float], dict[str, float]]:
    """Parameters of the two mechanisms."""
    c, bath, equations = axon.constants, axon.bath, Equations(axon)
    warm = 2.0 ** ((bath.temperature_c - 33.0) / 10)
    kinetics = {}
    for letter, name in GATES.items():
        kinetics[f"{letter}shift"] = c.gate_shift_mv.get(name, 0.0)
        kinetics[f"{letter}speed"] = c.gate_speed.get(name, 1.0)
        kinetics[f"{letter}steep"] = c.gate_steepness.get(name, 1.0)
    kinetics["hspeed"] *= axon.sodium_inactivation_rate
    both = {
        "shift": axon.gate_shift_mv + surface_shift_mv(bath),
        "ek": equations.potassium_mv(bath),
        "ena": equations.sodium_mv(bath),
        "area_um2": AREA_UM2,
    }

    def leak(place: int, normal: float, factor: float) -> dict[str, float]:
        sodium, pump = equations.even[place]
        return {"gna": sodium * factor, "gk": (normal - sodium) * factor, "pump": pump * axon.pump * warm}

    available = 1 - axon.slow_inactivation
    node = {
        **both, **leak(0, c.nodal_leak_ns, axon.nodal_leak),
        "pnat": c.transient_sodium_e9_cm3_s * axon.transient_sodium * available,
        "pnap": c.persistent_sodium_e9_cm3_s * axon.persistent_sodium * available,
        "gkf": c.nodal_fast_potassium_ns * axon.fast_potassium,
        "gks": c.nodal_slow_potassium_ns * axon.slow_potassium,
        "nao": bath.sodium_mmol_l, "nai": c.internal_sodium_mmol_l,
        "hurt": axon.sodium_left_shift_fraction, "hurtshift": axon.sodium_left_shift_mv,
        **{k: v for k, v in kinetics.items() if k[0] in "mhpns"},
    }  # fmt: skip
    internode = {
        **both, **leak(1, c.internodal_leak_ns, axon.internodal_leak),
        "gkf": c.internodal_fast_potassium_ns * axon.internodal_fast_potassium,
        "gks": c.internodal_slow_potassium_ns * axon.internodal_slow_potassium,
        "gh": c.ih_ns * axon.ih, "eh": equations.cation_mv(bath, 0.097), "qmoved": axon.ih_half_shift_mv,
        **{k: v for k, v in kinetics.items() if k[0] in "nsq"},
    }  # fmt: skip
    return node, internode


def build(h: Any, axon: Axon) -> tuple[Any, Any]:
    """The two sections, whose insides are one: joined by a resistance that no current here notices."""
    c = axon.constants
    sections = []
    for name, capacitance, values in zip(
        ("axonnode", "axoninternode"),
        (
            c.nodal_capacitance_pf * axon.node_capacitance,
            c.internodal_capacitance_pf * axon.internodal_capacitance,
        ),
        settings(axon),
        strict=True,
    ):
        s = h.Section(name=name)
        s.nseg, s.L, s.diam, s.Ra = 1, AREA_UM2 / 3.141592653589793, 1.0, 1e-3
        s.insert("extracellular")
        s.insert(name)
        s.cm = capacitance * 100.0 / AREA_UM2
        s.xraxial[0] = s.xraxial[1] = 1e9
        s.xg[0] = s.xg[1] = 1e9
        for key, value in values.items():
            setattr(s, f"{key}_{name}", value)
        sections.append(s)
    node, internode = sections
    internode.xg[0] = c.barrett_barrett_ns * axon.barrett_barrett * 0.1 / AREA_UM2
    internode.xc[0] = c.myelin_capacitance_pf * axon.myelin_capacitance * 100.0 / AREA_UM2
    internode.connect(node(1), 0)
    return node, internode


def simulate(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    from neuron import h

    h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.*")).resolve()))
    h.load_file("stdrun.hoc")
    axon = axon_of(case)
    node, internode = build(h, axon)
    clamp = h.IClamp(node(0.5))
    clamp.delay, clamp.dur = 0, 1e9
    h.celsius = axon.bath.temperature_c
    h.finitialize(axon.constants.rest_mv)
    h.dt = 0.05
    for _ in range(round(2000 / h.dt)):
        h.fadvance()
    h.dt = STEP_MS
    traces, spikes, now = [], [], 0
    before = node(0.5).v
    rest = [before, internode(0.5).v]
    for duration, current in case["pieces"]:
        clamp.amp = current * 1e-3
        for _ in range(round(duration / STEP_MS)):
            h.fadvance()
            now += 1
            after = node(0.5).v
            if before < -20 <= after:
                spikes.append(now * STEP_MS)
            before = after
            if now % KEPT == 0:
                traces.append([after, internode(0.5).v])
    return {
        "case": case, "rest_mv": rest, "spikes_ms": [round(t, 6) for t in spikes],
        "traces_mv": [[round(x, 3) for x in row] for row in zip(*traces, strict=True)],
    }  # fmt: skip


def cases() -> dict[str, Any]:
    """Currents in pA; what fires an axon moves with a fit, so the stored cases keep their constants."""
    brief = [(0.5, 0.0), (1.0, 700.0), (6.0, 0.0)]
    kinds: dict[str, dict[str, Any]] = {
        "normal": {},
        "subthreshold": {"pieces": [(10.0, 150.0), (10.0, -200.0)]},
        "depolarized": {"pieces": [(15.0, 200.0), (1.0, 700.0), (4.0, 0.0)]},
        "bath": {"bath": {"potassium_mmol_l": 6.0, "sodium_mmol_l": 125.0, "ionized_calcium_mmol_l": 0.8}},
        "cold": {"bath": {"temperature_c": 25.0}, "pieces": [(1.0, 900.0), (8.0, 0.0)]},
        "warm": {"bath": {"temperature_c": 38.0}},
        "changed": {
            "axon": {
                "transient_sodium": 1.3, "persistent_sodium": 0.5, "fast_potassium": 0.6,
                "slow_potassium": 1.4, "nodal_leak": 1.2, "internodal_fast_potassium": 0.8,
                "internodal_slow_potassium": 1.5, "internodal_leak": 0.7, "ih": 1.6, "pump": 1.3,
                "barrett_barrett": 1.3, "sodium_inactivation_rate": 0.8, "node_capacitance": 1.2,
                "myelin_capacitance": 0.7, "internodal_capacitance": 0.9, "ih_half_shift_mv": 6.0,
                "gate_shift_mv": -1.0, "slow_inactivation": 0.1,
            },
        },
        "injured": {"axon": {"sodium_left_shift_mv": 12.0, "sodium_left_shift_fraction": 0.25}},
    }  # fmt: skip
    return {name: {"constants": normal_as_dict(), "pieces": brief, **kind} for name, kind in kinds.items()}


def fresh(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A case in a process of its own: NEURON keeps what it was told."""
    out = folder / "out.json"
    command = [sys.executable, str(Path(__file__).resolve()), json.dumps(case), str(out), str(folder)]
    subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "NEURON_MODULE_OPTIONS": "-nogui"}
    )
    return json.loads(out.read_text("utf-8"))


def main() -> None:
    if len(sys.argv) == 4:
        result = simulate(json.loads(sys.argv[1]), Path(sys.argv[3]))
        Path(sys.argv[2]).write_text(json.dumps(result), "utf-8")
        return
    with tempfile.TemporaryDirectory() as name:
        compile_channels(Path(name))
        results = {key: fresh(case, Path(name)) for key, case in cases().items()}
    rows = ",\n".join(f"{json.dumps(k)}: {json.dumps(r)}" for k, r in results.items())
    GOLDEN.write_text("{\n" + rows + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
