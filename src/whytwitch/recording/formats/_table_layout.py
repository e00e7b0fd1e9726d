"""How a table of numbers in plain characters is laid out: encoding, separator, decimals, heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

MOST_COLUMNS: Final = 20_000
_SEPARATORS: Final = ("\t", ";", ",", None)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_COMMA_NUMBER: Final = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$")
_NOTHING: Final = frozenset(
    {"", "nan", "na", "n/a", "null", "none", "inf", "-inf", "+inf", "infinity", "-infinity"}
)
_ROWS_IN_A_ROW: Final = 3


@dataclass(frozen=True)
class Layout:
    """How rows are cut into cells. ``separator`` None is any white space."""

    separator: str | None
    decimal_comma: bool
    first_row: int
    """Line of the first row of numbers."""
    columns: tuple[int, ...]
    """Those that hold numbers."""
    width: int
    """Cells of a row."""
    heading: tuple[str, ...]
    """Of the columns kept; empty where there is none."""
    preamble: str
    """The lines above."""


def cells(line: str, separator: str | None) -> list[str]:
    """The cells of a line, without blanks and quotation marks."""
    return [cell.strip().strip('"').strip() for cell in line.strip("\r\n").split(separator)]


def is_number(cell: str, *, decimal_comma: bool) -> bool:
    """Whether a cell is a number."""
    return bool((_COMMA_NUMBER if decimal_comma else _NUMBER).match(cell))


def layout_of(lines: list[str]) -> Layout | None:
    """The layout that makes most numbers of the lines; None where they are no table."""
    best: tuple[tuple[bool, int], Layout] | None = None
    for separator in _SEPARATORS:
        for decimal_comma in (False, True):
            if decimal_comma and separator == ",":
                continue
            found = _try(lines, separator, decimal_comma=decimal_comma)
            if found and (best is None or found[0] > best[0]):
                best = found
    return best[1] if best else None


def _try(
    lines: list[str], separator: str | None, *, decimal_comma: bool
) -> tuple[tuple[bool, int], Layout] | None:
    """A layout and its score: whether rows are nothing but numbers, and how many these are."""
    rows = [cells(line, separator) for line in lines]
    numeric = [sum(is_number(cell, decimal_comma=decimal_comma) for cell in row) for row in rows]
    strict = [
        count > 0 and all(is_number(c, decimal_comma=decimal_comma) or c.lower() in _NOTHING for c in row)
        for row, count in zip(rows, numeric, strict=True)
    ]
    full = [s or (n > 1 and 2 * n > len(row)) for s, n, row in zip(strict, numeric, rows, strict=True)]
    body = [i for i, line in enumerate(lines) if line.strip()]
    first = _first_steady(rows, full, body)
    if first is None:
        return None
    width = len(rows[first])
    if width > MOST_COLUMNS:
        return None
    inside = [rows[i] for i in body if i >= first and full[i] and len(rows[i]) == width]
    columns = tuple(
        c for c in range(width) if any(is_number(row[c], decimal_comma=decimal_comma) for row in inside)
    )
    before = [i for i in body if i < first]
    heading = _heading(lines[before[-1]], separator, width) if before else ()
    layout = Layout(
        separator, decimal_comma, first, columns, width,
        tuple(heading[c] for c in columns) if heading else (), "\n".join(lines[i] for i in before),
    )  # fmt: skip
    if separator == "," and _are_decimals(inside):
        return None
    counted = [i for i in body if i >= first]
    pure = sum(strict[i] for i in counted) >= 0.9 * len(counted)
    return (pure, sum(numeric[i] for i in counted)), layout


def _are_decimals(rows: list[list[str]]) -> bool:
    """Whether two columns are the halves of numbers with a decimal comma, as ``0,050`` shows."""
    halves = [row for row in rows if len(row) == 2]
    return (
        len(halves) == len(rows)
        and all(half.lstrip("-").isdecimal() for row in halves for half in row)
        and any(row[1].startswith("0") and len(row[1]) > 1 for row in halves)
    )


def _first_steady(rows: list[list[str]], full: list[bool], body: list[int]) -> int | None:
    """The first row of numbers that is followed by others as wide."""
    if len(body) == 1 and full[body[0]]:
        return body[0]
    for place, i in enumerate(body):
        group = body[place : place + _ROWS_IN_A_ROW]
        alike = all(len(rows[a]) == len(rows[b]) for a, b in pairwise(group))
        if len(group) > 1 and all(full[j] for j in group) and alike:
            return i
    last = body[-1] if body else None
    return last if last is not None and full[last] else None


def _heading(line: str, separator: str | None, width: int) -> list[str]:
    if ":=" in line:
        return []
    line = line.lstrip("\ufeff#%;/ \t") if separator != ";" else line.lstrip("\ufeff#%/ ")
    heading = cells(line, separator)
    if len(heading) == width and any(heading) and not all(is_number(c, decimal_comma=False) for c in heading):
        return heading
    return []


__all__ = ["MOST_COLUMNS", "Layout", "cells", "is_number", "layout_of"]
