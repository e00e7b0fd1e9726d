"""Rates of rare events by splitting: are the intervals honest, and what does it cost beside brute force?

    python benchmarks/rates/splitting.py

Coverage: many independent runs on chains whose rate is known exactly, and on a Hodgkin-Huxley node in noise
whose rate ``simulate_nodes`` finds by brute force. Cost: steps, pilots included, from 10 Hz down. The cost of
brute force for the same error is that of as many independent events in the same step: 1 / (rate x step) steps
for an error of 100 %. Writes ``benchmarks/results/rates_splitting.json``, and the tables in
``docs/rare-events.md``.
"""

from __future__ import annotations

import json
import math
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t as student

sys.path.insert(0, str(Path(__file__).parents[2]))

from squid_node import STEP_MS, squid_node
from tests.physiology.splitting.particles import (
    Particle,
    double_well,
    hidden_barrier,
    ornstein_uhlenbeck,
)

from whytwitch import __version__
from whytwitch.physiology.nodes import CurrentNoise, NodePopulation, simulate_nodes
from whytwitch.physiology.splitting import RareRate, counted_interval, split

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results/rates_splitting.json"
PAGE = ROOT / "docs/rare-events.md"
RUNS, NODE_RUNS, WELL_RUNS = 100, 60, 10
NODE_NOISE = 0.7
WELLS = (0.3, 0.23, 0.19, 0.16, 0.14, 0.125, 0.115)
NODES = (1.2, 1.0, 0.8, 0.7, 0.62, 0.55, 0.5, 0.45)
MOST_STEPS = 200_000_000
EPISODE_MS = 50.0


def coverage(process: Particle, exact: float, runs: int, relative_error: float) -> dict[str, Any]:
    start = time.perf_counter()
    found = [split(process, relative_error=relative_error, seed=s, threads=1) for s in range(runs)]
    ratio = np.array([f.rate_hz for f in found]) / exact
    steps = float(np.mean([f.node_steps for f in found]))
    return {
        "exact_hz": exact,
        "runs": runs,
        "relative_error_asked": relative_error,
        "mean_ratio": float(ratio.mean()),
        "mean_ratio_standard_error": float(ratio.std(ddof=1) / math.sqrt(runs)),
        "true_relative_error": float(ratio.std(ddof=1)),
        "reported_relative_error": float(np.median([f.relative_error for f in found])),
        "covered": sum(f.low_hz <= exact <= f.high_hz for f in found),
        "interval_too_low": sum(f.high_hz < exact for f in found),
        "interval_too_high": sum(f.low_hz > exact for f in found),
        "covered_by_plain_t": sum(plain(f)[0] <= exact <= plain(f)[1] for f in found),
        "converged": sum(f.converged for f in found),
        "counted": sum(f.method == "direct" for f in found),
        "with_warnings": sum(bool(f.checks.warnings) for f in found),
        "steps": steps,
        "normalized_variance": float(ratio.var(ddof=1)) * steps,
        "normalized_variance_brute_force": 1 / (exact * process.step_ms * 1e-3),
        "seconds": round(time.perf_counter() - start, 1),
    }


def plain(found: RareRate) -> tuple[float, float]:
    """Student's interval on the mean itself, for comparison."""
    reach = float(student.ppf(0.975, found.estimates_hz.size - 1)) * found.relative_error * found.rate_hz
    return found.rate_hz - reach, found.rate_hz + reach


def brute_force(sd_ua_cm2: float, seconds: float, seed: int) -> dict[str, float]:
    """Episodes of spikes of many nodes; spikes within 50 ms are one."""
    count = 2048
    run = simulate_nodes(
        NodePopulation(count=count), seconds * 1e3 / count, seed=seed, threads=1,
        noise=CurrentNoise(sd_ua_cm2=sd_ua_cm2, correlation_ms=2.0), dt_us=STEP_MS * 1e3, threshold_mv=0.0,
    )  # fmt: skip
    order = np.lexsort((run.spike_times_ms, run.spike_nodes))
    times, nodes = run.spike_times_ms[order], run.spike_nodes[order]
    first = np.ones(times.size, bool)
    first[1:] = (np.diff(nodes) > 0) | (np.diff(times) > EPISODE_MS)
    low, high = counted_interval(int(first.sum()), 0.95)
    rest_s = seconds - int(first.sum()) * EPISODE_MS * 1e-3
    return {
        "episodes": int(first.sum()),
        "seconds_at_rest": rest_s,
        "rate_hz": float(first.sum() / rest_s),
        "low_hz": low / rest_s,
        "high_hz": high / rest_s,
    }


def well_costs() -> list[dict[str, float]]:
    rows = []
    for noise in WELLS:
        process, exact = double_well(noise)
        row = coverage(process, exact, WELL_RUNS, 0.1)
        # From the error that a run reports: the scatter of so few runs says little.
        row["normalized_variance"] = row["reported_relative_error"] ** 2 * row["steps"]
        rows.append({"noise": noise, **row})
    return rows


def node_costs() -> list[dict[str, Any]]:
    rows = []
    for sd in NODES:
        start = time.perf_counter()
        found = split(squid_node(sd), relative_error=0.2, seed=1, threads=1, max_node_steps=MOST_STEPS)
        rows.append(
            {
                "sd_ua_cm2": sd,
                "rate_hz": found.rate_hz,
                "low_hz": found.low_hz,
                "high_hz": found.high_hz,
                "relative_error": found.relative_error,
                "converged": found.converged,
                "method": found.method,
                "steps": found.node_steps,
                "pilot_steps": found.pilot_steps,
                "lineages": found.checks.lineages,
                "warnings": found.checks.warnings,
                "normalized_variance": found.normalized_variance,
                "normalized_variance_brute_force": 1 / (found.rate_hz * STEP_MS * 1e-3),
                "seconds": round(time.perf_counter() - start, 1),
            }
        )
    return rows


def slope(rows: list[dict[str, float]]) -> float:
    """Power of log(1 / chance of an event in a step) with which the cost grows, where it is split."""
    rare = [row for row in rows if not row["counted"]]
    depth = [math.log(row["normalized_variance_brute_force"]) for row in rare]
    cost = [row["normalized_variance"] for row in rare]
    return float(np.polyfit(np.log(depth), np.log(cost), 1)[0])


def tables(result: dict[str, Any]) -> dict[str, str]:
    names = {
        "double_well": "double well",
        "ornstein_uhlenbeck": "Ornstein–Uhlenbeck first passage",
        "hidden_barrier": "double well with a hidden slow variable",
        "squid_node": "Hodgkin–Huxley node in noise",
    }
    covered = [
        "| process | true rate, Hz | runs | mean ÷ truth | intervals that hold it | too low, too high |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for key, name in names.items():
        c = result["coverage"][key]
        covered.append(
            f"| {name} | {c['exact_hz']:.3g} | {c['runs']} | {c['mean_ratio']:.3f} ± "
            f"{c['mean_ratio_standard_error']:.3f} | {c['covered']} ({c['covered'] / c['runs']:.0%}) | "
            f"{c['interval_too_low']}, {c['interval_too_high']} |"
        )
    cost = [
        "| process | rate, Hz | steps for 10 % | by brute force | gain |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in [*result["cost"]["double_well"], *result["cost"]["squid_node"]]:
        name = "double well" if "noise" in row else f"node, {row['sd_ua_cm2']} µA/cm²"
        rate = row.get("rate_hz", row.get("exact_hz"))
        ours, brute = row["normalized_variance"] * 100, row["normalized_variance_brute_force"] * 100
        cost.append(f"| {name} | {rate:.2g} | {ours:.1e} | {brute:.1e} | {brute / ours:.2g} |")
    return {"coverage": "\n".join(covered), "cost": "\n".join(cost)}


def write_page(result: dict[str, Any]) -> None:
    text = PAGE.read_text("utf-8")
    for key, table in tables(result).items():
        head, rest = text.split(f"<!-- {key} -->\n", 1)
        tail = rest.split(f"<!-- end of {key} -->", 1)[1]
        text = f"{head}<!-- {key} -->\n{table}\n<!-- end of {key} -->{tail}"
    PAGE.write_text(text, "utf-8")


def main() -> None:
    reference = brute_force(NODE_NOISE, 12_000.0, 1)
    result = {
        "version": __version__,
        "machine": {"processor": platform.machine(), "python": platform.python_version()},
        "brute_force": {str(NODE_NOISE): reference},
        "coverage": {
            "double_well": coverage(*double_well(0.16), RUNS, 0.2),
            "ornstein_uhlenbeck": coverage(*ornstein_uhlenbeck(5.0), RUNS, 0.2),
            "hidden_barrier": coverage(*hidden_barrier(0.25, 0.12, 0.005), RUNS, 0.2),
            "squid_node": coverage(squid_node(NODE_NOISE), reference["rate_hz"], NODE_RUNS, 0.35),
        },
        "cost": {"double_well": well_costs(), "squid_node": node_costs()},
    }
    result["cost_slope_double_well"] = slope(result["cost"]["double_well"])
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    write_page(result)


if __name__ == "__main__":
    main()
