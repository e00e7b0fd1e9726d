from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


def places(case: Case, item: str) -> set[tuple[str, str | None]]:
    return {(p.site, p.side) for o in case.observations if o.id == item for p in o.places}


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        ("My left calf twitches.", "twitching", {("calf", "left")}),
        ("Twitching of the arms, trunk and face.", "twitching",
         {("arm", None), ("trunk", None), ("face", None)}),
        ("Weakness and wasting of both hands.", "weakness", {("hand", "both")}),
        ("Weakness and wasting of both hands.", "muscle_wasting", {("hand", "both")}),
        ("The calf is thinner and flickers.", "twitching", {("calf", None)}),
        ("Pins in both legs, and cramps.", "cramps", set()),
        ("Numb feet; cramps.", "cramps", set()),
        ("The first dorsal interosseous twitches.", "twitching", {("hand", None)}),
        ("Weakness and wasting of the arms.", "weakness", {("arm", None)}),
        ("Cramps in the foot on the left.", "cramps", {("foot", "left")}),
        ("My legs hurt but the arm is weak.", "weakness", {("arm", None)}),
        ("A disorder of eye movements with weakness.", "weakness", set()),
        ("My left hand is weak, and it twitches.", "twitching", {("hand", "left")}),
        ("My left calf hurts. It twitches at night.", "twitching", {("calf", "left")}),
        ("My calf hurts and my hand hurts. It twitches.", "twitching", set()),
        ("My calf hurts. It is my arm that twitches.", "twitching", {("arm", None)}),
        ("I had a cold. It twitches.", "twitching", set()),
    ],
)  # fmt: skip
def test_sites(text: str, item: str, expected: set[tuple[str, str | None]], read: Read) -> None:
    assert places(read(text), item) == expected


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("My calf twitches.", "twitch_calf"), ("Fasciculations of the gastrocnemius.", "twitch_calf"),
        ("Weak thumb.", "hand_weakness"), ("My left eyelid has twitched for three days.", "twitch_eyelid"),
        ("Weakness of the feet", "leg_weakness"),
    ],
)  # fmt: skip
def test_findings_of_a_site(text: str, item: str, read: Read) -> None:
    assert any(o.id == item and o.status == "present" for o in read(text).observations)
