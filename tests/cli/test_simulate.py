"""``whytwitch simulate``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology import effects as effects_room
from whytwitch.recording import read

Call = Callable[..., Result]
Complaint = Callable[[Result], str]
# Changes the motor units alone, so that there is little to compute.
LIGHT = ("simulate", "cervical_myelopathy")
SHORT = ("--electrode", "needle", "--units", "12", "--duration", "4", "--rate", "300")


def found(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_example_is_marked_and_the_fluid_told(call: Call) -> None:
    result = call("simulate")
    assert result.exit_code == 0, result.stderr
    text = " ".join(result.stdout.split())
    assert "EXAMPLE" in text
    assert "free calcium outside 0.8 mmol/L (normal 1.2)" in text
    for word in ("Resting potential", "Threshold", "Fires by itself", "steady current", "Nerve fiber"):
        assert word in text
    assert "How well this is known" in text
    assert "does not diagnose" in text
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json_holds_it_all(call: Call) -> None:
    told = found(call("simulate", "hypocalcemia", "--ionized-calcium", "0.9", "--json", "--seed", "5"))
    assert told["cause"][0] | {"name": ""} == {
        "id": "hypocalcemia", "name": "", "scenario": "default", "dose": 0.9, "unit": "mmol/L",
        "grade": told["grade"],
    }  # fmt: skip
    assert told["grade"] in ("measured", "modelled", "hypothesis")
    assert (told["seed"], told["example"]) == (5, False)
    assert told["bath"]["ionized_calcium_mmol_l"] == told["dose"]["value"] == 0.9
    axon = told["axon"]
    assert axon["threshold_ratio"] == pytest.approx(
        axon["changed"]["threshold_pa"] / axon["normal"]["threshold_pa"]
    )
    assert axon["rest_shift_mv"] == pytest.approx(axon["changed"]["rest_mv"] - axon["normal"]["rest_mv"])
    index = axon["indices"]["Superexcitability"]
    assert set(index) == {"normal", "changed", "z"}
    assert axon["curves"]["changed"]["RC"]
    assert told["junction"]["changed"]["safety_factor"] > 1.0
    assert told["terminal"] is told["units"] is told["drive"] is told["recording"] is None
    assert [one["place"] for one in told["places"]] == [
        "drive", "units", "axon", "terminal", "junction", "fiber",
    ]  # fmt: skip
    assert told["provenance"]


def test_a_flag_named_as_the_dose_is_the_dose_and_else_an_own_value(call: Call) -> None:
    dosed = found(call("simulate", "hyperkalemia", "--potassium", "5.5", "--json"))
    assert (dosed["dose"]["value"], dosed["bath"]["potassium_mmol_l"]) == (5.5, 5.5)
    both = found(call("simulate", "cervical_myelopathy", "--set", "units.jitter_us=60", "--json"))
    assert both["values"]["units.jitter_us"] == 60.0
    assert any("set by hand" in line for line in both["provenance"])


def test_values_alone_need_no_cause(call: Call) -> None:
    told = found(call("simulate", "--set", "units.fiber_fraction=0.5", "--json"))
    assert (told["cause"], told["grade"]) == ([], None)
    assert told["units"] == {"fiber_fraction": 0.5}
    text = call("simulate", "--set", "units.fiber_fraction=0.5").stdout
    assert "Set by hand" in text
    assert "EXAMPLE" not in text


def test_a_recording_and_its_truth_go_to_bids_and_detect_reads_them(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    result = call(*LIGHT, "--bids", folder, *SHORT, "--muscle", "tibialis_anterior", "--seed", "2")
    assert result.exit_code == 0, result.stderr
    assert "as often as was asked" in " ".join(result.stdout.split())
    table = next(folder.rglob("*_events.tsv")).read_text("utf-8").splitlines()
    sidecar = json.loads(next(folder.rglob("*_events.json")).read_text("utf-8"))
    assert sidecar["Simulated"] is True
    assert len(table) > 5
    measures = tmp_path / "measures.json"
    detected = call("detect", folder, "--json", measures, "--no-resume", "-q")
    assert detected.exit_code == 0, detected.stderr
    assert measures.exists()
    again = call(*LIGHT, "--bids", folder, *SHORT)
    assert again.exit_code == 2


def test_edf_carries_the_discharges_as_marks(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "made.edf"
    told = found(call(*LIGHT, "--edf", target, *SHORT, "--mains", "60", "--noise", "2", "--json"))
    recording = read(target)
    assert recording.duration_s == pytest.approx(4.0)
    assert np.isfinite(recording.read()).all()
    marks = [note for note in recording.annotations if "of unit" in note.text]
    assert len(marks) == told["recording"]["discharges"] > 5
    assert told["recording"]["settings"]["background"]["mains_hz"] == 60.0
    assert sum(told["recording"]["by_kind"].values()) == len(marks)


def test_the_same_seed_gives_the_same_file(call: Call, tmp_path: Path) -> None:
    for name in ("a.bdf", "b.bdf"):
        assert call(*LIGHT, "--edf", tmp_path / name, *SHORT, "-q", "--seed", "7").exit_code == 0
    assert np.array_equal(read(tmp_path / "a.bdf").read(), read(tmp_path / "b.bdf").read())


def test_effort_is_recorded(call: Call) -> None:
    told = found(call(*LIGHT, *SHORT[:-2], "--rate", "0", "--voluntary", "0.2", "--json"))
    assert set(told["recording"]["by_kind"]) == {"voluntary"}


def test_the_page_is_written_and_nothing_is_printed_when_quiet(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = call(*LIGHT, "--html", page, "-q")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_the_list(call: Call) -> None:
    text = call("simulate", "--list").stdout
    assert "hypocalcemia" in text
    assert re.search(r"ionized calcium [\d.]+ to [\d.]+ mmol/L, normal 1.2, shown", " ".join(text.split()))
    for word in ("measured", "modelled", "hypothesis", "Not simulated"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 80


def test_ctrl_c_is_clean(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from whytwitch._cli import _simulate

    def stopped(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_simulate, "effects", stopped)
    result = call("simulate", "hypocalcemia")
    assert result.exit_code == 130
    assert "Stopped. Nothing was written." in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("hypocalcemi",), "did you mean hypocalcemia"),
        (("rabies",), "cannot be simulated"),
        (("hypocalcemia", "--scenario", "nope"), "choose from: default"),
        (("hypocalcemia", "--dose", "99"), "runs from"),
        (("hypocalcemia", "--ionized-calcium", "40"), "runs from"),
        (("--dose", "1", "--potassium", "5"), "name one"),
        (("--set", "axon.nope=1"), "no target"),
        (("--set", "axon.ih"), "a target and a number"),
        (("--set", "axon.ih=much"), "a target and a number"),
        (("--set", "axon.ih=-3"), "0 to 20"),
        (("--potassium", "400"), "0.5 to 40"),
        ((*LIGHT[1:], "--muscle", "bizeps"), "biceps_brachii"),
        ((*LIGHT[1:], "--units", "0"), "units"),
        ((*LIGHT[1:], "--duration", "0"), "duration_s"),
        ((*LIGHT[1:], "--voluntary", "2"), "voluntary"),
        ((*LIGHT[1:], "--rate", "-1"), "rate_per_min"),
        ((*LIGHT[1:], "--html", "page.pdf"), "ends with .html or .htm"),
        ((*LIGHT[1:], "--html", "-"), "standard output"),
        ((*LIGHT[1:], "--edf", "x.wav"), "ends with .edf or .bdf"),
        ((*LIGHT[1:], "--json", "a.json", "--html", "nowhere/a.html"), "no directory"),
    ],
)
def test_bad_input_is_one_clear_line(
    call: Call, complaint: Complaint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...],
    said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert said in complaint(call("simulate", *given))
    assert not list(tmp_path.iterdir())


def test_a_fault_of_the_model_is_no_traceback(
    call: Call, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whytwitch._cli import _simulate

    def refused(*_given: object, **_more: object) -> effects_room.Effects:
        raise PhysiologyError("no rest below 0 mV")

    monkeypatch.setattr(_simulate, "effects", refused)
    assert "no rest below 0 mV" in complaint(call("simulate", "hypocalcemia"))
