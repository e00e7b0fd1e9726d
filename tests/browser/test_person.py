"""A person's way through the page, at three widths, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit, each_look

WORDS = (
    "My left eyelid has twitched for three days. Five coffees a day. I take hydrochlorothiazide. "
    "K 3.1 mmol/L. Purple monkeys."
)
Open = Callable[..., Visit]


def begin(page: Page, words: str) -> None:
    page.get_by_label("Tell me about your twitch").fill(words)
    page.get_by_role("button", name="See what fits").click()
    expect(page.get_by_role("heading", name="Is this what you meant?")).to_be_visible()


@each_look
def test_from_words_to_an_answer(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.page
    here.check("start")
    begin(page, WORDS)
    here.check("understood")

    chip = page.locator("summary", has_text="coffee")
    chip.click()
    here.check("chip")
    page.locator("details[open] button", has_text="Not sure").click()
    expect(page.get_by_role("heading", name="Not sure")).to_be_visible()

    page.locator('#map .zone[data-site="calf"][data-side="left"]').click(force=True)
    expect(page.locator(".places")).to_contain_text("left calf")
    page.get_by_label("Add something").fill("I am 34.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("summary", has_text="Age 34")).to_be_visible()

    page.get_by_role("link", name="That is right, go on").click()
    here.check("question")
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_text("Question 2")).to_be_visible()
    page.get_by_text("Why this question?").click()
    page.get_by_role("button", name="Take back my last answer").click()
    expect(page.get_by_text("Question 1")).to_be_visible()

    page.get_by_role("link", name="Stop here and see the answer").click()
    expect(page.get_by_role("heading", name="What fits best")).to_be_visible()
    here.check("answer")
    page.get_by_role("link", name="Show precise terms and numbers").click()
    expect(page.get_by_role("heading", name="Posterior")).to_be_visible()
    here.check("answer-expert")


@each_look
def test_an_emergency_interrupts_everything(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.page
    begin(page, "My calf twitches")
    page.get_by_role("link", name="That is right, go on").click()
    line = page.get_by_role(
        "group", name="Did one side of your body, or one arm or leg, suddenly become weak?"
    )
    line.get_by_label("Yes").check(force=True)
    page.get_by_role("button", name="Go on").click()
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("Get medical help now")
    expect(alarm).to_contain_text("112")
    expect(page.get_by_role("heading", name="Get medical help now")).to_be_focused()
    here.check("emergency")
    page.get_by_role("link", name="See the answer").first.click()
    here.check("emergency-answer")
    page.go_back()
    page.get_by_role("button", name="Take back my last answer").click()
    expect(page.get_by_text("Question 1")).to_be_visible()


@each_look
def test_the_catalogue(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.open("/causes")
    here.check("causes")
    page.get_by_label("Search", exact=True).fill("coffee")
    page.get_by_label("Search", exact=True).press("Enter")
    page.locator("#found a", has_text="caffeine").first.click()
    expect(page.get_by_role("heading", name="Does it make muscles twitch?")).to_be_visible()
    here.check("cause")
    page.get_by_role("link", name="Show precise terms and numbers").click()
    here.check("cause-expert")
    here.open("/about")
    here.check("about")
    here.open("/cases/none")
    here.check("gone")
    assert [fault for fault in here.faults if "404" in fault] == here.faults
    here.faults.clear()


def test_everything_by_keyboard_alone(visit: Open) -> None:
    """Tab, type, space and Enter are enough from the first page to the answer."""
    page = visit().page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Tell me about your twitch").focus()
    page.keyboard.type("My left calf twitches")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is this what you meant?")).to_be_visible()
    reach(page, "That is right, go on")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 1")).to_be_visible()
    reach(page, "None of these")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2")).to_be_visible()
    reach(page, "Stop here and see the answer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What fits best")).to_be_visible()


def reach(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


def test_without_a_script(visit: Open) -> None:
    page = visit(360, 760, script=False).page
    begin(page, WORDS)
    page.get_by_label("Place").select_option("calf")
    page.get_by_role("button", name="Mark it").click()
    expect(page.locator(".places")).to_contain_text("calf")
    page.get_by_role("link", name="That is right, go on").click()
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_text("Question 2")).to_be_visible()
    page.get_by_role("link", name="Stop here and see the answer").click()
    expect(page.get_by_role("heading", name="What fits best")).to_be_visible()


def test_answers_are_announced(visit: Open) -> None:
    page = visit().page
    begin(page, "My left calf twitches")
    page.get_by_role("link", name="That is right, go on").click()
    page.get_by_role("button", name="None of these").click()
    expect(page.locator("#status")).to_contain_text("The likeliest now")


def test_a_case_is_saved_and_opened_again(visit: Open, tmp_path: Any) -> None:
    page = visit().page
    begin(page, WORDS)
    page.get_by_role("link", name="3 Answer").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save this case").click()
    kept = tmp_path / "case.json"
    waiting.value.save_as(kept)
    page.get_by_role("button", name="Close this case").click()
    page.locator("#file").set_input_files(kept)
    expect(page.locator("summary", has_text="hydrochlorothiazide")).to_be_visible()


@pytest.mark.parametrize("kind", ["FHIR", "JSON", "Report as a file"])
def test_what_can_be_taken_along(visit: Open, kind: str) -> None:
    page = visit().page
    begin(page, WORDS)
    page.get_by_role("link", name="3 Answer").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=kind, exact=True).click()
    assert waiting.value.path().stat().st_size > 1000


def test_the_answer_prints_as_a_report(visit: Open) -> None:
    page = visit().page
    begin(page, WORDS)
    page.get_by_role("link", name="3 Answer").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", name="Take it with you")).to_be_hidden()
    expect(page.get_by_role("heading", name="What fits best")).to_be_visible()
    assert page.pdf()[:4] == b"%PDF"
