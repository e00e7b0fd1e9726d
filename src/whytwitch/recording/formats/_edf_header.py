"""The header of EDF and BDF, and the notes (TAL) of EDF+ and BDF+."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from whytwitch.recording._model import Annotation
from whytwitch.recording.formats._reader import broken
from whytwitch.recording.formats._stores import Bytes, Source

FIXED: Final = 256
_FIELDS: Final = (
    ("label", 16), ("transducer", 80), ("unit", 8), ("low", 8), ("high", 8), ("lowest", 8), ("highest", 8),
    ("filters", 80), ("per_record", 8), ("reserved", 32),
)  # fmt: skip
MOST_NOTES: Final = 200_000


@dataclass(frozen=True)
class EdfSignal:
    """One signal of the header; numbers are None where the header has none."""

    label: str
    transducer: str
    unit: str
    low: float | None
    high: float | None
    lowest: float | None
    highest: float | None
    per_record: int


@dataclass(frozen=True)
class EdfHeader:
    """What the header says. ``header_bytes`` is computed, ``said_bytes`` is what it claims."""

    width: int
    """Bytes a number: 2 (EDF) or 3 (BDF)."""
    plus: str
    """``C`` or ``D`` for EDF+ and BDF+, else empty."""
    start: str
    said_bytes: int | None
    n_records: int
    record_s: float
    signals: tuple[EdfSignal, ...]

    @property
    def header_bytes(self) -> int:
        """Where the records begin."""
        return FIXED * (len(self.signals) + 1)

    @property
    def record_bytes(self) -> int:
        """Size of one record."""
        return self.width * sum(signal.per_record for signal in self.signals)


def read_header(path: Path, source: Source) -> EdfHeader:
    """Parse the header.

    Raises:
        RecordingError: it is cut off or has no usable number of signals, records or samples.
    """
    if source.size < FIXED:
        raise broken(path, f"has {source.size} bytes, and the header of EDF alone has {FIXED}")
    fixed = source.read(0, FIXED).tobytes()
    n_signals = _number(fixed[252:256])
    if n_signals is None or n_signals < 1 or n_signals != int(n_signals):
        raise broken(path, f"the EDF header gives {_shown(fixed[252:256])} as the number of signals")
    n = int(n_signals)
    if source.size < FIXED * (n + 1):
        raise broken(path, f"the EDF header speaks of {n} signals but ends before describing them")
    record_s = _number(fixed[244:252])
    n_records = _number(fixed[236:244])
    reserved = fixed[192:197].decode("latin-1")
    return EdfHeader(
        width=3 if fixed[0] == 0xFF else 2,
        plus=reserved[4] if reserved[:4] in ("EDF+", "BDF+") and reserved[4:5] in ("C", "D") else "",
        start=_start(fixed),
        said_bytes=None if (said := _number(fixed[184:192])) is None else int(said),
        n_records=-1 if n_records is None else int(n_records),
        record_s=-1.0 if record_s is None else record_s,
        signals=_signals(path, source.read(FIXED, FIXED * n).tobytes(), n),
    )


def _signals(path: Path, raw: bytes, n: int) -> tuple[EdfSignal, ...]:
    columns: dict[str, list[bytes]] = {}
    at = 0
    for name, size in _FIELDS:
        columns[name] = [raw[at + i * size : at + (i + 1) * size] for i in range(n)]
        at += n * size
    out: list[EdfSignal] = []
    for i in range(n):
        count = _number(columns["per_record"][i])
        if count is None or count < 0 or count != int(count):
            said = _shown(columns["per_record"][i])
            raise broken(path, f"the EDF header gives {said} as the samples a record of signal {i + 1}")
        texts = [_text(columns[name][i]) for name in ("label", "transducer", "unit")]
        numbers = [_number(columns[name][i]) for name in ("low", "high", "lowest", "highest")]
        out.append(EdfSignal(texts[0], texts[1], texts[2], *numbers, per_record=int(count)))
    return tuple(out)


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return "".join(c for c in text if c.isprintable()).strip()


def _shown(raw: bytes) -> str:
    return repr(_text(raw)) if _text(raw) else "nothing"


def _number(raw: bytes) -> float | None:
    """A number of the header; a decimal comma is against the rules, and is seen."""
    text = _text(raw.replace(b"\0", b" ")).replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", text):
        return None
    return float(text)


def _start(fixed: bytes) -> str:
    """When it began, ISO 8601; empty where it cannot be told. The four-digit year is in EDF+ alone."""
    date = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d\d)", _text(fixed[168:176]))
    time = re.fullmatch(r"(\d\d)[.:](\d\d)[.:](\d\d)", _text(fixed[176:184]))
    if not date or not time:
        return ""
    day, month, year = (int(part) for part in date.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12) or (day, month, year) == (1, 1, 85):
        return ""  # 1 January 1985 is the date of those who tell none
    full = (1900 if year >= 85 else 2000) + year
    written = re.search(rb"Startdate \d\d-[A-Z]{3}-(\d{4})", fixed[88:168])
    if written:
        full = int(written[1])
    return f"{full:04d}-{month:02d}-{day:02d}T{':'.join(time.groups())}"


@dataclass
class Notes:
    """What the annotation channels say: the onset of each record, and the notes."""

    onsets: list[float | None]
    notes: list[Annotation]


_TAL: Final = re.compile(rb"([+-]\d+\.?\d*)(?:\x15(\d+\.?\d*))?\x14([^\x00]*)\x14\x00")


def read_notes(rows: Bytes) -> Notes:
    """Parse annotation channels, (n_records, n_bytes)."""
    onsets: list[float | None] = []
    notes: list[Annotation] = []
    for row in rows:
        raw = row.tobytes()
        first = True
        onsets.append(None)
        for found in _TAL.finditer(raw):
            onset = _seconds(found[1])
            texts = found[3].split(b"\x14")
            if first and texts[0] == b"":
                onsets[-1] = onset
            first = False
            duration = _seconds(found[2]) if found[2] else 0.0
            notes += [Annotation(onset, duration, said) for text in texts if (said := _text(text))]
        if len(notes) > MOST_NOTES:
            break
    return Notes(onsets, notes)


def _seconds(raw: bytes) -> float:
    return min(float(raw[:32]), 1e9)


__all__ = ["EdfHeader", "EdfSignal", "Notes", "read_header", "read_notes"]
