"""Tables of numbers in plain characters: CSV, TSV, TXT, with or without heading and times."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._reader import Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import ArrayStore
from whytwitch.recording.formats._table_layout import Layout, cells, layout_of
from whytwitch.recording.formats._trigno import describe_trigno
from whytwitch.recording.formats._units import split_unit

LARGEST: Final = 1 << 30
LONGEST_LINE: Final = 1 << 23
PIECE: Final = 1 << 22
LOOK: Final = 1 << 16
LOOK_LINES: Final = 200

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_RATE: Final = re.compile(
    r"(?:sampl\w*[\s_-]*(?:rate|freq\w*)|\bfs\b|\bsfreq\b|\bfrequency\b|abtastrate)[^\d\n]{0,24}?"
    r"(?P<rate>\d+(?:[.,]\d+)?(?:e[+-]?\d{1,3})?)\s*(?P<kilo>k(?=hz))?",
    re.IGNORECASE,
)
_LABELS: Final = re.compile(r"^\W*labels?\W+(?P<labels>.+)$", re.IGNORECASE | re.MULTILINE)
_UNIT: Final = re.compile(r"^\W*units?\W+(?P<unit>[\wµμ]{1,10})\W*$", re.IGNORECASE | re.MULTILINE)
_TIME: Final = re.compile(
    r"^(time\w*|t|x|zeit|temps|tiempo|tempo|elapsed.*|sec\w*|timestamps?|ms)$", re.IGNORECASE
)
_COUNTER: Final = re.compile(
    r"^(nseq|index|sample(s|[ _]?(no|number|index|id))?|frame|counter|n|#|no\.?)$", re.IGNORECASE
)
_SECONDS: Final = {
    "": 1.0, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3,
    "milliseconds": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9,
}  # fmt: skip

IRREGULAR: Final = Problem(
    "The column of times is not regular: samples are missing or out of order. "
    "They are taken as one after the other.",
    "Export it again without gaps.",
)


class TableReader(Reader):
    """Tables of numbers."""

    name = "CSV, TSV, TXT"
    order = 90
    extensions = (".csv", ".tsv", ".txt", ".asc")

    def recognizes(self, given: Given) -> bool:
        """Where the first lines are a table, and the bytes are characters."""
        if not given.head:
            return False
        encoding = _encoding(given.head)
        if encoding == "latin-1" and any(byte < 9 or 13 < byte < 32 for byte in given.head):
            return False
        lines = given.head.decode(encoding, "replace").lstrip("\ufeff").splitlines()
        return layout_of(lines[:-1] or lines) is not None

    def open(self, given: Given) -> Found:
        """Read the whole table."""
        path = given.path
        return read_table(path, "CSV" if path.suffix.lower() != ".txt" else "text")


def read_table(path: Path, form: str, skip: int = 0) -> Found:
    """Read a table.

    Args:
        path: the file.
        form: what to call the format.
        skip: bytes before the table, of a header that somebody else has read.

    Raises:
        RecordingError: it is none, or too large.
    """
    if path.stat().st_size > LARGEST:
        raise broken(path, "is a table of more than 1 GiB", "export it as EDF, which can be read in pieces")
    with path.open("rb") as file:
        file.seek(skip)
        head = file.read(LOOK)
    encoding = _encoding(head)
    lines = head.decode(encoding, "replace").lstrip("\ufeff").splitlines()
    lines = lines[:-1] if len(head) == LOOK else lines
    layout = layout_of(lines[:LOOK_LINES])
    if layout is None or not layout.columns:
        raise broken(
            path, "no table of numbers is found in it", "export it as a CSV with one column a channel"
        )
    heading = [split_unit(title) for title in layout.heading]
    read = _Rows(path, layout, clock_at=next(iter(_times(heading)), 0))
    for text in _pieces(path, encoding, skip):
        read.take(text)
    return _described(path, form, layout.preamble, heading, read)


def _encoding(head: bytes) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if len(head) > 3 and head[1:4:2] == b"\0\0":
        return "utf-16-le"
    return "latin-1"


def _pieces(path: Path, encoding: str, skip: int) -> Iterator[list[str]]:
    """Lines, a few MB of them at a time."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    begun = False
    with path.open("rb") as file:
        file.seek(skip)
        while piece := file.read(PIECE):
            rest += decoder.decode(piece) if begun else decoder.decode(piece).lstrip("\ufeff")
            begun = True
            cut = rest.rfind("\n") + 1 or rest.rfind("\r") + 1
            if cut:
                yield rest[:cut].splitlines()
            rest = rest[cut:]
            if len(rest) > LONGEST_LINE:
                raise broken(path, "has a line of more than 8 million characters", "export one row a sample")
    if rest.strip():
        yield rest.splitlines()


@dataclass
class _Rows:
    """Gathers rows; those that are not as wide as the others are padded or left out, and counted."""

    path: Path
    layout: Layout
    clock_at: int
    """The column that may be times, of which every digit is kept."""
    parts: list[NDArray[np.float32]] = field(default_factory=list)
    clock: list[NDArray[np.float64]] = field(default_factory=list)
    seen: int = 0
    odd: int = 0

    def take(self, lines: list[str]) -> None:
        """Parse some lines."""
        if self.seen < self.layout.first_row:
            past = min(len(lines), self.layout.first_row - self.seen)
            self.seen += past
            lines = lines[past:]
        if not lines:
            return
        rows = self._fast(lines) if self.odd == 0 else self._slow(lines)
        if len(rows):
            self.clock.append(rows[:, self.clock_at].copy())
            with np.errstate(over="ignore"):
                self.parts.append(rows.astype(np.float32))

    def _fast(self, lines: list[str]) -> NDArray[np.float64]:
        text = "\n".join(lines)
        if not text.strip():
            return np.empty((0, len(self.layout.columns)))
        if self.layout.decimal_comma:
            text = text.replace(",", ".")
        try:
            return np.loadtxt(
                io.StringIO(text), np.float64, comments=None, delimiter=self.layout.separator, ndmin=2,
                usecols=self.layout.columns,
            )  # fmt: skip
        except ValueError:
            return self._slow(lines)

    def _slow(self, lines: list[str]) -> NDArray[np.float64]:
        layout = self.layout
        rows: list[list[float]] = []
        for line in lines:
            if not line.strip():
                continue
            row = cells(line, layout.separator)
            if len(row) != layout.width:
                self.odd += 1
                continue
            rows.append([_number(row[c], layout) for c in layout.columns])
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(layout.columns))

    def values(self) -> NDArray[np.float32]:
        """All rows."""
        if not self.parts:
            raise broken(
                self.path, "no row of numbers is found in it", "export it as a CSV with one column a channel"
            )
        if self.odd > sum(map(len, self.parts)):
            raise broken(
                self.path, f"{self.odd} rows are not as wide as the others", "export it again as a table"
            )
        return np.concatenate(self.parts) if len(self.parts) > 1 else self.parts[0]

    def problems(self) -> list[Problem]:
        """What was left out."""
        if not self.odd:
            return []
        return [
            Problem(f"{self.odd} lines are not as wide as the others and were left out.", "Export it again.")
        ]


def _number(cell: str, layout: Layout) -> float:
    try:
        return float(cell.replace(",", ".") if layout.decimal_comma else cell)
    except ValueError:
        return float("nan")


def _described(path: Path, form: str, preamble: str, heading: list[tuple[str, str]], read: _Rows) -> Found:
    """Tell times and counters from signals, and name the columns."""
    values, problems = read.values(), read.problems()
    clock = np.concatenate(read.clock)
    times, passed = _not_signals(heading, clock, values.shape[1])
    rate = _stated_rate(preamble)
    if times is not None:
        of_times, irregular = _rate_of(clock, heading[times][1] if heading else "")
        rate = of_times or rate
        if irregular:
            problems.append(IRREGULAR)
    keep = [c for c in range(values.shape[1]) if c not in passed]
    if not keep:
        raise broken(path, "has times but no signal", "export one column a channel")
    array = np.ascontiguousarray(values[:, keep].T)
    tracks = _tracks(keep, heading, preamble)
    found = Found(form, ArrayStore(array), tracks, rate, (path,), problems=problems)
    describe_trigno(found, preamble)
    return found


def _tracks(keep: list[int], heading: list[tuple[str, str]], preamble: str) -> list[Track]:
    if heading:
        return [Track(heading[c][0] or f"column {c + 1}", heading[c][1]) for c in keep]
    said, unit = _LABELS.search(preamble), _UNIT.search(preamble)
    labels = [label.strip() for label in re.split(r"[,;\t]", said["labels"])] if said else []
    if len(labels) != len(keep):
        labels = [f"column {c + 1}" for c in keep]
    return [Track(label, unit["unit"] if unit else "") for label in labels]


def _stated_rate(preamble: str) -> float | None:
    """A sampling rate in the lines above the table."""
    found = _RATE.search(preamble)
    if not found:
        return None
    return float(found["rate"].replace(",", ".")) * (1000.0 if found["kilo"] else 1.0)


def _times(heading: list[tuple[str, str]]) -> list[int]:
    """Columns that are called times."""
    return [c for c, (name, unit) in enumerate(heading) if _TIME.match(name) and unit.lower() in _SECONDS]


def _not_signals(
    heading: list[tuple[str, str]], clock: NDArray[np.float64], width: int
) -> tuple[int | None, set[int]]:
    """The column of times, and all columns that are times or counters."""
    named = _times(heading)
    counters = {c for c, (name, _) in enumerate(heading) if _COUNTER.match(name)}
    if named and width > 1:
        return named[0], {*named, *counters}
    if width < 2 or len(clock) < 3 or (heading and not heading[0][0].isdecimal()):
        return None, counters
    steps = np.diff(clock)
    middle = float(np.median(steps))
    if not np.isfinite(middle) or middle <= 0 or np.abs(steps - middle).max() > 0.01 * middle + 1e-6:
        return None, counters
    return (None if middle >= 1 else 0), {0, *counters}


def _rate_of(times: NDArray[np.float64], unit: str) -> tuple[float | None, bool]:
    """Samples a second of a column of times, and whether some are missing."""
    times = times[np.isfinite(times)] * _SECONDS[unit.lower()]
    if len(times) < 3:
        return None, False
    steps = np.diff(times)
    middle = float(np.median(steps))
    span = float(times[-1] - times[0])
    if middle <= 0 or span <= 0:
        return None, True
    # Rounding in the file makes single steps uneven; a step of two is a sample that is missing.
    irregular = bool((np.abs(steps - middle) > 0.9 * middle).any())
    rate = 1 / middle if irregular else (len(times) - 1) / span
    whole = round(rate)
    return (float(whole) if whole and abs(rate - whole) < 2e-5 * rate else rate), irregular


__all__ = ["TableReader", "read_table"]
