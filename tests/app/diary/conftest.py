"""The diary's pages without the rest of the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from whytwitch.app.diary import Store, routes
from whytwitch.app.shell import Guard, Services, Settings, handlers, send_file, told


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own" / "diary.sqlite"


@pytest.fixture
def store(file: Path) -> Store:
    return Store(f"sqlite:///{file}")


@pytest.fixture
def services(file: Path, tmp_path: Path) -> Services:
    settings = Settings(port=8765, token="test-token", diary=f"sqlite:///{file}")
    return Services(settings, tmp_path)


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    """A client that came in with the key, as a browser does."""
    app = Starlette(
        routes=[*routes(services), Route("/static/{part}/{name}", send_file)],
        middleware=[Middleware(Guard, settings=services.settings, told=told)],
        exception_handlers=handlers(),
    )
    with TestClient(app, base_url="http://127.0.0.1:8765") as client:
        client.cookies.set(services.settings.cookie, services.settings.token)
        client.headers["origin"] = "http://127.0.0.1:8765"
        yield client
