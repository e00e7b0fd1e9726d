"""EMG-BIDS: what lies beside the signal, and what is written."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.recording.builders import make_twitches
from tests.recording.formats.builders import bids, noise

from whytwitch import Recording, RecordingError, read
from whytwitch.recording import Annotation, ArraySignal, Channel, write_bids

DATA = Path(__file__).parents[1] / "data/bids"

# BIDS 1.11.1, src/schema/rules: what an EMG recording must have.
REQUIRED = {"EMGPlacementScheme", "EMGPlacementSchemeDescription", "EMGReference", "SamplingFrequency",
            "PowerLineFrequency", "RecordingType", "SoftwareFilters", "TaskName"}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def grid(n_samples: int = 3000) -> Recording:
    x = np.resize(noise(4, 1500), (4, n_samples)).astype(np.float32)
    channels = tuple(
        Channel(f"E{i}", position_mm=(8.0 * (i % 2), 8.0 * (i // 2)), group="Grid 1" if i < 2 else "Grid 2",
                muscle="biceps brachii")
        for i in range(4)
    )  # fmt: skip
    return Recording("grid", "x", 2000.0, n_samples, channels, ArraySignal(x), electrode="surface",
                     reference="wrist", power_line_hz=50.0,
                     annotations=(Annotation(0.25, 0.1, "cough"),))  # fmt: skip


def test_everything_beside_the_signal(tmp_path: Path) -> None:
    found = read(bids(tmp_path).path)
    assert (found.format, found.task, found.reference, found.power_line_hz) == (
        "EMG-BIDS (EDF)",
        "rest",
        "R",
        50.0,
    )
    assert [channel.position_mm for channel in found.channels] == [(0.0, 0.0), (0.0, 8.0), None]
    assert {(channel.group, channel.muscle, channel.kind) for channel in found.channels} == {
        ("G1", "biceps", "emg")
    }
    assert found.annotations == (Annotation(0.1, 0.0, "go"),)
    assert not found.problems


def test_the_folder_is_the_recording(tmp_path: Path) -> None:
    made = bids(tmp_path)
    np.testing.assert_array_equal(read(tmp_path).read(), read(made.path).read())


def test_several_recordings_are_named(tmp_path: Path) -> None:
    made = bids(tmp_path)
    (tmp_path / "sub-02_task-rest_emg.edf").write_bytes(made.path.read_bytes())
    with pytest.raises(
        RecordingError, match=r"2 EMG recordings; give one of them: sub-01_task-rest_emg.edf, sub-02"
    ):
        read(tmp_path)


def test_what_is_nearer_wins(tmp_path: Path) -> None:
    root = tmp_path
    made = bids(root)
    inner = root / "sub-01" / "emg"
    inner.mkdir(parents=True)
    made.path.rename(inner / made.path.name)
    (inner / "sub-01_task-rest_emg.json").write_text('{"EMGReference": "near", "PowerLineFrequency": 60}')
    (inner / "sub-01_task-rest_acq-x_emg.json").write_text('{"EMGReference": "of another acquisition"}')
    found = read(inner / made.path.name)
    assert (found.reference, found.power_line_hz, found.task) == ("near", 60.0, "rest")


def test_contradictions_are_told(tmp_path: Path) -> None:
    made = bids(tmp_path)
    (tmp_path / "sub-01_task-rest_channels.tsv").write_text(
        "name\ttype\tunits\tstatus\nEMG 0\tEMG\tV\tgood\nEMG 1\tECG\tmV\tgood\nEMG 2\tEMG\tmV\tbad\n"
    )
    (tmp_path / "task-rest_emg.json").write_text('{"SamplingFrequency": 1000}')
    found = read(made.path)
    told = " ".join(problem.what + problem.where for problem in found.problems)
    assert "channels.tsv gives V, the signal file mV" in told
    assert "says 1000 Hz, the signal file 2000 Hz" in told
    assert "marked as bad" in told
    assert [channel.kind for channel in found.channels] == ["emg", "ecg", "emg"]


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000, "\x00\xff", '{"EMGReference": {"a": 1}}'])
def test_broken_files_beside_it_are_survived(text: str, tmp_path: Path) -> None:
    made = bids(tmp_path)
    for path in tmp_path.iterdir():
        if path.suffix in (".json", ".tsv"):
            path.write_text(text, encoding="latin-1")
    np.testing.assert_allclose(read(made.path).read(), made.samples, atol=made.within)


def test_examples_of_the_standard() -> None:
    face = read(DATA / "emg_CustomBipolarFace")
    assert (len(face.channels), face.sampling_rate_hz, face.task) == (6, 2000.0, "talking")
    assert face.channels[0].position_mm is None, "its units are percent"
    grids = read(DATA / "emg_TwoHDsEMG/sub-01/emg/sub-01_task-isometric_emg.edf")
    assert (len(grids.channels), grids.electrode, grids.power_line_hz) == (128, "surface", 60.0)
    assert grids.channels[2].position_mm == (0.0, 16.0)
    assert {channel.group for channel in grids.channels} == {"Grid1", "Grid2"}


@pytest.mark.parametrize("signal", ["bdf", "edf"])
def test_what_is_written_is_read_again(signal: str, tmp_path: Path) -> None:
    whole = grid()
    path = write_bids(whole, tmp_path / "set", subject="01", task="restSupine", signal=signal)  # type: ignore[arg-type]
    found = read(tmp_path / "set")
    assert path.name == f"sub-01_task-restSupine_emg.{signal}"
    np.testing.assert_allclose(found.read(), whole.read(), atol=0.01)
    assert found.channels[3].position_mm == (8.0, 8.0)
    assert [(c.group, c.muscle) for c in found.channels] == [(c.group, c.muscle) for c in whole.channels]
    assert (found.reference, found.power_line_hz, found.electrode) == ("wrist", 50.0, "surface")
    assert [(mark.onset_s, mark.text) for mark in found.annotations] == [(0.25, "cough")]


def test_what_is_written_has_what_is_required(tmp_path: Path) -> None:
    path = write_bids(grid(), tmp_path, subject="01", task="rest", session="A", run=2)
    assert path.parent == tmp_path / "sub-01/ses-A/emg"
    stem = "sub-01_ses-A_task-rest_run-2"
    said = json.loads((path.parent / f"{stem}_emg.json").read_text("utf-8"))
    assert set(said) >= REQUIRED
    channels = rows(path.parent / f"{stem}_channels.tsv")
    assert list(channels[0])[:3] == ["name", "type", "units"]
    assert [row["units"] for row in channels] == ["uV"] * 4
    electrodes = rows(path.parent / f"{stem}_electrodes.tsv")
    assert list(electrodes[0])[:5] == ["name", "x", "y", "z", "coordinate_system"]
    systems = {row["coordinate_system"] for row in electrodes}
    for system in systems:
        space = json.loads(
            (path.parent / f"sub-01_ses-A_task-rest_space-{system}_coordsystem.json").read_text()
        )
        assert set(space) == {"EMGCoordinateSystem", "EMGCoordinateUnits", "EMGCoordinateSystemDescription"}
    events = rows(path.parent / f"{stem}_events.tsv")
    assert list(events[0])[:2] == ["onset", "duration"]
    described = json.loads((path.parent / f"{stem}_events.json").read_text("utf-8"))
    assert set(described) == set(events[0]) - {"onset", "duration"}
    assert json.loads((tmp_path / "dataset_description.json").read_text())["BIDSVersion"].startswith("1.11")


def test_a_potential_names_its_emg_channel(tmp_path: Path) -> None:
    """The rows of potentials count EMG channels; those of the file may have others before them."""
    whole = grid()
    mixed = replace(whole, channels=(replace(whole.channels[0], kind="ecg"), *whole.channels[1:]))
    twitches = make_twitches([(0.5, 1, "fasciculation")], channels=whole.channels[1:], best_channel={1: 0})
    path = write_bids(mixed, tmp_path, subject="01", events=twitches)
    assert rows(path.with_name("sub-01_task-rest_events.tsv"))[-1]["channel"] == "E1"


def test_sizes_without_a_calibration_are_withheld(tmp_path: Path) -> None:
    twitches = make_twitches([(0.5, 1, "fasciculation")], channels=grid().channels)
    twitches = replace(twitches, source=replace(twitches.source, calibrated=False))
    path = write_bids(grid(), tmp_path, subject="01", events=twitches)
    assert rows(path.with_name("sub-01_task-rest_events.tsv"))[-1]["amplitude"] == "n/a"


def test_potentials_become_events(tmp_path: Path) -> None:
    twitches = make_twitches([(0.5, 1, "fasciculation"), (0.9, 0, "fasciculation")])
    path = write_bids(grid(), tmp_path, subject="01", events=twitches)
    events = rows(path.with_name("sub-01_task-rest_events.tsv"))
    assert [row["trial_type"] for row in events] == ["cough", "fasciculation", "fasciculation"]
    assert [row["unit"] for row in events] == ["n/a", "1", "n/a"]


def test_a_second_recording_joins_the_dataset(tmp_path: Path) -> None:
    write_bids(grid(), tmp_path, subject="01")
    write_bids(grid(), tmp_path, subject="02")
    assert [row["participant_id"] for row in rows(tmp_path / "participants.tsv")] == ["sub-01", "sub-02"]
    with pytest.raises(RecordingError, match="there already"):
        write_bids(grid(), tmp_path, subject="02")
    write_bids(grid(), tmp_path, subject="02", overwrite=True)


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="label of a subject"):
        write_bids(grid(), tmp_path / "a", subject="Jane Roe")
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RecordingError, match="not empty"):
        write_bids(grid(), tmp_path, subject="01")
    with pytest.raises(RecordingError, match="cannot be written"):
        write_bids(grid(), tmp_path / "thesis.txt" / "x", subject="01")


def test_the_schema_of_bids_agrees() -> None:
    """Where the schema is installed: every required field of an EMG recording is in our list."""
    schema = pytest.importorskip("bidsschematools.schema").load_schema()
    fields = schema["rules"]["sidecars"]["emg"]["EMGRequired"]["fields"]
    required = {
        name
        for name, level in fields.items()
        if level == "required" or getattr(level, "level", "") == "required"
    }
    assert required <= REQUIRED
