"""The inner loop: one step of every node of a block, the nodes side by side on vector lanes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from whytwitch.physiology._approx import VECTOR_MATH, Real, exp_single
from whytwitch.physiology.nodes._random import WIDEST, next_pair

Singles = npt.NDArray[np.float32]
Words = npt.NDArray[np.uint32]

_F = np.float32

# Rows of a block's working memory: the state, what a lane needs in a step, and scratch.
V, M, H, N, CURRENT = (k * WIDEST for k in range(5))
SODIUM, SODIUM_DRIVE, POTASSIUM, POTASSIUM_DRIVE, PASSIVE = (k * WIDEST for k in range(5, 10))
STEADY, INERTIA, GATE_STEP, DECAY, KICK = (k * WIDEST for k in range(10, 15))
_NOISE, _CROSSED, MEMORY = 15 * WIDEST, 17 * WIDEST, 18 * WIDEST

_REST, _LOWEST, _HIGHEST = _F(65.0), _F(-250.0), _F(250.0)
_PER_80, _PER_18, _PER_10 = _F(-1 / 80), _F(-1 / 18), _F(-0.1)
_E_M, _E_H, _E_N = _F(np.exp(2.5)), _F(np.exp(3.0)), _F(np.exp(1.0))
_V_M, _V_N = _F(40.0), _F(55.0)
_TINY, _NEAR = _F(1e-6), _F(0.25)
_ONE, _FOUR, _SIX, _TWELVE = _F(1.0), _F(4.0), _F(6.0), _F(12.0)
_P2, _P3, _P4, _P5, _P6 = (_F(1 / f) for f in (2, 6, 24, 120, 720))
_A_H, _A_N, _B_N = _F(0.07), _F(0.1), _F(0.125)


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _minus_one(q: Real, exp_q: Real) -> Real:
    """e**q - 1 without cancellation: near zero by its series."""
    series = q * (_ONE + q * (_P2 + q * (_P3 + q * (_P4 + q * (_P5 + q * _P6)))))
    return series if abs(q) < _NEAR else exp_q - _ONE


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _away_from_zero(q: Real) -> Real:
    """A fraction of two things that vanish together must not meet 0 / 0."""
    return q if abs(q) > _TINY else _TINY


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _gate(x: Real, rise: Real, fall: Real, scale: Real, step: Real) -> Real:
    """One step of a gate whose rates are rise/scale and fall/scale.

    The exact answer has (1 - e**-r) / r, where r is the sum of rates in a step; here a Padé fraction stands
    for it. Keeping the rates' denominator ``scale`` apart saves a division: there is one a gate.
    """
    both = step * (rise + fall)
    gain = _TWELVE * scale / (_TWELVE * scale * scale + both * (_SIX * scale + both))
    return x + (step * rise - both * x) * gain


@njit(inline="always", nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def _step(lanes: int, threshold: Real, w: Singles, noise: int) -> np.int32:
    """One step of all lanes; whether any of them crossed the threshold.

    Gates first, with the voltage of the step's start; then the voltage, implicitly, with the new gates.
    """
    any_crossed = np.int32(0)
    for i in range(lanes):
        v = w[V + i]
        # Every rate of the model is made of two exponentials; beyond the bounds gates are full or empty.
        u = min(max(v, _LOWEST), _HIGHEST)
        e80 = exp_single((u + _REST) * _PER_80)
        e18 = exp_single((u + _REST) * _PER_18)
        e40 = e80 * e80
        e20 = e40 * e40
        e10 = e20 * e20
        dt = w[GATE_STEP + i]
        q = _away_from_zero((u + _V_M) * _PER_10)
        scale = _minus_one(q, e10 * _E_M)
        m = _gate(w[M + i], q, _FOUR * e18 * scale, scale, dt)
        scale = e10 * _E_H + _ONE
        h = _gate(w[H + i], _A_H * e20 * scale, _ONE, scale, dt)
        q = _away_from_zero((u + _V_N) * _PER_10)
        scale = _minus_one(q, e10 * _E_N)
        n = _gate(w[N + i], _A_N * q, _B_N * e80 * scale, scale, dt)
        current = w[DECAY + i] * w[CURRENT + i] + w[KICK + i] * w[noise + i]
        open_na = m * m * m * h
        open_k = n * n * (n * n)
        inertia = w[INERTIA + i]
        push = inertia * v + w[SODIUM_DRIVE + i] * open_na + w[POTASSIUM_DRIVE + i] * open_k
        pull = inertia + w[SODIUM + i] * open_na + w[POTASSIUM + i] * open_k + w[PASSIVE + i]
        new = (push + w[STEADY + i] + current) / pull
        # Whole numbers grow to 64 bits by themselves, which would halve the lanes.
        crossed = np.int32(np.int32(v < threshold) & np.int32(new >= threshold))
        any_crossed = np.int32(any_crossed | crossed)
        w[_CROSSED + i] = np.float32(crossed)
        w[M + i] = m
        w[H + i] = h
        w[N + i] = n
        w[CURRENT + i] = current
        w[V + i] = new
    return any_crossed


@njit(cache=True, nogil=True, error_model="numpy", fastmath=VECTOR_MATH)
def advance(
    first: int,
    last: int,
    lanes: int,
    threshold: Real,
    w: Singles,
    random: Words,
    every: int,
    traces: Singles,
    at_step: npt.NDArray[np.int64],
    at_lane: npt.NDArray[np.int32],
) -> tuple[int, int]:
    """Steps ``first`` to ``last`` (excluded) of one block.

    Args:
        first: step to begin with, since the start; even, since noise is drawn for two steps.
        last: step to end before.
        lanes: how many of WIDEST lanes are in use.
        threshold: voltage (mV, float32) whose upward crossing is a spike.
        w: Real32 (MEMORY,), the rows named above, each WIDEST long; changed in place.
        random: uint32 (4 * WIDEST,), the generators' states, changed in place.
        every: a trace is kept every so many steps; 0 keeps none.
        traces: Real32 (samples, lanes), filled in place.
        at_step: filled with the spikes' steps, in order of time.
        at_lane: filled with the lanes they are on.

    Returns:
        (the step reached, the number of spikes). It is short of ``last`` where the list of spikes is full.
    """
    room = at_step.size - 2 * lanes
    spikes = 0
    for step in range(first, last):
        if step % 2 == 0:
            if spikes > room:
                return step, spikes
            for i in range(lanes):
                w[_NOISE + i], w[_NOISE + WIDEST + i] = next_pair(random, i)
        any_crossed = _step(lanes, threshold, w, _NOISE + step % 2 * WIDEST)
        if any_crossed:
            for i in range(lanes):
                if w[_CROSSED + i]:
                    at_step[spikes] = step + 1
                    at_lane[spikes] = i
                    spikes += 1
        if every and (step + 1) % every == 0:
            for i in range(lanes):
                traces[(step + 1) // every, i] = w[V + i]
    return last, spikes
