"""Excitability data from the text that QtracP exports (``.MEM``), with or without any of its sections."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability._curves import CONDITIONING_MS, kind
from whytwitch.physiology.excitability._read_table import Content, index_name, number

_SECTIONS: Final = re.compile(
    r"^\s*(STIMULUS[- ]RESPONSE DATA|CHARGE[- ]DURATION DATA|STRENGTH[- ]DURATION DATA"
    r"|THRESHOLD ELECTROTONUS DATA|RECOVERY CYCLE DATA|THRESHOLD I/V DATA"
    r"|DERIVED EXCITABILITY VARIABLES|EXTRA VARIABLES)",
    re.MULTILINE,
)
_OTHER_SECTION: Final = re.compile(r"^\s{0,4}([A-Z][A-Z /\-()]{3,40}(?:DATA|WAVEFORMS))\b")
_HEADER: Final = re.compile(r"^\s{0,4}([A-Z][A-Za-z /]{1,20}):\s*(.*)$")
_ROW: Final = re.compile(r"^\s*(SR|QT|SD|TE|RC|IV)(\d{0,3})\.\d{1,4}\s+(\S.*)$")
_DERIVED: Final = re.compile(r"^\s*\d{1,4}\.\s+(\S+)\s+(\S.*)$")
_EXTRA: Final = re.compile(r"^\s*(\S[^=]{0,60}?)\s*=\s*(\S+)")
_LARGEST_RESPONSE: Final = re.compile(
    r"^\s*Max CMAP\s+(\S{1,12}) ms\s*=\s*(\S{1,20})\s*([uµm])V", re.IGNORECASE
)

_ABOUT: Final = {
    "protocol": "protocol", "date": "date", "age": "age", "sex": "sex", "temperature": "temperature",
    "s/r sites": "site", "nc/disease": "disease",
}  # fmt: skip
"""What is kept of the heading: nothing that names a person."""

_FIRST_SETS: Final = ("", "1")


@dataclass(slots=True)
class _Draft:
    """A record while it is read."""

    content: Content = field(default_factory=Content)
    electrotonus: dict[str, list[list[float]]] = field(default_factory=dict)
    widths_ms: list[float] = field(default_factory=list)
    strengths: list[list[float]] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return bool(self.content.points or self.content.indices or self.electrotonus or self.strengths)


def is_mem(text: str) -> bool:
    """Whether a text has a section of such an export."""
    return _SECTIONS.search(text) is not None


def mem_records(text: str) -> list[Content]:
    """The tests in a text, one after another."""
    drafts = [_Draft()]
    for line in text.splitlines():
        header = _HEADER.match(line)
        if header and header[1] == "File" and drafts[-1].begun:
            drafts.append(_Draft())
        if header:
            _take_header(drafts[-1].content, header[1].casefold(), header[2].strip())
        else:
            _take_line(drafts[-1], line)
    return [_finished(draft) for draft in drafts]


def _take_header(content: Content, key: str, value: str) -> None:
    if key in _ABOUT and value:
        content.about.setdefault(_ABOUT[key], value[:80])
        degrees = number(value) if key == "temperature" else None
        if degrees:
            content.add_index("Temperature", degrees)


def _take_line(draft: _Draft, line: str) -> None:
    row = _ROW.match(line)
    if row:
        values = [number(cell) for cell in row[3].split()]
        if None not in values:
            _take_row(draft, row[1], row[2], [value for value in values if value is not None])
    elif response := _LARGEST_RESPONSE.match(line):
        _take_response(draft, response)
    elif line.startswith("Program"):
        draft.content.about.setdefault("program", line.partition("=")[2].strip()[:80])
    elif derived := _DERIVED.match(line) or _EXTRA.match(line):
        value, label = (derived[1], derived[2]) if derived.re is _DERIVED else (derived[2], derived[1])
        _take_derived(draft.content, label, number(value))
    elif (other := _OTHER_SECTION.match(line)) and not _SECTIONS.match(line):
        draft.content.unread[other[1].strip()] = None


def _take_derived(content: Content, label: str, value: float | None) -> None:
    """QtracP writes 0 for what it could not derive."""
    name = index_name(label)
    if name and value:
        content.add_index(name, value)


def _take_response(draft: _Draft, found: re.Match[str]) -> None:
    width, size = number(found[1]), number(found[2])
    if width is None or size is None:
        return
    draft.widths_ms.append(width)
    if abs(width - 1.0) < 0.01 and size > 0:
        draft.content.add_index("Peak CMAP response", size * (1.0 if found[3] in "mM" else 1e-3))


def _take_row(draft: _Draft, code: str, which: str, values: Sequence[float]) -> None:
    if code == "TE":
        draft.electrotonus.setdefault(which, []).append(list(values))
    elif code == "SD":
        draft.strengths.append(list(values))
    elif which not in _FIRST_SETS and code in ("RC", "IV"):
        draft.content.unread[f"{code}{which}"] = None
    elif len(values) >= 2:
        _ADD[code](draft.content, values)


def _add_stimulus(content: Content, values: Sequence[float]) -> None:
    """Percent, then the stimulus of each width; the widest is last. One below zero marks a failure."""
    if values[-1] > 0:
        content.add_point("SR", values[-1], values[0])


def _add_charge(content: Content, values: Sequence[float]) -> None:
    content.add_point("CD", values[0], values[2] if len(values) > 2 else values[0] * values[1])


_ADD: Final[dict[str, Callable[[Content, Sequence[float]], None]]] = {
    "SR": _add_stimulus,
    "QT": _add_charge,
    "RC": lambda content, values: content.add_point("RC", values[0], values[1]),
    "IV": lambda content, values: content.add_point("IV", values[0], values[1]),
}


def _finished(draft: _Draft) -> Content:
    content = draft.content
    for which, rows in draft.electrotonus.items():
        named = _electrotonus([row for row in rows if len(row) == 3])
        if named is None or named[0] in content.points:
            content.unread[f"TE{which}"] = None
        else:
            content.points[named[0]] = named[1]
    if "CD" not in content.points:
        for width, current in _at_half(draft):
            content.add_point("CD", width, width * current)
    if content.unread:
        content.about["left out"] = ", ".join(list(content.unread)[:20])
    return content


def _electrotonus(rows: Sequence[Sequence[float]]) -> tuple[str, list[tuple[float, float]]] | None:
    """Name and points of one set, told by its current; moved to where the current starts at 10 ms."""
    flowing = [(delay, current) for delay, current, _ in rows if current]
    currents = [current for _, current in flowing]
    if not flowing or max(currents) - min(currents) > 0.3 * abs(currents[0]):
        return None
    start = min(delay for delay, _ in flowing)
    end = min((delay for delay, current, _ in rows if not current and delay > start), default=start + 100)
    level = round(float(np.median(currents)) / 10) * 10
    name = f"TE{'d' if level > 0 else 'h'}{abs(level)}" + (
        f"/{end - start:.0f}" if abs(end - start - 100) > 5 else ""
    )
    try:
        kind(name)
    except PhysiologyError:
        return None
    shift = CONDITIONING_MS[0] - start
    return name, [(delay + shift, reduction) for delay, _, reduction in rows if delay + shift >= 0]


def _at_half(draft: _Draft) -> list[tuple[float, float]]:
    """Width and current for half the largest response, from the older strength–duration section."""
    halves = [row for row in draft.strengths if row[0] == 50]
    if len(draft.widths_ms) != 2 or len(halves) != 1 or len(halves[0]) < 3:
        return []
    return list(zip(draft.widths_ms, halves[0][1:3], strict=True))
