"""Consciousness by score or in words, and vital signs that are called normal."""

from __future__ import annotations

from collections.abc import Iterator

from whytwitch.case._measure import made
from whytwitch.case._numbers import to_float
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

FULL, CLOUDED = 15, 13
"""Glasgow Coma Scale: fully awake, and surely not."""

_SCORE = frozenset(("coma", "scale", "score", "of", "was", "is", "gcs", "a", "the", "with", "at"))
_AWAKE: tuple[tuple[str, ...], ...] = (
    ("fully", "conscious"), ("fully", "alert"), ("fully", "awake"), ("awake", "and", "alert"),
    ("alert", "and", "awake"), ("alert", "and", "oriented"), ("alert", "and", "orientated"),
    ("conscious", "and", "alert"), ("conscious", "and", "oriented"), ("clear", "consciousness"),
    ("consciousness", "was", "clear"), ("consciousness", "is", "clear"), ("consciousness", "was", "normal"),
    ("lucid",),
)  # fmt: skip
_SIGNS: dict[str, tuple[str, ...]] = {
    "temperature": ("fever",), "pulse": ("tachycardia", "bradycardia"),
    "heart": ("tachycardia", "bradycardia"), "pressure": ("hypertension_measured", "hypotension"),
    "bp": ("hypertension_measured", "hypotension"), "respiratory": ("breathing_fast",),
    "vital": ("fever", "tachycardia", "bradycardia", "hypertension_measured", "hypotension",
              "breathing_fast"),
}  # fmt: skip
_SIGNS["vitals"] = _SIGNS["observations"] = _SIGNS["vital"]
_LINKS = frozenset(("rate", "blood", "and", "signs", "were", "are", "was", "is", "the", "all", "within",
                    "mood", "oxygen", "saturation", "both", "other", "remained", "initially", "weight",
                    "respiration", "body", "her", "his", "my", "readings", *_SIGNS))  # fmt: skip


def read_consciousness(document: Document) -> Iterator[Statement]:
    """``GCS 15``, ``Glasgow Coma Scale score of 9``, ``fully conscious``."""
    words = document.words
    for i, word in enumerate(words):
        if word in ("gcs", "glasgow"):
            yield from _score(document, i)
        for phrase in _AWAKE:
            end = i + len(phrase)
            if word == phrase[0] and tuple(words[i:end]) == phrase and not _is_denied(document, i):
                yield Statement("reduced_consciousness", "absent", i, end, limited=True)


def _is_denied(document: Document, i: int) -> bool:
    before = document.words[max(document.bounds(i)[0], i - 3) : i]
    return any(w in ("not", "never", "longer", "until", "previously", "isnt", "wasnt") for w in before)


def _score(document: Document, i: int) -> Iterator[Statement]:
    words = document.words
    for j in range(i + 1, min(i + 7, document.bounds(i)[1])):
        value = to_float(words[j])
        if value is not None:
            if value == FULL:
                yield made("reduced_consciousness", "absent", i, j + 1, f"GCS {value:g}")
            elif 3 <= value <= CLOUDED:
                yield made("reduced_consciousness", "present", i, j + 1, f"GCS {value:g}")
            return
        if words[j] not in _SCORE:
            return


def read_normal(document: Document) -> Iterator[Statement]:
    """``Temperature, heart rate and blood pressure are normal``."""
    words = document.words
    for i, word in enumerate(words):
        if word not in _SIGNS:
            continue
        stop = document.bounds(i)[1]
        j = i + 1
        while j < min(stop, i + 12) and words[j] in _LINKS:
            j += 1
        if j < stop and words[j] in ("normal", "unremarkable", "stable"):
            ended = words[j] != "stable" or word in ("vital", "vitals", "observations")
            if ended and words[j - 1] != "and":
                for item in _SIGNS[word]:
                    yield Statement(item, "absent", i, j + 1, limited=True)
