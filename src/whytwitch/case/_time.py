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
    ("overnight",): 0.5, ("weekend",): 3.0, ("an", "hour", "ago"): 0.05, ("half", "an", "hour"): 0.03,
    ("since", "breakfast"): 0.3, ("since", "lunch"): 0.2, ("since", "lunchtime"): 0.2,
    ("since", "dinner"): 0.2, ("since", "noon"): 0.2, ("since", "tea"): 0.2, ("since", "supper"): 0.2,
    ("since", "dawn"): 0.4,
    ("since", "the", "weekend"): 3.0, ("since", "tonight"): 0.2, ("since", "today"): 0.5,
    ("the", "other", "day"): 3.0, ("the", "day", "before", "yesterday"): 2.0,
    ("since", "last", "summer"): 240.0, ("since", "last", "winter"): 240.0,
    ("since", "last", "spring"): 240.0, ("since", "last", "autumn"): 240.0, ("since", "last", "fall"): 240.0,
}  # fmt: skip
_LIFE: dict[tuple[str, ...], float] = {
    ("since", "childhood"): 7, ("since", "early", "childhood"): 4, ("since", "birth"): 0,
    ("since", "infancy"): 0.5, ("since", "adolescence"): 14, ("all", "my", "life"): 3,
    ("all", "his", "life"): 3, ("all", "her", "life"): 3, ("lifelong",): 3, ("life", "long"): 3,
    ("since", "i", "was", "a", "child"): 7, ("since", "i", "was", "a", "kid"): 7,
    ("since", "he", "was", "a", "child"): 7, ("since", "she", "was", "a", "child"): 7,
    ("since", "school"): 10, ("as", "long", "as", "i", "can", "remember"): 6,
    ("as", "long", "as", "i", "remember"): 6, ("my", "whole", "life"): 3, ("his", "whole", "life"): 3,
    ("her", "whole", "life"): 3, ("my", "entire", "life"): 3, ("since", "i", "was", "little"): 6,
    ("since", "i", "was", "young"): 12, ("since", "i", "was", "small"): 6, ("since", "i", "was", "born"): 0,
    ("since", "i", "was", "a", "teenager"): 15, ("since", "my", "teens"): 15, ("since", "his", "teens"): 15,
    ("since", "her", "teens"): 15, ("since", "i", "was", "a", "boy"): 8,
    ("since", "i", "was", "a", "girl"): 8,
    ("since", "youth"): 16, ("since", "his", "youth"): 16, ("since", "her", "youth"): 16,
}  # fmt: skip
_SEASONS = frozenset(("spring", "summer", "autumn", "fall", "winter", "christmas", "easter"))
_HALF_YEAR = 180.0
"""What "since spring" and "since March" come to on average: nobody says which day it is."""
_MONTHS = {name: n for n, name in enumerate((
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december"))}  # fmt: skip
_FROM = frozenset(("since", "until", "from"))
_TO = frozenset(("by", "in", "until", "to"))
_LEADS = frozenset(("for", "over", "past", "last", "of", "within", "in", "than", "about", "almost",
                    "nearly", "approximately", "around", "some", "since", "the", "these", "roughly",
                    "maybe", "at", "least", "another", "during", "had", "has", "been", "up"))  # fmt: skip
_EPISODE = frozenset(("last", "lasts", "lasting", "lasted", "every", "each", "per", "to", "within",
                      "aged", "age", "next", "first", "take", "takes", "after", "slept", "sleep",
                      "sleeping", "runs", "ran", "work", "works", "hold", "only"))  # fmt: skip
_SHORTEST = 1 / 24
"""Shorter times are those of single twitches, unless they are said to have passed."""
_EVENT_DAYS = 7.0
"""An exposure this recent bounds the time of a complaint that is told without one."""
_SPELL = frozenset(("spell", "spells", "episode", "episodes", "attack", "attacks", "bout", "bouts", "twitch",
                    "twitches", "burst", "bursts", "seizure", "seizures", "time", "cramp"))  # fmt: skip
_WELL = frozenset(("stable", "well", "healthy", "sober", "married", "retired", "followed", "follow",
                   "abstinent", "clean", "smoked", "treated", "therapy"))  # fmt: skip
"""Words just before a time that make it that of something other than the complaint."""
_EVENT = frozenset(("treated", "injured", "operated", "underwent", "diagnosed", "stopped", "quit", "bitten",
                    "bit", "vaccinated", "ate", "married", "moved", "retired", "surgery", "operation",
                    "accident", "trip", "visited", "immigrated", "emigrated", "traveled", "bought",
                    "born", "injury", "fell", "crash", "flu", "infection", "irradiated",
                    "transplanted", "removed", "prescribed"))  # fmt: skip
_AFTERS = frozenset(("ago", "now", "history", "earlier", "before", "previously", "back", "duration"))
_NOT_TIME = frozenset(("old", "later", "each", "every", "per", "pregnant", "apart", "gestation",
                       "gestational",
                       "at", "daily", "sleep", "of sleep", "after", "into", "until",
                       "straight"))  # fmt: skip
_OF_OTHER = (["age"], ["sleep"], ["life"], ["treatment"], ["therapy"], ["follow"], ["pregnancy"],
             ["gestation"], ["work"], ["exercise"], ["rest"], ["training"], ["abstinence"])  # fmt: skip
_COMPLAINT = frozenset(("began", "begun", "started", "starting", "noticed", "noted", "onset", "since",
                        "worse", "worsening", "progressive", "progressively", "gradually", "slowly",
                        "complained", "complaining", "presented", "increasing", "symptoms",
                        "history", "been", "had", "has", "have", "spells", "course", "going",
                        "developed", "suffered", "suffering", "struggled"))  # fmt: skip


_COURSE = frozenset(("develops", "developed", "developing", "progressed", "progresses", "spread",
                     "worsened", "became", "becomes"))  # fmt: skip


class When(NamedTuple):
    """One length of time in the text, which may be that of the complaint."""

    days: float
    begin: int
    end: int
    plain: bool = True
    """It is said as time that something has lasted (``for three weeks``, ``two days ago``)."""


def find_duration(document: Document, owners: list[Owner], symptoms: set[int],
                  other: set[int], age: float | None) -> When | None:  # fmt: skip
    """Time since the complaint began: the longest length of time that belongs to it.

    ``symptoms`` and ``other`` are tokens of complaints and of everything else that has a time of
    its own (conditions, drugs, exposures): a time said of those alone does not count.
    """
    best: When | None = None
    taken: When | None = None
    for when in _all(document, age):
        if owners[when.begin] != "person" or not when.plain:
            continue
        if _belongs(document, when, symptoms, other):
            best = when if best is None or when.days > best.days else best
        elif when.days <= _EVENT_DAYS and (taken is None or when.days > taken.days):
            taken = when
    return best if best is not None or not symptoms else taken


def _all(document: Document, age: float | None) -> list[When]:
    found: list[When] = []
    i = 0
    while i < len(document):
        when = _months(document, i) or _fixed(document, i) or _since(document, i, age)
        when = when or _counted(document, i)
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


def _months(document: Document, i: int) -> When | None:
    """``well until February … by August``: the months between."""
    words = document.words
    if words[i] not in _FROM or words[i + 1 : i + 2] == [] or words[i + 1] not in _MONTHS:
        return None
    for j in range(i + 2, min(i + 60, len(words) - 1)):
        if words[j] in _TO and words[j + 1] in _MONTHS:
            months = (_MONTHS[words[j + 1]] - _MONTHS[words[i + 1]]) % 12
            return When(months * 30.4, i, i + 2) if months else None
    return None


def _since(document: Document, i: int, age: float | None) -> When | None:
    words = document.words
    for size in range(min(7, len(words) - i), 0, -1):
        start = _LIFE.get(tuple(words[i : i + size]))
        if start is not None:
            return None if age is None else When(max(0.0, age - start) * 365.25, i, i + size)
    if words[i] != "since" or i + 1 >= len(words):
        return None
    if words[i + 1] in _WEEKDAYS:
        return When(4.0, i, i + 2)
    j = i + 2 if words[i + 1] in ("the", "early", "late", "mid", "about", "around") else i + 1
    if j < len(words) and (words[j] in _SEASONS or words[j] in _MONTHS):
        return When(_HALF_YEAR, i, j + 1)
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
    course = lead == "within" and not _COURSE.isdisjoint(words[slice(*document.bounds(i))])
    spent = lead in ("last", "first") and lead_two in ("the", "for", "in", "over")
    if lead in _EPISODE and not spent and not course:
        return None
    if after in _NOT_TIME or (after == "of" and words[span.end + 1 : span.end + 2] in _OF_OTHER):
        return None
    if after == "a" and unit_days(words[span.end + 1] if span.end + 1 < len(words) else "") is not None:
        return None
    if _is_spell(document, span) or _is_rate(document, span):
        return None
    plain = lead in _LEADS or after in _AFTERS or after == "of" or _is_bare(document, span)
    if lead == "up" or (lead_two == "last" and lead == "up"):
        plain = False
    return When(span.days, i, span.end, plain)


def _is_spell(document: Document, span: Length) -> bool:
    """``each spell 20 minutes``, ``a twitch of two seconds``: how long one of them takes."""
    words = document.words
    before = words[max(document.bounds(span.begin)[0], span.begin - 4) : span.begin]
    if any(w in _SPELL for w in before) and (before[-1] == "of" or not {"each", "every"}.isdisjoint(before)):
        return True
    after = words[span.end : span.end + 1]
    return span.days < _SHORTEST and after not in (["ago"], ["now"], ["earlier"]) and (
        not {"past", "last"} & set(words[span.begin : span.begin + 2]) and before[-1:] != ["since"]
    )  # fmt: skip


def _is_rate(document: Document, span: Length) -> bool:
    """``120/min``, ``once in 3 months``."""
    return "/" in document.text[document.starts[span.begin] : document.ends[span.end - 1]]


def _is_bare(document: Document, span: Length) -> bool:
    """Alone between commas or sentence ends (``eyelid twitching, three days``), or ``x-week``."""
    gap = document.after(span.end - 1).strip()
    begins = span.begin == document.bounds(span.begin)[0] or "," in document.gaps[span.begin]
    return (begins and gap == "") or gap[:1] in (",", ".", ";", "-")


def _belongs(document: Document, when: When, symptoms: set[int], other: set[int]) -> bool:
    """Whether the time is that of the complaint, by what is said next to it."""
    first, last = document.bounds(when.begin)
    words = document.words
    if "since" in words[max(first, when.begin - 10) : when.begin]:
        return any(t in symptoms for t in range(first, last)) or "been" in words[first : when.begin]
    between_months = words[when.begin + 1] in _MONTHS if when.end - when.begin == 2 else False
    if not between_months and not _WELL.isdisjoint(words[max(first, when.begin - 5) : when.begin]):
        return False
    begin, stop = _clause(document, when)
    near = range(begin, stop)
    own = [abs(t - when.begin) for t in near if t in symptoms]
    foreign = [abs(t - when.begin) for t in near if t in other]
    if own and foreign:
        return min(own) <= min(foreign)
    if own:
        return True
    if foreign or not _EVENT.isdisjoint(words[begin:stop]):
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
