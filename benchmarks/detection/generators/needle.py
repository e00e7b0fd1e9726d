"""Potentials at the tip of a concentric needle.

Each muscle fiber within reach adds the field of a core conductor in a volume: the divergence of its
axial current, weighted by 1/distance for the core (a small ellipse, taken as a point with a blunt
radius) less the same for the cannula (an average over its shaft). Near fibers are sharp and keep their own
jitter; far ones are a low hum that adds up to the slow parts of the potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

CORE_MM = 0.12  # blunt radius: 0.07 mm² bevel
CANNULA_MM = np.linspace(0.6, 7.0, 8)  # distances along the shaft


@dataclass(frozen=True)
class NeedleUnit:
    """Geometry in mm, times in ms."""

    distance_mm: float  # from the needle to the center of the territory
    radius_mm: float
    fibers: int
    spread_ms: float  # scatter of arrival
    nearest_mm: float
    velocity: float = 3.7
    split: int = 3  # so many near fibers are rendered apart, for jitter and blocking
    jitter_ms: float = 0.02
    blocking: float = 0.0
    satellite_ms: float = 0.0

    @staticmethod
    def draw(
        rng: np.random.Generator, *, complex_: bool = False, far: float = 0.0, big: float = 1.0
    ) -> NeedleUnit:
        """A plausible unit; ``far`` is the probability that it is a distant one."""
        is_far = rng.random() < far
        return NeedleUnit(
            distance_mm=rng.uniform(3, 7) if is_far else rng.uniform(0, 3),
            radius_mm=rng.uniform(2, 4.5) * big,
            fibers=int(rng.integers(40, 120) * big),
            spread_ms=rng.uniform(1.8, 4.0) if complex_ else rng.uniform(0.4, 1.3),
            nearest_mm=rng.uniform(0.7, 2.0) if is_far else rng.uniform(0.12, 0.7),
            velocity=rng.uniform(2.8, 4.6),
            split=5 if complex_ else 3,
            jitter_ms=rng.uniform(0.08, 0.3) if complex_ else rng.uniform(0.01, 0.04),
            blocking=rng.uniform(0.05, 0.25) if complex_ else 0.0,
            satellite_ms=rng.uniform(8, 20) if complex_ and rng.random() < 0.4 else 0.0,
        )

    def render(self, rng: np.random.Generator, rate: float) -> NDArray[np.float64]:
        """(1 + split, n_times); the first part holds all that does not jitter."""
        n = int((0.030 + self.satellite_ms / 1000) * rate)
        t = (np.arange(n) / rate - 0.009) * 1000
        r = self.radius_mm * np.sqrt(rng.random(self.fibers))
        a = rng.uniform(0, 2 * np.pi, self.fibers)
        gap = np.hypot(self.distance_mm + r * np.cos(a), r * np.sin(a))
        gap = np.maximum(np.sort(gap), self.nearest_mm * np.linspace(1.0, 1.6, self.fibers))
        late = rng.normal(0, self.spread_ms, self.fibers)
        late[: self.split + 1] *= 0.7
        if self.satellite_ms:
            late[self.split] = self.satellite_ms
        parts = np.zeros((1 + self.split, n))
        for k in range(self.fibers):
            v = self.velocity * rng.normal(1, 0.08)
            own = fiber(t - late[k], v, gap[k]) * np.exp(rng.normal(0, 0.2))
            parts[k if 1 <= k <= self.split else 0] += own
        window = np.ones(n)
        edge = n // 10
        window[:edge] = np.linspace(0, 1, edge)
        window[-edge:] = window[:edge][::-1]
        return parts * window


_GAPS = np.geomspace(0.05, 12.0, 28)
_STEP = 0.05  # mm of travel between columns of the table


@cache
def _travel_table() -> NDArray[np.float64]:
    """Potential by (gap, mm traveled past the needle). It starts at an end-plate before the needle and
    runs both ways along a long fiber.
    """
    zone = 18.0
    z = np.arange(-zone - 45.0, 45.0, 0.1)
    gaps = _GAPS[:, None]
    core = 1 / np.sqrt(z**2 + 4.0 * (gaps + CORE_MM) ** 2)
    shaft = np.mean([1 / np.sqrt(z**2 + 4.0 * (gaps**2 + c**2)) for c in CANNULA_MM], axis=0)
    travel = np.arange(-30.0, 42.0, _STEP)
    behind = np.clip(travel[:, None] + zone - np.abs(z + zone)[None, :], 0, 60)
    depolarized = behind**2 * np.exp(-behind / 0.75) / (1 + 0.02 * behind**2)
    axial = np.diff(depolarized, axis=1)
    membrane = np.diff(axial, axis=1, prepend=0, append=0)
    return (core - shaft) @ membrane.T


def fiber(t: NDArray, v: float, gap_mm: float) -> NDArray[np.float64]:
    """One fiber at ``gap_mm``, the action potential passing at t = 0 (ms)."""
    table = _travel_table()
    row = np.interp(np.log(gap_mm), np.log(_GAPS), np.arange(len(_GAPS)))
    low = min(int(row), len(_GAPS) - 2)
    wave = (1 - (row - low)) * table[low] + (row - low) * table[low + 1]
    return np.interp(v * t, -30.0 + _STEP * np.arange(len(wave)), wave, left=0.0, right=0.0)


def fibrillation(
    rng: np.random.Generator, rate: float, *, positive_wave: bool = False
) -> NDArray[np.float64]:
    """One fiber alone: a spike of 1 to 3 ms, positive first; or a positive sharp wave. (1, n_times)."""
    n = int(0.040 * rate)
    t = (np.arange(n) / rate - 0.008) * 1000
    if positive_wave:
        fall, rise = rng.uniform(0.15, 0.35), rng.uniform(0.5, 1.2)
        x = -np.where(t > 0, (1 - np.exp(-t / fall)) * np.exp(-t / rise), 0.0)
        x += np.where(t > 0, 0.16 * (t / 5.0) * np.exp(1 - t / rng.uniform(3.0, 6.0)), 0.0)
    else:
        w = rng.uniform(0.22, 0.5)
        s = t / w
        x = -0.35 * np.exp(-((s + 1.6) ** 2)) + np.exp(-(s**2)) - 0.5 * np.exp(-(((s - 2.0) / 1.4) ** 2))
    ramp = np.clip((0.040 - np.arange(n) / rate) / 0.008, 0, 1)
    return (x * ramp)[None]
