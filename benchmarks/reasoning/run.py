"""How fast the reasoning is, with peers on the same problem.

    python benchmarks/reasoning/run.py [--peers] [--write-docs]

Prints a table and writes it to ``benchmarks/results/speed.json``; with ``--write-docs`` the block
between the SPEED marks of ``docs/evaluation.md`` is replaced by it. Peers (pyAgrum, pgmpy) get the
easiest form of the problem: absent findings and contexts already folded into the priors, noisy-OR
gates unrolled into chains so that no table grows with the number of parents. Each runs in its own
process with a memory limit.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from whytwitch.case import Case, Observation
from whytwitch.cohort import patients
from whytwitch.knowledge import load
from whytwitch.reasoning import explain, network, rank
from whytwitch.reasoning._evidence import evidence_of, read_items
from whytwitch.reasoning._exact import Problem, solve
from whytwitch.reasoning._explain import infer, solve_exactly
from whytwitch.reasoning._questions import gain_per_effort, prospects_of

CATALOGUE = load()
NET = network(CATALOGUE, "neurology")
MEMORY_BYTES = 8 * 2**30
TIMEOUT_S = 300.0


def case_of(column: int, rng: np.random.Generator) -> Case:
    """15 findings typical of one cause present, 40 others absent."""
    ids = [k for k, f in CATALOGUE.findings.items() if f.kind in ("symptom", "sign", "emg", "lab")]
    strength = NET.strength[[NET.items[k] for k in ids], column]
    present = [ids[i] for i in np.argsort(-strength, kind="stable")[:15]]
    absent = [k for k in rng.permutation(ids) if k not in present][:40]
    rows = [Observation(id=k) for k in present] + [Observation(id=k, status="absent") for k in absent]
    return Case(observations=tuple(rows))


def timed(function: Callable[[], object], repeats: int = 5) -> float:
    """Median seconds of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def problem_of(case: Case) -> Problem:
    """The bare inference problem of a case."""
    evidence = evidence_of(case, NET)
    logs = NET.log_prior + evidence.log_factor
    shifted = np.exp(logs - np.maximum.reduceat(logs, NET.starts)[NET.family_of])
    produce = [p.T for p in NET.split(1.0 - NET.miss(evidence.produce))]
    return Problem(NET.split(shifted), produce, evidence.leak)


def ours() -> dict[str, float]:
    """All measurements of this project."""
    rng = np.random.default_rng(0)
    cases = [case_of(column, rng) for column in range(0, len(NET.causes), 4)]
    exact, loopy, ask, whole = [], [], [], []
    for case in cases:
        evidence = evidence_of(case, NET)
        exact.append(timed(lambda e=evidence: solve_exactly(e, NET)))
        belief = infer(evidence, NET)
        loopy.append(timed(lambda e=evidence: infer(e, NET)) - exact[-1])
        readings = read_items(case, CATALOGUE)
        ask.append(
            timed(lambda r=readings, p=belief.posterior: gain_per_effort(prospects_of(r, p, NET), p, NET))
        )
        whole.append(timed(lambda c=case: explain(c, setting="neurology"), 3))
    people = [p.case for p in patients(10_000, seed=1)]
    start = time.perf_counter()
    for person in people:
        rank(person)
    rate = len(people) / (time.perf_counter() - start)
    return {
        "exact_posterior_ms_median": 1e3 * statistics.median(exact),
        "exact_posterior_ms_worst": 1e3 * max(exact),
        "loopy_ms_median": 1e3 * statistics.median(loopy),
        "next_question_ms_median": 1e3 * statistics.median(ask),
        "next_question_ms_worst": 1e3 * max(ask),
        "explain_ms_median": 1e3 * statistics.median(whole),
        "cases_per_second": rate,
        "cold_start_s": cold_start(),
    }


def cold_start(runs: int = 7) -> float:
    """Median seconds of ``whytwitch explain --json`` in a new process."""
    command = [str(Path(sys.executable).with_name("whytwitch")), "explain", "--json",
               "My left eyelid has twitched for three days, five coffees a day, little sleep"]  # fmt: skip
    return timed(lambda: subprocess.run(command, check=True, capture_output=True), runs)


def pyagrum_exact(problem: Problem) -> float:
    """Seconds that pyAgrum's exact inference takes on the problem."""
    import pyagrum as gum

    net = gum.BayesNet()
    for group, weights in enumerate(problem.weights):
        net.add(gum.LabelizedVariable(f"g{group}", "", len(weights)))
        net.cpt(f"g{group}").fillWith(list(weights / weights.sum()))
    last = []
    for finding in range(len(problem.leak)):
        before = None
        for group, produce in enumerate(problem.produce):
            if not (produce[:, finding] > 0).any() and group > 0:
                continue
            name = f"f{finding}_{group}"
            net.add(gum.LabelizedVariable(name, "", 2))
            net.addArc(f"g{group}", name)
            if before is not None:
                net.addArc(before, name)
            for state, p in enumerate(produce[:, finding]):
                if before is None:
                    start = 1.0 - (1.0 - problem.leak[finding]) * (1.0 - p)
                    net.cpt(name)[{f"g{group}": state}] = [1.0 - start, start]
                else:
                    net.cpt(name)[{f"g{group}": state, before: 0}] = [1.0 - p, p]
                    net.cpt(name)[{f"g{group}": state, before: 1}] = [0.0, 1.0]
            before = name
        last.append(before)
    start_time = time.perf_counter()
    inference = gum.LazyPropagation(net)
    inference.setEvidence(dict.fromkeys(last, 1))
    inference.makeInference()
    got = [np.array(inference.posterior(f"g{g}").tolist()) for g in range(len(problem.weights))]
    seconds = time.perf_counter() - start_time
    gap = max(np.abs(a - b).max() for a, b in zip(got, solve(problem).posterior, strict=True))
    print(f"  pyAgrum and ours differ by at most {gap:.1e}")
    return seconds


def pgmpy_exact(problem: Problem) -> float:
    """Seconds that pgmpy's variable elimination takes for one family of the problem."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    net = DiscreteBayesianNetwork()
    for group, weights in enumerate(problem.weights):
        net.add_node(f"g{group}")
        net.add_cpds(TabularCPD(f"g{group}", len(weights), [[w] for w in weights / weights.sum()]))
    evidence = {}
    for finding in range(len(problem.leak)):
        before = None
        for group, produce in enumerate(problem.produce):
            if not (produce[:, finding] > 0).any() and group > 0:
                continue
            name, size = f"f{finding}_{group}", len(produce)
            p = produce[:, finding]
            net.add_edge(f"g{group}", name)
            if before is None:
                on = 1.0 - (1.0 - problem.leak[finding]) * (1.0 - p)
                net.add_cpds(TabularCPD(name, 2, [1 - on, on], [f"g{group}"], [size]))
            else:
                net.add_edge(before, name)
                on = np.stack([p, np.ones(size)], axis=1).reshape(-1)
                net.add_cpds(TabularCPD(name, 2, [1 - on, on], [f"g{group}", before], [size, 2]))
            before = name
        evidence[before] = 1
    start = time.perf_counter()
    VariableElimination(net).query(["g0"], evidence=evidence, show_progress=False)
    return time.perf_counter() - start


def guarded(function: Callable[[Problem], float], problem: Problem) -> str:
    """Run a peer in its own process; say how long it took or why it did not answer."""
    queue: mp.Queue[str] = mp.Queue()

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        try:
            queue.put(f"{1e3 * function(problem):.0f} ms")
        except MemoryError as error:
            queue.put(f"out of memory at {MEMORY_BYTES / 2**30:.0f} GiB ({str(error)[:60]})")
        except Exception as error:  # noqa: BLE001  a peer's failure is a result here
            queue.put(f"failed: {type(error).__name__}: {str(error)[:80]}")

    process = mp.get_context("fork").Process(target=work)
    process.start()
    process.join(TIMEOUT_S)
    if process.is_alive():
        process.kill()
        return f"no answer in {TIMEOUT_S:.0f} s"
    return queue.get() if not queue.empty() else f"killed (exit code {process.exitcode})"


NAMES = {
    "exact_posterior_ms_median": "exact posterior, 15 present and 40 absent findings, median (ms)",
    "exact_posterior_ms_worst": "the same, slowest of the cases (ms)",
    "loopy_ms_median": "loopy belief propagation, median (ms)",
    "next_question_ms_median": "scoring every open question, median (ms)",
    "next_question_ms_worst": "the same, slowest (ms)",
    "explain_ms_median": "explain(), warm, with ranges, reasons and next question, median (ms)",
    "cases_per_second": "simulated patients ranked and triaged, one process (per second)",
    "cold_start_s": "`whytwitch explain --json` in a new process, median (s)",
    "ours_on_peer_problem_ms": "the peers' problem, here (ms)",
    "pyAgrum": "the same in pyAgrum, exact (lazy propagation)",
    "pgmpy": "the same in pgmpy, exact (variable elimination), one family only",
}


def table(figures: dict[str, object]) -> str:
    """The figures as the documentation shows them."""
    lines = [
        f"{len(NET.causes)} causes, {NET.n_states} states, {len(NET.items)} items; Python "
        f"{platform.python_version()}, NumPy {np.__version__}, {mp.cpu_count()} cores. Made by "
        "`python benchmarks/reasoning/run.py --peers --write-docs`.",
        "",
        "| measurement | figure |",
        "| --- | --- |",
    ]
    for key, value in figures.items():
        shown = f"{value:.3g}" if isinstance(value, float) else value
        lines.append(f"| {NAMES[key]} | {shown} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", action="store_true", help="run pyAgrum and pgmpy too")
    parser.add_argument("--write-docs", action="store_true", help="put the figures into the documentation")
    options = parser.parse_args()
    figures: dict[str, object] = dict(ours())
    if options.peers:
        problem = problem_of(case_of(NET.cause_index["als"], np.random.default_rng(0)))
        figures["ours_on_peer_problem_ms"] = 1e3 * timed(lambda: solve(problem))
        for name, peer in (("pyAgrum", pyagrum_exact), ("pgmpy", pgmpy_exact)):
            figures[name] = guarded(peer, problem)
    print(table(figures))
    results = Path(__file__).parent.parent / "results" / "speed.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if options.write_docs:
        docs = Path(__file__).parent.parent.parent / "docs" / "evaluation.md"
        block = re.compile(r"(<!-- SPEED BEGIN[^>]*-->\n).*?(\n<!-- SPEED END)", re.DOTALL)
        page = block.sub(lambda m: f"{m[1]}\n{table(figures)}\n{m[2]}", docs.read_text("utf-8"))
        docs.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
