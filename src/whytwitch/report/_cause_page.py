"""One cause of the catalogue, arranged for a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whytwitch.knowledge import Catalogue, Cause, Link
from whytwitch.report._clean import capital, clean, link
from whytwitch.report._view import Cited

USUAL = 0.5
"""A finding at least this common in a cause "goes with it"."""
MOST = 10


@dataclass(frozen=True)
class LinkView:
    """How often one finding or context is met, for the expert."""

    name: str
    strength: str
    grade: str
    cited: tuple[str, ...]


@dataclass(frozen=True)
class CausePage:
    """Everything that a page says of a cause.

    Attributes:
        cause: the entry.
        also: other names.
        usual: what goes with it in most people, in plain words.
        links: every finding and context with its strength; empty for lay readers.
        sources: numbered in the order in which the page cites them.
        marks: number by source key.
    """

    cause: Cause
    also: tuple[str, ...]
    usual: tuple[str, ...]
    links: tuple[LinkView, ...]
    sources: tuple[Cited, ...]
    marks: Mapping[str, int]


def cause_view(cause: Cause, catalogue: Catalogue, *, expert: bool) -> CausePage:
    """Arrange a cause for reading.

    Args:
        cause: the entry.
        catalogue: where it comes from.
        expert: give strengths, grades and their sources.
    """
    ordered = sorted(cause.findings, key=lambda item: -catalogue.probability(item.p))
    usual = [item for item in ordered if catalogue.probability(item.p) >= USUAL][:MOST]
    links = tuple(_link(item, catalogue) for item in (*ordered, *cause.context)) if expert else ()
    keys = dict.fromkeys(key for key in _cited(cause, links) if key in catalogue.sources)
    marks = {key: number for number, key in enumerate(keys, 1)}
    title = cause.name if expert else cause.plain_name
    other = (cause.plain_name, cause.name, *cause.synonyms)
    return CausePage(
        cause=cause,
        also=tuple(dict.fromkeys(name for name in other if name.lower() != title.lower())),
        usual=tuple(capital(catalogue.findings[item.id].plain) for item in usual),
        links=links,
        sources=tuple(_source(key, number, catalogue) for key, number in marks.items()),
        marks=marks,
    )


def _link(item: Link, catalogue: Catalogue) -> LinkView:
    counted = f" (n = {item.n})" if item.n else ""
    strength = item.p if isinstance(item.p, str) else f"{item.p:g}{counted}"
    name = catalogue.findings[item.id].name
    return LinkView(name, strength, f"{item.grade}, {item.basis}", tuple(item.sources))


def _cited(cause: Cause, links: tuple[LinkView, ...]) -> Iterator[str]:
    """Source keys in the order in which the page shows what rests on them."""
    for part in (
        cause.verdict,
        cause.mechanism,
        *cause.prevalence,
        cause.course,
        cause.urgency,
        cause.action,
    ):
        yield from part.sources
    for item in links:
        yield from item.cited


def _source(key: str, number: int, catalogue: Catalogue) -> Cited:
    source = catalogue.sources[key]
    return Cited((key,), number, clean(source.citation, 400), link(source))


__all__ = ["CausePage", "cause_view"]
