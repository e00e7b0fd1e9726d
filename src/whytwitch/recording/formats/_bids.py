"""EMG-BIDS: an EDF or BDF file, and beside it what is known of channels, electrodes and events."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from whytwitch.recording._model import Annotation, Problem
from whytwitch.recording.formats._bids_sidecars import Row, Sidecars
from whytwitch.recording.formats._edf import EdfReader
from whytwitch.recording.formats._kinds import BIDS_TYPES, electrode_of
from whytwitch.recording.formats._reader import Found, Given, Reader, Track, broken
from whytwitch.recording.formats._units import microvolts

_ENDINGS: Final = ("_emg.edf", "_emg.bdf")
_MILLIMETERS: Final = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
MOST_FOLDERS: Final = 20_000


class BidsReader(Reader):
    """EMG-BIDS."""

    name = "EMG-BIDS"
    order = 10
    extensions = ()

    def recognizes(self, given: Given) -> bool:
        """By the name of the file, or what lies in the folder."""
        if given.path.is_dir():
            return (given.path / "dataset_description.json").is_file() or bool(_recordings(given.path))
        return given.path.name.lower().endswith(_ENDINGS)

    def open(self, given: Given) -> Found:
        """Read the signal file, then what is beside it."""
        path = given.path if given.path.is_file() else _only_recording(given.path)
        found = EdfReader().open(replace(given, path=path))
        beside = Sidecars(path)
        found.format = f"EMG-BIDS ({found.format})"
        described = beside.json("emg")
        _describe(found, described)
        rows = beside.table("channels")
        _channels(found, rows)
        _positions(found, rows, beside)
        found.annotations += _events(beside.table("events"))
        found.problems += beside.problems
        return found


def _recordings(folder: Path) -> list[Path]:
    """EMG files of a folder and those within; links to other folders are not followed."""
    found: list[Path] = []
    for count, (place, inner, names) in enumerate(os.walk(folder)):
        inner.sort()
        if count > MOST_FOLDERS:
            break
        found += [Path(place) / name for name in sorted(names) if name.lower().endswith(_ENDINGS)]
    return found


def _only_recording(folder: Path) -> Path:
    found = _recordings(folder)
    if not found:
        raise broken(
            folder, "this BIDS dataset has no EMG recording (*_emg.edf or *_emg.bdf)", "give another folder"
        )
    if len(found) > 1:
        some = ", ".join(path.name for path in found[:6]) + (", …" if len(found) > 6 else "")
        raise broken(
            folder, f"this BIDS dataset has {len(found)} EMG recordings", f"give one of them: {some}"
        )
    return found[0]


def _describe(found: Found, described: dict[str, Any]) -> None:
    """What ``_emg.json`` says."""
    found.reference = _text(described.get("EMGReference"))
    found.task = _text(described.get("TaskName"))
    mains = _number(described.get("PowerLineFrequency"))
    found.power_line_hz = mains if mains in (50.0, 60.0) else None
    said = {key: value for key, value in described.items() if "Electrode" in key or "Placement" in key}
    found.electrode = electrode_of(json.dumps(said)) or found.electrode
    rate = _number(described.get("SamplingFrequency"))
    if rate is not None and found.sampling_rate_hz and abs(rate - found.sampling_rate_hz) > 0.01 * rate:
        said = f"The description says {rate:g} Hz, the signal file {found.sampling_rate_hz:g} Hz"
        found.problems.append(
            Problem(f"{said}; the latter was used.", "If the former is right, give --rate.")
        )


def _channels(found: Found, rows: list[Row]) -> None:
    """What ``_channels.tsv`` says, by name, or by order where no name is known."""
    if not rows:
        return
    by_name = {row.get("name", ""): row for row in rows}
    matched = [by_name.get(track.label) for track in found.tracks]
    if not any(matched) and len(rows) == len(found.tracks):
        matched = list(rows)
        found.problems.append(
            Problem("channels.tsv has other names than the signal file; its order was used.")
        )
        for track, row in zip(found.tracks, rows, strict=True):
            track.label = row.get("name") or track.label
    bad: list[str] = []
    for track, row in zip(found.tracks, matched, strict=True):
        if row is not None:
            _channel(found, track, row)
            if row.get("status", "").lower() == "bad":
                bad.append(track.label)
    if bad:
        some = ", ".join(bad[:8]) + (", …" if len(bad) > 8 else "")
        found.problems.append(Problem("Channels are marked as bad by those who recorded them.", "", some))
    references = {row.get("reference", "") for row in matched if row} - {""}
    if not found.reference and len(references) == 1:
        found.reference = references.pop()


def _channel(found: Found, track: Track, row: Row) -> None:
    if row.get("type"):
        track.kind = BIDS_TYPES.get(row["type"].upper(), "other")
    track.group = row.get("group", "") or track.group
    track.muscle = row.get("target_muscle", "") or track.muscle
    unit = row.get("units", "")
    if unit and not track.unit:
        track.unit = unit
    elif unit and track.kind == "emg" and microvolts(unit) != microvolts(track.unit):
        found.problems.append(
            Problem(f"channels.tsv gives {unit}, the signal file {track.unit}; the latter was used.",
                    "If channels.tsv is right, give --unit.", track.label)
        )  # fmt: skip


def _positions(found: Found, rows: list[Row], beside: Sidecars) -> None:
    """Where ``_electrodes.tsv`` has the electrode of a channel, in systems of a unit of length."""
    electrodes = {row.get("name", ""): row for row in beside.table("electrodes")}
    if not electrodes:
        return
    units = {entities.get("space", ""): _text(said.get("EMGCoordinateUnits")).lower()
             for entities, said in beside.each_json("coordsystem")}  # fmt: skip
    electrode = {row.get("name", ""): row.get("signal_electrode", "") for row in rows}
    for track in found.tracks:
        place = electrodes.get(electrode.get(track.label, "") or track.label)
        if place is None:
            continue
        track.group = track.group or place.get("group", "")
        system = place.get("coordinate_system", "")
        scale = _MILLIMETERS.get(units.get(system, units.get("", "") if len(units) < 2 else ""))
        x, y = _number(place.get("x")), _number(place.get("y"))
        if scale is not None and x is not None and y is not None:
            track.position_mm = (x * scale, y * scale)


def _events(rows: list[Row]) -> list[Annotation]:
    out: list[Annotation] = []
    for row in rows:
        onset = _number(row.get("onset"))
        if onset is not None:
            text = row.get("trial_type") or row.get("value") or row.get("event_type") or "event"
            out.append(Annotation(onset, max(_number(row.get("duration")) or 0.0, 0.0), text))
    return out


def _text(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return "" if text.lower() == "n/a" else text


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


__all__ = ["BidsReader"]
