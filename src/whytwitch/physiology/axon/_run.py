"""An axon at rest and under current: its resting potential, its threshold, what it does by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon._axon import Axon
from whytwitch.physiology.axon._kernel import Tables
from whytwitch.physiology.axon._still import jacobian, stand_still
from whytwitch.physiology.axon._tables import LONG_MS, SHORT_MS, at_rest, polarized, tables_of
from whytwitch.physiology.axon._threshold import ABOVE_ALL, BELOW_ALL, SPIKE_MV, WATCH_MS, threshold
from whytwitch.physiology.axon._walk import advance, record

Floats = NDArray[np.float64]

SETTLE_MS: Final = 1500.0
"""How long a changed axon is left alone before it is tested: five time constants of its slowest gate, Ih."""
AT_FIRST_MS: Final = 40.0
CALM_MS: Final = 20.0
"""After so long, the last of it without a spike, it is foreseen where an axon will settle, if it can be."""
LOOK_MS: Final = 50.0
NEAR_MV: Final = 1.5
SLOWEST_PER_MS: Final = 1e-3
"""A rest this near, from which disturbances die away with this rate or faster, is where an axon goes."""
TEST_MS: Final = 1.0
"""Width of the test stimulus of the clinical protocol."""
_DRIFT_MV: Final = 0.05
_TOLERANCE: Final = 3e-4
_LITTLE: Final = 0.02
_ALL_OR_NONE: Final = 3.0
"""How many times steeper than a passive response one that counts as a spike begins."""


@dataclass(frozen=True, slots=True)
class Rest:
    """An axon that was left alone.

    Attributes:
        state: as the kernel has it. tables: its tables, polarizing current included.
        node_mv, internode_mv: potentials.
        firing_hz: spikes per second during the last second; 0 in an axon that rests.
        threshold_pa: least current of 1 ms that fires it; nan where it fires by itself, inf where nothing
            does.
    """

    state: Floats
    tables: Tables
    node_mv: float
    internode_mv: float
    firing_hz: float
    threshold_pa: float

    @property
    def is_silent(self) -> bool:
        """Whether it rests and can be fired, so that its threshold can be tracked."""
        return self.firing_hz == 0.0 and math.isfinite(self.threshold_pa)


@dataclass(frozen=True, slots=True)
class Run:
    """What an axon did.

    Attributes:
        times_ms, node_mv, internode_mv: (n,) each.
        spikes_ms: when the node rose through the level of a spike.
    """

    times_ms: Floats
    node_mv: Floats
    internode_mv: Floats
    spikes_ms: Floats


def rest_of(
    axon: Axon, short_ms: float = SHORT_MS, long_ms: float = LONG_MS, *, counted: bool = True
) -> Rest:
    """Leave an axon alone until it settles, then find its threshold.

    Args:
        axon: which.
        short_ms: the step for stimuli and spikes.
        long_ms: the step for all else.
        counted: whether the spikes of one that fires by itself are counted for a second. If not, its
            ``firing_hz`` only says that it fires, 20 times or so or more.

    Raises:
        PhysiologyError: a step is out of range.
    """
    check_range("short_ms", short_ms, 0.0005, 0.02, "ms")
    check_range("long_ms", long_ms, short_ms, 0.1, "ms")
    tables = tables_of(axon, short_ms, long_ms)
    state = at_rest(tables, axon.constants.rest_mv, axon.constants.rest_mv)
    firing_hz = _settle(state, tables, counted=counted)
    threshold_pa = _threshold(state, tables, firing_hz)
    if axon.polarization and math.isfinite(threshold_pa):
        tables = polarized(tables, axon.polarization * threshold_pa)
        firing_hz = _settle(state, tables, counted=counted)
        threshold_pa = _threshold(state, tables, firing_hz)
    return Rest(state, tables, float(state[0]), float(state[1]), firing_hz, threshold_pa)


def respond(axon: Axon, current_pa: ArrayLike, step_ms: float = SHORT_MS, every: int = 1) -> Run:
    """Inject a current into an axon at rest.

    Args:
        axon: which.
        current_pa: (n,) current during each step; positive depolarizes.
        step_ms: length of a step.
        every: keep one sample in so many.

    Returns:
        Potentials at the end of each kept step.

    Raises:
        PhysiologyError: a current is not finite, the step is out of range, or there is nothing to do.
    """
    current = np.ascontiguousarray(current_pa, np.float64)
    if current.ndim != 1 or not current.size or not np.isfinite(current).all():
        raise PhysiologyError("current_pa has to be a row of finite numbers, one a step")
    if np.abs(current).max() > 1e6:
        raise PhysiologyError("current_pa is beyond ±1e6 pA, which no axon survives")
    check_range("every", every, 1, current.size)
    rest = rest_of(axon, step_ms, max(step_ms, LONG_MS))
    trace = record(rest.state.copy(), rest.tables, 0, current, int(every))
    times = (1 + np.arange(trace.shape[0])) * step_ms * every
    rising = np.flatnonzero((trace[1:, 0] >= SPIKE_MV) & (trace[:-1, 0] < SPIKE_MV)) + 1
    return Run(times, trace[:, 0], trace[:, 1], times[rising])


def _settle(state: Floats, tables: Tables, *, counted: bool) -> float:
    """Run in place until the potentials stand still, or for a second more; spikes per second of that."""
    dt = float(tables.steps_ms[1])
    advance(state, tables, 1, round(AT_FIRST_MS / dt), 0.0)
    highest = advance(state, tables, 1, round(CALM_MS / dt), 0.0)
    if highest < SPIKE_MV and _is_settling(state, tables):
        return 0.0
    advance(state, tables, 1, round((SETTLE_MS - AT_FIRST_MS - CALM_MS) / dt), 0.0)
    before = state[0]
    highest, end = advance(state, tables, 1, round(LOOK_MS / dt), 0.0), state[0]
    if highest < SPIKE_MV and abs(end - before) < _DRIFT_MV:
        return 0.0
    if not counted and before < SPIKE_MV <= highest:
        return 1000.0 / LOOK_MS
    watch = 1000.0
    trace = record(state, tables, 0, np.zeros(round(watch / tables.steps_ms[0])), 4)[:, 0]
    return float(np.count_nonzero((trace[1:] >= SPIKE_MV) & (trace[:-1] < SPIKE_MV)) * 1000.0 / watch)


def _is_settling(state: Floats, tables: Tables) -> bool:
    """Whether a state is on its way to one that is near and stable; then it is put there.

    Near and stable enough, so that nothing else can become of it: else one has to wait and see.
    """
    there = state.copy()
    if not stand_still(there, tables) or np.abs(there[:2] - state[:2]).max() > NEAR_MV:
        return False
    slowest = float(np.linalg.eigvals(jacobian(there, tables)).real.max())
    if slowest > -SLOWEST_PER_MS:
        return False
    state[:] = there
    return True


def _threshold(state: Floats, tables: Tables, firing_hz: float) -> float:
    if firing_hz > 0:
        return math.nan
    guess = 0.5 * (tables.capacitance_pf[2] + 50.0)
    found = threshold(state, tables, 0.0, 0.0, TEST_MS, guess, _TOLERANCE * guess)
    if found == BELOW_ALL or found <= 0:
        return math.nan
    if found == ABOVE_ALL or not _is_spike(state, tables, found):
        return math.inf
    return float(found)


def _is_spike(state: Floats, tables: Tables, threshold_pa: float) -> bool:
    """Whether the channels bring the node to the level of a spike, and not the stimulus alone: then a little
    more of it would raise the peak by as little.
    """
    dt = float(tables.steps_ms[0])
    peaks = []
    for times in (1 - _LITTLE, 1 + _LITTLE):
        after = state.copy()
        during = advance(after, tables, 0, round(TEST_MS / dt), times * threshold_pa)
        peaks.append(max(during, advance(after, tables, 0, round(WATCH_MS / dt), 0.0)))
    return peaks[1] - peaks[0] > _ALL_OR_NONE * 2 * _LITTLE * (SPIKE_MV - state[0])
