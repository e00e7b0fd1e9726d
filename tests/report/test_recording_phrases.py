"""The wording of a recording's report, held to the rules of the house, and its colors to contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from whytwitch.report import _recording_phrases as say
from whytwitch.report import _recording_terms as terms
from whytwitch.report._recording_words import Words

JARGON = re.compile(
    r"probabilit|likelihood|\bodds\b|confidence|\binterval|percent|%|poisson|fasciculation|denervation|"
    r"prognos|idiopathic|benign\b|\bepoch",
    re.IGNORECASE,
)
STYLE = (Path(say.__file__).parent / "templates/style.css").read_text("utf-8")


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)


PHRASES = [text for name, value in vars(say).items() if name.isupper() for text in texts(value) if text]


@pytest.mark.parametrize("text", PHRASES)
def test_wording(text: str) -> None:
    assert not re.search(r"\byou(’|')?ve? have\b|\byou have\b|\byou suffer", text, re.IGNORECASE)
    assert not JARGON.search(text)
    assert "!" not in text
    for sentence in re.split(r"(?<=[.:?])\s", text):
        assert len(sentence.split()) <= 24, sentence


def grade(found: list[str]) -> float:
    """Flesch-Kincaid grade over all full sentences."""
    sentences = [s for t in found for s in re.split(r"(?<=[.:?])\s", t) if len(s.split()) > 3]
    words = [re.sub(r"[^a-z]", "", w.lower()) for s in sentences for w in s.split()]
    words = [w for w in words if w]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w)))) for w in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_reading_level() -> None:
    assert grade(PHRASES) <= 7.0
    assert grade([t for t in PHRASES if t.startswith(("It ", "Some ", "More "))]) <= 8.0


def test_terms_stand_for_plain_phrases_or_are_for_experts_only() -> None:
    own = {"VERDICT", "LEG", "ISOLATED", "ACTIVE", "PAIRS", "COMPLEX", "SYNCHRONY", "TRAINS", "FIBERS"}
    names = {name for name in vars(terms) if name.isupper()}
    assert names - own <= {name for name in vars(say) if name.isupper()}
    for name in names - own:
        plain, precise = getattr(say, name), getattr(terms, name)
        if isinstance(plain, str):
            assert set(re.findall(r"{(\w+)}", precise)) <= set(re.findall(r"{(\w+)}", plain)), name


def test_experts_read_terms_and_others_do_not() -> None:
    assert Words(expert=True).GAPS == terms.GAPS
    assert Words(expert=False).GAPS == say.GAPS
    assert Words(expert=True).LIMITS == say.LIMITS


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_charts_can_be_seen(dark: bool) -> None:
    """Text 4.5 to 1 and marks 3 to 1, on every ground they lie on."""
    part = STYLE[STYLE.index("prefers-color-scheme: dark") :] if dark else STYLE
    colors = dict(reversed(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part[: part.index("* {")])))
    for ground in ("paper", "card", "track"):
        assert contrast(colors["muted"], colors[ground]) >= 4.5
        for mark in ("accent", "against", "third", "ink"):
            assert contrast(colors[mark], colors[ground]) >= 3
