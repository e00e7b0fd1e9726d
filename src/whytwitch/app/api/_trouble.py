"""Errors, each with one clear message: as RFC 9457, or as an OperationOutcome where FHIR is spoken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from whytwitch.app.shell import Problem
from whytwitch.case import CaseError
from whytwitch.physiology import PhysiologyError

if TYPE_CHECKING:
    from fastapi.exceptions import RequestValidationError
    from starlette.requests import Request
    from starlette.responses import Response

_LOG: Final = logging.getLogger("whytwitch.api")
FHIR_PATH: Final = "/fhir/"
UNUSABLE: Final = "This could not be used"
PLAIN: Final = "application/problem+json"
FHIR_JSON: Final = "application/fhir+json"
_TITLES: Final = {404: "There is no such thing", 405: "This address works in another way"}
_ISSUES: Final = {
    404: "not-found",
    413: "too-long",
    415: "not-supported",
    405: "not-supported",
    500: "exception",
}


def answer_trouble(
    path: str, status: int, title: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """An error as the callers of an address expect it."""
    from starlette.responses import JSONResponse

    if FHIR_PATH in path:
        issue = {"severity": "error", "code": _ISSUES.get(status, "invalid"), "diagnostics": detail}
        body: dict[str, Any] = {"resourceType": "OperationOutcome", "issue": [issue]}
        return JSONResponse(body, status, headers, FHIR_JSON)
    body = {"title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, PLAIN)


def handlers() -> dict[Any, Callable[[Request, Any], Response]]:
    """What is called for each kind of failure."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    return {
        Problem: _problem,
        CaseError: _unusable,
        PhysiologyError: _unusable,
        RequestValidationError: _invalid,
        HTTPException: _http,
        Exception: _broken,
    }


def _problem(request: Request, error: Problem) -> Response:
    return answer_trouble(request.url.path, error.status, error.title, error.text)


def _unusable(request: Request, error: Exception) -> Response:
    return answer_trouble(request.url.path, 422, UNUSABLE, str(error))


def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = cast("dict[str, Any]", error.errors()[0])
    places = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
    if first["type"] == "json_invalid":
        reason = first.get("ctx", {}).get("error", "")
        return answer_trouble(request.url.path, 422, UNUSABLE, f"The body is not valid JSON: {reason}.")
    unknown = first["type"] == "extra_forbidden"
    message = "unknown field" if unknown else str(first["msg"]).removeprefix("Value error, ")
    where = ".".join(places)
    return answer_trouble(request.url.path, 422, UNUSABLE, f"{where}: {message}" if where else message)


def _http(request: Request, error: Any) -> Response:
    if error.status_code == 400:  # a body that cannot be read at all
        text = "The body cannot be read as JSON in UTF-8, or it is nested too deeply."
        return answer_trouble(request.url.path, 422, UNUSABLE, text)
    title = _TITLES.get(error.status_code, UNUSABLE)
    text = f"{error.detail}. GET /api/ lists the calls."
    return answer_trouble(request.url.path, error.status_code, title, text, error.headers)


def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    text = "This is a fault of the program, not of the request."
    return answer_trouble(request.url.path, 500, "Something went wrong here", text)


__all__ = ["FHIR_JSON", "PLAIN", "answer_trouble", "handlers"]
