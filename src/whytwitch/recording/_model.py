"""What a measured signal is: channels, what is known of them, and samples read on demand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Final, Literal, final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
ChannelKind = Literal["emg", "ecg", "accelerometer", "trigger", "other"]
Electrode = Literal["surface", "needle"]

LONGEST_READ: Final = 1 << 28
"""Most values (channels times samples) handed out by one read: 1 GiB of float32."""


class RecordingError(ValueError):
    """A recording cannot be read or used; the message names what, where and how to mend it."""


@dataclass(frozen=True)
class Channel:
    """One signal.

    Attributes:
        kind: only ``emg`` channels are searched for potentials.
        calibrated: whether samples are in µV; otherwise they are the numbers in the file.
        position_mm: (x, y) on its grid or skin, where known.
        group: the grid or array it belongs to.
        muscle: the muscle recorded from, as the file calls it.
        low, high: the limits of the recorder in the channel's unit, where known (for saturation).
    """

    name: str
    kind: ChannelKind = "emg"
    calibrated: bool = True
    position_mm: tuple[float, float] | None = None
    group: str = ""
    muscle: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Annotation:
    """A mark in the file: a comment, a trigger, an event of a decomposition."""

    onset_s: float
    duration_s: float
    text: str


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with, or unsaid by, a file that can be read all the same."""

    what: str
    """One sentence: what is wrong and what follows from it."""
    remedy: str = ""
    where: str = ""


class Signal(ABC):
    """Where samples come from. Implementations hold a map of a file, never the whole of it."""

    @abstractmethod
    def read(self, start: int, stop: int, channels: NDArray[np.intp]) -> Samples:
        """Samples ``start`` to ``stop`` of some channels, (n_channels, stop - start), in µV where
        calibrated. The caller has checked the bounds.
        """


@final
@dataclass(frozen=True)
class Recording:
    """A measured (or simulated) signal, read in pieces.

    Attributes:
        name: what to call it, usually the file's name.
        format: the format it was read from, such as ``EDF+``.
        sampling_rate_hz: of every channel.
        n_samples: of every channel.
        sha256: of the bytes it was read from; empty where there is no file.
        electrode: surface or needle, where known.
        power_line_hz: 50 or 60, where the file says so.
    """

    name: str
    format: str
    sampling_rate_hz: float
    n_samples: int
    channels: tuple[Channel, ...]
    signal: Signal = field(repr=False)
    sha256: str = ""
    electrode: Electrode | None = None
    reference: str = ""
    power_line_hz: float | None = None
    task: str = ""
    start: str = ""
    """When it began, ISO 8601, where known. Never a person's name or birthday."""
    annotations: tuple[Annotation, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no recording can be.

        Raises:
            RecordingError: names the field.
        """
        if not np.isfinite(self.sampling_rate_hz) or not 1.0 <= self.sampling_rate_hz <= 1e6:
            raise RecordingError(
                f"{self.name}: a sampling rate of {self.sampling_rate_hz:g} Hz is impossible; "
                "correct the header or give the rate"
            )
        if self.n_samples < 1:
            raise RecordingError(f"{self.name}: holds no samples; check that the file is complete")
        if not self.channels:
            raise RecordingError(f"{self.name}: holds no channels; check that the file is complete")

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.sampling_rate_hz

    @property
    def emg(self) -> NDArray[np.intp]:
        """Indices of the EMG channels."""
        return np.array([i for i, c in enumerate(self.channels) if c.kind == "emg"], dtype=np.intp)

    def read(
        self, start: int = 0, stop: int | None = None, channels: NDArray[np.intp] | None = None
    ) -> Samples:
        """A stretch of samples.

        Args:
            start: first sample.
            stop: one past the last. Default: the end.
            channels: indices of channels. Default: all.

        Returns:
            float32 of shape (n_channels, stop - start), in µV where the channel is calibrated.

        Raises:
            RecordingError: outside the recording, or more than fits in memory at once.
        """
        stop = self.n_samples if stop is None else stop
        wanted = np.arange(len(self.channels)) if channels is None else np.asarray(channels, dtype=np.intp)
        if not 0 <= start <= stop <= self.n_samples:
            raise RecordingError(f"{self.name}: samples {start} to {stop} lie outside 0 to {self.n_samples}")
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self.channels)):
            raise RecordingError(f"{self.name}: there are {len(self.channels)} channels, from 0")
        if wanted.size * (stop - start) > LONGEST_READ:
            raise RecordingError(f"{self.name}: {stop - start} samples are too many at once; read in pieces")
        return self.signal.read(start, stop, wanted)


@final
class ArraySignal(Signal):
    """Samples that are in memory (or memory-mapped) as one array of (n_channels, n_samples)."""

    def __init__(self, samples: NDArray[np.generic], gain: NDArray[np.floating] | float = 1.0) -> None:
        self._samples = samples
        self._gain = np.broadcast_to(np.asarray(gain, dtype=np.float32), samples.shape[:1])

    def read(self, start: int, stop: int, channels: NDArray[np.intp]) -> Samples:
        """See :meth:`Signal.read`."""
        piece = np.asarray(self._samples[channels, start:stop], dtype=np.float32)
        return piece * self._gain[channels, None]


__all__ = [
    "LONGEST_READ",
    "Annotation",
    "ArraySignal",
    "Channel",
    "ChannelKind",
    "Electrode",
    "Problem",
    "Recording",
    "RecordingError",
    "Samples",
    "Signal",
]
