"""Put the parts of the page together."""

from __future__ import annotations

import atexit
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from whytwitch.app.person import first
from whytwitch.app.shell import Guard, Services, Settings, handlers, heavy, send_file, told

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

FIRST_S: Final = 0.3
"""So long after the start the first page has the machine for itself; a browser asks sooner, or much later."""
QUIET_S: Final = 2.0
"""So long, after that, have the first questions of a person."""

PARTS: Final = ("person", "viewer", "nerve", "diary")


def create_app(settings: Settings) -> ASGIApp:
    """The whole page as an ASGI application.

    Only what the first page needs is loaded before the server listens. Everything else is loaded right
    after it, or at the first request for it. Its private folder for large files goes when the server stops.

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

    pages = Lazily(partial(_pages, services))
    api = Lazily(lambda: import_module("whytwitch.app.api").api(services))

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        over = Event()
        Thread(target=_wake, args=(pages, api, over), daemon=True).start()
        try:
            yield
        finally:
            over.set()
            clean_up()

    routes = [
        Route("/", first),
        Route("/static/{part}/{name}", send_file),
        Mount("/api", api),
        Mount("", pages),
    ]
    guard = Middleware(Guard, settings=settings, told=told)
    return Starlette(routes=routes, middleware=[guard], exception_handlers=handlers(), lifespan=lifespan)


def _pages(services: Services) -> ASGIApp:
    """Every page, with what is known of causes."""
    from starlette.routing import Router

    routes = [route for part in PARTS for route in import_module(f"whytwitch.app.{part}").routes(services)]
    return Router(routes)


def _wake(pages: Lazily, api: Lazily, over: Event) -> None:
    """Load what is slow to load once the first page is out, so that no later page waits for it."""
    if over.wait(FIRST_S):
        return
    # While much is built and nothing is thrown away there is no garbage to look for; and none, later, in
    # what was built.
    gc.disable()
    try:
        pages.app()
        # Whoever answers first has the tables ready.
        import_module("whytwitch.reasoning").explain("It twitches.", brief=True)
        if not over.wait(QUIET_S):
            api.app()
            import_module("sqlalchemy.orm")
    finally:
        gc.freeze()
        gc.enable()


class Lazily:
    """An application that is made at its first request; its import costs half a second."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._lock = Lock()

    def app(self) -> ASGIApp:
        """The application."""
        with self._lock:
            if self._app is None:
                self._app = self._make()
            return self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        app = self._app or await heavy(self.app)
        await app(scope, receive, send)


__all__ = ["create_app"]
