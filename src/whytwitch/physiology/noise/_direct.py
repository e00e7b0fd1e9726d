"""Brute force: wait and count, with every spike on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.noise import _runs as runs
from whytwitch.physiology.noise._kernel import SCRATCH, Floats
from whytwitch.physiology.noise._node import MarkovNode
from whytwitch.physiology.splitting import counted_interval

_MOST_SPIKES = 100_000
_CONFIDENCE = 0.95
_STATES: dict[int, Literal["rests", "fires", "blocked"]] = {
    runs.CALM: "rests",
    runs.FIRING: "fires",
    runs.STUCK: "blocked",
}


@dataclass(frozen=True, eq=False)
class DirectRate:
    """What a patch did while it was watched.

    An episode is a spike and all that follow until it is quiet; its time is no time at rest.

    Attributes:
        rate_hz: episodes a second at rest. low_hz, high_hz: exact 95 % interval of a Poisson count.
        episodes: how many. rest_s: time at rest. duration_s: all time.
        spikes_ms: float64 (spikes,), when it fired.
        burst_sizes: int64 (episodes,), spikes of each.
        node_steps: steps made.
        state: ``rests``; or, if watching ended early, ``fires`` (an episode went on) or ``blocked`` (it ended
            in a steady depolarization). Then the last episode is counted as it was when cut off.
    """

    rate_hz: float
    low_hz: float
    high_hz: float
    episodes: int
    rest_s: float
    duration_s: float
    spikes_ms: Floats
    burst_sizes: NDArray[np.int64]
    node_steps: int
    state: Literal["rests", "fires", "blocked"]


def direct(node: MarkovNode, duration_s: float, seed: int = 0) -> DirectRate:
    """Watch a node for some time at rest, and count.

    Args:
        node: which.
        duration_s: time at rest to watch; episodes come on top.
        seed: the same seed gives the same digits.

    Raises:
        PhysiologyError: the duration is out of range, or the membrane does not come to rest at the start.
    """
    check_range("duration_s", duration_s, node.step_ms * 1e-3, 1e6, "s")
    wanted = round(duration_s * 1e3 / node.step_ms)
    state, random, settled = node.start(seed)
    scratch, buffer = np.empty(SCRATCH), np.empty(_MOST_SPIKES, np.int64)
    rest = total = 0
    code, trains = runs.CALM, []
    while rest < wanted and code == runs.CALM:
        level = node.event_level
        made = runs.walk(state, node.membrane, random, scratch, 0.0, -np.inf, level, wanted - rest, 0.0)
        rest, total = rest + made, total + made
        if state[0] < level:
            break
        code, steps, found = node.calm(state, random, scratch, buffer)
        trains.append(total + buffer[: min(found, buffer.size)])
        total += steps
    rest_s, step_s = rest * node.step_ms * 1e-3, node.step_ms * 1e-3
    low, high = counted_interval(len(trains), _CONFIDENCE)
    return DirectRate(
        rate_hz=len(trains) / rest_s,
        low_hz=low / rest_s,
        high_hz=high / rest_s,
        episodes=len(trains),
        rest_s=rest_s,
        duration_s=total * step_s,
        spikes_ms=np.concatenate([np.empty(0), *trains]) * node.step_ms,
        burst_sizes=np.array([train.size for train in trains], np.int64),
        node_steps=settled + total,
        state=_STATES[code],
    )
