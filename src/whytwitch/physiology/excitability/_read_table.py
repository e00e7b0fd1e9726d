"""Excitability data from a table, and what both readers share: names and numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability._curves import kind
from whytwitch.physiology.excitability._indices import UNITS


@dataclass(slots=True)
class Content:
    """What was found in a file, before it is checked."""

    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    indices: dict[str, float] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    """Names that were not understood, in order, each once."""

    def add_point(self, name: str, x: float, y: float) -> None:
        self.points.setdefault(name, []).append((x, y))

    def add_index(self, name: str, value: float) -> None:
        if abs(value) > LARGEST_INDEX:
            raise PhysiologyError(f"{name} is {value:g}: no index is beyond ±{LARGEST_INDEX:g}")
        self.indices[name] = value


LARGEST_INDEX: Final = 1e5

_NUMBER: Final = re.compile(r"[+-]?(\d{1,15}([.,]\d{0,15})?|[.,]\d{1,15})([eE][+-]?\d{1,2})?", re.ASCII)
_UNIT_AT_END: Final = re.compile(r"\((?:ma|mv|ms|%|years|[°\s]*c|% threshold)\)$")

_OTHER_NAMES: Final = {
    "stimulus (ma) for 50% max response": "Stimulus for 50% max response",
    "hyperpol. i/v slope": "Hyperpolarising I/V slope",
    "hyperpolarizing i/v slope": "Hyperpolarising I/V slope",
    "peak response": "Peak CMAP response",
    "peak cmap": "Peak CMAP response",
    "rrp": "Relative refractory period",
    "sdtc": "Strength-duration time constant",
    "refractoriness at 2.5ms": "Refractoriness at 2.5 ms",
    "refractoriness at 2ms": "Refractoriness at 2 ms",
}
_BY_FOLDED: Final = {name.casefold(): name for name in UNITS} | _OTHER_NAMES

_HEADINGS: Final = {
    "name": ("trace", "index", "variable", "name"),
    "x": ("x", "delay", "interval", "current", "width", "duration", "stimulus"),
    "y": ("y", "value", "mean", "response", "charge"),
    "imputed": ("imputed", "was imputed"),
}


def index_name(label: str) -> str | None:
    """The name of an index in ``UNITS``, from QtracP's label or one much like it."""
    folded = " ".join(label.replace("\\", " ").casefold().split())
    bare = _UNIT_AT_END.sub("", folded).strip()
    return _BY_FOLDED.get(folded) or _BY_FOLDED.get(bare)


def number(cell: str) -> float | None:
    """The number a cell holds, with a decimal point or comma, or None."""
    cell = cell.strip().replace("\N{MINUS SIGN}", "-")
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def trace_name(label: str) -> str | None:
    """The name of a trace, whatever its case."""
    for name in (label, label.upper(), label[:2].upper() + label[2:].lower()):
        try:
            kind(name)
        except PhysiologyError:
            continue
        return name
    return None


def table_content(text: str) -> Content:
    """What a table says. Rows that name neither an index nor a trace are left out, and told."""
    content = Content()
    columns: dict[str, int] = {}
    for row in _rows(text):
        heading = _heading(row)
        if heading:
            columns = heading
        elif any(row):
            _take(content, row, columns)
    if content.unread:
        content.about["left out"] = ", ".join(list(content.unread)[:20])
    return content


def _rows(text: str) -> Iterator[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first)):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise PhysiologyError(f"not a table: {error}") from error


def _separator(line: str) -> str:
    """Tab or semicolon where there is one: either leaves the comma to the numbers."""
    best = max("\t;", key=line.count)
    return best if best in line else ","


def _heading(row: Sequence[str]) -> dict[str, int]:
    """Where the columns are, if the row names them."""
    folded = [re.sub(r"\(.*?\)", "", cell).strip().casefold() for cell in row]
    found = {
        role: next((folded.index(word) for word in words if word in folded), -1)
        for role, words in _HEADINGS.items()
    }
    return found if found["name"] >= 0 and found["y"] >= 0 else {}


def _take(content: Content, row: Sequence[str], columns: dict[str, int]) -> None:
    def cell(role: str) -> str:
        at = columns.get(role, -1)
        return row[at] if 0 <= at < len(row) else ""

    if number(cell("imputed")):
        return
    label = cell("name") if columns else row[0]
    values = [number(cell("x")), number(cell("y"))] if columns else [number(text) for text in row[1:]]
    numbers = [value for value in values if value is not None]
    trace, index = trace_name(label), index_name(label)
    if trace and len(numbers) >= 2:
        content.add_point(trace, *numbers[:2])
    elif index and numbers:
        content.add_index(index, numbers[-1] if columns else numbers[0])
    elif label:
        content.unread[label[:40]] = None
