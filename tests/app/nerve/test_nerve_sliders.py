"""From controls to changes and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.app.nerve._sliders import controls
from whytwitch.case import Case, CaseError, read_text
from whytwitch.knowledge import load

WORDS = (
    "My calf has been twitching for 3 weeks. I am 45. potassium 3.2 mmol/L, calcium 2.1 mmol/L, magnesium "
    "0.6 mmol/L. I take hydrochlorothiazide."
)
CASE = read_text(WORDS, load())


def test_an_untouched_form_changes_nothing() -> None:
    """What the page sends back as it stood is no change, though fields hold rounded values."""
    shown = controls(CASE, load(), {}, ())
    sent = {one.id: one.text for one in shown.sliders} | {"form": "1"}
    back = controls(CASE, load(), sent, tuple(one.id for one in shown.switches))
    assert back.changes.is_empty


def test_back_to_today_is_no_change() -> None:
    """The page puts back what each control said it starts from, whatever was moved before."""
    moved = controls(CASE, load(), {"potassium": "4.4", "magnesium": "1.1", "coffee": "3"}, ())
    assert not moved.changes.is_empty
    sent = {one.id: one.start_text for one in moved.sliders} | {"coffee": "", "form": "1"}
    assert controls(CASE, load(), sent, tuple(one.id for one in moved.switches)).changes.is_empty


def test_one_kind_of_calcium_is_shown() -> None:
    with_total = {one.id for one in controls(CASE, load(), {}, ()).sliders}
    assert "calcium" in with_total
    assert "ionized_calcium" not in with_total
    nobody = {one.id for one in controls(Case(), load(), {}, ()).sliders}
    assert "ionized_calcium" in nobody
    assert "calcium" not in nobody


def test_every_slider_holds_its_own_values() -> None:
    for case in (CASE, Case(), read_text("potassium 8.6 mmol/L, sodium 104 mmol/L", load())):
        for one in controls(case, load(), {}, ()).sliders:
            assert one.low <= one.start <= one.high
            assert 0 <= one.band[0] < one.band[1] <= 100
            assert one.mark is None or 0 <= one.mark <= 100


def test_what_moves_nothing_says_why() -> None:
    still = [one for one in controls(CASE, load(), {}, ()).sliders if not one.moves]
    assert {"sodium"} <= {one.id for one in still}
    assert all(one.why for one in still)


def test_a_drug_that_is_switched_off_is_left_out() -> None:
    off = controls(CASE, load(), {"form": "1"}, ())
    assert off.changes.stop == ("hydrochlorothiazide",)
    assert [one.on for one in off.switches] == [False]


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_clear_error(text: str) -> None:
    try:
        changes = controls(CASE, load(), {"potassium": text}, ()).changes
    except CaseError as error:
        assert "potassium" in str(error)
    else:
        assert all(isinstance(value, float) for value in changes.values.values())


def test_coffee_is_cups() -> None:
    assert controls(CASE, load(), {"coffee": "2"}, ()).changes.caffeine_cups == 2
    with pytest.raises(CaseError, match="caffeine"):
        controls(CASE, load(), {"coffee": "-1"}, ())
