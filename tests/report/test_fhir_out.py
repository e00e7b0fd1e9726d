"""The answer as FHIR R4B: valid for somebody else's models, honest, and read back as the same case."""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.case import (
    Case,
    DrugUse,
    LabResult,
    Observation,
    Place,
    complete,
    fhir_terms,
    read_data,
    read_text,
)
from whytwitch.knowledge import load
from whytwitch.reasoning import Assessment, explain
from whytwitch.report import fhir_bundle

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library's own, on import
    from fhir.resources.R4B.bundle import Bundle

CATALOGUE = load()
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
STORY = (
    "I am a woman of 34. My left calf twitches for 3 weeks, cramps at night. No weakness. Maybe numb. "
    "Magnesium 0.55 mmol/L, calcium 7.1 mg/dL. I take hydrochlorothiazide 25 mg and stopped citalopram. "
    "Fever 39.2 C. Xylophone quargle brimstone."
)


def answer(words: str = STORY) -> Assessment:
    return explain(read_text(words, CATALOGUE))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


def told() -> tuple[Assessment, dict[str, Any]]:
    assessment = answer()
    return assessment, fhir_bundle(assessment, CATALOGUE, authored=NOW)


def test_it_is_valid_and_plain_json() -> None:
    _, bundle = told()
    assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle
    Bundle.model_validate(bundle)
    assert bundle["type"] == "collection"


def test_it_does_not_diagnose_and_knows_no_snomed() -> None:
    _, bundle = told()
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert kinds == {
        "Patient",
        "QuestionnaireResponse",
        "Observation",
        "MedicationStatement",
        "RiskAssessment",
    }
    assert "snomed" not in json.dumps(bundle).lower()


def test_every_reference_leads_to_an_entry() -> None:
    _, bundle = told()
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    (risk,) = resources(bundle, "RiskAssessment")
    assert {row["reference"] for row in risk["basis"]} | {risk["subject"]["reference"]} == set(addresses) - {
        next(e["fullUrl"] for e in bundle["entry"] if e["resource"] is risk)
    }


def test_the_causes_shown_with_their_chances_in_percent() -> None:
    assessment, bundle = told()
    (risk,) = resources(bundle, "RiskAssessment")
    by_name = {CATALOGUE.causes[r.id].name: r for r in assessment.ranking}
    assert risk["status"] == "preliminary"
    assert "als" in {by_name[p["outcome"]["text"]].id for p in risk["prediction"]}
    for row in risk["prediction"]:
        ranked = by_name[row["outcome"]["text"]]
        assert row["probabilityDecimal"] == pytest.approx(100 * ranked.probability, rel=1e-5)
        assert "relativeRisk" not in row
        limits = {"high": 0.5, "moderate": 0.1, "low": 0.01, "negligible": 0.0}
        words = [word for word, limit in limits.items() if ranked.probability >= limit]
        assert row["qualitativeRisk"]["coding"][0]["code"] == words[0]
    first = risk["prediction"][0]
    assert first["rationale"].startswith("Speaks for it: ")
    assert "magnesium" in first["rationale"]


def test_what_to_do_and_what_it_is_not() -> None:
    bundle = fhir_bundle(
        answer("Sudden weakness of both legs since this morning, trouble breathing. Twitching."), CATALOGUE
    )
    (risk,) = resources(bundle, "RiskAssessment")
    assert risk["extension"] == [{"url": fhir_terms.URGENCY, "valueCode": "emergency"}]
    assert risk["mitigation"].startswith("Call your local emergency number now.")
    assert any("does not diagnose" in note["text"] for note in risk["note"])


def test_nothing_is_made_up() -> None:
    bundle = fhir_bundle(answer("My eyelid twitches."), CATALOGUE, authored=NOW)
    assert resources(bundle, "Patient") == [{"resourceType": "Patient"}]
    assert not resources(bundle, "Observation")
    _, full = told()
    (patient,) = resources(full, "Patient")
    assert "birthDate" not in patient
    assert patient["gender"] == "female"


def test_codes_only_where_the_catalogue_has_them() -> None:
    _, bundle = told()
    allowed = {code for cause in CATALOGUE.causes.values() for code in cause.codes.values()}
    for row in resources(bundle, "RiskAssessment")[0]["prediction"]:
        assert {coding["code"] for coding in row["outcome"].get("coding", [])} <= allowed
    for lab in resources(bundle, "Observation"):
        loinc = {c["code"] for c in lab["code"]["coding"] if c["system"] == fhir_terms.LOINC}
        assert loinc <= {analyte.loinc for analyte in CATALOGUE.analytes.values()}


def test_the_same_answer_at_the_same_time_is_the_same_bundle() -> None:
    assert told()[1] == told()[1]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        fhir_bundle(answer(), CATALOGUE, authored=datetime(2026, 11, 28))  # noqa: DTZ001


def probabilities(assessment: Assessment) -> dict[str, float]:
    return {ranked.id: ranked.probability for ranked in assessment.ranking}


def test_read_back_it_is_the_same_case() -> None:
    assessment, bundle = told()
    again = explain(read_data(json.loads(json.dumps(bundle)), CATALOGUE))
    assert probabilities(again) == pytest.approx(probabilities(assessment), abs=1e-9)
    assert again.urgency == assessment.urgency
    assert again.not_understood == assessment.not_understood


SITES = sorted(CATALOGUE.sites)


@st.composite
def labs(draw: st.DrawFn) -> LabResult:
    analyte = CATALOGUE.analytes[draw(st.sampled_from(sorted(CATALOGUE.analytes)))]
    low, high = analyte.plausible
    value = min(max(float(f"{draw(st.floats(low, high)):.4g}"), low), high)
    return LabResult(analyte=analyte.id, value=value, unit=analyte.unit, value_si=value)


CASES = st.builds(
    Case,
    age_years=st.none() | st.integers(0, 110).map(float),
    sex=st.sampled_from([None, "female", "male"]),
    duration_days=st.none() | st.floats(0, 20000).map(lambda days: round(days, 3)),
    observations=st.lists(
        st.builds(
            Observation,
            id=st.sampled_from(sorted(CATALOGUE.findings)),
            status=st.sampled_from(["present", "absent", "unsure"]),
            places=st.lists(
                st.builds(Place, site=st.sampled_from(SITES), side=st.sampled_from([None, "left", "both"])),
                max_size=2, unique=True,
            ).map(tuple),
        ),
        max_size=6, unique_by=lambda seen: seen.id,
    ).map(tuple),
    drugs=st.lists(
        st.builds(DrugUse, drug=st.sampled_from(sorted(CATALOGUE.drugs)), name=st.just("a drug"),
                  status=st.sampled_from(["taking", "stopped", "not taking", "given"])),
        max_size=3, unique_by=lambda use: use.drug,
    ).map(tuple),
    labs=st.lists(labs(), max_size=3, unique_by=lambda lab: lab.analyte).map(tuple),
).filter(lambda case: case != Case())  # fmt: skip


@settings(max_examples=25)
@given(CASES)
def test_any_case_survives_the_way_out_and_in(case: Case) -> None:
    case = complete(case, CATALOGUE)
    bundle = fhir_bundle(explain(case), CATALOGUE, authored=NOW)
    Bundle.model_validate(bundle)
    again = read_data(bundle, CATALOGUE)
    assert {(o.id, o.status, o.places) for o in again.observations} == {
        (o.id, o.status, o.places) for o in case.observations
    }
    assert {(use.drug, use.status) for use in again.drugs} == {(use.drug, use.status) for use in case.drugs}
    assert (again.age_years, again.sex, again.duration_days) == (case.age_years, case.sex, case.duration_days)
    if not {"calcium_total", "albumin"} <= {lab.analyte for lab in case.labs}:  # else it is adjusted
        expected = {lab.analyte: pytest.approx(lab.value_si, rel=1e-5) for lab in case.labs}
        assert {lab.analyte: lab.value_si for lab in again.labs} == expected
