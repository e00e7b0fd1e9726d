"""The pages of the nerve alone, with a model that is warm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from whytwitch.app import Interview
from whytwitch.app.nerve import _routes, routes
from whytwitch.app.nerve._ready import Warmth
from whytwitch.app.shell import Services, Settings, handlers
from whytwitch.case import read_text
from whytwitch.knowledge import load

WORDS = (
    "My calf has been twitching for 3 weeks. I am 45. potassium 3.2 mmol/L, calcium 2.1 mmol/L, magnesium "
    "0.6 mmol/L. I take hydrochlorothiazide."
)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return Services(Settings(port=8000, token="test"), Path(tmp_path_factory.mktemp("scratch")))


@pytest.fixture(scope="session")
def client(services: Services) -> Iterator[TestClient]:
    warm = Warmth(lambda: None)
    warm.wait(5.0)
    whole = _routes.Warmth
    _routes.Warmth = lambda: warm
    try:
        app = Starlette(routes=routes(services), exception_handlers=handlers())
    finally:
        _routes.Warmth = whole
    with TestClient(app) as client:
        yield client


@pytest.fixture
def opened(services: Services) -> Callable[..., str]:
    """Lay a case down; returns its key."""

    def opened(words: str = WORDS) -> str:
        return services.desk.open(Interview(read_text(words, load())))

    return opened
