"""The pages of the diary, as a browser without scripts uses them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.app.diary.builders import at, on

from whytwitch.app.diary import Entry, Store, to_json
from whytwitch.app.shell import Services

PAGES = ("/diary", "/diary/entries", "/diary/trend", "/diary/data")
WHILE_FIXED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Page(HTMLParser):
    """What the tests need of a page: its controls, labels, ids and what the policy forbids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.forbidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if "id" in held:
            self.ids.append(held["id"] or "")
        if tag == "label":
            self.labels.add(held.get("for") or "")
        if tag in ("input", "select", "textarea") and held.get("type") != "hidden":
            self.controls.append(held)
        if tag == "style" or "style" in held or any(name.startswith("on") for name in held):
            self.forbidden.append(tag)
        if tag == "script" and not held.get("src"):
            self.forbidden.append(tag)


def filled(store: Store) -> tuple[Entry, ...]:
    diary = [
        on(2 * i, 3 + i % 4, 2.0, places=[at("calf", "left" if i % 2 else "right")], bother=i % 10,
           triggers={"coffee_cups": i % 6, "slept_hours": 7.5, "exercise": "hard"},
           noticed=("cramps",) if i % 5 == 0 else (), note="<b>bold</b> & co")
        for i in range(24)
    ]  # fmt: skip
    store.add(diary)
    return tuple(diary)


def test_looking_creates_nothing_and_says_where_it_would_lie(browser: TestClient, file: Path) -> None:
    for address in (*PAGES, "/diary/export.json", "/diary/export.csv"):
        assert browser.get(address).status_code == 200
    assert str(file) in browser.get("/diary").text
    assert not file.parent.exists()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("full", [True, False])
def test_pages_keep_the_policy_and_label_every_control(
    browser: TestClient, store: Store, address: str, full: bool
) -> None:
    if full:
        filled(store)
    page = Page(browser.get(address).text)
    assert page.forbidden == []
    assert len(page.ids) == len(set(page.ids))
    for control in page.controls:
        assert control.get("id") in page.labels


def test_an_entry_is_saved_seen_changed_and_deleted(browser: TestClient, store: Store) -> None:
    answer = browser.post("/diary", data={"site": "calf", "side": "left", "twitches": "5"})
    assert "Saved" in answer.text
    assert "Left calf, 5 in 1 minute" in answer.text
    (entry,) = store.entries()
    assert abs((entry.when - datetime.now().astimezone()).total_seconds()) < 60

    form = browser.get(f"/diary/entries/{entry.key}").text
    assert 'value="calf/left" checked' in form
    kept = {"place": "calf/left", "when": f"{entry.when:%Y-%m-%dT%H:%M}", "was_when": entry.when.isoformat()}
    browser.post(
        f"/diary/entries/{entry.key}", data={**kept, "twitches": "7", "noticed": ["cramps", "falls"]}
    )
    (changed,) = store.entries()
    assert changed.when == entry.when
    assert changed.counted is not None
    assert changed.counted.twitches == 7
    assert changed.noticed == ("cramps", "falls")

    assert "Delete this entry?" in browser.get(f"/diary/entries/{entry.key}/delete").text
    assert store.entries() == (changed,)
    assert "The entry was deleted" in browser.post(f"/diary/entries/{entry.key}/delete").text
    assert store.entries() == ()
    assert browser.get(f"/diary/entries/{entry.key}").status_code == 404
    assert browser.post(f"/diary/entries/{entry.key}/delete").status_code == 404
    assert browser.post(f"/diary/entries/{entry.key}", data={"bother": "1"}).status_code == 404


def test_a_mistake_loses_nothing_that_was_typed(browser: TestClient, store: Store) -> None:
    typed = {"site": "thumb", "twitches": "lots", "note": "after <coffee>", "noticed": "falls", "stress": "4"}
    answer = browser.post("/diary", data=typed)
    assert answer.status_code == 422
    for part in (
        "Twitches: type a whole number", 'aria-invalid="true"', 'value="lots"', "after &lt;coffee&gt;",
        'value="thumb" checked', 'value="falls" checked', 'name="stress" value="4" checked',
    ):  # fmt: skip
        assert part in answer.text
    assert store.entries() == ()


def test_a_database_that_fails_keeps_what_was_typed(browser: TestClient, file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    answer = browser.post("/diary", data={"bother": "3", "note": "keep me"})
    assert answer.status_code == 503
    assert "Not saved" in answer.text
    assert "keep me" in answer.text


def test_a_broken_database_is_a_page_and_no_fault(browser: TestClient, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("no database " * 200)
    for address in PAGES:
        answer = browser.get(address)
        assert answer.status_code == 503
        assert "The diary cannot be used" in answer.text


def test_the_urgency_stands_above_everything_on_every_page(browser: TestClient, store: Store) -> None:
    store.add(
        [on(0, 1, places=[at("calf")]), on(1, noticed=("weakness_rapid",)), on(2, 1, places=[at("eyelid")])]
    )
    for address in PAGES:
        html = browser.get(address).text
        main = html[html.index("<main") :]
        assert "level-emergency" in html
        assert main.index('class="banner"') < main.index("<h1>")
        assert "Call your local emergency number" in main


def test_a_calm_diary_is_told_calmly(browser: TestClient, store: Store) -> None:
    filled(store)
    html = browser.get("/diary").text
    assert 'class="banner"' not in html
    assert "No hurry" in html
    assert "This holds only if none of these is true" in html


def test_the_trend_is_a_picture_a_text_and_a_table(browser: TestClient, store: Store) -> None:
    diary = filled(store)
    html = browser.get("/diary/trend").text
    assert "No clear change" in html
    assert (
        len(re.findall(r'<svg class="plot[^>]+role="img" aria-label="Twitches a minute on 24 days', html))
        == 2
    )
    assert html.count('<tr><th scope="row">') == len(diary)
    assert html.count('class="dot"') == 2 * len(diary)
    assert "Coffee" in html
    one = browser.get("/diary/trend?place=calf/left").text
    assert one.count('<tr><th scope="row">') == 12
    assert browser.get("/diary/trend?place=<script>").status_code == 200


def test_what_people_write_is_text_and_never_markup(browser: TestClient, store: Store) -> None:
    filled(store)
    html = browser.get("/diary/entries").text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in html
    assert "<b>bold" not in html


def test_all_entries_come_a_page_at_a_time(browser: TestClient, store: Store) -> None:
    store.add([on(i / 10, i) for i in range(120)])
    seen = set()
    for page in (1, 2, 3):
        seen |= set(
            re.findall(r"/diary/entries/([0-9a-f]{32})\"", browser.get(f"/diary/entries?page={page}").text)
        )
    assert seen == {e.key for e in store.entries()}
    for odd in ("0", "-1", "x", "9" * 30):
        assert browser.get(f"/diary/entries?page={odd}").status_code == 200


# --- taking along and deleting --------------------------------------------------------------------


def test_what_is_exported_can_be_brought_back(browser: TestClient, store: Store) -> None:
    diary = filled(store)
    answer = browser.get("/diary/export.json")
    assert "attachment" in answer.headers["content-disposition"]
    assert len(browser.get("/diary/export.csv").text.splitlines()) == len(diary) + 1
    again = browser.post("/diary/import", files={"file": ("d.json", answer.content)})
    assert "0 new entries were added" in again.text
    store.erase()
    assert "24 new entries" in browser.post("/diary/import", files={"file": ("d.json", answer.content)}).text
    assert store.entries() == diary


def test_a_wrong_import_names_the_row_and_changes_nothing(browser: TestClient, file: Path) -> None:
    rows = json.loads(to_json([on(0, 1), on(1, 2)]))
    rows["entries"][1]["bother"] = 99
    answer = browser.post("/diary/import", files={"file": ("d.json", json.dumps(rows).encode())})
    assert answer.status_code == 422
    assert "Entry 2: bother" in answer.text
    assert not file.exists()
    assert browser.post("/diary/import", data={"file": "text"}).status_code == 422
    assert browser.post("/diary/import").status_code == 422


def test_everything_is_deleted_only_after_the_word(browser: TestClient, store: Store, file: Path) -> None:
    filled(store)
    assert browser.post("/diary/erase", data={"word": "yes"}).status_code == 422
    assert browser.post("/diary/erase").status_code == 422
    assert len(store.entries()) == 24
    assert "Everything was deleted" in browser.post("/diary/erase", data={"word": " Delete "}).text
    assert list(file.parent.iterdir()) == []


def test_a_case_is_opened_with_what_the_diary_says(
    browser: TestClient, store: Store, services: Services
) -> None:
    assert browser.post("/diary/use", follow_redirects=False).status_code == 422
    store.add([on(0, 1, places=[at("calf")]), on(9, noticed=("cramps",))])
    answer = browser.post("/diary/use", follow_redirects=False)
    assert answer.status_code == 303
    opened = services.desk.get(answer.headers["location"].removeprefix("/cases/"))
    assert {o.id for o in opened.opening.observations} >= {"twitching", "twitch_calf", "cramps"}


# --- anything at all ------------------------------------------------------------------------------

fields = st.dictionaries(
    st.sampled_from(
        [
            "when",
            "was_when",
            "place",
            "site",
            "side",
            "other_site",
            "twitches",
            "noticed",
            "note",
            "file",
            "word",
        ]
    ),
    st.text(max_size=10)
    | st.sampled_from(["calf", "5", "falls", "calf/left", "2026-02-30T10:00", "9999-12-31T23:59"]),
    max_size=5,
)


@WHILE_FIXED
@given(fields)
def test_no_form_makes_the_server_fail(browser: TestClient, data: dict[str, str]) -> None:
    assert browser.post("/diary", data=data, follow_redirects=False).status_code in (303, 422)
    assert browser.post("/diary/import", data=data, follow_redirects=False).status_code == 422
    assert browser.post("/diary/erase", data=data, follow_redirects=False).status_code in (303, 422)


@WHILE_FIXED
@given(
    st.binary(max_size=60),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=12),
)
def test_no_upload_makes_the_server_fail(browser: TestClient, data: bytes, name: str) -> None:
    answer = browser.post("/diary/import", files={"file": (name, data)})
    assert answer.status_code in (400, 422)


def test_the_page_stays_light() -> None:
    parts = [
        resources.files("whytwitch").joinpath(f"app/diary/static/{name}")
        for name in ("diary.css", "diary.js")
    ]
    assert sum(len(part.read_bytes()) for part in parts) < 20_000
