"""The end of a stream that is still at hand, read like a recording."""

from __future__ import annotations

from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, Electrode, Recording, Samples, Signal


@final
class Tail(Signal):
    """The last samples of all channels; what has gone by reads as missing.

    Attributes:
        stop: samples so far.
    """

    def __init__(self, n_channels: int, capacity: int) -> None:
        self.stop = 0
        self._kept = capacity
        self._data = np.empty((n_channels, 2 * capacity), np.float32)
        self._filled = 0

    def append(self, samples: Samples) -> None:
        """Put samples at the end, (n_channels, n), ``n`` at most the capacity."""
        n = samples.shape[1]
        if self._filled + n > self._data.shape[1]:
            keep = min(self._kept, self._filled)
            self._data[:, :keep] = self._data[:, self._filled - keep : self._filled].copy()
            self._filled = keep
        self._data[:, self._filled : self._filled + n] = samples
        self._filled += n
        self.stop += n

    def read(self, start: int, stop: int, channels: NDArray[np.intp]) -> Samples:
        """See :meth:`Signal.read`."""
        first = self.stop - self._filled
        out = np.full((len(channels), stop - start), np.nan, np.float32)
        begin = max(start, first)
        if stop > begin:
            out[:, begin - start :] = self._data[channels, begin - first : stop - first]
        return out


def as_recording(
    signal: Signal, n_samples: int, channels: tuple[Channel, ...], rate_hz: float, electrode: Electrode | None
) -> Recording:
    """A stream, or a piece of one, as a recording."""
    return Recording("the stream", "stream", rate_hz, n_samples, channels, signal, electrode=electrode)


def grown(recording: Recording, n_samples: int) -> Recording:
    """The same stream with more samples."""
    return replace(recording, n_samples=n_samples)


__all__ = ["Tail", "as_recording", "grown"]
