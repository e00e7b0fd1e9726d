"""The catalogue and the program itself: calls that take nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query
from pydantic import BaseModel

from whytwitch.app.api._models import CauseLine, CauseOut, FindingOut, HealthOut, SourceOut, VersionOut
from whytwitch.app.shell import Problem, Services
from whytwitch.knowledge import Catalogue, Finding, FindingKind, Urgency, Verdict
from whytwitch.reasoning import Assessment
from whytwitch.report import program_version, search_causes

if TYPE_CHECKING:
    from fastapi import APIRouter

FHIR_VERSION = "4.3.0"
CDS_HOOKS_VERSION = "2.0"

Search = Annotated[str, Query(max_length=200, description="Any words; a misspelling is forgiven")]
Words = Annotated[str, Query(max_length=200, description="Words that must all be in it")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many")]
Key = Annotated[str, Path(max_length=100, description="The id of a cause", examples=["hypocalcemia"])]


def routes(services: Services) -> APIRouter:
    """The calls."""
    from fastapi import APIRouter

    router = APIRouter(tags=["Catalogue"])
    catalogue = services.catalogue

    @router.get("/causes", summary="All causes, or those that fit a search")
    def causes(
        q: Search = "", verdict: Verdict | None = None, urgency: Urgency | None = None, limit: Limit = 200
    ) -> list[CauseLine]:
        """Best match first; without a search in the order of the catalogue."""
        found = [
            CauseLine(
                id=cause.id, name=cause.name, plain_name=cause.plain_name, family=cause.family,
                summary=cause.summary, verdict=cause.verdict.answer, urgency=cause.urgency.level,
            )
            for cause in search_causes(q, catalogue)
            if verdict in (None, cause.verdict.answer) and urgency in (None, cause.urgency.level)
        ]  # fmt: skip
        return found[:limit]

    @router.get("/causes/{id}", summary="One cause in full")
    def cause(id: Key) -> CauseOut:  # noqa: A002 (the name in the address)
        """What happens and where, how often it shows each finding, what to do; each figure has its source."""
        if id not in catalogue.causes:
            raise Problem(
                404, "There is no such cause", f"{id!r} is no id of a cause. GET /api/causes lists them."
            )
        found = catalogue.causes[id]
        cited = {
            key: _source(key, catalogue) for key in dict.fromkeys(_cited(found)) if key in catalogue.sources
        }
        return CauseOut(cause=found, sources=cited)

    @router.get("/catalogue/findings", summary="The vocabulary: what can be asked, seen or measured")
    def findings(q: Words = "", kind: FindingKind | None = None, limit: Limit = 50) -> list[FindingOut]:
        """Ids for the `findings` of a case file. Names first, then what is said about them."""
        words = q.lower().replace("_", " ").split()
        found = [
            finding for finding in catalogue.findings.values()
            if kind in (None, finding.kind) and all(word in _text(finding) for word in words)
        ]  # fmt: skip
        found.sort(key=lambda finding: not all(word in finding.name.lower() for word in words))
        return [_finding(finding) for finding in found[:limit]]

    @router.get("/version", summary="What is running", tags=["Program"])
    def version() -> VersionOut:
        """Versions of the program, of its catalogue and of the standards it speaks."""
        return VersionOut(
            program=program_version(),
            catalogue=catalogue.version,
            catalogue_fingerprint=catalogue.fingerprint,
            document_schema=Assessment.model_fields["schema_version"].default,
            fhir=FHIR_VERSION,
            cds_hooks=CDS_HOOKS_VERSION,
        )

    @router.get("/health", summary="Whether the API answers", tags=["Program"])
    def health() -> HealthOut:
        """Nothing is computed."""
        return HealthOut(status="ok", causes=len(catalogue.causes))

    return router


def _text(finding: Finding) -> str:
    return " ".join((finding.id.replace("_", " "), finding.name, finding.plain, finding.question)).lower()


def _finding(finding: Finding) -> FindingOut:
    return FindingOut(
        id=finding.id, name=finding.name, plain=finding.plain, kind=finding.kind, parent=finding.parent,
        question=finding.question, help=finding.help, reassuring=finding.reassuring,
    )  # fmt: skip


def _source(key: str, catalogue: Catalogue) -> SourceOut:
    source = catalogue.sources[key]
    return SourceOut(citation=source.citation, year=source.year, doi=source.doi, address=source.address)


def _cited(value: object) -> Iterator[str]:
    """Every source key below ``value``."""
    if isinstance(value, BaseModel):
        for name, inner in value:
            if name == "sources":
                yield from (key for key in inner if isinstance(key, str))
            else:
                yield from _cited(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _cited(inner)


__all__ = ["CDS_HOOKS_VERSION", "FHIR_VERSION", "routes"]
