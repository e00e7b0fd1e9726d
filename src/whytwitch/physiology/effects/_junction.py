"""What a change does to the neuromuscular junction: single impulses, and trains at 3 and 30 Hz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from whytwitch.physiology.effects._axon import Trace
from whytwitch.physiology.ions import Bath
from whytwitch.physiology.junction import CompoundResponse, Junction, compound, transmit

JUNCTIONS: Final = 60
"""Junctions of the muscle that are run through; shares come in steps of 1/60."""
REPEATS: Final = 24
"""Single impulses over which the end-plate potential is averaged."""
SLOW_HZ: Final = 3.0
FAST_HZ: Final = 30.0
_SLOW_STIMULI: Final = 5
_FAST_STIMULI: Final = 30
_FIRST_MS: Final = 5.0
_TRACE_MS: Final = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class JunctionState:
    """Junctions of a muscle.

    Attributes:
        epp_mv: mean end-plate potential, as if the fiber could not fire.
        safety_factor: it, over the threshold of the fiber.
        transmitting: share of the junctions whose fiber fires on one impulse.
        repetitive: share whose fiber fires again after that one impulse.
        backfiring: share whose terminal fires back up the nerve.
        decrement_3hz: loss of the response from the first to the fourth impulse at 3 Hz.
        change_30hz: growth of the response from the first to the last of 30 impulses at 30 Hz; None where
            there was no first. Below 0 it shrinks.
        trace: mean end-plate potential after one impulse at 5 ms, and when the first junction's fiber fired.
    """

    epp_mv: float
    safety_factor: float
    transmitting: float
    repetitive: float
    backfiring: float
    decrement_3hz: float
    change_30hz: float | None
    trace: Trace


@dataclass(frozen=True, slots=True, eq=False)
class JunctionEffect:
    """Junctions, changed, beside normal ones."""

    normal: JunctionState
    changed: JunctionState


def junction_effect(junction: Junction, bath: Bath, seed: int) -> JunctionEffect:
    """Changed junctions beside normal ones in normal fluid."""
    return JunctionEffect(normal_junction(seed), junction_state(junction, bath, seed))


@lru_cache(maxsize=4)
def normal_junction(seed: int) -> JunctionState:
    """Normal junctions, computed once a process and seed."""
    return junction_state(Junction(), Bath(), seed)


def junction_state(junction: Junction, bath: Bath, seed: int) -> JunctionState:
    """Take single impulses and trains through junctions."""
    single = [transmit(junction, [_FIRST_MS], seed + k, bath=bath) for k in range(REPEATS)]
    one = _muscle(junction, bath, 1.0, 1, seed)
    slow = _muscle(junction, bath, SLOW_HZ, _SLOW_STIMULI, seed)
    fast = _muscle(junction, bath, FAST_HZ, _FAST_STIMULI, seed)
    first, last = float(fast.amplitude[0]), float(fast.amplitude[-3:].mean())
    kept = single[0].times_ms <= _TRACE_MS
    mean_mv = np.mean([run.end_plate_mv for run in single], axis=0)
    return JunctionState(
        epp_mv=float(np.mean([run.epp_mv[0] for run in single])),
        safety_factor=float(np.mean([run.safety_factor[0] for run in single])),
        transmitting=float(one.amplitude[0]),
        repetitive=float(one.repetitive[0]),
        backfiring=float(one.backfired[0]),
        decrement_3hz=slow.decrement,
        change_30hz=last / first - 1.0 if first > 0.0 else None,
        trace=Trace(single[0].times_ms[kept], mean_mv[kept], single[0].spikes_ms),
    )


def _muscle(junction: Junction, bath: Bath, rate_hz: float, count: int, seed: int) -> CompoundResponse:
    times = _FIRST_MS + np.arange(count) * 1000.0 / rate_hz
    return compound(junction, times, seed, bath=bath, fibers=JUNCTIONS)
