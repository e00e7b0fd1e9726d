from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from recording_builders import make_signature, make_twitches

from whytwitch.recording import Problem, Twitches
from whytwitch.report import recording_html

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m'\"&\u202e"
VOID = {"meta", "br", "hr", "img", "image", "rect", "circle", "path", "line"}
PICTURES = {
    "one channel": {"n_channels": 1, "duration_s": 120.0, "muscle": "gastrocnemius"},
    "many channels": {"n_channels": 64},
    "places unknown": {"n_channels": 12, "placed": False},
    "nothing found": {"n_units": 0},
    "nothing usable": {"n_units": 0, "voluntary_s": ((0.0, 300.0),)},
    "uncalibrated": {"n_channels": 8, "calibrated": False},
    "all kinds": {"kinds": ("fasciculation", "train", "fibrillation", "voluntary")},
    "very short": {"n_channels": 2, "duration_s": 2.5, "n_units": 1, "n_events": 1, "voluntary_s": ()},
    "many units": {"n_units": 120, "n_events": 600},
}


class Page(HTMLParser):
    """What is needed to judge a page: tags with attributes, text, balance, and what holds what."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.unheard: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._see(tag, attrs)
        if tag not in VOID:
            self.open.append((tag, {k: v or "" for k, v in attrs}))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._see(tag, attrs)

    def _see(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.tags.append((tag, given))
        chain = [a for _, a in self.open] + [given]
        named = any(a.get("role") == "img" and a.get("aria-label", "").strip() for a in chain)
        hidden = any(a.get("aria-hidden") == "true" for a in chain)
        if tag in {"svg", "img", "image"} and not (named or (hidden and self._beside_words())):
            self.unheard.append(str(given))

    def _beside_words(self) -> bool:
        """Hidden pictures stand inside a named picture, or in a cell beside its number."""
        return any(tag in {"td", "main"} for tag, _ in self.open)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(tag == "style" for tag, _ in self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def labels(self) -> list[str]:
        return [a["aria-label"] for _, a in self.tags if a.get("role") == "img"]


def html_of(twitches: Twitches, *, expert: bool = False, **changes: Any) -> str:
    return recording_html(twitches, make_signature(twitches, **changes), expert=expert)


@pytest.fixture(params=PICTURES, scope="module")
def twitches(request: pytest.FixtureRequest) -> Twitches:
    return make_twitches(**PICTURES[request.param])


@pytest.fixture(params=[False, True], ids=["lay", "expert"], scope="module")
def expert(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(scope="module")
def html(twitches: Twitches, expert: bool) -> str:
    return html_of(twitches, expert=expert)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_is_well_formed(page: Page) -> None:
    assert page.open == []
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        assert set(attributes.get("aria-labelledby", "").split()) <= set(ids)
        target = attributes.get("href", "")
        assert not target.startswith("#") or target[1:] in ids
        for value in (*attributes.get("mask", "").split(), attributes.get("fill", "")):
            if value.startswith("url(#"):
                assert value[5:-1] in ids


def test_nothing_is_loaded_and_nothing_runs(html: str, page: Page) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "form", "use"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert not {"src", "srcset", "action", "style"} & attributes.keys()
        if "href" in attributes:
            assert attributes["href"].startswith("data:image/png;base64," if tag == "image" else "#")
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "http://" not in html
    assert "https://" not in html


def test_every_picture_has_a_text(page: Page) -> None:
    assert page.labels()
    assert all(label.strip() for label in page.labels())
    assert page.unheard == []


def test_headings_descend_one_by_one(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_landmarks_and_tables(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert all(len(page.all(tag)) == 1 for tag in ("main", "header", "footer", "title"))
    assert all(a.get("aria-labelledby") for a in page.all("section"))
    assert all(a["scope"] in ("col", "row") for a in page.all("th"))


def test_no_path_is_broken(page: Page) -> None:
    for attributes in page.all("path"):
        assert re.fullmatch(r"[MLHVvlhz\d. -]*", attributes["d"])
    html = " ".join(f"{tag} {attributes}" for tag, attributes in page.tags).lower()
    assert "nan" not in re.findall(r"[a-z]+", html)
    assert "none" not in page.text.lower().replace("few or none", "")


def test_names_are_only_names(expert: bool) -> None:
    twitches = make_twitches(
        n_channels=4, names=(EVIL,) * 4, muscle=EVIL, name=EVIL, format=EVIL, sha256=EVIL,
        problems=(Problem(EVIL, EVIL, EVIL),),
    )  # fmt: skip
    html = html_of(
        twitches, expert=expert, cannot_say=(EVIL,), recording=EVIL,
        norm={"muscle": EVIL, "healthy": EVIL, "highest_per_min": 3.0, "verdict": "within", "source": EVIL},
    )  # fmt: skip
    page = Page(html)
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_the_answer_comes_first() -> None:
    twitches = make_twitches()
    signature = make_signature(twitches)
    text = Page(recording_html(twitches, signature)).text
    rate = signature.rate_per_min
    assert rate.value is not None
    assert rate.low is not None
    assert rate.high is not None
    headline = f"{signature.fasciculations} twitches were seen, about {rate.value:.0f} a minute"
    order = (
        headline,
        f"may be {rate.low:.0f} to {rate.high:.0f}",
        "What it may mean",
        "What it does not mean",
    )
    places = [text.index(part, text.index("This tool informs")) for part in (*order, "The whole recording")]
    assert places == sorted(places)
    assert "Tamborska 2020" in text
    assert "up to 14 a minute" in text


def test_every_number_is_there(expert: bool) -> None:
    twitches = make_twitches()
    signature = make_signature(twitches)
    text = Page(recording_html(twitches, signature, expert=expert)).text
    for unit in signature.units:
        assert f"Unit {unit.unit}" in text
        assert f"{unit.amplitude_uv:.0f}\u00a0µV" in text or f"{unit.amplitude_uv:.0f} µV" in text
    for said in ("4100 to 6600", "90 to 200", "0.10 to 0.31"):
        assert said in text.replace(",", "")
    for fixed in (twitches.source.sha256, "EDF+", "low_hz", "mains", "0.1"):
        assert fixed in text
    assert all(sentence in text for sentence in signature.cannot_say)


def test_uncalibrated_pages_have_no_microvolts(expert: bool) -> None:
    html = html_of(make_twitches(calibrated=False), expert=expert)
    assert "µV" not in html
    assert "does not say how large its signals are" in html


def test_quiet_is_not_reassured_too_soon() -> None:
    twitches = make_twitches(n_units=0)
    quiet = Page(html_of(twitches)).text
    short = Page(html_of(make_twitches(n_units=0, duration_s=40.0, voluntary_s=()))).text
    lost = Page(html_of(make_twitches(n_units=0, voluntary_s=((0.0, 300.0),)))).text
    assert "No twitches were seen in" in quiet
    assert "fewer than" in quiet
    assert "the time was too short" in short
    assert "This recording could not be used" in lost
    for text in (quiet, short, lost):
        assert "It does not rule out an illness" in text
        assert "see a doctor, whatever is said here" in text


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("within", "Healthy people show as many"),
        ("above", "That is more than was found in healthy people"),
        ("uncertain", "It cannot be told"),
        ("unknown", "There is no count of healthy people"),
    ],
)
def test_the_verdict_is_said(verdict: str, said: str) -> None:
    norm = {"muscle": "x", "healthy": "few", "highest_per_min": 14.0, "verdict": verdict, "source": "s"}
    assert said in Page(html_of(make_twitches(), norm=norm)).text


def test_without_a_norm_nothing_is_compared() -> None:
    page = Page(html_of(make_twitches(), norm=None))
    assert "No figure for healthy people is known" in page.text
    assert not any("Healthy people" in label for label in page.labels())


def test_experts_read_terms_and_sources() -> None:
    text = Page(html_of(make_twitches(), expert=True)).text
    for word in (
        "Awaji",
        "Gold Coast",
        "Kleine 2012",
        "Sleutjes 2016",
        "de Carvalho",
        "Poisson",
        "95\u00a0%",
    ):
        assert " ".join(word.split()) in text
    assert "Fasciculation potentials" in text


def test_lay_pages_have_no_jargon() -> None:
    text = Page(html_of(make_twitches(), cannot_say=())).text.lower()
    for word in ("fasciculation", "poisson", "interval", "confidence", "probab", "polyphasic", "%"):
        assert word not in text


def test_many_units_are_capped_and_it_is_said() -> None:
    twitches = make_twitches(n_units=120, n_events=600)
    html = html_of(twitches)
    page = Page(html)
    assert "The 12 busiest of 120 units are drawn." in page.text
    assert "The 100 busiest of 120 units are listed" in page.text
    assert len(page.all("article")) == 12
    assert "The 96 units that fired least share one row." in page.text


def test_the_first_events_are_listed() -> None:
    twitches = make_twitches()
    text = Page(html_of(twitches)).text
    assert f"The first 20 of {len(twitches.events)} signals" in text
    assert "a CSV file" in text
    onset = twitches.events.onset_s[0]
    assert f"0:{int(onset):02d}.{int(onset * 1000) % 1000:03d}" in text


def test_examples_are_drawn_and_checked() -> None:
    twitches = make_twitches()
    signature = make_signature(twitches)
    unit = twitches.units[0]
    random = np.random.default_rng(2)
    single = unit.template[unit.best_channel] + random.normal(0, 3, (40, len(unit.times_ms)))
    html = recording_html(twitches, signature, examples={unit.id: single})
    assert html.count('class="single"') == 25
    assert "25 single ones" in html
    single[0, 0] = np.nan
    assert "nan" not in recording_html(twitches, signature, examples={unit.id: single[:1]}).lower().split()
    with pytest.raises(ValueError, match="cut them alike"):
        recording_html(twitches, signature, examples={unit.id: single[:, :-1]})


def test_the_same_input_gives_the_same_page(twitches: Twitches, expert: bool, html: str) -> None:
    assert html_of(twitches, expert=expert) == html


def test_it_prints_and_it_darkens() -> None:
    html = html_of(make_twitches())
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html


@pytest.mark.parametrize(
    "parts",
    [
        {"n_channels": 64, "duration_s": 1800.0, "n_units": 8, "n_events": 2000},
        {"n_channels": 256, "n_units": 12},
        {"n_channels": 16, "n_units": 300, "n_events": 3000},
        {"n_channels": 4, "duration_s": 36_000.0, "n_events": 20_000},
    ],
    ids=["half an hour", "256 channels", "300 units", "ten hours"],
)
def test_pages_stay_small_and_fast(parts: dict[str, Any]) -> None:
    twitches = make_twitches(**parts)
    signature = make_signature(twitches)
    begin = time.process_time()
    html = recording_html(twitches, signature, expert=True)
    assert time.process_time() - begin < 4.0
    assert len(html.encode()) < 2_500_000


@pytest.mark.parametrize("n_channels", [2, 16])
def test_less_than_an_epoch_and_numbers_that_are_none(n_channels: int, expert: bool) -> None:
    twitches = make_twitches(
        n_channels=n_channels, duration_s=0.6, n_units=1, n_events=1, voluntary_s=(), problems=()
    )
    none = np.zeros((n_channels, 0), np.float32)
    empty = replace(
        twitches.quality, score=none, noise=none, clean=np.zeros(0, bool), lost={"noise": float("nan")},
        mains_amplitude=float("nan"),
    )  # fmt: skip
    little = replace(twitches, quality=empty, envelope=none)
    assert "could not be used" in html_of(little, fasciculations=0) or expert
    broken = make_twitches(n_channels=n_channels)
    broken.quality.score[0] = np.nan
    broken.quality.noise[:] = np.nan
    broken.envelope[0] = np.inf
    broken.events.amplitude[:] = np.nan
    page = Page(html_of(broken, quality=0.9, expert=expert))
    assert not re.search(r"\b(nan|inf)\b", page.text)
