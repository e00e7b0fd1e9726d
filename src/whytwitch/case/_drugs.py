"""Drugs by generic and brand name: taken, stopped, changed, or given as a treatment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from whytwitch.case._context import HARD
from whytwitch.case._lexicon import Lexicon, Match
from whytwitch.case._model import Doubt, DrugUse
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document

Use = Literal["taking", "stopped", "not taking", "given"]

_STOPPED = frozenset(("stopped", "stopping", "stop", "quit", "off", "discontinued", "ceased", "withdrew",
                      "withdrawn", "weaned", "tapered", "tapering", "ran", "missed", "skipped",
                      "dropped", "halved", "without", "withdrawal", "weaning", "forgot", "lapsed",
                      "cut", "quitting", "skipping", "missing"))  # fmt: skip
_UNSTOPPED = frozenset(("never", "not", "havent", "hasnt", "didnt", "wont", "cannot", "cant"))
_REFUSED = frozenset(("no", "not", "never", "denies", "dont", "doesnt", "didnt", "allergic", "allergy",
                      "refused", "declined", "avoid", "avoids", "nor", "neither", "instead",
                      "werent", "wasnt", "arent", "isnt", "havent", "hasnt"))  # fmt: skip
_CHANGED = frozenset(("started", "starting", "new", "increased", "doubled", "raised", "upped", "began",
                      "beginning", "begun", "added", "switched", "prescribed", "put", "increase",
                      "commenced", "initiated", "tripled", "higher", "recently", "titrated"))  # fmt: skip
_RESPONSE = frozenset(("responded", "responds", "response", "improved", "improves", "improvement", "resolved",
                       "helped", "relieved", "relieves", "relief", "abolished", "subsided", "better",
                       "settled", "disappeared", "loaded", "controlled"))  # fmt: skip
_CHRONIC = frozenset(("takes", "taking", "take", "on", "uses", "using", "taken", "for", "long", "daily",
                      "has", "been", "years"))  # fmt: skip
_NEW_CLAUSE = frozenset(("take", "takes", "taking", "now", "started", "stopped", "i", "he", "she", "am",
                         "is", "was", "has", "have", "had", "my", "his", "her", "still",
                         "uses"))  # fmt: skip
_LONG_AGO = frozenset(("years", "decade", "decades"))
_SOLID = frozenset(("mg", "mcg", "g", "ug", "units", "iu", "ml", "tablets", "tablet", "puffs"))

STOP_CONTEXTS: dict[str, str] = {
    "drug_benzodiazepine": "benzodiazepine_stopped", "drug_opioid": "opioid_stopped",
    "opioid_use": "opioid_stopped", "drug_baclofen": "baclofen_stopped",
    "drug_ssri_snri": "antidepressant_stopped", "drug_tricyclic": "antidepressant_stopped",
    "alcohol_heavy": "alcohol_stopped", "drug_corticosteroid": "corticosteroid_stopped",
}  # fmt: skip
"""What stopping a drug of a group sets besides."""


@dataclass(slots=True)
class DrugReading:
    """Everything read of drugs in one text."""

    uses: list[DrugUse]
    statements: list[Statement]
    doubts: list[Doubt]
    tokens: set[int]


def read_drugs(lex: Lexicon, document: Document, matches: list[Match],
               owners: list[Owner]) -> DrugReading:  # fmt: skip
    """Read drug names with their status; misspelled long names are matched and marked as such."""
    found = [*_named(matches), *_misspelled(lex, document, matches)]
    reading = DrugReading([], [], [], set())
    for match in sorted(found, key=lambda m: m.begin):
        if owners[match.begin] != "person":
            continue
        reading.tokens.update(match.hits)
        _read_one(lex, document, match, found, reading)
    return reading


def _named(matches: list[Match]) -> list[Match]:
    drugs = sorted((m for m in matches if m.role == "drug"), key=lambda m: (m.begin, -m.end))
    kept: list[Match] = []
    for match in drugs:
        if not kept or match.begin >= kept[-1].end:
            kept.append(match)
    return kept


def _misspelled(lex: Lexicon, document: Document, matches: list[Match]) -> list[Match]:
    """Long unknown words that are one or two letters away from a drug name."""
    known = {hit for match in matches for hit in match.hits}
    found: list[Match] = []
    for i, word in enumerate(document.words):
        if i in known or len(word) < 7 or word in lex.words.exact or not word.isalpha():
            continue
        name = lex.slip(word)
        if name is not None:
            found.append(Match("drug", lex.drug_names[name], (i,), name))
    return found


def _read_one(lex: Lexicon, document: Document, match: Match, found: list[Match],
              reading: DrugReading) -> None:  # fmt: skip
    drug = lex.catalogue.drugs[match.id]
    status, changed = _status(document, match, found)
    dose, end = _dose(document, match.end)
    detail = f"read as {match.name}" if match.name else ""
    name = document.span(match.begin, match.end).text
    span = document.span(match.begin, end)
    reading.uses.append(DrugUse(drug=drug.id, name=name, dose=dose, status=status, detail=detail, span=span))
    known = lex.catalogue.findings
    contexts = [c for c in (drug.context, *drug.also) if c is not None]
    if status == "stopped":
        for context in contexts:
            stopped = STOP_CONTEXTS.get(context)
            if stopped in known and not _long_ago(document, match):
                reading.statements.append(Statement(stopped, "present", match.begin, end, f"stopped {name}"))
    elif changed and contexts and "drug_dose_changed" in known:
        reading.statements.append(
            Statement("drug_dose_changed", "present", match.begin, end, f"{name} new or at a higher dose")
        )


def _status(document: Document, match: Match, found: list[Match]) -> tuple[Use, bool]:
    """How the drug is used, and whether it is new or at a higher dose."""
    begin, stop = _clause(document, match, found)
    before = document.words[begin : match.begin]
    after = document.words[match.end : min(stop, match.end + 8)]
    near = before[-7:]
    if any(a in _UNSTOPPED and b in _STOPPED for a, b in pairwise(near)):
        return "taking", False
    if "rid" not in near and any(w in _REFUSED for w in near[-5:]) and "only" not in near:
        over = any(w in ("longer", "anymore") for w in [*near, *after[:4]]) or after[:2] == ["any", "more"]
        if over:
            return "stopped", False
        return "not taking", False
    if is_stopped(near) or _is_stopped_after(after):
        conditional = any(w in ("when", "if", "whenever") for w in near)
        return ("taking" if conditional else "stopped"), False
    sentence = document.words[slice(*document.bounds(match.begin))]
    if _is_treatment(near, after) and "overdose" not in sentence:
        return "given", False
    return "taking", any(w in _CHANGED for w in [*near, *after[:6]])


def is_stopped(before: list[str]) -> bool:
    """Whether the words before a drug say that it is no longer taken (``came off my``)."""
    return any(w in _STOPPED for w in before) and not any(w in _UNSTOPPED for w in before)


def _is_treatment(near: list[str], after: list[str]) -> bool:
    """``improved with carbamazepine``, ``was treated with``; not ``has been treated with … for years``."""
    if any(w in _CHRONIC for w in near[-3:]):
        return False
    if any(w in _RESPONSE for w in [*near, *after]):
        return True
    return near[-3:] in (["was", "treated", "with"], ["is", "treated", "with"]) and "for" not in after


def _is_stopped_after(after: list[str]) -> bool:
    """``the lithium was stopped``, ``ran out of``; not ``stopped working``."""
    for i, word in enumerate(after):
        if word in ("stopped", "discontinued", "withdrawn", "tapered"):
            return (
                i < 5
                and after[i - 1 : i] != ["it"]
                and after[i + 1 : i + 2] not in (["working"], ["helping"])
            )
    return False


def _clause(document: Document, match: Match, found: list[Match]) -> tuple[int, int]:
    first, last = document.bounds(match.begin)
    begin = match.begin
    others = {m.begin for m in found} | {m.end - 1 for m in found}
    while begin > first and not _parts(document, begin, others):
        begin -= 1
    stop = match.end
    while stop < last and not _parts(document, stop, others):
        stop += 1
    return begin, stop


def _parts(document: Document, i: int, drugs: set[int]) -> bool:
    """A comma or "and" ends the clause, unless it stands in a list of drugs."""
    if document.words[i] in HARD or ";" in document.gaps[i]:
        return True
    if "," not in document.gaps[i] and document.words[i] != "and":
        return False
    if any(w in _NEW_CLAUSE for w in document.words[i : i + 3]):
        return True
    return drugs.isdisjoint((i, i + 1, i + 2, i - 1, i - 2)) or not (
        any(k in drugs for k in (i, i + 1, i + 2)) and any(k in drugs for k in (i - 1, i - 2, i - 3, i - 4))
    )


def _long_ago(document: Document, match: Match) -> bool:
    words = document.words[slice(*document.bounds(match.begin))]
    return "ago" in words and any(w in _LONG_AGO for w in words)


def _dose(document: Document, i: int) -> tuple[str, int]:
    """``40 mg``, ``2 x 50 mg``, ``100 mcg daily`` right after the name."""
    words = document.words
    for j in range(i, min(i + 4, len(words) - 1)):
        if (
            words[j][0].isdigit()
            and words[j + 1] in _SOLID
            and document.sentence(j) == document.sentence(i - 1)
        ):
            return document.span(j, j + 2).text, j + 2
    return "", i
