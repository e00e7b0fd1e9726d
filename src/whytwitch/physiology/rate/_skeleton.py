"""What a membrane does without chance, and how much chance shakes it: the two numbers that decide its rate.

Its threshold comes from the deterministic axon. The shaking is the standard deviation of the potential under
channel noise in the linear approximation: each population of channels is a sum of random walks with the
rates of its gates (the exact autocovariance of a channel with independent gates), the membrane answers with
its own gates, and the variance solves a Lyapunov equation. The ratio of both orders rates over many decades,
but it is not a rate: those are counted or split.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.axon import FIRST_GATE, GRID, TEST_MS, Rest, Tables, record, rest_of
from whytwitch.physiology.noise import Patch

Floats = NDArray[np.float64]
State = Literal["rests", "fires", "blocked"]

_NUDGE_MV, _NUDGE = 1e-3, 1e-6
_PROBE_PA = 1.0


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A membrane without chance, and the size of chance.

    Attributes:
        state: it rests and can be fired; it fires by itself; or nothing fires it.
        rest_mv: where it rests, or was when watching ended.
        threshold_pa: current of 1 ms that fires the membrane at the size of a full node; nan unless it rests.
        resistance_gohm: how far 1 pA moves the node in 1 ms, in mV; nan unless it rests.
        sd_mv: standard deviation of its potential by channel noise, infinite at the edge of firing; nan
            unless it rests.
        firing_hz: its own firing.
    """

    state: State
    rest_mv: float
    threshold_pa: float
    resistance_gohm: float
    sd_mv: float
    firing_hz: float

    @property
    def distance(self) -> float:
        """Threshold over noise: how many standard deviations of its potential a membrane is from firing.

        The current of threshold counts as the change of potential that it would make if nothing answered. Of
        the measures tried this one orders rates best: over 60 terminals and seven decades a parabola in it
        leaves 0.4 decades.
        """
        return self.threshold_pa * self.resistance_gohm / self.sd_mv


def skeleton(patch: Patch) -> Skeleton:
    """Leave a membrane alone without chance, then see how much chance would shake it."""
    rest = rest_of(patch.axon)
    if not rest.is_silent:
        state: State = "fires" if rest.firing_hz > 0 or math.isnan(rest.threshold_pa) else "blocked"
        return Skeleton(state, rest.node_mv, math.nan, math.nan, math.nan, rest.firing_hz)
    sd_mv = noise_sd_mv(rest, patch.counts(rest.tables))
    return Skeleton("rests", rest.node_mv, rest.threshold_pa, _resistance_gohm(rest), sd_mv, 0.0)


def _resistance_gohm(rest: Rest) -> float:
    """From one picoampere for the width of the test stimulus."""
    current = np.full(round(TEST_MS / float(rest.tables.steps_ms[0])), _PROBE_PA)
    moved = record(rest.state.copy(), rest.tables, 0, current, current.size)[-1, 0]
    return float(moved - rest.node_mv) / _PROBE_PA


def noise_sd_mv(rest: Rest, counts: Floats) -> float:
    """Standard deviation of the nodal potential about rest, to first order in the noise.

    Args:
        rest: the membrane.
        counts: (n_currents,) channels behind each current of its tables; those without gates or of the
            internode are not read.
    """
    from scipy.linalg import solve_continuous_lyapunov

    tables, state = rest.tables, rest.state
    taus = -tables.steps_ms[0] / np.log(np.maximum(tables.decay[0], 1e-280))
    jacobian = _jacobian(state, tables, taus)
    noises = list(_noises(state, tables, taus, counts))
    n, total = state.size, state.size + len(noises)
    matrix, diffusion = np.zeros((total, total)), np.zeros((total, total))
    matrix[:n, :n] = jacobian
    push = np.linalg.inv(_capacitance(tables))[:, 0]
    for k, (rate, variance, current_pa) in enumerate(noises, n):
        matrix[:2, k] = -current_pa * push
        matrix[k, k] = -rate
        diffusion[k, k] = 2 * rate * variance
    variance = float(solve_continuous_lyapunov(matrix, -diffusion)[0, 0])
    # A rest that is only just one, or not quite, has no finite variance about it.
    return math.sqrt(variance) if variance > 0 else math.inf


def _noises(
    state: Floats, tables: Tables, taus: Floats, counts: Floats
) -> Iterator[tuple[float, float, float]]:
    """Rate in 1/ms, variance of the open share, and current in pA with all channels open, of each walk."""
    node = state[0]
    for k in np.flatnonzero((tables.place == 0) & (tables.first >= 0)):
        first, second, power = tables.first[k], tables.second[k], int(tables.power[k])
        m, fast = state[FIRST_GATE + first], 1 / _look(taus[first], node)
        h, slow = (state[FIRST_GATE + second], 1 / _look(taus[second], node)) if second >= 0 else (1.0, 0.0)
        current = tables.amount[k] * _look(tables.force[tables.drive[k]], node)
        for i in range(power + 1):
            for j in range(2 if second >= 0 else 1):
                if i + j:
                    share = (
                        math.comb(power, i)
                        * m ** (2 * power - i)
                        * (1 - m) ** i
                        * h ** (2 - j)
                        * (1 - h) ** j
                    )
                    yield i * fast + j * slow, share / counts[k], current


def _jacobian(state: Floats, tables: Tables, taus: Floats) -> Floats:
    """Of the deterministic membrane at rest, by central differences: (n, n), per ms."""
    columns = []
    for k in range(state.size):
        nudge = np.zeros_like(state)
        nudge[k] = _NUDGE_MV if k < FIRST_GATE else _NUDGE
        ahead, behind = _flow(state + nudge, tables, taus), _flow(state - nudge, tables, taus)
        columns.append((ahead - behind) / (2 * nudge[k]))
    return np.array(columns).T


def _flow(state: Floats, tables: Tables, taus: Floats) -> Floats:
    """How fast potentials (mV/ms) and gates (1/ms) change."""
    at = state[:2]
    current = tables.coupling_ns * np.array([at[0] - at[1], at[1] - at[0]]) - tables.steady_pa
    for k, place in enumerate(tables.place):
        amount = tables.amount[k]
        if tables.first[k] >= 0:
            amount = amount * state[FIRST_GATE + tables.first[k]] ** tables.power[k]
        if tables.second[k] >= 0:
            amount = amount * state[FIRST_GATE + tables.second[k]]
        current[place] += amount * _look(tables.force[tables.drive[k]], float(at[place]))
    flow = np.empty_like(state)
    flow[:2] = np.linalg.solve(_capacitance(tables), -current)
    for gate, place in enumerate(tables.gate_place):
        goal, tau = _look(tables.steady[gate], float(at[place])), _look(taus[gate], float(at[place]))
        flow[FIRST_GATE + gate] = (goal - state[FIRST_GATE + gate]) / tau
    return flow


def _capacitance(tables: Tables) -> Floats:
    node, myelin, internode = tables.capacitance_pf
    return np.array([[node + myelin, -myelin], [-myelin, internode + myelin]])


def _look(row: Floats, membrane_mv: float | np.float64) -> float:
    return float(np.interp(membrane_mv, GRID, row))
