"""Voluntary drive: which units are recruited, how fast they fire, with tremor if wanted.

Fuglevand, Winter and Patla 1993 (doi 10.1152/jn.1993.70.6.2470): thresholds rise exponentially with size,
rates rise with the drive above the threshold from a lowest to a highest rate, intervals vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle._firing import Firing

Floats = NDArray[np.float64]

LOWEST_HZ: Final = 8.0
HIGHEST_HZ: Final = (35.0, 25.0)
"""Lowest rate, and highest of the first and the last unit recruited (Fuglevand et al. 1993)."""
GRID_S: Final = 0.005


@dataclass(frozen=True)
class Voluntary:
    """A contraction, or several.

    Attributes:
        times_s: corners of the course of effort, increasing.
        levels: effort at each, 0 to 1 of the greatest drive; 0 before the first and after the last.
        isi_cv: coefficient of variation of intervals (0.15 to 0.2 in steady human contractions).
        threshold_range: drive that recruits the last unit over that of the first (Fuglevand et al. 1993: 30).
        tremor_hz: groups the drive into bursts, 4 to 12 Hz; None for a steady one.
        tremor_depth: 0 steady to 1 silent between bursts.

    Raises:
        PhysiologyError: a value is out of range, or times do not increase.
    """

    times_s: tuple[float, ...]
    levels: tuple[float, ...]
    isi_cv: float = 0.18
    threshold_range: float = 30.0
    tremor_hz: float | None = None
    tremor_depth: float = 0.8

    def __post_init__(self) -> None:
        if len(self.times_s) != len(self.levels) or len(self.times_s) < 2:
            raise PhysiologyError("voluntary drive needs two or more times_s, with a level each")
        if any(b <= a for a, b in zip(self.times_s, self.times_s[1:], strict=False)):
            raise PhysiologyError("times_s of voluntary drive must increase")
        for level in self.levels:
            check_range("level of voluntary drive", level, 0, 1)
        check_range("first time of voluntary drive", self.times_s[0], 0, 1e6, "s")
        check_range("last time of voluntary drive", self.times_s[-1], 0, 1e6, "s")
        check_range("isi_cv", self.isi_cv, 0.01, 0.5)
        check_range("threshold_range", self.threshold_range, 1.5, 200)
        if self.tremor_hz is not None:
            check_range("tremor_hz", self.tremor_hz, 2, 15, "Hz")
        check_range("tremor_depth", self.tremor_depth, 0, 1)

    def stretches_s(self) -> Floats:
        """Where there is effort, (n, 2) start and stop."""
        level = np.array(self.levels)
        busy = (level[:-1] > 0) | (level[1:] > 0)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], busy.astype(int), [0]])))
        times = np.array(self.times_s)
        return np.stack([times[edges[::2]], times[edges[1::2]]], axis=1)


def contract(
    drive: Voluntary, size_rank: Floats, duration_s: float, rng: np.random.Generator
) -> list[Firing]:
    """Discharges of all units; size_rank (n_units,) from 0, the first recruited, to 1."""
    times = np.arange(0.0, duration_s + GRID_S, GRID_S)
    level = np.interp(times, drive.times_s, drive.levels, left=0.0, right=0.0)
    if drive.tremor_hz is not None:
        swing = np.maximum(0.0, np.sin(2 * np.pi * drive.tremor_hz * times + rng.uniform(0, 2 * np.pi)))
        level = level * (1 - drive.tremor_depth + drive.tremor_depth * swing)
    found: list[Firing] = []
    thresholds = drive.threshold_range**size_rank
    highest = HIGHEST_HZ[0] + (HIGHEST_HZ[1] - HIGHEST_HZ[0]) * size_rank
    greatest = drive.threshold_range + HIGHEST_HZ[1] - LOWEST_HZ
    for unit, (threshold, top) in enumerate(zip(thresholds, highest, strict=True)):
        above = level * greatest - threshold
        rate = np.where(above >= 0, np.minimum(LOWEST_HZ + above, top), 0.0)
        # In units of the expected interval, intervals are alike whatever the rate.
        passed = np.concatenate([[0.0], np.cumsum(rate[:-1]) * GRID_S])
        steps = np.maximum(0.3, 1 + drive.isi_cv * rng.normal(size=int(passed[-1] * 1.5) + 20))
        beats = rng.uniform(0, 1) + np.cumsum(steps)
        beats = beats[beats < passed[-1]]
        found += [Firing(unit, float(t), "soma", "voluntary") for t in np.interp(beats, passed, times)
                  if t < duration_s]  # fmt: skip
    return found
