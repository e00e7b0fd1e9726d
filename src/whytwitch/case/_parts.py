"""Matches that are only a part of what another match says, and are not told by themselves."""

from __future__ import annotations

from whytwitch.case._lexicon import Lexicon, Match
from whytwitch.case._places import ancestors
from whytwitch.case._text import Document

_PROVOKED = ("tap", "cuff", "percuss", "strik", "hit", "chvostek", "trousseau", "inflat", "tourniquet")
_OF_THEIR_OWN = frozenset(("emg", "test", "imaging", "lab", "family", "condition"))
_SPASMS = "muscle_spasms"
_SPASM_OF = frozenset(("laryngospasm", "carpopedal_spasm", "hydrophobia", "eye_closure_both"))
"""Findings that name one certain spasm."""
_PROVOKING = frozenset(("startle", "painful_spasms_triggered"))
"""Findings of which the movement is the answer to a noise or a touch."""
_REFLEXES = frozenset(("hyperreflexia", "hyporeflexia"))
_OTHER_REFLEX = frozenset(("abdominal", "superficial", "cremasteric", "pupillary", "gag", "corneal",
                           "plantar",
                           "light", "red", "pharyngeal", "cough", "blink", "acid", "startle", "moro",
                           "palatal", "anal"))  # fmt: skip
"""Before "reflex" these name one that is no tendon reflex."""


def without_parts(lex: Lexicon, document: Document, findings: list[Match]) -> list[Match]:
    """Drop what is only a part of a test's, record's, relative's or narrower finding's description.

    "Fasciculation potentials" are a finding of the recording, the twitch of "tapping the cheek makes
    the face twitch" belongs to the sign, and the spasm of "an eyelid is spasming" is a twitch.
    """
    findings = [m for m in findings if not (_is_of_other_reflex(document, m) or _is_not_well(document, m))]
    wholes = [m for m in findings if len(m.hits) > 1 and _owns_its_words(lex, document, m)]
    narrow = [m for m in findings if m.role == "present" and _names_a_spasm(lex, m.id)]
    provoked = [m for m in findings if m.id in _PROVOKING]
    weak_jerks = {i for m in findings if m.id == "hyporeflexia" and m.role == "present" for i in m.hits}
    return [
        m
        for m in findings
        if not (m.id == _SPASMS and any(_inside(m, w) for w in narrow))
        and not (_is_twitch(lex, m.id) and any(not set(m.hits).isdisjoint(w.hits) for w in provoked))
        and not _is_weakness(lex, document, m, weak_jerks)
        and (_kind(lex, m) != "symptom" or not any(_is_part(lex, m, w) for w in wholes if _inside(m, w)))
    ]


def _kind(lex: Lexicon, match: Match) -> str:
    return lex.catalogue.findings[match.id].kind


def _inside(match: Match, whole: Match) -> bool:
    return whole.begin <= match.begin and match.end <= whole.end


def _is_twitch(lex: Lexicon, item: str) -> bool:
    return "twitching" in (item, *ancestors(lex, item))


def _is_weakness(lex: Lexicon, document: Document, match: Match, jerks: set[int]) -> bool:
    """``ankle jerks are weak``: no muscle is."""
    if "weakness" not in (match.id, *ancestors(lex, match.id)):
        return False
    return any(i in jerks and document.words[i].startswith("weak") for i in match.hits)


def _names_a_spasm(lex: Lexicon, item: str) -> bool:
    return item in _SPASM_OF or _is_twitch(lex, item)


def _is_of_other_reflex(document: Document, match: Match) -> bool:
    if match.id not in _REFLEXES:
        return False
    words = document.words
    return any(
        words[i].startswith("reflex")
        and i > 0
        and words[i - 1] in _OTHER_REFLEX
        and i - 1 not in match.hits
        and "," not in document.gaps[i]
        for i in match.hits
    )


def _is_not_well(document: Document, match: Match) -> bool:
    """``power and reflexes are not normal``: the "not" stands in a gap of the match."""
    return any(
        document.words[i] in _WELL and i > 0 and i - 1 not in match.hits and document.words[i - 1] in _NOT
        for i in match.hits[1:]
    )


_WELL = frozenset(("normal", "intact", "preserved", "full", "unremarkable", "good", "fine"))
_NOT = frozenset(("not", "isnt", "arent", "wasnt", "werent", "never"))


def _is_part(lex: Lexicon, match: Match, whole: Match) -> bool:
    if _kind(lex, whole) == "sign":
        return not set(match.hits).isdisjoint(whole.hits)
    return set(match.hits) < set(whole.hits)


def _owns_its_words(lex: Lexicon, document: Document, match: Match) -> bool:
    kind = _kind(lex, match)
    if kind == "sign":
        return any(document.words[i].startswith(_PROVOKED) for i in match.hits)
    return kind in _OF_THEIR_OWN
