"""What is known of one person, and the readers that find it in text and files."""

from whytwitch.case._complete import complete
from whytwitch.case._labs import adjusted_calcium
from whytwitch.case._model import (
    Case,
    CaseError,
    Doubt,
    DrugUse,
    LabResult,
    Observation,
    Place,
    Side,
    Span,
    Status,
)
from whytwitch.case._read import MAX_BYTES, read_text

__all__ = [
    "MAX_BYTES",
    "Case",
    "CaseError",
    "Doubt",
    "DrugUse",
    "LabResult",
    "Observation",
    "Place",
    "Side",
    "Span",
    "Status",
    "adjusted_calcium",
    "complete",
    "read_text",
]
