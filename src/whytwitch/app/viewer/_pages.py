"""The pages of one recording: the viewer, what its script reads, the report, the way into an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from whytwitch.app.shell import Problem, expert, heavy, render
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Item
from whytwitch.app.viewer._change import number_in
from whytwitch.app.viewer._data import counted, events_data, recording_data, state, taken_words
from whytwitch.app.viewer._event_rows import table
from whytwitch.app.viewer._filters import bands
from whytwitch.app.viewer._pyramid import NotBuiltError, ViewError
from whytwitch.app.viewer._replies import Part, as_json, go_to, item_of, section_of, shared
from whytwitch.app.viewer._use import use

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def recording(request: Request, part: Part) -> Response:
    """The viewer; or, as long as nothing can be shown, how far the work has come."""
    item = item_of(request, part)
    how = state(item, part.line)
    common = {**shared(request, item), "how": how}
    words = json.dumps({"kinds": dict(common["kinds_said"]), "states": dict(say.STATUS)})
    if item.pyramid is None:
        return render(request, "viewer/wait.html.j2", **common)
    found = item.found
    at_s = number_in(request.query_params, "at_s") if "at_s" in request.query_params else 0.0
    precise = expert(request)
    return render(
        request,
        "viewer/recording.html.j2",
        **common,
        recording=item.drawn().recording,
        script_words=words,
        counted=counted(found) if found else "",
        found=found,
        unsaved=say.unsaved(item.unsaved),
        taken=taken_words(found.taken) if found and found.taken else None,
        answer=await heavy(section_of, item, "answer", expert=precise) if found else "",
        quality=await heavy(section_of, item, "quality", expert=precise) if found else "",
        limits=await heavy(section_of, item, "limits", expert=precise) if found else "",
        table=table(found, at_s) if found else None,
        muscles=part.services.catalogue.muscles.values(),
    )


async def data(request: Request, part: Part) -> Response:
    """What the script reads first."""
    item = item_of(request, part)
    found = item.found
    twitches = found.twitches if found else None
    said = await heavy(recording_data, item.drawn().recording, twitches)
    said["bands"] = [
        {"key": band.key, "words": band.words} for band in bands(item.drawn().recording, twitches)
    ]
    said["events"] = await heavy(events_data, found) if found else None
    return as_json(said)


async def traces(request: Request, part: Part) -> Response:
    """A stretch of the signal at any width, as packed numbers (see ``View.packed``).

    Under a filter a wide view may have to be got ready first: then the answer is 202 with how far that is.
    """
    from starlette.responses import Response

    asked = request.query_params
    shown = item_of(request, part).seen(asked.get("band", ""))
    pyramid = shown.pyramid
    start_s, stop_s, columns = (number_in(asked, name) for name in ("start_s", "stop_s", "columns"))
    chosen = _channels(asked.get("channels", ""), len(pyramid.recording.channels))
    try:
        view = await heavy(pyramid.view, start_s, stop_s, _whole("columns", columns), chosen)
    except ViewError as error:
        raise Problem(422, say.WRONG_VIEW, str(error)) from error
    except NotBuiltError:
        if shown.trouble:
            raise Problem(507, say.WRONG_VIEW, shown.trouble) from None
        return as_json({"done": round(shown.share, 3)}, 202)
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
    item = item_of(request, part)
    body = await heavy(_report, item, expert=expert(request))
    return render(request, "viewer/report.html.j2", body=body, **shared(request, item))


def _report(item: Item, *, expert: bool) -> str:
    from whytwitch.recording import examples
    from whytwitch.report import recording_sections

    found, drawn = item.result(), item.drawn()
    twitches = found.reviewed.twitches
    cut = examples(drawn.recording, twitches, most=12)
    return recording_sections(twitches, found.signature, expert=expert, examples=cut)


async def use_it(request: Request, part: Part) -> Response:
    """Put the recording into a case, and go there."""
    item, form = item_of(request, part), await request.form()
    muscle, case = str(form.get("muscle", "")), str(form.get("case", ""))[:64]
    key = await heavy(use, item.result(), muscle, case, part.services)
    return go_to(f"/cases/{key}")


__all__ = ["data", "recording", "report", "traces", "use_it"]
