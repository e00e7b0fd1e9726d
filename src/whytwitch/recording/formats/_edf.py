"""EDF, EDF+, BDF and BDF+: records of 16 or 24 bits with a header in plain characters."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from whytwitch.recording._model import Annotation, Problem
from whytwitch.recording.formats._edf_header import EdfHeader, EdfSignal, Notes, read_header, read_notes
from whytwitch.recording.formats._kinds import electrode_of, kind_of
from whytwitch.recording.formats._reader import Found, Given, Options, Reader, Track, broken
from whytwitch.recording.formats._stores import Bytes, RecordStore, Source

PADDING: Final = "BAD_ACQ_SKIP"
"""The note with which MNE and we mark what only fills the last record."""

NOTES_AT_ONCE: Final = 1 << 26


class EdfReader(Reader):
    """EDF and BDF."""

    name = "EDF, EDF+, BDF, BDF+"
    order = 20
    extensions = (".edf", ".bdf", ".rec")
    marks = (b"0       ", b"\xffBIOSEMI")

    def open(self, given: Given) -> Found:
        """Read header and notes."""
        path = given.path
        source = Source(path)
        header = read_header(path, source)
        problems: list[Problem] = []
        n_records = _records(path, source, header, problems)
        offsets = np.cumsum([0, *(s.per_record * header.width for s in header.signals)])
        notes = _notes(path, header, n_records, offsets)
        chosen = _signals_of_one_rate(path, header, problems)
        per_record = header.signals[chosen[0]].per_record
        body = Source(path, header.header_bytes)
        store = RecordStore(
            body,
            "<i3" if header.width == 3 else "<i2",
            header.record_bytes,
            offsets[chosen],
            per_record,
            n_records,
        )
        record_s = _record_seconds(path, header, given.options, per_record)
        marks = _on_the_samples(notes, header, record_s, problems)
        marks = _unpadded(store, marks, per_record / record_s)
        tracks = [_track(header.signals[i], problems) for i in chosen]
        return Found(
            format=("BDF" if header.width == 3 else "EDF") + ("+" if header.plus else ""),
            store=store,
            tracks=tracks,
            sampling_rate_hz=per_record / record_s,
            sources=(path,),
            start=header.start,
            electrode=electrode_of(" ".join({header.signals[i].transducer for i in chosen})),
            annotations=marks,
            problems=problems,
        )


def _is_notes(signal: EdfSignal) -> bool:
    return signal.label in ("EDF Annotations", "BDF Annotations")


def _records(path: Path, source: Source, header: EdfHeader, problems: list[Problem]) -> int:
    """How many records there are: what the header says, or what the size of the file allows."""
    if header.record_bytes < 1:
        raise broken(path, "the EDF header gives no signal any samples")
    room, rest = divmod(source.size - header.header_bytes, header.record_bytes)
    if room < 1:
        raise broken(
            path,
            f"the EDF header promises records of {header.record_bytes} bytes, and {rest} bytes follow it",
            "the header or the file is damaged: copy or export it again",
        )
    if header.said_bytes != header.header_bytes:
        problems.append(Problem("The header gives a wrong size of itself; the right one was used."))
    if header.n_records < 0:
        problems.append(Problem("The header does not say how many records there are; all were used."))
    elif header.n_records > room:
        lost = 100 * (header.n_records - room) / header.n_records
        problems.append(
            Problem(f"The file is cut off: the last {lost:.0f} % of what the header promises is missing.",
                    "Copy the file again if there is a longer one.")
        )  # fmt: skip
    elif header.n_records < room:
        problems.append(Problem("The file goes on after what the header promises; the rest was left out."))
    return room if header.n_records < 1 else min(room, header.n_records)


def _record_seconds(path: Path, header: EdfHeader, options: Options, per_record: int) -> float:
    if options.sampling_rate_hz is not None and options.sampling_rate_hz > 0:
        return per_record / options.sampling_rate_hz
    if header.record_s <= 0:
        raise broken(path, "the EDF header does not say how long a record lasts",
                     "give the samples a second: --rate 2000, or sampling_rate_hz=2000")  # fmt: skip
    return header.record_s


def _signals_of_one_rate(path: Path, header: EdfHeader, problems: list[Problem]) -> list[int]:
    """Signals of the rate that most EMG channels have (the faster one, if as many)."""
    usable = [i for i, s in enumerate(header.signals) if s.per_record > 0 and not _is_notes(s)]
    if not usable:
        raise broken(path, "holds notes but no signals", "give the file that has the samples")
    emg = [i for i in usable if (kind_of(header.signals[i].label, header.signals[i].unit) or "emg") == "emg"]
    counts = Counter(header.signals[i].per_record for i in emg or usable)
    rate = max(counts, key=lambda per_record: (counts[per_record], per_record))
    chosen = [i for i in usable if header.signals[i].per_record == rate]
    others = [header.signals[i].label for i in usable if header.signals[i].per_record != rate]
    if others:
        some = ", ".join(others[:8]) + (", …" if len(others) > 8 else "")
        problems.append(
            Problem(f"{len(others)} channels have another sampling rate and were left out.",
                    "To read them, export them on their own.", some)
        )  # fmt: skip
    return chosen


def _notes(path: Path, header: EdfHeader, n_records: int, offsets: np.ndarray) -> Notes:
    """The notes of all records; those channels alone are touched."""
    columns = [i for i, s in enumerate(header.signals) if _is_notes(s) and s.per_record]
    if not columns:
        return Notes([], [])
    rows: np.ndarray = np.memmap(path, np.uint8, "r", header.header_bytes, (n_records, header.record_bytes))
    gathered = Notes([], [])
    for i in columns:
        begin, end = int(offsets[i]), int(offsets[i + 1])
        step = max(1, NOTES_AT_ONCE // (end - begin))
        onsets: list[float | None] = []
        for first in range(0, n_records, step):
            piece: Bytes = np.asarray(rows[first : first + step, begin:end])
            found = read_notes(piece)
            onsets += found.onsets
            gathered.notes += found.notes
        gathered.onsets = gathered.onsets or onsets
    return gathered


def _on_the_samples(
    notes: Notes, header: EdfHeader, record_s: float, problems: list[Problem]
) -> list[Annotation]:
    """Notes with their time counted on the samples: from the first one, and with gaps closed up."""
    begin = next((onset for onset in notes.onsets if onset is not None), 0.0)
    marks = [replace(note, onset_s=note.onset_s - begin) for note in notes.notes]
    if header.plus != "D":
        return marks
    starts = np.array(
        [i * record_s if onset is None else onset - begin for i, onset in enumerate(notes.onsets)],
        dtype=float,
    )
    regular = np.arange(len(starts)) * record_s
    lost = float(starts[-1] - regular[-1]) if len(starts) else 0.0
    if lost <= record_s / 2:
        return marks
    problems.append(
        Problem(f"The recording was interrupted: {lost:.1f} s are missing within it. The pieces follow one "
                "another here, so times after a gap are earlier than on the clock.")
    )  # fmt: skip
    order = np.maximum.accumulate(starts)
    moved: list[Annotation] = []
    for mark in marks:
        i = int(np.clip(np.searchsorted(order, mark.onset_s, side="right") - 1, 0, len(starts) - 1))
        within = min(max(mark.onset_s - starts[i], 0.0), record_s)
        moved.append(replace(mark, onset_s=float(regular[i] + within)))
    return moved


def _unpadded(store: RecordStore, marks: list[Annotation], rate: float) -> list[Annotation]:
    """Without what only fills the last record."""
    for mark in marks:
        first = round(mark.onset_s * rate)
        last = round((mark.onset_s + mark.duration_s) * rate)
        if mark.text == PADDING and 0 < first < store.n_samples and abs(last - store.n_samples) <= 1:
            store.n_samples = first
            return [other for other in marks if other is not mark]
    return marks


def _track(signal: EdfSignal, problems: list[Problem]) -> Track:
    low, high, lowest, highest = signal.low, signal.high, signal.lowest, signal.highest
    if low is None or high is None or lowest is None or highest is None or low == high or lowest >= highest:
        problems.append(
            Problem("The header does not say how its numbers become a voltage; they are handed out as such.",
                    "Give --gain and --unit, from the recorder's manual.", signal.label)
        )  # fmt: skip
        return Track(signal.label, kind=kind_of(signal.label, signal.unit))
    gain = (high - low) / (highest - lowest)
    return Track(signal.label, signal.unit, gain, low - lowest * gain, limits=(lowest, highest))


__all__ = ["PADDING", "EdfReader"]
