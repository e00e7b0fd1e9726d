"""What all pages about recordings share: whom they are about, their links, and the shapes of answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from whytwitch.app.shell import Services, expert
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Bench, Item
from whytwitch.app.viewer._line import Line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from whytwitch.report import Section


@dataclass(frozen=True)
class Part:
    """The recordings and their line, with what every page shares."""

    services: Services
    bench: Bench
    line: Line


def item_of(request: Request, part: Part) -> Item:
    return part.bench.get(request.path_params["key"])


def address_of(item: Item) -> str:
    return f"/recordings/{item.key}"


def shared(request: Request, item: Item) -> dict[str, Any]:
    """What every page of one recording reads."""
    from whytwitch.report import Words

    words = Words(expert=expert(request))
    links = kept(request)
    return {
        "item": item,
        "case": case_of(request),
        "address": address_of(item),
        "kinds_said": words.KINDS,
        "query": f"?{links}" if links else "",
        "other": f"?{kept(request, precise=not words.expert)}",
        "told": say,
    }


def case_of(request: Request) -> str:
    """The case that a recording is looked at for, kept by every link."""
    return request.query_params.get("case", "")[:64]


def kept(request: Request, *, precise: bool | None = None) -> str:
    """What every link carries on: the case that is worked on, and which words are used."""
    precise = expert(request) if precise is None else precise
    said = {"case": case_of(request), "expert": "1" if precise else ""}
    return urlencode({name: value for name, value in said.items() if value})


def go_to(address: str, kept: str = "", place: str = "") -> Response:
    from starlette.responses import RedirectResponse

    return RedirectResponse(address + (f"?{kept}" if kept else "") + (f"#{place}" if place else ""), 303)


def as_json(value: dict[str, Any], status: int = 200) -> Response:
    from starlette.responses import Response

    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Response(text, status, media_type="application/json")


def as_file(content: bytes, kind: str, name: str) -> Response:
    from starlette.responses import Response

    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def section_of(item: Item, name: Section, *, expert: bool) -> str:
    """One section of the report, of the potentials as they are now."""
    from whytwitch.report import recording_sections

    found = item.result()
    return recording_sections(found.reviewed.twitches, found.signature, sections=(name,), expert=expert)


__all__ = [
    "Part",
    "address_of",
    "as_file",
    "as_json",
    "case_of",
    "go_to",
    "item_of",
    "kept",
    "section_of",
    "shared",
]
