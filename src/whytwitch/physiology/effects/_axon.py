"""What a change does to a node of the motor axon: left alone, tested, stimulated once, driven slowly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.axon import SPIKE_MV, TEST_MS, Axon, Rest, record, rest_of
from whytwitch.physiology.excitability import Curves, excite, z_scores
from whytwitch.physiology.ions import Bath

Floats = NDArray[np.float64]
AxonMood = Literal["silent", "fires", "blocked"]

STIMULUS: Final = 1.3
"""The single stimulus, in thresholds: brief, and sure to fire the axon once."""
WATCHED_MS: Final = 200.0
"""How long an axon is watched after the stimulus, and how long a slow current lasts."""
STEADY: Final = 2.0
"""The steady current, in rheobases (judgment: a healthy axon answers it with one impulse)."""
RAMP_LIMIT: Final = 8.0
"""A current that rises so many rheobases in ``WATCHED_MS`` without an impulse is not followed further."""
_BISECTIONS: Final = 10
_KEPT_EVERY: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A potential over time: arrays (n,), and when it fired."""

    times_ms: Floats
    potential_mv: Floats
    spikes_ms: Floats


@dataclass(frozen=True, slots=True)
class Accommodation:
    """How an axon takes currents that last.

    Attributes:
        steady_spikes: impulses during 200 ms of twice the rheobase.
        ramp_ratio: least current reached by a linear rise over 200 ms that fires it, in rheobases; None
            where eight of them do not. The more, the better it accommodates.
    """

    steady_spikes: int
    ramp_ratio: float | None


@dataclass(frozen=True, slots=True, eq=False)
class AxonState:
    """One axon in its bath.

    Attributes:
        mood: silent at rest; or firing by itself; or not to be fired by any stimulus.
        rest_mv, internode_mv: where it rests, or was when watching ended.
        firing_hz: impulses a second without any stimulus.
        threshold_pa: least current of 1 ms that fires it; None unless silent.
        curves, indices, z: of the clinical test, and how far each index is from healthy people; empty unless
            silent.
        accommodation: None unless silent.
        trace: the node after one stimulus, or without one where it fires by itself or cannot be fired.
    """

    mood: AxonMood
    rest_mv: float
    internode_mv: float
    firing_hz: float
    threshold_pa: float | None
    trace: Trace
    curves: Curves | None = None
    indices: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    z: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    accommodation: Accommodation | None = None

    @property
    def spikes_after_stimulus(self) -> int:
        """Impulses that one stimulus sets off; 0 where there was none to give."""
        return len(self.trace.spikes_ms) if self.mood == "silent" else 0


@dataclass(frozen=True, slots=True, eq=False)
class AxonEffect:
    """An axon, changed, beside the normal one."""

    normal: AxonState
    changed: AxonState

    @property
    def rest_shift_mv(self) -> float:
        """Positive: depolarized."""
        return self.changed.rest_mv - self.normal.rest_mv

    @property
    def threshold_ratio(self) -> float | None:
        """Threshold as a multiple of normal; None where there is none."""
        if self.changed.threshold_pa is None or self.normal.threshold_pa is None:
            return None
        return self.changed.threshold_pa / self.normal.threshold_pa

    @property
    def shifts(self) -> dict[str, float]:
        """By how many standard deviations of healthy people each index moved from the normal model's."""
        both = (name for name in self.changed.z if name in self.normal.z)
        return {name: self.changed.z[name] - self.normal.z[name] for name in both}


def axon_effect(changes: Mapping[str, float], bath: Bath) -> AxonEffect:
    """A changed axon beside the normal one in normal fluid.

    Raises:
        PhysiologyError: a value the model of the axon does not take.
    """
    return AxonEffect(normal_axon(), axon_state(Axon(bath=bath).changed(changes)))


@lru_cache(maxsize=1)
def normal_axon() -> AxonState:
    """The normal axon, computed once a process."""
    return axon_state(Axon())


def axon_state(axon: Axon) -> AxonState:
    """Leave an axon alone, then test it."""
    rest = rest_of(axon)
    threshold = rest.threshold_pa if rest.is_silent else 0.0
    trace = _after_stimulus(rest, threshold)
    if not rest.is_silent:
        mood: AxonMood = "blocked" if rest.firing_hz == 0.0 and math.isinf(rest.threshold_pa) else "fires"
        return AxonState(mood, rest.node_mv, rest.internode_mv, rest.firing_hz, None, trace)
    found = excite(axon)
    return AxonState(
        "silent", rest.node_mv, rest.internode_mv, 0.0, threshold, trace,
        found.curves, found.indices, MappingProxyType(z_scores(found.indices)), _accommodation(rest),
    )  # fmt: skip


def _after_stimulus(rest: Rest, threshold_pa: float) -> Trace:
    dt = float(rest.tables.steps_ms[0])
    current = np.zeros(round(WATCHED_MS / dt))
    current[: round(TEST_MS / dt)] = STIMULUS * threshold_pa
    node = record(rest.state.copy(), rest.tables, 0, current, _KEPT_EVERY)[:, 0]
    times = np.linspace(dt * _KEPT_EVERY, dt * _KEPT_EVERY * len(node), len(node))
    return Trace(times, node, times[_rising(node)])


def _rising(node: Floats) -> NDArray[np.intp]:
    return np.flatnonzero((node[1:] >= SPIKE_MV) & (node[:-1] < SPIKE_MV)) + 1


def _accommodation(rest: Rest) -> Accommodation:
    """With the long steps of the tables: slow currents do not need the short ones."""
    n = round(WATCHED_MS / float(rest.tables.steps_ms[1]))
    steady, ramp = np.ones(n), np.linspace(0.0, 1.0, n)
    rheobase = _least(rest, steady, rest.threshold_pa * 1.2) or rest.threshold_pa
    peak = _least(rest, ramp, rheobase * RAMP_LIMIT)
    return Accommodation(_spikes(rest, STEADY * rheobase * steady), peak / rheobase if peak else None)


def _least(rest: Rest, shape: Floats, highest_pa: float) -> float | None:
    """Least size of a current of this shape that fires the axon; None where the highest does not."""
    low, high = 0.0, highest_pa
    if not _spikes(rest, high * shape):
        return None
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _spikes(rest, middle * shape) else (middle, high)
    return high


def _spikes(rest: Rest, current_pa: Floats) -> int:
    return len(_rising(record(rest.state.copy(), rest.tables, 1, current_pa, 1)[:, 0]))
