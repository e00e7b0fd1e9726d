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

from whytwitch.physiology.axon import (
    FIRST_GATE,
    GRID,
    GRID_MV,
    TEST_MS,
    Rest,
    Tables,
    jacobian,
    record,
    rest_of,
)
from whytwitch.physiology.noise import Patch

Floats = NDArray[np.float64]
State = Literal["rests", "fires", "blocked"]

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


def skeleton(patch: Patch, *, counted: bool = True) -> Skeleton:
    """Leave a membrane alone without chance, then see how much chance would shake it.

    Args:
        patch: which.
        counted: whether it is counted how often it fires by itself, as in ``axon.rest_of``.
    """
    rest = rest_of(patch.axon, counted=counted)
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
    tables, state = rest.tables, rest.state
    membrane = jacobian(state, tables)
    noises = np.array(list(_noises(state, tables, counts)))
    if not noises.size:
        return 0.0
    rates, variances, currents = noises.T
    n, eye = state.size, np.eye(state.size)
    push = np.zeros(n)
    push[:2] = np.linalg.inv(_capacitance(tables))[:, 0]
    # The walks do not feel the membrane: each drives it, and their covariance with it solves a linear system.
    drive = push[:, None] * -currents * variances
    with_walks = np.linalg.solve(membrane - rates[:, None, None] * eye, -drive.T[:, :, None])[:, :, 0]
    forced = np.outer(push, -currents @ with_walks)
    # The covariance of the membrane solves Lyapunov's equation, here in the frame where it is diagonal.
    values, frame = np.linalg.eig(membrane)
    back = np.linalg.inv(frame)
    source = back @ (forced + forced.T) @ back.T
    within = frame @ (-source / (values[:, None] + values)) @ frame.T
    variance = float(within[0, 0].real)
    # A rest that is only just one, or not quite, has no finite variance about it.
    return math.sqrt(variance) if variance > 0 and np.real(values).max() < 0 else math.inf


def _noises(state: Floats, tables: Tables, counts: Floats) -> Iterator[tuple[float, float, float]]:
    """Rate in 1/ms, variance of the open share, and current in pA with all channels open, of each walk."""
    node = float(state[0])
    for k in np.flatnonzero((tables.place == 0) & (tables.first >= 0) & (counts > 0)):
        first, second, power = tables.first[k], tables.second[k], int(tables.power[k])
        m, fast = state[FIRST_GATE + first], _rate(tables, first, node)
        h, slow = (state[FIRST_GATE + second], _rate(tables, second, node)) if second >= 0 else (1.0, 0.0)
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


def _rate(tables: Tables, gate: int, membrane_mv: float) -> float:
    """How fast a gate forgets, in 1/ms."""
    left = max(_look(tables.decay[0, gate], membrane_mv), 1e-280)
    return -math.log(left) / float(tables.steps_ms[0])


def _capacitance(tables: Tables) -> Floats:
    node, myelin, internode = tables.capacitance_pf
    return np.array([[node + myelin, -myelin], [-myelin, internode + myelin]])


def _look(row: Floats, membrane_mv: float) -> float:
    index, part = divmod((membrane_mv - float(GRID[0])) / GRID_MV, 1.0)
    low, high = row[int(index)], row[int(index) + 1]
    return float(low + part * (high - low))
