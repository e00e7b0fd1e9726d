"""``causes``, ``evaluate``, ``schema`` and ``--version``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import whytwitch
from whytwitch.knowledge import Setting, load

Call = Callable[..., Result]
Complaint = Callable[[Result], str]


def test_version(call: Call) -> None:
    assert call("--version").stdout == f"whytwitch {whytwitch.__version__}\n"


def test_the_settings_offered_are_those_of_the_catalogue() -> None:
    from typing import get_args

    from whytwitch.cli import Where

    assert tuple(Where) == get_args(Setting)


# --- causes ---------------------------------------------------------------------------------------


def test_all_causes(call: Call) -> None:
    found = json.loads(call("causes", "--json").stdout)
    assert {cause["id"] for cause in found["causes"]} == set(load().causes)
    listed = call("causes")
    assert listed.exit_code == 0
    assert "hypocalcemia" in listed.stdout


@pytest.mark.parametrize("query", ["hypocalcemia", "Hypocalcemia", "HYPOCALCEMIA"])
def test_one_cause(query: str, call: Call) -> None:
    found = json.loads(call("causes", query, "--json").stdout)
    assert [cause["id"] for cause in found["causes"]] == ["hypocalcemia"]
    shown = call("causes", query)
    assert shown.exit_code == 0
    assert "calcium" in shown.stdout.lower()
    assert call("causes", query, "--expert").exit_code == 0


def test_search(call: Call) -> None:
    found = json.loads(call("causes", "coffee", "--json").stdout)
    assert found["query"] == "coffee"
    assert "caffeine_excess" in {cause["id"] for cause in found["causes"]}
    assert call("causes", "low", "calcium").exit_code == 0


def test_nothing_found(call: Call, complaint: Complaint) -> None:
    assert "nothing found for 'xyzzyx'" in complaint(call("causes", "xyzzyx"))


# --- evaluate -------------------------------------------------------------------------------------

CASES = [
    {"id": "a", "text": "My left eyelid has twitched for three days.", "final_cause": "eyelid_myokymia",
     "urgency": "reassurance", "structured": {"symptoms_present": ["eyelid twitching"], "age": 30}},
    {"id": "b", "text": "My hands shake.", "expect_top3_any": ["tremor"], "urgency_min": "routine",
     "urgency_max": "soon", "structured": {"symptoms_present": ["tremor"]}},
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, CASES)) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("options", [[], ["--from", "structured"], ["--setting", "public", "--hide-labs"]])
def test_evaluation(options: list[str], cases: Path, call: Call) -> None:
    found = json.loads(call("evaluate", cases, "--json", *options).stdout)
    assert found["n"] == 2
    assert found["top5"] == 1.0
    shown = call("evaluate", cases, *options)
    assert shown.exit_code == 0
    assert shown.stdout


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "no cases"),
        ("{}", "line 1"),
        ('{"id": "a", "text": "x", "final_cause": "tremor", "urgency": "panic"}', "line 1"),
        ("nonsense", "line 1"),
    ],
)
def test_bad_cases(content: str, expected: str, call: Call, complaint: Complaint, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(content, "utf-8")
    assert expected in complaint(call("evaluate", path))


def test_no_such_cases(call: Call, complaint: Complaint, tmp_path: Path) -> None:
    assert "nowhere.jsonl" in complaint(call("evaluate", tmp_path / "nowhere.jsonl"))
    assert str(tmp_path) in complaint(call("evaluate", tmp_path))


# --- schema ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["case", "report", "causes"])
def test_schemas(of: str, call: Call) -> None:
    found = json.loads(call("schema", of).stdout)
    assert found["$schema"].startswith("https://json-schema.org/")
    assert found["properties"]


def test_the_schemas_fit_what_is_printed(call: Call) -> None:
    for of, arguments in (
        ("report", ["explain", "--json", "My eye twitches."]),
        ("causes", ["causes", "--json"]),
    ):
        schema, printed = (json.loads(call(*a).stdout) for a in (["schema", of], arguments))
        assert set(printed) == set(schema["properties"])


def test_an_unknown_schema(call: Call) -> None:
    assert call("schema", "moon").exit_code == 2
