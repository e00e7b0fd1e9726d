"""From words to an answer, without a script: every step is a form and a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from markupsafe import escape
from starlette.testclient import TestClient
from tests.app.pages import client

from whytwitch.app import Interview, restore
from whytwitch.app.person import _places
from whytwitch.case import CaseError, read_text
from whytwitch.knowledge import Catalogue
from whytwitch.report import body_zones

CAUSE = "caffeine_excess"
WORDS = (
    "My left eyelid has twitched for three days. Five coffees a day. I take hydrochlorothiazide. "
    "K 3.1 mmol/L."
)


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    with client() as made:
        yield made


@pytest.fixture
def case(page: TestClient) -> str:
    return opened(page, WORDS)


def opened(page: TestClient, words: str) -> str:
    answer = page.post("/cases", data={"words": words}, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- words ----------------------------------------------------------------------------------------


def test_what_was_understood_is_shown(page: TestClient, case: str) -> None:
    shown = text_of(page.get(case).text)
    for part in (
        "A twitching eyelid",
        "left eyelid",
        "Hydrochlorothiazide",
        "Potassium: 3.1 mmol/l",
        "For 3 days",
    ):
        assert part.lower() in shown.lower()


def test_a_correction_changes_the_ranking_at_once(page: TestClient, case: str) -> None:
    before = page.get(f"{case}/answer.json").json()["ranking"]
    after = page.post(f"{case}/correct", data={"what": "caffeine_high", "set": "absent"})
    assert after.status_code == 200
    chance = {r["id"]: r["probability"] for r in page.get(f"{case}/answer.json").json()["ranking"]}
    was = {r["id"]: r["probability"] for r in before}
    assert chance[CAUSE] < was[CAUSE] / 2


@pytest.mark.parametrize(
    ("what", "value", "gone"),
    [
        ("drug:hydrochlorothiazide", "unknown", "Hydrochlorothiazide"),
        ("potassium", "unknown", "Potassium: 3.1"),
    ],
)
def test_drugs_and_values_can_be_taken_out(
    page: TestClient, case: str, what: str, value: str, gone: str
) -> None:
    assert gone in text_of(page.get(case).text)
    page.post(f"{case}/correct", data={"what": what, "set": value})
    assert gone not in text_of(page.get(case).text)


def test_a_value_can_be_changed_with_its_unit(page: TestClient, case: str) -> None:
    page.post(f"{case}/correct", data={"what": "potassium", "value": "4.2 mmol/L"})
    assert "Potassium: 4.2 mmol/l" in text_of(page.get(case).text)


def test_a_slip_in_a_correction_is_told_and_changes_nothing(page: TestClient, case: str) -> None:
    answer = page.post(f"{case}/correct", data={"what": "age", "value": "four hundred"})
    assert answer.status_code == 422
    assert "Type the age in years" in answer.text
    assert "3.1 mmol/l" in text_of(page.get(case).text)


def test_words_can_be_added(page: TestClient, case: str) -> None:
    page.post(f"{case}/say", data={"words": "My left calf twitches too, and I am 34."})
    shown = text_of(page.get(case).text)
    assert "left calf" in shown
    assert "left eyelid" in shown
    assert "Age 34" in shown


def test_where_it_is_asked_can_be_changed(page: TestClient, case: str) -> None:
    page.post(f"{case}/setting", data={"setting": "neurology"})
    assert page.get(f"{case}/answer.json").json()["setting"] == "neurology"
    assert re.search(r'value="neurology" checked', page.get(case).text)


def test_words_that_mean_nothing_are_quoted(page: TestClient) -> None:
    case = opened(page, "My calf twitches. Purple monkeys sing.")
    assert "<q>Purple monkeys sing</q>" in page.get(case).text


@pytest.mark.parametrize("words", ["<script>alert(1)</script> twitches", "{{ 7777*3 }} my calf twitches"])
def test_words_are_shown_as_words(page: TestClient, words: str) -> None:
    shown = page.get(opened(page, words)).text
    assert "<script>alert" not in shown
    assert "23331" not in shown


# --- the body map ---------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["front", "back", "face"])
def test_a_click_marks_every_place_and_a_second_one_takes_it_away(catalogue: Catalogue, view: str) -> None:
    for zone in body_zones()[view]:  # pyright: ignore[reportArgumentType]
        side = zone.side or ""
        once = _places.marked(Interview(catalogue=catalogue), zone.site, side, "twitch")
        marked = {(p.site, p.side or "") for o in once.case.observations for p in o.places}
        assert marked == {(zone.site, side)}, zone
        assert any(o.id.startswith("twitch") for o in once.case.observations)
        twice = _places.marked(once, zone.site, side, "none")
        assert not any(o.places for o in twice.case.observations)
        assert not any(o.id.startswith("twitch") for o in twice.case.observations)


def test_places_add_up_and_one_side_of_a_pair_can_go(catalogue: Catalogue) -> None:
    both = _places.marked(
        Interview(read_text("My eyelid twitches", catalogue), catalogue=catalogue), "calf", "both", "twitch"
    )
    one = _places.marked(both, "calf", "left", "none")
    places = {(p.site, p.side) for o in one.case.observations for p in o.places}
    assert places == {("eyelid", None), ("calf", "right")}


@pytest.mark.parametrize(
    "wrong", [("nowhere", "", "twitch"), ("calf", "up", "twitch"), ("calf", "left", "sings")]
)
def test_marks_that_cannot_be(catalogue: Catalogue, wrong: tuple[str, str, str]) -> None:
    with pytest.raises(CaseError):
        _places.marked(Interview(catalogue=catalogue), *wrong)


# --- questions ------------------------------------------------------------------------------------


def press_through(page: TestClient, case: str, most: int = 60) -> str:
    """Answer no, or pass, until the questions end; returns the last page."""
    for _ in range(most):
        shown = page.get(f"{case}/questions").text
        asked = re.search(r'name="question" value="([^"]+)"', shown)
        if not asked:
            return shown
        form = {"question": asked[1], "press": "no" if 'value="no"' in shown else "skip"}
        assert page.post(f"{case}/questions", data=form).status_code == 200
    raise AssertionError("the questions do not end")


def test_red_flags_come_first_and_the_questions_end(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    assert "Safety first" in page.get(f"{case}/questions").text
    last = press_through(page, case)
    assert "That is all I need to ask" in last or "That was" in last


def test_an_answer_to_a_question_no_longer_open_changes_nothing(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    asked = re.search(r'name="question" value="([^"]+)"', page.get(f"{case}/questions").text)
    assert asked
    page.post(f"{case}/questions", data={"question": asked[1], "press": "no"})
    second = page.get(f"{case}/case.json").text
    page.post(f"{case}/questions", data={"question": asked[1], "press": "yes"})
    assert page.get(f"{case}/case.json").text == second


def test_back_gives_the_case_as_it_was(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    before = page.get(f"{case}/case.json").text
    asked = re.search(r'name="question" value="([^"]+)"', page.get(f"{case}/questions").text)
    assert asked
    page.post(f"{case}/questions", data={"question": asked[1], "press": "unsure"})
    assert page.get(f"{case}/case.json").text != before
    page.post(f"{case}/back")
    assert page.get(f"{case}/case.json").text == before


def test_an_open_line_is_not_an_answer(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    shown = page.get(f"{case}/questions").text
    asked = re.search(r'name="question" value="([^"]+)"', shown)
    items = re.findall(r'name="(item-[^"]+)" value="yes"', shown)
    assert asked
    nothing = page.post(f"{case}/questions", data={"question": asked[1]})
    assert nothing.status_code == 422
    assert "None of these" in nothing.text
    page.post(f"{case}/questions", data={"question": asked[1], items[0]: "no"})
    said = {u["id"]: u["status"] for u in page.get(f"{case}/answer.json").json()["understood"]}
    assert said[items[0].removeprefix("item-")] == "absent"
    assert items[1].removeprefix("item-") not in said


def test_an_emergency_interrupts_and_can_be_taken_back(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    asked = re.search(r'name="question" value="([^"]+)"', page.get(f"{case}/questions").text)
    assert asked
    shown = page.post(f"{case}/questions", data={"question": asked[1], "press": "yes"}).text
    assert "Get medical help now" in shown
    assert "I stop asking here" in shown
    assert 'name="question"' not in shown
    assert "Safety first" in page.post(f"{case}/back").text


# --- the answer, and what can be taken along ------------------------------------------------------


def test_the_answer_says_what_the_report_says(page: TestClient, case: str) -> None:
    answer = page.get(f"{case}/answer").text
    kept = page.get(f"{case}/report.html").text
    for heading in re.findall(r"<h2[^>]*>([^<]+)</h2>", kept):
        assert heading in answer
    assert "likelihood" not in text_of(answer).lower()
    precise = text_of(page.get(f"{case}/answer", params={"expert": "1"}).text)
    assert "Posterior" in precise
    assert "Urgency rules" in precise


def test_a_saved_case_opens_again_as_it_was(page: TestClient, case: str, catalogue: Catalogue) -> None:
    saved = page.get(f"{case}/case.json")
    assert "attachment" in saved.headers["content-disposition"]
    interview, unknown = restore(saved.text, catalogue)
    assert not unknown
    again = page.post("/cases", files={"file": ("mine.json", saved.content)}, follow_redirects=False)
    new = again.headers["location"]
    assert (
        page.get(f"{new}/answer.json").json()["ranking"] == page.get(f"{case}/answer.json").json()["ranking"]
    )
    assert interview.case.labs


def test_fhir_is_a_bundle(page: TestClient, case: str) -> None:
    bundle = page.get(f"{case}/fhir.json").json()
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert {"QuestionnaireResponse", "RiskAssessment"} <= kinds


def test_a_closed_case_is_forgotten(page: TestClient) -> None:
    case = opened(page, "My calf twitches")
    page.post(f"{case}/close")
    gone = page.get(case)
    assert gone.status_code == 404
    assert "no longer open" in gone.text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("labs.csv", b"Test,Result,Unit\nPotassium,3.1,mmol/L\n", "Potassium: 3.1 mmol/l"),
        ("story.txt", b"My left calf twitches.", "left calf"),
        ("case.toml", b'text = "My left calf twitches."', "left calf"),
    ],
)
def test_files_are_read(page: TestClient, name: str, content: bytes, told: str) -> None:
    assert told in text_of(page.post("/cases", files={"file": (name, content)}).text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"MZ"), ("x.json", b"{"), ("x.json", b"[" * 5000), ("x.toml", b"= ="),
        ("x.txt", b"\xff\xfe"), ("x.json", json.dumps({"format": "whytwitch interview"}).encode("utf-16")),
        ("../../etc/passwd", b"root"), ("x.csv", b"1,2\n3,4\n"), ("x.json", json.dumps({"a": 1}).encode()),
    ],
)  # fmt: skip
def test_files_that_are_no_case_are_told_why(page: TestClient, name: str, content: bytes) -> None:
    answer = page.post("/cases", files={"file": (name, content)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


# --- the catalogue --------------------------------------------------------------------------------


def test_every_cause_has_its_page(page: TestClient, catalogue: Catalogue) -> None:
    for key, cause in catalogue.causes.items():
        shown = page.get(f"/causes/{key}")
        assert shown.status_code == 200, key
        precise = page.get(f"/causes/{key}", params={"expert": "1"}).text
        for phrase in cause.article_phrases:
            assert str(escape(phrase)) in shown.text, (key, phrase)
        assert cause.name.split("(")[0].strip()[:12].lower() in text_of(precise).lower(), key


def test_the_catalogue_can_be_searched_and_narrowed(page: TestClient, catalogue: Catalogue) -> None:
    found = page.get("/causes", params={"q": "water pill"}).text
    assert "/causes/thiazide" in found or "diuretic" in found
    mimics = page.get("/causes", params={"verdict": "mimic"}).text
    count = sum(c.verdict.answer == "mimic" for c in catalogue.causes.values())
    assert f"{count} causes" in text_of(mimics)
    assert "Nothing fits" in page.get("/causes", params={"q": "zzzzzz"}).text
