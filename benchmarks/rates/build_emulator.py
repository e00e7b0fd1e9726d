"""Build the emulator of the rate from nothing: ``src/whytwitch/physiology/rate/data/emulator.npz``.

Run ``python benchmarks/rates/build_emulator.py --work FOLDER``. Three stages, each kept in the folder line by
line, so that a run that was stopped goes on where it was; sample ``k`` depends on the seed and ``k`` alone,
so the number of workers changes nothing:

1. skeletons: many terminals without chance (threshold, size of noise, state), drawn over the domain;
2. rates: some of them by splitting or counting, chosen evenly over the expected decades;
3. fit: a trend and a Gaussian process learn the rates from the skeletons; the report
   (``benchmarks/results/rates_emulator.json``) is about rates that were left out.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from emulator_fit import fit_all, report_on, rough_decade

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.rate import NAMES, PARAMETERS, rebuilt, site_rate, skeleton

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "src/whytwitch/physiology/rate/data/emulator.npz"
RESULT = ROOT / "benchmarks/results/rates_emulator.json"
SEED = 20
MOVED = 0.45
"""Share of the quantities of a terminal that differ from normal."""
SHIFTS_MV = (-16.0, 5.0)
DECADES = (-5.0, 1.3)
"""log10 of the expected rates that are split."""
LONG_STEPS = 30_000_000


def main() -> None:
    """Run the stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept between runs")
    parser.add_argument("--skeletons", type=int, default=10_085)
    parser.add_argument("--rates", type=int, default=170)
    parser.add_argument("--error", type=float, default=0.3, help="relative error of a rate")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fit-only", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    files = options.work / "skeletons.jsonl", options.work / "rates.jsonl"
    if not options.fit_only:
        run(files[0], range(options.skeletons), one_skeleton, options.workers)
        chosen = choose(rows_of(files[0]), options.rates)
        tasks = [(row["k"], row["numbers"], options.error) for row in chosen]
        run(files[1], tasks, one_rate, options.workers)
    shipped, report = fit_all(rows_of(files[1]), SEED)
    SHIPPED.parent.mkdir(exist_ok=True)
    np.savez_compressed(SHIPPED, **shipped)
    report |= report_on(SHIPPED, rows_of(files[1]))
    RESULT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(json.dumps(report, indent=1))


def run(file: Path, tasks: Any, work: Callable[[Any], dict[str, Any]], workers: int) -> None:
    """Do what is not in the file yet, and add it line by line."""
    done = {row["k"] for row in rows_of(file)} if file.exists() else set()
    left = [task for task in tasks if (task[0] if isinstance(task, tuple) else task) not in done]
    begun = perf_counter()
    with ProcessPoolExecutor(workers) as pool, file.open("a", encoding="utf-8") as kept:
        for number, row in enumerate(pool.map(work, left, chunksize=1 if work is one_rate else 50), 1):
            kept.write(json.dumps(row) + "\n")
            if number % (10 if work is one_rate else 1000) == 0:
                kept.flush()
                print(f"{file.stem}: {number} of {len(left)}, {perf_counter() - begun:.0f} s", flush=True)


def rows_of(file: Path) -> list[dict[str, Any]]:
    """What a stage kept, in the order of the samples; a line cut short by a stop is left out."""
    rows = []
    for line in file.read_text("utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return sorted(rows, key=lambda row: row["k"])


def drawn(k: int) -> np.ndarray:
    """A terminal of the domain: some quantities moved, by much or by little; the shift always."""
    random = np.random.default_rng([SEED, k])
    reach = random.uniform(0.15, 1.0)
    numbers = []
    for known in PARAMETERS.values():
        at, moved = random.uniform(-1, 1) * reach, random.random() < MOVED
        end = known.high if at > 0 else known.low
        if known.by == "ratio":
            value = known.normal * math.exp(abs(at) * math.log(end / known.normal))
        else:
            value = known.normal + abs(at) * (end - known.normal)
        numbers.append(value if moved else known.normal)
    numbers[NAMES.index("shift_mv")] = random.uniform(*SHIFTS_MV)
    return np.array(numbers)


def one_skeleton(k: int) -> dict[str, Any]:
    """A terminal without chance."""
    numbers = drawn(k)
    found = skeleton(rebuilt(numbers))
    keep = {
        name: getattr(found, name)
        for name in ("state", "rest_mv", "threshold_pa", "resistance_gohm", "sd_mv", "firing_hz")
    }
    return {"k": k, "numbers": numbers.tolist()} | keep


def choose(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Evenly over the expected decades, in an order that is the same for any count."""
    random = np.random.default_rng([SEED, 1])
    bins: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        expected = rough_decade(row)
        if expected is not None and DECADES[0] <= expected <= DECADES[1]:
            bins.setdefault(math.floor(expected), []).append(row)
    for rows_of_bin in bins.values():
        random.shuffle(rows_of_bin)
    turn = (rows_of_bin[k] for k in range(len(rows)) for rows_of_bin in bins.values() if k < len(rows_of_bin))
    return [row for row, _ in zip(turn, range(count), strict=False)]


def one_rate(task: tuple[int, list[float], float]) -> dict[str, Any]:
    """The rate of one terminal."""
    k, numbers, error = task
    begun = perf_counter()
    try:
        found = site_rate(
            rebuilt(np.array(numbers)), relative_error=error, seed=k, max_node_steps=LONG_STEPS, threads=1
        )
    except PhysiologyError as problem:
        return {"k": k, "numbers": numbers, "problem": str(problem)}
    keep = (
        "rate_hz",
        "low_hz",
        "high_hz",
        "relative_error",
        "method",
        "node_steps",
        "converged",
        "burst_size",
    )
    return {"k": k, "numbers": numbers, "seconds": round(perf_counter() - begun, 2)} | {
        name: getattr(found, name) for name in keep
    }


if __name__ == "__main__":
    main()
