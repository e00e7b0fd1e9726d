"""The words of a what-if: plain, calm, and the numbers in them right."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from whytwitch.reasoning import Curve
from whytwitch.report import _what_if_phrases as say
from whytwitch.report._what_if import amount, plain, reach, times
from whytwitch.report._what_if_html import plot
from whytwitch.report._what_if_terminal import spark

JARGON = re.compile(
    r"probabilit|posterior|likelihood|\bodds\b|confidence|interval|percent|%|bayes|shapley|log10|emulator|"
    r"mechanism|extracellular|hyperpol|depol|conductance",
    re.IGNORECASE,
)
ADVICE = re.compile(r"\byou should (stop|take)|\bstop taking\b|\b(we|I) (advise|recommend)", re.IGNORECASE)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
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
    assert not ADVICE.search(text)
    assert "!" not in text
    for sentence in re.split(r"(?<=[.:?])\s", text):
        assert len(sentence.split()) <= 24, sentence


def test_reading_level() -> None:
    """Flesch-Kincaid grade over all full sentences."""
    sentences = [s for t in PHRASES for s in re.split(r"(?<=[.:?])\s", t) if len(s.split()) > 3]
    words = [re.sub(r"[^a-z]", "", w.lower()) for s in sentences for w in s.split()]
    words = [w for w in words if w]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w)))) for w in words)
    assert 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 <= 8.0


def test_safety_is_exact() -> None:
    assert say.SAFETY.startswith(
        "This is a calculation, not advice. Talk to the person who prescribed a drug"
    )


@pytest.mark.parametrize(
    ("log10", "told"),
    [
        (0.0414, "about 1.1 times"),
        (0.8261, "about 6.7 times"),
        (1.301, "about 20 times"),
        (2.5, "about 320 times"),
        (4.0, "more than 1,000 times"),
        (-0.7299, "about 5.4 times less often"),
        (-5.0, "more than 1,000 times less often"),
    ],
)
def test_ratios_in_words(log10: float, told: str) -> None:
    assert times(log10) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.477, 1.301, "3 to 20 times"),
        (-1.0, -0.301, "2 to 10 times less"),
        (-0.301, 0.477, "from 2 times less to 3 times more"),
    ],
)
def test_ranges_in_words(low: float, high: float, told: str) -> None:
    assert reach(low, high) == told


@pytest.mark.parametrize(
    ("value", "told"), [(403.2, "400"), (0.0213, "0.021"), (20.0, "20"), (1234.0, "1,200")]
)
def test_rates_are_never_powers_of_ten(value: float, told: str) -> None:
    assert plain(value) == told


def test_no_amount_is_more_exact_than_two_digits() -> None:
    for k in range(-400, 400):
        digits = re.sub(r"[.,]", "", amount(k / 100).split()[-1]).strip("0")
        assert len(digits) <= 2


CURVE = Curve(
    factor="potassium", unit="mmol/L", at=(2.0, 3.0, 4.0, 5.0, 6.0), log10=(-1.0, -0.5, 0.0, 0.5, None),
    low_log10=(-1.2, -0.6, 0.0, 0.4, None), high_log10=(-0.8, -0.4, 0.0, 0.6, None), person=3.0, after=4.0,
    normal=4.2,
)  # fmt: skip


def test_a_curve_in_a_line_of_text() -> None:
    assert spark(CURVE) == ("▁▃▆█·", " ^>  ")
    assert spark(CURVE, ascii_only=True)[0].isascii()


def test_a_drawn_curve_ends_where_no_rate_is_defined() -> None:
    drawn = plot(CURVE)
    xs = [float(x) for x, _ in re.findall(r"([\d.]+) ([\d.]+)", drawn.line)]
    assert max(xs) == pytest.approx(750.0)
    own = next(mark for mark in drawn.marks if mark.side == "person")
    assert own.x == pytest.approx(250.0)
    assert own.y is not None
    assert drawn.band.count("z") == 1


def test_a_curve_without_any_rate_is_still_drawn() -> None:
    gone: tuple[float | None, ...] = (None,) * 5
    nothing = CURVE.model_copy(update={"log10": gone, "low_log10": gone, "high_log10": gone})
    assert plot(nothing).line == ""
    assert spark(nothing)[0] == "·····"
