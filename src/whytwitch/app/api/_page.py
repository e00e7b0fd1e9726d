"""A page of our own that lists the calls; nothing in it comes from elsewhere."""

from __future__ import annotations

import json
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whytwitch.app.shell import render

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as it is listed."""

    method: str
    path: str
    anchor: str
    summary: str
    text: tuple[str, ...]
    """Paragraphs."""
    fields: tuple[tuple[str, str], ...]
    body: str
    """An example of the body; empty where there is none."""
    command: str
    """A command that tries it."""


def index(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    """The page at ``/api/``."""

    async def listed(request: Request) -> Response:
        root = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
        return render(request, "api/index.html.j2", groups=_groups(app.openapi(), root), root=root)

    return listed


def _groups(schema: dict[str, Any], root: str) -> dict[str, list[Call]]:
    groups: dict[str, list[Call]] = {}
    for path, calls in schema["paths"].items():
        for method, call in calls.items():
            groups.setdefault(call["tags"][-1], []).append(_call(path, method, call, schema, root))
    return groups


def _call(path: str, method: str, call: dict[str, Any], schema: dict[str, Any], root: str) -> Call:
    example = _example(call, schema)
    body = json.dumps(example, indent=2, ensure_ascii=False) if example else ""
    rows = [*call.get("parameters", []), *_properties(call, schema)]
    return Call(
        method=method.upper(),
        path=path,
        anchor=call["operationId"],
        summary=call.get("summary", ""),
        text=tuple(part for part in call.get("description", "").split("\n\n") if part),
        fields=tuple((row["name"], row.get("description", "")) for row in rows),
        body=body,
        command=_command(method, path, example, root),
    )


def _command(method: str, path: str, example: Any, root: str) -> str:
    address = shlex.quote(f"{root}{path}".replace("{id}", "hypocalcemia"))
    lines = [f'curl -H "Authorization: Bearer $KEY" {address}']
    if method == "post":
        lines += [
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(json.dumps(example, ensure_ascii=False))}",
        ]
    return " \\\n  ".join(lines)


def _model(call: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of the body."""
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"].get(name, body)


def _properties(call: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, str]]:
    properties = _model(call, schema).get("properties", {})
    return [{"name": name, "description": row.get("description", "")} for name, row in properties.items()]


def _example(call: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The first example of the body, or one put together from those of its fields."""
    model = _model(call, schema)
    if model.get("examples"):
        return model["examples"][0]
    given = {
        name: row["examples"][0] for name, row in model.get("properties", {}).items() if row.get("examples")
    }
    return given or None


__all__ = ["index"]
