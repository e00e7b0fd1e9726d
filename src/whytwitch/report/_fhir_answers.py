"""What was said, as a FHIR QuestionnaireResponse: one item a finding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from whytwitch.case import Case, Observation, Status, fhir_terms
from whytwitch.knowledge import Catalogue

_CODES: dict[Status, tuple[str, str]] = {
    "present": ("yes", "Yes"), "absent": ("no", "No"), "unsure": ("unsure", "Not sure"),
}  # fmt: skip


def fhir_answers_of(case: Case, catalogue: Catalogue, authored: datetime) -> dict[str, Any]:
    """A completed QuestionnaireResponse with everything that was stated; what follows from it is left out.

    Args:
        case: what is known.
        catalogue: for the words of the items.
        authored: when it was said.
    """
    items = [*_facts(case), *_words(case)]
    items += [_finding(seen, catalogue) for seen in case.observations if seen.implied_by is None]
    found: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{fhir_terms.QUESTIONNAIRE}|{catalogue.version}",
        "status": "completed",
        "authored": authored.isoformat(timespec="seconds"),
    }
    return found | ({"item": items} if items else {})


def coded_answer(code: str, display: str) -> dict[str, Any]:
    """One of the answers that a closed question has."""
    return {"valueCoding": {"system": fhir_terms.ANSWERS, "code": code, "display": display}}


def time_quantity(value: float, code: str) -> dict[str, Any]:
    """A length of time in a UCUM unit."""
    units = {"d": "days", "a": "years"}
    return {"value": round(value, 6), "unit": units[code], "system": fhir_terms.UCUM, "code": code}


def _facts(case: Case) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    if case.duration_days is not None:
        quantity = time_quantity(case.duration_days, "d")
        facts.append(_item("duration", "How long this has been going on", {"valueQuantity": quantity}))
    if case.age_years is not None:
        answer = {"valueQuantity": time_quantity(case.age_years, "a")}
        facts.append(_item("age", "Age", answer))
    if case.sex is not None:
        facts.append(_item("sex", "Sex at birth", coded_answer(case.sex, case.sex.capitalize())))
    return facts


def _words(case: Case) -> list[dict[str, Any]]:
    """The words as they were given, and what of them could not be used."""
    if not case.text.strip():
        return []
    rows = [_item(fhir_terms.WORDS, "In the person's own words", {"valueString": case.text})]
    left = [{"valueString": span.text} for span in case.not_understood if span.text.strip()]
    return [*rows, _item(fhir_terms.LEFT_OVER, "Not understood", *left)] if left else rows


def _finding(seen: Observation, catalogue: Catalogue) -> dict[str, Any]:
    answer = coded_answer(*_CODES[seen.status])
    extensions = [
        {"url": fhir_terms.PLACE, "valueString": f"{p.site}|{p.side}" if p.side else p.site}
        for p in seen.places
    ]
    if seen.detail.strip():
        extensions.append({"url": fhir_terms.DETAIL, "valueString": seen.detail.strip()})
    if extensions:
        answer["extension"] = extensions
    finding = catalogue.findings[seen.id]
    return _item(seen.id, finding.question or finding.plain, answer)


def _item(key: str, text: str, *answers: dict[str, Any]) -> dict[str, Any]:
    return {"linkId": key, "text": text, "answer": list(answers)}


__all__ = ["coded_answer", "fhir_answers_of", "time_quantity"]
