"""Clinical pictures built by hand: the right cause is named, and the right hurry."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from whytwitch.case import Case, LabResult, Observation
from whytwitch.reasoning import LEVELS, rank

DATA = Path(__file__).parent / "data"
CAUSES = tomllib.loads((DATA / "clinical_causes.toml").read_text("utf-8"))
URGENCY = tomllib.loads((DATA / "clinical_urgency.toml").read_text("utf-8"))
TIME_IS_THE_POINT = {"new slurring"}
"""Emergencies only because they are new; without a time they are not known to be."""


def case_of(row: dict[str, Any], **changes: Any) -> Case:
    present = [Observation(id=key) for key in row["present"].split()]
    absent = [Observation(id=key, status="absent") for key in row.get("absent", "").split()]
    labs = [LabResult(analyte=key, value=value, value_si=value) for key, value in row.get("labs", {}).items()]
    facts = {
        "age_years": row["age"],
        "sex": row["sex"],
        "duration_days": row["days"],
        "setting": row["setting"],
    }
    return Case.model_validate({**facts, "observations": (*present, *absent), "labs": tuple(labs), **changes})


def place(row: dict[str, Any], **changes: Any) -> int:
    """Rank of the right cause, 1 for the first."""
    return [*rank(case_of(row, **changes)).probabilities].index(row["cause"]) + 1


def name_of(row: dict[str, Any]) -> str:
    return row.get("name") or f"{row['cause']}, {row['age']}"


@pytest.mark.parametrize(("group", "share"), [("typical", 0.95), ("atypical", 0.9)])
@pytest.mark.parametrize("story", ["", "told"], ids=["answers", "story"])
def test_the_right_cause_is_among_the_first_three(group: str, share: float, story: str) -> None:
    rows = CAUSES[group]
    missed = [(name_of(row), at) for row in rows if (at := place(row, text=story)) > 3]
    assert len(missed) <= (1.0 - share) * len(rows), missed


@pytest.mark.parametrize("row", [*CAUSES["typical"], *CAUSES["atypical"]], ids=name_of)
def test_urgency_of_a_known_cause(row: dict[str, Any]) -> None:
    low, high = (LEVELS.index(level) for level in row["urgency"])
    assert low <= LEVELS.index(rank(case_of(row)).urgency.level) <= high


@pytest.mark.parametrize("row", [row for rows in URGENCY.values() for row in rows], ids=name_of)
def test_urgency(row: dict[str, Any]) -> None:
    low, high = (LEVELS.index(level) for level in row["urgency"])
    assert low <= LEVELS.index(rank(case_of(row)).urgency.level) <= high


@pytest.mark.parametrize("row", URGENCY["emergency"], ids=name_of)
def test_an_emergency_without_age_or_time_is_at_least_urgent(row: dict[str, Any]) -> None:
    if row["name"] not in TIME_IS_THE_POINT:
        level = rank(case_of(row, age_years=None, duration_days=None)).urgency.level
        assert LEVELS.index(level) >= LEVELS.index("urgent")
