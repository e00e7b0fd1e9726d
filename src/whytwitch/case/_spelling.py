"""Misspelled drug names, and suggestions for misspelled ids."""

from __future__ import annotations

from collections.abc import Iterable

ONE_FROM = 7
"""Names from this length on may have one letter wrong."""
TWO_FROM = 10
"""Names from this length on may have two letters wrong."""


def closest(word: str, names: Iterable[str]) -> str | None:
    """The one name that ``word`` is a slip away from; nothing where two names are as close."""
    best: str | None = None
    letters = set(word)
    limit = 2 if len(word) >= TWO_FROM else 1
    for name in names:
        if len(name) < ONE_FROM or name[0] != word[0] or abs(len(name) - len(word)) > limit:
            continue
        if name == word:
            return name
        if len(letters.symmetric_difference(name)) > 2 * limit:
            continue
        distance = edits(word, name, limit)
        if distance < limit + 1:
            if distance < limit:
                limit, best = distance, name
            else:
                best = name if best is None else best
    return best


def edits(a: str, b: str, limit: int) -> int:
    """Edit distance with swapped neighbors as one slip; ``limit + 1`` where it is larger."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        older, before = before, row
        row = [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def suggest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Known ids that look like ``word``."""
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=most, cutoff=0.55)
