"""Which address does what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from whytwitch.app.shell import Services, route
from whytwitch.app.viewer import _bench_pages as bench
from whytwitch.app.viewer import _event_pages as events
from whytwitch.app.viewer import _pages as pages
from whytwitch.app.viewer._bench import Bench
from whytwitch.app.viewer._line import Line
from whytwitch.app.viewer._replies import Part

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute


def routes(services: Services) -> list[BaseRoute]:
    """The addresses of recordings; those named at the start are on the bench already."""
    part = Part(services, Bench(services.scratch), Line(services.catalogue))
    for path in services.settings.recordings:
        part.line.join(part.bench.lay(path))

    def at(path: str, view: Callable[[Request, Part], Awaitable[Response]], *methods: str) -> BaseRoute:
        return route(path, view, part, *methods)

    one = "/recordings/{key}"
    return [
        at("/recordings", bench.bench),
        at("/recordings", bench.upload, "POST"),
        at("/recordings/example", bench.example, "POST"),
        at(one, pages.recording),
        at(f"{one}/state", bench.how_far),
        at(f"{one}/stop", bench.stop, "POST"),
        at(f"{one}/again", bench.again, "POST"),
        at(f"{one}/remove", bench.remove, "POST"),
        at(f"{one}/data", pages.data),
        at(f"{one}/traces", pages.traces),
        at(f"{one}/report", pages.report),
        at(f"{one}/use", pages.use_it, "POST"),
        at(f"{one}/events/{{number:int}}", events.event),
        at(f"{one}/edits", events.edit, "POST"),
        at(f"{one}/review", events.go_on, "POST"),
        at(f"{one}/events.csv", events.events_csv),
        at(f"{one}/events.zip", events.events_bids),
    ]


__all__ = ["routes"]
