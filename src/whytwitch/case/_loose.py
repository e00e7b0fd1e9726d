"""A second look at what the patterns did not read: the same words in another order or form.

"There is enlargement of both breasts" holds the words of the pattern ``enlarged breasts``, but not
in its order. Where a stretch of text has yielded nothing, a pattern also counts when all of its
words, or other forms of them, stand in that stretch close together; articles and the like may be
missing. At least two must be rare enough to decide something. A pattern that needs a denial or a
number is not used, and neither is one whose words stand in two clauses or beside a denial.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from whytwitch.case._match import Match
from whytwitch.case._patterns import Choice, Node, Phrase, Word, parse
from whytwitch.case._stopwords import ENGLISH, FILLER
from whytwitch.case._text import Document
from whytwitch.knowledge import Catalogue

SPREAD: Final = 7
"""Tokens within which all words of a pattern must stand."""

STEM: Final = 4
"""Letters that a stem must have, and a prefix that counts for itself."""

LEAST: Final[dict[str, int]] = {"emg": 3, "lab": 3}
"""Words that must be found for items of these kinds; two for the others."""

_NEVER: Final = frozenset(("family", "drug"))
"""Kinds that are never read loosely."""

_IDLE: Final = frozenset(("a", "an", "the", "my", "his", "her", "their", "our", "its", "of", "in", "on", "at",
                          "to", "is", "are", "was", "were", "be", "been", "being", "and", "with", "by",
                          "from", "i", "he", "she", "it", "they", "have", "has", "had", "that", "this",
                          "as", "for", "into", "muscle", "muscles", "both", "very", "really", "get",
                          "gets", "got", "getting", "feel", "feels", "felt", "like", "patient"))  # fmt: skip
"""Words of a pattern that may be missing from the text."""

_PARTS: Final = frozenset(("and", "or", "but", "between", "when", "while", "after", "before", "because",
                           "if", "than", "until", "which", "who", "whose", "though", "not", "no", "never",
                           "without",
                           "nor", "isnt", "arent", "wasnt", "werent", "dont", "doesnt", "didnt", "cannot",
                           "cant", "instead", "normal", "rather", "since", "so", "hardly", "barely",
                           "beside"))  # fmt: skip
"""Words that keep what stands before them from what stands after."""

_UNITS: Final = frozenset(("mmol", "umol", "nmol", "mg", "mcg", "iu", "mmhg", "meq", "ml", "dl", "ms", "kpa"))
"""Words of a measurement, which is read elsewhere."""

_WHERE: Final = frozenset(("lower", "upper", "inner", "outer", "other", "left", "right"))
"""Words that say where, never what."""

_DENIALS: Final = frozenset(("not", "no", "never", "without", "arent", "isnt", "wasnt", "werent", "dont",
                             "doesnt", "didnt", "well", "normal", "normally", "fine"))  # fmt: skip
"""Words near a loose match that make it doubtful what is said."""

_KEY: Final = 4
_WORDS = re.compile(r"[a-z]{4,}")
_FORMS: Final = {"swollen": "swelling", "shrunken": "shrinking", "stuck": "sticking", "shook": "shaking"}


@dataclass(slots=True)
class LooseIndex:
    """Patterns of findings by the beginnings of their words."""

    patterns: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    by_key: dict[str, list[int]] = field(default_factory=lambda: defaultdict[str, list[int]](list))

    @classmethod
    def of(cls, catalogue: Catalogue) -> LooseIndex:
        """Index all patterns that name something present."""
        index = cls()
        for key, finding in catalogue.findings.items():
            if finding.kind in _NEVER:
                continue
            for raw in finding.patterns:
                if "@" not in raw:
                    for word in {word[:_KEY] for word in _WORDS.findall(raw)}:
                        index.by_key[word].append(len(index.patterns))
                    index.patterns.append((raw, key, LEAST.get(finding.kind, 2)))
        return index

    def find(self, document: Document, first: int, last: int) -> list[Match]:
        """Loose matches in one stretch of text; of one finding the tightest."""
        if not _UNITS.isdisjoint(document.words[first:last]):
            return []
        content = [i for i in range(first, last) if _is_content(document.words[i])]
        keys = {_FORMS.get(document.words[i], document.words[i])[:_KEY] for i in content}
        shared = Counter(number for key in keys for number in self.by_key.get(key, ()))
        best: dict[str, Match] = {}
        for number, count in sorted(shared.items()):
            if count < 2:
                continue
            raw, key, least = self.patterns[number]
            hits = _hits(raw, document, range(first, last))
            if (
                len(hits) >= least
                and sum(_is_content(document.words[i]) for i in hits) >= 2
                and _is_one_phrase(document, hits)
                and (key not in best or len(hits) > len(best[key].hits))
            ):
                best[key] = Match("present", key, tuple(sorted(hits)))
        return list(best.values())


def _hits(raw: str, document: Document, content: range) -> list[int]:
    """The tokens that all content words of a pattern are found at, or nothing."""
    hits: list[int] = []
    for node in (node for half in parse(raw) for node in half):
        options = _options(node)
        if options is None:
            return []
        if not options:
            continue
        found = next((f for f in (_all_in(o, document, content, hits) for o in options) if f), None)
        if found is None:
            return []
        hits += found
    tight = len(hits) >= 2 and max(hits) - min(hits) <= SPREAD
    return hits if tight else []


def _is_one_phrase(document: Document, hits: list[int]) -> bool:
    """Whether the words stand in one clause, and nothing near them denies it."""
    first, last = min(hits), max(hits)
    words = document.words
    begin, stop = document.bounds(first)
    if not _PARTS.isdisjoint(words[i] for i in range(first + 1, last) if i not in hits):
        return False
    if any(c in document.gaps[i] for i in range(first + 1, last + 1) for c in ";:()"):
        return False
    return _DENIALS.isdisjoint(words[last + 1 : min(stop, last + 3)]) and _DENIALS.isdisjoint(
        words[max(begin, first - 2) : first]
    )


def _options(node: Node) -> list[Phrase] | None:
    """The phrases any of which satisfies a node; none where it decides nothing.

    ``None``: what it asks for cannot be looked for loosely.
    """
    if isinstance(node, Word):
        return _option([(node,)])
    if isinstance(node, Choice):
        phrases = [p for group in node.by_word.values() for p in group] + list(node.others)
        return [] if node.optional else _option(phrases)
    return []


def _option(phrases: list[Phrase]) -> list[Phrase] | None:
    """The phrases reduced to their content; those with a common word of some meaning are left out."""
    if all(word.exact and word.exact <= _IDLE for phrase in phrases for word in phrase):
        return []
    usable = [content for phrase in phrases if (content := _contents(phrase))]
    return usable or None


def _contents(phrase: Phrase) -> Phrase:
    kept: list[Word] = []
    for word in phrase:
        exact = frozenset(w for w in word.exact if _decides(w))
        prefixes = tuple(prefix for prefix in word.prefixes if len(prefix) >= STEM)
        if exact or prefixes:
            kept.append(Word(exact, prefixes))
        elif not word.exact or not word.exact <= _IDLE:
            return ()
    return tuple(kept)


def _all_in(phrase: Phrase, document: Document, content: Iterable[int], taken: list[int]) -> list[int] | None:
    found: list[int] = []
    for word in phrase:
        at = next(
            (i for i in content if i not in taken and i not in found and _same(document, word, i)), None
        )
        if at is None:
            return None
        found.append(at)
    return found


def _same(document: Document, word: Word, i: int) -> bool:
    """Whether a token is the word or another form of it."""
    said = document.words[i]
    if said in word.exact or document.stems[i] in word.exact or said.startswith(word.prefixes or ("\0",)):
        return True
    stem = _stem(said)
    return len(stem) >= STEM and any(stem == _stem(w) for w in (*word.exact, *word.prefixes))


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    """The word without its ending: ``enlargement``, ``enlarged`` and ``enlarging`` are one."""
    word = _FORMS.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            word = word[: -len(ending)]
            break
    if len(word) > STEM and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.rstrip("e") if len(word) > STEM else word


_ENDINGS: Final = ("ements", "ement", "ening", "ened", "ingly", "ness", "ment", "ings", "ing", "ied", "ies",
                   "ed", "en", "es", "ly", "s", "e", "y")  # fmt: skip


def _decides(word: str) -> bool:
    """Whether a word of a pattern can be looked for in any order: no denial, side or idle word."""
    return len(word) > 2 and word not in _UNUSABLE and not word[0].isdigit()


_UNUSABLE: Final = (
    _IDLE | _WHERE | _DENIALS | {"cannot", "cant", "nor", "instead", "rather", "hardly", "barely"}
)


def _is_content(word: str) -> bool:
    return (
        len(word) > 2
        and word not in ENGLISH
        and word not in FILLER
        and word not in _IDLE
        and word not in _WHERE
        and not word[0].isdigit()
    )
