"""From a case to factors, from factors to ratios: against a stand-in whose rates are known."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reasoning.rates import StandIn

from whytwitch.case import Case, CaseError, LabResult, Observation, RecordingSummary, complete, read_text
from whytwitch.case import DrugUse as Use
from whytwitch.knowledge import load
from whytwitch.reasoning import Changes, WhatIf, what_if
from whytwitch.reasoning._factors import (
    QUANTITY,
    factors_of,
    measured,
    normal_of,
    suspects_of,
    system_of,
    to_fluid,
)

CATALOGUE = load()
ROOT = Path(__file__).parents[2]
POTASSIUM = "bath.potassium_mmol_l"


def lab(analyte: str, value: float) -> LabResult:
    return LabResult(analyte=analyte, value=value, unit=CATALOGUE.analytes[analyte].unit, value_si=value)


def case_of(*labs: LabResult, drugs: tuple[str, ...] = (), items: tuple[str, ...] = ()) -> Case:
    case = Case(
        labs=labs, drugs=tuple(Use(drug=d, name=d) for d in drugs),
        observations=tuple(Observation(id=item) for item in items),
    )  # fmt: skip
    return complete(case, CATALOGUE)


def ask(case: Case | str, changes: Changes | None = None, per_min: float | None = None) -> WhatIf:
    return what_if(case, changes, per_min=per_min, catalogue=CATALOGUE, rates=StandIn())


def test_an_explanation_waits_for_no_physiology() -> None:
    """Nor does a what-if wait for compilers: in a process of their own, by what was imported."""
    program = (
        "import sys\n"
        "from whytwitch.reasoning import explain, Changes\n"
        "explain('My calves twitch. Potassium 2.9 mmol/L.')\n"
        "assert not [m for m in sys.modules if m.startswith('whytwitch.physiology')]\n"
        "from whytwitch.reasoning import what_if\n"
        "from tests.reasoning.rates import StandIn\n"
        "what_if('My calves twitch. Potassium 2.9 mmol/L.', Changes({'potassium': 4.0}), rates=StandIn())\n"
        "assert not {'numba', 'scipy'} & sys.modules.keys()\n"
    )
    # The root first: some libraries install a package named "tests" of their own.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# --- factors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("analyte", "value", "target", "in_fluid"),
    [
        ("potassium", 2.9, POTASSIUM, 2.9),
        ("calcium_ionized", 0.9, "bath.ionized_calcium_mmol_l", 0.9),
        ("ph", 7.5, "bath.ph", 7.5),
    ],
)
def test_a_value_is_taken_as_it_is(analyte: str, value: float, target: str, in_fluid: float) -> None:
    (factor,) = factors_of(case_of(lab(analyte, value)), CATALOGUE)
    assert system_of((factor,)).values == {target: in_fluid}
    assert not factor.estimated
    assert not factor.variants


@pytest.mark.parametrize(
    "name", ["potassium", "ionized_calcium", "calcium", "magnesium", "ph", "temperature"]
)
def test_a_normal_value_is_the_normal_nerve(name: str) -> None:
    case = case_of(lab("albumin", 35.0), lab("ph", 7.45))
    bath = QUANTITY[name].target
    steps = to_fluid(name, case)(normal_of(name, case))
    normal = getattr(system_of(()).bath, bath.removeprefix("bath."))
    assert steps == pytest.approx(normal, abs=0.01)


def test_total_calcium_needs_albumin_and_says_that_it_is_an_estimate() -> None:
    low, usual = (
        factors_of(case_of(lab("calcium_total", 2.1), lab("albumin", albumin)), CATALOGUE)[0]
        for albumin in (25.0, 43.0)
    )
    assert system_of((low,)).bath.ionized_calcium_mmol_l > system_of((usual,)).bath.ionized_calcium_mmol_l
    assert low.estimated
    ends = [system_of((low,)).bath.ionized_calcium_mmol_l * times for times in (0.9, 1.1)]
    assert [steps[0].value for steps in low.variants] == pytest.approx(ends)


def test_measured_free_calcium_wins_over_total() -> None:
    factors = factors_of(case_of(lab("calcium_total", 1.8), lab("calcium_ionized", 1.1)), CATALOGUE)
    assert [factor.id for factor in factors] == ["ionized_calcium"]


def test_acid_comes_from_gases_where_both_are_known() -> None:
    assert measured(case_of(lab("bicarbonate", 24.0), lab("paco2", 5.3)), CATALOGUE)["ph"] == pytest.approx(
        7.4, abs=0.02
    )
    assert "ph" not in measured(case_of(lab("bicarbonate", 30.0)), CATALOGUE)


def test_a_fever_warms_the_nerve_as_much_as_the_body() -> None:
    case = read_text("My legs twitch and I have a fever of 39.0 °C.", CATALOGUE)
    (factor,) = factors_of(case, CATALOGUE)
    assert system_of((factor,)).bath.temperature_c == pytest.approx(35.0)


def test_a_drug_acts_through_the_value_that_was_measured_and_nothing_else() -> None:
    with_drug = case_of(lab("potassium", 3.0), drugs=("hydrochlorothiazide",))
    without = case_of(lab("potassium", 3.0))
    found, bare = factors_of(with_drug, CATALOGUE), factors_of(without, CATALOGUE)
    assert system_of(found).values == system_of(bare).values == {POTASSIUM: 3.0}
    assert found[0].drugs == ("hydrochlorothiazide",)
    assert ask(with_drug).today == ask(without).today


def test_a_drug_without_a_measured_value_moves_no_number() -> None:
    case = case_of(drugs=("hydrochlorothiazide",))
    assert factors_of(case, CATALOGUE) == ()
    found = ask(case)
    assert found.today is None
    (thiazide,) = (one for one in found.unknown if one.cause == "thiazide_diuretic")
    assert {"potassium", "magnesium"} <= set(thiazide.through)
    assert thiazide.drugs == ("hydrochlorothiazide",)


def test_a_drug_is_not_blamed_for_the_opposite() -> None:
    (factor,) = factors_of(case_of(lab("potassium", 6.0), drugs=("hydrochlorothiazide",)), CATALOGUE)
    assert factor.drugs == ()


def test_a_disease_acts_on_the_nerve_and_never_on_the_fluid() -> None:
    case = case_of(items=("als_known", "kidney_disease"))
    factors = factors_of(case, CATALOGUE)
    assert [factor.id for factor in factors] == ["als"]
    assert not [target for target in system_of(factors).values if target.startswith("bath.")]
    assert len(factors[0].variants) >= 2
    assert "chronic_kidney_disease" in {suspect.cause_id for suspect in suspects_of(case, CATALOGUE)}


HYPOTHESES = (
    "caffeine_high", "stress", "sleep_loss", "heavy_exercise", "alcohol_heavy", "low_b12", "drug_estrogen",
    "drug_thiazide", "nicotine", "drug_statin", "kidney_disease", "heart_failure",
)  # fmt: skip


@settings(max_examples=30)
@given(st.sets(st.sampled_from(HYPOTHESES)), st.floats(2.5, 6.0))
def test_hypotheses_never_move_a_number(items: set[str], potassium: float) -> None:
    bare = ask(case_of(lab("potassium", potassium)))
    told = ask(case_of(lab("potassium", potassium), items=tuple(sorted(items))))
    assert (told.today, told.shares, told.curves) == (bare.today, bare.shares, bare.curves)
    assert len(told.unknown) >= (1 if items else 0)


def test_low_sodium_is_a_hypothesis() -> None:
    found = ask(case_of(lab("sodium", 120.0)))
    assert found.today is None
    assert "hyponatremia" in {one.cause for one in found.unknown}


# --- ratios ---------------------------------------------------------------------------------------


def test_today_beside_normal_and_after_beside_today() -> None:
    found = ask(case_of(lab("potassium", 5.2)), Changes({"potassium": 4.2}))
    assert found.today and found.today.over_normal and found.after and found.change
    assert found.today.over_normal.log10 == pytest.approx(1.0)
    assert found.today.over_normal.ratio == pytest.approx(10.0)
    assert found.change.log10 == pytest.approx(-1.0)
    assert found.change.low < found.change.ratio < found.change.high


@settings(max_examples=30)
@given(st.floats(2.5, 6.5), st.floats(2.5, 6.5))
def test_more_potassium_more_twitches(one: float, other: float) -> None:
    found = ask(case_of(lab("potassium", one)), Changes({"potassium": other}))
    assert (found.change.log10 if found.change else 0.0) == pytest.approx(other - one, abs=1e-6)


def test_shares_add_up_to_the_excess_of_today() -> None:
    found = ask(
        case_of(lab("potassium", 3.4), lab("calcium_ionized", 0.9), lab("magnesium", 0.5), lab("ph", 7.5))
    )
    assert found.today and found.today.over_normal
    assert sum(share.log10 for share in found.shares) == pytest.approx(found.today.over_normal.log10)
    assert all(share.low_log10 <= share.log10 <= share.high_log10 for share in found.shares)
    assert math.prod(share.times for share in found.shares) == pytest.approx(found.today.over_normal.ratio)


def test_what_is_assumed_widens_the_range() -> None:
    known = ask(case_of(lab("calcium_ionized", 1.0))).today
    value = next(v for v in (2.0, 2.05, 2.1, 1.95, 1.9) if to_fluid("calcium", Case())(v) < 1.1)
    guessed = ask(case_of(lab("calcium_total", value))).today
    assert known and known.over_normal and guessed and guessed.over_normal
    known_width = known.over_normal.high_log10 - known.over_normal.low_log10
    assert guessed.over_normal.high_log10 - guessed.over_normal.low_log10 > known_width


def test_what_is_assumed_alike_today_and_later_cancels() -> None:
    """A change of potassium is as sure with a guessed calcium as with a measured one."""
    changes = Changes({"potassium": 4.2})
    guessed = ask(case_of(lab("potassium", 3.0), lab("calcium_total", 2.0)), changes).change
    bare = ask(case_of(lab("potassium", 3.0)), changes).change
    assert guessed and bare
    assert guessed.high_log10 - guessed.low_log10 == pytest.approx(bare.high_log10 - bare.low_log10)


def test_a_nerve_that_fires_by_itself_gets_no_number() -> None:
    found = ask(case_of(lab("potassium", 8.3)), Changes({"potassium": 5.0}))
    assert found.today and found.today.state == "fires"
    assert found.today.over_normal is None
    assert found.change is None
    assert found.after and found.after.over_normal
    assert found.shares == ()


def test_beyond_the_emulator_gets_no_number() -> None:
    found = ask(case_of(lab("potassium", 1.6)))
    assert found.today and found.today.outside == ("potassium_mmol_l",)
    assert found.today.over_normal is None


def test_what_cannot_be_shared_says_so() -> None:
    """Low calcium alone would make the stand-in fire; low potassium holds it back."""
    found = ask(case_of(lab("potassium", 3.0), lab("calcium_ionized", 0.29)))
    assert found.today and found.today.over_normal
    assert found.shares == ()
    assert "ionized_calcium" in found.unshared


def test_a_curve_has_the_person_on_it() -> None:
    found = ask(case_of(lab("potassium", 5.2)), Changes({"potassium": 4.5}))
    (curve,) = found.curves
    assert (curve.person, curve.after, curve.normal) == (5.2, 4.5, 4.2)
    assert curve.at[0] <= 4.5 < 5.2 <= curve.at[-1]
    known = [value for value in curve.log10 if value is not None]
    assert known == sorted(known)
    assert len(curve.at) == len(curve.log10) == len(curve.low_log10)


def test_caffeine_moves_nothing_and_says_why() -> None:
    found = ask(case_of(lab("potassium", 3.0)), Changes(caffeine_cups=0.0))
    assert found.after is None
    assert found.change is None
    (caffeine,) = found.unknown
    assert caffeine.cause == "caffeine_excess"
    assert caffeine.asked
    assert caffeine.verdict == "contested"


def test_stopping_a_drug_leaves_what_was_measured() -> None:
    case = case_of(lab("potassium", 3.0), drugs=("hydrochlorothiazide",))
    found = ask(case, Changes(stop=("Microzide",)))
    assert found.change is None
    assert found.asked == ("without hydrochlorothiazide",)
    assert next(one for one in found.unknown if one.cause == "thiazide_diuretic").asked


def test_red_flags_are_those_of_the_case_whatever_is_asked() -> None:
    found = ask(case_of(lab("potassium", 2.3)), Changes({"potassium": 4.2}))
    assert found.urgency.level in ("urgent", "emergency")


# --- a measured rate ------------------------------------------------------------------------------


def test_without_a_measured_rate_there_is_none() -> None:
    assert ask(case_of(lab("potassium", 5.2)), Changes({"potassium": 4.2})).anchor is None


def test_a_stated_rate_is_carried_over() -> None:
    found = ask(case_of(lab("potassium", 5.2)), Changes({"potassium": 4.2}), per_min=20.0)
    assert found.anchor and found.anchor.after_per_min
    assert found.anchor.per_min == pytest.approx(20.0)
    assert found.anchor.after_per_min == pytest.approx(2.0)


def recording(n: int, clean_s: float) -> RecordingSummary:
    return RecordingSummary(name="x", duration_s=clean_s, clean_s=clean_s, quality=1.0, fasciculations=n)


def test_a_recording_anchors_with_the_range_of_its_count() -> None:
    """The exact 90 % interval of a count of 12 is 6.924 to 19.44 (chi-square quantiles)."""
    case = case_of(lab("potassium", 5.2)).model_copy(
        update={"recordings": (recording(12, 120.0), recording(1, 10.0))}
    )
    anchor = ask(case, Changes({"potassium": 4.2})).anchor
    assert anchor and anchor.low_per_min and anchor.high_per_min and anchor.after_low_per_min
    assert (anchor.source, anchor.per_min) == ("recording", pytest.approx(6.0))
    assert anchor.low_per_min * 2 == pytest.approx(6.924, rel=0.01)
    assert anchor.high_per_min * 2 == pytest.approx(19.44, rel=0.01)
    assert anchor.after_low_per_min < 0.6


def test_nothing_counted_anchors_nothing() -> None:
    case = case_of(lab("potassium", 5.2)).model_copy(update={"recordings": (recording(0, 120.0),)})
    assert ask(case).anchor is None


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"potasium": 4.0}, "did you mean potassium"),
        ({"vitamin": 4.0}, "known are potassium"),
        ({"potassium": 40.0}, "1 to 11 mmol/L"),
        ({"potassium": "-3"}, "1 to 11 mmol/L"),
        ({"potassium": math.nan}, "1 to 11 mmol/L"),
        ({"potassium": "4 furlongs"}, "potassium"),
        ({"temperature": 50.0}, "30 to 42"),
    ],
)
def test_bad_values(values: dict[str, str | float], told: str) -> None:
    with pytest.raises(CaseError, match=told):
        ask(case_of(), Changes(values))


def test_values_come_in_any_unit() -> None:
    found = ask(case_of(), Changes({"Ionized calcium": "4.0 mg/dL", "temperature": "100.4 F"}))
    told = {factor.id: factor.after for factor in found.factors}
    assert told == {"ionized_calcium": pytest.approx(0.998, abs=0.001), "temperature": pytest.approx(38.0)}


def test_a_drug_that_is_not_taken_cannot_be_stopped() -> None:
    with pytest.raises(CaseError, match="did you mean hydrochlorothiazide"):
        ask(case_of(drugs=("hydrochlorothiazide",)), Changes(stop=("hydrochlorthiazide",)))
    with pytest.raises(CaseError, match="no drug is among"):
        ask(case_of(), Changes(stop=("aspirin",)))


@pytest.mark.parametrize("cups", [-1.0, 31.0, math.nan])
def test_cups_out_of_range(cups: float) -> None:
    with pytest.raises(CaseError, match="0 to 30"):
        Changes(caffeine_cups=cups)


@pytest.mark.parametrize("per_min", [0.0, -3.0, math.inf])
def test_rates_out_of_range(per_min: float) -> None:
    with pytest.raises(CaseError, match="a minute"):
        ask(case_of(), per_min=per_min)
