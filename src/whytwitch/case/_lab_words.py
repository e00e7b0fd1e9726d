"""Words that say of a laboratory result that it is low, normal or high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whytwitch.case._lexicon import Match
from whytwitch.case._text import Document

RUN = 12
"""How many analytes may share one word."""

Says = Literal["low", "normal", "high"]

_WORDS: dict[str, Says] = {
    "low": "low", "lower": "low", "lowered": "low", "reduced": "low", "decreased": "low",
    "undetectable": "low", "suppressed": "low", "deficient": "low", "deficiency": "low",
    "subnormal": "low", "depleted": "low", "diminished": "low", "unmeasurable": "low",
    "high": "high", "raised": "high", "elevated": "high", "increased": "high", "higher": "high",
    "elevation": "high", "markedly": "high", "supranormal": "high", "excessive": "high",
    "normal": "normal", "unremarkable": "normal", "fine": "normal", "ok": "normal", "okay": "normal",
    "negative": "normal", "good": "normal",
}  # fmt: skip
_PLAIN = frozenset(("normal", "unremarkable", "fine", "ok", "okay", "good"))
_ADVERBS = frozenset(("very", "slightly", "mildly", "moderately", "severely", "markedly", "quite",
                      "too", "both", "all", "also", "only", "extremely", "a", "bit", "little", "still",
                      "was", "were", "is", "are", "be", "been", "has", "had", "came", "back", "come",
                      "level", "levels", "concentration", "found", "to", "remained", "serum", "blood",
                      "at", "repeatedly", "persistently", "profoundly", "well", "within", "the", "in",
                      "on", "found", "ratio", "measured", "several", "times", "again", "clearly",
                      "value", "values", "result", "results", "tests", "test", "plasma", "limits",
                      "range", "completely", "entirely", "not", "tested", "said", "somewhat",
                      "borderline", "total", "minimally", "greatly", "massively", "hugely"))  # fmt: skip
_JOINTS = frozenset(("and", "or", "plus", "the", "serum", "a", "his", "her", "my", "blood", "of", "total",
                     "plasma", "as", "well", "both", "also", "free"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flag:
    """A word such as ``raised`` and its token range."""

    says: Says
    begin: int
    end: int


def flag_before(document: Document, named: list[Match], k: int) -> Flag | None:
    """``low sodium, potassium and magnesium``: the word before the first of a run."""
    first = k
    while first > max(0, k - RUN) and _joined(document, named[first - 1], named[first]):
        first -= 1
    i = named[first].begin - 1
    floor = document.bounds(named[first].begin)[0]
    while i >= floor and document.words[i] in ("serum", "blood", "plasma", "total", "a", "of", "level"):
        i -= 1
    if i < floor or document.gaps[i + 1].strip() not in ("", "-"):
        return None
    if first < k and flag_after(document, named, k) is not None:
        return None
    return _flag(document, i, floor)


def flag_after(document: Document, named: list[Match], k: int) -> Flag | None:
    """``calcium and PTH are both raised``: the word after the last of a run."""
    last = k
    while last + 1 < min(len(named), k + RUN) and _joined(document, named[last], named[last + 1]):
        last += 1
    stop = document.bounds(named[last].begin)[1]
    i = named[last].end
    while i < stop and i < named[last].end + 8:
        flag = _flag(document, i, named[last].end)
        if flag is not None and document.words[i] not in ("markedly",):
            return flag
        if document.words[i] not in _ADVERBS or "(" in document.gaps[i]:
            return None
        i += 1
    return None


def _flag(document: Document, i: int, floor: int) -> Flag | None:
    words = document.words
    says = _WORDS.get(words[i])
    if says is None or words[i] == "markedly":
        return None
    negated = "not" in words[max(floor, i - 3) : i]
    if words[i] in _PLAIN or says == "normal":
        beyond = words[max(floor, i - 2) : i]
        if "above" in beyond or "over" in beyond:
            return Flag("high", i, i + 1)
        if "below" in beyond or "under" in beyond:
            return Flag("low", i, i + 1)
        return None if negated else Flag("normal", i, i + 1)
    return Flag("normal" if negated else says, i, i + 1)


def _joined(document: Document, left: Match, right: Match) -> bool:
    """Whether two analytes stand in one list without a value between them."""
    if document.sentence(left.begin) != document.sentence(right.begin):
        return False
    between = document.words[left.end : right.begin]
    return len(between) <= 4 and all(word in _JOINTS for word in between) and not any(
        c in document.gaps[i] for i in range(left.end, right.begin + 1) for c in ";:"
    )  # fmt: skip
