"""All patterns of a catalogue behind one index by first word; find every match in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from whytwitch.case._denied import DENIED
from whytwitch.case._fold import fold
from whytwitch.case._lists import apart, joins_items
from whytwitch.case._loose import LooseIndex
from whytwitch.case._match import Match
from whytwitch.case._patterns import ANYWHERE, Mentions, Pattern, beginnings, first
from whytwitch.case._spelling import closest
from whytwitch.case._text import Document
from whytwitch.case._variants import variants
from whytwitch.knowledge import Catalogue

Role = Literal["present", "absent", "denied", "analyte", "drug", "site"]


@dataclass(slots=True)
class Index:
    """Patterns by the word, prefix or macro they start with."""

    exact: dict[str, list[Pattern]] = field(default_factory=dict[str, list[Pattern]])
    prefix: dict[str, list[Pattern]] = field(default_factory=dict[str, list[Pattern]])
    macro: dict[str, list[Pattern]] = field(default_factory=dict[str, list[Pattern]])
    shortest: int = 99
    longest: int = 0

    def add(self, raw: str, role: Role, key: str) -> None:
        """Put one pattern into the index under every word it can start with."""
        for variant in variants(raw):
            self._add(Pattern(variant, role, key))

    def _add(self, pattern: Pattern) -> None:
        exact = self.exact
        for word in first(pattern.raw):
            if word[0] == "@":
                self.macro.setdefault(word[1:], []).append(pattern)
            elif word[-1] == "*":
                self._add_prefix(fold(word[:-1]), pattern)
            else:
                folded = fold(word)
                held = exact.get(folded)
                if held is None:
                    exact[folded] = [pattern]
                else:
                    held.append(pattern)

    def _add_prefix(self, prefix: str, pattern: Pattern) -> None:
        if not prefix:
            return
        self.prefix.setdefault(prefix, []).append(pattern)
        self.shortest = min(self.shortest, len(prefix))
        self.longest = max(self.longest, len(prefix))

    def candidates(self, word: str, stem: str) -> Iterator[Pattern]:
        """Patterns that can start with ``word``."""
        yield from self.exact.get(word, ())
        if stem != word:
            yield from self.exact.get(stem, ())
        for length in range(self.shortest, min(self.longest, len(word)) + 1):
            yield from self.prefix.get(word[:length], ())

    def find(self, document: Document, mentions: Mentions) -> Iterator[Match]:
        """Every match in the text, by position."""
        known = {*document.words, *document.stems}
        known |= beginnings(known)
        able: dict[Pattern, bool] = {}
        for begin, stop in document.sentences:
            for i in range(begin, stop):
                for pattern in self._at(document, mentions, i):
                    if pattern not in able:
                        able[pattern] = pattern.can_match(known)
                    if not able[pattern]:
                        continue
                    hits = pattern.match(document, i, stop, mentions)
                    if hits:
                        yield Match(pattern.role, pattern.id, tuple(sorted(hits)))

    def _at(self, document: Document, mentions: Mentions, i: int) -> Iterator[Pattern]:
        yield from self.candidates(document.words[i], document.stems[i])
        if self.macro and i in mentions:
            sites = {ANYWHERE}.union(*(names for _, names in mentions[i]))
            for site in sites:
                yield from self.macro.get(site, ())


@dataclass(slots=True)
class Lexicon:
    """What a catalogue's words mean, ready to be looked for."""

    catalogue: Catalogue
    sites: Index
    words: Index
    lineage: dict[str, tuple[str, ...]]
    """Body site -> itself and everything it is part of, nearest first."""
    drug_names: dict[str, str]
    """Folded single-word drug name -> drug id, for the spelling check."""
    slips: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Words looked up before -> the drug name that each is a slip of."""
    _loose: LooseIndex | None = None

    @property
    def loose(self) -> LooseIndex:
        """The index for a second look, built when a text first needs it."""
        if self._loose is None:
            self._loose = LooseIndex.of(self.catalogue)
        return self._loose

    def slip(self, word: str) -> str | None:
        """The drug name that ``word`` misspells, if any."""
        if word not in self.slips:
            if len(self.slips) > 20000:
                self.slips.clear()
            self.slips[word] = closest(word, self.drug_names)
        return self.slips[word]


_BUILT: list[Lexicon] = []


def lexicon(catalogue: Catalogue) -> Lexicon:
    """The lexicon of ``catalogue``, built once for each catalogue object."""
    for built in _BUILT:
        if built.catalogue is catalogue:
            return built
    built = _build(catalogue)
    _BUILT.append(built)
    del _BUILT[:-4]
    return built


def _build(catalogue: Catalogue) -> Lexicon:
    words, sites = Index(), Index()
    for key, finding in catalogue.findings.items():
        for raw in finding.patterns:
            words.add(raw, "present", key)
        for raw in finding.absent_patterns:
            words.add(raw, "absent", key)
        for raw in DENIED.get(key, ()):
            words.add(raw, "denied", key)
    for key, analyte in catalogue.analytes.items():
        for raw in analyte.patterns:
            words.add(raw, "analyte", key)
    names: dict[str, str] = {}
    for key, drug in catalogue.drugs.items():
        for raw in dict.fromkeys((drug.name, *drug.brands, *drug.patterns)):
            words.add(_plain(raw), "drug", key)
            if raw.isalpha():
                names.setdefault(fold(raw), key)
    for key, site in catalogue.sites.items():
        _add_site(sites, key, site.words)
    for muscle in catalogue.muscles.values():
        _add_site(sites, muscle.site, (muscle.name, *muscle.words))
    return Lexicon(catalogue, sites, words, _lineage(catalogue), names)


def _plain(name: str) -> str:
    """A drug name as a pattern: what stands in parentheses is an explanation, not an operator."""
    return name if "|" in name or "[" in name else name.split(" (")[0]


def _add_site(index: Index, site: str, words: Iterable[str]) -> None:
    given = {word.lower() for word in words}
    plural = {f"{w}s" for w in given if w[-1].isalpha() and w[-1] != "s"}
    for word in given | plural:
        index.add(word, "site", site)


def _lineage(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    lineage: dict[str, tuple[str, ...]] = {}
    for key in catalogue.sites:
        above: list[str] = []
        at: str | None = key
        while at is not None and at not in above and at in catalogue.sites:
            above.append(at)
            at = catalogue.sites[at].parent
        lineage[key] = tuple(above)
    return lineage


def find_sites(lex: Lexicon, document: Document) -> list[Match]:
    """Mentions of body sites, the longest where they overlap."""
    found = sorted(
        {(m.begin, -m.end, m.id): m for m in lex.sites.find(document, {})}.items(),
        key=lambda item: item[0],
    )
    kept: list[Match] = []
    for _, match in found:
        if document.words[match.begin].startswith("eye") and _is_of_gaze(document, match.end):
            continue
        if not kept or match.begin >= kept[-1].end or _same_place(match, kept[-1]):
            kept.append(match)
    return kept


def _is_of_gaze(document: Document, i: int) -> bool:
    """``eye movements`` are no place."""
    return i < len(document) and document.words[i].startswith(("movement", "contact", "doctor"))


def _same_place(a: Match, b: Match) -> bool:
    return a.begin == b.begin and a.end == b.end


def mentions_of(lex: Lexicon, sites: list[Match]) -> dict[int, list[tuple[int, frozenset[str]]]]:
    """Site mentions by first token, for ``@site`` in patterns."""
    mentions: dict[int, list[tuple[int, frozenset[str]]]] = {}
    for match in sites:
        mentions.setdefault(match.begin, []).append((match.end, frozenset(lex.lineage[match.id])))
    return mentions


def find_all(lex: Lexicon, document: Document, mentions: Mentions) -> list[Match]:
    """Every match of a finding, analyte or drug; the longest of those that overlap on one id."""
    by_id: dict[tuple[str, str], list[Match]] = {}
    inside = {i for begin, ends in mentions.items() for end, _ in ends for i in range(begin, end)}
    found = [m for m in lex.words.find(document, mentions) if not joins_items(document, m, inside)]
    for match in apart(document, found, inside):
        kind = "finding" if match.role in ("present", "absent") else match.role
        by_id.setdefault((kind, match.id), []).append(match)
    kept = [match for group in by_id.values() for match in _longest(group)]
    return sorted(kept, key=lambda match: (match.begin, match.end, match.role, match.id))


def _longest(group: list[Match]) -> list[Match]:
    """Of overlapping matches of one id keep the longest; a tie goes to the statement of absence."""
    if len(group) == 1:
        return group
    group.sort(key=lambda m: (m.begin - m.end, m.role != "absent", -len(m.hits), m.begin))
    kept: list[Match] = []
    taken: set[int] = set()
    for match in group:
        cover = range(match.begin, match.end)
        if taken.isdisjoint(cover):
            kept.append(match)
            taken.update(cover)
    return kept
