"""Add the discharges of motor units to a signal."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology.muscle._potentials import PHASES, Parts, starts_ms, whole
from whytwitch.physiology.muscle._units import UnitPlan

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

AT_ONCE: Final = 512
"""Discharges whose jitter is drawn at once."""


def add_unit(
    out: Singles, parts: Parts, unit: UnitPlan, onset_s: Floats, distal: NDArray[np.bool_], rate_hz: float,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Add all discharges of one unit to samples (n_channels, n_samples) from time 0."""
    steady = not parts.jitter_ms.any() and not parts.block.any()
    for far in (False, True):
        times = onset_s[distal == far]
        if not len(times):
            continue
        begins = starts_ms(parts, unit, distal=far)
        if steady:
            wave = whole(parts, begins, rate_hz)[None]
            _add(out, wave, times[:, None] * rate_hz, np.ones((len(times), 1), np.bool_))
            continue
        for k in range(0, len(times), AT_ONCE):
            some = times[k : k + AT_ONCE]
            shape = (len(some), len(begins))
            starts = some[:, None] + 1e-3 * (begins + parts.jitter_ms * rng.standard_normal(shape))
            there = rng.random(shape) >= _failing(parts, rng, len(some))
            _add(out, parts.waves, starts * rate_hz, there)


def _failing(parts: Parts, rng: np.random.Generator, n: int) -> Floats:
    """Sprouts fail as a whole: 1 for every part whose sprout fails in a discharge, else 0."""
    labels = np.unique(parts.branch)
    chance = np.array([parts.block[parts.branch == b].max() for b in labels])
    fails = rng.random((n, len(labels))) < chance
    return fails[:, np.searchsorted(labels, parts.branch)].astype(float)


@njit(cache=True, nogil=True, error_model="numpy")
def _add(out: Singles, waves: Singles, starts: Floats, there: NDArray[np.bool_]) -> None:
    """Waves (n_parts, n_channels, PHASES, n_times) at starts (n_discharges, n_parts), in samples."""
    n_channels, n_samples = out.shape
    n_times = waves.shape[3]
    for d in range(starts.shape[0]):
        for p in range(starts.shape[1]):
            if not there[d, p]:
                continue
            first = int(np.ceil(starts[d, p]))
            phase = int(np.rint((first - starts[d, p]) * PHASES))
            if phase == PHASES:
                first, phase = first - 1, 0
            low, high = max(first, 0), min(first + n_times, n_samples)
            for c in range(n_channels):
                wave = waves[p, c, phase]
                row = out[c]
                for i in range(low, high):
                    row[i] += wave[i - first]
