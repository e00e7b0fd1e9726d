"""A patch as a random process: what splitting asks for, and what follows a spike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon import LONG_MS, SHORT_MS, SPIKE_MV, rest_of
from whytwitch.physiology.noise import _runs as runs
from whytwitch.physiology.noise._kernel import SCRATCH, Floats
from whytwitch.physiology.noise._patch import Patch, membrane_of, rest_state
from whytwitch.physiology.noise._random import Words, seeded
from whytwitch.physiology.splitting import Basin, Shots

Whole = NDArray[np.int64]

QUIET_MS: Final = 50.0
LONGEST_MS: Final = 500.0
LEAD_MS: Final = 0.08
"""How far the coordinate looks ahead: about as long as sodium channels stay open. Of two states at one
potential, the one with more of them open fires; where tried, splitting took up to 2.5 times fewer steps.
"""
_SETTLE_MS: Final = 20.0
"""From channels drawn at rest: their own correlations with the potential take some milliseconds to form."""
_SAMPLES: Final = 4000
_ROOM: Final = 4096
_MOST_SPIKES: Final = 1000


class NoReturnError(PhysiologyError):
    """A membrane that does not come back to rest after a spike.

    Attributes:
        blocked: it stays depolarized; otherwise it goes on firing.
    """

    def __init__(self, message: str, *, blocked: bool) -> None:
        super().__init__(message)
        self.blocked = blocked


@dataclass(frozen=True, eq=False)
class Bursts:
    """What followed some first spikes, until each was quiet.

    Attributes:
        sizes: int64 (n,), spikes of each, the first included.
        spikes_ms: n arrays, times of its spikes since the first (which is 0).
        ended: bool (n,), whether it came back to rest in time. Where it did not, it fires on or stays
            depolarized.
        node_steps: steps of all together.
    """

    sizes: Whole
    spikes_ms: tuple[Floats, ...]
    ended: NDArray[np.bool_]
    node_steps: int

    @property
    def intervals_ms(self) -> Floats:
        """All intervals inside bursts, in their order."""
        return np.concatenate([np.empty(0), *(np.diff(times) for times in self.spikes_ms)])


class MarkovNode:
    """A patch at rest, its potential shaken by its channels: a process of ``splitting``.

    The coordinate is the potential of the node in mV and what the open channels are about to add to it. The
    event is a spike, and those that follow it within ``quiet_ms`` belong to it: it is over when none came for
    so long and the node is at its resting potential again. States are as :func:`rest_state` gives them.

    Args:
        patch: which.
        step_ms: length of a step, 0.0005 to 0.02.
        quiet_ms: silence after which an event is over, 1 to 1000.
        longest_ms: a membrane that is not back at rest so long after a spike fires on or is stuck, up to 1e5.
        lead_ms: how far the coordinate looks ahead, 0 to 1. It makes splitting cheaper, and changes no rate.

    Raises:
        PhysiologyError: a value is out of range, or the axon fires without chance, or cannot fire at all.
    """

    def __init__(
        self,
        patch: Patch,
        *,
        step_ms: float = SHORT_MS,
        quiet_ms: float = QUIET_MS,
        longest_ms: float = LONGEST_MS,
        lead_ms: float = LEAD_MS,
    ) -> None:
        check_range("lead_ms", lead_ms, 0.0, 1.0, "ms")
        check_range("quiet_ms", quiet_ms, 1.0, 1000.0, "ms")
        check_range("longest_ms", longest_ms, quiet_ms, 1e5, "ms")
        self.patch = patch
        self.rest = rest_of(patch.axon, step_ms, max(step_ms, LONG_MS))
        if not self.rest.is_silent:
            raise PhysiologyError(
                f"without chance the axon fires {self.rest.firing_hz:g} times a second, and "
                f"{self.rest.threshold_pa:g} pA would make it fire: chance has nothing to add to an "
                "axon that fires by itself or cannot fire"
            )
        self.membrane = membrane_of(patch, self.rest)
        self.lead_ms = lead_ms
        self._quiet = round(quiet_ms / step_ms)
        self._longest = round(longest_ms / step_ms)

    @property
    def step_ms(self) -> float:
        """Length of a step."""
        return float(self.rest.tables.steps_ms[0])

    @property
    def event_level(self) -> float:
        """The potential that counts as a spike, in mV."""
        return SPIKE_MV

    def start(self, seed: int) -> tuple[Floats, Words, int]:
        """A typical state at rest, float64 (d,), its generator, and the steps it took to settle.

        Raises:
            PhysiologyError: the membrane does not come to rest.
        """
        state = rest_state(self.patch, self.rest, seed=seed)
        random = seeded(np.uint64(seed))
        scratch, cost, wanted = np.empty(SCRATCH), 0, round(_SETTLE_MS / self.step_ms)
        while True:
            made = runs.walk(state, self.membrane, random, scratch, 0.0, -np.inf, SPIKE_MV, wanted, 0.0)
            if state[0] < SPIKE_MV:
                return state, random, cost + made
            code, steps, _ = self.calm(state, random, scratch, np.empty(1, np.int64))
            if code != runs.CALM:
                raise self._lost(code)
            cost += made + steps

    def record(
        self, duration_ms: float, seed: int, *, every: int = 1, current_pa: float = 0.0, settle: bool = True
    ) -> Floats:
        """States along one trajectory, float64 (duration / step / every, d).

        Args:
            duration_ms: how long.
            seed: of the trajectory.
            every: keep one state in so many.
            current_pa: into the node, all the while.
            settle: begin where :meth:`start` does; else at once from channels as drawn at rest.

        Raises:
            PhysiologyError: a value is out of range, or the membrane does not come to rest.
        """
        check_range("duration_ms", duration_ms, self.step_ms * every, 1e7, "ms")
        check_range("every", every, 1, 1e9)
        if settle:
            state, random, _ = self.start(seed)
        else:
            state, random = rest_state(self.patch, self.rest, seed=seed), seeded(np.uint64(seed))
        kept = np.empty((round(duration_ms / self.step_ms) // every, state.size))
        runs.record(state, self.membrane, random, current_pa, every, kept)
        return kept

    def basin(self, seed: int, steps: int, leave: float, levels: Floats) -> Basin:
        """A long run at rest, as ``splitting.Process`` has it.

        Raises:
            PhysiologyError: after a spike the membrane does not come back to rest.
        """
        levels = np.atleast_1d(np.asarray(levels, np.float64))
        state, random, settled = self.start(seed)
        armed = np.zeros(levels.size, np.bool_)
        clock = np.array([0, settled], np.int64)
        every = max(1, steps // _SAMPLES)
        sample, counts = np.empty(steps // every), np.zeros(levels.size, np.int64)
        limits = np.array([steps, every, self._quiet, self._longest], np.int64)
        potentials, kept = np.array([leave, min(leave, self.rest.node_mv), SPIKE_MV]), []
        while clock[0] < steps:
            entrances = np.empty((_ROOM, state.size))
            found = runs.rest_run(
                state, self.membrane, random, armed, clock, limits, potentials, self.lead_ms, levels,
                entrances, counts, sample,
            )  # fmt: skip
            if found < 0:
                raise self._lost(-1 - found)
            kept.append(entrances[:found].copy())
        return Basin(
            entrances=np.concatenate([np.empty((0, state.size)), *kept]),
            counts=counts,
            steps=steps,
            cost_steps=int(clock[1]),
            sample=sample,
        )

    def shoot(self, starts: Floats, seeds: Words, leave: float, level: float, max_steps: int) -> Shots:
        """Short runs from given states, as ``splitting.Process`` has it.

        Raises:
            PhysiologyError: starts are no states of this node, or not as many as seeds.
        """
        ends, keys = self._paired(starts, seeds)
        outcomes, highest = np.empty(len(ends), np.int8), np.empty(len(ends))
        cost = runs.shots(self.membrane, keys, leave, level, self.lead_ms, max_steps, outcomes, ends, highest)
        return Shots(outcomes=outcomes, ends=ends, highest=highest, cost_steps=int(cost))

    def follow(self, states: Floats, seeds: Words) -> Bursts:
        """Go on from states at the event, (n, d), each with its seed, uint64 (n,), until it is quiet.

        Raises:
            PhysiologyError: they are no states of this node, or not as many as seeds.
        """
        ends, keys = self._paired(states, seeds)
        codes, sizes = np.empty(len(ends), np.int64), np.empty(len(ends), np.int64)
        spikes = np.empty((len(ends), _MOST_SPIKES), np.int64)
        cost = runs.bursts(
            ends, self.membrane, keys, self.rest.node_mv, self._quiet,
            self._longest, codes, sizes, spikes,
        )  # fmt: skip
        times = tuple(
            row[:size].astype(np.float64) * self.step_ms for row, size in zip(spikes, sizes, strict=True)
        )
        return Bursts(sizes, times, codes == runs.CALM, int(cost))

    def _paired(self, states: Floats, seeds: Words) -> tuple[Floats, Words]:
        """Copies, if they fit: a compiled loop does not look."""
        states = np.array(states, np.float64, order="C", ndmin=2)
        seeds = np.array(seeds, np.uint64, ndmin=1)
        size = int(self.membrane.opened.max()) + 2
        if states.shape != (seeds.size, size) or seeds.ndim != 1:
            raise PhysiologyError(
                f"states have shape {states.shape} and seeds {seeds.shape}: give (n, {size}) and (n,)"
            )
        return states, seeds

    def calm(self, state: Floats, random: Words, scratch: Floats, spikes: Whole) -> tuple[int, int, int]:
        """Bring a state from a spike to rest, in place: how it ended, steps made, spikes."""
        return runs.calm(
            state, self.membrane, random, scratch, self.rest.node_mv, self._quiet, self._longest, spikes
        )

    def _lost(self, code: int) -> NoReturnError:
        longest = self._longest * self.step_ms
        if code == runs.STUCK:
            return NoReturnError(
                f"{longest:g} ms after a spike the node is still depolarized, without firing: the axon has a "
                "second stable state (a block), and no rate of single discharges",
                blocked=True,
            )
        return NoReturnError(
            f"{longest:g} ms after a spike the node still fires: spikes do not end by themselves; raise "
            "longest_ms, or take it as an axon that fires on",
            blocked=False,
        )
