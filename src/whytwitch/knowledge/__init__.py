"""The catalogue: what is known, as reviewed data with sources and grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily
from whytwitch.knowledge._alarm import load_alarm_words
from whytwitch.knowledge._load import Catalogue, CatalogueError, load
from whytwitch.knowledge._schema import (
    CONTEXT_KINDS,
    Analyte,
    BodySite,
    Cause,
    CauseGroup,
    Drug,
    Family,
    Finding,
    FindingKind,
    HealthyRate,
    Kind,
    LabLimit,
    Link,
    Muscle,
    RecordingEvidence,
    RecordingTable,
    RedFlagRule,
    Setting,
    Source,
    Spread,
    Urgency,
    Verdict,
    Word,
)

if TYPE_CHECKING:
    from whytwitch.knowledge._mechanics import MechanicsTable, load_mechanics
    from whytwitch.knowledge._scenario import (
        Change,
        Dose,
        Mechanics,
        PublishedChange,
        Scenario,
        ScenarioGrade,
    )
    from whytwitch.knowledge._targets import PARTS, TARGETS, Target

__all__ = [
    "CONTEXT_KINDS",
    "PARTS",
    "TARGETS",
    "Analyte",
    "BodySite",
    "Catalogue",
    "CatalogueError",
    "Cause",
    "CauseGroup",
    "Change",
    "Dose",
    "Drug",
    "Family",
    "Finding",
    "FindingKind",
    "HealthyRate",
    "Kind",
    "LabLimit",
    "Link",
    "Mechanics",
    "MechanicsTable",
    "Muscle",
    "PublishedChange",
    "RecordingEvidence",
    "RecordingTable",
    "RedFlagRule",
    "Scenario",
    "ScenarioGrade",
    "Setting",
    "Source",
    "Spread",
    "Target",
    "Urgency",
    "Verdict",
    "Word",
    "load",
    "load_alarm_words",
    "load_mechanics",
]

# How causes are simulated is no business of an explanation, which shall not wait for it.
_HOMES = {
    **dict.fromkeys(("MechanicsTable", "load_mechanics"), "_mechanics"),
    **dict.fromkeys(
        ("Change", "Dose", "Mechanics", "PublishedChange", "Scenario", "ScenarioGrade"), "_scenario"
    ),
    **dict.fromkeys(("PARTS", "TARGETS", "Target"), "_targets"),
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
