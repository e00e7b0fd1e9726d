"""Recordings, sliders, simulator and diary, driven in a real browser at three widths, light and dark."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit, each_look
from tests.browser.test_person import begin

Open = Callable[..., Visit]
SLOW_MS = 90_000
"""For what a model or a detector has to work out first."""


@each_look
def test_a_recording_is_looked_at_and_decided_on(
    visit: Open, look: tuple[int, int, str], tmp_path: Path
) -> None:
    here = visit(*look)
    page = here.open("/recordings")
    here.check("recordings")
    page.get_by_role("button", name="Show me an example").click()
    numbers = page.locator("#numbers")
    expect(numbers).to_contain_text("twitches counted", timeout=SLOW_MS)
    expect(page.locator("#viewer")).to_be_visible()
    here.check("recording")

    counted = number_in(numbers.inner_text())
    stage = page.locator("#stage")
    expect(stage).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    stage.focus()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    here.check("recording-panel")
    page.locator("#panel").get_by_role("button", name="Reject").click()
    expect(page.locator("#panel")).to_contain_text("rejected")
    expect(numbers).to_contain_text(f"{counted - 1} twitches counted")
    stage.focus()
    page.keyboard.press("Control+z")
    expect(numbers).to_contain_text(f"{counted} twitches counted")
    page.keyboard.press("Control+Shift+z")
    expect(numbers).to_contain_text(f"{counted - 1} twitches counted")

    span = page.locator("#span").inner_text()
    stage.focus()
    page.keyboard.press("+")
    expect(page.locator("#span")).not_to_have_text(span)
    where = page.locator("#place").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#place")).not_to_have_text(where)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="BIDS events").click()
    kept = tmp_path / "events.zip"
    waiting.value.save_as(kept)
    assert any(name.endswith("_events.tsv") for name in zipfile.ZipFile(kept).namelist())
    stage.focus()
    page.keyboard.press("Control+z")  # the example is one for all windows: the next one finds it as it was
    expect(numbers).to_contain_text(f"{counted} twitches counted")
    page.get_by_label("Which muscle was recorded?").select_option("biceps_brachii")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("heading", name="Is this what you meant?")).to_be_visible()
    expect(page.locator("summary", has_text="recording").first).to_be_visible()


def number_in(text: str) -> int:
    found = re.search(r"(\d+) twitches counted", text)
    assert found, text
    return int(found[1])


@each_look
def test_values_are_moved(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.page
    begin(page, "My calves twitch. Ionized calcium 0.95 mmol/L.")
    page.goto(page.url + "/what-if")
    number = page.locator("#number")
    expect(number).to_contain_text("normal muscle", timeout=SLOW_MS)
    here.check("what-if")
    before = number.inner_text()
    field = page.get_by_role("spinbutton", name="Ionized calcium")
    field.fill("1.2")
    field.press("Enter")
    expect(number).not_to_have_text(before)
    expect(number).to_contain_text("less often")
    page.get_by_role("link", name="Back to today").click()
    expect(page.locator("#number")).to_contain_text("normal muscle")


@each_look
def test_a_cause_is_played_and_taken_along(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.open("/simulator")
    here.check("simulator")
    here.open("/simulator/hypocalcemia")
    expect(page.get_by_role("heading", name="Along the motor unit")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("audio")).to_be_visible(timeout=SLOW_MS)
    here.check("simulator-cause")
    page.get_by_role("button", name="Next stop").click()
    expect(page.locator("#where")).to_contain_text("2 of 5")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.locator("li", has_text="EDF").get_by_role("button").or_(page.get_by_role("link", name="EDF")).click()
    ready = page.locator("#downloads a", has_text="EDF")
    expect(ready).to_be_visible(timeout=SLOW_MS)
    with page.expect_download() as waiting:
        ready.click()
    assert waiting.value.path().stat().st_size > 10_000


@each_look
def test_a_diary_is_kept_and_deleted(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    page = here.open("/diary")
    here.check("diary-empty")
    enter(page, "12")
    here.check("diary")
    for name in ("entries", "trend", "data"):
        here.open(f"/diary/{name}")
        here.check(f"diary-{name}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save as JSON").click()
    assert '"twitches": 12' in Path(waiting.value.path()).read_text("utf-8")
    page.get_by_label("Type the word").fill("delete")
    page.get_by_role("button", name="Delete everything").click()
    here.open("/diary/data")
    expect(page.get_by_text("There is nothing to delete.")).to_be_visible()


def enter(page: Page, count: str) -> None:
    page.locator("label", has_text=re.compile("^Calf$")).click()
    page.get_by_label("Twitches counted").fill(count)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(
        page.get_by_role("link", name="All 1 entries").or_(page.get_by_text("Saved")).first
    ).to_be_visible()


@each_look
def test_the_index_for_programs(visit: Open, look: tuple[int, int, str]) -> None:
    here = visit(*look)
    here.open("/api/")
    here.check("api")
