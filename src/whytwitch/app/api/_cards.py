"""CDS Hooks: from what a record holds to at most two cards, and none where nobody twitches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from uuid import uuid4

from whytwitch.app.api._hook_models import Card, Coding, Link, Source
from whytwitch.case import Case, CaseError, fhir_terms, read_data
from whytwitch.knowledge import Catalogue, Urgency
from whytwitch.reasoning import Ranked, ancestors, explain
from whytwitch.report import Page, document, page, urgency_lines

SETTING: Final = "primary-care"
"""Where a record is opened; the hook does not say."""
COMPLAINT: Final = "twitching"
ALSO: Final = frozenset({"emg_fasciculation", "ultrasound_fasciculation_widespread"})
MOST: Final = 3
LONGEST_SUMMARY: Final = 139
Indicator = Literal["info", "warning", "critical"]
INDICATORS: Final[Mapping[Urgency, Indicator]] = {
    "emergency": "critical", "urgent": "warning", "soon": "warning", "routine": "info", "reassurance": "info",
}  # fmt: skip
_SYSTEM: Final = f"{fhir_terms.FHIR_BASE}/CodeSystem"
TOPIC: Final = Coding(system=f"{_SYSTEM}/topic", code="muscle-twitching", display="Muscle twitching")
REASONS: Final = tuple(
    Coding(system=f"{_SYSTEM}/override-reason", code=code, display=display)
    for code, display in (
        ("known", "Already known, and being looked into"),
        ("no-twitching", "The person does not twitch"),
        ("incomplete", "The record lacks what matters here"),
        ("disagree", "I judge this otherwise"),
    )
)


def cards(prefetch: Mapping[str, Any], catalogue: Catalogue, address: str) -> tuple[Card, ...]:
    """What to show beside a record.

    Args:
        prefetch: what the client fetched, by name; null where it found nothing.
        catalogue: the knowledge.
        address: of the page, for the link.

    Raises:
        CaseError: something in it is no FHIR.
    """
    case = _case(prefetch, catalogue)
    if case is None or not _is_about_twitching(case, catalogue):
        return ()
    assessment = explain(case, catalogue=catalogue)
    shown = page(assessment, catalogue)
    chances = {row.id: row.chance for row in document(assessment, catalogue).ranking}
    return (_urgency(shown, address), _causes(shown, chances, address))


def _case(prefetch: Mapping[str, Any], catalogue: Catalogue) -> Case | None:
    found = {name: value for name, value in prefetch.items() if value is not None}
    for name, value in found.items():
        if not isinstance(value, dict):
            raise CaseError(f"prefetch.{name}: must be a FHIR resource, or null")
    if all(_is_empty(value) for value in found.values()):
        return None
    entries = [{"resource": value} for value in found.values() if not _is_empty(value)]
    return read_data({"resourceType": "Bundle", "entry": entries}, catalogue, setting=SETTING)


def _is_empty(value: Mapping[str, Any]) -> bool:
    """A search that found nothing, or a Patient of whom nothing is told."""
    kind = value.get("resourceType")
    if kind == "Patient":
        return not {"gender", "birthDate"} & value.keys()
    return kind == "Bundle" and not value.get("entry")


def _is_about_twitching(case: Case, catalogue: Catalogue) -> bool:
    said = {seen.id for seen in case.observations if seen.status != "absent"}
    return bool(said & ALSO) or any(COMPLAINT in (key, *ancestors(catalogue, key)) for key in said)


def _urgency(shown: Page, address: str) -> Card:
    banner = shown.banner
    headline, *rows = urgency_lines(banner)
    rows = [f"- {_flat(row)}" for row in rows]
    if banner.flags:
        rows += ["", "**Why**", *(f"- {_flat(flag.precise)}" for flag in banner.flags)]
    if shown.not_understood:
        rows += [
            "",
            "**Could not be used**",
            *(f"- {_flat(text)}" for text in shown.not_understood[:10]),
        ]
    if shown.doubts:
        rows += ["", "**Please check**", *(f"- {_flat(text)}" for text in shown.doubts[:10])]
    return _card(f"Muscle twitching: {headline}", rows, INDICATORS[banner.level], address)


def _causes(shown: Page, chances: Mapping[str, str], address: str) -> Card:
    rows = [shown.heading, ""]
    for view in shown.top:
        reasons = [r.text for r in view.reasons_for[:3]]
        against = [f"against: {r.text}" for r in view.reasons_against[:2]]
        said = "; ".join(_flat(text) for text in (*reasons, *against))
        rows.append(f"- **{view.ranked.name}**: {chances[view.ranked.id]}{f' ({said})' if said else ''}")
    rows += [f"- {ranked.name}: {chances[ranked.id]}" for ranked in shown.grave]
    rows += ["", "Chances are for people of whom the same is said; causes can be at work together."]
    summary = _summary([view.ranked for view in shown.top][:MOST], chances)
    return _card(summary, rows, "info", address)


def _summary(ranking: Sequence[Ranked], chances: Mapping[str, str]) -> str:
    """``Twitching: cramp-fasciculation syndrome about 420 in 1,000, …``, as far as it fits."""
    parts = [f"{ranked.plain_name} {chances[ranked.id]}" for ranked in ranking]
    while len(parts) > 1 and len("Twitching: " + ", ".join(parts)) > LONGEST_SUMMARY:
        parts.pop()
    return ("Twitching: " + ", ".join(parts))[:LONGEST_SUMMARY]


def _card(summary: str, rows: list[str], indicator: Indicator, address: str) -> Card:
    return Card(
        uuid=str(uuid4()), summary=summary, detail="\n".join(rows), indicator=indicator,
        source=Source(label="whytwitch", topic=TOPIC), overrideReasons=REASONS,
        links=(Link(label="Open whytwitch", url=address, type="absolute"),),
    )  # fmt: skip


def _flat(text: str) -> str:
    """One line in which nothing is markup."""
    line = " ".join(text.split())[:300]
    for sign in "\\`*_[]<>|":
        line = line.replace(sign, f"\\{sign}")
    return line


__all__ = ["cards"]
