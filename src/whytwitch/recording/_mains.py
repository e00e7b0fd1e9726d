"""The power line: find its frequency and harmonics, and take them out.

A line is a handful of sinusoids whose amplitude drifts. In stretches of a second their cosines and
sines are fitted by least squares, all channels at once, and subtracted; stretches overlap by half
and are cross-faded. Nothing rings, unlike with narrow notch filters, and a potential of 20 ms loses
next to nothing, since a second of line is fitted with a few dozen numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._fourier import fast_length, forward, frequencies
from whytwitch.recording._model import Samples

STRETCH_S: Final = 1.0
TYPICAL_HZ: Final = (50.0, 60.0)
SEARCH_HZ: Final = 0.6
"""How far the line strays from its nominal frequency, at most."""
STANDS_OUT: Final = 6.0
"""Power of a line relative to its surroundings from which it is taken to be one."""


@dataclass(frozen=True)
class Mains:
    """A power line: its frequency, which harmonics are there, and their size in the signal."""

    frequency_hz: float
    harmonics: tuple[int, ...]
    amplitude: float
    """Median over channels of the fundamental's (or strongest harmonic's) amplitude."""


def find_mains(windows: list[Samples], sampling_rate_hz: float, told_hz: float | None = None) -> Mains | None:
    """Look for a power line.

    Args:
        windows: stretches of raw signal of at least a second, each (n_channels, n).
        sampling_rate_hz: of the stretches.
        told_hz: what the file says, searched first.
    """
    n = min((w.shape[1] for w in windows), default=0)
    if n < sampling_rate_hz:
        return None
    taper = np.hanning(n).astype(np.float32)
    size = fast_length(4 * n)
    power = np.mean(
        [np.median(np.abs(forward((w[:, :n] - w[:, :n].mean(1, keepdims=True)) * taper, size)) ** 2, axis=0)
         for w in windows], axis=0,
    )  # fmt: skip
    frequency = frequencies(size, sampling_rate_hz)
    best: tuple[float, float] | None = None
    for nominal in (told_hz,) if told_hz else TYPICAL_HZ:
        for harmonic in (1, 2, 3):
            center, height = _peak(frequency, power, nominal * harmonic, SEARCH_HZ * harmonic)
            if height > STANDS_OUT and (best is None or height > best[1]):
                best = center / harmonic, height
    if best is None:
        return None
    base = best[0]
    top = sampling_rate_hz / 2.0 - 2.0
    lines = [
        h
        for h in range(1, int(top / base) + 1)
        if h <= 40 and _peak(frequency, power, base * h, 0.5)[1] > STANDS_OUT
    ]
    if not lines:
        return None
    found = Mains(base, tuple(lines), 0.0)
    sizes = [_amplitude(w, sampling_rate_hz, found) for w in windows[:8]]
    return Mains(base, tuple(lines), float(np.median(sizes)))


def _peak(
    frequency: NDArray[np.float64], power: NDArray[np.float64], center: float, reach: float
) -> tuple[float, float]:
    """Highest power near a frequency: where, and how many times its surroundings."""
    near = np.abs(frequency - center) <= reach
    around = (np.abs(frequency - center) <= 8.0) & (np.abs(frequency - center) > reach + 2.0)
    if not near.any() or not around.any():
        return center, 0.0
    place = int(np.argmax(np.where(near, power, -np.inf)))
    return float(frequency[place]), float(power[place] / (np.median(power[around]) + 1e-30))


def remove_mains(samples: Samples, sampling_rate_hz: float, mains: Mains) -> Samples:
    """The signal without the line, same shape.

    Args:
        samples: raw signal, (n_channels, n).
        sampling_rate_hz: of the signal.
        mains: the line, from :func:`find_mains`.
    """
    n = samples.shape[1]
    length = round(STRETCH_S * sampling_rate_hz)
    if n < 2 * length:
        return samples - _fit(samples, n, sampling_rate_hz, mains)
    hop = length // 2
    fade = (np.hanning(2 * hop + 2)[1:-1] + 1e-3).astype(np.float32)
    line = np.zeros_like(samples)
    weight = np.zeros(n, np.float32)
    begins = [*range(0, n - 2 * hop, hop), n - 2 * hop]
    for begin in begins:
        piece = slice(begin, begin + 2 * hop)
        line[:, piece] += _fit(samples[:, piece], 2 * hop, sampling_rate_hz, mains) * fade
        weight[piece] += fade
    return (samples - line / weight).astype(np.float32, copy=False)


def _fit(samples: Samples, n: int, sampling_rate_hz: float, mains: Mains) -> Samples:
    waves, solve = _waves(n, sampling_rate_hz, round(mains.frequency_hz, 3), mains.harmonics)
    return ((samples @ solve) @ waves).astype(np.float32, copy=False)


@lru_cache(maxsize=64)
def _waves(
    n: int, sampling_rate_hz: float, base_hz: float, harmonics: tuple[int, ...]
) -> tuple[Samples, Samples]:
    """Cosines and sines (n_waves, n), with a linear drift of each, and their pseudo-inverse (n, n_waves)."""
    time = np.arange(n) / sampling_rate_hz
    drift = np.linspace(-1.0, 1.0, n)
    rows = [
        wave * shape
        for h in harmonics
        for wave in (np.cos(2 * np.pi * base_hz * h * time), np.sin(2 * np.pi * base_hz * h * time))
        for shape in (np.ones(n), drift)
    ]
    waves = np.array(rows)
    return waves.astype(np.float32), np.linalg.pinv(waves).astype(np.float32)


def _amplitude(samples: Samples, sampling_rate_hz: float, mains: Mains) -> float:
    line = _fit(samples, samples.shape[1], sampling_rate_hz, mains)
    return float(np.median(line.std(axis=1)) * np.sqrt(2.0))


__all__ = ["Mains", "find_mains", "remove_mains"]
