"""Long and short runs of a noisy membrane. All go by ``walk``, the one loop that takes long to compile."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.axon import SPIKE_MV
from whytwitch.physiology.noise._kernel import SCRATCH, Floats, Ints, Membrane, ahead, step
from whytwitch.physiology.noise._random import Words, seeded

REARM_MV: Final = -50.0
"""Below this another rise through ``SPIKE_MV`` is another spike."""

CALM: Final = 0
FIRING: Final = 1
"""Spikes went on to the end."""
STUCK: Final = 2
"""No more spikes, but no way back to rest: the membrane stays depolarized."""

_BACK, _REACHED, _UNDECIDED = 0, 1, 2  # as in splitting; a compiled loop has to have them as constants
_NEVER: Final = math.inf


@njit(cache=True, nogil=True, error_model="numpy", _nrt=False)  # pyright: ignore[reportCallIssue]
def walk(
    state: Floats,
    membrane: Membrane,
    random: Words,
    scratch: Floats,
    current_pa: float,
    down_mv: float,
    up_mv: float,
    longest: int,
    lead_ms: float,
) -> int:
    """Go on until the coordinate is below one value, or at or above another; steps made.

    ``scratch[-1]`` is raised to its highest value on the way.
    """
    top = scratch[-1]
    made = 0
    while made < longest:
        step(state, membrane, random, scratch, current_pa)
        made += 1
        at = ahead(state, membrane, lead_ms)
        top = max(top, at)
        if at >= up_mv or at < down_mv:
            break
    scratch[-1] = top
    return made


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
    found, last, n = 1, 0, 0
    armed = False
    while n < longest:
        if not armed:
            n += walk(state, membrane, random, scratch, 0.0, REARM_MV, _NEVER, longest - n, 0.0)
            armed = state[0] < REARM_MV
            continue
        wait = last + quiet - n
        if wait > 0:
            n += walk(state, membrane, random, scratch, 0.0, -_NEVER, SPIKE_MV, min(wait, longest - n), 0.0)
        elif state[0] < near_mv:
            return CALM, n, found
        else:
            n += walk(state, membrane, random, scratch, 0.0, near_mv, SPIKE_MV, longest - n, 0.0)
        if state[0] >= SPIKE_MV:
            armed = False
            last = n
            if found < spikes.shape[0]:
                spikes[found] = n
            found += 1
    return (STUCK if longest - last >= quiet else FIRING), longest, found


@njit(cache=True, nogil=True, error_model="numpy")
def record(
    state: Floats, membrane: Membrane, random: Words, current_pa: float, every: int, kept: Floats
) -> None:
    """Go on with a current; every so many steps the state goes into ``kept``, (n, d)."""
    scratch = np.empty(SCRATCH)
    for n in range(kept.shape[0]):
        walk(state, membrane, random, scratch, current_pa, -_NEVER, _NEVER, every, 0.0)
        kept[n] = state


@njit(cache=True, nogil=True, error_model="numpy")
def rest_run(
    state: Floats,
    membrane: Membrane,
    random: Words,
    armed: NDArray[np.bool_],
    clock: Ints,
    limits: Ints,
    potentials_mv: Floats,
    lead_ms: float,
    levels_mv: Floats,
    entrances: Floats,
    counts: Ints,
    sample: Floats,
) -> int:
    """A part of a long run at rest, until its end or until there is no room for entrances.

    Args:
        state: where it is, changed in place, as are all that is carried from part to part.
        membrane: of which.
        random: its generator.
        armed: (levels,) whether it was below ``leave`` since it crossed a level.
        clock: steps at rest so far, and all steps.
        limits: steps at rest to come to, those between samples, those of quiet after a spike, and those
            after which a spike has to have led back to rest.
        potentials_mv: below which it is at rest (``leave``), below which it is so after a spike, and that
            of a spike.
        lead_ms: of the coordinate.
        levels_mv: (levels,) ascending.
        entrances: (room, d), filled with states at crossings of the first level.
        counts: (levels,) crossings.
        sample: of the coordinate, filled.

    Returns:
        Entrances found, or -1 - CODE where the membrane did not come back to rest.
    """
    scratch = np.empty(SCRATCH)
    spikes = np.empty(1, np.int64)
    leave_mv, near_mv, event_mv = potentials_mv
    every = limits[1]
    found = 0
    while clock[0] < limits[0] and found < entrances.shape[0]:
        up = event_mv
        down = -_NEVER
        for k in range(levels_mv.shape[0] - 1, -1, -1):
            if armed[k]:
                up = levels_mv[k]
            else:
                down = leave_mv
        longest = min(every - clock[0] % every, limits[0] - clock[0])
        made = walk(state, membrane, random, scratch, 0.0, down, up, longest, lead_ms)
        at = ahead(state, membrane, lead_ms)
        clock[0] += made
        clock[1] += made
        if clock[0] % every == 0:
            sample[clock[0] // every - 1] = at
        if at < leave_mv:
            armed[:] = True
            continue
        for k in range(levels_mv.shape[0]):
            if armed[k] and at >= levels_mv[k]:
                armed[k] = False
                counts[k] += 1
                if k == 0:
                    entrances[found] = state
                    found += 1
        if at >= event_mv:
            code, made, _ = calm(state, membrane, random, scratch, near_mv, limits[2], limits[3], spikes)
            clock[1] += made
            if code != CALM:
                return -1 - code
            armed[:] = ahead(state, membrane, lead_ms) < leave_mv
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def shots(
    membrane: Membrane,
    seeds: Words,
    leave_mv: float,
    level_mv: float,
    lead_ms: float,
    longest: int,
    outcomes: NDArray[np.int8],
    ends: Floats,
    highest: Floats,
) -> int:
    """From each of ``ends``, in place, until its coordinate is at the level or below leave; all steps."""
    scratch = np.empty(SCRATCH)
    cost = 0
    for i in range(seeds.shape[0]):
        random = seeded(seeds[i])
        state = ends[i]
        at = ahead(state, membrane, lead_ms)
        scratch[-1] = at
        if leave_mv <= at < level_mv:
            cost += walk(state, membrane, random, scratch, 0.0, leave_mv, level_mv, longest, lead_ms)
            at = ahead(state, membrane, lead_ms)
        outcomes[i] = _REACHED if at >= level_mv else _BACK if at < leave_mv else _UNDECIDED
        highest[i] = scratch[-1]
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
        codes[i], steps, numbers[i] = calm(
            states[i], membrane, seeded(seeds[i]), scratch, near_mv, quiet, longest, spikes[i]
        )
        cost += steps
    return cost
