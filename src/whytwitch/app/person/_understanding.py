"""The second page: what was understood, to be put right before it is used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from whytwitch.app._interview import Interview
from whytwitch.app.person import _chips, _places
from whytwitch.app.person._start import setting_of, text_of
from whytwitch.app.person._views import on_the_way
from whytwitch.app.shell import Services, in_turn, render, sentence
from whytwitch.case import CaseError, read_text
from whytwitch.knowledge import Setting
from whytwitch.report import body_zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response


async def understood(request: Request, services: Services) -> Response:
    """Show it."""
    key = request.path_params["key"]
    context = await in_turn(_context, services.desk.get(key), key)
    return render(request, "person/understood.html.j2", **context)


async def say_more(request: Request, services: Services) -> Response:
    """Take in more of the person's own words."""

    def step(interview: Interview, form: FormData) -> Interview:
        words = text_of(form, "words")
        return interview.add(read_text(words, interview.catalogue)) if words else interview

    return await _step(request, services, step)


async def put_right(request: Request, services: Services) -> Response:
    """Put right one thing."""

    def step(interview: Interview, form: FormData) -> Interview:
        value = text_of(form, "set") or text_of(form, "value")
        return interview.corrected(text_of(form, "what"), value)

    return await _step(request, services, step)


async def place(request: Request, services: Services) -> Response:
    """Mark a place on the body, or take the mark away."""

    def step(interview: Interview, form: FormData) -> Interview:
        side = text_of(form, "side")
        return _places.marked(interview, text_of(form, "site"), side, text_of(form, "sort"))

    return await _step(request, services, step)


async def setting(request: Request, services: Services) -> Response:
    """Say where the question is asked."""

    def step(interview: Interview, form: FormData) -> Interview:
        chosen = setting_of(form)
        return replace(interview, opening=interview.opening.model_copy(update={"setting": chosen}))

    return await _step(request, services, step)


async def _step(
    request: Request, services: Services, step: Callable[[Interview, FormData], Interview]
) -> Response:
    """Carry out a correction and show the page anew; one that makes no sense is told beside the field."""
    from starlette.responses import RedirectResponse

    key = request.path_params["key"]
    interview = services.desk.get(key)
    async with request.form(max_files=0, max_fields=10) as form:
        try:
            after = await in_turn(step, interview, form)
        except CaseError as error:
            words = text_of(form, "words")
            context = await in_turn(_context, interview, key)
            return render(
                request, "person/understood.html.j2", 422, **context, error=sentence(error), words=words
            )
    services.desk.put(key, after)
    return RedirectResponse(f"/cases/{key}", 303)


def _context(interview: Interview, key: str) -> dict[str, Any]:
    assessment = interview.glance
    return {
        **on_the_way(interview, key, step=0),
        "groups": _chips.groups(interview),
        "follows": _chips.follows(assessment),
        "unread": assessment.not_understood,
        "doubts": assessment.doubts,
        "map": _places.body(interview),
        "sites": _places.sites(interview.catalogue),
        "zones": body_zones(),
        "settings": get_args(Setting),
    }


__all__ = ["place", "put_right", "say_more", "setting", "understood"]
