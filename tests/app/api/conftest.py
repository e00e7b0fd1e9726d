"""The API as it is mounted, called without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from whytwitch.app.api import api
from whytwitch.app.shell import Services, Settings

Call = Callable[..., httpx.Response]
PORT = 8799


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    scratch: Path = tmp_path_factory.mktemp("scratch")
    return api(Services(Settings(PORT, token="test"), scratch))


@pytest.fixture(scope="session")
def call(app: Any) -> Call:
    def called(method: str, path: str, **more: Any) -> httpx.Response:
        async def answer() -> httpx.Response:
            carrier = httpx.ASGITransport(app)  # errors of the application fail the test
            async with httpx.AsyncClient(transport=carrier, base_url=f"http://127.0.0.1:{PORT}") as client:
                return await client.request(method, path, **more)

        return asyncio.run(answer())

    return called
