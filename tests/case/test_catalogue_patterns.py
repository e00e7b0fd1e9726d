"""Every pattern of the shipped catalogue is well formed."""

from collections.abc import Iterator

import pytest

from whytwitch.case._patterns import parse
from whytwitch.case._variants import faults, variants
from whytwitch.knowledge import load


def patterns() -> Iterator[tuple[str, str]]:
    catalogue = load()
    for key, finding in catalogue.findings.items():
        yield from ((key, raw) for raw in (*finding.patterns, *finding.absent_patterns))
    for key, analyte in catalogue.analytes.items():
        yield from ((key, raw) for raw in analyte.patterns)
    for key, drug in catalogue.drugs.items():
        yield from ((key, raw) for raw in drug.patterns)
    for key, site in catalogue.sites.items():
        yield from ((key, raw) for raw in site.words)


def test_every_pattern_parses() -> None:
    wrong: list[str] = []
    for key, raw in patterns():
        try:
            for variant in variants(raw):
                parse(variant)
        except ValueError as error:
            wrong.append(f"{key}: {error}")
        if fault := faults(raw):
            wrong.append(f"{key}: {fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("a (b|c", "not closed"), ("a b)", "closes nothing"), ("a|b", "outside"), ("[a) b", "closes nothing"),
        ("a [b] (c|d) ~4 e & @hand", ""), ("a (b|of (d|e))", ""), ("a (b ~ c|d)", ""), ("a (b & c|d)", ""),
    ],
)  # fmt: skip
def test_faults(raw: str, says: str) -> None:
    assert says in faults(raw)
    assert bool(faults(raw)) == bool(says)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("a (b|c) d", {"a (b|c) d"}),
        ("a (b|c ~ d|e) f", {"a (b|e) f", "a c ~ d f"}),
        ("a (b|of (c|d))", {"a (b)", "a of (c|d)"}),
        ("a [b ~ c] d", {"a d", "a b ~ c d"}),
        ("a (in @hand|b) [c|d]", {"a in @hand [c|d]", "a (b) [c|d]"}),
    ],
)
def test_variants(raw: str, plain: set[str]) -> None:
    assert {" ".join(variant.split()) for variant in variants(raw)} == plain
