"""Listen, say where, and stop cleanly."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from whytwitch.app.server._build import create_app
from whytwitch.app.shell import HOST, Settings

TRIED: Final = 20


class NoPortError(OSError):
    """No port can be had. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that listens.

    Attributes:
        settings: as they are in force.
        address: what to open in a browser, with the key.
    """

    settings: Settings
    address: str


def serve(settings: Settings, ready: Callable[[Serving], None], *, fixed_port: bool = False) -> None:
    """Serve the page until it is interrupted.

    Args:
        settings: where and for whom.
        ready: called once the socket listens, before the first request.
        fixed_port: fail if the port is taken, instead of taking the next free one.

    Raises:
        NoPortError: no port can be had.
    """
    import uvicorn

    with closing(_listen(settings.port, 1 if fixed_port else TRIED)) as listening:
        settings = replace(settings, port=listening.getsockname()[1])
        config = uvicorn.Config(
            create_app(settings), access_log=False, log_level="warning", server_header=False,
            date_header=False, lifespan="on", ws="none", timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=65_536,
        )  # fmt: skip
        ready(Serving(settings, f"http://{HOST}:{settings.port}/?token={settings.token}"))
        uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int, tried: int) -> socket.socket:
    """A listening socket on the first free port from ``port`` on.

    Raises:
        NoPortError: none of as many as may be tried is free.
    """
    last: OSError | None = None
    for candidate in range(port, min(port + tried, 65_536)):
        # With the protocol named, asyncio switches Nagle's algorithm off: else each answer on a connection
        # that is kept waits some 40 ms for the browser's acknowledgment of its head.
        plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            plug.bind((HOST, candidate))
            plug.listen(128)
        except OSError as error:
            plug.close()
            last = error
        else:
            return plug
    named = f"port {port} is" if tried == 1 else f"ports {port} to {port + tried - 1} are"
    raise NoPortError(f"{named} taken on {HOST}; give another with --port") from last


__all__ = ["NoPortError", "Serving", "serve"]
