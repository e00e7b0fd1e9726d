"""Where something stands out of the noise: energy over components and a few milliseconds."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from whytwitch.recording._model import Samples

QUIETEST: Final = 0.35
"""Share of a stretch that is assumed to be noise when its level is estimated."""


RISES: Final = 1.6
"""How far the noise may rise above that of the quiet stretches before it counts as activity."""


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


def height(root: Samples, reference: tuple[float, float]) -> Samples:
    """Height above the noise, in its standard deviations, (n,).

    Args:
        root: from :func:`energy`.
        reference: noise level and spread in quiet stretches of the recording. A stretch that is
            much above them is active throughout, and its own level says nothing of the noise.
    """
    middle, spread = noise_level(root)
    middle = min(middle, RISES * reference[0])
    spread = float(np.clip(spread, 0.5 * reference[1], RISES * reference[1]))
    return ((root - middle) / spread).astype(np.float32)


def peaks(level: Samples, least: float, apart: int) -> NDArray[np.intp]:
    """Samples that are the highest within ``apart`` on both sides and at least ``least``."""
    highest = maximum_filter1d(level, 2 * apart + 1, mode="nearest")
    found = np.flatnonzero((level == highest) & (level >= least))
    if len(found) < 2:
        return found
    # Plateaus: of equal neighbors, keep the first.
    return found[np.concatenate(([True], np.diff(found) > apart))]


__all__ = ["energy", "height", "noise_level", "peaks"]
