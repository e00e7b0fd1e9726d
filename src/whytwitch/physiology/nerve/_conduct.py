"""Stimulate nerves and see what arrives where, and when."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.nerve import _kernel as kernel
from whytwitch.physiology.nerve._build import Block, block, layout
from whytwitch.physiology.nerve._geometry import Geometry
from whytwitch.physiology.nerve._kernel import LANES_TOGETHER, REST_MV, WIDEST
from whytwitch.physiology.nerve._model import Nerve, Pulse

Array = npt.NDArray[np.float64]

_SPIKES_AT_ONCE = 16384
_THRESHOLD_MV = -30.0


@dataclass(frozen=True, eq=False)
class Conduction:
    """What one nerve did.

    Attributes:
        spikes_ms: for every node, float64 (spikes,): when it rose through -30 mV, between steps linearly.
        positions_mm: float64 (nodes,), way from node 0.
        end_nodes: the last node of every branch, or of the trunk.
        trunk_nodes: nodes 0 to ``trunk_nodes - 1`` are the trunk's.
        trace_times_ms: float64 (samples,); empty where no node was to be recorded.
        traces_mv: float64 (recorded nodes, samples), membrane potential.
    """

    spikes_ms: tuple[Array, ...]
    positions_mm: Array
    end_nodes: tuple[int, ...]
    trunk_nodes: int
    trace_times_ms: Array
    traces_mv: Array

    @property
    def spikes_at_ends(self) -> tuple[int, ...]:
        """Spikes at each of ``end_nodes``."""
        return tuple(self.spikes_ms[n].size for n in self.end_nodes)

    @property
    def arrived(self) -> bool:
        """Whether a spike came to every end."""
        return all(self.spikes_at_ends)

    @property
    def velocity_m_s(self) -> float | None:
        """Speed of the first spike over the middle half of the trunk, either way; None where none passed."""
        a, b = self.trunk_nodes // 4, self.trunk_nodes - 1 - self.trunk_nodes // 4
        first = [self.spikes_ms[n][:1] for n in (a, b)]
        if a == b or not all(f.size for f in first):
            return None
        took = abs(float(first[1][0] - first[0][0]))
        return float(self.positions_mm[b] - self.positions_mm[a]) / took if took > 0 else None


class Settings(TypedDict, total=False):
    """How to simulate: the settings of ``conduct_all``."""

    duration_ms: float
    dt_us: float
    settle_ms: float
    record_nodes: Sequence[int]
    record_interval_us: float | None
    threads: int | None


def conduct(nerve: Nerve, stimuli: Sequence[Pulse] = (Pulse(),), **settings: Unpack[Settings]) -> Conduction:
    """Stimulate one nerve.

    Args:
        nerve: the fiber.
        stimuli: currents into nodes.
        settings: those of ``conduct_all``.

    Raises:
        PhysiologyError: a value is out of range, or a node named does not exist.
    """
    return conduct_all([nerve], stimuli, **settings)[0]


def conduct_all(
    nerves: Sequence[Nerve],
    stimuli: Sequence[Pulse] = (Pulse(),),
    *,
    duration_ms: float = 10.0,
    dt_us: float = 5.0,
    settle_ms: float = 20.0,
    record_nodes: Sequence[int] = (),
    record_interval_us: float | None = None,
    threads: int | None = None,
) -> tuple[Conduction, ...]:
    """Stimulate nerves, each alike and apart from the others, and follow the spikes.

    Backward Euler for the voltages of all compartments, in double precision. Nerves with the same numbers of
    nodes run side by side on vector lanes.

    Args:
        nerves: the fibers.
        stimuli: currents into nodes; one depolarizing pulse into node 0 by default.
        duration_ms: time from the start of the record, rounded to whole steps.
        dt_us: step, 0.5 to 20 µs.
        settle_ms: time before the record in which a nerve comes to rest; it starts at -80 mV.
        record_nodes: nodes whose membrane potential is kept.
        record_interval_us: how often it is kept; every step by default.
        threads: cores to use; all by default.

    Raises:
        PhysiologyError: a value is out of range, or a node named does not exist.
    """
    check_range("dt_us", dt_us, 0.5, 20.0, "µs")
    check_range("duration_ms", duration_ms, dt_us * 1e-3, 1e7, "ms")
    check_range("settle_ms", settle_ms, 0.0, 1e4, "ms")
    if threads is not None and not (isinstance(threads, int) and threads >= 1):
        raise PhysiologyError(f"threads is {threads!r}: give a whole number from 1, or None for all cores")
    for nerve in nerves:
        for name, node in (
            *(("a pulse", p.node) for p in stimuli),
            *(("record_nodes", n) for n in record_nodes),
        ):
            if not 0 <= node < nerve.total_nodes:
                raise PhysiologyError(f"{name} is at node {node}: the nerve has 0 to {nerve.total_nodes - 1}")
    every = _steps_between_samples(record_nodes, record_interval_us, dt_us)
    plan = _Plan(
        dt_us * 1e-3,
        max(1, round(duration_ms * 1e3 / dt_us)),
        round(settle_ms * 1e3 / dt_us),
        tuple(stimuli),
        np.array(record_nodes, np.int64),
        every,
    )
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for k, nerve in enumerate(nerves):
        groups[nerve.nodes, *(b.nodes for b in nerve.branches)].append(k)
    workers = threads or os.cpu_count() or 1
    blocks = [part for group in groups.values() for part in _cut(group, workers)]
    done: list[Conduction | None] = [None] * len(nerves)
    with ThreadPoolExecutor(workers) as pool:
        runs = pool.map(lambda members: plan.run([nerves[k] for k in members]), blocks)
        for members, results in zip(blocks, runs, strict=True):
            for k, result in zip(members, results, strict=True):
                done[k] = result
    return tuple(d for d in done if d is not None)


def _cut(group: list[int], workers: int) -> list[list[int]]:
    """Parts of a group: wide, and about as many as there are workers."""
    share = -(-len(group) // workers)
    width = min(WIDEST, -(-share // LANES_TOGETHER) * LANES_TOGETHER)
    return [group[a : a + width] for a in range(0, len(group), width)]


def _steps_between_samples(nodes: Sequence[int], interval_us: float | None, dt_us: float) -> int:
    if interval_us is None:
        return 1 if len(nodes) else 0
    check_range("record_interval_us", interval_us, dt_us, 1e9, "µs")
    return max(1, round(interval_us / dt_us)) if len(nodes) else 0


@dataclass(frozen=True)
class _Plan:
    """What is done to every block."""

    dt_ms: float
    steps: int
    settle_steps: int
    stimuli: tuple[Pulse, ...]
    record: npt.NDArray[np.int64]
    every: int

    def run(self, nerves: list[Nerve]) -> list[Conduction]:
        """Up to WIDEST nerves of one topology."""
        b = block(nerves, self.dt_ms)
        lanes = b.lanes
        idle = np.empty((0, 3), np.int64), np.empty((0, lanes))
        unkept = np.empty((0, self.record.size, lanes))
        self._advance(b, self.settle_steps, idle, 0, unkept)
        traces = np.empty((self.steps // self.every + 1 if self.every else 0, self.record.size, lanes))
        if self.every:
            voltages = b.memory[kernel.V : kernel.V + b.parent.size * lanes]
            traces[0] = voltages.reshape(-1, lanes)[self.record]
        step, place = self._advance(b, self.steps, self._pulses(lanes), self.every, traces)
        times = np.asarray(np.arange(traces.shape[0]) * self.every * self.dt_ms, np.float64)
        results = []
        for lane, nerve in enumerate(nerves):
            mine = place % lanes == lane
            node, when = place[mine] // lanes, step[mine] * self.dt_ms
            results.append(
                Conduction(
                    tuple(when[node == n] for n in range(nerve.total_nodes)),
                    layout(nerve).positions_mm,
                    nerve.end_nodes,
                    nerve.nodes,
                    times,
                    traces[:, :, lane].T + REST_MV,
                )
            )
        return results

    def _advance(
        self,
        b: Block,
        steps: int,
        pulses: tuple[npt.NDArray[np.int64], Array],
        every: int,
        traces: Array,
    ) -> tuple[Array, npt.NDArray[np.int64]]:
        """All spikes: times in steps, and places."""
        at_step, at_place = np.empty(_SPIKES_AT_ONCE), np.empty(_SPIKES_AT_ONCE, np.int64)
        reached, found = 0, [(at_step[:0].copy(), at_place[:0].copy())]
        while reached < steps:
            reached, spikes = kernel.advance(
                reached, steps, b.parent, b.kind, b.coefficients, b.link, b.modes, b.memory,
                *pulses, _THRESHOLD_MV - REST_MV, self.record, every, traces, at_step, at_place,
            )  # fmt: skip
            found.append((at_step[:spikes].copy(), at_place[:spikes].copy()))
        return np.concatenate([s for s, _ in found]), np.concatenate([p for _, p in found])

    def _pulses(self, lanes: int) -> tuple[npt.NDArray[np.int64], Array]:
        when = np.array(
            [
                (p.node, round(p.start_ms / self.dt_ms), round((p.start_ms + p.duration_ms) / self.dt_ms))
                for p in self.stimuli
            ],
            np.int64,
        ).reshape(-1, 3)
        amplitudes = np.array([p.amplitude_na for p in self.stimuli], np.float64)
        return when, np.tile(amplitudes[:, None], (1, lanes))


def conduction_velocity(
    fiber_diameters_um: Sequence[float],
    *,
    temperature_c: float = 37.0,
    geometry: Geometry = "mcintyre",
    dt_us: float = 1.0,
) -> Array:
    """Conduction velocity (m/s) of healthy fibers, shape (fibers,).

    The step is shorter here than elsewhere: one of 5 µs makes spikes 7 % slower.

    Raises:
        PhysiologyError: a value is out of range, or a fiber did not conduct.
    """
    nerves = [
        Nerve(fiber_diameter_um=float(d), temperature_c=temperature_c, geometry=geometry)
        for d in fiber_diameters_um
    ]
    speeds = [c.velocity_m_s for c in conduct_all(nerves, dt_us=dt_us)]
    for nerve, speed in zip(nerves, speeds, strict=True):
        if speed is None:
            raise PhysiologyError(
                f"no spike passed a fiber of {nerve.fiber_diameter_um:g} µm at {temperature_c:g} °C"
            )
    return np.array(speeds, dtype=np.float64)
