"""What a diary says of a person: with dates, and never less urgent for one more entry."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.diary.builders import CATALOGUE, at, on

from whytwitch.app.diary import Entry, assess, diary_case
from whytwitch.app.diary._entry import NOTICED
from whytwitch.case import Observation
from whytwitch.reasoning import LEVELS


def seen(diary: list[Entry]) -> dict[str, Observation]:
    return {o.id: o for o in diary_case(diary, CATALOGUE).observations if o.implied_by is None}


def level(diary: list[Entry]) -> int:
    return LEVELS.index(assess(diary, CATALOGUE).urgency.level)


def test_places_become_findings_with_dates() -> None:
    found = seen([on(0, 3, places=[at("calf", "left")]), on(9, 1, places=[at("calf", "right")])])
    assert set(found) == {"twitching", "twitch_calf"}
    assert found["twitch_calf"].detail == "first noted on 1 March 2026, last on 10 March 2026, on 2 days"
    assert [p.side for p in found["twitch_calf"].places] == ["left", "right"]


def test_a_count_of_none_is_no_twitching_and_no_denial() -> None:
    assert seen([on(0, 0, places=[at("calf")]), on(1, daily="none", places=[at("calf")])]) == {}


def test_nothing_in_a_diary_is_a_no() -> None:
    case = diary_case([on(0, 2, places=[at("calf")]), on(1, bother=0)], CATALOGUE)
    assert {o.status for o in case.observations} == {"present"}
    assert case.duration_days is None


def test_new_weakness_is_found_with_its_day_and_needs_a_doctor() -> None:
    calm = [on(i, 2, places=[at("calf")]) for i in range(5)]
    weak = [*calm, on(20, 2, noticed=("hand_weakness",))]
    assert seen(weak)["hand_weakness"].detail == "noted on 21 March 2026"
    assert level(calm) < LEVELS.index("soon") <= level(weak)
    assert level([*calm, on(20, noticed=("weakness_rapid",))]) == LEVELS.index("emergency")


def test_weakness_that_spreads_over_weeks_is_progressive() -> None:
    within = [on(0, noticed=("hand_weakness",)), on(13, noticed=("leg_weakness",))]
    assert "weakness_progressive" not in seen(within)
    spread = [on(0, noticed=("hand_weakness",)), on(14, noticed=("dysarthria",))]
    assert seen(spread)["weakness_progressive"].detail.endswith(
        "arms from 1 March 2026, speech from 15 March 2026"
    )


def test_twitching_in_arms_legs_and_elsewhere_is_widespread() -> None:
    diary = [on(0, 1, places=[at("calf")]), on(5, 1, places=[at("thumb")])]
    assert "twitch_generalized" not in seen(diary)
    found = seen([*diary, on(9, 1, places=[at("eyelid")])])
    assert found["twitch_generalized"].detail == (
        "noted in legs from 1 March 2026, arms from 6 March 2026, head or trunk from 10 March 2026"
    )


def test_a_habit_is_one_from_the_third_day() -> None:
    cups = [on(i, 1, triggers={"coffee_cups": 6}) for i in range(3)]
    assert "caffeine_high" not in seen(cups[:2])
    assert "caffeine_high" in seen(cups)


def test_a_rising_count_is_said_and_does_not_raise_the_alarm() -> None:
    rising = [on(2 * i, 2 + 2 * i, 5.0, places=[at("calf")]) for i in range(20)]
    assert "more often" in seen(rising)["twitching"].detail
    assert level(rising) == level(rising[:1])


def test_findings_and_places_of_another_catalogue_are_passed_over() -> None:
    assert set(seen([on(0, 1, places=[at("tail")], noticed=("old_finding",))])) == {"twitching"}


few_places = st.sampled_from(["calf", "thumb", "eyelid", "tongue", "back", "whole_body"])
small = st.builds(
    lambda day, site, noticed, cups: on(
        day, 1, places=[at(site)], noticed=noticed, triggers={"coffee_cups": cups}
    ),
    st.integers(0, 60),
    few_places,
    st.lists(st.sampled_from(NOTICED), max_size=2).map(tuple),
    st.sampled_from([None, 1, 6]),
)


@settings(max_examples=6, deadline=None)
@given(st.lists(small, min_size=2, max_size=5))
def test_no_entry_ever_lowers_the_urgency(diary: list[Entry]) -> None:
    levels = [level(part) for part in accumulate([[e] for e in diary])]
    assert levels == sorted(levels)


def test_an_emergency_asks_nothing_more() -> None:
    answer = assess([on(0, noticed=("weakness_rapid",)), on(1, 2, places=[at("eyelid")])], CATALOGUE)
    assert answer.urgency.level == "emergency"
    assert answer.next_question is None
