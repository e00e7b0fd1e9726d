"""Random processes in small whose rate of events is known exactly, for tests and benchmarks.

Each is a compiled function that makes one step; what splitting asks for is made of it here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtr

from whytwitch.physiology.splitting import BACK, REACHED, UNDECIDED, Basin, Shots

Floats = NDArray[np.float64]
compiled = njit(nogil=True, error_model="numpy")

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = (np.uint64(k) for k in (30, 27, 31, 11))


@compiled
def uniform(random: NDArray[np.uint64]) -> float:
    """SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195), 53 bits."""
    random[0] += _GOLDEN
    z = random[0]
    z = (z ^ (z >> _30)) * _A
    z = (z ^ (z >> _27)) * _B
    z = z ^ (z >> _31)
    return float(z >> _11) * 2.0**-53


@compiled
def normal(random: NDArray[np.uint64]) -> float:
    """Marsaglia's polar method."""
    while True:
        a = 2 * uniform(random) - 1
        r = a * a + (2 * uniform(random) - 1) ** 2
        if 0 < r < 1:
            return a * math.sqrt(-2 * math.log(r) / r)


@compiled
def _basin(
    advance: Any, p: Floats, start: Floats, rest: Floats, quiet: int, seed: Any, settle: int, steps: int,
    leave: float, levels: Floats, event: float, entrances: Floats, counts: Any, sample: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Crossings found and steps made. After an event the state is ``rest``, but for what is NaN there."""
    random = np.array([seed], np.uint64)
    state = start.copy()
    armed = np.zeros(levels.size, np.bool_)
    found, cost, every = 0, 0, max(1, steps // sample.size)
    for step in range(-settle, steps):
        advance(state, random, p)
        cost += 1
        for k in range(levels.size):
            if state[0] < leave:
                armed[k] = True
            elif armed[k] and state[0] >= levels[k]:
                armed[k] = False
                if step >= 0:
                    counts[k] += 1
                    if k == 0:
                        entrances[found] = state
                        found += 1
        if step >= 0 and step % every == 0 and step // every < sample.size:
            sample[step // every] = state[0]
        if state[0] >= event:
            for i in range(state.size):
                if not math.isnan(rest[i]):
                    state[i] = rest[i]
            still = 0
            while state[0] >= leave or still < quiet:
                advance(state, random, p)
                cost += 1
                still = 0 if state[0] >= event else still + 1
            armed[:] = True
    return found, cost


@compiled
def _shoot(
    advance: Any, p: Floats, starts: Floats, seeds: Any, leave: float, level: float, max_steps: int,
    outcomes: Any, ends: Floats, highest: Floats,
) -> int:  # fmt: skip
    random, cost = np.empty(1, np.uint64), 0
    for i in range(seeds.size):
        random[0] = seeds[i]
        state = ends[i]
        state[:] = starts[i]
        highest[i] = state[0]
        outcomes[i] = UNDECIDED
        for _ in range(max_steps):
            if state[0] >= level:
                outcomes[i] = REACHED
                break
            if state[0] < leave:
                outcomes[i] = BACK
                break
            advance(state, random, p)
            cost += 1
            highest[i] = max(highest[i], state[0])
    return cost


@dataclass(frozen=True, eq=False)
class Particle:
    """A process of one compiled step.

    Attributes:
        advance: ``advance(state, random, parameters)`` changes the state in place.
        parameters: of it. ``start``: a state at rest.
        rest: where the state is put after an event; NaN for what stays as it is.
        event_level: of the coordinate, the first number of the state.
        step_ms: length of a step. ``settle``: steps to settle at rest.
        quiet: an event is over when there was no other for so many steps.
    """

    advance: Callable[..., Any]
    parameters: Floats
    start: Floats
    rest: Floats
    event_level: float
    step_ms: float
    settle: int
    quiet: int = 0

    def basin(self, seed: int, steps: int, leave: float, levels: Floats) -> Basin:
        entrances = np.empty((steps // 2 + 1, self.start.size))
        counts, sample = np.zeros(levels.size, np.int64), np.empty(min(steps, 4000))
        found, cost = _basin(
            self.advance, self.parameters, self.start, self.rest, self.quiet, np.uint64(seed), self.settle,
            steps, leave, levels, self.event_level, entrances, counts, sample,
        )  # fmt: skip
        return Basin(
            entrances=entrances[:found].copy(), counts=counts, steps=steps, cost_steps=cost, sample=sample
        )

    def shoot(
        self, starts: Floats, seeds: NDArray[np.uint64], leave: float, level: float, max_steps: int
    ) -> Shots:
        outcomes, ends = np.empty(seeds.size, np.int8), np.empty_like(starts)
        highest = np.empty(seeds.size)
        cost = _shoot(
            self.advance, self.parameters, starts, seeds, leave, level, max_steps, outcomes, ends, highest
        )
        return Shots(outcomes=outcomes, ends=ends, highest=highest, cost_steps=cost)


@compiled
def walk(state: Floats, random: NDArray[np.uint64], p: Floats) -> None:
    """One place up with chance p[0], else down, but not below 0."""
    state[0] = state[0] + 1 if uniform(random) < p[0] else max(0.0, state[0] - 1)


def birth_death(up: float, event: int) -> tuple[Particle, float]:
    """A walk on whole numbers from 0, drawn back to it, and its exact rate of coming to ``event``, Hz."""
    walker = Particle(walk, np.array([up]), np.zeros(1), np.zeros(1), float(event), 0.1, 200)
    chain = np.zeros((event, event))
    for k in range(event):
        chain[k, max(0, k - 1)] += 1 - up
        chain[k, k + 1 if k + 1 < event else 0] += up
    weights = _stationary(chain)
    return walker, float(weights[-1] * up) / 1e-4


@compiled
def diffuse(state: Floats, random: NDArray[np.uint64], p: Floats) -> None:
    """Step of dx = (p0 + p1 x + p2 x³ + p3 y) dt + noise; y hops among -1, 0 and 1, each with chance p6."""
    x, y = state[0], state[1]
    state[0] = x + p[4] * (p[0] + x * (p[1] + p[2] * x * x) + p[3] * y) + p[5] * normal(random)
    if p[6] > 0 and uniform(random) < p[6]:
        state[1] = max(-1.0, min(1.0, y + (1.0 if uniform(random) < 0.5 else -1.0)))


def diffusion(
    drift: tuple[float, float, float], noise: float, dt: float, rest: float, event: float,
    pull: float = 0.0, hop: float = 0.0,
) -> tuple[Particle, float]:  # fmt: skip
    """A particle in a force, and its exact rate of coming to ``event``, Hz; a unit of time is 1 ms.

    ``drift``: constant, linear and cubic part. ``noise``: deviation of a step. ``rest``: where it starts
    again. ``pull``: force of the hidden y. ``hop``: chance a step that y moves.
    """
    p = np.array([*drift, pull, dt, noise, hop])
    start = np.array([rest, 0.0])
    after = np.array([rest, np.nan])
    settle = round(20 / dt) + (round(20 / hop) if hop else 0)
    particle = Particle(diffuse, p, start, after, event, dt, settle)
    hidden = np.array([-1.0, 0.0, 1.0]) if hop else np.zeros(1)
    return particle, _exact_rate(p, hidden, rest, event) / (dt * 1e-3)


def _exact_rate(p: Floats, hidden: Floats, rest: float, event: float) -> float:
    """Events a step, by quadrature of the very chain that is simulated (not of its limit for short steps)."""
    noise, low = p[5], rest - 2.5
    panels = math.ceil((event - low) / (2 * noise))
    nodes, weights = np.polynomial.legendre.leggauss(6)
    edges = np.linspace(low, event, panels + 1)
    half = np.diff(edges)[:, None] / 2
    x = np.concatenate([[rest], ((edges[:-1, None] + edges[1:, None]) / 2 + half * nodes).ravel()])
    w = np.concatenate([[0.0], (half * weights).ravel()])
    n, m = x.size, hidden.size
    hop = np.eye(m)
    if m == 3:
        h = p[6] / 2
        hop = np.array([[1 - h, h, 0], [h, 1 - 2 * h, h], [0, h, 1 - h]])
    chain, leaving = np.zeros((m * n, m * n)), np.zeros(m * n)
    for a, y in enumerate(hidden):
        mean = x + p[4] * (p[0] + p[1] * x + p[2] * x**3 + p[3] * y)
        inner = np.exp(-0.5 * ((x - mean[:, None]) / noise) ** 2) / (noise * math.sqrt(2 * math.pi)) * w
        over = ndtr((mean - event) / noise)
        inner *= ((1 - over) / inner.sum(axis=1))[:, None]
        inner[:, 0] += over
        for b in range(m):
            chain[a * n : (a + 1) * n, b * n : (b + 1) * n] = hop[a, b] * inner
        leaving[a * n : (a + 1) * n] = over
    return float(_stationary(chain) @ leaving)


def _stationary(chain: Floats) -> Floats:
    """The weights that a chain keeps."""
    system = (chain - np.eye(len(chain))).T
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(len(chain))[-1])


def double_well(noise: float = 0.16) -> tuple[Particle, float]:
    """From one well into the other, past the top at 0."""
    return diffusion((0.0, 1.0, -1.0), noise * math.sqrt(0.04), 0.02, -1.3, 0.8)


def ornstein_uhlenbeck(event: float = 4.0) -> tuple[Particle, float]:
    """First passage of a process that is drawn to 0, with stationary deviation about 1."""
    return diffusion((0.0, -1.0, 0.0), math.sqrt(0.1), 0.05, -0.5, event)


def hidden_barrier(pull: float = 0.25, noise: float = 0.3, hop: float = 0.0005) -> tuple[Particle, float]:
    """A double well whose barrier is lower at times, by something slow that the coordinate does not show."""
    return diffusion((0.0, 1.0, -1.0), noise * math.sqrt(0.04), 0.02, -1.5, 0.8, pull, hop)
