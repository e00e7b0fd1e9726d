"""How an axon's threshold recovers after one impulse, and what that does to the chance of another."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range

Floats = NDArray[np.float64]

THRESHOLD_NOISE_PERCENT: Final = 10.0
"""A fall of the threshold by this much multiplies the chance of an impulse by e (judgment)."""


@dataclass(frozen=True)
class RecoveryCycle:
    """Change of threshold after an impulse, by interval.

    Attributes:
        interval_ms: increasing. Before the first, no second impulse is possible.
        threshold_change_percent: negative where a second impulse is easier (superexcitable).

    Raises:
        PhysiologyError: fewer than two points, not increasing, or a value out of range.
    """

    interval_ms: tuple[float, ...]
    threshold_change_percent: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.interval_ms) != len(self.threshold_change_percent) or len(self.interval_ms) < 2:
            raise PhysiologyError(
                "a recovery cycle needs two or more intervals, with a threshold change each"
            )
        if any(b <= a for a, b in zip(self.interval_ms, self.interval_ms[1:], strict=False)):
            raise PhysiologyError("interval_ms of a recovery cycle must increase")
        for value in self.interval_ms:
            check_range("interval_ms of the recovery cycle", value, 0.5, 1000, "ms")
        for value in self.threshold_change_percent:
            check_range("threshold_change_percent", value, -90, 1000, "%")

    @staticmethod
    @lru_cache(maxsize=1)
    def normal() -> RecoveryCycle:
        """Mean of human median motor axons (280 people; see ``data/README.md``)."""
        text = (files("whytwitch.physiology.muscle") / "data/recovery_cycle.csv").read_text("utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        return RecoveryCycle(
            tuple(float(row["interval_ms"]) for row in rows),
            tuple(float(row["threshold_change_percent_mean"]) for row in rows),
        )

    def chance(self, after_ms: Floats) -> Floats:
        """Relative chance of an impulse so long after the last: 0 while refractory, 1 when recovered."""
        change = np.interp(after_ms, self.interval_ms, self.threshold_change_percent, right=0.0)
        return np.where(after_ms < self.interval_ms[0], 0.0, np.exp(-change / THRESHOLD_NOISE_PERCENT))
