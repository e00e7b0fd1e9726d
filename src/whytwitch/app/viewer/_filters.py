"""The signal filtered to be looked at. Detection and everything that is saved use it as it was recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._pyramid import Samples
from whytwitch.recording import Recording, Signal

if TYPE_CHECKING:
    from whytwitch.recording import Twitches

ORDER: Final = 2
MAINS_QUALITY: Final = 30.0
"""Center over width of the notch: 50 Hz is taken out 1.7 Hz wide."""

MARGIN_S: Final = 2.0
"""Read beyond both ends of a piece. The notch, the slowest, has then died down to 3e-5."""

HIGH_HZ: Final = 500.0
HIGHEST_SHARE: Final = 0.9
LOWEST_SHARE: Final = 0.5
"""Of half the sampling rate: above the one there is nothing to cut off, below the other something is left."""

PAD: Final = 100
"""Samples mirrored at the ends of a recording."""

MOST_VALUES: Final = 1 << 20
"""Filtered at once; scipy needs some ten times as many bytes for each."""


@dataclass(frozen=True)
class Band:
    """A filter that can be chosen.

    Attributes:
        key: in addresses.
        low_hz: what is slower goes.
        high_hz: what is faster goes; None: nothing does.
        mains_hz: of the notch; None: there is none.
    """

    key: str
    low_hz: float
    high_hz: float | None = None
    mains_hz: float | None = None

    @property
    def words(self) -> str:
        """What it is called."""
        said = say.BAND_OPEN if self.high_hz is None else say.BAND
        mains = "" if self.mains_hz is None else say.BAND_NO_MAINS.format(hz=self.mains_hz)
        return said.format(low=self.low_hz, high=self.high_hz) + mains


def bands(recording: Recording, twitches: Twitches | None) -> tuple[Band, ...]:
    """The filters that make sense for a recording; the notch where its mains are known."""
    half_hz = recording.sampling_rate_hz / 2.0
    top = HIGH_HZ if HIGHEST_SHARE * half_hz > HIGH_HZ else None
    mains = (twitches.quality.mains_hz if twitches else None) or recording.power_line_hz
    all_of_them = [Band("10", 10.0), Band("20", 20.0, top)]
    if mains and mains < HIGHEST_SHARE * half_hz:
        all_of_them.append(Band("20-mains", 20.0, top, mains))
    return tuple(band for band in all_of_them if band.low_hz < LOWEST_SHARE * half_hz)


class Filtered(Signal):
    """EMG channels of a recording, filtered forwards and back, so that nothing moves in time."""

    def __init__(self, recording: Recording, band: Band) -> None:
        self._recording = recording
        self._sections = sections(band, recording.sampling_rate_hz)
        self._margin = round(MARGIN_S * recording.sampling_rate_hz)
        self._emg = np.zeros(len(recording.channels), bool)
        self._emg[recording.emg] = True

    def read(self, start: int, stop: int, channels: NDArray[np.intp]) -> Samples:
        """See :meth:`Signal.read`; the same piece of a longer one differs by less than can be seen."""
        first = max(0, start - self._margin)
        last = min(self._recording.n_samples, stop + self._margin)
        out = np.empty((len(channels), stop - start), np.float32)
        at_once = max(1, MOST_VALUES // max(1, last - first))
        for row in range(0, len(channels), at_once):
            some = channels[row : row + at_once]
            samples = np.array(self._recording.read(first, last, some))
            emg = self._emg[some]
            if stop > start and emg.any():
                samples[emg] = _filtered(samples[emg], self._sections)
            out[row : row + at_once] = samples[:, start - first : stop - first]
        return out


def sections(band: Band, rate_hz: float) -> NDArray[np.float64]:
    """Second-order sections, (n, 6), to be run forwards and back: then 3 dB are lost at the edges named."""
    from scipy import signal

    # Each run loses 1.5 dB at an edge, which is moved for that; the bilinear transform bends frequencies.
    once = (math.sqrt(2.0) - 1.0) ** (1.0 / (2.0 * ORDER))

    def moved(edge_hz: float, factor: float) -> float:
        return rate_hz / math.pi * math.atan(factor * math.tan(math.pi * edge_hz / rate_hz))

    made: list[Any] = [signal.butter(ORDER, moved(band.low_hz, once), "highpass", fs=rate_hz, output="sos")]
    if band.high_hz is not None:
        made.append(signal.butter(ORDER, moved(band.high_hz, 1.0 / once), fs=rate_hz, output="sos"))
    if band.mains_hz is not None:
        made.append(signal.tf2sos(*signal.iirnotch(band.mains_hz, MAINS_QUALITY, fs=rate_hz)))
    return np.vstack(made)


def _filtered(samples: Samples, sections: NDArray[np.float64]) -> Samples:
    from scipy import signal

    gaps = ~np.isfinite(samples)
    for row in np.flatnonzero(gaps.any(axis=1)):
        # Bridged, so that the filter sees no step; what was not recorded stays a gap.
        known = np.flatnonzero(~gaps[row])
        whole = np.arange(samples.shape[1])
        samples[row] = np.interp(whole, known, samples[row, known]) if len(known) else 0.0
    pad = min(PAD, samples.shape[1] - 1)
    out = signal.sosfiltfilt(sections, samples, axis=1, padlen=pad).astype(np.float32)
    out[gaps] = np.nan
    return out


__all__ = ["Band", "Filtered", "bands", "sections"]
