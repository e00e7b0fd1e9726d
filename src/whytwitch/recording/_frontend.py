"""From raw samples to the band in which potentials are sought: faults, power line, filters.

One function serves every use: long blocks of a file, the fifth of a second that a clinic watches
live, and the second around one potential that is measured afterwards. Filters have no phase, so
times stay where they are; a block carries a margin on both sides in which they settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._faults import Rails, find_faults, mend, widen
from whytwitch.recording._fourier import backward, fast_length, forward
from whytwitch.recording._mains import Mains, remove_mains
from whytwitch.recording._model import Samples
from whytwitch.recording._settings import Settings

SLOW_HZ: Final = (1.5, 12.0)
"""Band of movement: slower than any potential, faster than the drift of an electrode."""

SLOW_RATE_HZ: Final = 64.0


@dataclass(frozen=True)
class Cleaned:
    """One block in the band of potentials.

    Attributes:
        fast: (n_channels, n) at the working rate, zero where the signal is faulty.
        slow: the movement band, (n_channels, m) at about ``SLOW_RATE_HZ``.
        saturated, dropped: faulty samples at the working rate, (n_channels, n).
    """

    fast: Samples
    slow: Samples
    saturated: NDArray[np.bool_]
    dropped: NDArray[np.bool_]


@dataclass(frozen=True)
class Frontend:
    """How raw blocks of one recording are cleaned.

    Attributes:
        thinning: raw samples for each sample at the working rate.
        reach: raw samples of margin wanted on both sides of a block (a multiple of ``thinning``).
    """

    sampling_rate_hz: float
    settings: Settings
    rails: Rails
    mains: Mains | None
    thinning: int
    reach: int

    @property
    def rate_hz(self) -> float:
        """The working rate."""
        return self.sampling_rate_hz / self.thinning

    def clean(self, raw: Samples, *, workers: int = 1) -> Cleaned:
        """Clean a block, margins included.

        Args:
            raw: (n_channels, n), NaN where samples are missing.
            workers: threads of the Fourier transforms.

        Returns:
            As many samples as the working rate gives for ``n``, margins included.
        """
        saturated, dropped = find_faults(raw, self.rails)
        faulty = saturated | dropped
        whole = mend(raw, faulty)
        if self.mains is not None:
            whole = remove_mains(whole, self.sampling_rate_hz, self.mains)
        fast, slow = self._filter(whole, workers)
        n = fast.shape[1]
        if faulty.any():
            fast[_thin(widen(faulty, self.sampling_rate_hz), self.thinning, n)] = 0.0
        return Cleaned(fast, slow, _thin(saturated, self.thinning, n), _thin(dropped, self.thinning, n))

    def _filter(self, samples: Samples, workers: int) -> tuple[Samples, Samples]:
        n = samples.shape[1]
        kept = -(-n // self.thinning)
        # Beyond its ends the block goes on as its own mirror image, so that filters meet no step there.
        pad = min(n - 1, self.reach // self.thinning * self.thinning)
        size = fast_length(kept + 2 * (pad // self.thinning) + 1)
        full = size * self.thinning
        ends = np.empty((samples.shape[0], full), np.float32)
        ends[:, :pad] = 2.0 * samples[:, :1] - samples[:, pad:0:-1]
        ends[:, pad : pad + n] = samples
        ends[:, pad + n : 2 * pad + n] = 2.0 * samples[:, -1:] - samples[:, -2 : -pad - 2 : -1]
        last = 2 * pad + n
        ends[:, last:] = ends[:, last - 1 : last] + (ends[:, :1] - ends[:, last - 1 : last]) * np.linspace(
            0.0, 1.0, full - last, endpoint=False, dtype=np.float32
        )
        ends -= ends.mean(axis=1, keepdims=True)
        spectrum = forward(ends, workers=workers)
        band, slow_band, slow_size = _gains(
            full, size, self.sampling_rate_hz, self.settings.low_hz, self.settings.high_hz
        )
        slow = backward(spectrum[:, : len(slow_band)] * slow_band, slow_size, workers=workers)
        fast = backward(spectrum[:, : len(band)] * band, size, workers=workers)
        fast = fast[:, pad // self.thinning :][:, :kept]
        # Fourier transforms of different lengths scale differently.
        fast *= size / full
        slow *= slow_size / full
        first = round(slow_size * pad / full)
        return fast, slow[:, first : first + max(1, round(slow_size * n / full))]


@lru_cache(maxsize=64)
def _gains(
    full: int, size: int, rate_hz: float, low_hz: float, high_hz: float
) -> tuple[Samples, Samples, int]:
    """Gain of each frequency for both bands, and the length of a block in the slow one."""
    frequency = np.arange(size // 2 + 1) * rate_hz / full
    top = min(high_hz, 0.45 * rate_hz * size / full)
    slow_size = max(8, 2 * round(full * SLOW_RATE_HZ / rate_hz / 2))
    slow = _pass(frequency[: slow_size // 2], *SLOW_HZ)
    return _pass(frequency, low_hz, top), slow, slow_size


def _pass(frequency: NDArray[np.float64], low_hz: float, high_hz: float) -> Samples:
    """Butterworth magnitudes of fourth order, forward and backward."""
    with np.errstate(divide="ignore"):
        rise = 1.0 / (1.0 + (low_hz / np.maximum(frequency, 1e-9)) ** 8)
    return (rise / (1.0 + (frequency / high_hz) ** 8)).astype(np.float32)


def _thin(mask: NDArray[np.bool_], thinning: int, n: int) -> NDArray[np.bool_]:
    """A mask at the working rate: set where any of the samples behind it is set."""
    if thinning == 1:
        return mask[:, :n]
    if not mask.any():
        return np.zeros((mask.shape[0], n), bool)
    padded = np.pad(mask, ((0, 0), (0, n * thinning - mask.shape[1])))
    return np.any(padded.reshape(mask.shape[0], n, thinning), axis=2)


__all__ = ["SLOW_HZ", "SLOW_RATE_HZ", "Cleaned", "Frontend"]
