"""The pages of single potentials: one of them, decisions about it, and all of them as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from whytwitch.app.shell import Problem, expert, heavy, render
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._change import change_of
from whytwitch.app.viewer._data import events_data
from whytwitch.app.viewer._event_rows import one
from whytwitch.app.viewer._replies import (
    Part,
    address_of,
    as_file,
    as_json,
    go_to,
    item_of,
    kept,
    section_of,
    shared,
)
from whytwitch.app.viewer._save import bids_stem, bids_zip

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from whytwitch.report import Section


CHANGING: Final[tuple[Section, ...]] = ("answer", "limits")
"""Sections that say something else after a decision."""


async def event(request: Request, part: Part) -> Response:
    """One potential, with what can be done about it."""
    item, said = item_of(request, part), request.path_params["number"]
    try:
        shown = await heavy(one, item.result(), said, expert=expert(request))
    except KeyError:
        raise Problem(404, say.GONE, say.NO_EVENT.format(number=said)) from None
    return render(request, "viewer/event.html.j2", **shared(request, item), **shown)


async def edit(request: Request, part: Part) -> Response:
    """Take in one decision. To the script: the potentials and the answer as they are now."""
    item, form = item_of(request, part), await request.form()
    fields = {name: str(value) for name, value in form.items()}
    change = change_of(fields, item.result())
    found = await heavy(item.edit, change, part.services.catalogue)
    if "application/json" in request.headers.get("accept", ""):
        said = {name: await heavy(section_of, item, name, expert=expert(request)) for name in CHANGING}
        return as_json({"events": await heavy(events_data, found), **said})
    back = f"{address_of(item)}/events/{fields['number']}" if fields.get("number") else address_of(item)
    return go_to(back, kept(request))


async def go_on(request: Request, part: Part) -> Response:
    """Go on with a review that was saved."""
    from whytwitch.app.viewer._review_file import MOST_BYTES

    item = item_of(request, part)
    async with request.form(max_files=1, max_fields=4) as form:
        given = form.get("review")
        if given is None or isinstance(given, str) or not given.filename:
            raise Problem(422, say.NO_REVIEW, say.REVIEW_NO_FILE)
        content = await given.read(MOST_BYTES + 1)
        replacing = bool(form.get("replace"))
    await heavy(item.take, content, part.services.catalogue, replacing=replacing)
    return go_to(address_of(item), kept(request), "keep")


async def events_csv(request: Request, part: Part) -> Response:
    """The potentials that count, as one table."""
    from whytwitch.report import events_csv as written

    item = item_of(request, part)
    text = await heavy(written, item.result().reviewed.twitches)
    return as_file(text.encode(), "text/csv; charset=utf-8", f"{bids_stem(item.name)}_potentials.csv")


async def events_bids(request: Request, part: Part) -> Response:
    """All potentials with what was decided, as EMG-BIDS; what is handed out counts as saved."""
    item = item_of(request, part)
    found = item.result()
    packed = await heavy(bids_zip, item, found)
    item.keep(found.log)
    return as_file(packed, "application/zip", f"{bids_stem(item.name)}_events.zip")


__all__ = ["edit", "event", "events_bids", "events_csv", "go_on"]
