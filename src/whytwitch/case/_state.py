"""Turn matches of findings into statements, each with its status, owner and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from whytwitch.case._context import Scopes, Verdict
from whytwitch.case._denied import is_meant
from whytwitch.case._drugs import STOP_CONTEXTS, is_stopped
from whytwitch.case._family import stands_for
from whytwitch.case._lexicon import Lexicon, Match
from whytwitch.case._model import Status
from whytwitch.case._places import PLACED, Places, ancestors
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document

Force = Literal["present", "absent", "relative"]


def kind_of(lex: Lexicon, match: Match) -> str:
    """The kind of the finding that was matched."""
    return lex.catalogue.findings[match.id].kind


def make_statements(lex: Lexicon, document: Document, findings: list[Match], denied: list[Match],
                    whose: list[Owner], places: Places, force: Force | None) -> list[Statement]:  # fmt: skip
    """What the matches say; of ``denied`` only what is said to be absent."""
    scopes = _scopes(document, findings)
    made: list[Statement] = []
    for match in findings:
        if document.words[match.end : match.end + 1] and document.words[match.end] in _REMEDY:
            continue
        if lex.catalogue.findings[match.id].acute and _is_long_past(document, match):
            continue
        kind = kind_of(lex, match)
        verdict = scopes[document.sentence(match.begin)].judge(match.hits, kind)
        owner: Owner = "relative" if force == "relative" else whose[match.begin]
        if kind == "family":
            owner = "other" if whose[match.hits[-1]] == "other" and force is None else "person"
        if force is None and owner == "person" and _is_elsewhere(document, match, verdict):
            made += _elsewhere(lex, match)
            continue
        if verdict.meaning == match.role == "absent" and _stands_alone(document, match):
            verdict = Verdict("present")  # "no fever" after "no seizures": denied once, by its own word
        statement = _statement(lex, match, verdict, owner, force)
        if statement is None:
            continue
        statement = _mended(document, match, statement)
        if kind in PLACED:
            statement = statement.at(places.of(match))
        made += _stopped(lex, document, statement) if kind == "drug" and force is None else [statement]
    if force is None:
        made += _only_denied(lex, document, denied, made, scopes, whose)
    return made


def _mended(document: Document, match: Match, statement: Statement) -> Statement:
    """Say so where a misspelled word was taken for another."""
    if document.mended.keys().isdisjoint(match.hits):
        return statement
    read = ", ".join(dict.fromkeys(document.mended[i] for i in match.hits if i in document.mended))
    detail = "; ".join(part for part in (statement.detail, f"read as {read}") if part)
    return replace(statement, detail=detail)


def _scopes(document: Document, findings: list[Match]) -> dict[int, Scopes]:
    by_sentence: dict[int, list[Match]] = {}
    for match in findings:
        by_sentence.setdefault(document.sentence(match.begin), []).append(match)
    return {
        number: Scopes(document, *document.sentences[number], matches)
        for number, matches in by_sentence.items()
    }


def _only_denied(lex: Lexicon, document: Document, denied: list[Match], made: list[Statement],
                 scopes: dict[int, Scopes], whose: list[Owner]) -> list[Statement]:  # fmt: skip
    """Absence of what broad words stand for, unless something narrower was read from them."""
    affirmed = {i for s in made if s.status != "absent" for i in range(s.begin, s.end)}
    taken = {i for s in made for i in range(s.begin, s.end)}
    found: list[Statement] = []
    for match in denied:
        used = taken if match.id == "muscle_pain" else affirmed
        if whose[match.begin] != "person" or not used.isdisjoint(match.hits):
            continue
        number = document.sentence(match.begin)
        if number not in scopes:
            scopes[number] = Scopes(document, *document.sentences[number])
        verdict = scopes[number].judge(match.hits, kind_of(lex, match))
        if verdict.meaning == "absent" and is_meant(document, match, verdict.cue):
            found.append(Statement(match.id, "absent", match.begin, match.end, limited=True))
    return found


def _is_long_past(document: Document, match: Match) -> bool:
    """``I took an overdose years ago, as a teenager``: over, unless anything in the sentence is of now."""
    begin, stop = document.bounds(match.begin)
    words = document.words
    if any(words[i] in _OF_NOW and words[i - 1] not in _WELL_NOW for i in range(begin, stop)):
        return False
    near = range(max(begin, match.begin - _FAR), min(stop, match.end + _FAR))
    return any(_is_old_date(words, i, begin) for i in near) or _is_past_year(document, match)


def _is_old_date(words: list[str], i: int, begin: int) -> bool:
    """Whether "years ago", "as a child", "when I was 8" stands at a token."""
    word, before, after = words[i], words[max(begin, i - 3) : i], words[i + 1 : i + 4]
    return (
        (word == "ago" and not _LONG.isdisjoint(before))
        or (word in ("back", "earlier") and not _LONG.isdisjoint(before[-1:]))
        or (word in _YOUNG and before[-2:] == ["as", "a"])
        or (word in _YOUTH and before[-2:-1] == ["in"])
        or (word == "when" and after[1:2] == ["was"] and "".join(after[2:]) in _AGES)
    )


def _is_past_year(document: Document, match: Match) -> bool:
    """``stung in 2018``: a year before the last one stands by, in the same breath."""
    begin, stop = document.bounds(match.begin)
    latest = datetime.now(UTC).year - 2
    for i in range(max(begin, match.begin - 3), min(stop, match.end + 5)):
        word = document.words[i]
        if len(word) == 4 and word.isdigit() and 1930 <= int(word) <= latest:
            first, last = min(i, match.end), max(i, match.begin)
            return all("," not in gap and ";" not in gap for gap in document.gaps[first : last + 1])
    return False


_FAR = 14
"""How many words may stand between an event and its date."""
_OF_NOW = frozenset(("since", "still", "keeps", "keep", "again", "ever", "every", "now", "today", "tonight",
                     "yesterday", "morning", "just", "hour", "hours", "minutes", "week", "month", "recently",
                     "lately"))  # fmt: skip
_WELL_NOW = frozenset(("happy", "fine", "well", "ok", "okay", "better", "healthy", "good", "great"))
_LONG = frozenset(("years", "year", "decades", "decade"))
_YOUNG = frozenset(("child", "kid", "boy", "girl", "teenager", "teen", "toddler", "baby", "student"))
_YOUTH = frozenset(("childhood", "youth", "teens", "twenties"))
_AGES = frozenset((*map(str, range(1, 30)), "one", "two", "three", "four", "five", "six", "seven", "eight",
                   "nine", "ten", "young", "little", "small", "younger"))  # fmt: skip


def _is_elsewhere(document: Document, match: Match, verdict: Verdict) -> bool:
    """``no twitching of any other muscle``, ``no other twitching``: it speaks of the rest of the body."""
    if verdict.meaning == "none":
        return verdict.cue.endswith(" other")
    if verdict.meaning != "absent":
        return False
    for i in range(match.end, min(match.end + 6, document.bounds(match.begin)[1])):
        if document.words[i] in ("elsewhere", "other", "else"):
            return True
        if "," in document.gaps[i] or document.words[i] not in _TOWARD:
            return False
    return False


def _stands_alone(document: Document, match: Match) -> bool:
    """``no fever``, or after a comma ``normal neck``: a denial in front is not meant for it."""
    word = document.words[match.begin]
    return word in _NEGATORS or (word in _WELL and "," in document.gaps[match.begin])


_WELL = frozenset(("normal", "intact", "preserved", "full", "good", "supple", "unremarkable", "soft"))
_NEGATORS = frozenset(("no", "not", "without", "never", "nor", "neither", "nil", "denies", "denied"))
_TOWARD = frozenset(("of", "in", "any", "the", "my", "his", "her", "at", "anywhere", "to", "on", "all"))


def _elsewhere(lex: Lexicon, match: Match) -> list[Statement]:
    spread = "twitch_generalized"
    if spread not in lex.catalogue.findings or "twitching" not in (match.id, *ancestors(lex, match.id)):
        return []
    return [Statement(spread, "absent", match.begin, match.end, limited=True)]


def _stopped(lex: Lexicon, document: Document, statement: Statement) -> list[Statement]:
    """``ran out of my benzos``: a group of drugs that was stopped."""
    begin = max(document.bounds(statement.begin)[0], statement.begin - 6)
    if statement.status != "present" or not is_stopped(document.words[begin : statement.begin]):
        return [statement]
    unsure = replace(statement, status="unsure", detail="stopped")
    after = STOP_CONTEXTS.get(statement.id)
    if after not in lex.catalogue.findings:
        return [unsure]
    return [unsure, replace(statement, id=after, detail="stopped")]


_REMEDY = frozenset(("syrup", "medicine", "medicines", "medication", "meds", "tablets", "pills", "drops",
                     "remedy", "spray", "clinic", "specialist", "drug", "drugs", "treatment"))  # fmt: skip
"""After the name of a symptom they make it the name of something else (``cough syrup``)."""


def _statement(lex: Lexicon, match: Match, verdict: Verdict, owner: Owner,
               force: Force | None) -> Statement | None:  # fmt: skip
    item = match.id
    if owner == "other":
        return None
    if owner == "relative":
        family = stands_for(item, lex.catalogue)
        if family is None or match.role == "absent":
            return None
        item = family
    status = _status(match, verdict, force)
    if status is None or (owner == "relative" and status == "absent" and force is None and item == match.id):
        return None
    detail = verdict.cue if verdict.past or status == "unsure" else ""
    return Statement(item, status, match.begin, match.end, detail, limited=verdict.past)


def _status(match: Match, verdict: Verdict, force: Force | None) -> Status | None:
    if force in ("present", "absent"):
        if match.role == "absent":
            return "absent" if force == "present" else None
        return "absent" if verdict.meaning == "absent" and force == "present" else force
    if verdict.meaning == "none":
        return None
    if match.role == "absent":
        return "absent" if verdict.meaning == "present" else None
    return verdict.meaning
