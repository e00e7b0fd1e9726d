"""Noise of a node: how fast, how exact, and what it does to the threshold.

    python benchmarks/rates/noise.py

Speed in processor time. Step: the same noisy terminal with steps of 5, 2.5 and 1 µs, and by the process
without steps for its channels (``tests/physiology/noise/event_by_event.py``): standard deviation of the
potential, and spikes a second. Threshold: chance to fire against a current of 1 ms, fitted with a cumulative
normal curve, whose standard deviation over its mean is the relative spread. Writes
``benchmarks/results/rates_noise.json``.
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
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.physiology.noise.event_by_event import trace

from whytwitch import __version__
from whytwitch.physiology import Axon
from whytwitch.physiology.axon import SPIKE_MV
from whytwitch.physiology.noise import MarkovNode, Patch, direct
from whytwitch.physiology.splitting import REACHED

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results/rates_noise.json"
NOISY = Patch(Axon(gate_shift_mv=-10.0, slow_potassium=0.5), 0.05)
SEGMENTS, SEGMENT_MS, SAMPLE_MS = 48, 250.0, 0.02
REARM_MV, SPREAD_BELOW_MV = -50.0, -70.0
TRIALS, CURRENTS = 150, 11


def main() -> None:
    """Measure everything."""
    report = {
        "version": __version__,
        "machine": platform.processor() or platform.machine(),
        "speed": [speed(area) for area in (1.0, 0.2, 0.1, 0.05)],
        "step": steps(),
        "threshold": [threshold_spread(area) for area in (1.0, 0.2, 0.1)],
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))


def speed(area: float) -> dict[str, float]:
    """Steps a second of a normal axon at rest, the best of three."""
    node = MarkovNode(Patch(Axon(), area))
    best = math.inf
    for seed in range(3):
        begun = time.process_time()
        steps_made = direct(node, 1.0, seed).node_steps
        best = min(best, (time.process_time() - begun) / steps_made)
    channels = node.patch.counts(node.rest.tables)
    return {"area_fraction": area, "channels": float(channels.sum()), "steps_per_second": round(1 / best, -3)}


def steps() -> list[dict[str, Any]]:
    """By length of step, and without steps."""
    rows = []
    for step_ms in (0.005, 0.0025, 0.001):
        node = MarkovNode(NOISY, step_ms=step_ms)
        every = round(SAMPLE_MS / step_ms)
        runs = [node.record(SEGMENT_MS, seed, every=every)[:, 0] for seed in range(SEGMENTS)]
        rows.append({"step_us": step_ms * 1e3} | summary(runs))
    node = MarkovNode(NOISY)
    fine_ms = 0.0005
    runs = [
        trace(node, SEGMENT_MS + 20, fine_ms, round(SAMPLE_MS / fine_ms), 10_000 + k) for k in range(SEGMENTS)
    ]
    rows.append({"event_by_event": True} | summary([run[round(20 / SAMPLE_MS) :] for run in runs]))
    return rows


def summary(runs: list[NDArray[np.float64]]) -> dict[str, float]:
    """Of traces: spikes a second and spread below the foot of spikes, each with its standard error."""
    spikes = np.array([count_spikes(run) for run in runs]) / (SEGMENT_MS * 1e-3)
    spread = np.array([run[run < SPREAD_BELOW_MV].std() for run in runs])
    root = math.sqrt(len(runs))
    return {
        "spikes_per_second": round(float(spikes.mean()), 2),
        "standard_error": round(float(spikes.std(ddof=1)) / root, 2),
        "sd_mv": round(float(spread.mean()), 3),
        "sd_standard_error_mv": round(float(spread.std(ddof=1)) / root, 3),
    }


def count_spikes(run: NDArray[np.float64]) -> int:
    """Rises through the level of a spike, each after the node was low."""
    armed, found = True, 0
    for mv in run[(run >= SPIKE_MV) | (run < REARM_MV)]:
        if mv < REARM_MV:
            armed = True
        elif armed:
            armed, found = False, found + 1
    return found


def threshold_spread(area: float) -> dict[str, float]:
    """Relative spread of the threshold to 1 ms."""
    node = MarkovNode(Patch(Axon(), area))
    middle, reach = node.rest.threshold_pa, 0.02 / math.sqrt(area)
    currents = middle * np.linspace(1 - 2 * reach, 1 + 2 * reach, CURRENTS)
    fired = np.array(
        [np.mean([fires(node, current, seed) for seed in range(TRIALS)]) for current in currents]
    )

    def misfit(guess: NDArray[np.float64]) -> float:
        chance = np.clip(norm.cdf((currents / middle - guess[0]) / math.exp(guess[1])), 1e-9, 1 - 1e-9)
        return float(-np.sum(fired * np.log(chance) + (1 - fired) * np.log(1 - chance)))

    at, log_spread = minimize(misfit, [1.0, math.log(reach)], method="Nelder-Mead").x
    return {
        "area_fraction": area,
        "threshold_pa": round(float(at * middle), 2),
        "without_chance_pa": round(middle, 2),
        "relative_spread": round(float(math.exp(log_spread) / at), 5),
    }


def fires(node: MarkovNode, current_pa: float, seed: int) -> bool:
    """Whether a current of 1 ms fires the node, at once or soon after."""
    states = node.record(1.0, seed, every=10, current_pa=float(current_pa), settle=False)
    if states[:, 0].max() >= SPIKE_MV:
        return True
    after = node.shoot(states[-1:], np.array([seed], np.uint64), -math.inf, SPIKE_MV, 500)
    return bool(after.outcomes[0] == REACHED)


if __name__ == "__main__":
    main()
