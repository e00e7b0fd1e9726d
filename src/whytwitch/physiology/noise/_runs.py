"""Long and short runs of a noisy membrane, compiled whole."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.axon import SPIKE_MV
from whytwitch.physiology.noise._kernel import SCRATCH, Floats, Ints, Membrane, step
from whytwitch.physiology.noise._random import Words, seeded

REARM_MV: Final = -50.0
"""Below this another rise through ``SPIKE_MV`` is another spike."""

CALM: Final = 0
FIRING: Final = 1
"""Spikes went on to the end."""
STUCK: Final = 2
"""No more spikes, but no way back to rest: the membrane stays depolarized."""

_BACK, _REACHED, _UNDECIDED = 0, 1, 2  # as in splitting; a compiled loop has to have them as constants


@njit(cache=True, nogil=True, error_model="numpy")
def calm(
    state: Floats,
    membrane: Membrane,
    random: Words,
    scratch: Floats,
    near_mv: float,
    quiet: int,
    longest: int,
    spikes: Ints,
) -> tuple[int, int, int]:
    """From a spike on, until none came for ``quiet`` steps and the node is below ``near_mv`` again.

    Returns:
        ``CALM``, ``FIRING`` or ``STUCK`` (after ``longest`` steps); steps made; number of spikes, the first
        being the one at the start. As many as fit are in ``spikes``, as steps since then.
    """
    spikes[0] = 0
    found = 1
    last = 0
    armed = False
    for n in range(1, longest + 1):
        step(state, membrane, random, scratch, 0.0)
        node = state[0]
        if node < REARM_MV:
            armed = True
            if node < near_mv and n - last >= quiet:
                return CALM, n, found
        elif armed and node >= SPIKE_MV:
            armed = False
            last = n
            if found < spikes.shape[0]:
                spikes[found] = n
            found += 1
    return (STUCK if longest - last >= quiet else FIRING), longest, found


@njit(cache=True, nogil=True, error_model="numpy")
def until(
    state: Floats,
    membrane: Membrane,
    random: Words,
    scratch: Floats,
    level_mv: float,
    longest: int,
    current_pa: float,
) -> int:
    """Go on until the node is at a level; steps made, or -1 if it was not there after ``longest`` steps."""
    for n in range(1, longest + 1):
        step(state, membrane, random, scratch, current_pa)
        if state[0] >= level_mv:
            return n
    return -1


@njit(cache=True, nogil=True, error_model="numpy")
def record(
    state: Floats, membrane: Membrane, random: Words, currents_pa: Floats, every: int, kept: Floats
) -> None:
    """Follow a current step by step; every so often the state goes into ``kept`` (steps // every, d)."""
    scratch = np.empty(SCRATCH)
    for n in range(kept.shape[0]):
        for m in range(every):
            step(state, membrane, random, scratch, currents_pa[n * every + m])
        kept[n] = state


@njit(cache=True, nogil=True, error_model="numpy")
def rest_run(
    state: Floats,
    membrane: Membrane,
    random: Words,
    armed: NDArray[np.bool_],
    clock: Ints,
    limits: Ints,
    leave_mv: float,
    near_mv: float,
    event_mv: float,
    levels_mv: Floats,
    entrances: Floats,
    counts: Ints,
    sample: Floats,
) -> int:
    """A part of a long run at rest, until its end or until there is no room for entrances.

    Args:
        state, random, armed, clock, counts, sample: of the run, carried from part to part. ``clock`` has the
            steps at rest and all steps.
        limits: steps at rest to come to, those between samples, those of quiet after a spike, and those
            after which a spike has to have led back to rest.

    Returns:
        Entrances found, with -1 - CODE where the membrane did not come back to rest.
    """
    scratch = np.empty(SCRATCH)
    spikes = np.empty(1, np.int64)
    found = 0
    while clock[0] < limits[0] and found < entrances.shape[0]:
        step(state, membrane, random, scratch, 0.0)
        node = state[0]
        if clock[0] % limits[1] == 0 and clock[0] // limits[1] < sample.shape[0]:
            sample[clock[0] // limits[1]] = node
        clock[0] += 1
        clock[1] += 1
        if node < leave_mv:
            armed[:] = True
            continue
        for k in range(levels_mv.shape[0]):
            if armed[k] and node >= levels_mv[k]:
                armed[k] = False
                counts[k] += 1
                if k == 0:
                    entrances[found] = state
                    found += 1
        if node >= event_mv:
            code, steps, _ = calm(state, membrane, random, scratch, near_mv, limits[2], limits[3], spikes)
            clock[1] += steps
            if code != CALM:
                return -1 - code
            armed[:] = True
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def shots(
    membrane: Membrane,
    seeds: Words,
    leave_mv: float,
    level_mv: float,
    longest: int,
    outcomes: NDArray[np.int8],
    ends: Floats,
    highest: Floats,
) -> int:
    """From each of ``ends``, in place, until the node is at the level or below ``leave_mv``; all steps."""
    scratch = np.empty(SCRATCH)
    cost = 0
    for i in range(seeds.shape[0]):
        random = seeded(seeds[i])
        state = ends[i]
        top = state[0]
        outcome = _UNDECIDED
        for n in range(longest + 1):
            if state[0] >= level_mv:
                outcome = _REACHED
                break
            if state[0] < leave_mv:
                outcome = _BACK
                break
            if n == longest:
                break
            step(state, membrane, random, scratch, 0.0)
            cost += 1
            top = max(top, state[0])
        outcomes[i] = outcome
        highest[i] = top
    return cost


@njit(cache=True, nogil=True, error_model="numpy")
def bursts(
    states: Floats,
    membrane: Membrane,
    seeds: Words,
    near_mv: float,
    quiet: int,
    longest: int,
    codes: Ints,
    numbers: Ints,
    spikes: Ints,
) -> int:
    """Follow each state, in place, from its spike until it is calm; all steps. ``spikes`` is (n, most)."""
    scratch = np.empty(SCRATCH)
    cost = 0
    for i in range(seeds.shape[0]):
        random = seeded(seeds[i])
        codes[i], steps, numbers[i] = calm(
            states[i], membrane, random, scratch, near_mv, quiet, longest, spikes[i]
        )
        cost += steps
    return cost


@njit(cache=True, nogil=True, error_model="numpy")
def responses(
    states: Floats, membrane: Membrane, seeds: Words, current_pa: float, width: int, watch: int
) -> int:
    """How many states, changed in place, spike during a current or soon after it."""
    scratch = np.empty(SCRATCH)
    fired = 0
    for i in range(seeds.shape[0]):
        random = seeded(seeds[i])
        if until(states[i], membrane, random, scratch, SPIKE_MV, width, current_pa) >= 0 or (
            until(states[i], membrane, random, scratch, SPIKE_MV, watch, 0.0) >= 0
        ):
            fired += 1
    return fired
