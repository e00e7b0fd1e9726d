"""Put the calls together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from whytwitch.app.api import _cases, _catalogue, _fhir, _hooks, _page
from whytwitch.app.api._door import Door, json_only
from whytwitch.app.api._schema import described
from whytwitch.app.api._trouble import handlers
from whytwitch.app.shell import Services
from whytwitch.report import program_version

if TYPE_CHECKING:
    from fastapi import FastAPI

ABOUT: Final = """What makes this muscle twitch, and what should be done about it, for programs.

**It informs and does not diagnose.** The server keeps nothing: what is known of a person is in the
request, and forgotten with the answer. It answers this computer only, and only with the key that
`whytwitch serve` printed (`Authorization: Bearer KEY`). A body may have 1 MB.

Errors come as RFC 9457 (`application/problem+json`) with one clear `detail`; under `/fhir/` as
OperationOutcome."""


def api(services: Services) -> FastAPI:
    """The API as an application of its own, to be mounted at ``/api``.

    Args:
        services: what it works with.
    """
    from fastapi import Depends, FastAPI

    app = FastAPI(
        title="whytwitch", version=program_version(), description=ABOUT, openapi_url="/openapi.json",
        docs_url=None, redoc_url=None, dependencies=[Depends(json_only)], separate_input_output_schemas=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    for kind, handler in handlers().items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Door)
    for part in (_cases, _catalogue, _fhir, _hooks):
        app.include_router(part.routes(services))
    app.add_route("/", _page.index(app), include_in_schema=False)
    app.openapi = lambda: _schema(app)
    return app


def _schema(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = described(app)
    return app.openapi_schema


__all__ = ["api"]
