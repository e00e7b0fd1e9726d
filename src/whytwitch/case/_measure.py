"""What readers of measured signs share: numbers with a label, and how to say what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whytwitch.case._model import Doubt, Status
from whytwitch.case._numbers import to_float
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

LINK = frozenset(("of", "is", "was", "at", "to", "about", "around", "rate", "up", "the", "a",
                   "approximately", "measured", "beats", "resting", "pressure", "over", "has", "were",
                   "heart", "were", "her", "his", "my", "reached", "with", "near", "as", "high"))  # fmt: skip


def labelled(document: Document, labels: Iterable[str], reach: int = 5) -> Iterator[tuple[int, float]]:
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
            if words[j] not in LINK:
                break


def made(item: str, status: Status, at: int, end: int, detail: str) -> Statement:
    return Statement(item, status, at, end, detail, firm="number")


def impossible(document: Document, i: int, what: str, valid: str) -> Doubt:
    span = document.span(max(0, i - 1), i + 1)
    question = f"A {what} of {document.words[i]} cannot be; possible is {valid}. What was it?"
    return Doubt(text=span.text, question=question, span=span)
