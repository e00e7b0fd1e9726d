"""Write a pattern whose groups hold gaps, sites or further groups as several plain ones."""

from __future__ import annotations

import re

MOST = 400
"""Plain patterns that one pattern may stand for."""

_RICH = re.compile(r"[(\[][^)\]]*[~(\[@&]")
_OPERATORS = "~([@&"
_CLOSES = {"(": ")", "[": "]"}


def variants(raw: str) -> list[str]:
    """``a (b|c ~ d|of (e|f))`` is ``a (b)``, ``a c ~ d`` and ``a of (e|f)``; most patterns are themselves."""
    if not _RICH.search(raw):
        return [raw]
    done: list[str] = []
    left = [raw]
    while left and len(done) + len(left) <= MOST:
        pattern = left.pop()
        split = _expand(pattern)
        if split is None:
            done.append(pattern)
        else:
            left += split
    return done + left


def faults(raw: str) -> str:
    """What is wrong with the brackets of a pattern; nothing where all is well.

    The reader is lenient: of a pattern with a fault it uses what it can, so that one slip in the
    catalogue leaves the rest alone. The tests of the catalogue are not.
    """
    held: list[str] = []
    for sign in raw:
        if sign in "([":
            held.append(sign)
        elif sign in ")]":
            if not held or _CLOSES[held.pop()] != sign:
                return f"pattern {raw!r}: {sign!r} closes nothing"
        elif sign == "|" and not held:
            return f"pattern {raw!r}: '|' outside of ( ) or [ ]"
    if held:
        return f"pattern {raw!r}: {held[-1]!r} is not closed"
    return "" if len(variants(raw)) < MOST else f"pattern {raw!r}: it stands for too many patterns"


def _expand(pattern: str) -> list[str] | None:
    """The pattern with its first rich group taken apart, if it has one."""
    for begin, end in _groups(pattern):
        inner = pattern[begin + 1 : end]
        if not any(c in inner for c in _OPERATORS):
            continue
        plain: list[str] = []
        rich: list[str] = []
        for phrase in _alternatives(inner):
            (rich if any(c in phrase for c in _OPERATORS) else plain).append(phrase)
        before, after = pattern[:begin], pattern[end + 1 :]
        made = [f"{before} {phrase} {after}" for phrase in rich]
        if plain or pattern[begin] == "[":
            group = pattern[begin] + "|".join(plain) + pattern[end] if plain else ""
            made.append(f"{before}{group}{after}")
        return made
    return None


def _groups(pattern: str) -> list[tuple[int, int]]:
    """Outermost groups as positions of their brackets."""
    found: list[tuple[int, int]] = []
    depth = begin = 0
    for i, sign in enumerate(pattern):
        if sign in "([":
            begin = i if depth == 0 else begin
            depth += 1
        elif sign in ")]" and depth:
            depth -= 1
            if depth == 0:
                found.append((begin, i))
    return found


def _alternatives(inner: str) -> list[str]:
    """The phrases of a group, cut at the bars that are not inside a further group."""
    phrases, depth = [""], 0
    for sign in inner:
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0:
            phrases.append("")
        else:
            phrases[-1] += sign
    return [phrase.strip() for phrase in phrases]
