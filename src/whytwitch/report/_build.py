"""From an assessment to the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from whytwitch.case import Observation, Place
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Flag, Ranked, Understood, ancestors
from whytwitch.report import _phrases as say
from whytwitch.report._clean import capital, clean, link
from whytwitch.report._numbers import per_thousand, rest
from whytwitch.report._reasons import changes, fits, negated, reasons
from whytwitch.report._steps import steps_of
from whytwitch.report._view import Banner, CauseView, Cited, Group, Page
from whytwitch.report._watch import holds_only_if

LEAST: Final = 3
MOST: Final = 5
WORTH_REASONS: Final = 0.05
"""A cause beyond the first three gets its reasons spelled out from this probability."""

WORTH_A_BAR: Final = 0.01
BARS: Final = 8
WORTH_ADVICE: Final = 0.2
"""A cause beyond the first gets its "what to do" shown from this probability."""

FLAGS: Final = 5
"""Reasons that the urgency box has room for; the rest is in the expert's report."""

WATCHED: Final = 8
"""Signs to watch for that fit on one screen without being skimmed."""

NOT_MISSED: Final = 0.002
"""A pressing cause is named in an emergency from this chance (expert estimate)."""

STANDS_OUT: Final = 0.5
ABOUT_AGE: Final = ("age", "sex")
"""What follows from these alone (no child, no infant) is not worth a line."""

DREADED: Final = "motor_neuron"
"""The family of causes that people who twitch fear."""

ALWAYS_NAMED: Final = ("als",)
"""What people who twitch fear most: its chance is always said, however small."""


def page(assessment: Assessment, catalogue: Catalogue) -> Page:
    """Arrange an assessment for reading."""
    emergency = assessment.urgency.level == "emergency"
    ranking = _pressing(assessment, catalogue) if emergency else assessment.ranking
    most = LEAST if emergency else MOST
    top = [r for i, r in enumerate(ranking[:most]) if i < LEAST or r.probability >= WORTH_REASONS]
    views = tuple(_cause(r, assessment, catalogue) for r in top)
    most_bars = len(top) if emergency else BARS
    others = tuple(r for r in ranking[len(top) : most_bars] if r.probability >= WORTH_A_BAR)
    advice = tuple(v for i, v in enumerate(views[:LEAST]) if i == 0 or v.ranked.probability >= WORTH_ADVICE)
    banner = banner_of(assessment, catalogue)
    return Page(
        assessment=assessment,
        banner=banner,
        understood=_understood(assessment, catalogue),
        not_understood=tuple(clean(text) for text in assessment.not_understood),
        doubts=tuple(clean(text, 400) for text in assessment.doubts),
        heading=_heading(assessment),
        top=views,
        others=others,
        grave=_grave(assessment, catalogue, shown={r.id for r in (*top, *others)}),
        advice=advice,
        watch=_watch(advice),
        question=None if banner.level == "emergency" else assessment.next_question,
        sources=_sources(views, assessment.urgency.flags, catalogue),
    )


def _heading(assessment: Assessment) -> str:
    if assessment.urgency.level == "emergency":
        return say.LIKELY_EMERGENCY
    chances = [r.probability for r in assessment.ranking[:2]] + [0.0, 0.0]
    clear = chances[0] >= STANDS_OUT and chances[0] >= 2 * chances[1]
    return say.LIKELY_CLEAR if clear else say.LIKELY_OPEN


# --- urgency --------------------------------------------------------------------------------------


def banner_of(assessment: Assessment, catalogue: Catalogue) -> Banner:
    """How soon, what to do now, and why: what stands above everything else."""
    verdict = assessment.urgency
    text = say.LEVELS[verdict.level]
    calm = verdict.level in ("reassurance", "routine")
    too_little = calm and all(u.kind in ("person", "recording") for u in assessment.understood)
    if too_little:
        text = say.TOO_LITTLE
    by_rules = any(flag.level == verdict.level for flag in verdict.flags)
    return Banner(
        level=verdict.level,
        text=text,
        lead=text.lead if by_rules or calm else say.FROM_RANKING.format(when=text.when),
        steps=steps_of(verdict.actions) or (text.step,),
        flags=_telling(verdict.flags),
        holds=holds_only_if(assessment, catalogue),
    )


def _telling(flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """The flags of the highest level that fired; minor ones would only distract."""
    return tuple(flag for flag in flags if flag.level == flags[0].level)[:FLAGS]


# --- causes ---------------------------------------------------------------------------------------


def _cause(ranked: Ranked, assessment: Assessment, catalogue: Catalogue) -> CauseView:
    cause = catalogue.causes[ranked.id]
    supports, opposes = reasons(ranked, assessment, catalogue)
    return CauseView(
        ranked=ranked,
        cause=cause,
        reasons_for=supports,
        reasons_against=opposes,
        fits=fits(cause, supports, opposes, assessment, catalogue),
        changes=changes(ranked, catalogue),
        note=_note(ranked, catalogue, emergency=assessment.urgency.level == "emergency"),
        belief=cause.verdict.plain if ranked.verdict != "yes" else "",
    )


def is_grave(ranked: Ranked, catalogue: Catalogue) -> bool:
    """Whether a cause frightens by its name: to be seen today or at once, or of the motor neurons."""
    return ranked.urgency in ("emergency", "urgent") or catalogue.causes[ranked.id].family == DREADED


def _note(ranked: Ranked, catalogue: Catalogue, *, emergency: bool) -> str:
    if emergency or not is_grave(ranked, catalogue):
        return ""  # "unlikely" beside a grave cause could keep somebody from calling
    if ranked.probability >= STANDS_OUT:
        return say.LIKELY_GRAVE
    if ranked.probability < WORTH_ADVICE:
        return say.UNLIKELY.format(rest=rest(ranked.probability))
    return say.LESS_LIKELY


def _grave(assessment: Assessment, catalogue: Catalogue, shown: set[str]) -> tuple[Ranked, ...]:
    """Serious causes below those shown: at most three that reach 1 in 1,000, and ALS always.

    Causes that need something nobody mentioned (a drug, a bite) are left out.
    """
    below = [r for r in assessment.ranking if r.id not in shown and is_grave(r, catalogue)]
    met = _possible(below, assessment, catalogue)
    first = [r for r in met if per_thousand(r.probability) >= 1][:3]
    return tuple(first + [r for r in below if r.id in ALWAYS_NAMED and r not in first])


def _pressing(assessment: Assessment, catalogue: Catalogue) -> tuple[Ranked, ...]:
    """What must not be missed in an emergency: a harmless cause at the head of its list would calm.

    Where no cause is that pressing (a rule alone raised the alarm), the ranking stands as it is.
    """
    pressing = [
        r for r in assessment.ranking if r.urgency in ("emergency", "urgent") and r.probability >= NOT_MISSED
    ]
    # First what the words point to most, not what is commonest: that is why the alarm was raised.
    pressing.sort(key=lambda r: -_odds(r.probability) / _odds(r.prior))
    return tuple(_possible(pressing, assessment, catalogue)[:LEAST]) or assessment.ranking


def _odds(p: float) -> float:
    return p / max(1.0 - p, 1e-9)


def _possible(causes: Iterable[Ranked], assessment: Assessment, catalogue: Catalogue) -> list[Ranked]:
    """Those that need nothing, or something that was said (a drug, a bite)."""
    said = {o.id for o in assessment.case.observations if o.status != "absent"}
    return [r for r in causes if not (needs := catalogue.causes[r.id].needs) or said.intersection(needs)]


def _watch(advice: tuple[CauseView, ...]) -> tuple[str, ...]:
    """The first cause's signs in full, then the others', up to a list that still gets read."""
    signs = list(dict.fromkeys(sign for view in advice for sign in view.cause.red_flags))
    own = len(advice[0].cause.red_flags) if advice else 0
    return tuple(signs[: max(own, WATCHED)])


# --- what was understood --------------------------------------------------------------------------


def _understood(assessment: Assessment, catalogue: Catalogue) -> tuple[Group, ...]:
    places = {o.id: where(o, catalogue) for o in assessment.case.observations if o.places}
    covered = contained(assessment.case.observations, catalogue)
    said: dict[str, list[str]] = {}
    for row in assessment.understood:
        slot = "person" if row.kind == "person" else "implied" if row.implied_by else row.status
        if row.implied_by in ABOUT_AGE:
            continue
        if slot == "implied":
            said.setdefault(slot, []).append(negated(row.plain) if row.status == "absent" else row.plain)
        elif row.id not in covered:
            said.setdefault(slot, []).append(_said(row, places.get(row.id)))
    if "implied" in said:
        said["implied"] = [capital(", ".join(said["implied"]))]
    order = (
        (say.ABOUT, "value", "person"),
        (say.PRESENT, "present", "present"),
        (say.MEASURED, "value", "value"),
        (say.UNSURE, "unsure", "unsure"),
        (say.ABSENT, "absent", "absent"),
        (say.IMPLIED, "value", "implied"),
    )
    return tuple(Group(heading, mark, tuple(said[slot])) for heading, mark, slot in order if slot in said)


def _said(understood: Understood, places: str | None) -> str:
    detail = clean(understood.detail)
    if places is not None:
        detail = " · ".join(part for part in (places, *detail.split(" · ")[1:]) if part)
    return capital(clean(understood.plain)) + (f" ({detail})" if detail else "")


def contained(observations: Iterable[Observation], catalogue: Catalogue) -> set[str]:
    """Observations that narrower ones say again (twitching, where an eyelid twitches)."""
    present = {
        o.id: set(o.places) for o in observations if o.status == "present" and o.id in catalogue.findings
    }
    narrower: dict[str, set[Place]] = {}
    for key, places in present.items():
        for broad in ancestors(catalogue, key):
            narrower.setdefault(broad, set()).update(places)
    return {key for key, places in present.items() if key in narrower and places <= narrower[key]}


def where(observation: Observation, catalogue: Catalogue) -> str:
    """The places of a symptom or sign: ``the left eyelid, the thigh``."""
    parts: list[str] = []
    if catalogue.findings[observation.id].kind not in ("symptom", "sign"):
        return ""
    for place in observation.places:
        name = catalogue.sites[place.site].plain.removeprefix("the ")
        if place.side == "both":
            parts.append(say.PLACE_BOTH.format(place=name))
        elif place.side:
            parts.append(say.PLACE_SIDE.format(side=place.side, place=name))
        else:
            parts.append(f"the {name}")
    return ", ".join(parts)


# --- sources --------------------------------------------------------------------------------------


def _sources(views: Iterable[CauseView], flags: Iterable[Flag], catalogue: Catalogue) -> tuple[Cited, ...]:
    """Everything the page rests on, in order of first use."""
    keys = [key for flag in flags for key in flag.sources]
    for view in views:
        cause = view.cause
        parts = (cause.verdict, cause.mechanism, cause.urgency, cause.action, *cause.prevalence)
        keys += [key for part in parts for key in part.sources]
    places: dict[str, list[str]] = {}
    for key in dict.fromkeys(key for key in keys if key in catalogue.sources):
        source = catalogue.sources[key]
        places.setdefault(link(source) or source.citation, []).append(key)
    return tuple(
        Cited(
            ids=tuple(same),
            number=number,
            citation=catalogue.sources[same[0]].citation,
            link=link(catalogue.sources[same[0]]),
        )
        for number, same in enumerate(places.values(), 1)
    )
