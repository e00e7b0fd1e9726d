"""Who may ask, and what an answer may do: the door of the local page.

The server listens on loopback only, but every page in the browser and every program of this machine
can reach loopback too. So a request must name this host (against DNS rebinding), carry the start
token (against other users and pages), come from this origin when it changes something (against
forged requests), and stay under a size. Answers forbid everything that the pages do not need.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlencode

from whytwitch.app.shell._problem import Problem
from whytwitch.app.shell._settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_MB: Final = 4
"""Largest body of anything but a recording."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "media-src 'self' blob:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # Not "no-referrer": with that, browsers send forms with "Origin: null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

SHUT: Final = Problem(
    403,
    "This page needs its key",
    "Open the address that “whytwitch serve” printed when it started. It holds a key, so that no other "
    "page and no other user of this computer can look in.",
)
ELSEWHERE: Final = Problem(421, "Wrong address", "Open the address that “whytwitch serve” printed.")
FOREIGN: Final = Problem(403, "Refused", "This came from another page, so nothing was changed.")


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, settings: Settings, told: Callable[[Scope, Problem], ASGIApp]) -> None:
        self.app = app
        self.settings = settings
        self.told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, bound its body, and put the headers on the answer."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return None
        send = _with_headers(send, scope)
        heads = _heads(scope["headers"])
        problem = self._refused(scope, heads) or self._too_large(scope, heads)
        if problem is not None:
            return await self.told(scope, problem)(scope, receive, send)
        if entry := self._entry(scope):
            return await self._enter(entry, send)
        return await self.app(scope, self._bounded(scope, receive), send)

    # --- the request ------------------------------------------------------------------------------

    def _refused(self, scope: Scope, heads: dict[str, str]) -> Problem | None:
        if heads.get("host", "").lower() not in self.settings.hosts:
            return ELSEWHERE
        if scope["method"] not in SAFE and not self._own(heads):
            return FOREIGN
        if scope["path"].startswith("/static/") or self._known(scope, heads):
            return None
        return SHUT

    def _own(self, heads: dict[str, str]) -> bool:
        """Whether a request that changes something comes from our own page (or no browser at all)."""
        if "origin" in heads:
            return heads["origin"].lower() in self.settings.origins
        return heads.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _known(self, scope: Scope, heads: dict[str, str]) -> bool:
        given = [_cookie(heads.get("cookie", ""), self.settings.cookie)]
        kind, _, word = heads.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            given.append(word.strip())
        if scope["method"] in SAFE:
            given.append(dict(_query(scope)).get("token", ""))
        return any(self._is_token(word) for word in given)

    def _is_token(self, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self.settings.token.encode())

    def _entry(self, scope: Scope) -> str:
        """Where to go on after the key was given in the address; empty where it was not."""
        query = _query(scope)
        if scope["method"] != "GET" or not self._is_token(dict(query).get("token", "")):
            return ""
        rest = urlencode([(key, value) for key, value in query if key != "token"])
        # One slash only: "//host" would lead to another host.
        path = "/" + quote(scope["path"].lstrip("/\\"))
        return path + (f"?{rest}" if rest else "")

    async def _enter(self, address: str, send: Send) -> None:
        """Change the key in the address for a cookie, so that it stays out of the history."""
        jar = f"{self.settings.cookie}={self.settings.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", address.encode()), (b"set-cookie", jar.encode())]
        headers.append((b"content-length", b"0"))
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    # --- its size ---------------------------------------------------------------------------------

    def _limit_mb(self, scope: Scope) -> int:
        return self.settings.upload_mb if scope["path"].startswith("/recordings") else BODY_MB

    def _too_large(self, scope: Scope, heads: dict[str, str]) -> Problem | None:
        told = heads.get("content-length", "0")
        limit_mb = self._limit_mb(scope)
        return _large(limit_mb) if told.isdecimal() and int(told) > limit_mb * 1_000_000 else None

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """A body that ends the request once it is longer than its limit, whatever length it claimed."""
        limit_mb = self._limit_mb(scope)
        count = 0

        async def counted() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > limit_mb * 1_000_000:
                raise _large(limit_mb)
            return message

        return counted


def _large(limit_mb: int) -> Problem:
    return Problem(413, "This is too large", f"The limit is {limit_mb} MB. Give the part that matters.")


def _with_headers(send: Send, scope: Scope) -> Send:
    lasting = scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v=")

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            more = dict(HEADERS)
            if lasting and message["status"] == 200:
                more["cache-control"] = "public, max-age=31536000, immutable"
            extra = [(k.encode(), v.encode()) for k, v in more.items() if k.encode() not in own]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sent


def _heads(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; of a name given twice both are kept, so that it fits nothing."""
    heads: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        heads[key] = f"{heads[key]}, {text}" if key in heads else text
    return heads


def _query(scope: Scope) -> list[tuple[str, str]]:
    try:
        return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []


def _cookie(header: str, name: str) -> str:
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


__all__ = ["Guard"]
