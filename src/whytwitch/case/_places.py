"""Where on the body a finding is: attach sites and sides, and derive the findings of a site."""

from __future__ import annotations

from collections.abc import Iterator

from whytwitch.case._context import HARD, VERBS
from whytwitch.case._lexicon import Lexicon, Match
from whytwitch.case._model import Place, Side
from whytwitch.case._statement import Statement
from whytwitch.case._text import Document

PLACED = frozenset(("symptom", "sign", "emg"))
"""Kinds of findings that can be somewhere."""
_BETWEEN = frozenset(("of", "in", "the", "my", "his", "her", "their", "both", "left", "right", "a", "and",
                      "or", "around", "at", "on", "to", "part", "side", "upper", "lower", "all", "over",
                      "muscles", "muscle", "small", "as", "well", "especially", "also", "mainly",
                      "mostly", "more", "than", "one", "each", "affecting", "involving", "first", "then",
                      "later", "with", "across", "throughout", "along", "near", "under", "above",
                      "below", "inner", "outer", "back", "region", "proximal", "distal", "bilateral",
                      "sides", "predominantly", "including", "from", "into", "is", "are", "it"))  # fmt: skip
_STRAY = 3
"""How many other words may stand between a finding and its site."""
_SIDES: dict[str, Side] = {"left": "left", "right": "right", "both": "both", "bilateral": "both",
                           "bilaterally": "both", "sided": "left"}  # fmt: skip


class Places:
    """All site mentions of one text, ready to be attached."""

    def __init__(self, lex: Lexicon, document: Document, sites: list[Match], findings: list[Match]) -> None:
        self._lex, self._document = lex, document
        self._sites: dict[int, list[Match]] = {}
        for site in sites:
            self._sites.setdefault(site.begin, []).append(site)
        self._inside = {i for site in sites for i in range(site.begin, site.end)}
        self._starts = {m.begin: m for m in findings}

    def of(self, match: Match) -> tuple[Place, ...]:
        """The places a finding is said of."""
        found = [*self._within(match), *self._after(match)]
        if not found:
            found = list(self._before(match))
        return tuple(dict.fromkeys(self._place(site) for site in found))

    def _place(self, site: Match) -> Place:
        return Place(site=site.id, side=self._side(site) if self._lex.catalogue.sites[site.id].paired else None)

    def _side(self, site: Match) -> Side | None:
        words = self._document.words
        begin, stop = self._document.bounds(site.begin)
        for i in (*range(site.begin, site.end), site.begin - 1, site.begin - 2):
            if begin <= i < stop and words[i] in _SIDES:
                return _SIDES[words[i]]
        tail = words[site.end : min(stop, site.end + 5)]
        for side in ("left", "right"):
            if tail[:3] == ["on", "the", side] or tail[:4] == ["of", "the", side, "side"]:
                return side
        return "both" if tail[:3] == ["on", "both", "sides"] or tail[:1] == ["bilaterally"] else None

    def _within(self, match: Match) -> Iterator[Match]:
        for i in range(match.begin, match.end):
            yield from self._sites.get(i, ())

    def _after(self, match: Match) -> Iterator[Match]:
        """``twitching of the arms, trunk and face``; through ``weakness and wasting of the hand``."""
        words, gaps = self._document.words, self._document.gaps
        stop = self._document.bounds(match.begin)[1]
        i, stray, started = match.end, 0, False
        while i < stop:
            if words[i] in HARD or any(c in gaps[i] for c in ";:("):
                return
            if i in self._sites:
                yield from self._sites[i]
                i, stray, started = max(s.end for s in self._sites[i]), 0, True
                continue
            if i in self._starts:
                near = i - match.end <= 2 and not started
                if not near or not self._coordinated(match.end, i):
                    return
                i = self._starts[i].end
                continue
            if started and words[i] in VERBS:
                return
            if words[i] not in _BETWEEN:
                stray += 1
                if stray > (0 if started else _STRAY) or ("," in gaps[i] and started):
                    return
                if "," in gaps[i]:
                    return
            i += 1

    def _coordinated(self, i: int, j: int) -> bool:
        between = self._document.words[i:j]
        return all(w in ("and", "or", "with", "the") for w in between)

    def _before(self, match: Match) -> Iterator[Match]:
        """``my left calf twitches``, ``both hands are weak and thin``."""
        words, gaps = self._document.words, self._document.gaps
        begin = self._document.bounds(match.begin)[0]
        i = match.begin - 1
        while i >= begin and match.begin - i <= 14:
            if i in self._inside:
                site = next((s for k in range(i, begin - 1, -1) for s in self._sites.get(k, ()) if s.end > i), None)
                if site is not None:
                    yield from self._sites[site.begin]
                    i = site.begin - 1
                    if i >= begin and words[i] not in _BETWEEN and not self._joins(i):
                        return
                    continue
            if words[i] in HARD or any(c in gaps[i + 1] for c in ";:"):
                return
            i -= 1

    def _joins(self, i: int) -> bool:
        return self._document.words[i] in ("and", "or") or "," in self._document.gaps[i + 1]


def derive(lex: Lexicon, statement: Statement) -> list[Statement]:
    """The findings of a site that a placed statement amounts to (weakness, hand -> hand_weakness)."""
    found: dict[str, Statement] = {}
    lines = {statement.id, *ancestors(lex, statement.id)}
    for place in statement.places:
        above = lex.lineage.get(place.site, frozenset())
        for rule in lex.catalogue.site_findings:
            if rule.finding in lines and rule.site in above and rule.gives != statement.id:
                found[rule.gives] = Statement(
                    rule.gives, statement.status, statement.begin, statement.end, statement.detail,
                    (place,), None, statement.limited, statement.firm,
                )  # fmt: skip
    return list(found.values())


def ancestors(lex: Lexicon, item: str) -> list[str]:
    """Broader findings that ``item`` implies, nearest first."""
    above: list[str] = []
    at = lex.catalogue.findings[item].parent if item in lex.catalogue.findings else None
    while at is not None and at not in above and at in lex.catalogue.findings:
        above.append(at)
        at = lex.catalogue.findings[at].parent
    return above
