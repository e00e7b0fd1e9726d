"""Temperature, pulse, blood pressure, breathing rate, and grades of power and reflexes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from whytwitch.case._model import Doubt, Status
from whytwitch.case._numbers import to_float
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner
from whytwitch.case._text import Document

ADULT = 12.0
"""Below this age the limits for pulse and breathing of adults are not used."""
_POWER_WORDS = frozenset(("power", "strength", "mrc", "grade", "graded", "weak", "weaker", "weakness",
                          "strong", "muscle", "flexion", "extension", "dorsiflexion", "abduction",
                          "quadriceps", "deltoid", "grip", "flexors", "extensors", "legs", "arms",
                          "limbs", "paraparesis", "quadriparesis", "hemiparesis"))  # fmt: skip
_FIVE = re.compile(r"\s*[-+−]?\s*(?:/|out of|of)\s*$")
_LINK = frozenset(("of", "is", "was", "at", "to", "about", "around", "rate", "up", "the", "a",
                   "approximately", "measured", "beats", "resting", "pressure", "over", "has", "were",
                   "heart", "were", "her", "his", "my", "reached", "with", "near", "as", "high"))  # fmt: skip


def read_vitals(document: Document, owners: list[Owner], known: frozenset[str],
                age: float | None) -> tuple[list[Statement], list[Doubt]]:  # fmt: skip
    """Statements from measured signs, and doubts on values that cannot be."""
    doubts: list[Doubt] = []
    found = [
        *_temperature(document, doubts), *_pulse(document, age, doubts), *_pressure(document, doubts),
        *_breathing(document, age), *_power(document), *_reflexes(document),
    ]  # fmt: skip
    kept = [s for s in found if s.id in known and owners[s.begin] == "person"]
    return kept, doubts


def _labelled(document: Document, labels: Iterable[str], reach: int = 5) -> Iterator[tuple[int, float]]:
    """Numbers that follow one of ``labels``, with linking words only between them."""
    wanted = frozenset(labels)
    words = document.words
    for i, word in enumerate(words):
        if word not in wanted:
            continue
        for j in range(i + 1, min(i + 1 + reach, document.bounds(i)[1])):
            value = to_float(words[j])
            if value is not None:
                yield j, value
                break
            if words[j] not in _LINK:
                break


def _made(item: str, status: Status, at: int, end: int, detail: str) -> Statement:
    return Statement(item, status, at, end, detail, firm="number")


def _temperature(document: Document, doubts: list[Doubt]) -> Iterator[Statement]:
    words = document.words
    seen: dict[int, float] = dict(_labelled(document, ("temperature", "temp", "fever", "pyrexia", "febrile")))
    for i, word in enumerate(words):
        value = to_float(word)
        if value is None or "°" not in document.after(i):
            unit = words[i + 1] if i + 1 < len(words) else ""
            if value is None or unit not in ("celsius", "fahrenheit", "degrees"):
                continue
        seen[i] = value
    for i, value in seen.items():
        follows = words[i + 1] if i + 1 < len(words) else ""
        if follows in ("day", "days", "weeks", "week", "hours", "months", "years", "h"):
            continue
        celsius = (value - 32) * 5 / 9 if value >= 80 else value
        if not 25 <= celsius <= 45:
            if follows in ("c", "f", "celsius", "fahrenheit") and words[i - 1] in ("temperature", "temp"):
                doubts.append(_impossible(document, i, "temperature", "25 to 45 °C (77 to 113 °F)"))
            continue
        detail = f"{celsius:.1f} °C"
        if celsius >= 40:
            yield _made("hyperthermia", "present", i, i + 1, detail)
        yield _made("fever", "present" if celsius >= 38 else "absent", i, i + 1, detail)


def _impossible(document: Document, i: int, what: str, valid: str) -> Doubt:
    span = document.span(max(0, i - 1), i + 1)
    question = f"A {what} of {document.words[i]} cannot be; possible is {valid}. What was it?"
    return Doubt(text=span.text, question=question, span=span)


def _pulse(document: Document, age: float | None, doubts: list[Doubt]) -> Iterator[Statement]:
    words = document.words
    seen = dict(_labelled(document, ("pulse", "hr", "heartbeat", "tachycardia", "bradycardia")))
    seen |= {i: v for i, v in _labelled(document, ("rate",)) if "heart" in words[max(0, i - 6) : i]}
    for i, word in enumerate(words[:-1]):
        if (words[i + 1] in ("bpm", "beats")) and (value := to_float(word)) is not None:
            seen[i] = value
    for i, value in seen.items():
        if not 15 <= value <= 320:
            doubts.append(_impossible(document, i, "pulse", "15 to 320 beats a minute"))
        elif age is None or age >= ADULT:
            detail = f"{value:g} beats a minute"
            yield _made("tachycardia", "present" if value > 100 else "absent", i, i + 1, detail)
            yield _made("bradycardia", "present" if value < 50 else "absent", i, i + 1, detail)


def _pressure(document: Document, doubts: list[Doubt]) -> Iterator[Statement]:
    words = document.words
    for i in range(len(words) - 1):
        upper, lower = to_float(words[i]), to_float(words[i + 1])
        over = document.gaps[i + 1].strip()
        if upper is None or lower is None or over != "/":
            continue
        near = words[max(0, i - 6) : i] + words[i + 2 : i + 4]
        named = any(
            w in ("bp", "pressure", "mmhg", "hypertensive", "hypertension", "hypotensive") for w in near
        )
        if not named:
            continue
        if not (40 <= upper <= 320 and 15 <= lower < upper):
            doubts.append(_impossible(document, i, "blood pressure", "40/15 to 320/200 mmHg"))
            continue
        detail = f"{upper:g}/{lower:g} mmHg"
        high: Status = "present" if upper >= 140 or lower >= 90 else "absent"
        yield _made("hypertension_measured", high, i, i + 2, detail)
        yield _made("hypotension", "present" if upper < 90 else "absent", i, i + 2, detail)


def _breathing(document: Document, age: float | None) -> Iterator[Statement]:
    words = document.words
    seen = dict(_labelled(document, ("rr", "respirations", "breaths")))
    seen |= {
        i: v
        for i, v in _labelled(document, ("rate",))
        if {"respiratory", "breathing"} & set(words[max(0, i - 6) : i])
    }
    for i, value in seen.items():
        if 4 <= value <= 90 and (age is None or age >= ADULT):
            status: Status = "present" if value > 20 else "absent"
            yield _made("breathing_fast", status, i, i + 1, f"{value:g} breaths a minute")


def _power(document: Document) -> Iterator[Statement]:
    """``4/5 in the legs`` is weakness there; nothing below ``5/5`` anywhere is full strength."""
    full: list[int] = []
    weak = False
    for begin, stop in document.sentences:
        words = document.words[begin:stop]
        if not any(w in _POWER_WORDS for w in words):
            continue
        for i, grade, end in _grades(document, begin, stop):
            if grade < 5:
                weak = True
                yield _made("weakness", "present", i, end, f"power {document.span(i, end).text}")
            else:
                full.append(i)
    if full and not weak:
        yield _made("normal_strength", "present", full[0], full[0] + 2, "power 5/5")


def _grades(document: Document, begin: int, stop: int) -> Iterator[tuple[int, float, int]]:
    """Grades of power as (token, grade, end): ``4/5``, ``4+/5``, ``MRC grade 3``."""
    words = document.words
    for i in range(begin, stop):
        word = words[i]
        if not word[0].isdigit() or (value := to_float(word)) is None or not 0 <= value <= 5:
            continue
        if i + 1 < stop and words[i + 1] == "5" and _FIVE.match(document.gaps[i + 1]):
            minus = "-" in document.gaps[i + 1] or "−" in document.gaps[i + 1]
            yield i, 4.9 if value == 5 and minus else value, i + 2
        elif i > begin and words[i - 1] in ("grade", "mrc", "power") and "mrc" in words[begin:stop]:
            yield i, value, i + 1


def _reflexes(document: Document) -> Iterator[Statement]:
    """``reflexes 2+`` are normal, ``3+`` brisk, ``1+`` or ``0`` weak."""
    words = document.words
    for i, word in enumerate(words):
        if len(word) != 1 or not word.isdigit() or not document.after(i).startswith("+"):
            continue
        begin, stop = document.bounds(i)
        if not any(
            w.startswith("reflex") or w in ("jerk", "jerks", "dtr", "dtrs") for w in words[begin:stop]
        ):
            continue
        grade = int(word)
        if grade > 4:
            continue
        yield _made("hyperreflexia", "present" if grade >= 3 else "absent", i, i + 1, f"reflexes {grade}+")
        yield _made("hyporeflexia", "present" if grade <= 1 else "absent", i, i + 1, f"reflexes {grade}+")
