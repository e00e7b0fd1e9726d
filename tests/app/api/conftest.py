"""The API as it is mounted, called without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings

Call = Callable[..., Any]
PORT = 8799


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    scratch: Path = tmp_path_factory.mktemp("scratch")
    return api(Services(Settings(PORT, token="test"), scratch))


@pytest.fixture(scope="session")
def call(app: Any) -> Call:
    # Errors of the application fail the test.
    return TestClient(app, base_url=f"http://127.0.0.1:{PORT}").request
