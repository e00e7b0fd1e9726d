"""Measure a potential: size, duration, phases, turns, area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Samples

COUNTS: Final = 0.06
"""Share of the peak-to-peak amplitude that a deflection must exceed to count."""

COUNTS_NOISE: Final = 3.0
"""The same in standard deviations of the noise."""


@dataclass(frozen=True)
class Shape:
    """One potential on one channel.

    Attributes:
        peak: sample of the largest deflection.
        amplitude: peak to peak.
        duration_ms: from the first to the last deflection that counts.
        phases: stretches on one side of the baseline that count.
        turns: changes of direction that count.
        area: of the rectified potential over its duration, amplitude times ms.
    """

    peak: int
    amplitude: float
    duration_ms: float
    phases: int
    turns: int
    area: float


def measure_shape(wave: Samples, rate_hz: float, noise: float) -> Shape:
    """Measure a potential.

    Args:
        wave: one channel around the potential, baseline near zero, (n,).
        rate_hz: of the wave.
        noise: rms of the background.
    """
    amplitude = float(np.ptp(wave))
    least = max(COUNTS * amplitude, COUNTS_NOISE * noise)
    over = np.flatnonzero(np.abs(wave) > least)
    peak = int(np.abs(wave).argmax())
    if not len(over):
        return Shape(peak, amplitude, 0.0, 0, 0, 0.0)
    first, last = _bounds(over, peak, max(1, round(0.010 * rate_hz)))
    part = wave[first : last + 1]
    step_ms = 1000.0 / rate_hz
    return Shape(
        peak=peak,
        amplitude=amplitude,
        duration_ms=(last - first + 1) * step_ms,
        phases=_phases(part, least),
        turns=_turns(part, least),
        area=float(np.abs(part).sum() * step_ms),
    )


def _bounds(over: NDArray[np.intp], peak: int, gap: int) -> tuple[int, int]:
    """First and last sample of the group of deflections around the peak, gaps of 10 ms bridged."""
    place = int(np.searchsorted(over, peak))
    cuts = np.flatnonzero(np.diff(over) > gap)
    begin = cuts[cuts < place]
    end = cuts[cuts >= place]
    return int(over[begin[-1] + 1 if len(begin) else 0]), int(over[end[0] if len(end) else -1])


def _phases(part: Samples, least: float) -> int:
    signs = np.sign(part[np.abs(part) > least])
    return int((np.diff(signs) != 0).sum()) + 1 if len(signs) else 0


def _turns(part: Samples, least: float) -> int:
    """Extremes that differ from the one before by more than ``least``."""
    turns, extreme, rising = 0, float(part[0]), 0
    for value in part.tolist():
        if rising >= 0 and value < extreme - least:
            turns, extreme, rising = turns + (rising != 0), value, -1
        elif rising <= 0 and value > extreme + least:
            turns, extreme, rising = turns + (rising != 0), value, 1
        elif (rising > 0 and value > extreme) or (rising < 0 and value < extreme) or rising == 0:
            extreme = value if rising else extreme
    return turns


__all__ = ["Shape", "measure_shape"]
