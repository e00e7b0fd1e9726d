"""Find causes by any word somebody may use for them, misspelled or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from whytwitch.knowledge import Catalogue, Cause

CLOSE: Final = 0.8
"""Similarity from which two words count as the same word misspelled."""

SHORTEST: Final = 4
"""Letters below which a word must match exactly or as a beginning."""

KEEP: Final = 0.4
"""Causes that score below this share of the best are left out."""

NAMED, PHRASED, BROUGHT, FOUND, FAMILY = 10.0, 6.0, 5.0, 2.0, 1.5
"""Weight of a word by where it stands: names, article phrases, drugs, findings, family."""

_SKIP: Final = frozenset(
    (
        "a",
        "an",
        "and",
        "by",
        "for",
        "from",
        "have",
        "i",
        "in",
        "is",
        "it",
        "me",
        "my",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    )
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_BRITISH: Final = (
    ("aemi", "emi"),
    ("oedem", "edem"),
    ("haem", "hem"),
    ("oestr", "estr"),
    ("tumour", "tumor"),
)

Index = dict[str, dict[str, float]]


def search_causes(query: str, catalogue: Catalogue) -> list[Cause]:
    """Causes that fit a query, best first; all of them for an empty query.

    Looked through are names, synonyms, the popular article's phrases, drugs and brands, findings and
    families. A query that is exactly a cause's name returns that cause alone.
    """
    asked = " ".join(_words(query))
    if not query.strip():
        return list(catalogue.causes.values())
    exact = [c for c in catalogue.causes.values() if asked in {" ".join(_words(n)) for n in _names(c)}]
    if exact:
        return exact
    scores: dict[str, float] = {}
    words = [word for word in asked.split() if word not in _SKIP]
    index = _index(catalogue.version, catalogue.fingerprint, _Held(catalogue))
    for word in words:
        for key, score in _hits(word, index).items():
            scores[key] = scores.get(key, 0.0) + score
    order = sorted(scores, key=lambda key: -scores[key])
    best = scores[order[0]] if order else 0.0
    return [catalogue.causes[key] for key in order if scores[key] >= KEEP * best]


def _hits(word: str, index: Index) -> dict[str, float]:
    """Score of every cause for one word: the best of its own words that is like it."""
    found: dict[str, float] = {}
    for other, causes in index.items():
        likeness = _likeness(word, other)
        for key, weight in causes.items() if likeness else ():
            found[key] = max(found.get(key, 0.0), likeness * weight)
    return found


def _likeness(word: str, other: str) -> float:
    """1 for the same word, less for a beginning or a misspelling, 0 for another word."""
    if word == other:
        return 1.0
    if len(word) >= 3 and other.startswith(word):
        return 0.9
    if min(len(word), len(other)) < SHORTEST or abs(len(word) - len(other)) > 3:
        return 0.0
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    if matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0
    ratio = matcher.ratio()
    return 0.8 * ratio if ratio >= CLOSE else 0.0


class _Held:
    """Lets an unhashable catalogue pass through the cache below, which goes by version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=2)
def _index(version: str, fingerprint: str, held: _Held) -> Index:  # noqa: ARG001
    """Word -> cause -> weight of the best place where the word stands."""
    catalogue = held.catalogue
    index: Index = {}
    for cause in catalogue.causes.values():
        places: tuple[tuple[float, Iterable[str]], ...] = (
            (NAMED, _names(cause)),
            (PHRASED, cause.article_phrases),
            (BROUGHT, _drugs(cause, catalogue)),
            (FOUND, (catalogue.findings[link.id].plain for link in cause.findings)),
            (FAMILY, (catalogue.families[cause.family].name, catalogue.families[cause.family].plain)),
        )
        for weight, texts in places:
            for word in {word for text in texts for word in _words(text)} - _SKIP:
                held_by = index.setdefault(word, {})
                held_by[cause.id] = max(held_by.get(cause.id, 0.0), weight)
    return index


def _names(cause: Cause) -> tuple[str, ...]:
    return (cause.id, cause.name, cause.plain_name, *cause.synonyms)


def _drugs(cause: Cause, catalogue: Catalogue) -> list[str]:
    """Names and brands of the drugs without which the cause cannot be."""
    needed = set(cause.needs)
    found = [drug for drug in catalogue.drugs.values() if needed & {drug.context, *drug.also}]
    return [name for drug in found for name in (drug.name, *drug.brands)]


def _words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c)).replace("'", "").replace("’", "")
    for british, american in _BRITISH:
        flat = flat.replace(british, american)
    return _WORD.findall(flat)
