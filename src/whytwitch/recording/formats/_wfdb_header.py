"""The header file of a WFDB record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from whytwitch.recording.formats._reader import broken

LARGEST: Final = 1 << 22
MOST_SIGNALS: Final = 20_000

_RECORD: Final = re.compile(
    r"(?P<name>[-\w.]+)(?:/(?P<segments>\d+))?[ \t]+(?P<signals>\d+)"
    r"(?:[ \t]+(?P<rate>\d*\.?\d+(?:[eE][+-]?\d+)?)(?:/[^\s]*)?(?:[ \t]+(?P<samples>\d+)"
    r"(?:[ \t]+(?P<time>\d{1,2}:\d{1,2}:\d{1,2})\S*(?:[ \t]+(?P<date>\d{1,2}/\d{1,2}/\d{4}))?)?)?)?[ \t]*$"
)
_SIGNAL: Final = re.compile(
    r"(?P<file>\S+)[ \t]+(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?"
    r"(?:[ \t]+(?P<gain>[-+]?\d*\.?\d+(?:[eE][+-]?\d+)?)?(?:\((?P<baseline>-?\d+)\))?(?:/(?P<unit>\S+))?"
    r"(?:[ \t]+(?P<bits>\d+)(?:[ \t]+(?P<zero>-?\d+)(?:[ \t]+(?P<first>-?\d+)(?:[ \t]+(?P<checksum>-?\d+)"
    r"(?:[ \t]+(?P<block>\d+)(?:[ \t]+(?P<label>.*))?)?)?)?)?)?)?[ \t]*$"
)
_SEGMENT: Final = re.compile(r"(?P<name>[-\w.~]+)[ \t]+(?P<samples>\d+)[ \t]*$")


@dataclass(frozen=True)
class WfdbSignal:
    """One signal line."""

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float
    baseline: int
    unit: str
    bits: int
    first: int | None
    checksum: int | None
    label: str


@dataclass(frozen=True)
class WfdbHeader:
    """A header. It has signals, or segments (name and number of frames)."""

    rate: float
    n_frames: int | None
    start: str
    signals: tuple[WfdbSignal, ...]
    segments: tuple[tuple[str, int], ...]
    comments: str


def looks_like_header(text: str) -> bool:
    """Whether the first line that counts is a record line followed by a signal or segment line."""
    lines = _lines(text)
    first = _RECORD.match(lines[0]) if lines else None
    if not first or len(lines) < 2:
        return False
    return bool((_SEGMENT if first["segments"] else _SIGNAL).match(lines[1]))


def read_header(path: Path) -> WfdbHeader:
    """Parse a header.

    Raises:
        RecordingError: it is none, or names the line that cannot be understood.
    """
    if path.stat().st_size > LARGEST:
        raise broken(path, "is too long for a WFDB header", "give the .hea file of the record")
    text = path.read_bytes().decode("utf-8", "replace")
    lines = _lines(text)
    record = _RECORD.match(lines[0]) if lines else None
    if record is None:
        raise broken(path, "its first line is not that of a WFDB record", "give the .hea file of the record")
    wanted = _whole(record["segments"] or record["signals"])
    if wanted > MOST_SIGNALS or len(lines) - 1 < wanted:
        raise broken(path, f"the WFDB header promises {wanted} lines and has {len(lines) - 1}")
    comments = "\n".join(
        line.strip()[1:].strip() for line in text.splitlines() if line.strip().startswith("#")
    )
    body = lines[1 : wanted + 1]
    rate = float(record["rate"]) if record["rate"] else 250.0
    samples = _whole(record["samples"]) if record["samples"] else 0
    segments = tuple(_segment(path, line) for line in body) if record["segments"] else ()
    signals = () if record["segments"] else tuple(_signal(path, line) for line in body)
    return WfdbHeader(
        rate, samples or None, _start(record["date"], record["time"]), signals, segments, comments
    )


def _lines(text: str) -> list[str]:
    """Lines that count; some systems end them with a carriage return alone."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number of few enough digits to count with."""
    return int(text[:18]) if text else otherwise


def _segment(path: Path, line: str) -> tuple[str, int]:
    found = _SEGMENT.match(line)
    if not found:
        raise broken(path, f"this segment line is not understood: {line[:60]!r}")
    return found["name"], _whole(found["samples"])


def _signal(path: Path, line: str) -> WfdbSignal:
    found = _SIGNAL.match(line)
    if not found:
        raise broken(path, f"this signal line is not understood: {line[:60]!r}")
    zero = _whole(found["zero"])
    return WfdbSignal(
        file=found["file"],
        format=_whole(found["format"]),
        per_frame=max(1, _whole(found["per_frame"], 1)),
        skew=_whole(found["skew"]),
        offset=_whole(found["offset"]),
        gain=float(found["gain"] or 0),
        baseline=_whole(found["baseline"], zero),
        unit=found["unit"] or "mV",
        bits=_whole(found["bits"]),
        first=None if found["first"] is None else _whole(found["first"]),
        checksum=None if found["checksum"] is None else _whole(found["checksum"]),
        label=(found["label"] or "").strip(),
    )


def _start(date: str | None, time: str | None) -> str:
    if not date or not time:
        return ""
    day, month, year = (int(part) for part in date.split("/"))
    return f"{year:04d}-{month:02d}-{day:02d}T" + ":".join(part.zfill(2) for part in time.split(":"))


__all__ = ["WfdbHeader", "WfdbSignal", "looks_like_header", "read_header"]
