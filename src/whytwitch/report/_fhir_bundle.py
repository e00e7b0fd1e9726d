"""The answer as FHIR R4B: who, what was said and measured, and how likely which cause is.

There is no Condition in it: the program does not diagnose. Nothing is made up: a date of birth that
is not known stays away, and a cause has a code only where the catalogue has one that was verified.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from whytwitch.case import Case, DrugUse, LabResult, fhir_terms
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Ranked
from whytwitch.report._build import page
from whytwitch.report._clean import clean
from whytwitch.report._fhir_answers import fhir_answers_of, time_quantity
from whytwitch.report._numbers import chance, span
from whytwitch.report._phrases import (
    AGAINST,
    DISCLAIMER,
    DISCLAIMER_MORE,
    FOR,
    LIKELY_NOTE,
    SETTING,
    SETTINGS,
)
from whytwitch.report._view import CauseView, Page

RISK_WORDS: Final = "http://terminology.hl7.org/CodeSystem/risk-probability"
INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_SYSTEMS: Final = {"icd10": "http://hl7.org/fhir/sid/icd-10", "hpo": "http://human-phenotype-ontology.org"}
_LEVELS: Final = (
    (0.5, "high", "High likelihood"), (0.1, "moderate", "Moderate likelihood"),
    (0.01, "low", "Low likelihood"), (0.0, "negligible", "Negligible likelihood"),
)  # fmt: skip
"""Probability from which a word of HL7's list applies: "high" is "more likely than not" there, the other
limits are a judgment. "certain" is never said."""
_OTHER_PROPERTY: Final = frozenset({"hba1c"})
"""Analytes whose LOINC code stands for another unit (percent) than the one in which they are written."""
_FLAG_CODES: Final = {"low": ("L", "Low"), "high": ("H", "High"), "normal": ("N", "Normal")}
_USES: Final = {"taking": "active", "stopped": "stopped", "not taking": "not-taken", "given": "completed"}


def fhir_bundle(
    assessment: Assessment, catalogue: Catalogue, *, authored: datetime | None = None
) -> dict[str, Any]:
    """The assessment as a FHIR R4B Bundle of type collection.

    It holds a Patient, a QuestionnaireResponse (what was said), an Observation for each laboratory
    value, a MedicationStatement for each drug, and a RiskAssessment of status preliminary with one
    prediction for each cause that a report shows.

    Args:
        assessment: the answer.
        catalogue: the knowledge it rests on.
        authored: when it was made, with a time zone. Default: now.

    Returns:
        JSON-ready data. Probabilities are in percent, as FHIR wants them there.

    Raises:
        ValueError: ``authored`` has no time zone.
    """
    moment = authored or datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError("authored: give a time zone, as in datetime.now(UTC)")
    case, seed = assessment.case, f"{assessment.case.model_dump_json()}{moment.isoformat()}"
    basis = [
        fhir_answers_of(case, catalogue, moment),
        *(_lab(result, catalogue) for result in case.labs),
        *(_drug(use, catalogue) for use in case.drugs),
    ]
    entries = [_entry(_patient(case), seed, 0)]
    subject = {"reference": entries[0]["fullUrl"]}
    entries += [_entry({**one, "subject": subject}, seed, i) for i, one in enumerate(basis, 1)]
    risk = _risk(page(assessment, catalogue), catalogue, moment)
    risk |= {"subject": subject, "basis": [{"reference": entry["fullUrl"]} for entry in entries[1:]]}
    entries.append(_entry(risk, seed, len(entries)))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": moment.isoformat(timespec="seconds"),
        "entry": entries,
    }


def _entry(resource: dict[str, Any], seed: str, number: int) -> dict[str, Any]:
    key = uuid5(NAMESPACE_URL, f"{fhir_terms.FHIR_BASE}/{number}/{seed}")
    return {"fullUrl": f"urn:uuid:{key}", "resource": resource}


# --- what is known --------------------------------------------------------------------------------


def _patient(case: Case) -> dict[str, Any]:
    patient: dict[str, Any] = {"resourceType": "Patient"}
    if case.age_years is not None:
        age = time_quantity(case.age_years, "a")
        patient["extension"] = [{"url": fhir_terms.AGE, "valueAge": age}]
    if case.sex is not None:
        patient["gender"] = case.sex
    return patient


def _lab(result: LabResult, catalogue: Catalogue) -> dict[str, Any]:
    analyte = catalogue.analytes[result.analyte]
    codings = [{"system": fhir_terms.ANALYTES, "code": analyte.id, "display": analyte.name}]
    if analyte.loinc and analyte.id not in _OTHER_PROPERTY:
        codings.insert(0, {"system": fhir_terms.LOINC, "code": analyte.loinc})
    found: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "unknown",
        "code": {"coding": codings, "text": analyte.name},
    }
    if result.value_si is not None:
        unit = {"unit": analyte.unit, "system": fhir_terms.UCUM}
        unit["code"] = fhir_terms.UCUM_CODES.get(analyte.unit, analyte.unit)
        found["valueQuantity"] = {"value": _short(result.value_si), **unit}
        ends = {"low": result.low, "high": result.high}
        given = {name: {"value": _short(end), **unit} for name, end in ends.items() if end is not None}
        found |= {"referenceRange": [given]} if given else {}
    if result.flag is not None:
        code, display = _FLAG_CODES[result.flag]
        found["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": code, "display": display}]}]
    if result.note:
        found["note"] = [{"text": clean(result.note, 400)}]
    return found


def _drug(use: DrugUse, catalogue: Catalogue) -> dict[str, Any]:
    name = catalogue.drugs[use.drug].name
    coding = {"system": fhir_terms.DRUGS, "code": use.drug, "display": name}
    found: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "status": _USES[use.status],
        "medicationCodeableConcept": {"coding": [coding], "text": clean(use.name) or name},
    }
    if use.status == "given":
        found["extension"] = [{"url": fhir_terms.GIVEN, "valueBoolean": True}]
    if use.dose.strip():
        found["dosage"] = [{"text": clean(use.dose)}]
    return found


# --- what is made of it ---------------------------------------------------------------------------


def _risk(shown: Page, catalogue: Catalogue, moment: datetime) -> dict[str, Any]:
    assessment = shown.assessment
    views = [_prediction(view.ranked, catalogue, _rationale(view)) for view in shown.top]
    others = [_prediction(ranked, catalogue, "") for ranked in (*shown.others, *shown.grave)]
    banner = shown.banner
    notes = [
        f"{banner.text.headline}. {banner.lead}",
        LIKELY_NOTE,
        SETTING.format(setting=SETTINGS[assessment.setting]),
        f"{DISCLAIMER} {DISCLAIMER_MORE}",
    ]
    return {
        "resourceType": "RiskAssessment",
        "extension": [{"url": fhir_terms.URGENCY, "valueCode": banner.level}],
        "status": "preliminary",
        "method": {
            "text": f"Bayesian network over a catalogue of causes (version {assessment.catalogue_version}, "
            f"{assessment.method}); urgency by rules"
        },
        "code": {"text": "What makes this muscle twitch, and how soon somebody should look at it"},
        "occurrenceDateTime": moment.isoformat(timespec="seconds"),
        "prediction": [*views, *others],
        "mitigation": " ".join(banner.steps),
        "note": [{"text": text} for text in notes],
    }


def _prediction(ranked: Ranked, catalogue: Catalogue, rationale: str) -> dict[str, Any]:
    cause = catalogue.causes[ranked.id]
    outcome: dict[str, Any] = {"text": cause.name}
    codes = [{"system": _SYSTEMS[k], "code": v} for k, v in cause.codes.items() if k in _SYSTEMS]
    if codes:
        outcome["coding"] = codes
    word, display = next((word, text) for limit, word, text in _LEVELS if ranked.probability >= limit)
    said = ", ".join(part for part in (chance(ranked.probability), span(ranked.low, ranked.high)) if part)
    return {
        "outcome": outcome,
        "probabilityDecimal": _short(100.0 * ranked.probability),
        "qualitativeRisk": {
            "coding": [{"system": RISK_WORDS, "code": word, "display": display}], "text": said
        },
        **({"rationale": rationale} if rationale else {}),
    }  # fmt: skip


def _rationale(view: CauseView) -> str:
    rows = ((FOR, view.reasons_for), (AGAINST, view.reasons_against))
    return " ".join(f"{lead}: {'; '.join(r.text for r in reasons)}." for lead, reasons in rows if reasons)


def _short(value: float) -> float:
    """Six digits that count, which is more than any of these numbers has."""
    return float(f"{value:.6g}")


__all__ = ["fhir_bundle"]
