"""FHIR read as a case: what counts, what is denied, what is left over, and nothing but a CaseError."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.case import Case, CaseError, fhir_answers, fhir_terms, read_case, read_data
from whytwitch.case._fhir import read_fhir
from whytwitch.case._fhir_labs import as_written
from whytwitch.case._units import named
from whytwitch.knowledge import Catalogue, load

NOW = datetime(2026, 11, 28, tzinfo=UTC)
CATALOGUE = load()


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def observation(text: str = "", loinc: str = "", **more: Any) -> dict[str, Any]:
    code: dict[str, Any] = {"text": text} if text else {}
    if loinc:
        code["coding"] = [{"system": fhir_terms.LOINC, "code": loinc}]
    return {"resourceType": "Observation", "status": "final", "code": code, **more}


def quantity(value: Any, code: str) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, "system": fhir_terms.UCUM, "code": code}}


def condition(text: str, verified: str = "confirmed", **more: Any) -> dict[str, Any]:
    status = {"coding": [{"code": verified}]}
    return {"resourceType": "Condition", "code": {"text": text}, "verificationStatus": status, **more}


def drug(text: str, status: str = "active", kind: str = "MedicationStatement", **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "status": status, "medicationCodeableConcept": {"text": text}, **more}


def read(*resources: dict[str, Any]) -> Case:
    return read_fhir(bundle(*resources), CATALOGUE, now=NOW)


def statuses(case: Case) -> dict[str, str]:
    return {o.id: o.status for o in case.observations}


def left(case: Case) -> str:
    assert all(case.text[s.start : s.end] == s.text for s in case.not_understood)
    return " | ".join(span.text for span in case.not_understood)


# --- laboratory values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "analyte", "si"),
    [
        (observation(loinc="2823-3", **quantity(2.8, "mmol/L")), "potassium", 2.8),
        (observation(loinc="2823-3", **quantity(2.8, "meq/L")), "potassium", 2.8),
        (
            observation("Calcium [Mass/volume] in Serum or Plasma", **quantity(8.016, "mg/dL")),
            "calcium_total",
            2.0,
        ),
        (
            observation("Calcium.ionized [Moles/volume] in Blood", **quantity(0.9, "mmol/L")),
            "calcium_ionized",
            0.9,
        ),
        (
            observation("Thyroxine (T4) free [Moles/volume] in Serum", **quantity(15, "pmol/L")),
            "free_t4",
            15.0,
        ),
        (
            observation("Platelets [#/volume] in Blood by Automated count", **quantity(250, "10*3/uL")),
            "platelets",
            250.0,
        ),
        (observation("TSH", **quantity(2.5, "u[IU]/mL")), "tsh", 2.5),
        (observation("pH of Arterial blood", **quantity(7.5, "[pH]")), "ph", 7.5),
        (
            observation("Carbon dioxide [Partial pressure] in Arterial blood", **quantity(30, "mm[Hg]")),
            "paco2",
            4.0,
        ),
        (observation("Hemoglobin A1c/Hemoglobin.total in Blood", **quantity(6.5, "%")), "hba1c", 47.5),
        (observation("Potassium", valueString="2.8 mmol/L"), "potassium", 2.8),
    ],
    ids=lambda value: value["code"].get("text", "LOINC") if isinstance(value, dict) else None,
)
def test_a_laboratory_value_by_loinc_or_name_in_any_unit(
    given_: dict[str, Any], analyte: str, si: float
) -> None:
    (lab,) = read(given_).labs
    assert lab.analyte == analyte
    assert lab.value_si == pytest.approx(si, rel=0.01)


@pytest.mark.parametrize(
    "name",
    ["Potassium [Moles/volume] in Urine", "Glucose [Mass/volume] in Cerebral spinal fluid",
     "Potassium channel antibody", "Calcium intake", "Calcium.ionized adjusted to pH 7.4",
     "Carbon dioxide, total", "Something (K)", "Anti-GAD antibody"],
)  # fmt: skip
def test_a_name_that_only_holds_that_of_an_analyte_is_another_test(name: str) -> None:
    case = read(observation(name, **quantity(4.0, "mmol/L")))
    assert not case.labs
    assert name in left(case)


def test_every_unit_of_the_catalogue_survives_ucum() -> None:
    for analyte in CATALOGUE.analytes.values():
        code = fhir_terms.UCUM_CODES.get(analyte.unit, analyte.unit)
        unit = named(analyte, as_written(code))
        assert unit is not None, f"{analyte.id}: {code}"
        assert (unit.factor, unit.offset) == (1.0, 0.0)


def test_a_unit_that_does_not_fit_and_a_value_that_cannot_be_are_questions() -> None:
    case = read(
        observation(loinc="2951-2", **quantity(140, "banana")),
        observation(loinc="2823-3", **quantity(40, "mmol/L")),
    )
    assert not case.labs
    assert ["banana" in doubt.question for doubt in case.doubts] == [True, False]


def test_of_several_values_the_newest_counts_and_says_so() -> None:
    rows = [
        observation(loinc="2823-3", **quantity(value, "mmol/L"), effectiveDateTime=when)
        for value, when in [(3.1, "2026-10"), (2.8, "2026-11-20T08:00:00+01:00"), (4.4, "2025-01-01")]
    ]
    for order in (rows, rows[::-1]):
        (lab,) = read(*order).labs
        assert lab.value_si == 2.8
        assert "newest of several" in lab.note


def test_flags_bounds_and_intervals() -> None:
    low = observation("Magnesium", interpretation=[{"coding": [{"code": "L"}]}])
    assert read(low).labs[0].flag == "low"
    bound = observation("TSH", valueQuantity={"value": 0.01, "comparator": "<", "code": "m[IU]/L"})
    assert read(bound).labs[0].note == "given as <0.01"
    ranged = observation(
        loinc="2823-3",
        **quantity(3.4, "mmol/L"),
        referenceRange=[{"low": {"value": 3.5}, "high": {"value": 5.1}}],
    )
    assert (read(ranged).labs[0].low, read(ranged).labs[0].high) == (3.5, 5.1)


def test_components_are_values_of_their_own() -> None:
    parts = [
        {"code": {"text": name}, **quantity(value, "mmol/L")}
        for name, value in [("Sodium", 140), ("Potassium", 3)]
    ]
    case = read(
        {"resourceType": "Observation", "status": "final", "code": {"text": "Panel"}, "component": parts}
    )
    assert {lab.analyte: lab.value_si for lab in case.labs} == {"sodium": 140.0, "potassium": 3.0}


def test_calcium_is_adjusted_as_everywhere() -> None:
    case = read(
        observation(loinc="2000-8", **quantity(2.0, "mmol/L")),
        observation(loinc="1751-7", **quantity(20, "g/L")),
    )
    assert {lab.analyte for lab in case.labs} == {"calcium_adjusted", "albumin"}


def test_other_observations_are_read_as_words() -> None:
    case = read(
        observation("Body temperature", **quantity(39.4, "Cel")),
        observation("Fasciculation", valueBoolean=True, bodySite={"text": "tongue"}),
        observation("Muscle weakness", valueCodeableConcept={"text": "Absent"}),
        observation("Cramps", valueString="unknown"),
        observation("Blood group", valueString="A"),
    )
    found = statuses(case)
    assert found["fever"] == found["twitch_tongue"] == "present"
    assert found["weakness"] == "absent"
    assert found["cramps"] == "unsure"
    assert "Blood group" in left(case)


# --- conditions and drugs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verified", "status"),
    [("confirmed", "present"), ("refuted", "absent"), ("unconfirmed", "unsure"), ("provisional", "unsure"),
     ("differential", "unsure"), ("entered-in-error", None)],
)  # fmt: skip
def test_the_state_of_a_condition_is_honored(verified: str, status: str | None) -> None:
    case = read(condition("Muscle weakness", verified))
    assert statuses(case).get("weakness") == status
    assert ("entered in error" in left(case)) == (status is None)


def test_what_is_over_no_longer_counts_as_a_symptom_but_as_history() -> None:
    over = {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    case = read(condition("Muscle weakness", **over), condition("Hypothyroidism", **over))
    assert "weakness" not in statuses(case)
    assert statuses(case)["hypothyroid_known"] == "present"
    assert "over by now" in left(case)


def test_the_onset_of_twitching_is_its_duration_and_that_of_nothing_else() -> None:
    twitching = condition("Muscle twitching", onsetDateTime="2026-11-01")
    other = condition("Hypothyroidism", onsetDateTime="1990-01-01")
    assert read(twitching, other).duration_days == 27.0
    assert read(other).duration_days is None


def test_a_code_without_words_is_named() -> None:
    coded = {"resourceType": "Condition", "code": {"coding": [{"system": "urn:x", "code": "G12.2"}]}}
    assert "G12.2" in left(read(coded))


def test_a_diagnosis_that_is_one_of_the_causes_is_asked_about() -> None:
    case = read(condition("Amyotrophic lateral sclerosis"), condition("Muscle twitching"))
    assert "no diagnosis is taken as given" in case.doubts[0].question
    assert "Amyotrophic lateral sclerosis" in left(case)


def test_what_is_understood_of_a_record_stands_in_its_text() -> None:
    """The share that stays unread decides whether a calm answer may be given."""
    case = read(
        {"resourceType": "Patient", "gender": "female", "birthDate": "1990-01-01"},
        observation("Potassium", **quantity(4.1, "mmol/L")),
        drug("lithium"),
        condition("Zorblax"),
    )
    assert case.text.splitlines() == [
        "female 36 years old",
        "potassium 4.1 mmol/l",
        "lithium",
        "Zorblax (not in the vocabulary)",
    ]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (drug("hydrochlorothiazide 25 MG Oral Tablet"), "taking"),
        (drug("hydrochlorothiazide", "completed"), "stopped"),
        (drug("hydrochlorothiazide", "on-hold"), "stopped"),
        (drug("hydrochlorothiazide", "not-taken"), "not taking"),
        (
            drug("hydrochlorothiazide", "active", "MedicationRequest", intent="order", doNotPerform=True),
            "not taking",
        ),
        (drug("hydrochlorothiazide", "entered-in-error"), None),
        (drug("hydrochlorothiazide", "draft", "MedicationRequest"), None),
        (drug("hydrochlorothiazide", "active", "MedicationRequest", intent="plan"), None),
    ],
)
def test_the_state_of_a_medication_is_honored(given_: dict[str, Any], expected: str | None) -> None:
    case = read(given_, condition("Cramps"))
    assert [use.status for use in case.drugs] == ([expected] if expected else [])
    assert bool(left(case)) == (expected is None)


def test_drugs_by_atc_and_by_reference() -> None:
    coded = {"coding": [{"system": fhir_terms.ATC, "code": "C10AA05"}]}
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "lithium carbonate"}}
    referred = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "Medication/m"},
    }
    inside = {**referred, "contained": [medication], "medicationReference": {"reference": "#m"}}
    assert [u.drug for u in read({**drug(""), "medicationCodeableConcept": coded}).drugs] == ["atorvastatin"]
    assert [u.drug for u in read(referred, medication).drugs] == ["lithium"]
    assert [u.drug for u in read(inside).drugs] == ["lithium"]


def test_an_unknown_drug_is_asked_about() -> None:
    case = read(drug("zzzumab"))
    assert "zzzumab" in case.doubts[0].question
    assert "zzzumab" in left(case)


# --- the person, and the rest ---------------------------------------------------------------------


def test_the_person() -> None:
    case = read({"resourceType": "Patient", "gender": "female", "birthDate": "1990-11-28"})
    assert (case.age_years, case.sex) == (36.0, "female")
    assert read({"resourceType": "Patient", "birthDate": "2026-05-28"}).age_years == pytest.approx(
        0.5, abs=0.01
    )
    other = read({"resourceType": "Patient", "gender": "other"})
    assert other.sex is None
    assert "gender other" in left(other)


def test_another_person_is_left_out() -> None:
    patient = {"resourceType": "Patient", "id": "a"}
    own = condition("Cramps", subject={"reference": "Patient/a"})
    foreign = condition("Muscle weakness", subject={"reference": "https://example.org/fhir/Patient/b"})
    case = read(patient, own, foreign)
    assert "cramps" in statuses(case)
    assert "weakness" not in statuses(case)
    assert "another person" in left(case)


def test_other_kinds_of_resources_are_counted() -> None:
    assert "2 of kind Encounter" in left(read(*[{"resourceType": "Encounter"}] * 2, condition("Cramps")))


def test_read_data_and_read_case_take_it(tmp_path: Path) -> None:
    assert statuses(read_data(condition("Cramps"), CATALOGUE))["cramps"] == "present"
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(condition("Cramps"))), "utf-8")
    assert statuses(read_case(path, CATALOGUE))["cramps"] == "present"


# --- answers to the interview ---------------------------------------------------------------------


def answers(*items: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    rows = [{"linkId": key, "answer": [answer] if answer else []} for key, answer in items]
    return {"resourceType": "QuestionnaireResponse", "status": "completed",
            "questionnaire": f"{fhir_terms.QUESTIONNAIRE}|2026.11", "item": rows, **more}  # fmt: skip


def coded(code: str, system: str = fhir_terms.ANSWERS) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code}}


def test_answers_of_every_form() -> None:
    absent = {"extension": [{"url": fhir_terms.ABSENT_EXTENSION, "valueCode": "asked-unknown"}]}
    found = fhir_answers(
        answers(
            ("cramps", coded("yes")), ("weakness", coded("no")), ("fever", coded("unsure")),
            ("anxiety_disorder", {"valueBoolean": True}),
            ("twitch_calf", {"valueBoolean": False}), ("twitch_face", absent),
            ("twitch_hand", coded("asked-declined", fhir_terms.ABSENT_REASON)), ("twitch_arm", {}),
            ("age", {"valueDecimal": 34}), ("sex", coded("male")),
            ("duration", {"valueQuantity": {"value": 2, "code": "wk"}}),
        ),
        CATALOGUE,
    )  # fmt: skip
    assert found.statuses == {
        "cramps": "present", "weakness": "absent", "fever": "unsure", "anxiety_disorder": "present",
        "twitch_calf": "absent", "twitch_face": "unsure",
    }  # fmt: skip
    assert found.passed == {"twitch_hand"}
    assert (found.age_years, found.sex, found.duration_days) == (34.0, "male", 14.0)


def test_an_answer_stands_above_the_record_and_the_story_is_read() -> None:
    told = answers(
        ("story", {"valueString": "My calf twitches. Potassium 2.9 mmol/L."}), ("weakness", coded("no"))
    )
    case = read(condition("Muscle weakness"), told)
    found = statuses(case)
    assert found["weakness"] == "absent"
    assert found["twitch_calf"] == "present"
    assert case.labs[0].analyte == "potassium"


def test_another_questionnaire_is_named_answer_by_answer() -> None:
    foreign = answers(("q1", {"valueInteger": 3}), questionnaire="http://example.org/PHQ9")
    assert "q1: 3 (another questionnaire)" in left(read(foreign, condition("Cramps")))
    with pytest.raises(CaseError, match="not the interview"):
        fhir_answers(foreign, CATALOGUE)


def test_an_item_of_another_catalogue_is_named() -> None:
    case = read(answers(("no_such_item", coded("yes")), ("cramps", coded("yes"))))
    assert "no_such_item: yes" in left(case)


# --- what is refused ------------------------------------------------------------------------------


def deep(levels: int) -> dict[str, Any]:
    data: dict[str, Any] = {"resourceType": "Bundle"}
    for _ in range(levels):
        data = {"resourceType": "Bundle", "entry": [{"resource": data}]}
    return data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"resourceType": 3}, "resourceType: must be text"),
        ({"resourceType": "Bundle", "entry": 3}, "entry: must be a list"),
        ({"resourceType": "Bundle", "entry": [3]}, r"entry\[0\]: must be an object"),
        (bundle({}), "no resourceType"),
        (bundle(), "nothing is said"),
        (bundle({"resourceType": "Patient"}, {"resourceType": "Patient"}), "2 patients"),
        (bundle({"resourceType": "Patient", "birthDate": "1800-01-01"}), "cannot be a person's age"),
        (bundle({"resourceType": "Patient", "birthDate": "yesterday"}), "is no date"),
        (bundle(observation("Potassium", **quantity(10**400, "mmol/L"))), "too large"),
        (bundle(observation("Potassium", **quantity(float("inf"), "mmol/L"))), "finite one"),
        (bundle(observation("Potassium", **quantity("2.8", "mmol/L"))), "must be a number, not text"),
        (bundle(observation("Potassium", **quantity(True, "mmol/L"))), "must be a number"),
        (bundle(condition("Cramps \ud800")), "surrogate"),
        (bundle(*[condition("Cramps")] * 2001), "2,000 resources"),
        (bundle(*[observation("no such words " * 30)] * 500), "kB of words"),
        (answers(("cramps", coded("perhaps"))), "'perhaps' is no answer"),
        (answers(("age", {"valueDecimal": 900})), "cannot be a person's age"),
        (answers(("duration", {"valueQuantity": {"value": 2, "code": "kg"}})), "no unit of time"),
        (deep(25), "deeper"),
        (deep(5000), "deeper"),
    ],
)
def test_one_clear_error(data: dict[str, Any], says: str) -> None:
    with pytest.raises(CaseError, match=says):
        read_fhir(data, CATALOGUE, now=NOW)


NAMES = (
    "resourceType", "entry", "resource", "code", "coding", "text", "system", "display", "status",
    "valueQuantity", "value", "unit", "valueBoolean", "valueString", "component", "item", "answer",
    "linkId", "valueCoding", "extension", "url", "birthDate", "gender", "subject", "reference", "id",
    "medicationCodeableConcept", "dosage", "contained", "questionnaire", "derivedFrom", "onsetDateTime",
    "verificationStatus", "interpretation", "effectivePeriod", "referenceRange", "low", "bodySite",
    "note", "comparator", "valueDecimal", "valueAge",
)  # fmt: skip
WORDS = (
    "Bundle", "Parameters", "Patient", "Observation", "Condition", "MedicationStatement",
    "MedicationRequest", "QuestionnaireResponse", "Medication", "Potassium", "mmol/L", "fasciculation",
    "cramps", "age", "sex", "duration", "story", "yes", "no", fhir_terms.QUESTIONNAIRE, fhir_terms.LOINC,
    "2823-3", "refuted", "active", "female", "2026-13-45", "2020-01-01", "2020-01-01T00:00:00Z", "#x",
    "x", "", "lithium", fhir_terms.AGE, "<", "\ud800", "0001-01-01",
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=8)
    | st.just(10**400)
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=9)
KINDS = st.sampled_from(WORDS[:9])


def taken(data: dict[str, Any], catalogue: Catalogue) -> None:
    """It is a case, or it is refused in words; nothing else happens."""
    try:
        case = read_data(data, catalogue)
    except CaseError as error:
        assert str(error)
    else:
        assert all(case.text[s.start : s.end] == s.text for s in case.not_understood)
        case.model_dump_json()


@settings(max_examples=150)
@given(KINDS, OBJECTS)
def test_anything_is_a_case_or_a_case_error(kind: str, data: dict[str, Any]) -> None:
    taken({**data, "resourceType": kind}, CATALOGUE)


@settings(max_examples=150)
@given(st.data())
def test_a_good_record_with_one_thing_spoiled(data: st.DataObject) -> None:
    good = bundle(
        {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990-02-03"},
        observation("Potassium", "2823-3", **quantity(2.8, "mmol/L"), effectiveDateTime="2026-11-01"),
        condition("Muscle twitching", onsetDateTime="2026-11-01", bodySite=[{"text": "left calf"}]),
        drug("hydrochlorothiazide 25 mg", dosage=[{"text": "once a day"}]),
        answers(("cramps", coded("yes")), ("duration", {"valueQuantity": {"value": 2, "code": "wk"}})),
    )
    spots: list[tuple[Any, Any]] = []
    waiting: list[Any] = [good]
    while waiting:
        at = waiting.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        spots += [(at, key) for key in keys]
        waiting += [at[key] for key in keys]
    holder, key = data.draw(st.sampled_from(spots))
    holder[key] = data.draw(VALUES)
    taken(good, CATALOGUE)
