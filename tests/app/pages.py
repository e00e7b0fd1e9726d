"""A client that sits where the person's browser sits."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from whytwitch.app.server import create_app
from whytwitch.app.shell import Settings

PORT = 8765
TOKEN = "test-token"
HERE = f"http://127.0.0.1:{PORT}"


def client(*, known: bool = True, **settings: Any) -> TestClient:
    """A client of a new page; ``known`` says whether it has the key."""
    made = TestClient(create_app(Settings(PORT, TOKEN, **settings)), base_url=HERE)
    if known:
        made.cookies.set(f"whytwitch-{PORT}", TOKEN)
    return made
