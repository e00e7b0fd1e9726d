"""WFDB records, as PhysioNet has them: a header in plain characters beside files of samples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Problem, RecordingError
from whytwitch.recording.formats._emglab import read_discharges
from whytwitch.recording.formats._kinds import electrode_of, kind_of
from whytwitch.recording.formats._reader import MOST_IN_MEMORY, Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import PIECE, Numbers, Source, Store
from whytwitch.recording.formats._wfdb_header import WfdbHeader, WfdbSignal, looks_like_header, read_header
from whytwitch.recording.formats._wfdb_packed import BITS, FORMATS, Whole, room, unpack

MOST_SUMMED: Final = 1 << 28
"""Numbers up to which checksums are verified."""


class WfdbReader(Reader):
    """WFDB."""

    name = "WFDB"
    order = 40
    extensions = (".hea", ".dat")

    def recognizes(self, given: Given) -> bool:
        """By the first lines of a header."""
        return given.path.suffix.lower() == ".hea" or (
            b"\0" not in given.head and looks_like_header(given.head.decode("latin-1"))
        )

    def open(self, given: Given) -> Found:
        """Read the header and find the samples."""
        path = _header_of(given.path)
        header = read_header(path)
        found = _segmented(path, header) if header.segments else _plain(path, header)
        _add_discharges(path, found)
        return found


def _header_of(path: Path) -> Path:
    """The header of a file of samples."""
    if path.suffix.lower() != ".dat":
        return path
    header = next(
        (path.with_suffix(end) for end in (".hea", ".HEA") if path.with_suffix(end).is_file()), None
    )
    if header is None:
        raise broken(path, "there is no header (.hea) beside it, and samples alone cannot be read",
                     "put the .hea file into the same folder")  # fmt: skip
    return header


def _add_discharges(path: Path, found: Found) -> None:
    """What EMGlab wrote beside the record."""
    beside = path.with_suffix(".eaf")
    if beside.is_file():
        try:
            found.annotations += read_discharges(beside)
        except RecordingError as error:
            found.problems.append(Problem(f"The annotations beside it cannot be read: {error}"))


@dataclass(frozen=True)
class _Place:
    """Where a signal lies: in which stream, and its columns in a frame."""

    stream: int
    column: int
    per_frame: int


@final
class WfdbStore(Store):
    """Signals from streams of frames; NaN where the format has its mark for "no sample"."""

    floating = True

    def __init__(self, streams: list[_Stream], places: list[_Place], n_samples: int) -> None:
        self._streams = streams
        self._places = places
        self.n_samples = n_samples

    def whole(self, start: int, stop: int, channels: NDArray[np.intp]) -> Whole:
        """Numbers as they are in the file."""
        out = np.empty((len(channels), stop - start), np.int32)
        for number in {self._places[c].stream for c in channels}:
            rows = [
                (row, self._places[c]) for row, c in enumerate(channels) if self._places[c].stream == number
            ]
            self._streams[number].fill(out, rows, start, stop)
        return out

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        out = self.whole(start, stop, channels)
        missing = np.array([self._streams[self._places[c].stream].missing for c in channels])
        values = out.astype(np.float64)
        values[out == missing[:, None]] = np.nan
        return values


class _Stream:
    """One file of samples."""

    def __init__(self, path: Path, signals: list[WfdbSignal]) -> None:
        self.form = signals[0].format
        self.frame = sum(signal.per_frame for signal in signals)
        self.missing = -(1 << (BITS[self.form] - 1))
        self._source = Source(path, signals[0].offset)
        self.n_frames = room(self.form, self._source.size) // self.frame
        self._summed: Whole | None = None
        if self.form == 8:
            self.missing = -(1 << 31)
            self._summed = self._sums(path, signals)

    def _sums(self, path: Path, signals: list[WfdbSignal]) -> Whole:
        """Format 8 has differences, which only the whole gives meaning to."""
        if self._source.size > MOST_IN_MEMORY // 4:
            raise broken(path, "has differences in more than 256 MiB", "convert it to format 16 with xform")
        steps = unpack(self._source, 8, 0, self.n_frames * self.frame).reshape(self.n_frames, self.frame)
        column = 0
        for signal in signals:
            part = steps[:, column : column + signal.per_frame].reshape(-1)
            if len(part):
                part[0] += signal.first or 0
            steps[:, column : column + signal.per_frame] = np.cumsum(part).reshape(-1, signal.per_frame)
            column += signal.per_frame
        return steps

    def fill(self, out: Whole, rows: list[tuple[int, _Place]], start: int, stop: int) -> None:
        """Put some signals into rows of the output; all have the same number of samples a frame."""
        per_frame = rows[0][1].per_frame
        step = max(1, PIECE // (4 * self.frame))
        first, end = start // per_frame, -(-stop // per_frame)
        for at in range(first, end, step):
            last = min(at + step, end)
            frames = self._frames(at, last)
            low, high = max(start, at * per_frame), min(stop, last * per_frame)
            for row, place in rows:
                part = frames[:, place.column : place.column + per_frame].reshape(-1)
                out[row, low - start : high - start] = part[low - at * per_frame : high - at * per_frame]

    def _frames(self, first: int, last: int) -> Whole:
        if self._summed is not None:
            return self._summed[first:last]
        return unpack(self._source, self.form, first * self.frame, last * self.frame).reshape(-1, self.frame)


def _plain(path: Path, header: WfdbHeader) -> Found:
    problems: list[Problem] = []
    if not header.signals:
        raise broken(path, "the WFDB header names no signals", "give the record that has the samples")
    streams, places, files = _streams(path, header)
    chosen = _of_one_rate(header, places, problems)
    per_frame = places[chosen[0]].per_frame
    n_frames = min(stream.n_frames for stream in streams)
    if header.n_frames is not None and header.n_frames > n_frames:
        said = f"The files of samples are shorter than the header says ({n_frames} of {header.n_frames})."
        problems.append(Problem(said, "Copy them again if there are longer ones."))
    n_frames = min(n_frames, header.n_frames or n_frames)
    if n_frames < 1:
        raise broken(path, "there are no samples in the files it names")
    signals = [header.signals[i] for i in chosen]
    store = WfdbStore(streams, [places[i] for i in chosen], n_frames * per_frame)
    problems += _wrong_sums(store, signals, header, n_frames)
    if any(signal.skew for signal in signals):
        problems.append(Problem("The header tells of a skew between signals; it is not corrected."))
    return Found(
        format="WFDB",
        store=store,
        tracks=[_track(signal) for signal in signals],
        sampling_rate_hz=header.rate * per_frame,
        sources=(path, *files),
        start=header.start,
        electrode=electrode_of(header.comments),
        problems=problems,
    )


def _streams(path: Path, header: WfdbHeader) -> tuple[list[_Stream], list[_Place], list[Path]]:
    """Signals that follow one another with the same file share its frames."""
    groups: list[list[WfdbSignal]] = []
    places: list[_Place] = []
    for signal in header.signals:
        if signal.format not in FORMATS:
            raise broken(
                path, f"WFDB format {signal.format} is not known here", "convert it to format 16 with xform"
            )
        if not groups or groups[-1][0].file != signal.file:
            groups.append([])
        if groups[-1] and groups[-1][0].format != signal.format:
            raise broken(path, f"{signal.file} is said to be of two formats")
        column = sum(other.per_frame for other in groups[-1])
        places.append(_Place(len(groups) - 1, column, signal.per_frame))
        groups[-1].append(signal)
    files = [_beside(path, group[0].file) for group in groups]
    if any(sum(signal.per_frame for signal in group) > 1 << 20 for group in groups):
        raise broken(path, "the header promises frames of more than a million samples")
    return [_Stream(file, group) for file, group in zip(files, groups, strict=True)], places, files


def _beside(path: Path, name: str) -> Path:
    """A file in the folder of the header, and nowhere else."""
    if Path(name).name != name or "\\" in name or ":" in name or name in {"..", "-", "~"}:
        raise broken(path, f"it names {name!r}, and only files beside it are read")
    file = path.with_name(name)
    if not file.is_file():
        raise broken(path, f"{name}, which it names, is missing", "put it into the same folder")
    return file


def _of_one_rate(header: WfdbHeader, places: list[_Place], problems: list[Problem]) -> list[int]:
    kinds = [
        kind_of(signal.label, "" if not signal.gain else signal.unit) or "emg" for signal in header.signals
    ]
    emg = [i for i, kind in enumerate(kinds) if kind == "emg"] or list(range(len(places)))
    counts = Counter(places[i].per_frame for i in emg)
    rate = max(counts, key=lambda per_frame: (counts[per_frame], per_frame))
    others = [header.signals[i].label for i, place in enumerate(places) if place.per_frame != rate]
    if others:
        problems.append(Problem(f"{len(others)} channels have another sampling rate and were left out.", "",
                                ", ".join(others[:8])))  # fmt: skip
    return [i for i, place in enumerate(places) if place.per_frame == rate]


def _track(signal: WfdbSignal) -> Track:
    bits = BITS[signal.format] if signal.format != 8 else max(1, min(signal.bits or 12, 32))
    limits = (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1)
    if not signal.gain:
        return Track(signal.label or "signal", "", offset=-float(signal.baseline), limits=limits)
    gain = 1.0 / signal.gain
    return Track(signal.label or "signal", signal.unit, gain, -signal.baseline * gain, limits=limits)


def _wrong_sums(
    store: WfdbStore, signals: list[WfdbSignal], header: WfdbHeader, n_frames: int
) -> list[Problem]:
    """Signals whose sum is not what the header says: bytes were changed or lost."""
    told = [i for i, signal in enumerate(signals) if signal.checksum is not None]
    if not told or header.n_frames != n_frames or store.n_samples * len(told) > MOST_SUMMED:
        return []
    rows = np.array(told, dtype=np.intp)
    sums = np.zeros(len(rows), dtype=np.int64)
    step = max(1, PIECE // (8 * len(rows)))
    for start in range(0, store.n_samples, step):
        sums += store.whole(start, min(start + step, store.n_samples), rows).sum(axis=1, dtype=np.int64)
    wrong = [signals[i].label for i, total in zip(told, sums, strict=True)
             if (int(total) - (signals[i].checksum or 0)) % 65536]  # fmt: skip
    if not wrong:
        return []
    return [Problem("The samples have another checksum than the header gives: they were changed.",
                    "Copy the record again.", ", ".join(wrong[:8]))]  # fmt: skip


@final
class SegmentStore(Store):
    """Stores after one another; NaN where a segment or a signal of it is missing."""

    floating = True

    def __init__(self, parts: list[tuple[int, Store | None, list[int | None]]], n_samples: int) -> None:
        self._parts = parts
        self.n_samples = n_samples

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        out = np.full((len(channels), stop - start), np.nan)
        ends = [begin for begin, _, _ in self._parts[1:]] + [self.n_samples]
        for (begin, store, rows), end in zip(self._parts, ends, strict=True):
            low, high = max(start, begin), min(stop, end)
            if store is None or low >= high:
                continue
            high = min(high, begin + store.n_samples)
            there = [(row, at) for row, c in enumerate(channels) if (at := rows[c]) is not None]
            if there and low < high:
                piece = store.numbers(
                    low - begin, high - begin, np.array([at for _, at in there], dtype=np.intp)
                )
                out[[row for row, _ in there], low - start : high - start] = piece
        return out


def _segmented(path: Path, header: WfdbHeader) -> Found:
    """A record of several records, each of which may have other signals (the layout names them all)."""
    whole = header.n_frames or sum(frames for _, frames in header.segments)
    if not header.segments or whole < 1:
        raise broken(path, "the WFDB header names no segments with samples")
    found: dict[str, Found] = {}
    parts: list[tuple[int, Found | None]] = []
    at = 0
    for name, frames in header.segments:
        if frames == 0 or at >= whole:
            continue
        parts.append((at, None if name == "~" else _one_segment(path, name, found)))
        at += frames
    there = [part for _, part in parts if part is not None]
    if not there or at > 1 << 40:
        raise broken(path, "all of its segments are empty")
    tracks = list({_key(track): track for part in there for track in part.tracks}.values())
    keys = [_key(track) for track in tracks]
    joined: list[tuple[int, Store | None, list[int | None]]] = []
    for begin, part in parts:
        own = [_key(track) for track in part.tracks] if part else []
        joined.append(
            (begin, part.store if part else None, [own.index(k) if k in own else None for k in keys])
        )
    if any(part.sampling_rate_hz != there[0].sampling_rate_hz for part in there):
        raise broken(path, "its segments have several sampling rates", "give one segment at a time")
    return Found(
        format="WFDB",
        store=SegmentStore(joined, min(whole, at)),
        tracks=tracks,
        sampling_rate_hz=there[0].sampling_rate_hz,
        sources=(path, *(source for part in found.values() for source in part.sources)),
        start=header.start,
        electrode=electrode_of(header.comments),
        problems=[problem for part in found.values() for problem in part.problems],
    )


def _one_segment(path: Path, name: str, had: dict[str, Found]) -> Found:
    """A segment, which cannot itself have segments."""
    if name not in had:
        inner = _beside(path, f"{name}.hea")
        header = read_header(inner)
        if header.segments:
            raise broken(path, f"its segment {name} has segments itself")
        had[name] = _plain(inner, header)
    return had[name]


def _key(track: Track) -> tuple[str, str, float, float]:
    """Signals of segments are the same where name and scale are."""
    return track.label, track.unit, track.gain, track.offset


__all__ = ["WfdbReader"]
