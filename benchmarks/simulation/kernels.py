"""Speed of the nodes and of the nerve, beside NEURON and beside C.

    python benchmarks/simulation/kernels.py [--rounds 5] [--c-nodes FILE.c] [--c-nerve FILE.c]

Nodes: 100 Hodgkin-Huxley nodes with an Ornstein-Uhlenbeck current each (mean 4, deviation 5 µA/cm², 2 ms),
1 s in steps of 5 µs. Nerve: 20 motor axons of 10 µm with 21 nodes (221 compartments in two layers), 50 ms in
steps of 5 µs, five spikes each. Every round runs each program once, in turn and in a process of its own that
has warmed up; NEURON's nerve is one axon a run, times twenty, since twenty in one process take it longer.
Figures are medians, and rates those of processor time, which other work disturbs less than wall time.

The C files are not part of this repository: any that have, compiled with gcc for this machine,
``hh_poly(int n, int steps, float dt, float mean, float sd, float tau, uint64 seed, int64 *counts)`` and
``mrg_run(int axons, int steps, double dt, double nA, int first, int last, int period, int64 *counts,
double *tap)``. Writes ``benchmarks/results/simulation_kernels.json``, and the
table in ``docs/simulation-kernels.md``.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "simulation_kernels.json"
PAGE = ROOT / "docs" / "simulation-kernels.md"
MARKS = ("<!-- speed -->", "<!-- end of speed -->")
NODES, NODE_MS = 100, 1000.0
AXONS, AXON_MS, COMPARTMENTS = 20, 50.0, 221
DT_MS = 0.005
STEPS = {"nodes": round(NODES * NODE_MS / DT_MS), "nerve": round(AXONS * COMPARTMENTS * AXON_MS / DT_MS)}


def ours_nodes(threads: int) -> Callable[[], float]:
    from whytwitch.physiology.nodes import CurrentNoise, NodePopulation, simulate_nodes

    noise = CurrentNoise(mean_ua_cm2=4.0, sd_ua_cm2=5.0, correlation_ms=2.0)

    def run() -> float:
        found = simulate_nodes(NodePopulation(count=NODES), NODE_MS, noise=noise, seed=1, threads=threads)
        return float(found.rates_hz.mean())

    return run


def ours_nerve(threads: int) -> Callable[[], float]:
    from whytwitch.physiology.nerve import Nerve, Pulse, conduct_all

    pulses = [Pulse(start_ms=1 + 10 * k, amplitude_na=2.0) for k in range(5)]

    def run() -> float:
        found = conduct_all([Nerve()] * AXONS, pulses, duration_ms=AXON_MS, settle_ms=0.0, threads=threads)
        return float(np.mean([c.spikes_ms[18].size for c in found]))

    return run


def c_library(source: Path, lanes: int) -> ctypes.CDLL:
    target = Path(tempfile.mkdtemp()) / "kernel.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-fopenmp-simd", f"-DW={lanes}", "-fPIC", "-shared"]
    subprocess.run(["gcc", *flags, "-o", str(target), str(source), "-lm", "-lmvec"], check=True)
    return ctypes.CDLL(str(target))


def c_nodes(source: Path) -> Callable[[], float]:
    # The fewest lanes, of whole vectors, that hold the nodes: no lane is wasted.
    library, counts = c_library(source, 104), np.zeros(NODES, np.int64)
    numbers = [ctypes.c_float(x) for x in (DT_MS, 4.0, 5.0, 2.0)]
    steps = round(NODE_MS / DT_MS)

    def run() -> float:
        library.hh_poly(NODES, steps, *numbers, ctypes.c_uint64(1), ctypes.c_void_p(counts.ctypes.data))
        return float(counts.mean())

    return run


def c_nerve(source: Path) -> Callable[[], float]:
    library, counts = c_library(source, 20), np.zeros(AXONS, np.int64)
    steps = round(AXON_MS / DT_MS)

    def run() -> float:
        dt, amplitude = ctypes.c_double(DT_MS), ctypes.c_double(2.0)
        out = ctypes.c_void_p(counts.ctypes.data)
        library.mrg_run(AXONS, steps, dt, amplitude, 200, 220, 2000, out, None)
        return float(counts.mean())

    return run


def neuron_library(source: Path) -> None:
    from neuron import h

    folder = Path(tempfile.mkdtemp())
    shutil.copy(source, folder)
    tool = str(Path(sys.executable).parent / "nrnivmodl")
    subprocess.run([tool], cwd=folder, check=True, capture_output=True)
    h.nrn_load_dll(str(next(folder.glob("*/libnrnmech.*")).resolve()))
    h.load_file("stdrun.hoc")


def neuron_run(cells: list[tuple[Any, float]], tstop: float, rest: float) -> Callable[[], float]:
    """Simulate sections given with their thresholds; spikes a cell."""
    from neuron import h

    parallel, times, who, counters = h.ParallelContext(), h.Vector(), h.Vector(), []
    for k, (section, threshold) in enumerate(cells):
        counter = h.NetCon(section(0.5)._ref_v, None, sec=section)
        counter.threshold = threshold
        parallel.set_gid2node(k, parallel.id())
        parallel.cell(k, counter)
        counters.append(counter)
    parallel.spike_record(-1, times, who)
    h.dt, h.steps_per_ms = DT_MS, 1 / DT_MS
    parallel.set_maxstep(10)

    def run() -> float:
        times.resize(0)
        who.resize(0)
        h.finitialize(rest)
        parallel.psolve(tstop)
        return len(times) / len(counters)

    return run


KEEP: list[Any] = []


def neuron_nodes() -> Callable[[], float]:
    from neuron import h

    neuron_library(Path(__file__).parent / "ou_current.mod")
    for k in range(NODES):
        s = h.Section(name=f"n{k}")
        s.L = s.diam = 10
        s.insert("hh")
        s.insert("ou")
        s(0.5).ou.draw.set_ids(k, 7, 11)
        KEEP.append(s)
    h.celsius = 6.3
    return neuron_run([(s, 0.0) for s in KEEP], NODE_MS, -65)


def neuron_nerve() -> Callable[[], float]:
    from neuron import h

    sys.path.insert(0, str(ROOT))
    from tests.physiology.nerve import neuron_reference

    neuron_library(ROOT / "tests/physiology/nerve/mrg_node.mod")
    sections, nodes = neuron_reference.build(h, {"diameter": 10.0})
    KEEP.extend(sections)
    for k in range(5):
        clamp = h.IClamp(nodes[0](0.5))
        clamp.delay, clamp.dur, clamp.amp = 1 + 10 * k, 0.1, 2.0
        KEEP.append(clamp)
    h.celsius = 37
    return neuron_run([(nodes[18], -30.0)], AXON_MS, -80)


PROGRAMS = {
    "nodes": {
        "whytwitch": lambda _: ours_nodes(1),
        "whytwitch, 2 threads": lambda _: ours_nodes(2),
        "C": lambda a: c_nodes(a.c_nodes),
        "NEURON": lambda _: neuron_nodes(),
    },
    "nerve": {
        "whytwitch": lambda _: ours_nerve(1),
        "whytwitch, 2 threads": lambda _: ours_nerve(2),
        "C": lambda a: c_nerve(a.c_nerve),
        "NEURON": lambda _: neuron_nerve(),
    },
}


def measure(workload: str, program: str, arguments: argparse.Namespace) -> dict[str, float]:
    """In this process: once to warm up, then timed."""
    run = PROGRAMS[workload][program](arguments)
    if program != "NEURON":
        run()
    times = 20 if (workload, program) == ("nerve", "NEURON") else 1
    wall, cpu = time.perf_counter(), time.process_time()
    check = run()
    return {
        "cpu_s": (time.process_time() - cpu) * times,
        "wall_s": (time.perf_counter() - wall) * times,
        "spikes": check,
    }


def apart(workload: str, program: str, argv: list[str]) -> dict[str, float]:
    """In a process of its own."""
    command = [sys.executable, __file__, "--only", workload, program, *argv]
    quiet = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "NEURON_MODULE_OPTIONS": "-nogui"}
    done = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
    if done.returncode:
        raise SystemExit(f"{program} on {workload}:\n{done.stderr}")
    return json.loads(done.stdout.rpartition("RESULT")[2])


def summary(rounds: list[dict[str, float]], steps: int) -> dict[str, object]:
    cpu = median(r["cpu_s"] for r in rounds)
    wall = median(r["wall_s"] for r in rounds)
    return {
        "cpu_s": round(cpu, 4),
        "wall_s": round(wall, 4),
        "fastest_wall_s": round(min(r["wall_s"] for r in rounds), 4),
        "million_steps_per_cpu_s": round(steps / cpu / 1e6, 2),
        "spikes_per_cell": round(rounds[0]["spikes"], 3),
        "rounds": len(rounds),
    }


def write_page(result: dict[str, Any]) -> None:
    """The table of speeds, between its marks in the documentation."""
    lines = [
        "| workload | program | million steps a CPU second | CPU time, of ours |",
        "| --- | --- | --- | --- |",
    ]
    what = {"nodes": "100 noisy nodes, 1 s", "nerve": "20 axons of 221 compartments, 50 ms"}
    for workload, title in what.items():
        for program, row in result[workload]["programs"].items():
            ratio = result[workload]["times_our_cpu"].get(program, 1)
            lines.append(f"| {title} | {program} | {row['million_steps_per_cpu_s']:.3g} | {ratio:.3g} |")
    machine = f"*{result['machine']['processor']}, {result['machine']['cores']} cores, steps of 5 µs.*"
    before, _, rest = PAGE.read_text("utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    table = "\n".join(lines)
    PAGE.write_text(f"{before}{MARKS[0]}\n{table}\n\n{machine}\n{MARKS[1]}{after}", "utf-8")


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of nodes and nerve, beside NEURON and C.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--c-nodes", type=Path)
    parser.add_argument("--c-nerve", type=Path)
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        workload, program = arguments.only
        print("RESULT" + json.dumps(measure(workload, program, arguments)))
        return
    argv = [
        part
        for name in ("c_nodes", "c_nerve")
        if (path := getattr(arguments, name))
        for part in ("--" + name.replace("_", "-"), str(path.resolve()))
    ]
    result: dict[str, Any] = {
        "machine": {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in ("whytwitch", "numba", "numpy", "neuron")},
    }
    for workload, programs in PROGRAMS.items():
        names = [p for p in programs if p != "C" or getattr(arguments, f"c_{workload}")]
        found: dict[str, list[dict[str, float]]] = {p: [] for p in names}
        for _ in range(arguments.rounds):
            for program in names:
                found[program].append(apart(workload, program, argv))
        rows = {p: summary(r, STEPS[workload]) for p, r in found.items()}
        ours = found["whytwitch"]
        ratios = {
            p: round(median(b["cpu_s"] / a["cpu_s"] for a, b in zip(ours, found[p], strict=True)), 2)
            for p in names
            if p != "whytwitch"
        }
        result[workload] = {"steps": STEPS[workload], "programs": rows, "times_our_cpu": ratios}
        print(json.dumps(result[workload], indent=1))
    result["load_at_the_end"] = [round(x, 2) for x in os.getloadavg()]
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    write_page(result)


if __name__ == "__main__":
    main()
