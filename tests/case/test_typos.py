"""Slips of the pen in common words."""

from collections.abc import Callable

import pytest

from whytwitch.case import Case
from whytwitch.case._typos import WORDS, slip_of

Read = Callable[[str], Case]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("twiching", "twitching"), ("mucle", "muscle"), ("eyelied", "eyelid"), ("weekness", "weakness"),
        ("spazms", "spasms"), ("tounge", "tongue"), ("cafeine", "caffeine"), ("anxeity", "anxiety"),
        ("brething", "breathing"), ("camping", None), ("shallow", None), ("meditation", None),
        ("weaver", None), ("finder", None), ("cramps", None), ("xyzzy", None), ("walking", None),
    ],
)  # fmt: skip
def test_slips(written: str, meant: str | None) -> None:
    assert slip_of(written) == meant


def test_every_word_is_long() -> None:
    assert min(map(len, WORDS)) >= 6


def test_read_and_marked(read: Read) -> None:
    case = read("my mucle is twiching and weekness in the calf")
    found = {o.id: o for o in case.observations}
    assert found["twitching"].status == found["weakness"].status == "present"
    assert found["twitching"].detail == "read as twitching"
    span = found["weakness"].span
    assert span is not None
    assert span.text == "weekness"


def test_a_word_spelled_right_is_not_marked(read: Read) -> None:
    assert [o.detail for o in read("twitching").observations] == [""]
