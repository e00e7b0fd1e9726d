"""Every failure as one clear page, or as one JSON object for programs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from whytwitch.app.shell._problem import Problem, sentence
from whytwitch.app.shell._render import environment

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

_LOG: Final = logging.getLogger("whytwitch.page")

UNREADABLE: Final = "This could not be used"
BROKEN: Final = Problem(
    500,
    "Something went wrong here",
    "This is a fault of the program, not of yours. What you saved is safe. Go back and try again.",
)
_KNOWN: Final = {
    404: Problem(
        404, "There is no such page", "The address may be old or mistyped. Begin at the start page."
    ),
    405: Problem(405, "This address works in another way", "Begin at the start page."),
}


def told(scope: Scope, problem: Problem) -> Response:
    """A problem as the client wants it told."""
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, JSONResponse

    request = Request(scope)
    wanted = request.headers.get("accept", "")
    if request.url.path.startswith("/api") or ("json" in wanted and "html" not in wanted):
        body = {"title": problem.title, "detail": problem.text, "status": problem.status}
        return JSONResponse(body, problem.status, media_type="application/problem+json")
    page = environment().get_template("problem.html.j2")
    shared = {"request": request, "path": "", "expert": False}
    return HTMLResponse(page.render(problem=problem, **shared), problem.status)


def handlers() -> dict[Any, Callable[[Request, Any], Response]]:
    """What Starlette calls for each kind of failure."""
    from starlette.exceptions import HTTPException

    return {
        Problem: lambda request, error: told(request.scope, error),
        HTTPException: _http,
        ValueError: _unreadable,
        Exception: _broken,
    }


def _http(request: Request, error: Any) -> Response:
    known = _KNOWN.get(error.status_code)
    return told(request.scope, known or Problem(error.status_code, UNREADABLE, str(error.detail)))


def _unreadable(request: Request, error: ValueError) -> Response:
    """What a reader or a model refuses; any other is a fault of the program, and raised again."""
    from whytwitch.case import CaseError
    from whytwitch.physiology import PhysiologyError
    from whytwitch.recording import RecordingError

    if not isinstance(error, CaseError | PhysiologyError | RecordingError):
        raise error
    return told(request.scope, Problem(422, UNREADABLE, sentence(error)))


def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return told(request.scope, BROKEN)


__all__ = ["handlers", "told"]
