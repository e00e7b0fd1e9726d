"""Does a story sound dangerous, whether or not it was understood?

Patterns read what they know. A danger in words that they do not know fires no rule, and would be called calm.
So a second reader, that understands nothing, looks at the bare words: a linear model over words and pairs of
neighbors, whose weights were learned from texts written for the purpose (``scripts/alarm``). It never decides
between causes and never makes anything less urgent; it only withholds a calm answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from whytwitch.knowledge import load_alarm_words

CLEAR_ALARM: Final = 0.8
SOME_ALARM: Final = 0.6
"""Probabilities from which a text is taken to sound dangerous, clearly or somewhat: so chosen that few calm
texts of files that were left out of the learning reach them (``scripts/alarm`` measures it)."""

_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[.,;:!?]")
_NOT: Final = frozenset(("no", "not", "never", "without", "nor", "none", "denies", "dont", "doesnt", "didnt",
                         "isnt", "arent", "wasnt", "havent", "hasnt", "hadnt"))  # fmt: skip
"""Their objects are marked, up to the next stop. ``Cannot`` and ``won't`` are none: they tell of trouble."""
_REACH: Final = 5
"""How many words a negation reaches."""
_SUFFIXES: Final = ("ing", "ed", "es", "s", "ly")
_TELLING: Final = 5
"""Letters from which a word is worth naming: "and" weighs, but says nothing to a reader."""
_SHORTEST: Final = 4
"""Letters that must remain when an ending is cut."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the bare words of a text sound like.

    Attributes:
        probability: that somebody should look at it soon, if half of all texts were such.
        words: those that speak for it most, as they were written.
    """

    probability: float
    words: tuple[str, ...]


def alarm(text: str) -> Alarm:
    """How dangerous the words of a text sound.

    Args:
        text: as it was written; without a word of it being known the probability is that of any text.
    """
    weights = load_alarm_words()
    seen = {feature: written for feature, written in features(text) if feature in weights}
    odds = log_odds(weights, seen)
    telling = (
        feature for feature in sorted(seen, key=lambda feature: -weights[feature]) if weights[feature] > 0
    )
    words = dict.fromkeys(
        seen[feature] for feature in telling if len(seen[feature]) >= _TELLING and " " not in seen[feature]
    )
    return Alarm(1.0 / (1.0 + math.exp(-odds)), tuple(words)[:4])


def log_odds(weights: Mapping[str, float], seen: Collection[str]) -> float:
    """Of danger, from the features of a text that have a weight; longer texts do not weigh more."""
    return weights[""] + sum(weights[feature] for feature in seen) / math.sqrt(max(len(seen), 1))


def features(text: str) -> Iterator[tuple[str, str]]:
    """Words and pairs of neighbors, each as the model knows it and as it was written."""
    plain = text.lower().replace("’", "'").replace("'", "")
    before, before_written, left = "", "", 0
    for written in _WORD.findall(plain):
        if not written[0].isalnum():
            before, left = "", 0
            continue
        word = _number(written) if written[0].isdigit() else _stem(written)
        marked = f"not {word}" if left > 0 else word
        yield marked, written
        if len(word) > 5:
            yield f"{marked[: -len(word)]}{word[:5]}*", written
        if before:
            yield f"{before} {marked}", f"{before_written} {written}"
        left = _REACH if written in _NOT else left - 1
        before, before_written = marked, written


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            return word[: -len(suffix)]
    return word


def _number(written: str) -> str:
    """Numbers by size: what they count differs too much to know each."""
    value = float(written)
    size = next((limit for limit in (1, 3, 10, 40, 100, 200, 1000) if value <= limit), 9999)
    return f"#{size}"


__all__ = ["CLEAR_ALARM", "SOME_ALARM", "Alarm", "alarm", "features", "log_odds"]
