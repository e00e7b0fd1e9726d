"""One neuromuscular junction in time, compiled: ms, mV above rest, amounts of acetylcholine in quanta."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Places in the parameter vector.
(
    SITES,
    RELEASE_DRIVE,
    REFILL_RATE,
    REFILL_PER_RESIDUE,
    REFILL_PER_BOOST,
    RESIDUE_MS,
    FACILITATION,
    AUGMENTATION_MS,
    AUGMENTATION,
    SPONTANEOUS_RATE,
    REMOVAL_RATE,
    REBINDING_RATE,
    CLOSING_RATE,
    RECEPTORS,
    DESENSITIZATION_RATE,
    RESENSITIZATION_RATE,
    GAIN,
    REVERSAL_MV,
    MEMBRANE_MS,
    THRESHOLD_MV,
    REFRACTORY_MS,
    RECOVERY_MS,
    ACCOMMODATION,
    ACCOMMODATION_MS,
    TERMINAL_SENSE_MS,
    TERMINAL_THRESHOLD,
    TERMINAL_REFRACTORY_MS,
    TERMINAL_TIRING_RATE,
    TERMINAL_REST_RATE,
    COLLISION_MS,
    PARAMETERS,
) = range(31)

STEP_MS = 0.1
_POWER = 4  # calcium ions that act together in releasing a quantum
_RELATIVE = 3.0  # threshold right after the absolute refractory period, in excess of normal, in thresholds


compiled = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def _binomial(random: np.random.Generator, count: int, chance: float) -> float:
    """One draw, site by site: few enough here, and quick to compile."""
    found = 0.0
    for _ in range(count):
        found += random.random() < chance
    return found


@compiled
def _poisson(random: np.random.Generator, mean: float) -> float:
    """One draw by multiplying uniform numbers; for means of a few."""
    limit, product, found = math.exp(-mean), random.random(), 0.0
    while product > limit:
        product *= random.random()
        found += 1.0
    return found


@compiled
def run(
    p: FloatArray, stimuli: FloatArray, random: np.random.Generator,
    epp: FloatArray, released: FloatArray, lost: FloatArray,
    spikes: FloatArray, backfires: FloatArray, trace: FloatArray,
) -> tuple[int, int]:  # fmt: skip
    """Take a junction through nerve impulses that reach its terminal at ``stimuli``, (s,) and rising.

    Filled are ``epp``, ``released`` and ``lost``, (s,): greatest potential without action potentials until
    the next stimulus or for 20 ms, quanta released by the impulse, 1.0 where it met one from the terminal;
    ``spikes`` and ``backfires`` with the times of discharges of fiber and terminal, as far as they fit; and
    ``trace`` with the potential without action potentials at every step, which gives the duration. Returned
    is how many spikes and backfires there were.
    """
    dt = STEP_MS
    pool, residue, boost = p[SITES], 0.0, 0.0
    cleft, opened, tired = 0.0, 0.0, 0.0
    passive, active, accommodation = 0.0, 0.0, 0.0
    sensed, terminal_tired = 0.0, 0.0
    last_spike, last_terminal, last_backfire = -1e9, -1e9, -1e9
    n_spikes, n_backfires, following = 0, 0, 0
    fall_residue, fall_boost = math.exp(-dt / p[RESIDUE_MS]), math.exp(-dt / p[AUGMENTATION_MS])
    fall_cleft, fall_open = math.exp(-dt * p[REMOVAL_RATE]), math.exp(-dt * p[CLOSING_RATE])
    in_step = (1.0 - fall_cleft) / (dt * p[REMOVAL_RATE])
    for i in range(len(trace)):
        t = i * dt
        impulses = 0
        while following < len(stimuli) and stimuli[following] < t + dt:
            met = t - last_backfire < p[COLLISION_MS] or t - last_terminal < p[TERMINAL_REFRACTORY_MS]
            lost[following] = 1.0 if met else 0.0
            impulses += 0 if met else 1
            following += 1
        effect = sensed * (1.0 - terminal_tired)
        back = effect > p[TERMINAL_THRESHOLD] and t - last_terminal >= p[TERMINAL_REFRACTORY_MS]
        if back and impulses == 0:
            last_backfire = t
            if n_backfires < len(backfires):
                backfires[n_backfires] = t + dt
            n_backfires += 1
        quanta = 0.0
        if impulses or back:
            last_terminal = t
            enhancement = 1.0 + p[FACILITATION] * residue + p[AUGMENTATION] * boost
            chance = -math.expm1(-p[RELEASE_DRIVE] * enhancement**_POWER)
            quanta = _binomial(random, int(pool), chance)
            residue += 1.0
            boost += 1.0
            if impulses:
                released[following - 1] = quanta
        if p[SPONTANEOUS_RATE] > 0.0:
            quanta += min(_poisson(random, p[SPONTANEOUS_RATE] * dt * pool / p[SITES]), pool - quanta)
        refill = p[REFILL_RATE] + p[REFILL_PER_RESIDUE] * residue + p[REFILL_PER_BOOST] * boost
        pool += (p[SITES] - pool) * -math.expm1(-dt * refill) - quanta
        pool = max(pool, 0.0)
        residue *= fall_residue
        boost *= fall_boost
        cleft += quanta
        able = p[RECEPTORS] * (1.0 - tired)
        opened = opened * fall_open + able * (quanta + p[REBINDING_RATE] * cleft * in_step * dt)
        tired += dt * (
            p[DESENSITIZATION_RATE] * cleft * in_step * (1.0 - tired) - p[RESENSITIZATION_RATE] * tired
        )
        sensed += dt * (cleft * in_step - sensed) / p[TERMINAL_SENSE_MS]
        terminal_tired += dt * (
            p[TERMINAL_TIRING_RATE] * sensed * (1.0 - terminal_tired) - p[TERMINAL_REST_RATE] * terminal_tired
        )
        cleft *= fall_cleft
        rate = p[GAIN] * opened + 1.0 / p[MEMBRANE_MS]
        goal = p[GAIN] * opened * p[REVERSAL_MV] / rate
        fall = math.exp(-dt * rate)
        passive = goal + (passive - goal) * fall
        trace[i] = passive
        if following and t - stimuli[following - 1] < 20.0 and passive > epp[following - 1]:
            epp[following - 1] = passive
        since = t - last_spike
        if since < p[REFRACTORY_MS]:
            active = 0.0
        else:
            active = goal + (active - goal) * fall
            raised = _RELATIVE * math.exp((p[REFRACTORY_MS] - since) / p[RECOVERY_MS])
            if active >= p[THRESHOLD_MV] * (1.0 + raised) + accommodation:
                last_spike = t
                if n_spikes < len(spikes):
                    spikes[n_spikes] = t + dt
                n_spikes += 1
                active = 0.0
        accommodation += dt * (p[ACCOMMODATION] * passive - accommodation) / p[ACCOMMODATION_MS]
    return n_spikes, n_backfires
