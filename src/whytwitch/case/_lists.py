"""Matches that tie together words of different items of a list."""

from __future__ import annotations

from itertools import pairwise

from whytwitch.case._match import Match
from whytwitch.case._text import Document


def joins_items(document: Document, match: Match, inside: set[int]) -> bool:
    """Whether a match takes its site from one item of a list and its finding from the next.

    In "droop of the eyelids, twitching of the arms" no eyelid twitches.
    """
    for site, other in pairwise(match.hits):
        if site in inside and other not in inside:
            parted = document.words[other - 1] in ("and", "or", "with") and other - 1 != site
            parted = parted and not _shares_subject(document, site, other)
            if parted or "," in document.gaps[other]:
                return True
    return False


def _shares_subject(document: Document, site: int, other: int) -> bool:
    """``the calf is thinner and flickers``: after "and" a second verb of the same subject."""
    words = document.words
    if words[other - 1] != "and" or _COPULAS.isdisjoint(words[site + 1 : other - 1]):
        return False
    if "," in "".join(document.gaps[site + 1 : other]) or words[other - 2] in _COPULAS:
        return False
    following = words[other + 1] if other + 1 < document.bounds(other)[1] else ""
    return following not in ("of", "in", "is", "are", "was", "were")


def _is_borrowed(document: Document, match: Match) -> bool:
    """``brisk jerks and absent abdominal reflexes``: "absent" belongs to the noun after it."""
    last, words = match.hits[-1], document.words
    if words[last] not in _ADJECTIVES or len(match.hits) == 1 or last + 1 >= document.bounds(last)[1]:
        return False
    joined = words[last - 1] in ("and", "but", "with") or "," in document.gaps[last]
    if not joined or last - 1 in match.hits or document.gaps[last + 1].strip() or match.role != "present":
        return False
    following = words[last + 1]
    return following not in _AFTER and not following.endswith("ly")


_COPULAS = frozenset(("is", "are", "was", "were", "has", "looks", "feels", "gets", "got", "became"))
_ADJECTIVES = frozenset(("absent", "brisk", "lost", "reduced", "depressed", "diminished", "exaggerated",
                         "increased", "weak", "sluggish", "decreased", "impaired", "normal"))  # fmt: skip
_AFTER = frozenset(("in", "at", "on", "and", "or", "but", "from", "throughout", "for", "with", "to", "by",
                    "everywhere", "again", "either", "as", "too", "now", "than", "when",
                           "since"))  # fmt: skip


def apart(document: Document, matches: list[Match], inside: set[int]) -> list[Match]:
    """Drop matches whose gap jumps a comma into an item that is told on its own.

    In "thenar wasting, fasciculations in both arms" no arm is wasted; in "reflexes brisk, sensation
    absent" no reflex is, and in "weakness, intermittent headache" the weakness is not intermittent.
    In "weakness, wasting of the hands" the hands are weak too.
    """
    matches = [m for m in matches if not _is_borrowed(document, m)]
    gapped = [m for m in matches if _comma(document, m) is not None]
    if not gapped:
        return matches
    by_hit: dict[int, list[Match]] = {}
    for match in matches:
        if match.role in ("present", "absent"):
            for hit in match.hits:
                by_hit.setdefault(hit, []).append(match)
    dropped = {id(m) for m in gapped if _is_torn(document, m, by_hit, inside)}
    return [m for m in matches if id(m) not in dropped]


def _comma(document: Document, match: Match) -> tuple[int, int, int] | None:
    """The gap that holds a comma: the token before it, the first after the comma, the token it leads to."""
    if match.role not in ("present", "absent") or len(match.hits) == 1:
        return None
    for left, right in pairwise(match.hits):
        for i in range(right, left, -1):
            if "," in document.gaps[i]:
                return left, i, right
    return None


def _is_torn(document: Document, match: Match, by_hit: dict[int, list[Match]], inside: set[int]) -> bool:
    found = _comma(document, match)
    if found is None:
        return False
    left, comma, right = found
    words = document.words
    if right in inside:
        told = any(i in by_hit for i in range(comma, right) if i not in inside)
        return told and any(i in inside and i not in match.hits for i in _item(document, left, comma))
    if any(w in ("and", "or", "nor") for w in words[comma:right]):
        return False
    if right == match.hits[-1] and "," not in (document.gaps[right + 1 : right + 2] or [","])[0]:
        following = by_hit.get(right + 1, ())
        if any(other.begin == right + 1 and other.id != match.id for other in following):
            return True
    return any(
        other.id != match.id and comma <= other.begin < right and other.end > right
        for other in by_hit.get(right, ())
    )


def _item(document: Document, left: int, comma: int) -> range:
    """The tokens of the list item that ends at a comma."""
    first = document.bounds(left)[0]
    begin = left
    while begin > first and "," not in document.gaps[begin] and document.words[begin] not in ("and", "or"):
        begin -= 1
    return range(begin, comma)
