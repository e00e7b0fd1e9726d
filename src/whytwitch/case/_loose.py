"""A second look at what the patterns did not read: the same words in another order or form.

"There is enlargement of both breasts" holds the words of the pattern ``enlarged breasts``, but not
in its order. Where a stretch of text has yielded nothing, a pattern also counts when all of its
content words, or words of the same stem, stand in that stretch close together. At least two are
needed, so that a single common word never decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from whytwitch.case._match import Match
from whytwitch.case._patterns import Choice, Node, Phrase, Word, parse
from whytwitch.case._stopwords import ENGLISH, FILLER
from whytwitch.case._text import Document
from whytwitch.knowledge import Catalogue

SPREAD: Final = 9
"""Tokens within which all words of a pattern must stand."""

STEM: Final = 5
"""Letters that two words must share to count as forms of one."""

_KEY: Final = 4
_WORDS = re.compile(r"[a-z]{4,}")
_FORMS: Final = {"swollen": "swelling", "shrunken": "shrinking", "stuck": "sticking", "shook": "shaking"}


@dataclass(slots=True)
class LooseIndex:
    """Patterns of findings by the beginnings of their words."""

    patterns: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    by_key: dict[str, list[int]] = field(default_factory=lambda: defaultdict[str, list[int]](list))

    @classmethod
    def of(cls, catalogue: Catalogue) -> LooseIndex:
        """Index all patterns that name something present."""
        index = cls()
        for key, finding in catalogue.findings.items():
            for raw in finding.patterns:
                if "@" not in raw:
                    for word in {word[:_KEY] for word in _WORDS.findall(raw)}:
                        index.by_key[word].append(len(index.patterns))
                    index.patterns.append((raw, key))
        return index

    def find(self, document: Document, first: int, last: int) -> list[Match]:
        """Loose matches in one stretch of text; of one finding the tightest."""
        content = [i for i in range(first, last) if _is_content(document.words[i])]
        keys = {_form(document.words[i])[:_KEY] for i in content}
        shared = Counter(number for key in keys for number in self.by_key.get(key, ()))
        best: dict[str, Match] = {}
        for number, count in shared.items():
            if count < 2:
                continue
            raw, key = self.patterns[number]
            hits = _hits(raw, document, content)
            if hits and (key not in best or len(hits) > len(best[key].hits)):
                best[key] = Match("present", key, tuple(sorted(hits)))
        return list(best.values())


def _hits(raw: str, document: Document, content: list[int]) -> list[int]:
    """The tokens that all content words of a pattern are found at, or nothing."""
    hits: list[int] = []
    for node in (node for half in parse(raw) for node in half):
        options = _options(node)
        if not options:
            continue
        found = next((f for f in (_all_in(o, document, content, hits) for o in options) if f), None)
        if found is None:
            return []
        hits += found
    tight = len(hits) >= 2 and max(hits) - min(hits) <= SPREAD
    return hits if tight else []


def _options(node: Node) -> list[Phrase]:
    """The phrases any of which satisfies a node; none where it decides nothing."""
    if isinstance(node, Word):
        words = {word for word in node.exact if _is_content(word)}
        prefixes = tuple(prefix for prefix in node.prefixes if len(prefix) >= 3)
        return [(Word(frozenset(words), prefixes),)] if words or prefixes else []
    if isinstance(node, Choice) and not node.optional:
        phrases = [p for group in node.by_word.values() for p in group] + list(node.others)
        return [content for p in phrases if (content := _contents(p))]
    return []


def _contents(phrase: Phrase) -> Phrase:
    return tuple(word for word in phrase if word.prefixes or any(_is_content(w) for w in word.exact))


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
    said = _form(document.words[i])
    if said in word.exact or document.stems[i] in word.exact or said.startswith(word.prefixes or ("\0",)):
        return True
    if len(said) < STEM:
        return False
    stems = [w for w in (*word.exact, *word.prefixes) if len(w) >= STEM]
    return any(said[:STEM] == _form(stem)[:STEM] for stem in stems)


def _form(word: str) -> str:
    return _FORMS.get(word, word)


def _is_content(word: str) -> bool:
    return len(word) > 2 and word not in ENGLISH and word not in FILLER and not word[0].isdigit()
