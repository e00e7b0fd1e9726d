"""Why a cause stands where it stands, in words."""

from __future__ import annotations

import re
from typing import Final

from whytwitch.case import Case, LabResult
from whytwitch.knowledge import Catalogue, Cause
from whytwitch.reasoning import Assessment, Contribution, Ranked, WouldChange, ancestors, in_words
from whytwitch.report._clean import clean
from whytwitch.report._view import Change, Reason

SHOWN: Final = 0.15
"""Log odds below which an answer is not worth a line (a factor of 1.16)."""

CLEARLY: Final = 1.1
STRONGLY: Final = 2.3
"""Log odds from which an answer counts as clear (a factor of 3) and strong (a factor of 10)."""

OFTEN: Final = 0.15
"""How often a cause must bring a finding for it to be said to go with the cause."""

TESTS: Final = frozenset({"sign", "emg", "imaging", "test", "lab"})
"""Kinds of findings that somebody else has to look for."""

TRIED: Final = "response_"
"""How the ids of tests begin that a person can try: what became better with what."""

_ARTICLE: Final = re.compile(r"^(a|an|the|some|one)\s+", re.IGNORECASE)
_NEGATION: Final = re.compile(r"^no\s+", re.IGNORECASE)


def reasons(
    ranked: Ranked, assessment: Assessment, catalogue: Catalogue
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """The answers that speak for and against a cause, weightiest first."""
    shown = [
        Reason(
            text=reason_text(contribution, assessment.case, catalogue),
            log_odds=contribution.log_odds,
            strength=strength(contribution.log_odds),
            item=contribution.item,
        )
        for contribution in sorted(ranked.evidence, key=lambda c: -abs(c.log_odds))
        if abs(contribution.log_odds) >= SHOWN
    ]
    return tuple(r for r in shown if r.log_odds > 0), tuple(r for r in shown if r.log_odds < 0)


def fits(
    cause: Cause,
    supports: tuple[Reason, ...],
    opposes: tuple[Reason, ...],
    assessment: Assessment,
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """What was said that the cause often brings, beyond the reasons.

    Where many answers say the same, each one alone moves little and is no reason by itself.
    """
    told = {reason.item for reason in (*supports, *opposes)}
    often = {link.id: catalogue.probability(link.p) for link in (*cause.findings, *cause.context)}
    said = {
        row.id: row.plain for row in assessment.understood if row.status == "present" and not row.implied_by
    }
    broad = {above for key in said for above in ancestors(catalogue, key)}
    found = [key for key in said if often.get(key, 0.0) >= OFTEN and key not in told | broad]
    return tuple(clean(said[key]) for key in sorted(found, key=lambda key: -often[key])[:6])


def strength(log_odds: float) -> int:
    """0 a little, 1 clearly, 2 strongly."""
    return (abs(log_odds) >= CLEARLY) + (abs(log_odds) >= STRONGLY)


def reason_text(contribution: Contribution, case: Case, catalogue: Catalogue) -> str:
    """An answer as a noun phrase: ``no weak muscles``, ``the age (34)``, ``calcium: 7.1 mg/dL``."""
    person = _person(contribution.item, case)
    if person:
        return person
    if contribution.status == "absent":
        return negated(contribution.plain)
    if contribution.status == "unsure":
        return f"perhaps {contribution.plain}"
    result = _result(contribution.item, case, catalogue) if contribution.status == "value" else None
    if result is not None:
        return f"{catalogue.analytes[result.analyte].plain}: {result_text(result)}"
    return clean(contribution.plain)


def negated(plain: str) -> str:
    """``no`` before a noun phrase, without its article."""
    stripped = _NEGATION.sub("", plain)
    if stripped != plain:
        return f"not: {plain}"
    return f"no {_ARTICLE.sub('', plain)}"


def result_text(result: LabResult) -> str:
    """A laboratory result as it was given."""
    if result.value is None:
        return result.flag or "given without a value"
    return clean(f"{result.value:g} {result.unit or ''}")


def _person(item: str, case: Case) -> str:
    if item == "age" and case.age_years is not None:
        return f"the age ({case.age_years:g})"
    if item == "sex" and case.sex is not None:
        return f"being {case.sex}"
    if item == "duration" and case.duration_days is not None:
        return f"how long it has lasted ({in_words(case.duration_days)})"
    return ""


def _result(item: str, case: Case, catalogue: Catalogue) -> LabResult | None:
    """The result that speaks of a laboratory finding."""
    for result in case.labs:
        analyte = catalogue.analytes.get(result.analyte)
        if analyte is not None and item in (analyte.low_finding, analyte.high_finding):
            return result
    return None


def changes(ranked: Ranked, catalogue: Catalogue) -> tuple[Change, ...]:
    """Open answers that would move a cause, those a person can give first."""
    found = [
        Change(
            text=clean(change.plain),
            now=ranked.probability,
            if_yes=change.if_present,
            if_no=change.if_absent,
            is_test=_is_test(change, catalogue),
        )
        for change in ranked.would_change
    ]
    return tuple(sorted(found, key=lambda change: change.is_test))


def _is_test(change: WouldChange, catalogue: Catalogue) -> bool:
    finding = catalogue.findings.get(change.item)
    return finding is not None and finding.kind in TESTS and not finding.id.startswith(TRIED)
