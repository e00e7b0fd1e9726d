"""The clinical test (TRONDNF) on a simulated axon."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.axon import SPIKE_MV, Axon, Rest, rest_of
from whytwitch.physiology.excitability._curves import STANDARD_DELAYS, Curves
from whytwitch.physiology.excitability._indices import indices
from whytwitch.physiology.excitability._tracking import (
    current_threshold,
    electrotonus,
    recovery,
    widths,
)

Floats = NDArray[np.float64]

TOLERANCE: Final = 5e-4
"""Thresholds are bisected to this share of the resting threshold: 0.05 % in every trace."""
NORMAL_RHEOBASE_MA: Final = 2.84
"""Rheobase of the normal charge–duration curve (193 people), which sets what 1 pA in the model is in mA at
the skin: the model knows no electrode."""
THRESHOLD_SPREAD: Final = 0.1466
"""Spread (SD of the log) of thresholds among the axons of the nerve: it gives the mean normal slope of the
stimulus–response curve, 5.02 (280 people). A description; one axon has no such curve."""
TRACKED: Final = 0.4
"""The test follows the threshold of 40 % of the largest response."""
_NO_LIMIT: Final = 1e8
_STIMULUS_RESPONSE: Final = np.array([2, 5, *range(10, 91, 5), 95, 98], np.float64)


@dataclass(frozen=True, slots=True)
class Excitability:
    """What the clinical test shows.

    Attributes:
        curves: in the clinic's units and signs. A point is left out where no stimulus fires the axon, or
            the conditioning current has.
        indices: derived values by their published names.
        rest_mv, internode_rest_mv: resting potentials.
        threshold_pa: least current of 1 ms that fires the axon at rest.
    """

    curves: Curves
    indices: Mapping[str, float]
    rest_mv: float
    internode_rest_mv: float
    threshold_pa: float


def excite(axon: Axon | None = None, *, delays: Mapping[str, Sequence[float]] | None = None) -> Excitability:
    """Put an axon through the clinical threshold-tracking test.

    Args:
        axon: which; the normal one if None.
        delays: where to measure, by trace; the standard ones if None. A trace that is not named is left
            out. ``TEd`` and ``TEh`` with any percentage are understood.

    Returns:
        Curves and indices.

    Raises:
        PhysiologyError: the axon fires by itself or cannot be fired, so that there is no threshold to
            track; or a trace is unknown.
    """
    axon = Axon() if axon is None else axon
    rest = rest_of(axon)
    if not rest.is_silent:
        raise PhysiologyError(_why_not(rest))
    wanted = STANDARD_DELAYS if delays is None else delays
    traces = {name: _trace(name, np.array(x, np.float64), axon, rest) for name, x in wanted.items()}
    if delays is None:
        traces["SR"] = _stimulus_response(rest)
    curves = Curves({name: pair for name, pair in traces.items() if pair[0].size})
    derived = {**indices(curves), "Temperature": axon.bath.temperature_c}
    return Excitability(curves, MappingProxyType(derived), rest.node_mv, rest.internode_mv, rest.threshold_pa)


@cache
def milliamperes_per_picoampere() -> float:
    """What 1 pA into the model axon is at the skin, from the normal rheobase."""
    rest = rest_of(Axon())
    x = np.array(STANDARD_DELAYS["CD"])
    slope = np.polyfit(x, x * widths(rest.state, rest.tables, rest.threshold_pa, x, _step(rest)), 1)[0]
    return NORMAL_RHEOBASE_MA / float(slope)


def _why_not(rest: Rest) -> str:
    at = f"(node at {rest.node_mv:.1f} mV)"
    if rest.firing_hz > 0:
        return (
            f"this axon fires by itself, {rest.firing_hz:.0f} times a second {at}: there is no threshold to "
            "track. Simulate its firing instead, or change it less"
        )
    if rest.node_mv > SPIKE_MV:
        return f"this axon is held depolarized {at}: it has no threshold to track. Change it less"
    if math.isinf(rest.threshold_pa):
        return f"no stimulus fires this axon {at}: there is no threshold to track. Change it less"
    return f"this axon is about to fire by itself {at}: there is no threshold to track. Change it less"


def _step(rest: Rest) -> float:
    return TOLERANCE * rest.threshold_pa


def _trace(name: str, x: Floats, axon: Axon, rest: Rest) -> tuple[Floats, Floats]:
    unit, state, tables = rest.threshold_pa, rest.state, rest.tables
    if name == "RC":
        found = recovery(state, tables, unit, axon.constants.conditioning, x, _step(rest))
        y = 100 * (found / unit - 1)
    elif name == "IV":
        found = current_threshold(state, tables, unit, x, _step(rest))
        y = 100 * (1 - found / unit)
    elif name == "CD":
        found = widths(state, tables, unit, x, _step(rest))
        y = found * x * milliamperes_per_picoampere()
    elif name[:3] in {"TEd", "TEh"} and name[3:].isdigit():
        sign = 1 if name[2] == "d" else -1
        found = electrotonus(state, tables, unit, sign * int(name[3:]) / 100, x, _step(rest))
        y = 100 * (1 - found / unit)
    else:
        raise PhysiologyError(f"trace {name!r} is unknown: there are {', '.join(STANDARD_DELAYS)}")
    kept = np.abs(found) < _NO_LIMIT
    if name == "RC":
        # Still firing, or firing again by itself: what is found there is no threshold of a stimulus.
        kept &= found > 0
    return x[kept], y[kept]


def _stimulus_response(rest: Rest) -> tuple[Floats, Floats]:
    """The nerve's response against the stimulus, from the spread of thresholds around the tracked axon."""
    from scipy.stats import norm

    middle = rest.threshold_pa * milliamperes_per_picoampere()
    middle *= math.exp(-norm.ppf(TRACKED) * THRESHOLD_SPREAD)
    return middle * np.exp(norm.ppf(_STIMULUS_RESPONSE / 100) * THRESHOLD_SPREAD), _STIMULUS_RESPONSE.copy()
