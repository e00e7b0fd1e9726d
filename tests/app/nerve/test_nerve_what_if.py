"""The what-if of a person over its addresses: the same numbers as from Python, and never a bare failure."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from whytwitch.app.nerve._curves import PANELS, bands, lines, normal_axon, traces_of, words
from whytwitch.app.nerve._emg import BASE_PER_MIN, MOST_PER_MIN, drawn, units
from whytwitch.app.nerve._ready import Warmth
from whytwitch.app.nerve._what_if import Latest
from whytwitch.case import read_text
from whytwitch.knowledge import load
from whytwitch.physiology import Axon, excite
from whytwitch.physiology.ions import Bath
from whytwitch.reasoning import Changes, what_if

Opened = Callable[..., str]


def test_the_number_is_that_of_a_what_if(client: TestClient, opened: Opened) -> None:
    words = "My calf twitches. potassium 3.2 mmol/L"
    found = what_if(read_text(words, load()), Changes(values={"potassium": 3.8}))
    brief = what_if(read_text(words, load()), Changes(values={"potassium": 3.8}), brief=True)
    assert brief.change == found.change
    assert brief.after == found.after
    answer = client.get(f"/cases/{opened(words)}/what-if/rate?potassium=3.8").json()
    assert answer["state"] == "potassium=3.8"
    assert answer["short"].startswith("With the change it would twitch")
    assert answer["short"] in answer["html"]
    assert answer["emg"] == drawn(found)


def test_the_page_answers_without_a_script(client: TestClient, opened: Opened) -> None:
    page = client.get(f"/cases/{opened()}/what-if?form=1&potassium=3.8&drug=hydrochlorothiazide").text
    assert "With the change it would twitch" in page
    assert 'data-now="te" d="M' in page
    assert page.index('id="soon"') < page.index('id="number"')
    assert "not advice" in page


def test_a_drug_left_out_moves_no_number_and_says_so(client: TestClient, opened: Opened) -> None:
    answer = client.get(f"/cases/{opened()}/what-if/rate?form=1").json()
    assert "moves no number" in answer["html"]
    assert "--set" not in answer["html"]


def test_a_low_value_that_calms_the_model_is_no_reason_to_leave_it(
    client: TestClient, opened: Opened
) -> None:
    answer = client.get(
        f"/cases/{opened('My calf twitches. potassium 2.9 mmol/L')}/what-if/rate?potassium=4.2"
    )
    assert "It can still harm" in answer.json()["html"]
    assert "Fewer twitches are not the aim" in answer.json()["html"]


def test_no_values_no_number(client: TestClient, opened: Opened) -> None:
    key = opened("My eyelid twitches.")
    assert "can be put into numbers yet" in client.get(f"/cases/{key}/what-if").text
    assert client.get(f"/cases/{key}/what-if/rate?potassium=4.6").json()["emg"]["per_min"] > BASE_PER_MIN


def test_a_nerve_beyond_a_rate_is_told_in_words(client: TestClient, opened: Opened) -> None:
    answer = client.get(f"/cases/{opened()}/what-if/rate?potassium=9.8").json()
    assert answer["emg"]["manner"] in ("blocked", "fires", "outside")
    assert "no number" in answer["html"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        ["potassium", "calcium", "magnesium", "ph", "temperature", "coffee", "n", "page", "drug"]
    ),
    st.one_of(
        st.text(max_size=12), st.floats(allow_nan=True).map(str), st.sampled_from(["1e309", "4,2", "٣"])
    ),
)
def test_nothing_that_is_asked_breaks_it(client: TestClient, opened: Opened, name: str, value: str) -> None:
    response = client.get(f"/cases/{opened()}/what-if/rate", params={name: value, "form": "1"},
                          headers={"accept": "application/json"})  # fmt: skip
    assert response.status_code in (200, 422)
    body = json.loads(response.text, parse_constant=lambda text: pytest.fail(text))
    assert "nan" not in str(body.get("emg")).lower()
    if response.status_code == 422:
        assert body["detail"]


def test_an_older_question_is_left_out(client: TestClient, opened: Opened) -> None:
    key = opened()
    assert client.get(f"/cases/{key}/what-if/curves?page=a&n=5").status_code == 200
    assert client.get(f"/cases/{key}/what-if/curves?page=a&n=4").status_code == 204
    assert client.get(f"/cases/{key}/what-if/curves?page=b&n=4").status_code == 200


def test_only_so_many_pages_are_kept_in_mind() -> None:
    latest = Latest()
    for k in range(2000):
        latest.seen(str(k), 1)
    assert latest.is_old("1999", 0)
    assert not latest.is_old("0", 0)


@settings(max_examples=8, deadline=None)
@given(
    st.builds(
        Bath,
        potassium_mmol_l=st.floats(2.5, 6.0),
        ionized_calcium_mmol_l=st.floats(0.8, 1.5),
        ph=st.floats(7.2, 7.6),
        temperature_c=st.floats(30.0, 36.0),
    )
)
def test_curves_are_those_of_the_whole_test(bath: Bath) -> None:
    """Fewer points, but each where the whole protocol has it."""
    axon = Axon(bath=bath)
    whole, found = excite(axon).curves, traces_of(axon)
    assert not isinstance(found, str)
    for name, (x, y) in found.items():
        full = dict(zip(*(row.tolist() for row in whole[name]), strict=True))
        assert sum(at in full for at in x) >= 4
        for at, value in zip(x, y, strict=True):
            if at in full:
                # Thresholds are bisected to 0.05 % from another guess.
                assert value == pytest.approx(full[at], abs=0.08)


def test_the_normal_nerve_lies_in_the_band() -> None:
    assert words(normal_axon()).count("inside the gray band") == len(PANELS)
    assert set(bands()) == set(lines(normal_axon())) == {panel.id for panel in PANELS}


def test_a_nerve_that_cannot_be_tested_says_why() -> None:
    dead = Axon(transient_sodium=0.05)
    assert set(lines(dead).values()) == {""}
    assert "cannot be done" in words(dead)


def test_what_is_left_out_is_asked_for_side_by_side(client: TestClient, opened: Opened) -> None:
    """The number and the curves of one state do not make each other old."""
    key = opened()
    assert client.get(f"/cases/{key}/what-if/rate?page=a&n=2").status_code == 200
    assert client.get(f"/cases/{key}/what-if/curves?page=a&n=1").status_code == 200


def test_shapes_are_of_units_that_a_needle_sees() -> None:
    known = units()
    assert 3 <= len(known["units"]) <= 6
    sizes = [max(row) - min(row) for row in known["units"]]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    assert sum(map(len, known["units"])) < 2500


def test_what_is_drawn_never_exceeds_the_picture() -> None:
    found = what_if("ionized calcium 0.7 mmol/L", brief=True)
    assert 0 < drawn(found)["per_min"] <= MOST_PER_MIN


def test_a_count_is_where_the_drawing_starts() -> None:
    case = read_text("potassium 4.0 mmol/L", load())
    found = what_if(case, Changes(values={"potassium": 4.4}), per_min=3.0, brief=True)
    assert found.anchor is not None
    assert drawn(found)["per_min"] == pytest.approx(found.anchor.after_per_min)


def test_a_model_that_does_not_start_says_so() -> None:
    def broken() -> None:
        raise OSError("no room")

    warmth = Warmth(broken)
    assert warmth.wait(5.0)
    assert warmth.error == "no room"
