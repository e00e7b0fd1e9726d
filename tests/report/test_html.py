from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment
from whytwitch.report import _phrases as say
from whytwitch.report import to_html
from whytwitch.report._numbers import chance, decimal, span

VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "ellipse", "circle", "path"}
LOADERS = {
    "script",
    "link",
    "img",
    "iframe",
    "object",
    "embed",
    "video",
    "audio",
    "source",
    "form",
    "image",
    "use",
}


class Page(HTMLParser):
    """What is needed to judge a page: tags with attributes, text, balance."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=[False, True], ids=["lay", "expert"])
def expert(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def page(answer: Assessment, catalogue: Catalogue, expert: bool) -> Page:
    return Page(to_html(answer, catalogue, expert=expert))


def test_it_is_well_formed(page: Page) -> None:
    assert page.open == []
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        target = attributes.get("href", "")
        assert not target.startswith("#") or target[1:] in ids


def test_nothing_is_loaded(page: Page, answer: Assessment, catalogue: Catalogue) -> None:
    assert not LOADERS & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not {"src", "srcset", "data", "poster", "action", "background"} & attributes.keys()
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith(("#", "https://", "http://"))
    html = to_html(answer, catalogue)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in html


def test_headings_descend_one_by_one(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_landmarks_and_language(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert all(len(page.all(tag)) == 1 for tag in ("main", "header", "footer", "title"))
    assert all(
        a.get("aria-labelledby") or a.get("aria-label") for a in page.all("section") + page.all("aside")
    )


def test_every_picture_has_a_text(page: Page) -> None:
    pictures = page.all("svg")
    assert pictures
    assert all(a["role"] == "img" and a["aria-label"] for a in pictures)


def test_every_number_is_the_assessment_s(answer: Assessment, catalogue: Catalogue) -> None:
    text = Page(to_html(answer, catalogue)).text
    changes = [c for r in answer.ranking for c in r.would_change]
    values = [r.probability for r in answer.ranking] + [answer.none_of_these, 0.42]
    values += [v for c in changes for v in (c.if_present, c.if_absent)]
    known = {chance(v).lower() for v in values}
    for shown in re.findall(r"(?:about|less than|more than) \d+ in 1,000", text.lower()):
        assert shown in known
    if answer.urgency.level == "emergency":
        assert "in 1,000" not in text.partition(say.DO)[0], "a small chance could keep somebody from calling"
        return
    for ranked in answer.ranking:
        assert chance(ranked.probability) in text
        assert span(ranked.low, ranked.high) in text


def test_bars_are_as_long_as_the_numbers(eyelid: Assessment, catalogue: Catalogue) -> None:
    html = to_html(eyelid, catalogue)
    widths = re.findall(r'<rect class="mid" width="([\d.]+)%"', html)
    assert [float(w) for w in widths] == pytest.approx(
        [100 * r.probability for r in eyelid.ranking], abs=0.01
    )


def test_the_person_s_words_are_only_words(hostile: Assessment, catalogue: Catalogue, expert: bool) -> None:
    html = to_html(hostile, catalogue, expert=expert)
    page = Page(html)
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_urgency_comes_first_and_calm_is_conditional(eyelid: Assessment, catalogue: Catalogue) -> None:
    text = Page(to_html(eyelid, catalogue)).text
    order = [say.LEVELS["reassurance"].lead, say.HOLDS, "Seizures", "A twitching eyelid about 640 in 1,000"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_an_emergency_stops_asking(emergency: Assessment, catalogue: Catalogue) -> None:
    html = to_html(emergency, catalogue)
    assert 'class="level-emergency"' in html
    text = Page(html).text
    assert text.index("Call your local emergency number now.") < text.index(say.LIKELY)
    assert say.NEXT not in text
    assert say.WHY not in text


def test_lay_page_has_no_jargon(answer: Assessment, catalogue: Catalogue) -> None:
    text = Page(to_html(answer, catalogue)).text.lower()
    for word in ("probability", "posterior", "likelihood", "log odds", "you have this", "90 % range"):
        assert word not in text


def test_experts_see_the_numbers(als: Assessment, catalogue: Catalogue) -> None:
    text = Page(to_html(als, catalogue, expert=True)).text
    for ranked in als.ranking:
        assert f"P = {decimal(ranked.probability)}" in text
    assert "+1.90" in text
    assert "twitching_with_wasting" in text
    assert "Method: approximate" in text
    assert catalogue.causes["als"].mechanism.precise.split()[0] in text


def test_links_go_to_sources(als: Assessment, catalogue: Catalogue) -> None:
    page = Page(to_html(als, catalogue))
    outside = [a["href"] for a in page.all("a") if a["href"].startswith("http")]
    assert outside
    assert all("noreferrer" in a.get("rel", "") for a in page.all("a") if a["href"].startswith("http"))


def test_it_prints_and_it_darkens(eyelid: Assessment, catalogue: Catalogue) -> None:
    html = to_html(eyelid, catalogue)
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
