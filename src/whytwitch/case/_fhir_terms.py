"""Words that FHIR resources of this project share with everybody who reads or writes them.

The canonical addresses are names and lead nowhere: nothing is published there (``.example`` is
reserved by RFC 2606). UCUM codes are those of the Unified Code for Units of Measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FHIR_BASE: Final = "https://whytwitch.example/fhir"
QUESTIONNAIRE: Final = f"{FHIR_BASE}/Questionnaire/whytwitch"
ANSWERS: Final = f"{FHIR_BASE}/CodeSystem/answer"
"""Codes ``yes``, ``no`` and ``unsure``; for the sex at birth ``female`` and ``male``."""
ANALYTES: Final = f"{FHIR_BASE}/CodeSystem/analyte"
DRUGS: Final = f"{FHIR_BASE}/CodeSystem/drug"

AGE: Final = f"{FHIR_BASE}/StructureDefinition/age"
"""On a Patient: the age, where no date of birth is known (valueAge)."""
PLACE: Final = f"{FHIR_BASE}/StructureDefinition/place"
"""On an answer: where on the body, ``SITE`` or ``SITE|SIDE`` in the catalogue's words (valueString)."""
DETAIL: Final = f"{FHIR_BASE}/StructureDefinition/detail"
"""On an answer: what was said beyond it (valueString)."""
GIVEN: Final = f"{FHIR_BASE}/StructureDefinition/given-as-treatment"
"""On a MedicationStatement: it treated the complaint, so it cannot have led to it (valueBoolean)."""
URGENCY: Final = f"{FHIR_BASE}/StructureDefinition/urgency"
"""On answers and assessments: how soon somebody should look at it (valueCode)."""

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ATC: Final = "http://www.whocc.no/atc"
ABSENT_REASON: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

STORY: Final = "story"
"""Item of a questionnaire that holds the person's own words, still to be read."""
WORDS: Final = "words"
"""As above, already read: what was understood stands in the other items."""
GO_ON: Final = "go-on:"
"""How the items begin that ask, after many questions, whether to go on."""
LEFT_OVER: Final = "not_understood"

UCUM_CODES: Final[Mapping[str, str]] = {
    "pH": "[pH]", "mIU/L": "m[IU]/L", "IU/L": "[IU]/L", "IU/mL": "[IU]/mL", "10^9/L": "10*9/L",
    "10^6/L": "10*6/L", "mOsm/kg": "mosm/kg", "ratio": "{ratio}",
}  # fmt: skip
"""Units of the catalogue that UCUM spells otherwise; all others are spelled alike."""

DURATION_DAYS: Final[Mapping[str, float]] = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}
"""Days in one UCUM unit of time."""

__all__ = [
    "AGE",
    "ABSENT_EXTENSION",
    "ABSENT_REASON",
    "ANALYTES",
    "ANSWERS",
    "ATC",
    "DETAIL",
    "DRUGS",
    "DURATION_DAYS",
    "FHIR_BASE",
    "GIVEN",
    "GO_ON",
    "LEFT_OVER",
    "LOINC",
    "PLACE",
    "QUESTIONNAIRE",
    "STORY",
    "UCUM",
    "UCUM_CODES",
    "URGENCY",
    "WORDS",
]
