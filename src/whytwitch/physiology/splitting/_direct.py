"""Brute force: events counted in long runs at rest."""

from __future__ import annotations

import math

import numpy as np

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.splitting._crew import in_parallel, thread_count
from whytwitch.physiology.splitting._process import Basin, Process, Progress
from whytwitch.physiology.splitting._rate import Checks, RareRate, counted_interval, dispersion_of


def direct(
    process: Process,
    steps: int,
    *,
    seed: int = 0,
    replicates: int = 16,
    relative_error: float = 0.1,
    confidence: float = 0.95,
    threads: int | None = None,
    progress: Progress | None = None,
) -> RareRate:
    """Rate by counting events.

    The interval is that of a Poisson count, widened where the counts of the replicates scatter more.

    Args:
        process: what is watched.
        steps: at rest, of all replicates together.
        seed: the same seed gives the same digits on any number of threads.
        replicates: independent runs, 4 to 10,000.
        relative_error: below this it is called converged.
        confidence: of the interval.
        threads: how many cores to use; all by default.
        progress: called with the stage and the share of it that is done; what it raises passes through.

    Raises:
        PhysiologyError: an argument is out of range, or the process does not come back to rest.
    """
    check_range("steps", steps, replicates, 1e15)
    check_range("replicates", replicates, 4, 10_000)
    check_range("confidence", confidence, 0.5, 0.9999)
    event, each = process.event_level, -(-steps // replicates)

    def run(number: int) -> Basin:
        random = np.random.default_rng([seed, 3, number])
        return process.basin(int(random.integers(0, 2**64, dtype=np.uint64)), each, event, np.array([event]))

    runs = in_parallel(run, range(replicates), thread_count(threads), "counting", progress)
    return counted(process, runs, seed, relative_error, confidence)


def counted(
    process: Process, runs: list[Basin], seed: int, relative_error: float, confidence: float
) -> RareRate:
    """The rate from runs of equal length whose only level is the event."""
    counts = np.array([run.counts[-1] for run in runs], np.float64)
    time_s = sum(run.steps for run in runs) * process.step_ms * 1e-3
    total, dispersion = float(counts.sum()), dispersion_of(counts)
    low, high = counted_interval(total, confidence, dispersion)
    error = math.sqrt(dispersion / total) if total else math.inf
    entrances = np.concatenate([run.entrances for run in runs])
    return RareRate(
        rate_hz=total / time_s,
        low_hz=low / time_s,
        high_hz=high / time_s,
        confidence=confidence,
        relative_error=error,
        converged=error <= relative_error,
        method="direct",
        leave=process.event_level,
        levels=np.array([process.event_level]),
        probabilities=np.empty(0),
        flux_hz=total / time_s,
        estimates_hz=counts / (time_s / len(runs)),
        node_steps=sum(run.cost_steps for run in runs),
        pilot_steps=0,
        entrances=entrances,
        weights=np.full(len(entrances), 1 / max(1, len(entrances))),
        checks=Checks(
            levels=(),
            spread=float(counts.std(ddof=1) / counts.mean()) if total else 0.0,
            largest_share=float(counts.max() / total) if total else 0.0,
            lineages=total / len(runs),
            warnings=(),
        ),
        seed=seed,
    )
