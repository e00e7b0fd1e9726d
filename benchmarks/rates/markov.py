"""Splitting against waiting, on membranes with counted channels: agreement and cost.

Run ``python benchmarks/rates/markov.py agree`` for a grid of terminals where waiting gives at least a hundred
episodes, each split with several seeds; and ``python benchmarks/rates/markov.py cost`` for terminals from
some discharges a second down to one in days. Both write into ``benchmarks/results/rates_markov.json``.

Cost is counted in steps of a membrane, pilots and sizing included; waiting is taken to need 1 / error²
episodes. How much faster one step is than in other programs is another matter (docs/simulation-kernels.md).
"""

from __future__ import annotations

import argparse
import json
import math
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from whytwitch.physiology import PhysiologyError, combine
from whytwitch.physiology.noise import MarkovNode, Patch, direct
from whytwitch.physiology.rate import rebuilt, reduced, site_patch
from whytwitch.physiology.splitting import split

RESULT = Path(__file__).resolve().parents[1] / "results/rates_markov.json"
PICTURE = Path(__file__).resolve().parents[2] / "docs/images/rate-cost.png"
EPISODES = 110
SEEDS = 4
AGREE: tuple[tuple[str, dict[str, float], float, float], ...] = (
    ("normal", {}, -5.0, 0.25),
    ("normal", {}, -3.5, 0.25),
    ("potassium 5", {"bath.potassium_mmol_l": 5.0}, -3.0, 0.25),
    ("potassium 6", {"bath.potassium_mmol_l": 6.0}, -3.0, 0.5),
    ("ionized calcium 0.7", {"bath.ionized_calcium_mmol_l": 0.7}, -2.0, 0.25),
    ("pH 7.6", {"bath.ph": 7.6}, -4.0, 0.25),
    ("half of Kv1", {"terminal.fast_potassium": 0.5}, -3.0, 0.25),
    ("a fifth of Kv1", {"terminal.fast_potassium": 0.2}, -3.0, 0.4),
    ("persistent sodium 2", {"axon.persistent_sodium": 2.0}, -3.0, 0.25),
    ("slow potassium 0.6", {"axon.slow_potassium": 0.6}, -3.0, 0.4),
    ("transient sodium 1.3", {"axon.transient_sodium": 1.3}, -2.0, 0.25),
    ("28 °C", {"bath.temperature_c": 28.0}, -3.0, 0.25),
    ("pump half", {"axon.pump": 0.5}, -3.0, 0.25),
    ("Ih none", {"axon.ih": 0.0}, -5.0, 0.25),
    ("leak 1.5", {"axon.nodal_leak": 1.5}, -3.0, 0.25),
)
"""Name, changes, shift of the gates in mV, and channels over the number assumed: few, to fire often."""
CHANNELS = (0.2, 0.3, 0.4, 0.55, 0.75, 1.0, 1.3)
"""Of the terminals whose cost is measured; the shift below is the same for all."""
COST_SHIFT_MV = -4.0


def main() -> None:
    """Do one part, and add it to the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("agree", "cost"))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers) as pool:
        if options.part == "agree":
            found = {"agreement": summary_of_agreement(list(pool.map(agreement, range(len(AGREE)))))}
        else:
            found = {"cost": summary_of_cost(list(pool.map(cost, CHANNELS)))}
            draw(found["cost"])
    report = (json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}) | found
    RESULT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))


def patch_of(changes: dict[str, float], shift_mv: float, channels: float) -> Patch:
    """A terminal."""
    return site_patch(combine(**changes), "terminal", shift_mv=shift_mv, channel_factor=channels)


def agreement(number: int) -> dict[str, Any]:
    """One terminal, waited for once and split with each seed."""
    name, changes, shift, channels = AGREE[number]
    row: dict[str, Any] = {"terminal": name, "shift_mv": shift, "channel_factor": channels}
    try:
        node = MarkovNode(patch_of(changes, shift, channels))
        waited = long_wait(node, 1000 + number)
        runs = [
            split(node, relative_error=0.2, seed=seed, threads=1, max_node_steps=20_000_000)
            for seed in range(SEEDS)
        ]
    except PhysiologyError as problem:
        return row | {"problem": str(problem)}
    wait_error = 1 / math.sqrt(waited["episodes"])
    apart = [
        math.log(run.rate_hz / waited["rate_hz"]) / math.hypot(run.relative_error, wait_error) for run in runs
    ]
    # An interval for the ratio of two estimates: the splitting's own, widened by the error of the wait.
    held = [
        abs(math.log(run.rate_hz / waited["rate_hz"]))
        <= math.hypot(math.log(run.high_hz / run.rate_hz), 1.96 * wait_error)
        for run in runs
    ]
    return row | {
        "waited": waited,
        "split_hz": [round(run.rate_hz, 4) for run in runs],
        "methods": [run.method for run in runs],
        "z": [round(z, 2) for z in apart],
        "held": held,
        "checks_z": [round(check.z, 2) for run in runs for check in run.checks.levels],
    }


def long_wait(node: MarkovNode, seed: int) -> dict[str, Any]:
    """Wait for enough episodes."""
    episodes, rest_s, steps, stretch = 0, 0.0, 0, 4.0
    while episodes < EPISODES and rest_s < 200:
        run = direct(node, stretch, seed)
        episodes, rest_s, steps = episodes + run.episodes, rest_s + run.rest_s, steps + run.node_steps
        seed += 100
    return {"episodes": episodes, "rate_hz": episodes / rest_s, "node_steps": steps}


def summary_of_agreement(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How often the interval held."""
    enough = [row for row in rows if "waited" in row and row["waited"]["episodes"] >= 100]
    held = [one for row in enough for one in row["held"]]
    z = np.array([one for row in enough for one in row["z"]])
    return {
        "terminals": len(enough),
        "runs": len(held),
        "held": round(float(np.mean(held)), 3),
        "mean_z": round(float(z.mean()), 2),
        "sd_z": round(float(z.std()), 2),
        "methods": sorted({method for row in enough for method in row["methods"]}),
        "rows": rows,
    }


def cost(channels: float) -> dict[str, Any]:
    """One terminal, to ten percent or as near as the steps allow."""
    numbers, _ = reduced(patch_of({}, COST_SHIFT_MV, channels))
    node = MarkovNode(rebuilt(numbers))
    try:
        found = split(node, relative_error=0.2, seed=5, threads=1, max_node_steps=150_000_000)
    except PhysiologyError as problem:
        return {"channel_factor": channels, "problem": str(problem)}
    waiting = 100.0 / (found.rate_hz * node.step_ms * 1e-3)
    to_ten_percent = found.normalized_variance * 100.0
    return {
        "channel_factor": channels,
        "rate_hz": found.rate_hz,
        "relative_error": round(found.relative_error, 3),
        "levels": len(found.levels),
        "node_steps": found.node_steps,
        "pilot_steps": found.pilot_steps,
        "method": found.method,
        "work_normalized_variance": found.normalized_variance,
        "steps_to_10_percent": to_ten_percent,
        "waiting_steps_to_10_percent": waiting,
        "fewer_steps": waiting / to_ten_percent,
        "warnings": list(found.checks.warnings),
    }


def summary_of_cost(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How cost grows with rarity: the power of log(1 / rate)."""
    rare = [row for row in rows if "rate_hz" in row and row["rate_hz"] < 0.3]
    power = None
    if len(rare) >= 3:
        x = np.log(np.log([10.0 / row["rate_hz"] for row in rare]))
        power = round(float(np.polyfit(x, np.log([row["steps_to_10_percent"] for row in rare]), 1)[0]), 2)
    return {"power_of_log_rarity": power, "rows": rows}


def draw(found: dict[str, Any]) -> None:
    """Steps to ten percent, by splitting and by waiting."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    rows = [row for row in found["rows"] if "rate_hz" in row]
    rates = [row["rate_hz"] for row in rows]
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axis = plt.subplots(figsize=(6.4, 3.8), constrained_layout=True)
    axis.loglog(
        rates, [row["waiting_steps_to_10_percent"] for row in rows], "--", color="0.4", label="by waiting"
    )
    axis.loglog(
        rates, [row["steps_to_10_percent"] for row in rows], "o-", color="#0f766e", label="by splitting"
    )
    axis.invert_xaxis()
    axis.set_xlabel("rate of one nerve ending, Hz")
    axis.set_ylabel("steps for an error of 10 %")
    axis.legend(frameon=False)
    figure.savefig(PICTURE, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
