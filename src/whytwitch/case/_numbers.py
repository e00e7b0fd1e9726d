"""Numbers in digits and words, and lengths of time."""

from __future__ import annotations

import re
from typing import NamedTuple

from whytwitch.case._text import Document

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: dict[str, float] = {word: float(n) for n, word in enumerate(_UNITS)}
_WORDS |= {word: 10.0 * n for n, word in enumerate(_TENS, start=2)}
_VAGUE: dict[tuple[str, ...], float] = {
    ("a", "couple", "of"): 2, ("a", "couple"): 2, ("couple", "of"): 2, ("couple",): 2,
    ("a", "few"): 3, ("few",): 3, ("several",): 4, ("some",): 3, ("many",): 8,
    ("a", "dozen"): 12, ("dozen",): 12, ("half", "a"): 0.5, ("half", "an"): 0.5, ("half",): 0.5,
    ("one", "and", "a", "half"): 1.5, ("one", "or", "two"): 1.5, ("a", "hundred"): 100,
    ("a",): 1, ("an",): 1, ("the", "last"): 1, ("the", "past"): 1,
}  # fmt: skip
_DAYS = {
    "second": 1 / 86400, "sec": 1 / 86400, "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24,
    "hr": 1 / 24, "day": 1.0, "night": 1.0, "evening": 1.0, "week": 7.0, "wk": 7.0,
    "fortnight": 14.0, "month": 30.4, "mo": 30.4, "mth": 30.4, "year": 365.25, "yr": 365.25,
    "decade": 3652.5,
}  # fmt: skip
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_DECIMAL = re.compile(r"^\d+,\d+$")


class Amount(NamedTuple):
    """A number (the middle of a range) and one past its last token."""

    value: float
    end: int


class Length(NamedTuple):
    """A length of time in days, as a token range."""

    days: float
    begin: int
    end: int


def to_float(word: str) -> float | None:
    """The value of a token in digits: ``12,000`` is twelve thousand, ``1,5`` one and a half."""
    if not word[0].isdigit():
        return None
    if _THOUSANDS.match(word):
        word = word.replace(",", "")
    elif _DECIMAL.match(word):
        word = word.replace(",", ".")
    try:
        return float(word)
    except ValueError:
        return None


def number(document: Document, i: int, *, vague: bool = True) -> Amount | None:
    """The number at token ``i``, in digits or words; a range (``3-4``, ``two to three``) counts once."""
    one = _single(document, i, vague=vague)
    if one is None:
        return None
    j = one.end
    words, gaps = document.words, document.gaps
    joined = j < len(words) and gaps[j].strip() in ("-", "–", "—") and gaps[j] != gaps[j].strip("\n")
    dash = j < len(words) and gaps[j] in ("-", "–", "—")
    if j < len(words) and (dash or joined):
        other = _single(document, j, vague=False)
    elif j + 1 < len(words) and words[j] in ("to", "or"):
        other = _single(document, j + 1, vague=False)
    else:
        return one
    if other is None or other.value < one.value:
        return one
    return Amount((one.value + other.value) / 2, other.end)


def _single(document: Document, i: int, *, vague: bool) -> Amount | None:
    words = document.words
    if i >= len(words):
        return None
    if words[i][0].isdigit():
        value = to_float(words[i])
        return None if value is None else Amount(value, i + 1)
    if vague:
        for size in (4, 3, 2, 1):
            value = _VAGUE.get(tuple(words[i : i + size]))
            if value is not None:
                return Amount(value, i + size)
    return _spelled(words, i)


def _spelled(words: list[str], i: int) -> Amount | None:
    value = _WORDS.get(words[i])
    if value is None:
        return None
    i += 1
    if value >= 20 and i < len(words) and 0 < _WORDS.get(words[i], 0) < 10:
        value, i = value + _WORDS[words[i]], i + 1
    if i < len(words) and words[i] in ("hundred", "thousand"):
        value, i = value * (100 if words[i] == "hundred" else 1000), i + 1
    return Amount(value, i)


def unit_days(word: str) -> float | None:
    """Days in one ``word`` (``weeks`` → 7), if it is a unit of time."""
    return _DAYS.get(word) or (_DAYS.get(word[:-1]) if word.endswith("s") else None)


def length(document: Document, i: int) -> Length | None:
    """The length of time at token ``i`` (``fourteen months``, ``a year and a half``)."""
    amount = number(document, i)
    if amount is None:
        return _plural(document, i)
    words, j = document.words, amount.end
    half = 0.0
    if words[j : j + 3] == ["and", "a", "half"]:
        half, j = 0.5, j + 3
    while j < len(words) and words[j] in ("long", "full", "whole", "or", "so", "more", "good", "of"):
        j += 1
    unit = unit_days(words[j]) if j < len(words) else None
    if unit is None:
        return None
    if words[j + 1 : j + 4] == ["and", "a", "half"]:
        half, j = 0.5, j + 3
    return Length((amount.value + half) * unit, i, j + 1)


_PLURAL = {"days": 4.0, "weeks": 21.0, "months": 120.0, "years": 1100.0, "decades": 7300.0,
           "hours": 0.2, "ages": 700.0}  # fmt: skip


def _plural(document: Document, i: int) -> Length | None:
    """``for weeks``: a number of them left open."""
    days = _PLURAL.get(document.words[i]) if i < len(document) else None
    return None if days is None else Length(days, i, i + 1)
