"""The double-cable motor axon in NEURON: every compartment, with ``extracellular``.

    python tests/physiology/nerve/neuron_reference.py                  # writes reference.json for the tests
    python tests/physiology/nerve/neuron_reference.py CASE OUT FOLDER  # one case (JSON) into a file

The nodes' currents are compiled from ``mrg_node.mod`` with nrnivmodl into a folder of their own, so a C++
compiler is needed. A case has ``diameter`` and may have ``nodes``, ``celsius``, ``ek``, ``pulses`` (node,
start, duration, nA), ``myelin`` (internode, lamellae left, leak factor, seal), ``branches`` (diameter, nodes,
length fraction), ``tstop`` and ``record`` (nodes whose voltage is kept at every step).
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GOLDEN = HERE / "reference.json"
# McIntyre et al. 2002, table 1: axon, node, spacing, length of the flanking paranode, lamellae.
TABLE = {
    5.7: (3.4, 1.9, 500, 35, 80),
    7.3: (4.6, 2.4, 750, 38, 100),
    8.7: (5.8, 2.8, 1000, 40, 110),
    10.0: (6.9, 3.3, 1150, 46, 120),
    11.5: (8.1, 3.7, 1250, 50, 130),
    12.8: (9.2, 4.2, 1350, 54, 135),
    14.0: (10.4, 4.7, 1400, 56, 140),
    15.0: (11.5, 5.0, 1450, 58, 145),
    16.0: (12.7, 5.5, 1500, 60, 150),
}
STEP_MS = 0.005


def compile_node(folder: Path) -> None:
    shutil.copy(HERE / "mrg_node.mod", folder)
    tool = Path(sys.executable).parent / "nrnivmodl"
    subprocess.run([str(tool)], cwd=folder, check=True, capture_output=True)


def space_mohm_cm(diameter: float, width: float) -> float:
    return 0.7e6 * 0.01 / (math.pi * ((diameter / 2 + width) ** 2 - (diameter / 2) ** 2))


class Fiber:
    def __init__(self, h: Any, diameter: float, length: float = 1.0) -> None:
        self.h, self.diameter = h, diameter
        self.axon, self.node_um, self.spacing, self.flank, self.lamellae = TABLE[diameter]
        self.spacing *= length

    def section(self, name: str, length: float, diameter: float) -> Any:
        s = self.h.Section(name=name)
        s.nseg, s.L, s.diam, s.Ra = 1, length, diameter, 70
        s.insert("extracellular")
        return s

    def node(self, ek: float) -> Any:
        s = self.section("node", 1, self.node_um)
        s.cm = 2
        s.insert("mrgnode")
        s.ek_mrgnode = ek
        s.xraxial[0], s.xg[0], s.xc[0] = space_mohm_cm(self.node_um, 0.002), 1e10, 0
        return s

    def internode(self, myelin: tuple[float, float, float]) -> list[Any]:
        lamellae, leak, seal = myelin
        stretch = (self.spacing - 1 - 2 * 3 - 2 * self.flank) / 6
        parts = []
        for kind in "mf" + 6 * "s" + "fm":
            inner = self.node_um if kind == "m" else self.axon
            s = self.section(kind, {"m": 3, "f": self.flank, "s": stretch}[kind], self.diameter)
            ratio = inner / self.diameter
            s.Ra, s.cm = 70 / ratio**2, 2 * ratio
            s.insert("pas")
            s.g_pas, s.e_pas = (0.001 if kind == "m" else 0.0001) * ratio, -80
            s.xraxial[0] = space_mohm_cm(inner, 0.002 if kind == "m" else 0.004) * (
                seal if kind == "m" else 1
            )
            membranes = 2 * self.lamellae * lamellae
            s.xg[0], s.xc[0] = 0.001 * leak / membranes, 0.1 / membranes
            parts.append(s)
        return parts


def build(h: Any, case: dict) -> tuple[list[Any], list[Any]]:
    """All sections, and the nodes in order."""
    myelin = {m[0]: tuple(m[1:]) for m in case.get("myelin", ())}
    ek = case.get("ek", -90)
    trunk = Fiber(h, case["diameter"])
    nodes = [trunk.node(ek)]
    sections = [nodes[0]]

    def extend(fiber: Fiber, start: Any, at: float, count: int, first: int | None) -> None:
        previous, end = start, at
        for k in range(count):
            healthy = (1.0, 1.0, 1.0)
            parts = fiber.internode(healthy if first is None else myelin.get(first + k, healthy))
            new = fiber.node(ek)
            for s in (*parts, new):
                s.connect(previous(end), 0)
                previous, end = s, 1
            nodes.append(new)
            sections.extend((*parts, new))

    extend(trunk, nodes[0], 1, case.get("nodes", 21) - 1, 0)
    fork = nodes[-1]
    for diameter, count, length in case.get("branches", ()):
        extend(Fiber(h, diameter, length), fork, 0.5, count, None)
    return sections, nodes


def simulate(case: dict, folder: Path) -> dict:
    from neuron import h

    h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.*")).resolve()))
    h.load_file("stdrun.hoc")
    sections, nodes = build(h, case)
    clamps = []
    for node, start, duration, amplitude in case.get("pulses", [[0, 1.0, 0.1, 4.0]]):
        clamp = h.IClamp(nodes[node](0.5))
        # Half a step early, so that rounding cannot move an edge by a step.
        clamp.delay, clamp.dur, clamp.amp = start - STEP_MS / 2, duration, amplitude
        clamps.append(clamp)
    spikes = []
    for n in nodes:
        counter, times = h.NetCon(n(0.5)._ref_v, None, sec=n), h.Vector()
        counter.threshold = -30
        counter.record(times)
        spikes.append((counter, times))
    traces = [h.Vector().record(nodes[n](0.5)._ref_v) for n in case.get("record", ())]
    h.celsius, h.dt, h.steps_per_ms = case.get("celsius", 37), STEP_MS, 1 / STEP_MS
    h.finitialize(-80)
    for _ in range(round(case.get("tstop", 5.0) / STEP_MS)):
        h.fadvance()
    return {
        "case": case,
        "spikes_ms": [[round(x, 6) for x in t] for _, t in spikes],
        "traces_mv": [[round(x, 5) for x in t] for t in traces],
        "sections": len(sections),
    }


CASES = {
    "traces": {"diameter": 10.0, "tstop": 3.0, "record": [0, 10, 18]},
    **{f"{d:g} um": {"diameter": d, "tstop": 3.0} for d in (5.7, 7.3, 11.5, 14.0, 16.0)},
    "20 degrees": {"diameter": 10.0, "celsius": 20, "tstop": 8.0},
    "thin myelin": {
        "diameter": 10.0, "tstop": 4.0, "record": [9, 12],
        "myelin": [[9, 0.2, 2.0, 1.0], [10, 0.1, 1.0, 0.5]],
    },
    "block": {
        "diameter": 10.0, "tstop": 4.0, "record": [9, 12],
        "myelin": [[9, 0.02, 1.0, 1.0], [10, 0.02, 1.0, 1.0]],
    },
    "branches": {
        "diameter": 10.0, "nodes": 11, "tstop": 4.0, "record": [10, 13],
        "branches": [[5.7, 4, 1.0], [7.3, 4, 0.5], [7.3, 3, 1.0]],
    },
    "collision": {"diameter": 10.0, "tstop": 3.0, "pulses": [[0, 1.0, 0.1, 4.0], [20, 1.0, 0.1, 4.0]]},
}  # fmt: skip


def fresh(case: dict, folder: Path) -> dict:
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
        compile_node(Path(name))
        results = {key: fresh(case, Path(name)) for key, case in CASES.items()}
    rows = ",\n".join(f"{json.dumps(k)}: {json.dumps(r)}" for k, r in results.items())
    GOLDEN.write_text("{\n" + rows + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
