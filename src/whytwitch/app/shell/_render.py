"""From templates to answers, and the files that pages link to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from whytwitch.app.shell._problem import Problem
from whytwitch.report import page_environment

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PARTS: Final = ("shell", "person", "viewer", "nerve", "diary", "api")
"""Packages of ``whytwitch.app`` that bring pages."""

_APP: Final = Path(__file__).parents[1]

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z]+)+")
THREADS: Final = 2
"""Requests that may compute at once; more would only take turns on the same cores."""

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")


# --- pages ----------------------------------------------------------------------------------------


@cache
def environment() -> Environment:
    """The report's templates and filters, with those of every part of the page on top."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

    report = page_environment()
    # By folder, not by package: looking for a template must not import the part (FastAPI is slow).
    own = {part: FileSystemLoader(folder) for part in PARTS if (folder := _APP / part / "templates").is_dir()}
    loaders = [own["shell"], PrefixLoader(own), report.loader]
    made = report.overlay(loader=ChoiceLoader([loader for loader in loaders if loader is not None]))
    made.globals = {**report.globals, "static": static}
    return made


def render(request: Request, name: str, status_code: int = 200, **context: Any) -> Response:
    """A page.

    Args:
        request: what is answered; its address decides which entry of the menu is lit.
        name: the template, by part: ``"person/start.html.j2"``.
        status_code: of the answer.
        context: what the template reads.
    """
    from starlette.responses import HTMLResponse

    shared = {"request": request, "path": request.url.path, "expert": expert(request)}
    return HTMLResponse(environment().get_template(name).render({**shared, **context}), status_code)


def expert(request: Request) -> bool:
    """Whether precise terms are asked for."""
    return request.query_params.get("expert", "") in ("1", "true", "on")


def route(path: str, view: Callable[[Request, _T], Awaitable[Response]], given: _T, *methods: str) -> Route:
    """An address and the view behind it, which is handed what its part of the page works with.

    Args:
        path: Starlette's pattern.
        view: answers the request.
        given: its second argument.
        methods: of HTTP; GET where none is named.
    """
    from starlette.routing import Route

    async def answer(request: Request) -> Response:
        return await view(request, given)

    return Route(path, answer, methods=list(methods) or ["GET"])


# --- files ----------------------------------------------------------------------------------------


@cache
def file_of(part: str, name: str) -> tuple[bytes, str]:
    """A file that pages link to, and its type.

    Raises:
        Problem: there is none of that name.
    """
    suffix = name[name.rfind(".") :]
    folder = _APP.parent / "report/templates" if part == "report" else _APP / part / "static"
    known = part in (*PARTS, "report") and _NAME.fullmatch(name) and suffix in TYPES
    found = folder / name
    if not known or not found.is_file():
        raise Problem(404, "There is no such file", "The address is wrong.")
    return found.read_bytes(), TYPES[suffix]


def static(path: str) -> str:
    """The address of ``part/name``, which changes with the file so that browsers may keep it."""
    part, _, name = path.partition("/")
    content, _ = file_of(part, name)
    return f"/static/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


async def send_file(request: Request) -> Response:
    """Answer with a file."""
    from starlette.responses import Response

    content, kind = file_of(request.path_params["part"], request.path_params["name"])
    return Response(
        content, media_type=kind, headers={"cache-control": "no-cache"} if not _kept(request) else None
    )


def _kept(request: Request) -> bool:
    return "v" in request.query_params


# --- work -----------------------------------------------------------------------------------------


@cache
def _lane(width: int) -> CapacityLimiter:
    from anyio import CapacityLimiter

    return CapacityLimiter(width)


async def heavy(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run what computes long or touches the disk beside the event loop, a few at a time."""
    from anyio import to_thread

    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_lane(THREADS))


async def in_turn(function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run a short step of reasoning beside the event loop, one after the other.

    Such steps share one interpreter lock, so side by side each of them would only end later.
    """
    from anyio import to_thread

    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_lane(1))


__all__ = ["environment", "expert", "file_of", "heavy", "in_turn", "render", "route", "send_file", "static"]
