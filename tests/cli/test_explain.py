"""``whytwitch explain``: every way in, every way out."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Call = Callable[..., Result]
Complaint = Callable[[Result], str]

WORDS = "My left eyelid has twitched for three days, five coffees a day, little sleep"


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def statuses(result: Result) -> dict[str, str]:
    return {row["id"]: row["status"] for row in answer(result)["understood"]}


def test_the_machine_contract(call: Call) -> None:
    found = answer(call("explain", "--json", WORDS))
    assert {"ranking", "urgency", "red_flags", "understood", "next_question"} <= found.keys()
    first = found["ranking"][0]
    assert {"id", "probability", "low", "high"} <= first.keys()
    chances = [row["probability"] for row in found["ranking"]]
    assert chances == sorted(chances, reverse=True)
    assert all(row["low"] <= row["probability"] <= row["high"] for row in found["ranking"][:10])
    assert found["urgency"] in {"emergency", "urgent", "soon", "routine", "reassurance"}
    assert first["id"] == "eyelid_myokymia"


def test_words_need_no_quotes(call: Call) -> None:
    assert answer(call("explain", "--json", *WORDS.split())) == answer(call("explain", "--json", WORDS))


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_report(width: int, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = call("explain", WORDS)
    assert result.exit_code == 0
    assert "eyelid" in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= width


def test_expert(call: Call) -> None:
    assert call("explain", WORDS, "--expert").stdout != call("explain", WORDS).stdout


def test_the_setting_is_part_of_the_prior(call: Call) -> None:
    found = {s: answer(call("explain", "--json", WORDS, "--setting", s)) for s in ("public", "neurology")}
    assert found["public"]["setting"] == "public"
    assert found["public"]["ranking"] != found["neurology"]["ranking"]


# --- ways in --------------------------------------------------------------------------------------


def test_standard_input(call: Call) -> None:
    expected = answer(call("explain", "--json", WORDS))
    assert answer(call("explain", "--json", "-", given=WORDS)) == expected
    assert answer(call("explain", "--json", given=WORDS)) == expected
    assert answer(call("explain", "--json", given="\ufeff" + WORDS)) == expected


def test_json_on_standard_input(call: Call) -> None:
    found = statuses(call("explain", "--json", "-", given='{"findings": ["tremor"], "age_years": 40}'))
    assert found["tremor"] == "present"


def test_files(call: Call, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(WORDS, "utf-8")
    (tmp_path / "case.toml").write_text('age_years = 40\nfindings = ["tremor"]\n', "utf-8")
    (tmp_path / "case.json").write_text(
        '{"findings": {"tremor": "absent"}, "text": "My calf twitches."}', "utf-8"
    )
    assert answer(call("explain", "--json", tmp_path / "story.txt")) == answer(
        call("explain", "--json", WORDS)
    )
    assert statuses(call("explain", "--json", tmp_path / "case.toml"))["tremor"] == "present"
    assert statuses(call("explain", "--json", tmp_path / "case.json"))["tremor"] == "absent"


def test_without_words_an_example_is_explained_and_called_so(spawn: Callable[..., Any]) -> None:
    done = spawn("explain")
    assert done.returncode == 0
    assert "EXAMPLE" in done.stdout
    assert "not about you" in done.stdout
    assert "Traceback" not in done.stderr
    found = spawn("explain", "--json")
    assert found.returncode == 0
    assert json.loads(found.stdout)["ranking"]
    assert "EXAMPLE" in found.stderr


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["   "], "empty"),
        (["no_such_file.txt"], "no_such_file.txt"),
        (["no_such_case.json"], "there is no such file"),
        (["--correct", "tremor", WORDS], "write it as ID=present"),
        (["--correct", "tremr=present", WORDS], "did you mean 'tremor'"),
        (["--correct", "tremor=perhaps", WORDS], "not one of present"),
        (["--correct", "age=400", WORDS], "Nobody is 400 years old"),
        (["I am 212 years old and my eye twitches"], "age"),
        (["Mi párpado tiembla desde hace tres días y no sé por qué me pasa esto"], "English"),
        (["x " * 150_000], "too long"),
    ],
)
def test_bad_input_is_one_clear_line(
    arguments: list[str],
    expected: str,
    call: Call,
    complaint: Complaint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert expected in complaint(call("explain", *arguments))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("case.toml", "age_years = = 3", "case.toml"),
        ("case.toml", "", "case.toml"),
        ("case.toml", 'findings = ["tremr"]', "tremor"),
        ("case.json", "{", "not valid JSON"),
        ("case.json", "[]", "one JSON object"),
        ("case.json", '{"age_years": 300}', "age_years"),
        ("case.json", '{"labs": [{"analyte": "potassium", "value": 3, "unit": "bananas"}]}', "bananas"),
        ("case.json", '{"format": "whytwitch interview"}', "catalogue_version"),
        ("story.txt", "", "empty"),
    ],
)
def test_bad_files_are_named(
    name: str, content: str, expected: str, call: Call, complaint: Complaint, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert expected in complaint(call("explain", tmp_path / name))


def test_a_directory_and_a_binary_file(call: Call, complaint: Complaint, tmp_path: Path) -> None:
    assert "is a directory" in complaint(call("explain", f"{tmp_path}/"))
    (tmp_path / "case.txt").write_bytes(b"\xff\xfe\x00\x9f")
    assert "UTF-8" in complaint(call("explain", tmp_path / "case.txt"))


def test_bad_standard_input(spawn: Callable[..., Any]) -> None:
    for given in (b"", b"\xff\xfe\x9f", b"{", b"a" * 3_000_000):
        done = spawn("explain", "-", given=given)
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.startswith(b"whytwitch: ")
        assert done.stderr.count(b"\n") == 1


def test_an_unknown_option_or_setting_is_bad_input(call: Call) -> None:
    for arguments in (["--setting", "moon"], ["--jsn"]):
        result = call("explain", WORDS, *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr


# --- corrections ----------------------------------------------------------------------------------


def test_corrections(call: Call) -> None:
    result = call(
        "explain", "--json", "My hands shake and I have muscle cramps.", "--correct", "tremor=absent",
        "--correct", "age=41", "--correct", "potassium=2.8 mmol/L", "--correct", "cramps=unknown",
    )  # fmt: skip
    found = statuses(result)
    assert found["tremor"] == "absent"
    assert found["age"] == "value"
    assert found["potassium"] == "value"
    assert "cramps" not in found


# --- files written --------------------------------------------------------------------------------


def test_a_saved_case_is_explained_the_same(call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "case.json"
    first = call("explain", "--json", WORDS, "--setting", "neurology", "--save", kept)
    assert "Case saved in" in first.stderr
    assert answer(call("explain", "--json", kept)) == answer(first)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["case.json"]


def test_the_page(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("old", "utf-8")
    result = call("explain", WORDS, "--html", page)
    assert result.exit_code == 0
    assert page.read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    assert "eyelid" in result.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("option", ["--html", "--save"])
def test_a_target_that_cannot_be_written_is_refused_first(
    option: str, call: Call, complaint: Complaint, tmp_path: Path
) -> None:
    assert "is a directory" in complaint(call("explain", WORDS, option, tmp_path))
    assert "there is no directory" in complaint(call("explain", WORDS, option, tmp_path / "no" / "x"))
    assert "not a regular file" in complaint(call("explain", WORDS, option, "/dev/null"))


def test_two_files_of_one_name(call: Call, complaint: Complaint, tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert "same file" in complaint(call("explain", WORDS, "--html", path, "--save", path))


def test_a_failed_write_leaves_the_old_file(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "case.json"
    kept.write_text("old", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = call("explain", WORDS, "--save", kept)
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert kept.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["case.json"]
