"""The bench of recordings: the list, files that come in, and the work on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from whytwitch.app.shell import Problem, heavy, render
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._data import state
from whytwitch.app.viewer._line import EXAMPLE_MUSCLE, example_path
from whytwitch.app.viewer._replies import Part, address_of, as_json, case_of, go_to, item_of, kept
from whytwitch.app.viewer._upload import receive

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def bench(request: Request, part: Part) -> Response:
    """All recordings, and the form that adds some."""
    return render(
        request,
        "viewer/bench.html.j2",
        case=case_of(request),
        items=[(item, state(item, part.line)) for item in part.bench.items()],
        limit_mb=part.services.settings.upload_mb,
    )


async def upload(request: Request, part: Part) -> Response:
    """Take files in; one recording leads to its page, several to the list."""
    files, fields = await receive(request, await heavy(part.bench.folder))
    items = [part.bench.lay(file) for file in files]
    for item in items:
        part.line.join(item)
    case = case_in(fields)
    return go_to(address_of(items[0]) if len(items) == 1 else "/recordings", case)


async def example(request: Request, part: Part) -> Response:
    """The built-in recording."""
    form = await request.form()
    item = next((item for item in part.bench.items() if item.is_example), None)
    if item is None:
        path = await heavy(example_path)
        item = part.bench.lay(path, name="Example (made up)", is_example=True, muscle=EXAMPLE_MUSCLE)
    part.line.join(item)
    return go_to(address_of(item), case_in(form))


async def stop(request: Request, part: Part) -> Response:
    """End the work on a recording."""
    item = item_of(request, part)
    part.line.leave(item)
    return go_to(address_of(item), kept(request))


async def again(request: Request, part: Part) -> Response:
    """Begin it again."""
    item = item_of(request, part)
    part.line.join(item)
    return go_to(address_of(item), kept(request))


async def remove(request: Request, part: Part) -> Response:
    """Take a recording off the bench; with decisions that are not saved only where that was ticked."""
    item, form = item_of(request, part), await request.form()
    if item.unsaved and not form.get("anyway"):
        raise Problem(409, say.NOT_SAVED, say.NOT_SAVED_DROP.format(said=say.unsaved(item.unsaved)))
    part.line.leave(item)
    await heavy(part.bench.drop, item.key)
    return go_to("/recordings", kept(request))


async def how_far(request: Request, part: Part) -> Response:
    """The state of the work, as JSON."""
    return as_json(state(item_of(request, part), part.line))


def case_in(fields: Mapping[str, Any]) -> str:
    """The case that a form was sent for, as a query."""
    case = str(fields.get("case", ""))[:64]
    return urlencode({"case": case}) if case else ""


__all__ = ["again", "bench", "example", "how_far", "remove", "stop", "upload"]
