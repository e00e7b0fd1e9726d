"""Least current that makes an axon fire: the quantity that the clinical test tracks."""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np
from numba import njit

from whytwitch.physiology.axon._kernel import Floats, Tables
from whytwitch.physiology.axon._walk import SHORT, walk

SPIKE_MV: Final = -20.0
"""A node that gets here has fired: passive responses to the currents of the protocol end well below."""
WATCH_MS: Final = 2.5
"""How long after the stimulus a late spike is waited for."""
_RELAXATIONS: Final = 6.0
"""A response that falls has died away, once the charge that the stimulus left on the node has spread over
the internode, which takes so many of its time constants: a late spike climbs from there."""
_WIDENINGS: Final = 14

BELOW_ALL: Final = -1e9
"""Returned where the axon fires without a stimulus."""
ABOVE_ALL: Final = 1e9
"""Returned where no stimulus fires it."""


@njit(cache=True, nogil=True, error_model="numpy")
def fires(
    start: Floats,
    scratch: Floats,
    tables: Tables,
    during_pa: float,
    after_pa: float,
    stimulus_pa: float,
    width_ms: float,
) -> bool:
    """Whether a stimulus on top of a current (``during_pa``, then ``after_pa``) makes a spike."""
    dt = tables.steps_ms[0]
    for k in range(start.shape[0]):
        scratch[k] = start[k]
    walk(scratch, tables, SHORT, round(width_ms / dt), during_pa + stimulus_pa, SPIKE_MV, inf)
    if scratch[0] <= SPIKE_MV:
        patience = _RELAXATIONS * (tables.capacitance_pf[0] + tables.capacitance_pf[1]) / tables.coupling_ns
        walk(scratch, tables, SHORT, round(WATCH_MS / dt), after_pa, SPIKE_MV, patience)
    return scratch[0] > SPIKE_MV


@njit(cache=True, nogil=True, error_model="numpy")
def threshold(
    start: Floats,
    tables: Tables,
    during_pa: float,
    after_pa: float,
    width_ms: float,
    guess_pa: float,
    tolerance_pa: float,
) -> float:
    """Threshold in pA by bisection, from a guess; ``BELOW_ALL`` or ``ABOVE_ALL`` where there is none."""
    scratch = np.empty_like(start)
    low = guess_pa
    high = guess_pa
    stride = 0.08 * abs(guess_pa)
    if fires(start, scratch, tables, during_pa, after_pa, guess_pa, width_ms):
        found = False
        for _ in range(_WIDENINGS):
            low -= stride
            stride *= 1.8
            if not fires(start, scratch, tables, during_pa, after_pa, low, width_ms):
                found = True
                break
            high = low
        if not found:
            return BELOW_ALL
    else:
        found = False
        for _ in range(_WIDENINGS):
            high += stride
            stride *= 1.8
            if fires(start, scratch, tables, during_pa, after_pa, high, width_ms):
                found = True
                break
            low = high
        if not found:
            return ABOVE_ALL
    while high - low > tolerance_pa:
        middle = 0.5 * (low + high)
        if fires(start, scratch, tables, during_pa, after_pa, middle, width_ms):
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)
