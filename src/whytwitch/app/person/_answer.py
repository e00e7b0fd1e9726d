"""The answer, and everything it can be taken along as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from whytwitch.app._interview import Interview
from whytwitch.app._saved import dump
from whytwitch.app.person._views import at_the_answer
from whytwitch.app.shell import Services, expert, heavy, render
from whytwitch.report import to_html, to_json

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def answer(request: Request, services: Services) -> Response:
    """The whole answer as a page."""
    key = request.path_params["key"]
    context = await heavy(_context, services.desk.get(key), key, precise=expert(request))
    return render(request, "person/answer.html.j2", **context)


async def report(request: Request, services: Services) -> Response:
    """The report as one file that stands alone."""
    interview = services.desk.get(request.path_params["key"])
    page = await heavy(to_html, interview.assessment, interview.catalogue, expert=expert(request))
    return _file(page, "text/html; charset=utf-8", "whytwitch-report.html")


async def as_json(request: Request, services: Services) -> Response:
    """The answer for programs."""
    interview = services.desk.get(request.path_params["key"])
    text = await heavy(to_json, interview.assessment, interview.catalogue)
    return _file(text, "application/json", "whytwitch-answer.json")


async def saved(request: Request, services: Services) -> Response:
    """The case, to go on with another day."""
    text = await heavy(dump, services.desk.get(request.path_params["key"]))
    return _file(text, "application/json", "whytwitch-case.json")


async def as_fhir(request: Request, services: Services) -> Response:
    """The case and the answer as a FHIR R4B bundle."""
    from whytwitch.report import fhir_bundle

    interview = services.desk.get(request.path_params["key"])
    bundle = await heavy(fhir_bundle, interview.assessment, interview.catalogue)
    text = json.dumps(bundle, indent=1, ensure_ascii=False)
    return _file(text, "application/fhir+json", "whytwitch-fhir.json")


async def close(request: Request, services: Services) -> Response:
    """Forget the case."""
    from starlette.responses import RedirectResponse

    services.desk.drop(request.path_params["key"])
    return RedirectResponse("/", 303)


def _file(content: str, kind: str, name: str) -> Response:
    from starlette.responses import Response

    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _context(interview: Interview, key: str, *, precise: bool) -> dict[str, Any]:
    return at_the_answer(interview, key, expert=precise)


__all__ = ["answer", "as_fhir", "as_json", "close", "report", "saved"]
