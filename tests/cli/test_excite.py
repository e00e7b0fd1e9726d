"""``whytwitch excite``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from whytwitch import physiology
from whytwitch.physiology.excitability import (
    STANDARD_DELAYS,
    UNITS,
    Amount,
    Curves,
    Fit,
    Measured,
    indices,
    normal_mean_curves,
)

MEM = Path(__file__).parents[1] / "physiology/excitability/data/made_up.mem"


@dataclass
class Answer:
    curves: Curves
    indices: dict[str, float]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> list[physiology.Axon]:
    """In place of the simulation: what it would give for the mean of healthy people, and what was asked."""
    asked: list[physiology.Axon] = []

    def excite(axon: physiology.Axon) -> Answer:
        asked.append(axon)
        curves = normal_mean_curves()
        return Answer(curves, indices(curves))

    monkeypatch.setattr(physiology, "excite", excite)
    return asked


def test_the_normal_axon(call, model) -> None:
    result = call("excite")
    assert result.exit_code == 0, result.stderr
    assert model == [physiology.Axon()]
    assert "Nerve excitability: normal model" in result.stdout
    assert re.search(r"TEd\(peak\) +% +67\.3 +-0\.1 +67\.6 ± 4\.8 +normal", result.stdout)
    assert "does not diagnose" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "TEh20(10-20ms)" not in result.stdout


def test_every_index_for_experts(call, model) -> None:
    found = call("excite", "--expert").stdout
    for name in indices(normal_mean_curves()):
        assert name in found


def test_json_as_a_program_wants_it(call, model) -> None:
    for arguments in (["--json"], ["--json", "-"], ["--json", "--temperature", "33"]):
        result = call("excite", *arguments)
        found = json.loads(result.stdout)
        assert set(found["indices"]) <= set(UNITS)
        for name, delays in STANDARD_DELAYS.items():
            assert [float(at) for at in found["curves"][name]] == list(delays)
        assert {"10", "110"} <= set(found["curves"]["TEd40"])
        assert {"2", "2.5", "100"} <= set(found["curves"]["RC"])


def test_the_bath_and_a_current_reach_the_axon(call, model) -> None:
    result = call(
        "excite", "--potassium", 6, "--sodium", 130, "--ionized-calcium", 0.9, "--magnesium", 0.4,
        "--ph", 7.5, "--temperature", 36, "--polarize", -50,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    changed, normal = model
    bath = changed.bath
    assert (bath.potassium_mmol_l, bath.sodium_mmol_l, bath.ionized_calcium_mmol_l) == (6, 130, 0.9)
    assert (bath.ionized_magnesium_mmol_l, bath.ph, bath.temperature_c) == (0.4, 7.5, 36)
    assert changed.polarization == -0.5
    assert normal == physiology.Axon()
    assert "changed model and normal model" in result.stdout
    assert "set by hand" in " ".join(result.stdout.split())


def test_a_cause_at_a_dose(call, model) -> None:
    result = call("excite", "--cause", "hypokalemia", "--dose", 2.5)
    assert result.exit_code == 0, result.stderr
    assert model[0].bath.potassium_mmol_l == 2.5
    assert "hypokalemia" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_what_the_test_cannot_see_is_said(call, model) -> None:
    result = call("excite", "--cause", "anticholinesterase_overdose")
    assert "(junction) is not seen by this test" in " ".join(result.stdout.split())


def test_a_measured_test(call, tmp_path: Path) -> None:
    svg, page, out = (tmp_path / name for name in ("a.svg", "a.html", "a.json"))
    result = call("excite", "--measured", MEM, "--svg", svg, "--html", page, "--json", out)
    assert result.exit_code == 0, result.stderr
    assert "The file says: protocol TRONDNF" in result.stdout
    assert svg.read_text("utf-8").startswith("<svg")
    html = page.read_text("utf-8")
    assert "Peak CMAP response" in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", ""), "the page loads nothing"
    assert json.loads(out.read_text("utf-8"))["indices"]["Peak CMAP response"] == 9.123
    assert not re.search("Mean curves|nobody|not a person", html + out.read_text("utf-8")), (
        "names are not told"
    )


def test_a_measured_test_beside_a_changed_model(call, model) -> None:
    found = json.loads(call("excite", "--measured", MEM, "--potassium", 5, "--json").stdout)
    assert found["name"] == "Measured"
    assert [other["name"] for other in found["compared_with"]] == ["Changed model"]


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[physiology.Bath]:
    """In place of the fit: an axon with less Ih, and the baths it was asked for."""
    asked: list[physiology.Bath] = []

    def fit(measured: Measured, *, bath: physiology.Bath, progress: Callable[[int, int], None]) -> Fit:
        progress(0, 1)
        asked.append(bath)
        seen = physiology.Excitability(measured.curves, {"Rheobase": 7.0}, -84.0, -84.0, 500.0)
        amounts = {"ih": Amount(0.7, 0.55, 0.9, 0.6), "pump": Amount(1.1, 0.5, 2.0, 0.01)}
        return Fit(physiology.Axon(ih=0.7), seen, amounts, 0.4, 0.9, 120, 30)

    monkeypatch.setattr(physiology, "fit", fit)
    return asked


def test_the_model_fitted_to_it(call, fitted) -> None:
    result = call("excite", "--measured", MEM, "--fit", "--potassium", 5, "--json")
    found = json.loads(result.stdout)
    assert found["compared_with"][0]["indices"] == {"Rheobase": 7.0}
    assert [bath.potassium_mmol_l for bath in fitted] == [5]
    notes = " ".join(found["notes"])
    assert "Fitted to 120 values: 0.40 standard deviations" in notes
    assert "ih 0.70 (0.55 to 0.90): differs from normal." in notes
    assert "pump" not in notes, "what the test says nothing about is not spoken of"


def test_a_fit_is_not_mixed_with_a_changed_axon(call, complaint, fitted) -> None:
    assert "finds the axon by itself" in complaint(
        call("excite", "--measured", MEM, "--fit", "--polarize", 10)
    )


def test_the_normal_range_of_some(call, model) -> None:
    found = call("excite", "--cohort", "canada_portugal").stdout
    assert re.search(r"TEd\(peak\).*66\.9 ± ", found)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--fit"], "--fit needs a test to fit: give --measured FILE"),
        (["--record", "2"], "give --measured FILE"),
        (["--dose", "2"], "give --cause"),
        (["--cause", "hypokalaemia"], "hypokalemia"),
        (["--cause", "hypokalemia", "--dose", "99"], "99"),
        (["--potassium", "400"], "potassium_mmol_l is 400.0: the model takes"),
        (["--polarize", "nan"], "polarization is nan"),
        (["--measured", "missing.mem"], "missing.mem cannot be read"),
        (["--svg", "a.png"], "ends with .svg"),
        (["--svg", "a.svg", "--html", "-", "--json"], "only one of --json, --svg and --html"),
        (["--measured", MEM, "--record", "2"], "record is 2: the file holds 1 to 1"),
    ],
)
def test_bad_input_is_one_clear_line(call, complaint, arguments: list[str], says: str) -> None:
    assert says in complaint(call("excite", *arguments))


def test_two_targets_of_one_name_and_the_test_itself(call, complaint, tmp_path: Path) -> None:
    same = tmp_path / "a.json"
    same.write_text("RC,2,60\n")
    assert "is the measured test itself" in complaint(call("excite", "--measured", same, "--json", same))


def test_an_axon_without_a_threshold_is_told(call, complaint, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(axon: physiology.Axon) -> Answer:
        raise physiology.PhysiologyError(f"this axon at {axon.bath.temperature_c:g} °C fires by itself")

    monkeypatch.setattr(physiology, "excite", refuse)
    assert complaint(call("excite", "--temperature", 20)) == "this axon at 20 °C fires by itself"
