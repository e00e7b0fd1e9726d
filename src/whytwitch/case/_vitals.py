"""Pulse, blood pressure, breathing rate, and grades of power and reflexes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whytwitch.case._measure import impossible, labelled, made
from whytwitch.case._model import Doubt, Status
from whytwitch.case._normal import read_lists
from whytwitch.case._numbers import to_float
from whytwitch.case._statement import Statement
from whytwitch.case._subject import Owner
from whytwitch.case._temperature import read_temperature
from whytwitch.case._text import Document
from whytwitch.case._wakefulness import read_consciousness, read_normal

ADULT = 12.0
"""Below this age the limits for pulse and breathing of adults are not used."""
_POWER_WORDS = frozenset(("power", "strength", "mrc", "grade", "graded", "weak", "weaker", "weakness",
                          "strong", "muscle", "flexion", "extension", "dorsiflexion", "abduction",
                          "quadriceps", "deltoid", "grip", "flexors", "extensors", "legs", "arms",
                          "limbs", "paraparesis", "quadriparesis", "hemiparesis"))  # fmt: skip
_FIVE = re.compile(r"\s*[-+−]?\s*(?:/|out of|of)\s*$")


def read_vitals(document: Document, owners: list[Owner], known: frozenset[str],
                age: float | None) -> tuple[list[Statement], list[Doubt]]:  # fmt: skip
    """Statements from measured signs, and doubts on values that cannot be."""
    doubts: list[Doubt] = []
    found = [
        *read_temperature(document, doubts), *read_consciousness(document),
        *read_normal(document), *read_lists(document), *_pulse(document, age, doubts),
        *_pressure(document, doubts), *_breathing(document, age), *_power(document), *_reflexes(document),
    ]  # fmt: skip
    kept = [s for s in found if s.id in known and owners[s.begin] == "person"]
    return kept, doubts


def _pulse(document: Document, age: float | None, doubts: list[Doubt]) -> Iterator[Statement]:
    words = document.words
    seen = dict(labelled(document, ("pulse", "hr", "heartbeat", "tachycardia", "bradycardia")))
    seen |= {i: v for i, v in labelled(document, ("rate",)) if "heart" in words[max(0, i - 6) : i]}
    for i, word in enumerate(words[:-1]):
        if (words[i + 1] in ("bpm", "beats")) and (value := to_float(word)) is not None:
            seen[i] = value
    for i, value in seen.items():
        if not 15 <= value <= 320:
            doubts.append(impossible(document, i, "pulse", "15 to 320 beats a minute"))
        elif age is None or age >= ADULT:
            detail = f"{value:g} beats a minute"
            yield made("tachycardia", "present" if value > 100 else "absent", i, i + 1, detail)
            yield made("bradycardia", "present" if value < 50 else "absent", i, i + 1, detail)


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
            doubts.append(impossible(document, i, "blood pressure", "40/15 to 320/200 mmHg"))
            continue
        detail = f"{upper:g}/{lower:g} mmHg"
        high: Status = "present" if upper >= 140 or lower >= 90 else "absent"
        yield made("hypertension_measured", high, i, i + 2, detail)
        yield made("hypotension", "present" if upper < 90 else "absent", i, i + 2, detail)


def _breathing(document: Document, age: float | None) -> Iterator[Statement]:
    words = document.words
    seen = dict(labelled(document, ("rr", "respirations", "breaths")))
    seen |= {
        i: v
        for i, v in labelled(document, ("rate",))
        if {"respiratory", "breathing"} & set(words[max(0, i - 6) : i])
    }
    for i, value in seen.items():
        if 4 <= value <= 90 and (age is None or age >= ADULT):
            status: Status = "present" if value > 20 else "absent"
            yield made("breathing_fast", status, i, i + 1, f"{value:g} breaths a minute")


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
                yield made("weakness", "present", i, end, f"power {document.span(i, end).text}")
            else:
                full.append(i)
    if full and not weak:
        yield made("normal_strength", "present", full[0], full[0] + 2, "power 5/5")


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
        yield made("hyperreflexia", "present" if grade >= 3 else "absent", i, i + 1, f"reflexes {grade}+")
        yield made("hyporeflexia", "present" if grade <= 1 else "absent", i, i + 1, f"reflexes {grade}+")
