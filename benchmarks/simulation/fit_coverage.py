"""Whether the fit's intervals hold: axons drawn from the priors, tested with errors, fitted again.

Run ``python benchmarks/simulation/fit_coverage.py --axons 24``; it writes
``benchmarks/results/simulation_fit.json``. Errors of one test are drawn as the fit takes them to be: smooth
along a trace, ``MEASUREMENT`` of the spread of people in size.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from whytwitch.physiology import Axon, PhysiologyError, excite, fit
from whytwitch.physiology.excitability import MEASUREMENT, PRIORS, Curves, Measured, indices, normal_curves

RESULT = Path(__file__).resolve().parents[1] / "results/simulation_fit.json"
NEIGHBORS = 6
"""Points of a trace that err together, about."""


def main() -> None:
    """Draw, test, fit, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--axons", type=int, default=24)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers) as pool:
        rows = [row for row in pool.map(one, range(options.axons)) if row]
    fitted = [row for row in rows if "error" not in row]
    names = list(PRIORS)
    inside = {name: float(np.mean([row["inside"][name] for row in fitted])) for name in names}
    report = {
        "axons": len(rows),
        "refused": [row["error"] for row in rows if "error" in row],
        "coverage_of_95_percent_intervals": round(float(np.mean(list(inside.values()))), 3),
        "coverage_by_field": {name: round(value, 2) for name, value in inside.items()},
        "mean_narrowed": {
            name: round(float(np.mean([row["narrowed"][name] for row in fitted])), 2) for name in names
        },
        "correlation_with_truth": {name: correlation(fitted, name) for name in names},
        "mean_abs_z_of_fit": round(float(np.median([row["mean_z"] for row in fitted])), 3),
        "tests_median": float(np.median([row["tests"] for row in fitted])),
        "seconds_median": round(float(np.median([row["seconds"] for row in fitted])), 1),
    }
    RESULT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))


def correlation(rows: list[dict[str, Any]], name: str) -> float:
    """Of what was found with what was true."""
    pairs = np.array([(row["truth"][name], row["found"][name]) for row in rows])
    return round(float(np.corrcoef(pairs.T)[0, 1]), 2)


def one(seed: int) -> dict[str, Any]:
    """One axon, or an empty dict where the draw cannot be tested."""
    rng = np.random.default_rng(seed)
    truth = {
        name: float(np.exp(sd * rng.standard_normal()) if kind == "log" else sd * rng.standard_normal())
        for name, (kind, sd) in PRIORS.items()
    }
    try:
        clean = excite(Axon().changed(truth))
    except PhysiologyError:
        return {}
    known = normal_curves()
    traces = {}
    for name, (x, y) in clean.curves.traces.items():
        if name in ("SR", "CD"):
            traces[name] = (x, y)
            continue
        knots = rng.standard_normal(NEIGHBORS)
        smooth = np.interp(np.linspace(0, 1, x.size), np.linspace(0, 1, NEIGHBORS), knots)
        spread = np.array([known[name][v].spread for v in x])
        traces[name] = (x, y + MEASUREMENT * smooth * spread)
    curves = Curves(traces)
    began = perf_counter()
    try:
        found = fit(Measured(curves, indices(curves)))
    except PhysiologyError as error:
        return {"error": str(error)}
    return {
        "seconds": perf_counter() - began,
        "tests": found.tests,
        "mean_z": found.mean_z,
        "truth": truth,
        "found": {name: amount.value for name, amount in found.amounts.items()},
        "inside": {name: amount.low <= truth[name] <= amount.high for name, amount in found.amounts.items()},
        "narrowed": {name: amount.narrowed for name, amount in found.amounts.items()},
    }


if __name__ == "__main__":
    main()
