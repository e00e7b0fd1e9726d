"""Run a population: blocks of lanes on threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.nodes import _kernel as kernel
from whytwitch.physiology.nodes._population import CurrentNoise, NodePopulation, NodeRun
from whytwitch.physiology.nodes._random import WIDEST, next_normals, seed_lanes

_SPIKES_AT_ONCE = 65536
_MOST_TRACE_BYTES = 8 * 2**30
_LANES_TOGETHER = 8


def simulate_nodes(
    population: NodePopulation,
    duration_ms: float,
    *,
    noise: CurrentNoise | None = None,
    dt_us: float = 5.0,
    seed: int = 0,
    threshold_mv: float = 0.0,
    trace_interval_us: float | None = None,
    threads: int | None = None,
) -> NodeRun:
    """Simulate the membrane potential of every node, and say when each fired.

    Gates relax with the voltage of the step's start, then the voltage, implicitly, with the new gates, as in
    NEURON; in single precision. The same seed gives the same digits whatever the number of threads, on the
    same machine.

    Args:
        population: the nodes.
        duration_ms: simulated time, rounded to whole steps.
        noise: current into the nodes; none by default.
        dt_us: step, 0.5 to 25 µs.
        seed: of the random numbers, a whole number from 0.
        threshold_mv: a spike is a crossing of this voltage upward.
        trace_interval_us: keep the membrane potential this often (rounded to whole steps), or never.
        threads: how many cores to use; all by default.

    Raises:
        PhysiologyError: a value is out of range, or the traces would not fit in memory.
    """
    noise = noise or CurrentNoise()
    check_range("dt_us", dt_us, 0.5, 25.0, "µs")
    check_range("duration_ms", duration_ms, dt_us * 1e-3, 1e9, "ms")
    check_range("threshold_mv", threshold_mv, -60.0, 40.0, "mV")
    if not (isinstance(seed, int) and 0 <= seed < 2**64):
        raise PhysiologyError(f"seed is {seed!r}: give a whole number from 0 to 2**64 - 1")
    if threads is not None and not (isinstance(threads, int) and threads >= 1):
        raise PhysiologyError(f"threads is {threads!r}: give a whole number from 1, or None for all cores")
    steps = max(1, round(duration_ms * 1e3 / dt_us))
    every = _steps_between_samples(trace_interval_us, dt_us, steps, population.count)
    workers = threads or os.cpu_count() or 1
    memory, random = _fill(population, noise, dt_us * 1e-3, seed)
    blocks = [
        _Block(memory[:, a:b], random[:, a:b], steps, every, np.float32(threshold_mv), a)
        for a, b in _cut(population.count, workers)
    ]
    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(_Block.run, blocks))
    return _gather(done, population.count, steps, every, dt_us * 1e-3)


def _steps_between_samples(interval_us: float | None, dt_us: float, steps: int, count: int) -> int:
    if interval_us is None:
        return 0
    check_range("trace_interval_us", interval_us, dt_us, 1e9, "µs")
    every = max(1, round(interval_us / dt_us))
    if (steps // every + 1) * count * 4 > _MOST_TRACE_BYTES:
        raise PhysiologyError(
            "the traces take over 8 GiB: ask for a longer trace_interval_us, or fewer nodes"
        )
    return every


def _cut(count: int, workers: int) -> list[tuple[int, int]]:
    """Node numbers [a, b) of each block: wide, and about as many as there are workers."""
    share = -(-count // workers)
    width = min(WIDEST, -(-share // _LANES_TOGETHER) * _LANES_TOGETHER)
    return [(a, min(a + width, count)) for a in range(0, count, width)]


def _fill(
    population: NodePopulation, noise: CurrentNoise, dt_ms: float, seed: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """Working memory (rows, nodes) and generators (4, nodes) of all nodes."""
    p, n = population.values, population.count
    rows = np.zeros((kernel.MEMORY // WIDEST, n))
    v = p("initial_mv")
    mean, sd, tau = (noise.values(k, n) for k in ("mean_ua_cm2", "sd_ua_cm2", "correlation_ms"))
    decay = np.exp(-dt_ms / tau)
    for row, values in (
        (kernel.V, v),
        *zip((kernel.M, kernel.H, kernel.N), steady_gates(v), strict=True),
        (kernel.SODIUM, p("sodium_ms_cm2")),
        (kernel.SODIUM_DRIVE, p("sodium_ms_cm2") * p("sodium_reversal_mv")),
        (kernel.POTASSIUM, p("potassium_ms_cm2")),
        (kernel.POTASSIUM_DRIVE, p("potassium_ms_cm2") * p("potassium_reversal_mv")),
        (kernel.PASSIVE, p("leak_ms_cm2")),
        (kernel.STEADY, p("leak_ms_cm2") * p("leak_reversal_mv") + mean),
        (kernel.INERTIA, p("capacitance_uf_cm2") / dt_ms),
        # Rates grow threefold every 10 degrees from the 6.3 at which they were measured.
        (kernel.GATE_STEP, dt_ms * 3.0 ** ((p("temperature_c") - 6.3) / 10)),
        (kernel.DECAY, decay),
        (kernel.KICK, sd * np.sqrt(-np.expm1(-2 * dt_ms / tau))),
    ):
        rows[row // WIDEST] = values
    random = seed_lanes(seed, np.arange(n))
    rows[kernel.CURRENT // WIDEST] = sd * next_normals(random)
    return rows.astype(np.float32), random


def steady_gates(v: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Steady m, h and n at the voltages ``v`` (mV), each of the same shape."""

    def over_minus_one(q: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        q = np.where(np.abs(q) < 1e-9, 1e-9, q)
        return q / np.expm1(q)

    rise = (
        over_minus_one(-(v + 40) / 10),
        0.07 * np.exp(-(v + 65) / 20),
        0.1 * over_minus_one(-(v + 55) / 10),
    )
    fall = (4 * np.exp(-(v + 65) / 18), 1 / (np.exp(-(v + 35) / 10) + 1), 0.125 * np.exp(-(v + 65) / 80))
    return tuple(a / (a + b) for a, b in zip(rise, fall, strict=True))


@dataclass
class _Block:
    """Up to WIDEST nodes, and what they gave."""

    memory: npt.NDArray[np.float32]
    random: npt.NDArray[np.uint32]
    steps: int
    every: int
    threshold: np.float32
    first_node: int

    def run(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Steps and nodes of the spikes, and traces (samples, nodes)."""
        nodes = self.memory.shape[1]
        lanes = -(-nodes // _LANES_TOGETHER) * _LANES_TOGETHER
        w, random = self._spread(nodes)
        traces = np.empty((self.steps // self.every + 1 if self.every else 0, lanes), np.float32)
        if self.every:
            traces[0] = w[kernel.V : kernel.V + lanes]
        at_step, at_lane = np.empty(_SPIKES_AT_ONCE, np.int64), np.empty(_SPIKES_AT_ONCE, np.int32)
        reached, found = 0, []
        while reached < self.steps:
            reached, spikes = kernel.advance(
                reached, self.steps, lanes, self.threshold, w, random, self.every, traces, at_step, at_lane
            )
            real = at_lane[:spikes] < nodes
            found.append((at_step[:spikes][real], at_lane[:spikes][real]))
        where = np.concatenate([lane for _, lane in found]).astype(np.int64) + self.first_node
        return np.concatenate([step for step, _ in found]), where, traces[:, :nodes]

    def _spread(self, nodes: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
        """Rows WIDEST apart; spare lanes repeat the last node, so that they compute something harmless."""
        lane = np.minimum(np.arange(WIDEST), nodes - 1)
        return self.memory[:, lane].ravel(), self.random[:, lane].ravel()


def _gather(
    done: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]],
    count: int,
    steps: int,
    every: int,
    dt_ms: float,
) -> NodeRun:
    step = np.concatenate([s for s, _, _ in done])
    node = np.concatenate([n for _, n, _ in done])
    order = np.lexsort((node, step))
    samples = np.arange(steps // every + 1 if every else 0, dtype=np.float64)
    return NodeRun(
        spike_times_ms=np.asarray(step[order] * dt_ms, np.float64),
        spike_nodes=node[order],
        counts=np.bincount(node, minlength=count),
        duration_ms=steps * dt_ms,
        trace_times_ms=np.asarray(samples * (every * dt_ms), np.float64),
        traces_mv=np.concatenate([t for _, _, t in done], axis=1).T,
    )
