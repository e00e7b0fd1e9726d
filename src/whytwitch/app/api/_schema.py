"""The OpenAPI description, with the errors as they really come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from whytwitch.app.api._models import Trouble
from whytwitch.app.api._trouble import FHIR_JSON, FHIR_PATH, PLAIN

if TYPE_CHECKING:
    from fastapi import FastAPI

_WHY: Final = {
    "404": "There is no such thing",
    "412": "Nothing was prefetched",
    "413": "The body has more than 1 MB",
    "415": "The body is no JSON",
    "422": "It could not be used; `detail` says what is wrong, where, and how to mend it",
}
_OUTCOME: Final = {
    "type": "object",
    "description": "A FHIR OperationOutcome",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["severity", "code", "diagnostics"],
                "properties": {name: {"type": "string"} for name in ("severity", "code", "diagnostics")},
            },
        },
    },
}
_REFERENCE: Final = "#/components/schemas/"


def described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of the calls."""
    from fastapi.openapi.utils import get_openapi

    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes,
        license_info=app.license_info, separate_input_output_schemas=False,
    )  # fmt: skip
    parts = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    parts |= {"Trouble": Trouble.model_json_schema(), "OperationOutcome": _OUTCOME}
    for path, calls in schema["paths"].items():
        for method, call in calls.items():
            _with_errors(path, method, call)
    return schema


def _with_errors(path: str, method: str, call: dict[str, Any]) -> None:
    codes = ["413", "415", "422"] if method == "post" else []
    codes += ["422"] if method == "get" and "parameters" in call else []
    codes += ["404"] if "{" in path else []
    codes += ["412"] if path.endswith("/cds-services/whytwitch") else []
    kind, name = (FHIR_JSON, "OperationOutcome") if FHIR_PATH in path else (PLAIN, "Trouble")
    content = {kind: {"schema": {"$ref": f"{_REFERENCE}{name}"}}}
    call["responses"].pop("422", None)
    call["responses"] |= {code: {"description": _WHY[code], "content": content} for code in sorted(codes)}
    if method == "post" and FHIR_PATH in path:
        body = call["requestBody"]["content"]
        body[FHIR_JSON] = body["application/json"]


__all__ = ["described"]
