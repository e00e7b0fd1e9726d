"""What is there at once, what is loaded later, and that the difference cannot be seen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.app.pages import client

ALONE = """
import sys
from tests.app.pages import client
page = client().get("/")
assert page.status_code == 200 and "Tell me about your twitch" in page.text
late = {"numpy", "whytwitch.knowledge", "whytwitch.case", "whytwitch.reasoning", "fastapi", "sqlalchemy"}
print(*sorted(late.intersection(sys.modules)))
"""


def test_the_first_page_waits_for_nothing_it_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/about", 200),
        ("GET", "/causes/hypocalcemia", 200),
        ("GET", "/api/openapi.json", 200),
        ("POST", "/", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/static/shell/nothing.css", 404),
    ],
)
def test_every_address_answers_as_if_all_were_there(method: str, path: str, status: int) -> None:
    headers = {"origin": "http://127.0.0.1:8765"}
    assert client().request(method, path, headers=headers).status_code == status


def test_a_fault_is_told_and_is_not_taken_for_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers refuse with a kind of ValueError; any other one is a fault of the program."""

    def broken(*_: object) -> None:
        raise ValueError("a fault")

    page = client()
    assert page.get("/causes").status_code == 200
    monkeypatch.setattr("whytwitch.app.person._catalogue.search_causes", broken)
    with pytest.raises(ValueError, match="a fault"):
        page.get("/causes")
