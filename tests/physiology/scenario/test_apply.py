"""A cause and a dose become a changed motor unit: every cause, every dose, every mistake."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.knowledge import PARTS, TARGETS, load_mechanics
from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.ions import Bath
from whytwitch.physiology.scenario import ChangedSystem, apply, combine, scenarios

MECHANICS = load_mechanics()
READINGS = [(key, s) for key, entry in MECHANICS.causes.items() for s in entry.scenarios]
readings = pytest.mark.parametrize(("cause", "scenario"), READINGS, ids=[f"{c}-{s.id}" for c, s in READINGS])


def test_the_catalogue_and_the_bath_agree_on_what_is_normal() -> None:
    assert asdict(Bath()) == {name: target.normal for name, target in PARTS["bath"].items()}


@readings
def test_the_normal_dose_changes_nothing(cause: str, scenario) -> None:
    system = apply(cause, scenario.id, scenario.dose.normal)
    assert system.bath == Bath()
    for name, value in system.values.items():
        assert value == pytest.approx(TARGETS[name].normal), name


@readings
def test_the_typical_dose_changes_what_it_names_and_says_so(cause: str, scenario) -> None:
    system = apply(cause, scenario.id)
    assert system.values.keys() == {change.target for change in scenario.changes}
    for name, value in system.values.items():
        assert value != TARGETS[name].normal, name
        assert any(line.startswith(name) for line in system.provenance)
    assert system.grade == scenario.grade
    assert scenario.grade in system.provenance[0]


@readings
def test_every_value_moves_one_way_with_the_dose(cause: str, scenario) -> None:
    low, high = scenario.dose.low, scenario.dose.high
    runs = [apply(cause, scenario.id, low + (high - low) * i / 8) for i in range(9)]
    for change in scenario.changes:
        values = [run.values[change.target] for run in runs]
        assert values in (sorted(values), sorted(values, reverse=True)), change.target


@given(st.sampled_from(READINGS), st.floats(0, 1))
def test_no_dose_within_range_breaks_the_system(reading, share: float) -> None:
    cause, scenario = reading
    system = apply(cause, scenario.id, scenario.dose.low + (scenario.dose.high - scenario.dose.low) * share)
    assert all(math.isfinite(value) for value in system.values.values())
    assert system.axon_at_terminal.keys() == system.axon.keys() | system.terminal.keys()


def test_parts_are_handed_out_under_their_short_names() -> None:
    system = apply("organophosphate_poisoning", dose=0.1)
    assert system.junction["acetylcholinesterase_fraction"] == 0.1
    assert system.axon == {}
    assert apply("neuromyotonia").axon_at_terminal["fast_potassium"] == 0.3


def test_conflicting_readings_are_separate() -> None:
    assert [s.id for s in scenarios("als")] == ["channel_loss", "persistent_sodium"]
    assert (
        apply("als").axon["persistent_sodium"]
        < 1
        < apply("als", "persistent_sodium").axon["persistent_sodium"]
    )
    assert len(scenarios("stroke_tia")) == 2


def test_it_cannot_be_changed_in_place() -> None:
    system = apply("hypocalcemia")
    with pytest.raises(FrozenInstanceError):
        system.causes = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        system.values["bath.ph"] = 7.0  # type: ignore[index]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: apply("hypocalcaemia"), r"no cause 'hypocalcaemia'; did you mean hypocalcemia"),
        (lambda: apply("qqqq"), r"'whytwitch causes' lists all ids"),
        (lambda: apply("topiramate"), r"topiramate cannot be simulated: .+ unknown"),
        (lambda: apply("als", "x"), r"no scenario 'x'; choose from: channel_loss, persistent_sodium"),
        (
            lambda: apply("hypocalcemia", dose=9.0),
            r"dose is 9\.0; ionized_calcium_mmol_l runs from 0\.4 to 1\.2",
        ),
        (lambda: apply("hypocalcemia", dose=math.nan), r"dose is nan"),
        (lambda: apply("als", **{"axon.slow_k": 1.0}), r"no target 'axon\.slow_k'; .*axon\.slow_potassium"),
        (lambda: combine(**{"bath.ph": 12.0}), r"bath\.ph is 12\.0: the model takes 5 to 9\.5"),
        (lambda: combine(**{"axon.ih": math.nan}), r"axon\.ih is nan"),
    ],
)
def test_a_mistake_is_one_clear_error(call, message: str) -> None:
    with pytest.raises(PhysiologyError, match=message):
        call()


def test_without_causes_everything_is_normal() -> None:
    normal = combine()
    assert normal.values == {}
    assert normal.bath == Bath()
    assert normal.grade is None


def test_factors_multiply_and_shifts_add_up() -> None:
    both = combine(apply("hypothyroidism", dose=1.0), apply("hypophosphatemia", dose=1.0))
    assert both.axon["pump"] == pytest.approx(0.8**2 * 0.7**2)
    assert combine(apply("cidp"), apply("cidp")).units["conduction_block"] == pytest.approx(0.6)


def test_the_weakest_grade_counts() -> None:
    assert combine(apply("hyperventilation"), apply("als")).grade == "modelled"
    assert combine(apply("hyperventilation"), apply("alcohol_use")).grade == "hypothesis"


def test_two_causes_that_disagree_are_an_error_unless_settled() -> None:
    low, high = apply("hypokalemia"), apply("hyperkalemia")
    with pytest.raises(PhysiologyError, match=r"potassium.*hypokalemia/default sets it to 2\.8 and hyper"):
        combine(low, high)
    settled = combine(low, high, **{"bath.potassium_mmol_l": 4.5})
    assert settled.bath.potassium_mmol_l == 4.5
    assert settled.provenance[-1] == "bath.potassium_mmol_l = 4.5 mmol/L: set by hand."


def test_a_cause_at_its_normal_dose_disagrees_with_nothing() -> None:
    assert combine(apply("hypokalemia", dose=4.2), apply("hyperkalemia")).bath.potassium_mmol_l == 6.0


def test_the_last_override_wins() -> None:
    first = combine(**{"axon.ih": 0.5})
    assert combine(first, **{"axon.ih": 0.7}).axon["ih"] == 0.7


def test_axon_and_terminal_together_stay_in_range() -> None:
    system = ChangedSystem(combine(**{"axon.pump": 10.0, "terminal.pump": 10.0}).operations)
    with pytest.raises(PhysiologyError, match=r"axon\.pump with terminal\.pump is 100"):
        _ = system.axon_at_terminal
