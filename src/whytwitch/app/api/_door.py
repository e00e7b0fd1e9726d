"""Before a request is read: how large it may be, and in which form it must come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from whytwitch.app.api._trouble import answer_trouble
from whytwitch.app.shell import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 1_000_000
NO_JSON: Final = Problem(
    415,
    "This is no JSON",
    "Send JSON, with the header Content-Type: application/json (or application/fhir+json).",
)


class Door:
    """ASGI middleware: a body has at most 1 MB."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the body back until it is known to be short enough, then pass it on whole."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        body = await _whole(receive)
        if body is None:
            refusal = answer_trouble(
                scope["path"], 413, "This is too large", "The limit is 1 MB. Give the part that matters."
            )
            return await refusal(scope, receive, send)
        return await self.app(scope, _again(body, receive), send)


async def json_only(request: Request) -> None:
    """What every call that takes a body depends on.

    Raises:
        Problem: the body is no JSON.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if request.method == "POST" and not is_json:
        raise NO_JSON


async def _whole(receive: Receive) -> bytes | None:
    """The body; None as soon as it is too long."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        part: bytes = message.get("body", b"")
        more = bool(message.get("more_body")) and message["type"] == "http.request"
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and then whatever comes after it."""
    waiting = True

    async def handed() -> Message:
        nonlocal waiting
        if waiting:
            waiting = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return handed


__all__ = ["MOST_BYTES", "Door", "json_only"]
