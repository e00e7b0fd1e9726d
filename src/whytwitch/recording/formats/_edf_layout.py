"""How a recording is laid out in an EDF or BDF file: length of records, scales, header."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, Recording, RecordingError

BLOCK_S: Final = 8.0
MOST_SIGNALS: Final = 9998
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Finer than this no EMG amplifier measures; a scale that reaches it is kept as the recorder had it.
_FINE_UV: Final = 0.5


@dataclass(frozen=True)
class Records:
    """Length of a record, as samples and as the text of its seconds."""

    samples: int
    seconds: str
    count: int


def records_of(recording: Recording) -> Records:
    """Records of up to a second whose length can be written exactly; such that all are full, if possible."""
    rate, n = recording.sampling_rate_hz, recording.n_samples
    longest = max(1, math.floor(rate))
    exact = [size for size in range(longest, max(1, longest // 20) - 1, -1) if _seconds(size, rate)]
    size = next((size for size in exact if n % size == 0), None) or next(iter(exact), None) or longest
    seconds = _seconds(size, rate) or eight(size / rate)
    return Records(size, seconds, -(-n // size))


def _seconds(size: int, rate: float) -> str | None:
    """The length of a record, where eight characters hold it exactly enough."""
    text = eight(size / rate)
    return text if math.isclose(size / float(text or 1), rate, rel_tol=1e-9) else None


def eight(value: float) -> str:
    """A number in at most eight characters, as exact as goes."""
    for digits in range(8, 0, -1):
        text = f"{value:.{digits}g}"
        if "e" in text and abs(value) < 1:
            text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
        if len(text) <= 8:
            return text
    return f"{value:.0e}"


def _outward(value: float, rounding: str) -> str:
    """A limit in at most eight characters, rounded so that nothing inside it falls outside."""
    for digits in range(6, -1, -1):
        text = f"{Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding):f}"
        if len(text) <= 8:
            return text
    return eight(value)


@dataclass(frozen=True)
class Scale:
    """Physical and digital limits; the texts are what the header has and the numbers are read from them."""

    low: str
    high: str
    lowest: int
    highest: int

    @property
    def gain(self) -> float:
        """Physical units a step."""
        return (float(self.high) - float(self.low)) / (self.highest - self.lowest)


def scale_of(channel: Channel, low: float, high: float, width: int) -> Scale:
    """The recorder's own limits where they are fine enough, so that its numbers survive; else the data's."""
    lowest, highest = -(1 << (8 * width - 1)), (1 << (8 * width - 1)) - 1
    steps = highest - lowest
    if channel.low is not None and channel.high is not None and channel.low <= low <= high <= channel.high:
        step = (channel.high - channel.low) / steps
        if step > 0 and ((step <= _FINE_UV and channel.calibrated) or step <= 2 * (high - low) / steps):
            return Scale(eight(channel.low), eight(channel.high), lowest, highest)
    if not low < high:
        low, high = low - 1, low + 1
    spare = (high - low) * 1e-4 + 1e-6 * max(abs(low), abs(high))
    return Scale(_outward(low - spare, ROUND_FLOOR), _outward(high + spare, ROUND_CEILING), lowest, highest)


def extremes(recording: Recording) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and largest sample of each channel; 0 where there is none."""
    n = len(recording.channels)
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    for start, stop in blocks(recording):
        piece = recording.read(start, stop)
        low = np.fmin(low, np.fmin.reduce(piece, axis=1))
        high = np.fmax(high, np.fmax.reduce(piece, axis=1))
    nothing = ~np.isfinite(low)
    low[nothing], high[nothing] = 0.0, 0.0
    return low, high


def blocks(recording: Recording, step: int | None = None) -> list[tuple[int, int]]:
    """Stretches that fit in memory; each a whole number of ``step``."""
    size = max(1, int(BLOCK_S * recording.sampling_rate_hz))
    size = max(1, min(size, (1 << 24) // len(recording.channels)))
    size = max(step, size // step * step) if step else size
    return [(at, min(at + size, recording.n_samples)) for at in range(0, recording.n_samples, size)]


def labels_of(recording: Recording) -> list[str]:
    """Names of 16 plain characters, each its own."""
    had: set[str] = set()
    labels: list[str] = []
    for channel in recording.channels:
        plain = channel.name.replace("µ", "u").encode("ascii", "replace").decode("ascii")
        label = re.sub(r"[^ -~]", "?", plain)[:16].strip() or "channel"
        number = 1
        base = label
        while label in had:
            number += 1
            label = f"{base[: 15 - len(str(number))]}~{number}"
        had.add(label)
        labels.append(label)
    return labels


def header_of(
    recording: Recording, records: Records, scales: list[Scale], notes_width: int, width: int
) -> bytes:
    """The whole header, with the channel of notes as the last."""
    n = len(recording.channels) + 1
    if n > MOST_SIGNALS:
        raise RecordingError(f"{recording.name}: {n - 1} channels are more than EDF can hold; choose some")
    kind = "BDF" if width == 3 else "EDF"
    date, clock, written = _start(recording.start)
    first = b"\xffBIOSEMI" if width == 3 else b"0       "
    fixed = [
        ("X X X X", 80), (f"Startdate {written} X X X", 80), (date, 8), (clock, 8), (str(256 * (n + 1)), 8),
        (f"{kind}+C", 44), (str(records.count), 8), (records.seconds, 8), (str(n), 4),
    ]  # fmt: skip
    electrode = f"{recording.electrode} electrode" if recording.electrode else ""
    units = ["uV" if channel.calibrated else "" for channel in recording.channels]
    edge = 1 << (8 * width - 1)
    columns = [
        ([*labels_of(recording), f"{kind} Annotations"], 16),
        ([electrode if c.kind == "emg" else "" for c in recording.channels] + [""], 80),
        ([*units, ""], 8),
        ([*(scale.low for scale in scales), "-1"], 8),
        ([*(scale.high for scale in scales), "1"], 8),
        ([*(str(scale.lowest) for scale in scales), str(-edge)], 8),
        ([*(str(scale.highest) for scale in scales), str(edge - 1)], 8),
        ([""] * n, 80),
        ([str(records.samples)] * (n - 1) + [str(notes_width // width)], 8),
        ([""] * n, 32),
    ]
    text = "".join(value.ljust(size) for value, size in fixed)
    text += "".join(value.ljust(size) for values, size in columns for value in values)
    return first + text.encode("ascii")


def _start(start: str) -> tuple[str, str, str]:
    """Date and time of the header, and the date as EDF+ writes it again with four digits."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?", start)
    if not found or not 1985 <= int(found[1]) <= 2084 or not 1 <= int(found[2]) <= 12:
        return "01.01.85", "00.00.00", "X"
    year, month, day = found[1], found[2], found[3]
    clock = ".".join(part or "00" for part in found.groups()[3:])
    return f"{day}.{month}.{year[2:]}", clock, f"{day}-{_MONTHS[int(month) - 1]}-{year}"


__all__ = ["Records", "Scale", "blocks", "extremes", "header_of", "labels_of", "records_of", "scale_of"]
