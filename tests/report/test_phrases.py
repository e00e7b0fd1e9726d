"""The house rules of wording, held to by machine as far as a machine can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple

import pytest

from whytwitch.report import _phrases as say
from whytwitch.report._phrases import LevelText

JARGON = re.compile(
    r"probabilit|posterior|likelihood|\bodds\b|\bprior\b|confidence|interval|percent|%|bayes|"
    r"differential|etiolog|prognos|idiopathic|benign\b",
    re.IGNORECASE,
)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, LevelText):
        yield from astuple(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)


PHRASES = [text for name, value in vars(say).items() if name.isupper() for text in texts(value) if text]


def test_there_are_phrases_to_test() -> None:
    assert len(PHRASES) > 100


@pytest.mark.parametrize("text", PHRASES)
def test_wording(text: str) -> None:
    assert not re.search(r"\byou(’|')?ve? have\b|\byou have\b|\byou suffer", text, re.IGNORECASE)
    assert not JARGON.search(text)
    assert "!" not in text
    for sentence in re.split(r"(?<=[.:?])\s", text):
        assert len(sentence.split()) <= 24, sentence


def test_reading_level() -> None:
    """Flesch-Kincaid grade over all full sentences."""
    sentences = [s for t in PHRASES for s in re.split(r"(?<=[.:?])\s", t) if len(s.split()) > 3]
    words = [re.sub(r"[^a-z]", "", w.lower()) for s in sentences for w in s.split()]
    words = [w for w in words if w]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w)))) for w in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade <= 8.0


def test_the_disclaimer_is_exact() -> None:
    assert say.DISCLAIMER == "This tool informs; it does not diagnose."


def test_every_level_says_what_to_do() -> None:
    for text in say.LEVELS.values():
        assert all(astuple(text))
        assert text.step.endswith(".")
