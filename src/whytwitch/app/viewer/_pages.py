"""The pages about recordings, one function an address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from whytwitch.app.shell import Problem, Services, expert, heavy, render
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Bench, Item
from whytwitch.app.viewer._change import change_of, number_in
from whytwitch.app.viewer._data import counted, events_data, recording_data, state
from whytwitch.app.viewer._events_page import one, table
from whytwitch.app.viewer._line import EXAMPLE_MUSCLE, Line, example_path
from whytwitch.app.viewer._pyramid import ViewError
from whytwitch.app.viewer._save import bids_stem, bids_zip
from whytwitch.app.viewer._upload import endings, receive
from whytwitch.app.viewer._use import use
from whytwitch.report import Section

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


CHANGING: Final[tuple[Section, ...]] = ("answer", "limits")
"""Sections that say something else after a decision."""


@dataclass(frozen=True)
class Part:
    """The recordings and their line, with what every page shares."""

    services: Services
    bench: Bench
    line: Line


# --- the bench ------------------------------------------------------------------------------------


async def bench(request: Request, part: Part) -> Response:
    """All recordings, and the form that adds some."""
    return render(
        request,
        "viewer/bench.html.j2",
        case=_case(request),
        items=[(item, state(item, part.line)) for item in part.bench.items()],
        endings=",".join(await heavy(endings)),
        limit_mb=part.services.settings.upload_mb,
    )


async def upload(request: Request, part: Part) -> Response:
    """Take files in; one recording leads to its page, several to the list."""
    files, fields = await receive(request, await heavy(part.bench.folder))
    items = [part.bench.lay(file) for file in files]
    for item in items:
        part.line.join(item)
    kept = urlencode({"case": fields["case"][:64]}) if fields.get("case") else ""
    return _to(_address(items[0]) if len(items) == 1 else "/recordings", kept)


async def example(request: Request, part: Part) -> Response:
    """The built-in recording."""
    form = await request.form()
    item = next((item for item in part.bench.items() if item.is_example), None)
    if item is None:
        path = await heavy(example_path)
        item = part.bench.lay(path, name="Example (made up)", is_example=True, muscle=EXAMPLE_MUSCLE)
    part.line.join(item)
    case = str(form.get("case", ""))[:64]
    return _to(_address(item), urlencode({"case": case}) if case else "")


async def stop(request: Request, part: Part) -> Response:
    """End the work on a recording."""
    item = _item(request, part)
    part.line.leave(item)
    return _to(_address(item), _kept(request))


async def again(request: Request, part: Part) -> Response:
    """Begin it again."""
    item = _item(request, part)
    part.line.join(item)
    return _to(_address(item), _kept(request))


async def remove(request: Request, part: Part) -> Response:
    """Take a recording off the bench."""
    item = _item(request, part)
    part.line.leave(item)
    await heavy(part.bench.drop, item.key)
    return _to("/recordings", _kept(request))


async def how_far(request: Request, part: Part) -> Response:
    """The state of the work, as JSON."""
    return _json(state(_item(request, part), part.line))


# --- one recording --------------------------------------------------------------------------------


async def recording(request: Request, part: Part) -> Response:
    """The viewer; or, as long as nothing can be shown, how far the work has come."""
    item = _item(request, part)
    how = state(item, part.line)
    shared = {**_shared(request, item), "how": how}
    words = json.dumps({"kinds": dict(shared["kinds_said"]), "states": dict(say.STATUS)})
    if item.pyramid is None:
        return render(request, "viewer/wait.html.j2", **shared)
    found = item.found
    at_s = number_in(request.query_params, "at_s") if "at_s" in request.query_params else 0.0
    precise = expert(request)
    return render(
        request,
        "viewer/recording.html.j2",
        **shared,
        recording=item.drawn().recording,
        script_words=words,
        counted=counted(found) if found else "",
        found=found,
        answer=await heavy(_section, item, "answer", expert=precise) if found else "",
        quality=await heavy(_section, item, "quality", expert=precise) if found else "",
        limits=await heavy(_section, item, "limits", expert=precise) if found else "",
        table=table(found, at_s) if found else None,
        muscles=part.services.catalogue.muscles.values(),
    )


def _section(item: Item, name: Section, *, expert: bool) -> str:
    """One section of the report, of the potentials as they are now."""
    from whytwitch.report import recording_sections

    found = item.result()
    return recording_sections(found.reviewed.twitches, found.signature, sections=(name,), expert=expert)


async def data(request: Request, part: Part) -> Response:
    """What the script reads first."""
    item = _item(request, part)
    found = item.found
    twitches = found.twitches if found else None
    said = await heavy(recording_data, item.drawn().recording, twitches)
    said["events"] = await heavy(events_data, found) if found else None
    return _json(said)


async def traces(request: Request, part: Part) -> Response:
    """A stretch of the signal at any width, as packed numbers (see ``View.packed``)."""
    from starlette.responses import Response

    asked = request.query_params
    pyramid = _item(request, part).drawn()
    start_s, stop_s, columns = (number_in(asked, name) for name in ("start_s", "stop_s", "columns"))
    chosen = _channels(asked.get("channels", ""), len(pyramid.recording.channels))
    try:
        view = await heavy(pyramid.view, start_s, stop_s, _whole("columns", columns), chosen)
    except ViewError as error:
        raise Problem(422, say.WRONG_VIEW, str(error)) from error
    return Response(view.packed(), media_type="application/octet-stream")


def _whole(name: str, value: float) -> int:
    if value != int(value):
        raise Problem(422, say.WRONG_VIEW, f"{name}: {value:g} is not whole")
    return int(value)


def _channels(said: str, n: int) -> NDArray[np.intp]:
    """``0-3,7`` as 0, 1, 2, 3, 7; all where nothing is said.

    Raises:
        Problem: it is no list of channels.
    """
    if not said:
        return np.arange(n)
    chosen: list[int] = []
    for piece in said.split(","):
        first, dash, last = piece.strip().partition("-")
        ends = [first, last] if dash else [first, first]
        if not all(end.isdecimal() and len(end) < 8 and int(end) < n for end in ends) or len(chosen) > n:
            raise Problem(
                422, say.WRONG_VIEW, f"channels: {piece[:40]!r}; give numbers from 0 to {n - 1}, as 0-3,7"
            )
        chosen += range(int(ends[0]), int(ends[1]) + 1)
    if not chosen or len(chosen) > n:
        raise Problem(422, say.WRONG_VIEW, f"channels: give 1 to {n} of them, each once")
    return np.array(chosen, np.intp)


async def report(request: Request, part: Part) -> Response:
    """Everything that the report of a recording says, to read and to print."""
    item = _item(request, part)
    body = await heavy(_report, item, expert=expert(request))
    return render(request, "viewer/report.html.j2", body=body, **_shared(request, item))


def _report(item: Item, *, expert: bool) -> str:
    from whytwitch.recording import examples
    from whytwitch.report import recording_sections

    found, drawn = item.result(), item.drawn()
    twitches = found.reviewed.twitches
    cut = examples(drawn.recording, twitches, most=12)
    return recording_sections(twitches, found.signature, expert=expert, examples=cut)


async def use_it(request: Request, part: Part) -> Response:
    """Put the recording into a case, and go there."""
    item, form = _item(request, part), await request.form()
    muscle, case = str(form.get("muscle", "")), str(form.get("case", ""))[:64]
    key = await heavy(use, item.result(), muscle, case, part.services)
    return _to(f"/cases/{key}")


# --- its potentials -------------------------------------------------------------------------------


async def event(request: Request, part: Part) -> Response:
    """One potential, with what can be done about it."""
    item, said = _item(request, part), request.path_params["number"]
    try:
        shown = await heavy(one, item.result(), said, expert=expert(request))
    except KeyError:
        raise Problem(404, say.GONE, say.NO_EVENT.format(number=said)) from None
    return render(request, "viewer/event.html.j2", **_shared(request, item), **shown)


async def edit(request: Request, part: Part) -> Response:
    """Take in one decision. To the script: the potentials and the answer as they are now."""
    item, form = _item(request, part), await request.form()
    fields = {name: str(value) for name, value in form.items()}
    change = change_of(fields, item.result())
    found = await heavy(item.edit, change, part.services.catalogue)
    if "application/json" in request.headers.get("accept", ""):
        said = {name: await heavy(_section, item, name, expert=expert(request)) for name in CHANGING}
        return _json({"events": await heavy(events_data, found), **said})
    back = f"{_address(item)}/events/{fields['number']}" if fields.get("number") else _address(item)
    return _to(back, _kept(request))


async def events_csv(request: Request, part: Part) -> Response:
    """The potentials that count, as one table."""
    from whytwitch.report import events_csv as written

    item = _item(request, part)
    text = await heavy(written, item.result().reviewed.twitches)
    return _file(text.encode(), "text/csv; charset=utf-8", f"{bids_stem(item.name)}_potentials.csv")


async def events_bids(request: Request, part: Part) -> Response:
    """All potentials with what was decided, as EMG-BIDS."""
    item = _item(request, part)
    packed = await heavy(bids_zip, item, item.result())
    return _file(packed, "application/zip", f"{bids_stem(item.name)}_events.zip")


# --- answers --------------------------------------------------------------------------------------


def _item(request: Request, part: Part) -> Item:
    return part.bench.get(request.path_params["key"])


def _address(item: Item) -> str:
    return f"/recordings/{item.key}"


def _shared(request: Request, item: Item) -> dict[str, Any]:
    """What every page of one recording reads."""
    from whytwitch.report import Words

    words = Words(expert=expert(request))
    kept = _kept(request)
    return {
        "item": item,
        "case": _case(request),
        "address": _address(item),
        "kinds_said": words.KINDS,
        "query": f"?{kept}" if kept else "",
        "other": f"?{_kept(request, precise=not words.expert)}",
        "told": say,
    }


def _case(request: Request) -> str:
    """The case that a recording is looked at for, kept by every link."""
    return request.query_params.get("case", "")[:64]


def _kept(request: Request, *, precise: bool | None = None) -> str:
    """What every link carries on: the case that is worked on, and which words are used."""
    precise = expert(request) if precise is None else precise
    said = {"case": _case(request), "expert": "1" if precise else ""}
    return urlencode({name: value for name, value in said.items() if value})


def _to(address: str, kept: str = "") -> Response:
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"{address}?{kept}" if kept else address, 303)


def _json(value: dict[str, Any]) -> Response:
    from starlette.responses import Response

    return Response(json.dumps(value, separators=(",", ":"), allow_nan=False), media_type="application/json")


def _file(content: bytes, kind: str, name: str) -> Response:
    from starlette.responses import Response

    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


__all__ = [
    "Part",
    "again",
    "bench",
    "data",
    "edit",
    "event",
    "events_bids",
    "events_csv",
    "example",
    "how_far",
    "recording",
    "remove",
    "report",
    "stop",
    "traces",
    "upload",
    "use_it",
]
