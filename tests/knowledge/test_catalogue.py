"""The conformance battery: every entry of the catalogue passes every check."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from whytwitch.knowledge import CONTEXT_KINDS, CatalogueError, Cause, load
from whytwitch.knowledge._load import build, dangling
from whytwitch.knowledge._tables import DATA, fingerprint, read_tables

CATALOGUE = load()
CANONICAL = {
    row["id"]: row
    for row in csv.DictReader((Path(__file__).parent / "cause_ids.csv").read_text("utf-8").splitlines())
}
BRITISH = ("aemia", "oedema", "tumour", "fibre", "diarrhoea", "paraesthesia", "colour", "behaviour", "haem")
"""Spellings that must not appear in ids or names."""

causes = pytest.mark.parametrize("cause", CATALOGUE.causes.values(), ids=list(CATALOGUE.causes))


def test_all_canonical_causes_are_there_and_no_other() -> None:
    assert set(CATALOGUE.causes) == set(CANONICAL)


def test_nothing_dangles() -> None:
    assert list(dangling(CATALOGUE)) == []


@causes
def test_matches_the_canonical_list(cause: Cause) -> None:
    row = CANONICAL[cause.id]
    assert cause.kind == row["kind"]
    assert cause.verdict.answer == row["verdict"]
    assert set(cause.article_phrases) == {p.strip() for p in row["article_phrase"].split(";") if p.strip()}


@causes
def test_can_be_told_and_reached(cause: Cause) -> None:
    """Enough to read, to act on, and to be found by."""
    assert len(cause.summary) >= 60
    assert cause.tests or cause.urgency.level in ("reassurance", "routine")
    assert len(cause.findings) + len(cause.context) >= 4
    strongest = max(CATALOGUE.probability(link.p) for link in (*cause.findings, *cause.context))
    assert strongest >= 0.5, "no finding or context is typical of it"


@causes
def test_every_link_says_something(cause: Cause) -> None:
    """A link that is no likelier than the background is dead weight or a mistake."""
    for link in cause.context:
        base = CATALOGUE.probability(CATALOGUE.findings[link.id].background)
        assert CATALOGUE.probability(link.p) > base, f"{link.id} is no commoner than in anybody"
    ids = [link.id for link in (*cause.findings, *cause.context)]
    assert len(ids) == len(set(ids)), "an item is listed twice"


@causes
def test_urgency_is_consistent(cause: Cause) -> None:
    levels = ["reassurance", "routine", "soon", "urgent", "emergency"]
    assert levels.index(cause.urgency.worst) >= levels.index(cause.urgency.level)
    if cause.urgency.worst in ("urgent", "emergency"):
        assert cause.red_flags, "a cause that can become urgent must say by what sign"


@causes
def test_contested_claims_are_explained(cause: Cause) -> None:
    if cause.article_phrases and cause.verdict.answer in ("contested", "mimic"):
        assert "article" in cause.verdict.plain.lower() or "not" in cause.verdict.plain.lower()


@causes
def test_american_spelling(cause: Cause) -> None:
    for text in (cause.id, cause.name, cause.plain_name, cause.summary):
        assert not any(word in text.lower() for word in BRITISH), text


@pytest.mark.parametrize("key", list(CATALOGUE.findings))
def test_vocabulary_item(key: str) -> None:
    finding = CATALOGUE.findings[key]
    seen = {key}
    parent = finding.parent
    while parent is not None:
        assert parent not in seen, "parents go in a circle"
        seen.add(parent)
        above = CATALOGUE.findings[parent]
        context = finding.kind in CONTEXT_KINDS
        assert (above.kind in CONTEXT_KINDS) == context, "a finding cannot hang below a context"
        own, base = CATALOGUE.probability(finding.background), CATALOGUE.probability(above.background)
        assert own <= base, f"commoner than its parent {parent}"
        parent = above.parent
    assert finding.question == "" or finding.question.endswith("?")


@pytest.mark.parametrize("key", list(CATALOGUE.analytes))
def test_analyte(key: str) -> None:
    analyte = CATALOGUE.analytes[key]
    low, high = analyte.plausible
    assert low < high
    for limit in (analyte.low, analyte.high, analyte.severe_low, analyte.severe_high):
        assert limit is None or low <= limit <= high
    assert analyte.units.get(analyte.unit.lower()) == 1.0, "the SI unit itself must be accepted"
    assert analyte.spread > 0


def test_every_source_is_cited() -> None:
    text = "".join(p.read_text("utf-8") for p in DATA.rglob("*.toml") if p.parent.name != "sources")
    assert [key for key in CATALOGUE.sources if f'"{key}"' not in text] == []


def test_a_dangling_reference_is_named() -> None:
    tables = read_tables(DATA)
    tables["causes"]["als"]["family"] = "no_such_family"
    with pytest.raises(CatalogueError, match=r"als\.toml: unknown family 'no_such_family'"):
        build(tables)


def test_a_misspelled_field_is_named() -> None:
    tables = read_tables(DATA)
    tables["causes"]["als"]["sumary"] = "x"
    with pytest.raises(CatalogueError, match=r"causes\.als\.sumary"):
        build(tables)


def test_fingerprint_changes_with_any_table(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1")
    before = fingerprint(tmp_path)
    (tmp_path / "a.toml").write_text("x = 2")
    assert fingerprint(tmp_path) != before
