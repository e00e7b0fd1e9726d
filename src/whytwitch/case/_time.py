"""How long the present complaint has lasted."""

from __future__ import annotations

from typing import NamedTuple

from whytwitch.case._numbers import Length, length, number, unit_days
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document

_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_FIXED: dict[tuple[str, ...], float] = {
    ("since", "yesterday"): 1.0, ("yesterday",): 1.0, ("since", "last", "night"): 0.7,
    ("last", "night"): 0.7, ("this", "morning"): 0.4, ("since", "this", "morning"): 0.4,
    ("tonight",): 0.2, ("this", "evening"): 0.2, ("this", "afternoon"): 0.3, ("today",): 0.5,
    ("last", "week"): 7.0, ("this", "week"): 4.0, ("since", "last", "week"): 7.0,
    ("last", "month"): 30.0, ("this", "month"): 15.0, ("last", "year"): 365.0,
    ("since", "last", "year"): 365.0, ("since", "last", "month"): 30.0, ("last", "summer"): 240.0,
    ("overnight",): 0.5, ("weekend",): 3.0, ("an", "hour", "ago"): 0.05,
}  # fmt: skip
_LIFE: dict[tuple[str, ...], float] = {
    ("since", "childhood"): 7, ("since", "early", "childhood"): 4, ("since", "birth"): 0,
    ("since", "infancy"): 0.5, ("since", "adolescence"): 14, ("all", "my", "life"): 3,
    ("all", "his", "life"): 3, ("all", "her", "life"): 3, ("lifelong",): 3, ("life", "long"): 3,
    ("since", "i", "was", "a", "child"): 7, ("since", "i", "was", "a", "kid"): 7,
    ("since", "he", "was", "a", "child"): 7, ("since", "she", "was", "a", "child"): 7,
    ("since", "school"): 10, ("as", "long", "as", "i", "can", "remember"): 6,
}  # fmt: skip
_UNKNOWN_AGE = 40.0
_LEADS = frozenset(("for", "over", "past", "last", "of", "within", "in", "than", "about", "almost",
                    "nearly", "approximately", "around", "some", "since", "the", "these", "roughly",
                    "maybe", "at", "least", "another", "during", "had", "has", "been", "up"))  # fmt: skip
_EPISODE = frozenset(("last", "lasts", "lasting", "lasted", "every", "each", "per", "to", "within",
                      "aged", "age", "next", "first", "take", "takes", "after", "slept", "sleep",
                      "sleeping", "runs", "ran", "work", "works", "hold", "only"))  # fmt: skip
_AFTERS = frozenset(("ago", "now", "history", "earlier", "before", "previously", "back", "duration"))
_NOT_TIME = frozenset(("old", "later", "each", "every", "a", "per", "pregnant", "of age", "apart",
                       "at", "daily", "sleep", "of sleep", "after", "into", "until",
                       "straight"))  # fmt: skip
_COMPLAINT = frozenset(("began", "begun", "started", "starting", "noticed", "noted", "onset", "since",
                        "worse", "worsening", "progressive", "progressively", "gradually", "slowly",
                        "complained", "complaining", "presented", "increasing", "symptoms",
                        "history", "been", "had", "has", "have", "spells", "course", "going",
                        "developed", "suffered", "suffering", "struggled"))  # fmt: skip


class When(NamedTuple):
    """One length of time in the text, which may be that of the complaint."""

    days: float
    begin: int
    end: int
    plain: bool = True
    """It is said as time that something has lasted (``for three weeks``, ``two days ago``)."""


def find_duration(document: Document, owners: list[Owner], symptoms: set[int],
                  other: set[int], age: float | None) -> float | None:  # fmt: skip
    """Days since the complaint began: the longest length of time that belongs to it.

    ``symptoms`` and ``other`` are tokens of complaints and of everything else that has a time of
    its own (conditions, drugs, exposures): a time said of those alone does not count.
    """
    best: float | None = None
    for when in _all(document, age):
        if owners[when.begin] != "person" or not when.plain:
            continue
        if _belongs(document, when, symptoms, other):
            best = when.days if best is None else max(best, when.days)
    return best


def _all(document: Document, age: float | None) -> list[When]:
    found: list[When] = []
    i = 0
    while i < len(document):
        when = _fixed(document, i) or _since(document, i, age) or _counted(document, i)
        if when is not None:
            found.append(when)
        i = when.end if when is not None else i + 1
    return found


def _fixed(document: Document, i: int) -> When | None:
    words = document.words
    if words[i] not in _FIRSTS:
        return None
    for size in range(min(4, len(words) - i), 0, -1):
        days = _FIXED.get(tuple(words[i : i + size]))
        if days is not None:
            return When(days, i, i + size, words[i - 1] != "every" if i else True)
    return None


_FIRSTS = frozenset(key[0] for key in _FIXED)


def _since(document: Document, i: int, age: float | None) -> When | None:
    words = document.words
    for size in range(min(7, len(words) - i), 0, -1):
        start = _LIFE.get(tuple(words[i : i + size]))
        if start is not None:
            return When(max(0.0, (age or _UNKNOWN_AGE) - start) * 365.25, i, i + size)
    if words[i] != "since" or i + 1 >= len(words):
        return None
    if words[i + 1] in _WEEKDAYS:
        return When(4.0, i, i + 2)
    return _since_age(document, i, age)


def _since_age(document: Document, i: int, age: float | None) -> When | None:
    """``since age 15``, ``since I was 15``, ``since he was about 12``."""
    words = document.words
    for j in range(i + 1, min(i + 6, len(words))):
        if words[j] in ("age", "was", "of", "the", "i", "he", "she", "about", "around"):
            continue
        start = number(document, j, vague=False)
        if start is None or age is None or not 0 < start.value < age:
            return None
        follows = words[start.end] if start.end < len(words) else ""
        if unit_days(follows) is not None and words[start.end + 1 : start.end + 2] != ["old"]:
            return None
        return When((age - start.value) * 365.25, i, start.end)
    return None


def _counted(document: Document, i: int) -> When | None:
    """``for fourteen months``, ``two days ago``, ``a six-week history``."""
    span = length(document, i)
    if span is None:
        return None
    words = document.words
    lead = words[i - 1] if i else ""
    lead_two = words[i - 2] if i >= 2 else ""
    after = words[span.end] if span.end < len(words) else ""
    if lead in _EPISODE and not (lead in ("last", "first") and lead_two in ("the", "for", "in", "over")):
        return None
    if after in _NOT_TIME or words[span.end : span.end + 2] in (["of", "age"], ["of", "sleep"]):
        return None
    plain = lead in _LEADS or after in _AFTERS or _is_bare(document, span)
    if lead == "up" or (lead_two == "last" and lead == "up"):
        plain = False
    return When(span.days, i, span.end, plain)


def _is_bare(document: Document, span: Length) -> bool:
    """Alone between commas or sentence ends (``eyelid twitching, three days``), or ``x-week``."""
    gap = document.after(span.end - 1).strip()
    begins = span.begin == document.bounds(span.begin)[0] or "," in document.gaps[span.begin]
    return (begins and gap == "") or gap[:1] in (",", ".", ";", "-")


def _belongs(document: Document, when: When, symptoms: set[int], other: set[int]) -> bool:
    """Whether the time is that of the complaint, by what is said next to it."""
    first, last = document.bounds(when.begin)
    if "since" in document.words[max(first, when.begin - 10) : when.begin]:
        return any(t in symptoms for t in range(first, last))
    begin, stop = _clause(document, when)
    near = range(begin, stop)
    own = [abs(t - when.begin) for t in near if t in symptoms]
    foreign = [abs(t - when.begin) for t in near if t in other]
    if own and foreign:
        return min(own) <= min(foreign)
    if own:
        return True
    if foreign:
        return False
    if any(document.words[t] in _COMPLAINT for t in range(first, last)):
        return not any(t in other for t in range(first, last)) or any(
            t in symptoms for t in range(first, last)
        )
    return any(t in symptoms for t in range(first, last)) or last - first <= when.end - when.begin + 3


def _clause(document: Document, when: When) -> tuple[int, int]:
    first, last = document.bounds(when.begin)
    begin = when.begin
    while begin > first and not _parts(document, begin):
        begin -= 1
    stop = when.end
    while stop < last and not _parts(document, stop):
        stop += 1
    return begin, stop


def _parts(document: Document, i: int) -> bool:
    return "," in document.gaps[i] or document.words[i] in ("and", "but", "which", "who")
