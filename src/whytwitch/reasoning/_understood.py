"""What was read of a case, in words that can be checked and corrected."""

from __future__ import annotations

from whytwitch.case import Case, LabResult, Place
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning._assessment import Understood
from whytwitch.reasoning._recording import distinct
from whytwitch.reasoning._recording_reading import CAVEAT, in_short, meaning

PERSON = {
    "age": "age",
    "sex": "sex",
    "duration": "how long it has lasted",
    "story": "what the story does not mention",
    "recording": "the muscle recording",
}


def status_of(item: str, catalogue: Catalogue) -> str:
    """The plain name of an item of evidence."""
    return catalogue.findings[item].plain if item in catalogue.findings else PERSON.get(item, item)


def understood(case: Case, catalogue: Catalogue) -> tuple[Understood, ...]:
    """List everything that was understood, facts about the person first."""
    rows: list[Understood] = []
    if case.age_years is not None:
        rows.append(_person("age", f"age {case.age_years:g}"))
    if case.sex is not None:
        rows.append(_person("sex", case.sex))
    if case.duration_days is not None:
        rows.append(_person("duration", f"for {in_words(case.duration_days)}"))
    for seen in case.observations:
        finding = catalogue.findings[seen.id]
        places = ", ".join(_in_words(place, catalogue) for place in seen.places)
        rows.append(
            Understood(
                id=seen.id,
                plain=finding.plain,
                status=seen.status,
                detail=" · ".join(part for part in (places, seen.detail) if part),
                text=seen.span.text if seen.span else "",
                kind=finding.kind,
                implied_by=seen.implied_by,
            )
        )
    rows.extend(
        Understood(
            id=lab.analyte,
            plain=f"{catalogue.analytes[lab.analyte].plain}: {lab_in_words(lab)}",
            status="value",
            text=lab.span.text if lab.span else "",
            kind="lab",
        )
        for lab in case.labs
    )
    rows.extend(
        Understood(
            id="recording",
            plain=in_short(recording, catalogue),
            status="value",
            detail=meaning(recording, catalogue),
            text=recording.name,
            kind="recording",
        )
        for recording in distinct(case.recordings)
    )
    if case.recordings:
        plain, detail = CAVEAT
        rows.append(Understood(id="recording", plain=plain, detail=detail, status="value", kind="recording"))
    return tuple(rows)


def _in_words(place: Place, catalogue: Catalogue) -> str:
    plain = catalogue.sites[place.site].plain
    return f"{place.side} {plain.removeprefix('the ')}" if place.side else plain


def lab_in_words(lab: LabResult) -> str:
    """A result as it was given."""
    if lab.value is None:
        return lab.flag or "given without a value"
    return f"{lab.value:g} {lab.unit or ''}".strip()


def in_words(days: float) -> str:
    """A stretch of time in the unit people would use."""
    for size, unit in ((365.25, "year"), (30.44, "month"), (7.0, "week"), (1.0, "day"), (1 / 24, "hour")):
        if days >= 0.95 * size:
            count = round(days / size)
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return "less than an hour"


def _person(key: str, plain: str) -> Understood:
    return Understood(id=key, plain=plain, status="value", kind="person")
