"""``whytwitch mechanism``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from whytwitch.physiology.mechanism import INDICES, MECHANISMS, table, values_at

MEM = Path(__file__).parents[1] / "physiology/excitability/data/made_up.mem"


@pytest.fixture
def abnormal(tmp_path: Path) -> Path:
    """The expected test of a marked low potassium, as a table."""
    known = table()
    at = [k for k in range(known.dose.size) if known.names[known.mechanism[k]] == "potassium_low"][24]
    path = tmp_path / "test.csv"
    rows = [f"{name};{value:.6g}" for name, value in values_at(known.mean[at]).items()]
    path.write_text("index;value\n" + "\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture
def measures(call, tmp_path: Path) -> Path:
    path = tmp_path / "measures.json"
    result = call("detect", "--json", path, "--quiet")
    assert result.exit_code == 0, result.stderr
    return path


def test_a_normal_test(call) -> None:
    result = call("mechanism", MEM)
    assert result.exit_code == 0, result.stderr
    assert "A normal nerve explains it" in result.stdout
    assert "does not diagnose" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_test_that_is_not_normal(call, abnormal) -> None:
    text = " ".join(call("mechanism", abnormal).stdout.split())
    assert "Low potassium outside" in text
    assert "Serum potassium, magnesium and bicarbonate" in text
    assert "What would tell more" in text


def test_experts_see_everything(call, abnormal) -> None:
    text = " ".join(call("mechanism", abnormal, "--expert").stdout.split())
    assert "potassium_mmol_l" in text
    assert "bits" in text
    assert text.count("%") > len(MECHANISMS)


def test_json(call, abnormal) -> None:
    found = json.loads(call("mechanism", abnormal, "--json").stdout)
    chances = {one["id"]: one["probability"] for one in found["test"]["mechanisms"]}
    assert sum(chances.values()) == pytest.approx(1.0)
    assert next(one for one in chances if one != "normal") == "potassium_low"
    assert found["test"]["used"] == list(INDICES)
    assert "hypokalemia" in {c["cause"] for c in found["test"]["mechanisms"][0]["causes"]}


def test_a_recording_beside_a_test(call, measures) -> None:
    result = call("mechanism", measures, "--expert")
    assert result.exit_code == 0, result.stderr
    assert "How the discharges of this recording follow each other" in result.stdout
    assert "changes no probability" in result.stdout
    found = json.loads(call("mechanism", measures, "--json").stdout)
    assert set(found) == {"schema_version", "discharges"}
    assert sum(found["discharges"]["probabilities"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--expert"], "give a nerve excitability test"),
        (["missing.csv"], "missing.csv cannot be read"),
        ([MEM, "--record", "5"], "record is 5: the file holds 1 to 1"),
        (["--recording", "x.edf", "--record", "1"], "--record chooses among the tests"),
    ],
)
def test_what_is_refused(call, arguments, says: str) -> None:
    result = call("mechanism", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_files_with_nothing_of_use(call, tmp_path: Path, measures) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("index;value\nLatency;6.1\n", "utf-8")
    assert "no index in it tells mechanisms apart" in call("mechanism", bare).stderr
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[1]", "utf-8")
    assert "wrong.json holds no measures of a recording" in call("mechanism", wrong).stderr
    assert "not both" in call("mechanism", measures, "--recording", "x.edf").stderr
