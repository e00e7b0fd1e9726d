"""Every cause says what it does to the simulated motor unit, or why that cannot be said."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from whytwitch.knowledge import (
    PARTS,
    TARGETS,
    CatalogueError,
    Mechanics,
    PublishedChange,
    Scenario,
    load,
    load_mechanics,
)
from whytwitch.knowledge._mechanics import build_mechanics, dangling_mechanics
from whytwitch.knowledge._tables import DATA, read_mechanics, read_tables

ROOT = Path(__file__).parents[2]
CATALOGUE = load()
MECHANICS = load_mechanics()
SCENARIOS = [(key, scenario) for key, entry in MECHANICS.causes.items() for scenario in entry.scenarios]

INDICES = {
    "Stimulus for 50% max response", "Strength-duration time constant", "Rheobase", "Resting I/V slope",
    "Hyperpolarising I/V slope", "Relative refractory period", "Refractoriness at 2 ms",
    "Refractoriness at 2.5 ms", "Superexcitability", "Subexcitability", "TEd(10-20ms)", "TEd(90-100ms)",
    "TEd(undershoot)", "TEh(90-100ms)", "TEh(overshoot)", "Accommodation half-time", "Peak CMAP response",
}  # fmt: skip
"""As the normal values of 280 people name them."""

entries = pytest.mark.parametrize("entry", MECHANICS.causes.values(), ids=list(MECHANICS.causes))
scenarios = pytest.mark.parametrize(
    ("cause", "scenario"), SCENARIOS, ids=[f"{key}-{scenario.id}" for key, scenario in SCENARIOS]
)
published = pytest.mark.parametrize(
    "change", MECHANICS.excitability_changes, ids=lambda c: f"{c.group}-{c.index}"
)


def scenario_of(**changed: Any) -> dict[str, Any]:
    """The tables of one sound scenario, with some fields changed."""
    dose = {
        "name": "severity",
        "unit": "share",
        "normal": 0,
        "typical": 0.5,
        "low": 0,
        "high": 1,
        "origin": "x",
    }
    change = {"target": "axon.pump", "operation": "scale", "value": 0.8, "rule": "log"}
    sound = {
        "name": "x",
        "plain": "x",
        "precise": "x",
        "grade": "hypothesis",
        "dose": dose,
        "changes": [change],
    }
    dose |= changed.pop("dose", {})
    change |= changed.pop("change", {})
    return sound | changed


def test_every_cause_has_an_entry_and_no_other() -> None:
    assert MECHANICS.causes.keys() == CATALOGUE.causes.keys()


def test_nothing_dangles() -> None:
    assert list(dangling_mechanics(MECHANICS, CATALOGUE.sources)) == []


@entries
def test_no_model_is_a_reason(entry: Mechanics) -> None:
    if entry.no_model:
        assert len(entry.no_model) >= 60
        assert entry.no_model.rstrip().endswith(".")


@scenarios
def test_a_scenario_reads_well(cause: str, scenario: Scenario) -> None:
    assert scenario.plain.endswith(".")
    assert scenario.plain.count(". ") == 0, "one plain sentence"
    assert len(scenario.plain) <= 140
    assert len(scenario.precise) >= 40
    assert scenario.name != CATALOGUE.causes[cause].name


@scenarios
def test_a_judged_size_is_called_one(cause: str, scenario: Scenario) -> None:
    """Where sizes are ours and the reader can't see them from a dose, the words say so too."""
    judged = [c for c in scenario.changes if c.basis == "judgment" and c.value is not None]
    said = f"{scenario.precise} {scenario.dose.origin}"
    if judged:
        assert any(word in said for word in ("judgment", "assum", "hypothesis")), f"{cause}: {scenario.id}"


@scenarios
def test_what_the_mechanism_calls_unmeasured_is_not_called_measured(cause: str, scenario: Scenario) -> None:
    if scenario.grade == "measured":
        assert any(not CATALOGUE.sources[key].read.startswith("title") for key in scenario.sources)
        assert CATALOGUE.causes[cause].mechanism.support != "none"


def test_the_list_of_targets_is_the_one_agreed() -> None:
    axon = {
        "transient_sodium", "persistent_sodium", "fast_potassium", "slow_potassium", "nodal_leak",
        "internodal_leak", "internodal_fast_potassium", "internodal_slow_potassium", "ih", "pump",
        "barrett_barrett", "sodium_inactivation_rate", "ih_half_shift_mv", "gate_shift_mv",
        "sodium_left_shift_mv", "sodium_left_shift_fraction", "slow_inactivation", "polarization",
        "node_capacitance", "myelin_capacitance", "internodal_capacitance",
    }  # fmt: skip
    assert {part: set(names) for part, names in PARTS.items()} == {
        "bath": {
            "potassium_mmol_l", "sodium_mmol_l", "chloride_mmol_l", "ionized_calcium_mmol_l",
            "ionized_magnesium_mmol_l", "ph", "temperature_c",
        },
        "axon": axon,
        "terminal": axon,
        "junction": {
            "acetylcholinesterase_fraction", "receptor_fraction", "quantal_content_fraction",
            "prejunctional_excitability",
        },
        "fiber": {
            "chloride_conductance_fraction", "persistent_sodium_fraction", "pump_fraction",
            "leak_conductance_fraction",
        },
        "units": {"survival_fraction", "reinnervation", "fiber_fraction", "jitter_us", "conduction_block"},
        "drive": {"voluntary", "tremor_hz", "burst"},
    }  # fmt: skip
    for name, target in TARGETS.items():
        assert target.low <= target.normal <= target.high, name
        assert not target.factor or target.normal == 1.0, name


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"change": {"target": "axon.pumps"}}, r"unknown target 'axon\.pumps'; did you mean .*axon\.pump"),
        ({"change": {"from": "dose"}}, r"set exactly one of value and from"),
        ({"change": {"value": None}}, r"set exactly one of value and from"),
        ({"change": {"operation": "shift", "rule": "linear"}}, r"a factor is scaled or set"),
        ({"change": {"target": "axon.polarization", "rule": "linear"}}, r"only a factor can be scaled"),
        ({"change": {"value": 0.0}}, r"a logarithm needs"),
        (
            {"change": {"value": 0.4, "rule": "linear"}},
            r"axon\.pump is -0\.2 at a dose of 1; it must stay within 0",
        ),
        ({"change": {"basis": "observed"}}, r"basis 'observed' needs at least one source"),
        ({"change": {"value": None, "from": "dose", "rule": "linear"}}, r"the normal dose must be 1"),
        ({"dose": {"typical": 0.0}}, r"normal and typical must differ"),
        ({"dose": {"typical": 2.0}}, r"lie within low and high"),
        ({"dose": {"basis": "observed"}}, r"severity: basis 'observed' needs"),
        ({"grade": "measured"}, r"grade 'measured' needs at least one source"),
        ({"changes": []}, r"at least 1 item"),
        ({"sumary": "x"}, r"sumary"),
    ],
)
def test_a_faulty_scenario_is_refused_with_the_reason(changed: dict[str, Any], message: str) -> None:
    Scenario.model_validate(scenario_of())
    with pytest.raises(ValidationError, match=message):
        Scenario.model_validate(scenario_of(**changed))


def test_an_entry_has_scenarios_or_a_reason_and_not_both() -> None:
    for faulty in ({}, {"no_model": "x", "scenarios": [scenario_of()]}, {"scenarios": [scenario_of()] * 2}):
        with pytest.raises(ValidationError, match=r"not both|the same id"):
            Mechanics.model_validate({"id": "als", **faulty})


def test_the_faulty_cause_is_named() -> None:
    tables = read_mechanics(DATA)
    tables["causes"]["als"]["scenarios"][0]["grade"] = "certain"
    with pytest.raises(CatalogueError, match=r"causes\.als\.scenarios\.0\.grade"):
        build_mechanics(tables)


@pytest.mark.parametrize(
    ("rule", "at_half", "at_double"), [("linear", 0.9, 0.6), ("log", 0.8**0.5, 0.8**2), ("step", 0.8, 0.8)]
)
def test_values_follow_the_dose_by_their_rule(rule: str, at_half: float, at_double: float) -> None:
    scenario = Scenario.model_validate(scenario_of(change={"rule": rule}))
    change, dose = scenario.changes[0], scenario.dose
    assert [change.at(x, dose) for x in (0.0, 0.25, 0.5, 1.0)] == pytest.approx(
        [1.0, at_half, 0.8, at_double]
    )


@published
def test_a_published_change_can_be_checked(change: PublishedChange) -> None:
    """Its indices are those of the clinical test, and it names its scenario."""
    assert set(change.indices) <= INDICES
    assert len(set(change.indices)) == len(change.indices)
    if change.cause:
        assert change.scenario, "name the scenario, so that a new default does not change what is checked"
        assert not change.overrides, "a cause or overrides, not both"


def test_the_published_changes_still_cover_the_causes_with_data() -> None:
    covered = {change.cause for change in MECHANICS.excitability_changes if change.cause}
    assert covered >= {
        "als", "genetic_als", "kennedy_disease", "werdnig_hoffmann", "spinal_muscular_atrophy",
        "multifocal_motor_neuropathy", "cidp", "neuromyotonia", "chronic_kidney_disease", "diabetes",
        "stroke_tia", "hyperventilation", "intense_exercise",
    }  # fmt: skip


def test_every_reading_that_claims_excitability_data_is_checked_by_a_row() -> None:
    """A scenario read off the clinical test must be in the table that tests it."""
    rows = {(change.cause, change.scenario) for change in MECHANICS.excitability_changes}
    tested = {"ph_park2017", "ph_howells2018", "ph_geevasinga2015", "ph_jankelowitz2007", "ph_stroke_fcr2023",
              "ph_arnold2013", "ph_krishnan2008", "ph_vagg1998"}  # fmt: skip
    for cause, scenario in SCENARIOS:
        if scenario.grade == "modelled" and tested & set(scenario.sources):
            assert (cause, scenario.id) in rows, f"{cause}/{scenario.id}"


def test_an_explanation_does_not_load_them() -> None:
    code = "import sys, whytwitch; whytwitch.explain('My eyelid twitches'); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "whytwitch.knowledge._load" in loaded
    assert not {"whytwitch.knowledge._scenario", "whytwitch.knowledge._mechanics"} & set(loaded)


def test_the_two_tables_share_nothing() -> None:
    assert not any({"scenarios", "no_model"} & cause.keys() for cause in read_tables(DATA)["causes"].values())
    assert all(cause.keys() <= {"scenarios", "no_model"} for cause in read_mechanics(DATA)["causes"].values())


def test_the_page_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "scripts/mechanisms"))["page"]()
    assert (ROOT / "docs/mechanisms.md").read_text("utf-8") == page, "run scripts/mechanisms"
