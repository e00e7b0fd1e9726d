"""A Hodgkin-Huxley node in noise as a process for splitting: the membrane and step of ``simulate_nodes``."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.physiology.splitting.particles import Particle, compiled, normal

STEP_MS, SPIKE_MV, QUIET_MS, SETTLE_MS = 0.005, 0.0, 50.0, 100.0
REST_MV, M, H, N = -64.974052, 0.0530947, 0.5952130, 0.3180746
FIRED = 100.0


@compiled
def _over_minus_one(q: float) -> float:
    """q / (e**q - 1)."""
    return 1 - q / 2 if abs(q) < 1e-6 else q / (math.exp(q) - 1)


@compiled
def _gate(x: float, rise: float, fall: float, dt: float) -> float:
    """One step; a Padé fraction stands for the exponential, as in the kernel of ``simulate_nodes``."""
    both = dt * (rise + fall)
    return x + (dt * rise - both * x) * 12 / (12 + both * (6 + both))


@compiled
def step(state: NDArray[np.float64], random: NDArray[np.uint64], p: NDArray[np.float64]) -> None:
    """Gates with the voltage of the step's start, then the voltage with the new gates.

    State: coordinate, mV, m, h, n, current (µA/cm²). p: step (ms), decay and kick of the current, then, for
    each look ahead, weights of mV, m, h, n and current.
    """
    v, dt = state[1], p[0]
    e80 = math.exp(-(v + 65) / 80)
    e40 = e80 * e80
    e20 = e40 * e40
    e10 = e20 * e20
    m = _gate(state[2], _over_minus_one(-(v + 40) / 10), 4 * math.exp(-(v + 65) / 18), dt)
    h = _gate(state[3], 0.07 * e20, 1 / (e10 * math.exp(3.0) + 1), dt)
    n = _gate(state[4], 0.1 * _over_minus_one(-(v + 55) / 10), 0.125 * e80, dt)
    current = p[1] * state[5] + p[2] * normal(random)
    sodium, potassium = 120 * m * m * m * h, 36 * n * n * n * n
    push = v / dt + sodium * 50 - potassium * 77 - 0.3 * 54.3 + current
    v = push / (1 / dt + sodium + potassium + 0.3)
    state[1], state[2], state[3], state[4], state[5] = v, m, h, n, current
    ahead = v - REST_MV
    for k in range(3, p.size, 5):
        later = p[k] * (v - REST_MV) + p[k + 1] * (m - M) + p[k + 2] * (h - H) + p[k + 3] * (n - N)
        ahead = max(ahead, later + p[k + 4] * current)
    state[0] = FIRED if v >= SPIKE_MV else min(ahead, FIRED - 1)


def squid_node(
    sd_ua_cm2: float, correlation_ms: float = 2.0, ahead_ms: Sequence[float] = (2.0, 5.0, 8.0)
) -> Particle:
    """The node at 6.3 °C with an Ornstein-Uhlenbeck current of mean 0.

    Its coordinate is the highest depolarization (mV), now or ``ahead_ms`` from now, if no more noise came and
    the equations were those linearized at rest.
    """
    decay = math.exp(-STEP_MS / correlation_ms)
    kick = sd_ua_cm2 * math.sqrt(1 - decay**2)
    weights = [_look_ahead(decay, round(ms / STEP_MS)) for ms in ahead_ms]
    p = np.concatenate([[STEP_MS, decay, kick], *weights])
    start = np.array([0.0, REST_MV, M, H, N, 0.0])
    return Particle(
        step, p, start, np.full(6, np.nan), FIRED, STEP_MS, round(SETTLE_MS / STEP_MS),
        round(QUIET_MS / STEP_MS),
    )  # fmt: skip


def _look_ahead(decay: float, steps: int) -> NDArray[np.float64]:
    """Weights of a deviation from rest in the depolarization so many steps later."""
    quiet, random = np.array([STEP_MS, decay, 0.0]), np.zeros(1, np.uint64)
    rest, sizes = np.array([0.0, REST_MV, M, H, N, 0.0]), [1e-3, 1e-6, 1e-6, 1e-6, 1e-3]
    columns = []
    for k, size in enumerate(sizes):
        ends = []
        for sign in (1, -1):
            state = rest.copy()
            state[1 + k] += sign * size
            for _ in range(steps):
                step(state, random, quiet)
            ends.append(state[1])
        columns.append((ends[0] - ends[1]) / (2 * size))
    return np.array(columns)
