"""The diary as a file: JSON that can be read back, CSV for tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from whytwitch.app.diary._entry import DiaryError, Entry, Measured, Triggers, checked, said
from whytwitch.knowledge import Catalogue

FORMAT: Final = "whytwitch-diary"
VERSION: Final = 1
MOST_ENTRIES: Final = 100_000
MOST_PROBLEMS: Final = 5

COLUMNS: Final = (
    "when", "places", "twitches", "watched_minutes", "daily", "bother", "noticed",
    *Triggers.model_fields,
    *(f"measured_{name}" for name in Measured.model_fields),
    "note", "key",
)  # fmt: skip

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet run a cell instead of showing it."""


def to_json(entries: Iterable[Entry]) -> str:
    """All entries in the order given, one a line, as UTF-8 text that :func:`from_json` reads back."""
    lines = [json.dumps(e.model_dump(mode="json", exclude_none=True), ensure_ascii=False) for e in entries]
    body = ",\n".join(lines)
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "entries": [\n{body}\n]}}\n'


def from_json(data: bytes, catalogue: Catalogue, now: datetime) -> tuple[Entry, ...]:
    """Read an exported diary, all of it or nothing.

    Args:
        data: the file.
        catalogue: the knowledge that names places and findings.
        now: with an offset; no entry may lie later.

    Raises:
        DiaryError: it is no exported diary, or entries are wrong; the message names up to five.
    """
    rows = _rows(data)
    found: list[Entry] = []
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(checked(Entry.model_validate(row), catalogue, now))
        except ValidationError as error:
            problems.append(f"Entry {number}: {said(error)}.")
        except DiaryError as error:
            problems.append(f"Entry {number}: {error}.")
        if len(problems) == MOST_PROBLEMS:
            break
    if problems:
        raise DiaryError("\n".join(["Nothing was imported.", *problems]))
    return tuple(found)


def _rows(data: bytes) -> list[Any]:
    try:
        read = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DiaryError(
            f"This is no JSON file ({_first_line(error)}). Choose a diary saved as JSON."
        ) from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise DiaryError("This JSON file is no diary of whytwitch. Choose one that was saved here.")
    if read.get("version") != VERSION:
        version = str(read.get("version"))[:20]
        raise DiaryError(f"This diary was saved in version {version}; only version {VERSION} can be read.")
    rows = read.get("entries")
    if not isinstance(rows, list):
        raise DiaryError("This diary has no list of entries; the file is damaged.")
    if len(rows) > MOST_ENTRIES:
        raise DiaryError(f"This diary has {len(rows):,} entries; at most {MOST_ENTRIES:,} can be read.")
    return rows


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["too deeply nested"])[0][:120]


# --- tables ---------------------------------------------------------------------------------------


def to_csv(entries: Iterable[Entry]) -> str:
    """All entries as a table, in order of time; no cell starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in sorted(entries, key=lambda e: e.when):
        row = _cells(entry)
        writer.writerow([_safe(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cells(entry: Entry) -> dict[str, object]:
    counted, measured = entry.counted, entry.measured
    cells: dict[str, object] = {
        "when": entry.when.isoformat(),
        "places": "; ".join(f"{p.side} {p.site}" if p.side else p.site for p in entry.places),
        "twitches": counted and counted.twitches,
        "watched_minutes": counted and counted.minutes,
        "daily": entry.daily,
        "bother": entry.bother,
        "noticed": "; ".join(entry.noticed),
        **entry.triggers.model_dump(),
        "note": entry.note,
        "key": entry.key,
    }
    for name in Measured.model_fields:
        cells[f"measured_{name}"] = measured and getattr(measured, name)
    return cells


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value


__all__ = ["COLUMNS", "from_json", "to_csv", "to_json"]
