"""``whytwitch ask``: piped answers, saving, resuming, an emergency."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Call = Callable[..., Result]
Complaint = Callable[[Result], str]


def test_piped_answers_end_in_a_report(call: Call) -> None:
    result = call("ask", given="My left eyelid has twitched for three days.\n\nnone\nnone\nq\n")
    assert result.exit_code == 0, result.stderr
    assert "Question 3" in result.stdout
    assert "What was understood" in result.stdout


def test_opening_words_as_an_argument(call: Call) -> None:
    result = call("ask", "My", "calf", "twitches", given="\nq\n")
    assert "This is what I understood" in result.stdout
    assert "What was understood" in result.stdout


def test_answers_that_run_out_are_a_report_so_far(call: Call) -> None:
    result = call("ask", given="\nnone\n")
    assert result.exit_code == 0
    assert "Question 2" in result.stdout


def test_stopping_at_once(call: Call) -> None:
    result = call("ask", given="")
    assert result.exit_code == 0
    assert "Nothing was asked" in result.stderr


def test_an_emergency_interrupts_with_what_to_do(call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    words = "Since this morning one side of my body is suddenly weak."
    result = call("ask", words, "--save", kept, given="none\nnone\nnone\n")
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "Question 1" not in shown
    assert shown.index("I stop asking here") < shown.lower().index("get medical help now")
    assert shown.rindex("Get medical help now") > shown.index("What to do")
    assert kept.exists()


def test_save_and_resume(call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    assert call("ask", "--save", kept, given="My calf twitches.\n\nnone\nnone\nq\n").exit_code == 0
    assert len(json.loads(kept.read_text("utf-8"))["replies"]) == 2
    result = call("ask", "--resume", kept, given="b\nnone\nnone\nq\n")
    assert result.exit_code == 0
    assert "2 answers" in result.stdout
    assert len(json.loads(kept.read_text("utf-8"))["replies"]) == 3
    explained = call("explain", "--json", kept)
    assert explained.exit_code == 0
    assert {"twitching"} <= {row["id"] for row in json.loads(explained.stdout)["understood"]}


def test_resume_into_another_file(call: Call, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    call("ask", "--save", first, given="\nnone\nq\n")
    before = first.read_bytes()
    call("ask", "--resume", first, "--save", second, given="none\nq\n")
    assert first.read_bytes() == before
    assert len(json.loads(second.read_text("utf-8"))["replies"]) == 2


def test_a_file_of_another_version(call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    call("ask", "--save", kept, given="\nnone\nq\n")
    data = json.loads(kept.read_text("utf-8"))
    data["replies"][0]["answers"].append(["moon_phase", "present"])
    kept.write_text(json.dumps(data), "utf-8")
    result = call("ask", "--resume", kept, given="q\n")
    assert result.exit_code == 0
    assert "moon_phase" in result.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [("{", "not valid JSON"), ("{}", "not a saved interview"), (None, "No such file")],
)
def test_a_file_that_cannot_be_resumed(
    content: str | None, expected: str, call: Call, complaint: Complaint, tmp_path: Path
) -> None:
    kept = tmp_path / "answers.json"
    if content is not None:
        kept.write_text(content, "utf-8")
    assert expected in complaint(call("ask", "--resume", kept))


def test_other_bad_input(call: Call, complaint: Complaint, tmp_path: Path) -> None:
    assert "leave out the words" in complaint(call("ask", "hello", "--resume", tmp_path / "x.json"))
    assert "is a directory" in complaint(call("ask", "--save", tmp_path))
    assert "empty" in complaint(call("ask", "  "))


@pytest.mark.parametrize("width", [40, 80, 140])
def test_any_width_and_no_colors(width: int, spawn: Callable[..., Any]) -> None:
    done = spawn("ask", given="My calf twitches.\n\nnone\nr\nw\nnone\nq\n", env={"COLUMNS": str(width)})
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    own = [line for line in done.stdout.splitlines() if not line.startswith(">")]
    assert max(map(len, own)) <= width
