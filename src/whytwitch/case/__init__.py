"""What is known of one person, and the readers that find it in text and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily
from whytwitch.case import _fhir_terms as fhir_terms
from whytwitch.case._calcium import adjusted_calcium
from whytwitch.case._coffee import cups_a_day
from whytwitch.case._complete import complete
from whytwitch.case._files import case_schema, read_case, read_data
from whytwitch.case._json_shape import check_json
from whytwitch.case._merge import merge
from whytwitch.case._model import (
    Case,
    CaseError,
    Doubt,
    DrugUse,
    LabResult,
    Observation,
    Place,
    RecordingSummary,
    Side,
    Span,
    Status,
)
from whytwitch.case._read import MAX_BYTES, read_text
from whytwitch.case._structured import read_structured

if TYPE_CHECKING:
    from whytwitch.case._fhir_answers import Answered, fhir_answers

__all__ = [
    "MAX_BYTES",
    "Answered",
    "Case",
    "CaseError",
    "Doubt",
    "DrugUse",
    "LabResult",
    "Observation",
    "Place",
    "RecordingSummary",
    "Side",
    "Span",
    "Status",
    "adjusted_calcium",
    "case_schema",
    "check_json",
    "complete",
    "cups_a_day",
    "fhir_answers",
    "fhir_terms",
    "merge",
    "read_case",
    "read_data",
    "read_structured",
    "read_text",
]

# FHIR is read by few, and the others shall not wait for it.
_HOMES = {"Answered": "_fhir_answers", "fhir_answers": "_fhir_answers"}

__getattr__, __dir__ = lazily(__name__, _HOMES)
