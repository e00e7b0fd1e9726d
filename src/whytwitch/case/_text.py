"""Cut a text into folded tokens and sentences that remember where they stood in the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from whytwitch.case._fold import fold
from whytwitch.case._model import Span

MAX_SENTENCE = 150
"""Longer runs of words without a stop are cut, so that no text takes long to read."""

_TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th)\b"
    r"|\d+(?:[.,]\d+)*"
    r"|[^\W\d_](?:[^\W_]|[\u0300-\u036f]|['’ʼ`](?=[^\W\d_]))*"
)
_ION = re.compile(r"(ca|mg|fe|zn|cu)2$")
_STOP = re.compile(r"[.…][)\]\"'”’*]*(?:\s|$)")
_BULLET = re.compile(r"\n\s*(?:[-*•·–]|\d+[.)])")
_ABBREVIATED = frozenset(("dr", "mr", "mrs", "vs", "approx", "cf", "fig", "incl", "resp", "prof"))
_POSSESSIVE = re.compile(r"['’ʼ`]s$", re.IGNORECASE)


@dataclass(slots=True)
class Document:
    """A text as parallel lists of tokens, plus its sentences as half-open token ranges."""

    text: str
    words: list[str] = field(default_factory=list[str])
    stems: list[str] = field(default_factory=list[str])
    """The word without a possessive ``'s`` (``chvostek's`` → ``chvostek``)."""
    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    gaps: list[str] = field(default_factory=list[str])
    """What stands between the previous token and this one (spaces and punctuation)."""
    sentences: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    tail: str = ""
    mended: dict[int, str] = field(default_factory=dict[int, str])
    """Token -> the word that a misspelled one was taken for."""
    _firsts: list[int] = field(default_factory=list[int])

    def __len__(self) -> int:
        return len(self.words)

    def sentence(self, i: int) -> int:
        """Index of the sentence that token ``i`` belongs to."""
        return bisect_right(self._firsts, i) - 1

    def bounds(self, i: int) -> tuple[int, int]:
        """Token range of the sentence that token ``i`` belongs to."""
        return self.sentences[self.sentence(i)]

    def span(self, first: int, last: int) -> Span:
        """The original text from token ``first`` up to and excluding token ``last``."""
        start, end = self.starts[first], self.ends[last - 1]
        return Span(start=start, end=end, text=self.text[start:end])

    def after(self, i: int) -> str:
        """What follows token ``i`` up to the next token."""
        return self.gaps[i + 1] if i + 1 < len(self.gaps) else self.tail

    def asks(self, sentence: int) -> bool:
        """Whether the sentence ends in a question mark."""
        return "?" in self.after(self.sentences[sentence][1] - 1)


def tokenize(text: str) -> Document:
    """Cut ``text`` into a :class:`Document`."""
    document = Document(text)
    end = 0
    for found in _TOKEN.finditer(text):
        raw = found[0]
        word = fold(raw)
        if not word:
            continue
        if text[found.end() : found.end() + 1] in ("+", "²"):
            word = _ION.sub(r"\1", word)
        document.words.append(word)
        document.stems.append(fold(raw[:-2]) if _POSSESSIVE.search(raw) else word)
        document.starts.append(found.start())
        document.ends.append(found.end())
        document.gaps.append(text[end : found.start()])
        end = found.end()
    document.tail = text[end:]
    _split(document)
    return document


def _split(document: Document) -> None:
    first = 0
    for i in range(1, len(document)):
        if i - first >= MAX_SENTENCE or _is_end(document, i):
            document.sentences.append((first, i))
            first = i
    if document.words:
        document.sentences.append((first, len(document)))
    document._firsts = [a for a, _ in document.sentences]  # pyright: ignore[reportPrivateUsage]


def _is_end(document: Document, i: int) -> bool:
    """Whether a sentence ends between tokens ``i - 1`` and ``i``."""
    gap = document.gaps[i]
    if gap == " ":
        return False
    if any(c in gap for c in "!?;") and "(?)" not in gap:
        return True
    follows = document.text[document.starts[i]]
    if "\n" in gap:
        return gap.count("\n") > 1 or bool(_BULLET.search(gap)) or follows.isupper() or "." in gap
    if gap == "." or gap.startswith(".."):
        return follows.isupper() and len(document.words[i - 1]) > 1
    return bool(_STOP.search(gap)) and not _is_abbreviation(document, i - 1, follows)


def _is_abbreviation(document: Document, i: int, follows: str) -> bool:
    word = document.words[i]
    if word in _ABBREVIATED:
        return True
    if word == "etc":
        return follows.islower()
    dotted = len(word) == 1 and i > 0 and document.gaps[i] == "."
    return dotted and not (word == "m" and follows.isupper())
