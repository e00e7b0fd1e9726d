"""Recordings beside words: ``explain --recording FILE --muscle MUSCLE``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.recording.builders import make_twitches
from typer.testing import Result

import whytwitch
from whytwitch.recording import ArraySignal, Channel, Recording, RecordingError

Call = Callable[..., Result]
Asked = list[tuple[str, str | None]]
EXAMPLE = Path(whytwitch.__file__).parent / "recording/data/example.edf"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """A detector that finds 60 twitches a minute in any file, and what it was asked for."""
    calls: Asked = []
    rows = [(0.5 + i, i % 5 + 1, "fasciculation") for i in range(300)]

    def read(path: Path) -> Recording:
        if not Path(path).exists():
            raise RecordingError(f"{path}: there is no such file; check the name")
        channel = Channel("EMG", muscle=Path(path).read_text("utf-8"))
        return Recording(Path(path).name, "made", 1000.0, 1, (channel,), ArraySignal(np.zeros((1, 1))))

    def detect(recording: Recording, *, muscle: str | None = None) -> Any:
        calls.append((recording.name, muscle))
        found = make_twitches(rows, duration_s=300.0, muscle=muscle or "")
        digest = recording.name.ljust(64, "0")
        return replace(found, source=replace(found.source, name=recording.name, sha256=digest))

    monkeypatch.setattr("whytwitch.recording.read", read, raising=False)
    monkeypatch.setattr("whytwitch.recording.detect", detect, raising=False)
    return calls


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    names = [tmp_path / name for name in ("arm.edf", "calf.edf")]
    for name in names:
        name.write_text("as it says on the amplifier")
    return names


def test_muscles_go_with_recordings_by_order(call: Call, asked: Asked, files: list[Path]) -> None:
    arm, calf = files
    result = call(
        "explain", "My arm twitches", "--json", "--setting", "neurology", "--recording", arm, "--muscle",
        "Biceps brachii", "--recording", calf,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert asked == [("arm.edf", "biceps_brachii"), ("calf.edf", "")]
    answer = json.loads(result.stdout)
    lines = [row for row in answer["understood"] if row["kind"] == "recording"]
    assert "biceps brachii: 60 twitches a minute in 5 minutes" in lines[0]["plain"]
    assert "muscle is not known" in lines[1]["detail"]
    als = next(row for row in answer["ranking"] if row["id"] == "als")
    assert any(item["item"] == "recording" and item["log_odds"] > 0 for item in als["evidence"])


def test_a_muscle_that_the_file_names_is_known(call: Call, asked: Asked, files: list[Path]) -> None:
    files[0].write_text("Biceps brachii")
    assert call("explain", "My arm twitches", "--recording", files[0]).exit_code == 0
    assert asked == [("arm.edf", "biceps_brachii")]


def test_end_to_end(call: Call) -> None:
    """The built-in recording, read, searched and measured as any other."""
    words = "My arm has been twitching for three months. I am 58."
    result = call(
        "explain", words, "--json", "--setting", "neurology", "--recording", EXAMPLE, "--muscle",
        "biceps_brachii",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    line = next(row for row in answer["understood"] if row["kind"] == "recording")
    assert re.search(r"biceps brachii: \d+ twitches a minute", line["plain"])
    # Under 90 clean seconds: it may raise what goes with many twitches and calm nothing.
    plain = json.loads(call("explain", words, "--json", "--setting", "neurology").stdout)
    order = ["reassurance", "routine", "soon", "urgent", "emergency"]
    assert order.index(answer["urgency"]) >= order.index(plain["urgency"])


def test_a_misspelled_muscle_gets_suggestions(
    call: Call, complaint: Callable[[Result], str], asked: Asked, files: list[Path]
) -> None:
    line = complaint(call("explain", "I twitch", "--recording", files[0], "--muscle", "gastrocnemus"))
    assert "did you mean gastrocnemius" in line
    assert asked == []


def test_more_muscles_than_recordings_are_refused(call: Call, complaint: Callable[[Result], str]) -> None:
    assert "--recording" in complaint(call("explain", "I twitch", "--muscle", "biceps_brachii"))


def test_a_file_that_cannot_be_used_is_one_line(
    call: Call, complaint: Callable[[Result], str], asked: Asked, tmp_path: Path
) -> None:
    line = complaint(call("explain", "I twitch", "--recording", tmp_path / "none.edf"))
    assert "no such file" in line


def test_a_recording_needs_no_words(
    call: Call, asked: Asked, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whytwitch._cli._source.is_nobody_writing", lambda: True)
    result = call("explain", "--recording", files[0], "--muscle", "biceps")
    assert result.exit_code == 0, result.stderr
    text = " ".join(result.stdout.split())
    assert "EXAMPLE" not in text
    assert "biceps brachii: 60 twitches a minute" in text
    # A recording alone is no description: no calm page may come of it.
    assert "points to danger" not in text


def test_a_saved_case_keeps_its_recordings(
    call: Call, asked: Asked, files: list[Path], tmp_path: Path
) -> None:
    saved = tmp_path / "case.json"
    words = ("explain", "My arm twitches", "--json")
    first = call(*words, "--recording", files[0], "--muscle", "biceps_brachii", "--save", saved)
    assert first.exit_code == 0, first.stderr
    again = call("explain", saved, "--json")
    assert again.exit_code == 0, again.stderr
    assert json.loads(again.stdout)["ranking"] == json.loads(first.stdout)["ranking"]
    assert len(asked) == 1


def test_the_report_shows_the_recording(call: Call, asked: Asked, files: list[Path]) -> None:
    result = call(
        "explain", "My arm twitches", "--expert", "--setting", "neurology", "--recording", files[0],
        "--muscle", "biceps_brachii",
    )  # fmt: skip
    text = " ".join(result.stdout.split())
    assert "A recording of biceps brachii: 60 twitches a minute in 5 minutes of clean signal" in text
    assert "no proof of it" in text
    assert "a trained person must check" in text
    assert "the muscle recording" in text
