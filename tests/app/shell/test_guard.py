"""Who may come in, and what may go out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.app.pages import HERE, PORT, TOKEN, client

from whytwitch.app.shell import Settings

PAGES = ["/", "/about", "/causes", "/causes/hypocalcemia", "/recordings", "/simulator", "/diary", "/api/"]


@pytest.fixture(scope="module")
def known():
    with client() as made:
        yield made


@pytest.fixture(scope="module")
def stranger():
    with client(known=False) as made:
        yield made


@pytest.mark.parametrize("path", [*PAGES, "/cases/x", "/nowhere", "/api/explain"])
def test_without_the_key_nothing_is_shown(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "needs its key" in answer.text


@pytest.mark.parametrize("word", ["", "wrong", TOKEN + "x", TOKEN[:-1], "ünï"])
def test_a_wrong_key_opens_nothing(stranger: TestClient, word: str) -> None:
    assert stranger.get("/", params={"token": word}).status_code == 403
    heads = {"authorization": f"Bearer {word}".encode()}
    assert stranger.get("/", headers=heads).status_code == 403


def test_the_key_becomes_a_cookie_and_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get("/causes", params={"q": "coffee & co", "token": TOKEN}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/causes?q=coffee+%26+co"
    cookie = answer.headers["set-cookie"]
    assert f"whytwitch-{PORT}={TOKEN}" in cookie
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    stranger.cookies.clear()


@pytest.mark.parametrize("path", ["//evil.example", "/%2f/evil.example", "/\\evil.example"])
def test_the_key_leads_to_no_other_host(stranger: TestClient, path: str) -> None:
    answer = stranger.get(f"{HERE}{path}?token={TOKEN}", follow_redirects=False)
    assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http"))
    stranger.cookies.clear()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", f"127.0.0.1:{PORT + 1}", "127.0.0.1", ""]
)
def test_another_host_name_is_refused(known: TestClient, host: str) -> None:
    assert known.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "heads",
    [
        {"origin": "http://evil.example"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {"origin": "null"},
        {"origin": f"https://127.0.0.1:{PORT}"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_changes_nothing(known: TestClient, heads: dict[str, str]) -> None:
    answer = known.post("/cases", data={"words": "My calf twitches"}, headers=heads, follow_redirects=False)
    assert answer.status_code == 403


@pytest.mark.parametrize("heads", [{}, {"origin": HERE}, {"origin": f"http://localhost:{PORT}"}])
def test_our_own_page_may(known: TestClient, heads: dict[str, str]) -> None:
    answer = known.post("/cases", data={"words": "My calf twitches"}, headers=heads, follow_redirects=False)
    assert answer.status_code == 303


def test_a_key_in_the_address_changes_nothing(stranger: TestClient) -> None:
    assert stranger.post(f"/cases?token={TOKEN}", data={"words": "My calf twitches"}).status_code == 403


def test_large_bodies_are_refused_before_they_are_read(known: TestClient) -> None:
    assert known.post("/cases", content=b"x" * 4_000_001).status_code == 413

    def unending():
        for _ in range(60):
            yield b"words=" + b"x" * 100_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert known.post("/cases", content=unending(), headers=kind).status_code == 413


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/static/shell/shell.css", "/static/shell/none.css"])
def test_every_answer_forbids_what_no_page_needs(known: TestClient, path: str) -> None:
    heads = known.get(path).headers
    policy = heads["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert heads["x-content-type-options"] == "nosniff"
    assert heads["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in heads


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_or_style(known: TestClient, path: str) -> None:
    page = known.get(path)
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page.text)
    assert not re.search(
        r"""(?:src|href)=["'](?:https?:)?//(?!doi\.org|127\.0\.0\.1)[^"']*\.(?:js|css|png|woff)""", page.text
    )


def test_pages_are_not_kept_and_files_are(known: TestClient) -> None:
    assert known.get("/").headers["cache-control"] == "no-store"
    address = re.search(r"/static/shell/shell\.css\?v=\w+", known.get("/").text)
    assert address
    assert "immutable" in known.get(address[0]).headers["cache-control"]
    assert "immutable" not in known.get("/static/shell/none.css?v=1").headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/shell/../_guard.py", "/static/shell/%2e%2e%2f_guard.py", "/static/..%2fshell/shell.css",
        "/static/report/report.html.j2", "/static/shell/_guard.py", "/static/knowledge/x.json",
        "/static/shell/shell.css%00.js", "/static/shell//etc/passwd", "/static/case/_model.css",
    ],
)  # fmt: skip
def test_nothing_but_page_files_is_handed_out(known: TestClient, path: str) -> None:
    assert known.get(path).status_code == 404


@settings(max_examples=80)
@given(method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH"]), path=st.text(max_size=60))
def test_no_address_breaks_the_server(known: TestClient, method: str, path: str) -> None:
    from urllib.parse import quote

    answer = known.request(method, f"{HERE}/{quote(path, safe='/?&=%')}", follow_redirects=False)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"port": 0}, "port"),
        ({"token": "a b"}, "token"),
        ({"upload_mb": 0}, "upload"),
        ({"token": ""}, "token"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Settings(**{"port": PORT, "token": TOKEN, **wrong})  # pyright: ignore[reportArgumentType]
