"""The second reader, of bare words: it withholds a calm answer, and does nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.case import Case, Observation, read_text
from whytwitch.knowledge import load
from whytwitch.reasoning import LEVELS, alarm_features, rank
from whytwitch.reasoning._alarm import alarm

CATALOGUE = load()
ODD = "dusky blotches, he swallowed the descaler and is floppy and gurgling"
"""A danger of which the patterns read little."""


def features(text: str) -> set[str]:
    return {feature for feature, _ in alarm_features(text)}


def test_words_are_marked_up_to_the_next_stop_after_a_denial() -> None:
    assert {"not fever", "not sweat"} <= features("no fever or sweats, weak")
    assert "weak" in features("no fever or sweats, weak") - {"not weak"}
    assert "not swallow" not in features("I cannot swallow")


def test_numbers_are_known_by_their_size() -> None:
    assert features("potassium 7.1") & features("potassium 6.2") >= {"#10", "potassium #10"}


@given(st.text(max_size=300))
def test_any_text_has_a_probability(text: str) -> None:
    heard = alarm(text)
    assert 0.0 < heard.probability < 1.0
    assert len(heard.words) <= 4


@pytest.mark.parametrize(
    "calm", ["My calf twitches after the gym, I am fine.", "eyelid twitch, too much coffee"]
)
def test_an_everyday_twitch_sounds_calm_and_a_danger_does_not(calm: str) -> None:
    assert alarm(calm).probability < 0.4 < 0.8 < alarm(ODD).probability


def test_it_only_raises_and_is_lifted_when_every_danger_sign_is_answered() -> None:
    silent = Case(observations=(Observation(id="twitching"),))
    told = silent.model_copy(update={"text": ODD})
    before, after = rank(silent).urgency, rank(told).urgency
    assert LEVELS.index(after.level) > LEVELS.index(before.level)
    assert after.flags[0].id == "alarm_words"
    assert all(word in after.flags[0].plain for word in alarm(ODD).words)
    assert after.from_rules == before.from_rules
    denied = tuple(Observation(id=key, status="absent") for key in after.not_ruled_out)
    answered = told.model_copy(update={"observations": (*told.observations, *denied)})
    assert all(flag.id != "alarm_words" for flag in rank(answered).urgency.flags)


def test_a_grave_rule_needs_no_second_reader() -> None:
    urgency = rank(read_text("My face droops and I cannot speak since an hour.", CATALOGUE)).urgency
    assert urgency.level == "emergency"
    assert all(flag.id != "alarm_words" for flag in urgency.flags)
