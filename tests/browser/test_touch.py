"""Fingers instead of a mouse, on a telephone's screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page, expect
from tests.browser.conftest import Visit
from tests.browser.test_person import begin

Open = Callable[..., Visit]
Point = tuple[float, float]
SLOW_MS = 90_000
STEPS = 12


class Fingers:
    """Touches as the screen reports them; the browser makes of them what it makes of real ones."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._to: CDPSession = page.context.new_cdp_session(page)

    def drag(self, *ways: tuple[Point, Point]) -> None:
        """Put a finger down at the beginning of each way, one after the other, and draw all to the ends."""
        begins = [begin for begin, _ in ways]
        for count in range(1, len(begins) + 1):
            self._send("touchStart", begins[:count])
        for step in range(1, STEPS + 1):
            share = step / STEPS
            self._send("touchMove", [(x + share * (u - x), y + share * (v - y)) for (x, y), (u, v) in ways])
            self._page.wait_for_timeout(16)
        self._send("touchEnd", [])

    def tap(self, x: float, y: float) -> None:
        self._send("touchStart", [(x, y)])
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._to.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


@dataclass
class Stage:
    """The picture of the signal, and what the page says of it."""

    page: Page
    fingers: Fingers

    def box(self) -> tuple[float, float, float, float]:
        box = self.page.locator("#stage").bounding_box()
        assert box is not None
        return box["x"], box["y"], box["width"], box["height"]

    def at(self, across: float, down: float) -> Point:
        x, y, width, height = self.box()
        return x + across * width, y + down * height

    def span_s(self) -> tuple[float, float]:
        """From where to where, once the page has said so."""
        self.page.wait_for_timeout(400)
        found = re.match(r"(\d+):([\d.]+) to (\d+):([\d.]+) ", self.page.locator("#place").inner_text())
        assert found
        a, b, c, d = (float(part) for part in found.groups())
        return 60 * a + b, 60 * c + d


@pytest.fixture
def stage(visit: Open) -> Stage:
    """The built-in recording on a telephone, ten seconds of it with its first twitch in the middle."""
    page = visit(360, 760, touch=True).open("/recordings")
    page.get_by_role("button", name="Show me an example").tap()
    expect(page.locator("#numbers")).to_contain_text("twitches counted", timeout=SLOW_MS)
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.locator("#stage")).not_to_have_attribute("aria-busy", "true", timeout=SLOW_MS)
    page.evaluate("document.querySelector('#overview').scrollIntoView()")
    return Stage(page, Fingers(page))


def test_one_finger_moves_the_time(stage: Stage) -> None:
    begin_s, end_s = stage.span_s()
    scrolled = stage.page.evaluate("scrollY")
    stage.fingers.drag((stage.at(0.8, 0.5), stage.at(0.3, 0.52)))
    now_s, later_s = stage.span_s()
    assert now_s - begin_s == pytest.approx(0.5 * (end_s - begin_s), abs=0.3)
    assert later_s - now_s == pytest.approx(end_s - begin_s, abs=0.2)
    assert stage.page.evaluate("scrollY") == scrolled
    expect(stage.page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize("factor", [3.0, 0.5])
def test_two_fingers_change_the_span_around_themselves(stage: Stage, factor: float) -> None:
    begin_s, end_s = stage.span_s()
    middle, half = 0.4, 0.12 if factor > 1.0 else 0.3
    stage.fingers.drag(
        (stage.at(middle - half, 0.5), stage.at(middle - factor * half, 0.5)),
        (stage.at(middle + half, 0.5), stage.at(middle + factor * half, 0.5)),
    )
    now_s, later_s = stage.span_s()
    assert later_s - now_s == pytest.approx((end_s - begin_s) / factor, rel=0.1)
    if factor > 1.0:  # there is room on both sides
        under = begin_s + middle * (end_s - begin_s)
        assert now_s + middle * (later_s - now_s) == pytest.approx(under, abs=0.3)
    assert stage.page.evaluate("visualViewport.scale") == 1
    expect(stage.page.locator("#panel")).to_be_hidden()


def test_a_swipe_up_scrolls_the_page(stage: Stage) -> None:
    before, scrolled = stage.span_s(), stage.page.evaluate("scrollY")
    stage.fingers.drag((stage.at(0.5, 0.8), stage.at(0.52, 0.2)))
    stage.page.wait_for_timeout(300)
    assert stage.page.evaluate("scrollY") > scrolled + 100
    assert stage.span_s() == before
    expect(stage.page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize("off", [0, 14])
def test_a_tap_on_a_mark_opens_it(stage: Stage, off: int) -> None:
    """A fingertip is wider than an arrow: a tap beside the mark means it too."""
    x, y = stage.at(0.5, 0.5)
    stage.fingers.tap(x + off, y)
    panel = stage.page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Signal at 0:07.5")
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()


def test_a_tap_beside_all_marks_offers_a_new_one(stage: Stage) -> None:
    x, y = stage.at(0.5, 0.5)
    stage.fingers.tap(x - 60, y)
    expect(stage.page.locator("#panel")).to_contain_text("Nothing is marked here")


def test_the_strip_leads_to_any_place(stage: Stage) -> None:
    strip = stage.page.locator("#overview").bounding_box()
    assert strip is not None
    stage.fingers.tap(strip["x"] + 0.75 * strip["width"], strip["y"] + 20)
    begin_s, end_s = stage.span_s()
    assert (begin_s + end_s) / 2 == pytest.approx(67.5, abs=1.0)
    stage.fingers.drag(
        (
            (strip["x"] + 0.75 * strip["width"], strip["y"] + 20),
            (strip["x"] + 0.5 * strip["width"], strip["y"] + 30),
        )
    )
    begin_s, end_s = stage.span_s()
    assert (begin_s + end_s) / 2 == pytest.approx(45.0, abs=1.0)


@pytest.mark.parametrize("site", ["calf", "eyelid"])
def test_a_place_is_marked_on_the_body_with_a_finger(visit: Open, site: str) -> None:
    page = visit(360, 760, touch=True).page
    begin(page, "It twitches")
    zone = page.locator(f'#map .zone[data-site="{site}"][data-side="left"]').first
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    assert box is not None
    Fingers(page).tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".places")).to_contain_text(f"left {site}")
