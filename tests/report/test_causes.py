from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from whytwitch.knowledge import Catalogue
from whytwitch.report import _phrases as say
from whytwitch.report import cause_report, causes_report, search_causes

Show = Callable[..., str]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("low calcium", "hypocalcemia"),
        ("hypocalcaemia", "hypocalcemia"),
        ("lou gehrig", "als"),
        ("ALS", "als"),
        ("cofee", "caffeine_excess"),
        ("anxeity", "anxiety_stress"),
        ("parkinsons", "parkinson_disease"),
        ("lasix", "loop_diuretic"),
        ("eyelid", "eyelid_myokymia"),
        ("kidny disease", "chronic_kidney_disease"),
    ],
)
def test_search_finds(catalogue: Catalogue, query: str, first: str) -> None:
    assert search_causes(query, catalogue)[0].id == first


def test_an_exact_name_is_that_cause_alone(catalogue: Catalogue) -> None:
    for cause in catalogue.causes.values():
        assert cause in search_causes(cause.name, catalogue)
        assert len(search_causes(cause.name, catalogue)) <= 2


def test_every_phrase_of_the_article_leads_to_its_cause(catalogue: Catalogue) -> None:
    for cause in catalogue.causes.values():
        for phrase in cause.article_phrases:
            assert cause in search_causes(phrase, catalogue), phrase


def test_no_query_lists_all_and_nonsense_finds_nothing(catalogue: Catalogue) -> None:
    assert len(search_causes("", catalogue)) == len(catalogue.causes)
    assert search_causes("qqqqq zzzzz", catalogue) == []
    assert search_causes("the of my", catalogue) == []


def test_the_list_names_every_cause_by_family(catalogue: Catalogue, show: Show) -> None:
    text = show(causes_report(list(catalogue.causes.values()), catalogue), 90)
    for cause in catalogue.causes.values():
        assert cause.id in text
    for family in catalogue.families.values():
        assert family.plain in text


def test_a_search_says_what_it_found(catalogue: Catalogue, show: Show) -> None:
    found = search_causes("calcium", catalogue)
    text = flat(show(causes_report(found, catalogue, query="calcium"), 90))
    assert say.FOUND.format(query="calcium", count=len(found)) in text


@pytest.mark.parametrize("expert", [False, True])
@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_line_is_wider_than_the_terminal(
    catalogue: Catalogue, show: Show, width: int, expert: bool
) -> None:
    things = [causes_report(list(catalogue.causes.values()), catalogue, expert=expert)]
    things += [cause_report(catalogue.causes[k], catalogue, expert=expert) for k in ("hypocalcemia", "als")]
    for thing in things:
        assert max(cell_len(line.rstrip()) for line in show(thing, width).splitlines()) <= min(width, 100)


@pytest.mark.parametrize("expert", [False, True])
def test_one_cause_cites_what_it_lists(catalogue: Catalogue, show: Show, expert: bool) -> None:
    for cause in catalogue.causes.values():
        text = flat(show(cause_report(cause, catalogue, expert=expert), 100))
        assert (cause.name if expert else cause.plain_name) in text
        body, _, sources = text.partition(f" {say.SOURCES} ")
        cited = {int(n) for group in re.findall(r"\[(\d+(?:, \d+)*)\]", body) for n in group.split(", ")}
        listed = {int(n) for n in re.findall(r"(?:^|\s)(\d{1,2})\. (?=[A-Z0-9“\"(a-z])", sources)}
        assert cited <= listed or not sources
        assert say.DISCLAIMER in text


def test_lay_and_expert_differ(catalogue: Catalogue, show: Show) -> None:
    cause = catalogue.causes["hypocalcemia"]
    lay = flat(show(cause_report(cause, catalogue), 100))
    expert = flat(show(cause_report(cause, catalogue, expert=True), 100))
    assert flat(cause.mechanism.plain) in lay
    assert flat(cause.mechanism.precise) in expert
    assert "very common" in expert
