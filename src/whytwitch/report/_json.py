"""The machine contract: one versioned object that says everything the report says."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from whytwitch.knowledge import Catalogue, Kind, Setting, Urgency, Verdict
from whytwitch.reasoning import (
    Assessment,
    Contribution,
    Flag,
    Question,
    Ranked,
    Understood,
    WouldChange,
)
from whytwitch.report._clean import link
from whytwitch.report._numbers import chance, per_thousand
from whytwitch.report._phrases import DISCLAIMER, LEVELS
from whytwitch.report._steps import steps_of
from whytwitch.report._watch import alone

_OUT: Final = ConfigDict(frozen=True, extra="forbid")


class SourceOut(BaseModel):
    """Where a statement comes from."""

    model_config = _OUT

    id: str
    citation: str
    link: str | None


class RankedOut(BaseModel):
    """One cause, best first in ``ranking``."""

    model_config = _OUT

    id: str
    probability: float = Field(ge=0, le=1, description="P(this is at work); causes can be at work together")
    low: float = Field(ge=0, le=1, description="lower end of the central 90 % range")
    high: float = Field(ge=0, le=1)
    name: str
    plain_name: str
    family: str
    kind: Kind
    chance: str = Field(description="the probability as people read it")
    chance_per_1000: int = Field(ge=0, le=1000, description="rounded; 0 means less than 1")
    urgency: Urgency
    verdict: Verdict
    prior: float
    evidence: tuple[Contribution, ...]
    would_change: tuple[WouldChange, ...]


class RedFlagOut(BaseModel):
    """One urgency rule that fired."""

    model_config = _OUT

    id: str
    level: Urgency
    title: str
    plain: str
    action: str
    precise: str
    items: tuple[str, ...]
    sources: tuple[SourceOut, ...]
    basis: str
    unsure: bool


class OpenSign(BaseModel):
    """A warning sign that has not been answered, so it is not ruled out."""

    model_config = _OUT

    id: str
    plain: str
    level: Urgency


class UrgencyOut(BaseModel):
    """How soon, and on what grounds."""

    model_config = _OUT

    level: Urgency
    from_rules: Urgency
    from_ranking: Urgency
    headline: str
    steps: tuple[str, ...]
    not_ruled_out: tuple[OpenSign, ...]


class Document(BaseModel):
    """The answer to one case."""

    model_config = _OUT

    schema_version: str
    catalogue_version: str
    setting: Setting
    method: Literal["exact", "approximate"]
    urgency: Urgency
    urgency_detail: UrgencyOut
    red_flags: tuple[RedFlagOut, ...]
    ranking: tuple[RankedOut, ...]
    none_of_these: float = Field(ge=0, le=1)
    understood: tuple[Understood, ...]
    not_understood: tuple[str, ...]
    doubts: tuple[str, ...]
    next_question: Question | None
    disclaimer: str


def document(assessment: Assessment, catalogue: Catalogue) -> Document:
    """The assessment as the object that others script."""
    return Document(
        schema_version=assessment.schema_version,
        catalogue_version=assessment.catalogue_version,
        setting=assessment.setting,
        method=assessment.method,
        urgency=assessment.urgency.level,
        urgency_detail=_urgency(assessment, catalogue),
        red_flags=tuple(_flag(flag, catalogue) for flag in assessment.urgency.flags),
        ranking=tuple(_ranked(ranked, catalogue) for ranked in assessment.ranking),
        none_of_these=_short(assessment.none_of_these),
        understood=assessment.understood,
        not_understood=assessment.not_understood,
        doubts=assessment.doubts,
        next_question=assessment.next_question,
        disclaimer=DISCLAIMER,
    )


def to_json(assessment: Assessment, catalogue: Catalogue, *, indent: int | None = 2) -> str:
    """The assessment as JSON text."""
    return document(assessment, catalogue).model_dump_json(indent=indent)


def json_schema() -> dict[str, Any]:
    """JSON Schema of what :func:`to_json` writes."""
    schema = Document.model_json_schema(mode="serialization")
    schema["properties"]["schema_version"]["const"] = Assessment.model_fields["schema_version"].default
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _ranked(ranked: Ranked, catalogue: Catalogue) -> RankedOut:
    return RankedOut(
        id=ranked.id,
        probability=_short(ranked.probability),
        low=_short(ranked.low),
        high=_short(ranked.high),
        name=ranked.name,
        plain_name=ranked.plain_name,
        family=catalogue.causes[ranked.id].family,
        kind=ranked.kind,
        chance=chance(ranked.probability),
        chance_per_1000=per_thousand(ranked.probability),
        urgency=ranked.urgency,
        verdict=ranked.verdict,
        prior=_short(ranked.prior),
        evidence=ranked.evidence,
        would_change=ranked.would_change,
    )


def _flag(flag: Flag, catalogue: Catalogue) -> RedFlagOut:
    known = [(key, catalogue.sources[key]) for key in flag.sources if key in catalogue.sources]
    cited = tuple(SourceOut(id=key, citation=source.citation, link=link(source)) for key, source in known)
    return RedFlagOut(**flag.model_dump(exclude={"sources"}), sources=cited)


def _urgency(assessment: Assessment, catalogue: Catalogue) -> UrgencyOut:
    verdict = assessment.urgency
    return UrgencyOut(
        level=verdict.level,
        from_rules=verdict.from_rules,
        from_ranking=verdict.from_ranking,
        headline=LEVELS[verdict.level].headline,
        steps=steps_of(verdict.actions) or (LEVELS[verdict.level].step,),
        not_ruled_out=tuple(
            OpenSign(id=key, plain=catalogue.findings[key].plain, level=alone(key, catalogue))
            for key in verdict.not_ruled_out
        ),
    )


def _short(p: float) -> float:
    """Six digits that count."""
    return float(f"{p:.6g}")
