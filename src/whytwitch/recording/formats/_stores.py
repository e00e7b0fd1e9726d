"""Where numbers lie in a file, and how a stretch of them is fetched without the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import RecordingError, Samples, Signal

Numbers = NDArray[Any]
Bytes = NDArray[np.uint8]

PIECE: Final = 1 << 24
"""Bytes fetched at once."""


class Source:
    """Bytes of a file, or of a stretch of it, or in memory."""

    def __init__(
        self, path: Path, start: int = 0, size: int | None = None, held: bytes | None = None
    ) -> None:
        self.path = path
        self._held = held
        self._start = start
        whole = len(held) if held is not None else path.stat().st_size
        self.size = max(0, whole - start if size is None else min(size, whole - start))

    def read(self, start: int, size: int) -> Bytes:
        """Bytes ``start`` to ``start + size``.

        Raises:
            RecordingError: the file has become shorter.
        """
        if self._held is not None:
            piece = np.frombuffer(self._held, np.uint8)[self._start + start : self._start + start + size]
        else:
            with self.path.open("rb") as file:
                file.seek(self._start + start)
                piece = np.fromfile(file, np.uint8, size)
        if len(piece) != size:
            raise RecordingError(f"{self.path.name}: ends too early; check that the file is complete")
        return piece


class Store(ABC):
    """Numbers of (n_channels, n_samples), as the file has them."""

    n_samples: int
    floating: bool = False
    """Whether numbers may be NaN or infinite."""

    @abstractmethod
    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """A stretch of some channels, (n_channels, stop - start); the caller has checked the bounds."""


@final
class ArrayStore(Store):
    """Numbers in memory or in a memory map, (n_channels, n_samples)."""

    def __init__(self, array: Numbers) -> None:
        self._array = array
        self.n_samples = array.shape[1]
        self.floating = array.dtype.kind == "f"

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        return np.asarray(self._array[:, start:stop][channels])


def decode(piece: Bytes, dtype: str) -> Numbers:
    """Bytes as numbers. ``i3`` is 24 bits; ``<`` or ``>`` leads."""
    if not dtype.endswith("i3"):
        return piece.view(np.dtype(dtype))
    triples = piece.reshape(-1, 3)
    wide = np.zeros((len(triples), 4), np.uint8)
    wide[:, 1:] = triples if dtype[0] == "<" else triples[:, ::-1]
    return wide.view("<i4")[:, 0] >> 8


def width(dtype: str) -> int:
    """Bytes of one number."""
    return int(dtype[-1])


@final
class FrameStore(Store):
    """Interleaved numbers: one of each channel, then the next of each."""

    def __init__(self, source: Source, dtype: str, n_channels: int, n_samples: int | None = None) -> None:
        self._source = source
        self._dtype = dtype
        self._channels = n_channels
        self._frame = width(dtype) * n_channels
        room = source.size // self._frame
        self.n_samples = room if n_samples is None else min(room, n_samples)
        self.floating = dtype[-2] == "f"

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        step = max(1, PIECE // self._frame)
        kind = np.dtype(np.int32) if self._dtype.endswith("i3") else np.dtype(self._dtype).newbyteorder("=")
        out = np.empty((len(channels), stop - start), kind)
        everything = len(channels) == self._channels and bool((channels == np.arange(self._channels)).all())
        for first in range(start, stop, step):
            last = min(first + step, stop)
            piece = self._source.read(first * self._frame, (last - first) * self._frame)
            block = decode(piece, self._dtype).reshape(last - first, self._channels).T
            out[:, first - start : last - start] = block if everything else block[channels]
        return out


@final
class RecordStore(Store):
    """Records after one another, each with a stretch of every channel (EDF, BDF).

    Args:
        offsets: where the channel begins in a record, in bytes.
        per_record: numbers of each channel in a record.
    """

    def __init__(
        self,
        source: Source,
        dtype: str,
        record_bytes: int,
        offsets: NDArray[np.int64],
        per_record: int,
        n_records: int,
    ) -> None:
        self._source = source
        self._dtype = dtype
        self._record_bytes = record_bytes
        self._offsets = offsets
        self._per_record = per_record
        self.n_samples = n_records * per_record

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        out = np.empty((len(channels), stop - start), np.int32 if self._dtype == "<i3" else np.int16)
        if start == stop:
            return out
        first, last = start // self._per_record, (stop - 1) // self._per_record + 1
        step = PIECE // self._record_bytes
        if step == 0:
            self._from_long_records(out, start, stop, channels)
            return out
        for record in range(first, last, step):
            count = min(step, last - record)
            rows = self._source.read(record * self._record_bytes, count * self._record_bytes)
            self._place(out, rows.reshape(count, -1), record, start, stop, channels)
        return out

    def _place(
        self, out: Numbers, rows: Bytes, record: int, start: int, stop: int, channels: NDArray[np.intp]
    ) -> None:
        """Put the wanted part of some whole records into the output."""
        begin = record * self._per_record
        low, high = max(start, begin), min(stop, begin + len(rows) * self._per_record)
        size = self._per_record * width(self._dtype)
        for row, offset in enumerate(self._offsets[channels]):
            stretch = np.ascontiguousarray(rows[:, offset : offset + size]).reshape(-1)
            out[row, low - start : high - start] = decode(stretch, self._dtype)[low - begin : high - begin]

    def _from_long_records(self, out: Numbers, start: int, stop: int, channels: NDArray[np.intp]) -> None:
        """Where one record is more than is fetched at once: piece by piece of each channel."""
        wide, n = width(self._dtype), self._per_record
        for row, offset in enumerate(self._offsets[channels]):
            at = start
            while at < stop:
                record, within = divmod(at, n)
                count = min(stop - at, n - within, PIECE // wide)
                place = record * self._record_bytes + int(offset) + within * wide
                out[row, at - start : at - start + count] = decode(
                    self._source.read(place, count * wide), self._dtype
                )
                at += count


@final
class JoinedStore(Store):
    """Channels picked from several stores, as long as the shortest of them."""

    def __init__(self, rows: Sequence[tuple[Store, int]]) -> None:
        self._rows = rows
        self.n_samples = min(store.n_samples for store, _ in rows)
        self.floating = any(store.floating for store, _ in rows)

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        picked = [self._rows[c] for c in channels]
        stores = list({id(store): store for store, _ in picked}.values())
        out = np.empty((len(picked), stop - start), np.float64 if len(stores) != 1 else None)
        for store in stores:
            places = [i for i, (other, _) in enumerate(picked) if other is store]
            piece = store.numbers(start, stop, np.array([picked[i][1] for i in places], dtype=np.intp))
            if len(stores) == 1:
                return piece
            out[places] = piece
        return out


@final
class Calibrated(Signal):
    """Numbers of a store as samples: ``number * gain + offset``, what is not finite as NaN."""

    def __init__(
        self,
        name: str,
        store: Store,
        rows: NDArray[np.intp],
        gain: NDArray[np.float64],
        offset: NDArray[np.float64],
    ) -> None:
        self._name = name
        self._store = store
        self._rows = rows
        self._gain = gain
        self._offset = offset

    def read(self, start: int, stop: int, channels: NDArray[np.intp]) -> Samples:
        """See :meth:`Signal.read`."""
        try:
            numbers = self._store.numbers(start, stop, self._rows[channels])
        except OSError as error:
            raise RecordingError(
                f"{self._name}: cannot be read any more ({error.strerror or error}); check the disk"
            ) from error
        gain, offset = self._gain[channels, None], self._offset[channels, None]
        if numbers.dtype.itemsize <= 2:
            samples = np.multiply(numbers, gain.astype(np.float32), dtype=np.float32)
            samples += offset.astype(np.float32)
            if numbers.dtype.kind != "f":
                return samples
        else:
            with np.errstate(all="ignore"):
                samples = (numbers * gain + offset).astype(np.float32)
        if self._store.floating:
            samples[~np.isfinite(samples)] = np.nan
        return samples


__all__ = [
    "PIECE", "ArrayStore", "Bytes", "Calibrated", "FrameStore", "JoinedStore", "Numbers", "RecordStore",
    "Source", "Store", "decode", "width",
]  # fmt: skip
