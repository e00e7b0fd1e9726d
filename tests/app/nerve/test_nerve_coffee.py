"""Where the slider for coffee starts: at what the person said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from whytwitch.app.nerve._sliders import controls
from whytwitch.case import Observation, cups_a_day, read_text
from whytwitch.knowledge import load

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pytest.mark.parametrize(
    ("words", "cups"),
    [
        ("My eyelid twitches. I drink five coffees a day.", 5),
        ("My calf twitches and I have 3 cups of coffee a day", 3),
        ("two espressos and two teas every day, eyelid twitching", 2),
        ("I take 600 mg caffeine a day and my arm twitches", 6),
        ("A pot of coffee daily, twitching calves", 6),
        ("I used to drink 8 coffees a day. My calf twitches", None),
        ("My wife drinks six coffees a day. My calf twitches", None),
        ("My eyelid twitches. I drink coffee.", None),
    ],
)
def test_coffee_starts_at_what_was_said(words: str, cups: int | None) -> None:
    case = read_text(words, load())
    found = controls(case, load(), {}, ())
    assert found.coffee.start == cups
    assert found.coffee.at == ("" if cups is None else str(cups))
    # Sent back as it stands, it changes nothing.
    assert controls(case, load(), {"coffee": found.coffee.at, "form": "1"}, ()).changes.is_empty


@given(st.integers(1, 10), st.booleans(), st.integers(0, 20))
def test_any_number_of_coffees(cups: int, spelled: bool, asked: int) -> None:
    count = NUMBERS[cups] if spelled else str(cups)
    case = read_text(f"My eyelid twitches. I drink {count} cups of coffee a day.", load())
    found = controls(case, load(), {"coffee": str(asked)}, ())
    assert found.coffee.start == cups
    assert found.changes.caffeine_cups == (None if asked == cups else asked)


def test_more_than_the_slider_makes_it_longer() -> None:
    found = controls(read_text("twenty coffees a day, eyelid twitches", load()), load(), {}, ())
    assert (found.coffee.start, found.coffee.most) == (20, 20)


def test_what_was_taken_back_is_not_started_from() -> None:
    case = read_text("My eyelid twitches. I drink five coffees a day.", load())
    without = tuple(o for o in case.observations if o.id != "caffeine_high")
    assert cups_a_day(case.model_copy(update={"observations": without})) is None
    denied = (*without, Observation(id="caffeine_high", status="absent"))
    assert cups_a_day(case.model_copy(update={"observations": denied})) is None


def test_the_page_shows_it(client: TestClient, opened: Callable[..., str]) -> None:
    page = client.get(f"/cases/{opened('My eyelid twitches. I drink five coffees a day.')}/what-if").text
    assert 'name="coffee" value="5"' in page
    assert "yours: 5." in page
    assert 'name="coffee" value=""' in client.get(f"/cases/{opened('My eyelid twitches.')}/what-if").text
