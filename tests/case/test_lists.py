"""Words of different list items are not tied together."""

from collections.abc import Callable

import pytest

from whytwitch.case import Case

Read = Callable[[str], Case]


def present(case: Case) -> set[str]:
    return {o.id for o in case.observations if o.status == "present" and o.implied_by is None}


@pytest.mark.parametrize(
    ("text", "item", "there"),
    [
        ("Thenar wasting, fasciculations in both arms.", "arm_wasting", False),
        ("Thenar wasting, fasciculations in both arms.", "twitch_arm", True),
        ("Wasting of the arms.", "arm_wasting", True),
        ("Wasting, weakness of the arms.", "arm_wasting", True),
        ("Weakness, intermittent trouble swallowing.", "weakness_episodic", False),
        ("Weakness that is intermittent.", "weakness_episodic", True),
        ("Reflexes normal, ankle jerks absent.", "hyporeflexia", True),
    ],
)
def test_gaps_stay_in_their_item(text: str, item: str, there: bool, read: Read) -> None:
    assert (item in present(read(text))) == there


@pytest.mark.parametrize(
    "text",
    ["Cramps. It happens fairly often through the day.", "Cramps. No drugs.",
     "Cramps. Each spell lasts a moment.", "It began several days ago. Cramps."],
)  # fmt: skip
def test_filler_is_not_reported_as_unread(text: str, read: Read) -> None:
    assert not read(text).not_understood


def test_content_is(read: Read) -> None:
    assert [s.text for s in read("Cramps. The pupils are wide.").not_understood] == ["The pupils are wide"]
