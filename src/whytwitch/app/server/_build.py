"""Put the parts of the page together."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from whytwitch.app.shell import Guard, Services, Settings, handlers, send_file, told

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PARTS: Final = ("person", "viewer", "nerve", "diary")


def create_app(settings: Settings) -> ASGIApp:
    """The whole page as an ASGI application.

    Its private folder for large files goes when the server stops.

    Args:
        settings: where and for whom it is served.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount, Route

    scratch = Path(tempfile.mkdtemp(prefix="whytwitch-"))
    # Gone when the server stops; at the latest with the process, if it never began to serve.
    clean_up = partial(shutil.rmtree, scratch, ignore_errors=True)
    atexit.register(clean_up)
    services = Services(settings, scratch)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            yield
        finally:
            clean_up()

    routes = [route for part in PARTS for route in import_module(f"whytwitch.app.{part}").routes(services)]
    routes.append(Route("/static/{part}/{name}", send_file))
    routes.append(Mount("/api", Lazily(lambda: import_module("whytwitch.app.api").api(services))))
    guard = Middleware(Guard, settings=settings, told=told)
    return Starlette(routes=routes, middleware=[guard], exception_handlers=handlers(), lifespan=lifespan)


class Lazily:
    """An application that is made at its first request; its import costs half a second."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if self._app is None:
            self._app = self._make()
        await self._app(scope, receive, send)


__all__ = ["create_app"]
