"""The picture is filtered, wide and close; what is counted stays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit

Open = Callable[..., Visit]
SLOW_MS = 90_000


def picture(page: Page) -> str:
    """What is drawn, once it has settled."""
    page.wait_for_timeout(700)
    drawn = page.evaluate("document.querySelector('#traces').toDataURL()")
    return hashlib.sha256(drawn.encode()).hexdigest()


@pytest.mark.parametrize("keys", ["", "----"], ids=["close", "wide"])
def test_the_picture_is_filtered_and_back(visit: Open, keys: str) -> None:
    here = visit(360, 760)
    page = here.open("/recordings")
    page.get_by_role("button", name="Show me an example").click()
    expect(page.locator("#numbers")).to_contain_text("twitches counted", timeout=SLOW_MS)
    stage = page.locator("#stage")
    expect(stage).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    counted = page.locator("#numbers").inner_text()
    stage.focus()
    for key in keys:
        page.keyboard.press(key)
    raw = picture(page)
    page.get_by_label("Filter", exact=True).select_option("20")
    said = page.locator("#band-said")
    expect(said).to_contain_text("The picture is filtered")
    expect(said).not_to_contain_text("Getting it ready", timeout=SLOW_MS)
    page.wait_for_timeout(2000)
    assert picture(page) != raw
    here.check(f"recording-filtered{keys and '-wide'}")
    expect(page.locator("#numbers")).to_have_text(counted)
    page.get_by_label("Filter", exact=True).select_option("")
    expect(said).to_be_hidden()
    assert picture(page) == raw
