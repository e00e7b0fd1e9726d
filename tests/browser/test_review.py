"""A review is saved, the window closed, and the review gone on with; with and without scripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Dialog, Page, expect
from tests.browser.conftest import Visit

from whytwitch import recording

Open = Callable[..., Visit]
SLOW_MS = 90_000


def upload(page: Page, folder: Path) -> None:
    """A recording that no other window has."""
    file = shutil.copy(Path(recording.__file__).parent / "data/example.edf", folder / "own.edf")
    page.locator("#files").set_input_files(file)
    page.get_by_role("button", name="Read and search it").click()
    expect(page.locator("#numbers")).to_contain_text("twitches counted", timeout=SLOW_MS)


def decide(page: Page) -> str:
    """Reject the first signal, accept the second; what is counted then."""
    stage = page.locator("#stage")
    expect(stage).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    stage.focus()
    for key in ("n", "r", "n", "a"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    expect(page.locator("#unsaved")).to_have_text("2 decisions, not saved yet.")
    return page.locator("#numbers").inner_text()


def save(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="BIDS events").click()
    kept = folder / "kept.zip"
    waiting.value.save_as(kept)
    return kept


def test_what_is_not_saved_is_said_before_a_window_closes_and_not_otherwise(
    visit: Open, tmp_path: Path
) -> None:
    here = visit(360, 760)
    page = here.open("/recordings")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    upload(page, tmp_path)
    address = page.url
    counted = decide(page)
    here.check("recording-not-saved")
    page.get_by_role("link", name="Recordings", exact=True).first.click()  # within the page nothing is lost
    expect(page.get_by_text("2 decisions, not saved yet. They may go.")).to_be_visible()
    here.check("recordings-not-saved")
    page.goto(address)
    expect(page.locator("#numbers")).to_have_text(counted)
    stage = page.locator("#stage")
    expect(stage).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    stage.focus()
    page.keyboard.press("n")
    page.wait_for_timeout(1200)
    assert asked == []
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]

    kept = save(page, tmp_path)
    expect(page.locator("#unsaved")).to_be_hidden()
    page.locator("#review").set_input_files(kept)
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("#taken")).to_contain_text("All 2 decisions are here again")
    expect(page.locator("#numbers")).to_have_text(counted)
    here.check("recording-gone-on-with")
    expect(stage).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    stage.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#unsaved")).to_have_text("One decision, not saved yet.")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#unsaved")).to_be_hidden()
    assert asked == ["beforeunload"]


def test_without_a_script_a_review_is_gone_on_with(visit: Open, tmp_path: Path) -> None:
    first = visit().open("/recordings")
    upload(first, tmp_path)
    counted = decide(first)
    kept = save(first, tmp_path)
    first.locator("#stage").focus()
    first.keyboard.press("Control+z")
    expect(first.locator("#unsaved")).to_have_text("One decision, not saved yet.")

    page = visit(360, 760, script=False).page
    page.goto(first.url)
    expect(page.locator("#unsaved")).to_have_text("One decision, not saved yet.")
    page.locator("#review").set_input_files(kept)
    page.get_by_label("What is not saved here may be replaced").check()
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("#taken")).to_contain_text("All 2 decisions are here again")
    expect(page.locator("#numbers")).to_have_text(counted)
