"""Which address does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch.app.nerve._ready import Warmth
from whytwitch.app.nerve._simulator import SimulatorPages
from whytwitch.app.nerve._what_if import WhatIfPages
from whytwitch.app.shell import Services

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


def routes(services: Services) -> list[BaseRoute]:
    """The addresses of these pages."""
    from starlette.routing import Route

    ask, simulator = WhatIfPages(services, Warmth()), SimulatorPages(services)
    here = "/cases/{key}/what-if"
    cause = "/simulator/{cause}"
    return [
        Route(here, ask.page),
        Route(f"{here}/rate", ask.rate),
        Route(f"{here}/curves", ask.curves),
        Route("/simulator", simulator.causes),
        Route("/simulator/ready", ask.ready),
        Route("/simulator/units.json", ask.units),
        Route("/simulator/panels.css", simulator.style),
        Route(cause, simulator.cause),
        Route(f"{cause}/sound.wav", simulator.sound),
        Route(f"{cause}/make", simulator.make, methods=["POST"]),
        Route(f"{cause}/recording.{{kind}}", simulator.recording),
    ]


__all__ = ["routes"]
