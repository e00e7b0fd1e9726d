"""The potentials as a table, and one of them with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Found
from whytwitch.recording import KINDS, UNSORTED, Kind

ROWS: Final = 40
"""Rows of one page of the table."""


@dataclass(frozen=True)
class EventRow:
    """One potential in plain text."""

    number: int
    onset_s: float
    at: str
    unit: int
    kind: Kind
    status: str
    status_said: str
    amplitude: str
    duration: str
    confidence: str
    channel: str


@dataclass(frozen=True)
class Table:
    """A page of the table, with where the next and the last begin."""

    rows: tuple[EventRow, ...]
    total: int
    first: int
    before: float | None
    after: float | None


def row_of(found: Found, i: int) -> EventRow:
    """A row of ``Reviewed.every``."""
    reviewed, source = found.reviewed, found.twitches.source
    every, onset = reviewed.every, float(reviewed.every.onset_s[i])
    status = reviewed.shown[i]
    size = float(every.amplitude[i])
    return EventRow(
        number=int(reviewed.number[i]),
        onset_s=onset,
        at=clock(onset),
        unit=int(every.unit[i]),
        kind=next(kind for kind in KINDS if kind == every.kind[i]),
        status=status,
        status_said=say.STATUS[status],
        amplitude=f"{size:.0f} µV" if source.calibrated and np.isfinite(size) else "–",
        duration=f"{every.duration_ms[i]:.0f} ms",
        confidence=f"{every.confidence[i]:.2f}",
        channel=source.channels[int(every.channel[i])].name,
    )


def table(found: Found, at_s: float) -> Table:
    """The potentials from a time on."""
    onset = found.reviewed.every.onset_s
    first = int(np.searchsorted(onset, at_s - 1e-6))
    last = min(first + ROWS, len(onset))
    return Table(
        rows=tuple(row_of(found, i) for i in range(first, last)),
        total=len(onset),
        first=first,
        before=float(onset[max(0, first - ROWS)]) if first else None,
        after=float(onset[last]) if last < len(onset) else None,
    )


def neighbors(found: Found, i: int) -> tuple[int | None, int | None]:
    """Numbers of the potentials before and after a row."""
    number = found.reviewed.number
    return (
        int(number[i - 1]) if i else None,
        int(number[i + 1]) if i + 1 < len(number) else None,
    )


def one(found: Found, number: int, *, expert: bool) -> dict[str, Any]:
    """What the page of one potential shows.

    Raises:
        KeyError: there is none of that number.
    """
    from whytwitch.report import potential_html

    reviewed = found.reviewed
    i = reviewed.row(number)
    row = row_of(found, i)
    unit = reviewed.unit(row.unit) if row.unit != UNSORTED else None
    seen = found.close_up.of(row.onset_s, unit) if unit is not None else found.close_up.near(row.onset_s)
    before, after = neighbors(found, i)
    return {
        "event": row,
        "picture": ""
        if seen is None
        else potential_html(reviewed.twitches, found.signature, seen, unit, expert=expert),
        "likeness": seen.likeness(unit) if seen is not None and unit is not None else None,
        "units": [unit.id for unit in reviewed.units],
        "kinds": KINDS,
        "before": before,
        "after": after,
    }


def clock(seconds: float) -> str:
    """``1:02.345``, or with hours ``1:01:02.345``."""
    milli = round(seconds * 1000)
    minutes, rest = divmod(milli, 60_000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


__all__ = ["EventRow", "Table", "clock", "one", "row_of", "table"]
