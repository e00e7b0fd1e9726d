"""Which address does what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from whytwitch.app.person import _answer, _asking, _catalogue, _start, _understanding
from whytwitch.app.person._first import first
from whytwitch.app.shell import Services, route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute


def routes(services: Services) -> list[BaseRoute]:
    """The addresses of these pages."""
    from starlette.routing import Route

    def at(path: str, view: Callable[[Request, Services], Awaitable[Response]], *methods: str) -> BaseRoute:
        return route(path, view, services, *methods)

    case = "/cases/{key}"
    return [
        Route("/", first),
        at("/about", _start.about),
        at("/cases", _start.begin, "POST"),
        at(case, _understanding.understood),
        at(f"{case}/say", _understanding.say_more, "POST"),
        at(f"{case}/correct", _understanding.put_right, "POST"),
        at(f"{case}/place", _understanding.place, "POST"),
        at(f"{case}/setting", _understanding.setting, "POST"),
        at(f"{case}/questions", _asking.question),
        at(f"{case}/questions", _asking.reply, "POST"),
        at(f"{case}/back", _asking.back, "POST"),
        at(f"{case}/on", _asking.go_on, "POST"),
        at(f"{case}/answer", _answer.answer),
        at(f"{case}/report.html", _answer.report),
        at(f"{case}/answer.json", _answer.as_json),
        at(f"{case}/case.json", _answer.saved),
        at(f"{case}/fhir.json", _answer.as_fhir),
        at(f"{case}/close", _answer.close, "POST"),
        at("/causes", _catalogue.causes),
        at("/causes/{cause}", _catalogue.cause),
    ]
