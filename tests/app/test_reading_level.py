"""Lay pages read like a good letter to a twelve-year-old: at most school grade 8, as textstat counts it."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient
from tests.app.pages import client

from whytwitch.app.person import _phrases as say

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the library's own imports
    import textstat

HIGHEST = 8.0
PAGES = ("/", "/about", "/recordings", "/diary", "/simulator/hypocalcemia", "/causes")
BLOCKS = {
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "legend",
    "label",
    "dd",
    "caption",
    "figcaption",
    "th",
    "td",
    "dt",
    "summary",
}
UNREAD = {"script", "style", "svg", "option", "table"}


class Sentences(HTMLParser):
    """What a person reads as sentences: blocks of text in ``main`` that end like one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._words: list[str] = []
        self._hidden = 0
        self._main = False
        self.feed(re.sub(r'<ol class="sources">.*?</ol>', "", html, flags=re.S))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._main |= tag == "main"
        self._hidden += tag in UNREAD
        if tag in BLOCKS:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._end()
            self._main = False
        self._hidden -= tag in UNREAD
        if tag in BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if self._main and not self._hidden:
            self._words.append(data)

    def _end(self) -> None:
        text = " ".join(" ".join(self._words).split())
        self._words = []
        if text.endswith((".", "?", "!")) and len(text.split()) >= 4:
            self.found.append(text)


def grade(sentences: list[str]) -> float:
    return textstat.flesch_kincaid_grade(" ".join(sentences))  # pyright: ignore[reportAttributeAccessIssue]


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    with client() as made:
        yield made


def test_the_measure_tells_plain_from_learned() -> None:
    assert grade([say.LEAD, say.PAUSE_LEAD]) < 5
    learned = "Spontaneous fasciculation potentials necessitate electrophysiological characterization."
    assert grade([learned]) > 15


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_plain(page: TestClient, path: str) -> None:
    for _ in range(300):
        shown = page.get(path).text
        if "being worked out" not in shown:
            break
        time.sleep(0.2)
    read = Sentences(shown).found
    assert len(read) >= 2
    assert grade(read) <= HIGHEST, read


@pytest.mark.parametrize("words", say.EXAMPLES)
@pytest.mark.parametrize("step", ["", "/questions", "/answer", "/what-if"])
def test_every_step_of_a_case_is_plain(page: TestClient, words: str, step: str) -> None:
    case = page.post("/cases", data={"words": words}, follow_redirects=False).headers["location"]
    read = Sentences(page.get(case + step).text).found
    assert read
    assert grade(read) <= HIGHEST, read
