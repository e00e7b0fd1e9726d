"""Read free text into a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from whytwitch.case._amounts import read_amounts
from whytwitch.case._assemble import assemble
from whytwitch.case._calcium import adjust_calcium
from whytwitch.case._complete import complete
from whytwitch.case._drugs import read_drugs
from whytwitch.case._labs import is_level, read_labs
from whytwitch.case._lexicon import Lexicon, Match, find_all, find_sites, lexicon, mentions_of
from whytwitch.case._model import Case, CaseError, Doubt, DrugUse, LabResult, Observation, Span
from whytwitch.case._parts import without_parts
from whytwitch.case._person import Sex, find_age, find_sex
from whytwitch.case._places import PLACED, Places
from whytwitch.case._state import Force, kind_of, make_statements
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner, Voice, is_family_history, kin, of_another, owners, voice
from whytwitch.case._text import Document, tokenize
from whytwitch.case._time import When, find_duration
from whytwitch.case._typos import correct
from whytwitch.case._unread import check_language, not_understood, segments, unknown_drugs
from whytwitch.case._vitals import read_vitals
from whytwitch.knowledge import Catalogue, Setting

MAX_BYTES = 200_000
"""Longest text that is read. A case is a page or two; a book is a mistake."""


@dataclass(slots=True)
class Reading:
    """Everything read from one text, not yet a case."""

    document: Document
    age: float | None = None
    sex: Sex | None = None
    duration: float | None = None
    observations: list[Observation] = field(default_factory=list[Observation])
    labs: list[LabResult] = field(default_factory=list[LabResult])
    drugs: list[DrugUse] = field(default_factory=list[DrugUse])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    used: set[int] = field(default_factory=set[int])


def read_text(text: str, catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Understand a description in plain or clinical English.

    Args:
        text: what the person or the clinician wrote, up to 200 kB.
        catalogue: the vocabulary to understand it with.
        setting: where the question is asked; it is part of the prior.

    Raises:
        CaseError: the text is empty, too long, not English, or states an impossible age.
    """
    check_text(text)
    reading = read_document(text, catalogue)
    check_language(reading.document, reading.used)
    lex = lexicon(catalogue)
    doubts = [*reading.doubts, *unknown_drugs(reading.document, reading.used, set(lex.words.exact))]
    unread = not_understood(reading.document, reading.used)
    case = Case(
        age_years=reading.age, sex=reading.sex, duration_days=reading.duration,
        observations=tuple(reading.observations), labs=tuple(reading.labs), drugs=tuple(reading.drugs),
        doubts=tuple(doubts), not_understood=_with_doubted(unread, doubts), text=text, setting=setting,
    )  # fmt: skip
    return complete(case, catalogue)


def _with_doubted(unread: list[Span], doubts: list[Doubt]) -> tuple[Span, ...]:
    """Unread stretches, and words taken for unknown drugs."""
    spans = list(unread)
    for doubt in doubts:
        span = doubt.span
        if span is None or not doubt.question.startswith("Is "):
            continue
        if not any(s.start <= span.start and span.end <= s.end for s in spans):
            spans.append(span)
    return tuple(sorted(spans, key=lambda s: s.start))


def check_text(text: str) -> None:
    """Refuse what cannot be a description.

    Raises:
        CaseError: the text is empty or too long.
    """
    if not text.strip():
        raise CaseError("text: it is empty; describe the twitching in a sentence or two")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        size = len(text) // 1000
        raise CaseError(
            f"text: {size} kB is too long; the limit is {MAX_BYTES // 1000} kB, so give the part that matters"
        )


def read_document(text: str, catalogue: Catalogue, force: Force | None = None, *,
                  mend: bool = True) -> Reading:  # fmt: skip
    """Read one text; with ``force`` every statement is taken as present, absent or a relative's.

    Without ``mend`` misspelled words stay as they are.
    """
    lex = lexicon(catalogue)
    document = tokenize(text)
    reading = Reading(document)
    if not document.words:
        return reading
    if mend:
        correct(document, lex.words.exact.__contains__)
    sites = find_sites(lex, document)
    matches = find_all(lex, document, mentions_of(lex, sites))
    matches += _second_look(lex, document, matches)
    complaints = {i for m in matches if m.role == "present" and kind_of(lex, m) in PLACED for i in m.hits}
    who = voice(document, complaints)
    matches = [m for m in matches if not _names_the_patient(lex, document, m, who)]
    whose: list[Owner] = owners(document, who)
    findings = without_parts(lex, document, [m for m in matches if m.role in ("present", "absent")])
    denied = [m for m in matches if m.role == "denied"]
    matches = [m for m in matches if m.role != "denied"]
    places = Places(lex, document, sites, [m for m in findings if kind_of(lex, m) in PLACED])
    statements = make_statements(lex, document, findings, denied, whose, places, force)
    if force is None:
        if not _complains(lex, statements) and not is_family_history(document):
            # Nothing is told of the writer: then it is told of whoever has the complaints.
            others = of_another(document)
            told = make_statements(lex, document, findings, denied, others, places, force)
            if _complains(lex, told):
                whose, statements = others, told
        reading.age, age_at = find_age(document, whose, who)
        reading.sex = find_sex(document, whose, who, age_at)
    _add_measured(lex, reading, matches, whose, places, statements, force)
    reading.observations, clashes = assemble(lex, document, statements)
    reading.doubts += clashes
    reading.used |= {i for s in statements for i in range(s.begin, s.end)}
    reading.used |= places.used | {i for m in matches for i in range(m.begin, m.end)}
    if force is None:
        when = _duration(lex, document, findings, matches, whose, reading.age)
        if when is not None:
            reading.duration = when.days
            reading.used.update(range(when.begin, when.end))
    return reading


def _complains(lex: Lexicon, statements: list[Statement]) -> bool:
    """Whether anything ails the person."""
    kinds = ("symptom", "sign")
    return any(s.status != "absent" and lex.catalogue.findings[s.id].kind in kinds for s in statements)


def _names_the_patient(lex: Lexicon, document: Document, match: Match, who: Voice) -> bool:
    """Whether a family item only says what the relative has whom the text is about."""
    if not who.patient_kin or match.role not in ("present", "absent") or kind_of(lex, match) != "family":
        return False
    return any(kin(document.words[i]) == who.patient_kin for i in match.hits)


def _second_look(lex: Lexicon, document: Document, matches: list[Match]) -> list[Match]:
    """Loose matches in stretches of which nothing else was read."""
    used = {i for match in matches for i in range(match.begin, match.end)}
    found: list[Match] = []
    for begin, stop in document.sentences:
        for first, last in segments(document, begin, stop):
            if used.isdisjoint(range(first, last)):
                found += lex.loose.find(document, first, last)
    return found


def _add_measured(lex: Lexicon, reading: Reading, matches: list[Match], whose: list[Owner], places: Places,
                  statements: list[Statement], force: Force | None) -> None:  # fmt: skip
    """Add numbers: signs, amounts, laboratory values and drugs."""
    document, known = reading.document, frozenset(lex.catalogue.findings)
    vitals, doubts = read_vitals(document, whose, known, reading.age)
    amounts = read_amounts(document, whose, known)
    drugs = read_drugs(lex, document, matches, whose)
    measured = [m for m in matches if not drugs.tokens & set(m.hits) or is_level(document, m)]
    labs, unclear = read_labs(document, measured, whose, lex.catalogue)
    reading.labs = adjust_calcium(labs, lex.catalogue)
    reading.drugs = _unique_drugs(drugs.uses)
    reading.doubts = [*doubts, *unclear, *drugs.doubts]
    reading.used |= drugs.tokens | {i for s in (*vitals, *amounts) for i in range(s.begin, s.end)}
    if any(s.id in ("fever", "hyperthermia") and s.status == "present" for s in vitals):
        statements[:] = [s for s in statements if not _is_of_number(document, s)]
    if any(s.id == "fever" and s.status == "absent" and not s.limited for s in statements):
        vitals = [s for s in vitals if s.id not in ("fever", "hyperthermia")]
    if force is None:
        statements += [*amounts, *drugs.statements]
    if force in (None, "present"):
        graded = [
            s.at(places.of(Match("present", s.id, tuple(range(s.begin, s.end))))) if s.id == "weakness" else s
            for s in vitals
        ]
        statements += [*graded, *amounts] if force else graded


def _is_of_number(document: Document, statement: Statement) -> bool:
    """``boiling hot 103.5``: the words before a measured temperature are no dislike of heat."""
    following = document.words[statement.end : statement.end + 2]
    return statement.id == "heat_intolerance" and any(word[0].isdigit() for word in following)


def _unique_drugs(uses: list[DrugUse]) -> list[DrugUse]:
    """One entry for each drug: what is said last of its use, unless it is a mere mention."""
    kept: dict[str, DrugUse] = {}
    for use in uses:
        held = kept.get(use.drug)
        if held is None or (held.status == "taking" and use.status == "stopped"):
            kept[use.drug] = use
    return list(kept.values())


def _duration(lex: Lexicon, document: Document, findings: list[Match], matches: list[Match],
              whose: list[Owner], age: float | None) -> When | None:  # fmt: skip
    symptoms = {i for m in findings if kind_of(lex, m) in PLACED for i in m.hits}
    other = {i for m in findings if kind_of(lex, m) not in PLACED for i in m.hits}
    other |= {i for m in matches if m.role == "drug" for i in m.hits}
    return find_duration(document, whose, symptoms, other - symptoms, age)
