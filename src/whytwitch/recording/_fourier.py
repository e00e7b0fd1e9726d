"""Fourier transforms of real signals in single precision, on a few threads, with plain types."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import fft as _scipy_fft

from whytwitch.recording._model import Samples

# The stubs of scipy.fft describe its dispatch and not its results.
_fft = cast("Any", _scipy_fft)

Spectrum = NDArray[np.complexfloating]


def fast_length(n: int) -> int:
    """The next length that transforms quickly."""
    return int(_fft.next_fast_len(int(n), real=True))


def forward(x: NDArray[np.floating], n: int | None = None, *, workers: int = 1) -> Spectrum:
    """Spectrum along the last axis, zero-padded or cut to ``n`` samples; single precision stays single."""
    return _fft.rfft(x, n, axis=-1, workers=workers)


def backward(spectrum: Spectrum | NDArray[np.floating], n: int, *, workers: int = 1) -> Samples:
    """The ``n`` samples whose spectrum is given, along the last axis."""
    return _fft.irfft(spectrum, n, axis=-1, workers=workers)


def frequencies(n: int, rate_hz: float) -> NDArray[np.float64]:
    """Frequency of each column of a spectrum of ``n`` samples, Hz."""
    return np.arange(n // 2 + 1, dtype=np.float64) * (rate_hz / n)


__all__ = ["backward", "fast_length", "forward", "frequencies"]
