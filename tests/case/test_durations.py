"""Whose time is told: that of the complaint, not of one twitch, a drug, or something long ago."""

from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("My leg twitches. It began several days ago.", 4),
        ("Cramps. Symptoms started three weeks earlier.", 21),
        ("My calf twitches. This has gone on since spring.", 180),
        ("Weakness over six months.", 182), ("He develops within six months a weakness of the arms.", 182),
        ("Healthy until February, he develops weakness; by August he is weak.", 182),
        ("He comes with eight hours of cramps.", 1 / 3), ("A week of numbness.", 7),
        ("For two weeks a muscle in my eyelid ticks.", 14), ("Twitching in the last week.", 7),
        ("Twitching since last night.", 0.7), ("This morning my leg started twitching.", 0.4),
        ("I'm 40 and my calf has twitched all my life.", 37 * 365.25),
        ("I'm 40, it has twitched for as long as I remember.", 34 * 365.25),
        ("He has had cramps for decades.", 7300), ("Twitching for a couple of weeks.", 14),
        ("My calf has been jumping since I started cycling to work last week.", 7),
        ("Eyelid twitching three days now.", 3), ("Calf twitching, been going on 6 mths.", 182),
        ("I took diazepam today. My hands tremble.", 0.5),
        ("He has had twitching for nine months. 20 years ago he was treated for a cancer.", 274),
    ],
)  # fmt: skip
def test_of_the_complaint(text: str, days: float, read: Read) -> None:
    assert read(text).duration_days == pytest.approx(days, rel=0.02)


@pytest.mark.parametrize(
    "text",
    [
        "Twitching that lasts two to three seconds.", "Cramps, each spell 20 minutes.",
        "One twitch of two seconds is seen.", "Stable for 20 years on lithium, he now has tremor.",
        "Cramps. Pulse 120/min.", "He has cramps. 20 years ago he was treated for a cancer.",
        "Followed for 3 years, he has cramps.", "My calf has twitched all my life.",
        "He has taken diazepam for 10 years and now has cramps.", "A 30-year-old with cramps.",
        "Cramps. Five months later he was well.",
    ],
)  # fmt: skip
def test_of_something_else(text: str, read: Read) -> None:
    assert read(text).duration_days is None


def test_the_words_count_as_read(read: Read) -> None:
    assert not read("Cramps. It began several days ago.").not_understood
