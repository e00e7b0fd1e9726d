"""Annotations of EMGlab (.eaf): when which motor unit fired."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from whytwitch.recording._model import Annotation
from whytwitch.recording.formats._reader import broken
from whytwitch.recording.formats._xml import LARGEST, parse_xml

_FIELDS: Final = ("time", "unit")


def read_discharges(path: Path) -> list[Annotation]:
    """Discharges as annotations ``unit 3``.

    The file has a heading with the names of the columns, and then one row a discharge.

    Raises:
        RecordingError: it has no times or no units.
    """
    if path.stat().st_size > LARGEST:
        raise broken(path, "is too large for a list of discharges")
    root = parse_xml(path, path.name, path.read_bytes())
    header = root.find("emglab_spike_header")
    events = root.find("emglab_spike_events")
    if header is None or events is None:
        raise broken(path, "is no EMGlab annotation file", "remove it, or export it again from EMGlab")
    columns: list[str] = []
    for field in header:
        columns += [field.tag] * (2 if field.get("complex", "").lower() == "on" else 1)
    if not set(_FIELDS) <= set(columns):
        raise broken(path, "has no times or no units of discharges", "export it again from EMGlab")
    time, unit = (columns.index(field) for field in _FIELDS)
    values = (events.text or "").split()
    rows = [values[i : i + len(columns)] for i in range(0, len(values) - len(columns) + 1, len(columns))]
    found = [(_number(row[time]), _number(row[unit])) for row in rows]
    return [
        Annotation(t, 0.0, f"unit {int(u)}") for t, u in found if t is not None and u is not None and t >= 0
    ]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e12 else None


__all__ = ["read_discharges"]
