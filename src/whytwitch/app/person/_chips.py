"""What was understood, as things that can be put right one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whytwitch.app._interview import Interview
from whytwitch.app.person import _phrases as say
from whytwitch.case import Case
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Understood
from whytwitch.report import contained


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood.

    Attributes:
        key: what :meth:`Interview.corrected` calls it.
        text: in words.
        detail: places, amounts; may be empty.
        quote: the person's own words it was read from; may be empty.
        choices: pairs of value and label that it can be set to.
        value: what stands in the field, for what is corrected by typing; None where nothing is typed.
        mark: ``present``, ``absent``, ``unsure`` or ``value``.
    """

    key: str
    text: str
    detail: str
    quote: str
    choices: tuple[tuple[str, str], ...]
    value: str | None
    mark: str


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """Chips under one heading."""

    id: str
    heading: str
    chips: tuple[Chip, ...]


def groups(interview: Interview) -> tuple[ChipGroup, ...]:
    """Everything that was said outright, by kind; what merely follows is told by :func:`follows`."""
    assessment, case = interview.glance, interview.case
    sorted_: dict[str, list[Chip]] = {key: [] for key in say.CHIP_HEADINGS}
    covered = contained(case.observations, interview.catalogue)
    for row in assessment.understood:
        if row.implied_by is None and row.id != "story" and row.id not in covered:
            sorted_[_slot(row)].append(_chip(row, case))
    sorted_["drug"] = list(_drugs(case, interview.catalogue))
    return tuple(ChipGroup(key, say.CHIP_HEADINGS[key], tuple(c)) for key, c in sorted_.items() if c)


def follows(assessment: Assessment) -> tuple[str, ...]:
    """What was concluded from what was said."""
    return tuple(
        ("no " if row.status == "absent" else "") + row.plain
        for row in assessment.understood
        if row.implied_by is not None and row.implied_by not in ("age", "sex") and row.kind != "drug"
    )


def _slot(row: Understood) -> str:
    return "person" if row.kind == "person" else row.status


def _chip(row: Understood, case: Case) -> Chip:
    typed = _typed(row, case)
    if row.kind == "person" or row.kind == "recording" or row.status == "value":
        choices = (("unknown", say.TAKE_OUT),)
    else:
        choices = tuple((value, label) for value, label in say.SET.items() if value != row.status)
    mark = "value" if row.kind == "person" else row.status
    return Chip(row.id, row.plain, row.detail, row.text, choices, typed, mark)


def _typed(row: Understood, case: Case) -> str | None:
    """What stands in the field of a thing that is corrected by typing."""
    if row.id == "age" and case.age_years is not None:
        return f"{case.age_years:g}"
    if row.id == "sex":
        return case.sex
    if row.id == "duration" and row.kind == "person":
        return row.plain.removeprefix("for ")
    for lab in case.labs:
        if lab.analyte == row.id and row.status == "value":
            return "" if lab.value is None else f"{lab.value:g} {lab.unit or ''}".strip()
    return None


def _drugs(case: Case, catalogue: Catalogue) -> Iterator[Chip]:
    for use in case.drugs:
        known = catalogue.drugs.get(use.drug)
        also = f"read as {known.name}" if known and known.name.lower() != use.name.lower() else ""
        detail = " · ".join(part for part in (say.DRUG_STATUS[use.status], use.dose, also) if part)
        quote = use.span.text if use.span else ""
        yield Chip(f"drug:{use.drug}", use.name, detail, quote, (("unknown", say.TAKE_OUT),), None, "value")


__all__ = ["Chip", "ChipGroup", "follows", "groups"]
