"""Laboratory reports as tables: one row a test, with its result, unit and reference interval."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from whytwitch.case._complete import complete
from whytwitch.case._model import Case, CaseError, LabResult, Span
from whytwitch.case._read import read_text
from whytwitch.knowledge import Catalogue, Setting

MOST_ROWS: Final = 2000

_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "test": ("test", "analyte", "name", "parameter", "component", "investigation", "measurement", "lab"),
    "value": ("result", "value", "measured", "reading"),
    "unit": ("unit", "units"),
    "range": ("reference", "range", "interval", "normal", "ref"),
    "flag": ("flag", "abnormal", "status"),
}
_NUMBER: Final = re.compile(r"\s*[<>≤≥]?\s*[-+]?\d+(?:[.,]\d+)?\s*(?:[HhLl*]+)?\s*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_FLAGS: Final = {"h": "high", "high": "high", "hh": "high", "l": "low", "low": "low", "ll": "low"}


def read_lab_table(text: str, catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Read a table of laboratory values (separated by comma, semicolon or tab, with or without heads).

    Each row is read as the sentence it would be in a letter, so that names, units and intervals are
    understood in one way. Rows that nobody here understands are listed, not dropped.

    Args:
        text: of the file.
        catalogue: the vocabulary.
        setting: where the question is asked.

    Raises:
        CaseError: there is no table, or no row of it is a laboratory value.
    """
    rows = _rows(text)
    columns = _columns(rows)
    body = rows[1:] if "head" in columns else rows
    labs: dict[str, LabResult] = {}
    unread: list[Span] = []
    for row in body:
        line = _line(row, columns)
        found = read_text(line, catalogue).labs if _LETTER.search(line) else ()
        labs.update((lab.analyte, lab.model_copy(update={"span": _span(line)})) for lab in found)
        if not found and any(row):
            unread.append(_span(" ".join(filter(None, row))[:200]))
    if not labs:
        raise CaseError(
            "no laboratory value was found in this table; give one row a test, such as "
            "“Potassium,3.1,mmol/L”. If it is a muscle recording, open it as a recording"
        )
    case = Case(labs=tuple(labs.values()), not_understood=tuple(unread), setting=setting)
    return complete(case, catalogue)


def _rows(text: str) -> list[list[str]]:
    """The cells, stripped; the separator is the one that the first lines have in common."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise CaseError("the table is empty; give one row a test")
    if len(lines) > MOST_ROWS:
        raise CaseError(
            f"the table has {len(lines)} rows (the limit is {MOST_ROWS}); give the part that matters"
        )
    # A decimal comma makes commas common, so the rarer separators are asked first.
    counts = {mark: min(line.count(mark) for line in lines[:5]) for mark in "\t;,"}
    mark = next((mark for mark, count in counts.items() if count), ",")
    try:
        return [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
        ]
    except csv.Error as error:
        raise CaseError(f"the table cannot be read ({error}); save it as CSV") from error


def _columns(rows: list[list[str]]) -> dict[str, int]:
    """Which column is what: by its head, else by what stands in it."""
    named: dict[str, int] = {}
    for index, cell in enumerate(rows[0]):
        words = re.findall(r"[a-z]+", cell.lower())
        for what, heads in _HEADS.items():
            if what not in named and any(word in heads for word in words):
                named[what] = index
                break
    if "value" in named and not _NUMBER.fullmatch(_cell(rows[0], named["value"])):
        named.setdefault("test", 0)
        return {**named, "head": 0}
    numbers = [i for i, cell in enumerate(rows[0]) if i and _NUMBER.fullmatch(cell)]
    value = numbers[0] if numbers else 1
    return {"test": 0, "value": value, "unit": value + 1, "range": value + 2}


def _line(row: list[str], columns: Mapping[str, int]) -> str:
    """``Potassium 3.1 mmol/L (3.5-5.0)``; empty where there is no name or no value."""
    test, value = _cell(row, columns.get("test")), _cell(row, columns.get("value"))
    if not test or not value:
        return ""
    parts = list(_parts(test, value, row, columns))
    return " ".join(" ".join(parts).split())[:300]


def _parts(test: str, value: str, row: list[str], columns: Mapping[str, int]) -> Iterator[str]:
    yield test
    if not _NUMBER.fullmatch(value):
        yield value
        return
    yield value.rstrip("HhLl* ").replace(",", ".")
    yield _cell(row, columns.get("unit"))
    if interval := _cell(row, columns.get("range")).strip("()[] "):
        yield f"({interval})"
    if flag := _FLAGS.get(_cell(row, columns.get("flag")).lower()):
        yield flag


def _cell(row: list[str], index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)


__all__ = ["read_lab_table"]
