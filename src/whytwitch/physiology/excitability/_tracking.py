"""The threshold-tracking traces, each walked once: a state is kept at each delay and tested from there."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.axon import ABOVE_ALL, LONG, SHORT, SPIKE_MV, Tables, advance, threshold

Floats = NDArray[np.float64]

TEST_MS = 1.0
ON_MS = 10.0
OFF_MS = 110.0
CURRENT_MS = 200.0
"""How long the current of the current–threshold relation flows before the test."""
_CLOSE_MS = 1e-9
_FINE_MS = 5.0
"""After a spike, the short step is kept for so long."""


@njit(cache=True, nogil=True, error_model="numpy")
def electrotonus(
    rest: Floats, tables: Tables, unit_pa: float, fraction: float, delays_ms: Floats, tolerance: float
) -> Floats:
    """Thresholds in pA at the delays of threshold electrotonus; ``rest`` is not changed.

    ``ABOVE_ALL`` from where the conditioning current fires the axon.
    """
    state = rest.copy()
    current = fraction * unit_pa
    guess = unit_pa
    now = 0.0
    fired = False
    out = np.empty(delays_ms.shape[0])
    for k in range(delays_ms.shape[0]):
        delay = delays_ms[k]
        while now < delay - _CLOSE_MS:
            edge = delay
            if now < ON_MS - _CLOSE_MS and edge > ON_MS:
                edge = ON_MS
            elif now < OFF_MS - _CLOSE_MS and edge > OFF_MS:
                edge = OFF_MS
            flowing = ON_MS - _CLOSE_MS <= now < OFF_MS - _CLOSE_MS
            steps = round((edge - now) / tables.steps_ms[LONG])
            if advance(state, tables, LONG, steps, current if flowing else 0.0) > SPIKE_MV:
                fired = True
            now = edge
        if fired:
            # The conditioning current itself has fired the axon: what follows would be its recovery.
            out[k] = ABOVE_ALL
            continue
        during = current if ON_MS - _CLOSE_MS <= delay < OFF_MS - _CLOSE_MS else 0.0
        after = current if ON_MS - _CLOSE_MS <= delay + TEST_MS < OFF_MS - _CLOSE_MS else 0.0
        out[k] = threshold(state, tables, during, after, TEST_MS, guess, tolerance)
        if abs(out[k]) < 1e8:
            guess = out[k]
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def recovery(
    rest: Floats, tables: Tables, unit_pa: float, conditioning: float, delays_ms: Floats, tolerance: float
) -> Floats:
    """Thresholds in pA at intervals after a conditioning stimulus; ``rest`` is not changed."""
    state = rest.copy()
    advance(state, tables, SHORT, round(TEST_MS / tables.steps_ms[SHORT]), conditioning * unit_pa)
    now = TEST_MS
    guess = 1.5 * unit_pa
    out = np.empty(delays_ms.shape[0])
    for k in range(delays_ms.shape[0]):
        delay = delays_ms[k]
        if now < _FINE_MS:
            edge = min(delay, _FINE_MS)
            advance(state, tables, SHORT, round((edge - now) / tables.steps_ms[SHORT]), 0.0)
            now = edge
        if now < delay - _CLOSE_MS:
            advance(state, tables, LONG, round((delay - now) / tables.steps_ms[LONG]), 0.0)
            now = delay
        out[k] = threshold(state, tables, 0.0, 0.0, TEST_MS, guess, tolerance)
        if abs(out[k]) < 1e8:
            guess = out[k]
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def current_threshold(
    rest: Floats, tables: Tables, unit_pa: float, percents: Floats, tolerance: float
) -> Floats:
    """Thresholds in pA at the end of long currents, in percent of threshold; ``rest`` is not changed."""
    out = np.empty(percents.shape[0])
    guess = 3.0 * unit_pa
    for k in range(percents.shape[0]):
        state = rest.copy()
        current = percents[k] / 100.0 * unit_pa
        if advance(state, tables, LONG, round(CURRENT_MS / tables.steps_ms[LONG]), current) > SPIKE_MV:
            out[k] = ABOVE_ALL
            continue
        out[k] = threshold(state, tables, current, 0.0, TEST_MS, guess, tolerance)
        if abs(out[k]) < 1e8:
            guess = out[k]
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def widths(rest: Floats, tables: Tables, unit_pa: float, widths_ms: Floats, tolerance: float) -> Floats:
    """Thresholds in pA of stimuli of several widths."""
    out = np.empty(widths_ms.shape[0])
    guess = 2.0 * unit_pa
    for k in range(widths_ms.shape[0]):
        out[k] = threshold(rest, tables, 0.0, 0.0, widths_ms[k], guess, tolerance)
        if abs(out[k]) < 1e8:
            guess = out[k]
    return out
