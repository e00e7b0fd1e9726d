"""Dangers told in everyday words are never called calm, and what only sounds like one is not made urgent.

``data/dangers.tsv`` was written for this by hand, each level in it judged; "calm" may be up to "soon".
"""

from __future__ import annotations

from pathlib import Path

import pytest

from whytwitch.case import Case, Observation, read_text
from whytwitch.knowledge import load
from whytwitch.reasoning import LEVELS, rank

DATA = Path(__file__).parent / "data" / "dangers.tsv"
CATALOGUE = load()
ROWS = [line.split("\t") for line in DATA.read_text("utf-8").splitlines()[1:]]


def level_of(text: str) -> int:
    return LEVELS.index(rank(read_text(text, CATALOGUE)).urgency.level)


@pytest.mark.parametrize(("level", "text"), [row for row in ROWS if row[0] != "calm"])
def test_a_danger_is_at_least_as_urgent(level: str, text: str) -> None:
    assert level_of(text) >= LEVELS.index(level)


@pytest.mark.parametrize("text", [text for level, text in ROWS if level == "calm"])
def test_what_only_sounds_like_danger_is_calm(text: str) -> None:
    assert level_of(text) <= LEVELS.index("soon")


@pytest.mark.parametrize(
    ("value", "level"), [("sugar is 30", "urgent"), ("sugar is 2", "emergency"), ("sugar is 90", "routine")]
)
def test_a_value_without_a_unit_counts_where_every_unit_is_dangerous(value: str, level: str) -> None:
    assert level_of(f"My {value} and my calf twitches.") == LEVELS.index(level)


def test_a_place_that_twitches_speaks_against_another() -> None:
    def chance(text: str, cause: str) -> float:
        return rank(read_text(text, CATALOGUE)).probabilities[cause]

    somewhere = chance("A muscle twitches.", "eyelid_myokymia")
    assert chance("My calf twitches.", "eyelid_myokymia") < 0.5 * somewhere
    assert chance("My calf and my eyelid twitch.", "eyelid_myokymia") > 2 * somewhere
    everywhere = chance("My calf twitches, and everything else twitches all over.", "eyelid_myokymia")
    assert everywhere > chance("My calf twitches.", "eyelid_myokymia")


def test_answers_leave_the_other_places_open() -> None:
    told = Case(observations=(Observation(id="twitch_calf"),))
    story = told.model_copy(update={"text": "My calf twitches."})
    assert rank(told).probabilities["eyelid_myokymia"] > rank(story).probabilities["eyelid_myokymia"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("When I was 8 I had a seizure.", False),
        ("Had a fit as a toddler with fever, that was 40 years ago.", False),
        ("A jellyfish sting at the beach in 2018.", False),
        ("When I was driving home I had a seizure.", True),
        ("My mother died two years ago and today I had a seizure.", True),
        ("I have epilepsy since 2015, seizures weekly.", True),
        ("For years my back hurts, and I had a seizure.", True),
    ],
)
def test_what_is_over_is_told_from_what_is_not(text: str, told: bool) -> None:
    present = {o.id for o in read_text(text, CATALOGUE).observations if o.status == "present"}
    assert bool(present & {"seizures", "marine_sting"}) == told


def test_a_story_told_for_another_is_theirs() -> None:
    for text in (
        "We think grandad took rat poison, his back arches.",
        "wife suddenly can't walk straight, sees double",
    ):
        assert level_of(text) >= LEVELS.index("urgent")
    family = read_text("My calf twitches. My grandad had seizures and died of a stroke.", CATALOGUE)
    assert all(o.id != "seizures" for o in family.observations)
