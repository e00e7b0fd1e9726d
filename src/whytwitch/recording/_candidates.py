"""Where something stands out of the noise: energy over components and a few milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from whytwitch.recording._model import Samples

QUIETEST: Final = 0.35
"""Share of a stretch that is assumed to be noise when its level is estimated."""

TICK_S: Final = 0.010
"""Step in which activity is followed."""

ACTIVE: Final = 3.0
"""Height of energy from which a tick counts as active."""

MOST_ACTIVE: Final = 4.5
"""The most that spiky noise may raise it to; beyond, what looks like spiky noise is a muscle."""

RISES: Final = 1.6
"""How far the noise may rise above that of the quiet stretches before it counts as activity."""

NOISE_RISES: Final = 8.0
"""The same where what rises sounds like the noise."""

SOUNDS_ALIKE: Final = 0.88
"""Mobility, relative to that of quiet stretches, from which a rise may be noise (from made-up rest and
contractions, where it is 0.95 to 1.05 and 0.3 to 0.8)."""

EVEN: Final = 1.5
"""Spread over level of the root of energy, relative to that of quiet stretches, up to which a rise may be
noise: of noise that rises, both rise alike."""

QUIET_S: Final = 0.5
QUIET_SHARE: Final = 0.15
"""Of pieces so long, the share with the lowest level is taken for rest; a recording may be mostly effort."""

FOLLOW_S: Final = 1.0
"""Step in which the noise is followed."""


def energy(components: Samples, rate_hz: float, smooth_s: float) -> Samples:
    """Root of the energy in a short window around each sample, (n,).

    The root makes noise of a few degrees of freedom nearly Gaussian.
    """
    power = (components * components).sum(axis=0)
    length = max(3, round(smooth_s * rate_hz) | 1)
    kernel = np.hanning(length + 2)[1:-1].astype(np.float32)
    return np.sqrt(np.maximum(np.convolve(power, kernel / kernel.sum(), mode="same"), 0.0))


def noise_level(root: Samples) -> tuple[float, float]:
    """Middle and standard deviation of the noise in a stretch.

    They are read off the quieter part, which holds even where most of the stretch is active: of a
    Gaussian, the 10 % and 35 % quantiles lie 1.28 and 0.39 deviations below the middle.
    """
    seen = root[root > 0]
    if not len(seen):
        return 1.0, 1.0
    tenth, third = (float(q) for q in np.quantile(seen, (0.10, QUIETEST)))
    spread = max((third - tenth) / (1.2816 - 0.3853), 0.005 * third, 1e-9)
    return third + 0.3853 * spread, spread


@dataclass(frozen=True)
class Reference:
    """The noise of the quiet stretches.

    Attributes:
        middle, spread: of the root of energy.
        mobility: rms of the components' slope over their own rms; near that of white noise.
        active: height from which a tick is active; more where the noise itself is spiky.
    """

    middle: float
    spread: float
    mobility: float
    active: float = ACTIVE


def mobility(components: Samples) -> float:
    """Rms of the slope of components over their own rms, in their quieter tenths of a stretch."""
    n = components.shape[1]
    length = max(8, n // 40)
    edges = np.arange(0, n - length + 1, length)
    slope = np.diff(components, axis=1, append=components[:, -1:])
    power = np.add.reduceat((components**2).sum(axis=0), edges)
    change = np.add.reduceat((slope**2).sum(axis=0), edges)
    quiet = power <= np.median(power)
    return float(np.sqrt(change[quiet].sum() / max(float(power[quiet].sum()), 1e-12)))


def reference_of(windows: list[Samples], rate_hz: float, smooth_s: float) -> Reference:
    """The noise in the quieter ones of some stretches of components."""
    length = max(16, round(QUIET_S * rate_hz))
    pieces = [
        w[:, a : a + length] for w in windows for a in range(0, max(1, w.shape[1] - length + 1), length)
    ]
    # Before an amplifier is switched on there is no noise to learn from.
    pieces = [p for p in pieces if np.count_nonzero(p[0]) > 0.5 * p.shape[1]] or pieces
    levels = np.array([noise_level(energy(p, rate_hz, smooth_s)) for p in pieces])
    quiet = np.argsort(levels[:, 0], kind="stable")[: max(1, round(QUIET_SHARE * len(pieces)))]
    middle, spread = np.median(levels[quiet], axis=0)
    heard = [mobility(pieces[number]) for number in quiet]
    plain = Reference(float(middle), float(spread), float(np.median(heard)))
    tick = max(1, round(TICK_S * rate_hz))
    typical: list[float] = []
    for number in quiet:
        high = height(pieces[number], rate_hz, smooth_s, plain)
        if len(high) >= tick:
            typical.append(float(np.median(high[: len(high) // tick * tick].reshape(-1, tick).max(axis=1))))
    return replace(plain, active=float(np.clip(2.0 * np.median(typical or [0.0]), ACTIVE, MOST_ACTIVE)))


def height(components: Samples, rate_hz: float, smooth_s: float, reference: Reference) -> Samples:
    """Height of energy above the noise, in its standard deviations, (n,).

    The noise is followed second by second. Where it is much above that of the quiet stretches, it is
    believed only if it sounds like them and is as even: a muscle that contracts hums lower than an
    electrode, and it crackles.
    """
    root = energy(components, rate_hz, smooth_s)
    n = len(root)
    length = max(16, round(FOLLOW_S * rate_hz))
    begins = np.arange(0, max(1, n - length // 2), length)
    levels = np.empty((len(begins), 2))
    for place, begin in enumerate(begins):
        end = n if place == len(begins) - 1 else begin + length
        middle, spread = noise_level(root[begin:end])
        even = spread / middle <= EVEN * reference.spread / reference.middle
        alike = even and mobility(components[:, begin:end]) >= SOUNDS_ALIKE * reference.mobility
        most = NOISE_RISES if alike else RISES
        levels[place] = (
            min(middle, most * reference.middle),
            np.clip(spread, 0.5 * reference.spread, most * reference.spread),
        )
    centers = begins + length / 2.0
    at = np.arange(n)
    middles, spreads = (np.interp(at, centers, levels[:, i]) for i in (0, 1))
    return ((root - middles) / spreads).astype(np.float32)


def peaks(level: Samples, least: float, apart: int) -> NDArray[np.intp]:
    """Samples that are the highest within ``apart`` on both sides and at least ``least``."""
    highest = maximum_filter1d(level, 2 * apart + 1, mode="nearest")
    found = np.flatnonzero((level == highest) & (level >= least))
    if len(found) < 2:
        return found
    # Plateaus: of equal neighbors, keep the first.
    return found[np.concatenate(([True], np.diff(found) > apart))]


__all__ = ["TICK_S", "Reference", "energy", "height", "peaks", "reference_of"]
