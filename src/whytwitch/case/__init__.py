"""What is known of one person, and the readers that find it in text and files."""

from whytwitch.case._calcium import adjusted_calcium
from whytwitch.case._complete import complete
from whytwitch.case._files import case_schema, read_case, read_data
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

__all__ = [
    "MAX_BYTES",
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
    "complete",
    "merge",
    "read_case",
    "read_data",
    "read_structured",
    "read_text",
]
