"""The lexicon's pattern language: parse a pattern on first use, match it at one token.

Elements are kept as small tuples and walked by one recursive function; nothing is compiled to a
regular expression, so three thousand patterns cost next to nothing until a text needs them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from whytwitch.case._fold import fold
from whytwitch.case._text import Document

NEAR = 10
"""How many tokens may stand between the two halves of ``p & q``."""

_ELEMENT = re.compile(r"\([^)]*\)|\[[^\]]*\]|~\d*|&|[^\s()\[\]]+")
_DIVIDER = re.compile(r"[-/,.:]")


class Word(NamedTuple):
    """One token: any of some exact words, or of some prefixes."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]


Phrase = tuple[Word, ...]


class Choice(NamedTuple):
    """One of several phrases; ``optional`` if none will do as well."""

    by_word: dict[str, list[Phrase]]
    """Phrases by their first word."""
    others: tuple[Phrase, ...]
    """Phrases that start with a prefix."""
    optional: bool


class Gap(NamedTuple):
    """Up to ``most`` tokens of any kind."""

    most: int


class Site(NamedTuple):
    """A mention of a body site or one of its parts."""

    site: str


Node = Word | Choice | Gap | Site
Mentions = Mapping[int, list[tuple[int, frozenset[str]]]]
"""Token -> mentions of body sites that start there: (end, the site and all it is part of)."""

ANYWHERE = "site"
"""``@site``: any body site at all."""


@dataclass(slots=True, eq=False)
class Pattern:
    """One pattern of the lexicon and what it stands for."""

    raw: str
    role: str
    id: str
    _halves: tuple[tuple[Node, ...], ...] | None = field(default=None, repr=False)
    _needs: tuple[frozenset[str], ...] = ()
    """Sets of words of each of which the text must hold one."""

    def can_match(self, known: set[str]) -> bool:
        """Whether a text with these words, and :func:`beginnings` of words, can match at all."""
        if self._halves is None:
            self._halves = parse(self.raw)
            self._needs = tuple(need for element in split(self.raw) if (need := _needed_of(element)))
        return not any(known.isdisjoint(need) for need in self._needs)

    def match(self, document: Document, i: int, stop: int, mentions: Mentions) -> list[int] | None:
        """Tokens that the pattern names, if it matches from token ``i`` on; gaps are left out."""
        halves = self._halves or parse(self.raw)
        hits: list[int] = []
        end = _walk(document, mentions, halves[0], 0, i, stop, hits)
        if end < 0:
            return None
        if len(halves) == 1:
            return hits
        other = _near(document, mentions, halves[1], i, end, stop)
        return hits + other if other else None


@lru_cache(maxsize=8192)
def _needed_of(element: str) -> frozenset[str]:
    if element == "&":
        return frozenset()
    node = _node(element)
    if isinstance(node, Word):
        return node.exact | {f"{prefix}*" for prefix in node.prefixes}
    if isinstance(node, Choice) and not node.optional:
        leads = {f"{prefix}*" for phrase in node.others for prefix in phrase[0].prefixes}
        return frozenset(node.by_word) | leads
    return frozenset()


def beginnings(words: set[str]) -> set[str]:
    """Every beginning of every word, as a prefix is written (``tw*``)."""
    return {f"{word[:end]}*" for word in words for end in range(1, len(word) + 1)}


def split(raw: str) -> list[str]:
    """Cut a pattern into its elements."""
    text = raw.lower()
    if any(c in text for c in "-/,.:'’"):
        text = _DIVIDER.sub(" ", text.replace("'", "").replace("’", ""))
    return text.split() if not any(c in text for c in "([~&") else _ELEMENT.findall(text)


def parse(raw: str) -> tuple[tuple[Node, ...], ...]:
    """Parse a pattern into one half, or two where it holds ``&``.

    Raises:
        ValueError: the pattern is empty or names nothing.
    """
    halves: list[list[str]] = [[]]
    for element in split(raw):
        if element == "&":
            halves.append([])
        else:
            halves[-1].append(element)
    parsed = tuple(_trim([_node(element) for element in half]) for half in halves)
    if not all(parsed) or len(parsed) > 2:
        raise ValueError(f"pattern {raw!r} is empty on one side, or has more than one '&'")
    return parsed


def first(raw: str) -> list[str]:
    """Words, prefixes (``word*``) and macros (``@site``) a match of the pattern can start with."""
    text = raw.lower().lstrip()
    while text[:1] in ("[", "~"):
        cut = text.find("]") if text[0] == "[" else text.find(" ")
        text = text[cut + 1 :].lstrip() if cut >= 0 else ""
    if text[:1] == "(":
        return list(_leads(text[1 : text.find(")")]))
    return _lead(text)


@lru_cache(maxsize=4096)
def _leads(group: str) -> tuple[str, ...]:
    """The first words of a group of alternatives; groups are shared by many patterns."""
    return tuple(dict.fromkeys(word for phrase in group.split("|") for word in _lead(phrase)))


def _lead(phrase: str) -> list[str]:
    """The first word of a phrase, as a list of one or none."""
    words = phrase.split(None, 1)
    if not words:
        return []
    word = words[0]
    return [word] if word.isalnum() or word[0] == "@" else split(word)[:1]


@lru_cache(maxsize=8192)
def _node(element: str) -> Node:
    if element[0] == "~":
        return Gap(int(element[1:] or 3))
    if element[0] == "@":
        return Site(element[1:])
    if element[0] not in "([":
        return _word(element)
    phrases = tuple(
        tuple(_word(word) for word in phrase.split()) for phrase in element[1:-1].split("|") if phrase.strip()
    )
    if element[0] == "(" and all(len(phrase) == 1 for phrase in phrases):
        words = [phrase[0] for phrase in phrases]
        exact = frozenset[str]().union(*(word.exact for word in words))
        return Word(exact, tuple(prefix for word in words for prefix in word.prefixes))
    by_word: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for word in phrase[0].exact:
            by_word.setdefault(word, []).append(phrase)
    others = tuple(phrase for phrase in phrases if phrase[0].prefixes)
    return Choice(by_word, others, optional=element[0] == "[")


@lru_cache(maxsize=16384)
def _word(word: str) -> Word:
    if word.endswith("*"):
        return Word(frozenset(), (fold(word[:-1]),))
    return Word(frozenset((fold(word),)), ())


def _trim(nodes: list[Node]) -> tuple[Node, ...]:
    """Drop gaps and optional elements at either end: they decide nothing."""
    first, last = 0, len(nodes)
    while first < last and _is_idle(nodes[first]):
        first += 1
    while last > first and _is_idle(nodes[last - 1]):
        last -= 1
    return tuple(nodes[first:last])


def _is_idle(node: Node) -> bool:
    return isinstance(node, Gap) or (isinstance(node, Choice) and node.optional)


def _fits(document: Document, node: Word, i: int) -> bool:
    word = document.words[i]
    if word in node.exact or document.stems[i] in node.exact:
        return True
    return bool(node.prefixes) and word.startswith(node.prefixes)


def _walk(document: Document, mentions: Mentions, nodes: tuple[Node, ...], k: int, i: int,
          stop: int, hits: list[int]) -> int:  # fmt: skip
    """Match ``nodes[k:]`` from token ``i``; the end token, or -1. ``hits`` collects the tokens."""
    while k < len(nodes):
        node = nodes[k]
        if not isinstance(node, Word):
            return _branch(document, mentions, nodes, k, i, stop, hits)
        if i >= stop or not _fits(document, node, i):
            return -1
        hits.append(i)
        i, k = i + 1, k + 1
    return i


def _branch(document: Document, mentions: Mentions, nodes: tuple[Node, ...], k: int, i: int,
            stop: int, hits: list[int]) -> int:  # fmt: skip
    """Try every way in which ``nodes[k]`` can match at token ``i``, the rest following on."""
    kept = len(hits)
    node = nodes[k]
    if isinstance(node, Gap) and k + 1 < len(nodes) and isinstance(follows := nodes[k + 1], Word):
        for j in range(i, min(i + node.most + 1, stop)):
            if _fits(document, follows, j):
                hits.append(j)
                after = _walk(document, mentions, nodes, k + 2, j + 1, stop, hits)
                if after >= 0:
                    return after
                del hits[kept:]
        j = _second_verb(document, nodes, k, i, stop)
        if j:
            hits.append(j)
            after = _walk(document, mentions, nodes, k + 2, j + 1, stop, hits)
            if after >= 0:
                return after
            del hits[kept:]
        return -1
    for begin, end in _ways(document, mentions, nodes[k], i, stop):
        hits.extend(range(begin, end))
        after = _walk(document, mentions, nodes, k + 1, end, stop, hits)
        if after >= 0:
            return after
        del hits[kept:]
    return -1


_COPULAS = frozenset(("is", "are", "was", "were", "has", "looks", "feels", "gets", "got", "became"))
_FAR = 9
"""How many tokens may stand between a body part and the second thing that is told of it."""


def _second_verb(document: Document, nodes: tuple[Node, ...], k: int, i: int, stop: int) -> int:
    """``the calf on that side is thinner and | flickers``: the token of the second predicate, or 0."""
    gap, follows = nodes[k], nodes[k + 1]
    if (
        k == 0
        or not isinstance(nodes[k - 1], Site)
        or not isinstance(gap, Gap)
        or not isinstance(follows, Word)
    ):
        return 0
    words, gaps = document.words, document.gaps
    for j in range(i, min(i + _FAR, stop)):
        if j > i and "," in gaps[j]:
            return 0
        if j > i + gap.most and words[j - 1] == "and" and _fits(document, follows, j):
            return j if not _COPULAS.isdisjoint(words[i : j - 1]) else 0
    return 0


def _ways(document: Document, mentions: Mentions, node: Node, i: int,
          stop: int) -> list[tuple[int, int]]:  # fmt: skip
    """Token ranges that ``node`` can cover from ``i``; a gap covers none but moves on."""
    if isinstance(node, Gap):
        return [(j, j) for j in range(i, min(i + node.most, stop) + 1)]
    if isinstance(node, Site):
        return [
            (i, end)
            for end, sites in mentions.get(i, ())
            if end <= stop and (node.site in sites or node.site == ANYWHERE)
        ]
    if isinstance(node, Choice):
        if i >= stop:
            return [(i, i)] if node.optional else []
        starting = node.by_word.get(document.words[i]) or node.by_word.get(document.stems[i]) or ()
        ways = [(i, i + len(p)) for p in (*starting, *node.others) if _phrase(document, p, i, stop)]
        return [*sorted(ways, reverse=True), (i, i)] if node.optional else sorted(ways)[::-1]
    return [(i, i + 1)] if i < stop and _fits(document, node, i) else []


def _phrase(document: Document, phrase: Phrase, i: int, stop: int) -> bool:
    return i + len(phrase) <= stop and all(_fits(document, word, i + k) for k, word in enumerate(phrase))


def _near(document: Document, mentions: Mentions, nodes: tuple[Node, ...], begin: int, end: int,
          stop: int) -> list[int] | None:  # fmt: skip
    """The other half of ``p & q``: anywhere in the sentence, at most ``NEAR`` tokens away."""
    floor = document.bounds(begin)[0]
    for i in range(end, min(end + NEAR + 1, stop)):
        hits: list[int] = []
        if _walk(document, mentions, nodes, 0, i, stop, hits) >= 0:
            return hits
    for i in range(begin - 1, floor - 1, -1):
        hits = []
        last = _walk(document, mentions, nodes, 0, i, begin, hits)
        if last >= 0:
            return hits if begin - last <= NEAR else None
        if begin - i > NEAR + 12:
            return None
    return None
