"""Where on the body a finding is: attach sites and sides, and derive the findings of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
_IN_LIST = frozenset(("and", "or", "the", "my", "his", "her", "both", "left", "right", "also", "then"))
_WHO = frozenset(("i", "he", "she", "they", "it", "we", "im", "ive"))
_PRONOUNS = frozenset(("it", "they", "these", "those"))
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
        self._told = {i for m in findings for i in m.hits} - self._inside
        self._claims: dict[int, list[Match]] = {}
        for match in findings:
            for i in match.hits:
                if i in self._inside:
                    self._claims.setdefault(i, []).append(match)
        self.used: set[int] = set()
        """Tokens of the sites that were attached to something."""

    def of(self, match: Match) -> tuple[Place, ...]:
        """The places a finding is said of."""
        found = self._free(match, [*self._within(match), *self._after(match)])
        if not found:
            found = self._free(match, self._before(match))
        if not found:
            # Also where the place is another finding's too: ``my calf hurts, it twitches``.
            found = list(self._referred(match))
        self.used.update(i for site in found for i in range(site.begin, site.end))
        return tuple(dict.fromkeys(self._place(site) for site in found))

    def _free(self, match: Match, sites: Iterable[Match]) -> list[Match]:
        """Sites that are not a word of some other finding (the eye of "eye movements")."""
        return [
            site
            for site in sites
            if all(
                (claim.begin < match.end and match.begin < claim.end)
                or self._shares(match, claim)
                or (match.end <= site.begin and not self._glued(site, claim))
                for i in range(site.begin, site.end)
                for claim in self._claims.get(i, ())
            )
        ]

    def _glued(self, site: Match, claim: Match) -> bool:
        """Whether the claim's own words stand right by the site (``eye movements``)."""
        own = set(claim.hits) - set(range(site.begin, site.end))
        return site.begin - 1 in own or site.end in own

    def _shares(self, match: Match, claim: Match) -> bool:
        """``weakness and wasting of the hands``: the site of the second is that of the first too."""
        return (
            match.end <= claim.begin <= match.end + 2
            and claim.begin not in self._inside
            and self._coordinated(match.end, claim.begin)
        )

    def _place(self, site: Match) -> Place:
        return Place(
            site=site.id, side=self._side(site) if self._lex.catalogue.sites[site.id].paired else None
        )

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
        i, stray, started = match.end, 0, any(True for _ in self._within(match))
        while i < stop:
            if words[i] in HARD or any(c in gaps[i] for c in ";:("):
                return
            if i in self._sites:
                yield from self._sites[i]
                i, stray, started = max(s.end for s in self._sites[i]), 0, True
                continue
            if not started and self._turns(i):
                return
            if i in self._starts:
                if self._starts[i].role == "absent":
                    return
                near = i - match.end <= 2 and not started
                if not near or not self._coordinated(match.end, i):
                    return
                i = self._past_name(self._starts[i])
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

    def _past_name(self, match: Match) -> int:
        """The token after the words that name a finding, before its own site (``wasting | of the hand``)."""
        i = match.begin
        while i in match.hits and i not in self._inside:
            i += 1
        return i

    def _turns(self, i: int) -> bool:
        """A comma or "and" before any site, unless another finding follows (``weakness and wasting``)."""
        words = self._document.words
        if "," not in self._document.gaps[i] and words[i] != "and":
            return False
        while i < len(words) and words[i] in ("and", "or", "the", "with", "also"):
            i += 1
        return i not in self._starts

    def _coordinated(self, i: int, j: int) -> bool:
        between = self._document.words[i:j]
        return all(w in ("and", "or", "with", "the") for w in between)

    def _before(self, match: Match) -> Iterator[Match]:
        """``my left calf twitches``, ``both hands are weak and thin``."""
        words, gaps = self._document.words, self._document.gaps
        begin = self._document.bounds(match.begin)[0]
        i = match.begin - 1
        while i >= begin and match.begin - i <= 14:
            if words[i] in HARD or words[i] in _WHO or any(c in gaps[i + 1] for c in ";:"):
                return
            if ("," in gaps[i + 1] or words[i] == "and") and not self._shares_subject(i, begin):
                return
            if i in self._inside:
                site = next(s for k in range(i, begin - 1, -1) for s in self._sites.get(k, ()) if s.end > i)
                yield from self._sites[site.begin]
                i = self._next_in_list(site.begin, begin)
                continue
            i -= 1

    def _referred(self, match: Match) -> Iterator[Match]:
        """``my right hand has grown weak, and it twitches``: the place named last before "it" or "they".

        In the same sentence, or as the one place of the sentence before.
        """
        begin = self._document.bounds(match.begin)[0]
        words = self._document.words
        at = next((i for i in range(match.begin - 1, max(begin, match.begin - 3) - 1, -1)
                   if words[i] in _PRONOUNS), None)  # fmt: skip
        if at is None:
            return
        here = self._named(begin, at)
        if here:
            yield here[-1]
        elif begin:
            before = self._named(self._document.bounds(begin - 1)[0], begin)
            if len(before) == 1:
                yield before[0]

    def _named(self, begin: int, stop: int) -> list[Match]:
        """The places named between two tokens, of each the longest name."""
        return [
            max(self._sites[i], key=lambda site: site.end) for i in range(begin, stop) if i in self._sites
        ]

    def _shares_subject(self, i: int, begin: int) -> bool:
        """``the calf is thinner and flickers``: what stands before the joint is told of the site too."""
        return any(j in self._told for j in range(i, max(begin, i - 2) - 1, -1))

    def _next_in_list(self, i: int, begin: int) -> int:
        """The last token of the site listed before the one at ``i`` (``hands and feet``), or -1."""
        words, gaps = self._document.words, self._document.gaps
        for j in range(i - 1, max(begin, i - 5) - 1, -1):
            if j in self._inside:
                joined = any("," in gaps[k] or words[k] in ("and", "or") for k in range(j + 1, i + 1))
                return j if joined else -1
            if words[j] not in _IN_LIST:
                return -1
        return -1


def derive(lex: Lexicon, statement: Statement) -> list[Statement]:
    """The findings of a site that a placed statement amounts to (weakness, hand -> hand_weakness).

    Of several rules the one for the smallest site that holds the place is used.
    """
    found: dict[str, Statement] = {}
    lines = {statement.id, *ancestors(lex, statement.id)}
    for place in statement.places:
        for given in sorted(_given(lex, lines, place.site) - {statement.id}):
            found[given] = Statement(
                given, statement.status, statement.begin, statement.end, statement.detail,
                (place,), None, statement.limited, statement.firm,
            )  # fmt: skip
    return list(found.values())


def _given(lex: Lexicon, lines: set[str], site: str) -> set[str]:
    for level in lex.lineage.get(site, ()):
        given = {r.gives for r in lex.catalogue.site_findings if r.site == level and r.finding in lines}
        if given:
            return given
    return set()


def ancestors(lex: Lexicon, item: str) -> list[str]:
    """Broader findings that ``item`` implies, nearest first."""
    above: list[str] = []
    at = lex.catalogue.findings[item].parent if item in lex.catalogue.findings else None
    while at is not None and at not in above and at in lex.catalogue.findings:
        above.append(at)
        at = lex.catalogue.findings[at].parent
    return above
