"""The first page: one box for the person's own words. It is out before anything is known of causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whytwitch.app.person import _phrases as say
from whytwitch.app.shell import render

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def first(request: Request) -> Response:
    """One box, examples, and a place for files."""
    return again(request, 200)


def again(request: Request, status_code: int, **context: Any) -> Response:
    """The page, perhaps with what was typed and why it could not be used.

    Args:
        request: what is answered.
        status_code: of the answer.
        context: ``words`` and ``error``, or nothing.
    """
    return render(request, "person/start.html.j2", status_code, told=say, **context)


__all__ = ["again", "first"]
