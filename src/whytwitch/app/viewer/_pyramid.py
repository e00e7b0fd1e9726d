"""A recording drawn at any width in one breath: least and largest values at ever coarser steps."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import Recording

FACTOR: Final = 4
"""From one level to the next; level 0 is the recording itself."""

LEAST_BINS: Final = 4
"""Bins of a level in one column, at least: an edge is then off by an eighth of a column at most."""

BLOCK_LEVELS: Final = 8
MOST_VALUES: Final = 1 << 22
"""Samples of all channels that are in memory at once while levels are made: 16 MiB."""

MOST_COLUMNS: Final = 8192
MOST_CELLS: Final = 1 << 20
"""Columns times channels of one view."""

MOST_TIMES: Final = 8.0
"""How far a view may reach beyond the end, in lengths of the recording."""

HEAD: Final = struct.Struct("<4sIIIdd")
MAGIC: Final = b"WTv1"

Samples = NDArray[np.float32]


class ViewError(ValueError):
    """A view that cannot be shown; the message names the parameter and its range."""


class NotBuiltError(Exception):
    """A view needs a level that is not there yet."""


@dataclass(frozen=True)
class View:
    """A stretch of some channels.

    Attributes:
        first_s: beginning of the first column, or time of the first sample.
        step_s: width of a column, or time from sample to sample.
        values: (n_channels, 2, n_columns), least and largest values, NaN where there is no sample; or
            (n_channels, 1, n_samples), the samples themselves.
    """

    first_s: float
    step_s: float
    values: Samples

    def packed(self) -> bytes:
        """Little-endian: ``WTv1``, rows a channel (1 or 2), channels, columns, first_s, step_s; float32s."""
        channels, rows, columns = self.values.shape
        head = HEAD.pack(MAGIC, rows, channels, columns, self.first_s, self.step_s)
        return head + np.ascontiguousarray(self.values, "<f4").tobytes()


@dataclass(frozen=True)
class Pyramid:
    """A recording and its coarser levels, on disk.

    Attributes:
        levels: level k - 1 holds bins of ``FACTOR**k`` samples, (2, n_channels, n_bins).
    """

    recording: Recording
    levels: tuple[Samples, ...]

    def view(self, start_s: float, stop_s: float, columns: int, channels: NDArray[np.intp]) -> View:
        """Least and largest values in equal columns, or the samples where there are no more than columns.

        The edges of columns are rounded to whole bins of the level that is used (see :func:`edges`).
        ``stop_s`` may lie beyond the end; nothing is there.

        Raises:
            ViewError: outside the recording, too narrow, or too much at once.
            NotBuiltError: the level that it is made from is not there yet.
        """
        self._check(start_s, stop_s, columns, channels)
        rate = self.recording.sampling_rate_hz
        if (stop_s - start_s) * rate <= columns:
            return self._samples(start_s, stop_s, channels)
        level, cuts = edges(start_s * rate, stop_s * rate, columns)
        if level > len(self.levels):
            raise NotBuiltError
        n_bins = -(-self.recording.n_samples // FACTOR**level)
        inside = int(np.searchsorted(cuts[:-1], n_bins))
        cuts = np.minimum(cuts, n_bins)
        first, last = int(cuts[0]), int(cuts[inside])
        if level:
            low, high = (part[channels, first:last] for part in self.levels[level - 1])
        else:
            low = high = self.recording.read(first, last, channels)
        values = np.full((len(channels), 2, columns), np.nan, np.float32)
        if inside:
            begin = cuts[:inside] - first
            np.fmin.reduceat(low, begin, axis=1, out=values[:, 0, :inside])
            np.fmax.reduceat(high, begin, axis=1, out=values[:, 1, :inside])
        return View(start_s, (stop_s - start_s) / columns, values)

    def _samples(self, start_s: float, stop_s: float, channels: NDArray[np.intp]) -> View:
        """The samples, with one more on either side so that lines leave the picture."""
        rate, n = self.recording.sampling_rate_hz, self.recording.n_samples
        first = max(0, math.floor(start_s * rate))
        last = min(n, math.ceil(stop_s * rate) + 1)
        return View(first / rate, 1.0 / rate, self.recording.read(first, last, channels)[:, None])

    def _check(self, start_s: float, stop_s: float, columns: int, channels: NDArray[np.intp]) -> None:
        whole, rate = self.recording.duration_s, self.recording.sampling_rate_hz
        if not 0.0 <= start_s < whole:
            raise ViewError(f"start_s: {start_s:g} lies outside the recording; give 0 to {whole:g}")
        if not start_s + 1.0 / rate <= stop_s <= start_s + MOST_TIMES * whole:
            raise ViewError(
                f"stop_s: {stop_s:g} does not fit start_s {start_s:g}; give at least one sample more "
                f"({1.0 / rate:g} s), and no more than {MOST_TIMES:g} times the recording"
            )
        if not 1 <= columns <= MOST_COLUMNS:
            raise ViewError(f"columns: {columns} cannot be; give 1 to {MOST_COLUMNS}")
        n = len(self.recording.channels)
        if not len(channels) or channels.min() < 0 or channels.max() >= n:
            raise ViewError(f"channels: give numbers from 0 to {n - 1}")
        if columns * len(channels) > MOST_CELLS:
            raise ViewError(
                f"columns: {columns} on {len(channels)} channels are too many at once; "
                f"give {MOST_CELLS // len(channels)} or fewer"
            )


def edges(start: float, stop: float, columns: int) -> tuple[int, NDArray[np.int64]]:
    """The level that a view is read from, and the edges of its columns in bins of that level.

    Args:
        start: of the view, in samples.
        stop: of the view, in samples; more than ``columns`` after ``start``.
        columns: of equal width.

    Returns:
        The level, and ``columns + 1`` rising edges.
    """
    wide = (stop - start) / columns
    level = max(0, math.floor(math.log(wide / LEAST_BINS, FACTOR) + 1e-9)) if wide >= LEAST_BINS else 0
    cuts = np.floor(np.linspace(start, stop, columns + 1) / FACTOR**level + 0.5).astype(np.int64)
    return level, cuts


def build(recording: Recording, folder: Path, tell: Callable[[float], None]) -> Pyramid:
    """Make the levels of a recording, block by block.

    Args:
        recording: to be drawn.
        folder: where the levels are kept; about two thirds of the samples as float32.
        tell: called with the share that is done; may raise to stop.

    Raises:
        RecordingError: it cannot be read.
        OSError: there is no room.
    """
    n, n_channels = recording.n_samples, len(recording.channels)
    # As deep as the widest view in one column goes.
    depth, _ = edges(0.0, MOST_TIMES * n, 1)
    depth = max(1, depth)
    levels = tuple(_level(folder, k, n_channels, -(-n // FACTOR**k)) for k in range(1, depth + 1))
    inner = min(depth, BLOCK_LEVELS)
    unit = FACTOR**inner
    step = max(1, MOST_VALUES // n_channels // unit) * unit
    every = np.arange(n_channels)
    for first in range(0, n, step):
        last = min(n, first + step)
        samples = recording.read(first, last, every)
        low, high = samples, samples
        for k in range(1, inner + 1):
            low, high = _coarser(low, np.fmin), _coarser(high, np.fmax)
            at = first // FACTOR**k
            levels[k - 1][0, :, at : at + low.shape[1]] = low
            levels[k - 1][1, :, at : at + high.shape[1]] = high
        tell(last / n)
    for k in range(inner + 1, depth + 1):
        levels[k - 1][0] = _coarser(levels[k - 2][0], np.fmin)
        levels[k - 1][1] = _coarser(levels[k - 2][1], np.fmax)
    return Pyramid(recording, levels)


def _level(folder: Path, k: int, n_channels: int, n_bins: int) -> Samples:
    file = folder / f"level-{k:02d}.f4"
    return np.memmap(file, np.float32, "w+", shape=(2, n_channels, n_bins))


def _coarser(values: Samples, choose: np.ufunc) -> Samples:
    """The least or largest of every four; an unfinished four at the end counts as one."""
    spare = -values.shape[1] % FACTOR
    if spare:
        values = np.concatenate([values, np.repeat(values[:, -1:], spare, axis=1)], axis=1)
    return choose(choose(values[:, 0::4], values[:, 1::4]), choose(values[:, 2::4], values[:, 3::4]))


__all__ = [
    "FACTOR",
    "MOST_CELLS",
    "MOST_COLUMNS",
    "NotBuiltError",
    "Pyramid",
    "View",
    "ViewError",
    "build",
    "edges",
]
