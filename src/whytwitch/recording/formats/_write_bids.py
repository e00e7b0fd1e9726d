"""Write EMG-BIDS 1.11: the signal as EDF or BDF, and beside it what is known of it."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from whytwitch.recording._model import Channel, ChannelKind, Recording, RecordingError
from whytwitch.recording.formats._edf_layout import labels_of
from whytwitch.recording.formats._marks import Events, Mark, marks_of
from whytwitch.recording.formats._write_edf import stream_edf, written

VERSION: Final = "1.11.1"
_TYPES: Final[dict[ChannelKind, str]] = {
    "emg": "EMG", "ecg": "ECG", "accelerometer": "ACCEL", "trigger": "TRIG", "other": "MISC",
}  # fmt: skip
_EVENT_COLUMNS: Final = {
    "trial_type": "What it is: the kind of potential, or the text of an annotation.",
    "unit": "Number of the motor unit that fired.",
    "confidence": "Probability that it is a potential of its kind, 0 to 1.",
    "amplitude": "Peak to peak on the best channel, in uV where the recording is calibrated.",
    "channel": "The channel on which it is largest.",
}


@dataclass(frozen=True)
class _Name:
    """The entities of the recording."""

    subject: str
    session: str | None
    task: str
    run: int | None

    @property
    def stem(self) -> str:
        """All entities."""
        session = f"_ses-{self.session}" if self.session else ""
        run = f"_run-{self.run}" if self.run is not None else ""
        return f"sub-{self.subject}{session}_task-{self.task}{run}"

    @property
    def shared(self) -> str:
        """Those that a system of coordinates may have."""
        session = f"_ses-{self.session}" if self.session else ""
        return f"sub-{self.subject}{session}_task-{self.task}"

    def folder(self, root: Path) -> Path:
        """Where the files go."""
        inner = root / f"sub-{self.subject}"
        return (inner / f"ses-{self.session}" if self.session else inner) / "emg"


def write_bids(
    recording: Recording,
    root: str | os.PathLike[str],
    *,
    subject: str,
    task: str = "rest",
    session: str | None = None,
    run: int | None = None,
    events: Events = None,
    signal: Literal["bdf", "edf"] = "bdf",
    placement: str = "",
    overwrite: bool = False,
) -> Path:
    """Write a recording into a BIDS dataset, which is made if it is not there.

    Every file appears only when it is complete, the signal last.

    Args:
        recording: what to write.
        root: folder of the dataset.
        subject: label of the person, letters and digits; never a name.
        task: label of the task; at rest it begins with ``rest``.
        session: label of the session.
        run: number of the run.
        events: what was found in it, or further annotations.
        signal: 24 bits (``bdf``) or 16 (``edf``).
        placement: where the electrodes were, in words.
        overwrite: whether a recording that is there may be replaced.

    Returns:
        The signal file.

    Raises:
        RecordingError: a label is impossible, the recording is there, or the place cannot be written to.
    """
    name, target = _target(root, subject, task, session, run, signal)
    place, folder = Path(root), target.parent
    check_bids(root, subject=subject, task=task, session=session, run=run, signal=signal, overwrite=overwrite)
    marks = [*marks_of(recording.annotations), *marks_of(events)]
    marks.sort(key=lambda mark: mark.onset_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(
            f"{root}: cannot be written ({error.strerror or error}); check your rights"
        ) from error
    _describe_dataset(place, name)
    _save(folder / f"{name.stem}_emg.json", _json(_description(recording, name, placement)))
    _save(folder / f"{name.stem}_channels.tsv", _tsv(_channels(recording)))
    _write_positions(recording, folder, name)
    if marks:
        _save(folder / f"{name.stem}_events.tsv", _tsv(_events(recording, marks)))
        said = {key: {"Description": text} for key, text in _EVENT_COLUMNS.items()}
        _save(folder / f"{name.stem}_events.json", _json(said))
    with written(target) as file:
        stream_edf(recording, file, [], 3 if signal == "bdf" else 2)
    return target


def check_bids(
    root: str | os.PathLike[str],
    *,
    subject: str,
    task: str = "rest",
    session: str | None = None,
    run: int | None = None,
    signal: Literal["bdf", "edf"] = "bdf",
    overwrite: bool = False,
) -> Path:
    """The file that :func:`write_bids` would write the signal to, if it may; nothing is written.

    Raises:
        RecordingError: a label is impossible, the recording is there, or the folder holds something else.
    """
    target = _target(root, subject, task, session, run, signal)[1]
    if target.exists() and not overwrite:
        raise RecordingError(f"{target}: is there already; choose another run or overwrite it")
    place = Path(root)
    if place.exists() and not place.is_dir():
        raise RecordingError(f"{root}: is a file; give a folder")
    if place.exists() and not (place / "dataset_description.json").is_file() and any(place.iterdir()):
        raise RecordingError(f"{root}: is no BIDS dataset and not empty; give another folder")
    return target


def _target(
    root: str | os.PathLike[str], subject: str, task: str, session: str | None, run: int | None, signal: str
) -> tuple[_Name, Path]:
    """The entities, and the file of the signal."""
    name = _Name(
        _label(subject, "subject"), _label(session, "session") if session else None, _label(task, "task"), run
    )
    return name, name.folder(Path(root)) / f"{name.stem}_emg.{signal}"


def _label(text: str, what: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]+", text):
        raise RecordingError(f"{text!r} is no label of a {what} in BIDS; use letters and digits alone")
    return text


def _describe_dataset(root: Path, name: _Name) -> None:
    """What every dataset must have; what is there already stays."""
    description = root / "dataset_description.json"
    if not description.exists():
        said = {"Name": "EMG recordings", "BIDSVersion": VERSION, "DatasetType": "raw",
                "GeneratedBy": [{"Name": "whytwitch"}]}  # fmt: skip
        _save(description, _json(said))
    readme = root / "README.md"
    if not readme.exists():
        _save(readme, "# EMG recordings\n\nWritten by whytwitch. Say here who was recorded, how and why.\n")
    people = root / "participants.tsv"
    lines = (
        people.read_text("utf-8", errors="replace").splitlines() if people.exists() else ["participant_id"]
    )
    if f"sub-{name.subject}" not in [line.split("\t")[0] for line in lines]:
        row = [f"sub-{name.subject}", *["n/a"] * lines[0].count("\t")]
        _save(people, "\n".join([*lines, "\t".join(row)]) + "\n")


def _description(recording: Recording, name: _Name, placement: str) -> dict[str, Any]:
    mains = recording.power_line_hz
    said: dict[str, Any] = {
        "TaskName": name.task,
        "EMGPlacementScheme": "Other",
        "EMGPlacementSchemeDescription": placement or "not described; see channels.tsv for the muscles",
        "EMGReference": recording.reference or "n/a",
        "SamplingFrequency": recording.sampling_rate_hz,
        "PowerLineFrequency": "n/a" if mains is None else int(mains) if mains == int(mains) else mains,
        "RecordingType": "continuous",
        "SoftwareFilters": "n/a",
        "HardwareFilters": "n/a",
        "EMGChannelCount": sum(channel.kind == "emg" for channel in recording.channels),
        "RecordingDuration": round(recording.duration_s, 6),
    }
    if recording.electrode:
        said["ElectrodeType"] = recording.electrode
    return said


def _channels(recording: Recording) -> list[dict[str, str]]:
    """One row a channel, of the columns that BIDS knows."""
    return [
        {
            "name": label,
            "type": _TYPES[channel.kind],
            "units": "uV" if channel.calibrated else "n/a",
            "signal_electrode": label if channel.position_mm else "n/a",
            "reference": _one_line(recording.reference) if channel.kind == "emg" else "n/a",
            "group": _one_line(channel.group),
            "target_muscle": _one_line(channel.muscle),
        }
        for label, channel in zip(labels_of(recording), recording.channels, strict=True)
    ]


def _write_positions(recording: Recording, folder: Path, name: _Name) -> None:
    """Electrodes with a place, and one system of coordinates a grid."""
    named = zip(labels_of(recording), recording.channels, strict=True)
    placed = [(label, channel) for label, channel in named if channel.position_mm]
    if not placed:
        return
    spaces = _spaces(channel for _, channel in placed)
    several = len(set(spaces.values())) > 1
    rows: list[dict[str, str]] = []
    for label, channel in placed:
        x, y = channel.position_mm or (0.0, 0.0)
        system = {"coordinate_system": spaces[channel.group]} if several else {}
        rows.append({"name": label, "x": f"{x:g}", "y": f"{y:g}", "z": "n/a", **system,
                     "group": _one_line(channel.group)})  # fmt: skip
    _save(folder / f"{name.stem}_electrodes.tsv", _tsv(rows))
    said = {
        "EMGCoordinateSystem": "Other",
        "EMGCoordinateUnits": "mm",
        "EMGCoordinateSystemDescription": "x and y on the grid or the skin, from its first corner",
    }
    for space in sorted(set(spaces.values())) if several else [""]:
        middle = f"_space-{space}" if space else ""
        _save(folder / f"{name.shared}{middle}_coordsystem.json", _json(said))


def _spaces(channels: Iterable[Channel]) -> dict[str, str]:
    """A label of its own for each group."""
    labels: dict[str, str] = {}
    for channel in channels:
        if channel.group not in labels:
            plain = re.sub(r"[^A-Za-z0-9]", "", channel.group) or "grid"
            labels[channel.group] = plain if plain not in labels.values() else f"{plain}x{len(labels) + 1}"
    return labels


def _events(recording: Recording, marks: list[Mark]) -> list[dict[str, str]]:
    labels = labels_of(recording)
    emg = [label for label, channel in zip(labels, recording.channels, strict=True) if channel.kind == "emg"]
    return [
        {
            "onset": f"{mark.onset_s:.6f}",
            "duration": f"{mark.duration_s:.6f}",
            "trial_type": _one_line(mark.kind),
            "unit": _or_none(mark.unit),
            "confidence": _or_none(mark.confidence),
            "amplitude": _or_none(mark.amplitude),
            "channel": emg[mark.channel] if mark.channel is not None else "n/a",
        }
        for mark in marks
    ]


def _or_none(value: float | None) -> str:
    return "n/a" if value is None or not math.isfinite(value) else f"{value:.6g}"


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "n/a"


def _tsv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE,
                            quotechar=None)  # fmt: skip
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _save(path: Path, text: str) -> None:
    with written(path) as file:
        file.write(text.encode())


__all__ = ["check_bids", "write_bids"]
