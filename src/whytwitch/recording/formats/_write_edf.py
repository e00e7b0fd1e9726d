"""Write EDF+ and BDF+: streamed, and in place only when complete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Recording, RecordingError, Samples
from whytwitch.recording.formats._edf import PADDING
from whytwitch.recording.formats._edf_layout import (
    Records,
    Scale,
    blocks,
    extremes,
    header_of,
    records_of,
    scale_of,
)
from whytwitch.recording.formats._marks import Events, Mark, marks_of

LOST: Final = "BAD_lost"
"""The note on stretches without samples, which are written as zero."""

LONGEST_TEXT: Final = 200
MOST_LOST: Final = 10_000


def write_edf(recording: Recording, path: str | os.PathLike[str], *, events: Events = None) -> Path:
    """Write a recording as EDF+ (16 bits), or BDF+ (24 bits) where the name ends with ``.bdf``.

    The file appears only when it is complete. Samples that are missing become 0 under the note
    ``BAD_lost``; a last record that is not full is filled up under the note ``BAD_ACQ_SKIP``. No name of a
    person is written.

    Args:
        recording: what to write; its own annotations are written too.
        path: where to; a file that is there is replaced.
        events: what was found in it, or further annotations.

    Raises:
        RecordingError: the place cannot be written to, or there are more channels than EDF can hold.
    """
    target = Path(path)
    if target.suffix.lower() not in (".edf", ".bdf"):
        raise RecordingError(f"{target.name}: is neither .edf nor .bdf; choose one of these endings")
    with written(target) as file:
        stream_edf(recording, file, [*marks_of(recording.annotations), *marks_of(events)],
                   3 if target.suffix.lower() == ".bdf" else 2)  # fmt: skip
    return target


@contextmanager
def written(target: Path) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its place when all went well, and else is removed.

    Raises:
        RecordingError: the place cannot be written to.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    except OSError as error:
        raise RecordingError(
            f"{target}: cannot be written ({error.strerror or error}); check the folder and your rights to it"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def stream_edf(recording: Recording, file: IO[bytes], marks: list[Mark], width: int) -> None:
    """Write header and records; the samples pass through memory in blocks."""
    low, high = extremes(recording)
    records = records_of(recording)
    scales = [
        scale_of(c, float(a), float(b), width) for c, a, b in zip(recording.channels, low, high, strict=True)
    ]
    marks = [*marks, *_lost(recording), *_padding(recording, records)]
    notes = _notes(marks, records, width)
    file.write(header_of(recording, records, scales, len(notes[0]), width))
    at = 0
    for start, stop in blocks(recording, records.samples):
        rows = _digital(recording.read(start, stop), scales, records.samples)
        n_channels, count = len(rows), rows.shape[1] // records.samples
        shaped = rows.reshape(n_channels, count, records.samples).transpose(1, 0, 2)
        for record in shaped:
            file.write(_bytes(record, width))
            file.write(notes[at])
            at += 1


def _digital(samples: Samples, scales: list[Scale], size: int) -> NDArray[np.int32]:
    """Numbers of the file, filled up to whole records."""
    gain = np.array([scale.gain for scale in scales])[:, None]
    low = np.array([float(scale.low) for scale in scales])[:, None]
    lowest = np.array([scale.lowest for scale in scales])[:, None]
    highest = np.array([scale.highest for scale in scales])[:, None]
    whole = np.nan_to_num(samples.astype(np.float64), nan=0.0)
    numbers = np.clip(np.rint((whole - low) / gain) + lowest, lowest, highest).astype(np.int32)
    missing = -numbers.shape[1] % size
    return np.pad(numbers, ((0, 0), (0, missing)), mode="edge") if missing else numbers


def _bytes(record: NDArray[np.int32], width: int) -> bytes:
    if width == 2:
        return record.astype("<i2").tobytes()
    return np.ascontiguousarray(record.astype("<i4")).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _padding(recording: Recording, records: Records) -> list[Mark]:
    missing = records.count * records.samples - recording.n_samples
    if not missing:
        return []
    rate = recording.sampling_rate_hz
    return [Mark(recording.n_samples / rate, missing / rate, PADDING)]


def _lost(recording: Recording) -> list[Mark]:
    """Stretches in which some channel has no samples."""
    marks: list[Mark] = []
    rate = recording.sampling_rate_hz
    for start, stop in blocks(recording):
        bad = np.isnan(recording.read(start, stop)).any(axis=0)
        if not bad.any() or len(marks) > MOST_LOST:
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[0], bad.astype(np.int8), [0]])))
        for first, last in edges.reshape(-1, 2) + start:
            if marks and abs(marks[-1].onset_s + marks[-1].duration_s - first / rate) < 0.5 / rate:
                begin = marks.pop().onset_s
                marks.append(Mark(begin, last / rate - begin, LOST))
            else:
                marks.append(Mark(first / rate, (last - first) / rate, LOST))
    return marks


def _notes(marks: list[Mark], records: Records, width: int) -> list[bytes]:
    """The channel of notes, record by record: first when the record begins, then notes in turn."""
    texts = [_note(mark) for mark in sorted(marks, key=lambda mark: mark.onset_s)]
    each = -(-len(texts) // records.count) if texts else 0
    seconds = Decimal(records.seconds)
    out: list[bytes] = []
    for i in range(records.count):
        begin = f"+{(seconds * i).normalize():f}\x14\x14\x00".encode("ascii")
        out.append(begin + b"".join(texts[i * each : (i + 1) * each]))
    size = max(map(len, out))
    size += -size % width
    return [note.ljust(size, b"\0") for note in out]


def _note(mark: Mark) -> bytes:
    text = "".join(c for c in mark.text if c.isprintable())[:LONGEST_TEXT]
    onset = f"{mark.onset_s:+.6f}".rstrip("0").rstrip(".")
    duration = f"\x15{mark.duration_s:.6f}".rstrip("0").rstrip(".") if mark.duration_s > 0 else ""
    return f"{onset}{duration}\x14{text}\x14\x00".encode()


__all__ = ["stream_edf", "write_edf", "written"]
