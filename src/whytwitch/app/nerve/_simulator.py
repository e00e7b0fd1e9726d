"""The simulator: pick a cause, see and hear what it does along the motor unit."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from whytwitch.app.nerve import _phrases as say
from whytwitch.app.nerve._made import KEPT_S, Kind, Wish, recording_file, sound
from whytwitch.app.nerve._shop import Job, Shop
from whytwitch.app.shell import Problem, Services, expert, heavy, render
from whytwitch.knowledge import Scenario, load_mechanics

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PARTS: Final = {
    "bath": "the fluid around nerve and muscle", "axon": "the nerve fiber", "terminal": "its ends",
    "junction": "the junction", "fiber": "the muscle fiber", "units": "motor units",
    "drive": "brain and cord",
}  # fmt: skip
PLACES: Final = {
    "Nerve fiber": "axon", "Ends of the nerve fiber": "terminal", "Junction of nerve and muscle": "junction",
    "Muscle fiber": "fiber",
}  # fmt: skip
"""Which stop a plot belongs to."""
SLOWED: Final = 400
TRAVEL_MS: Final = {"axon": 10.0, "terminal": 1.0, "junction": 0.8, "fiber": 12.0}
"""How long an impulse takes along each part: half a meter at 50 m/s, the last branches, the gap, and 5 cm of
muscle at 4 m/s (usual values, rounded: judgment)."""
_TYPES: Final = {
    "edf": "application/octet-stream",
    "bdf": "application/octet-stream",
    "bids": "application/zip",
}


def _dosed(reading: Scenario) -> str:
    """What is dosed, in words; imported here since the report of simulations opens all of physiology."""
    from whytwitch.report import dose_name

    return dose_name(reading)


class SimulatorPages:
    """The addresses of the simulator."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.shop = Shop()

    async def causes(self, request: Request) -> Response:
        """All causes: those that can be simulated, with where they act, and the others, with why not."""
        query = request.query_params.get("q", "")[:100].strip()
        can, cannot = await heavy(self._listed, query.lower())
        return render(request, "nerve/causes.html.j2", told=say, query=query, can=can, cannot=cannot)

    def _listed(self, query: str) -> tuple[list[Any], list[Any]]:
        can, cannot = [], []
        for entry in load_mechanics().causes.values():
            cause = self.services.catalogue.causes[entry.id]
            if query and query not in f"{cause.name} {cause.plain_name} {cause.id}".lower():
                continue
            if not entry.scenarios:
                cannot.append((cause, entry.no_model))
                continue
            parts = dict.fromkeys(
                PARTS[change.target.partition(".")[0]]
                for one in entry.scenarios[:1]
                for change in one.changes
            )
            can.append((cause, say.ACTS_ON.format(places=", ".join(parts)), entry.scenarios[0].grade))
        return tuple(sorted(part, key=lambda row: row[0].plain_name.lower()) for part in (can, cannot))  # type: ignore[return-value]

    async def cause(self, request: Request) -> Response:
        """One cause along the motor unit; while it is worked out, a page that says so."""
        wish = await heavy(self._wish, request)
        job = self.shop.ask(wish, wish.simulated)
        context: dict[str, Any] = {"busy": False}
        if job.done and not job.error:
            context = await heavy(self._context, wish, job, precise=expert(request))
        return render(
            request, "nerve/simulator.html.j2", told=say, wish=wish, job=job, kinds=get_args(Kind),
            cause=self.services.catalogue.causes[wish.cause], reading=wish.reading,
            dosed=await heavy(_dosed, wish.reading), slowed=SLOWED,
            readings=load_mechanics().causes[wish.cause].scenarios, travel=TRAVEL_MS, places=PLACES,
            **context,
        )  # fmt: skip

    def _context(self, wish: Wish, job: Job, *, precise: bool) -> dict[str, Any]:
        from whytwitch.report import simulation_context

        found = job.result.effects
        heard = self.shop.ask((wish, "sound"), lambda tell: sound(wish, found, tell))
        shown = simulation_context(job.result, self.services.catalogue, expert=precise, styled=False)
        shown.pop("expert")
        stops = shown["shown"].stops
        starts = [
            stop.place for stop in stops if stop.state == "fires" and stop.place in ("axon", "terminal")
        ]
        ends = [stop.place for stop in stops if stop.state == "silenced" and stop.place in TRAVEL_MS]
        made = {kind: self.shop.look((wish, kind)) for kind in get_args(Kind)}
        return {
            **shown, "heard": heard, "made": made, "busy": not heard.done or self._is_busy(made),
            "origin": (starts or ["soma"])[0], "end": (ends or [""])[0], "kept_s": KEPT_S,
            "contested": self.services.catalogue.causes[wish.cause].verdict.answer == "contested",
        }  # fmt: skip

    @staticmethod
    def _is_busy(made: dict[str, Job | None]) -> bool:
        return any(job is not None and not job.done for job in made.values())

    async def sound(self, request: Request) -> Response:
        """The recording to be heard."""
        from starlette.responses import Response

        wish = await heavy(self._wish, request)
        job = self.shop.look((wish, "sound"))
        if job is None or not job.done:
            raise Problem(404, "Not there yet", say.SOUND_WAIT)
        if job.error:
            raise Problem(422, "No sound", job.error)
        return _ranged(request, job.result.wav, Response)

    async def make(self, request: Request) -> Response:
        """Begin with a file to take along, and go back to the page."""
        from starlette.responses import RedirectResponse

        form = await request.form()
        kind = self._kind(str(form.get("kind", "")))
        wish = await heavy(
            Wish.of, self._known(request), str(form.get("scenario", ""))[:60], str(form.get("dose", ""))[:24]
        )
        ready = self.shop.ask(wish, wish.simulated)
        folder = (
            Path(self.services.scratch) / "simulator" / sha256(repr((wish, kind)).encode()).hexdigest()[:16]
        )

        def work(tell: Any) -> Path:
            if ready.error:
                raise Problem(422, "No recording", ready.error)
            return recording_file(wish, ready.result.effects, kind, folder, tell)

        self.shop.ask((wish, kind), work)
        more = "&expert=1" if form.get("expert") else ""
        return RedirectResponse(f"/simulator/{wish.cause}?{_query(wish)}{more}#downloads", 303)

    async def recording(self, request: Request) -> Response:
        """A file that was made."""
        from starlette.responses import FileResponse

        kind = self._kind(request.path_params["kind"].replace("zip", "bids"))
        wish = await heavy(self._wish, request)
        job = self.shop.look((wish, kind))
        if job is None or not job.done or job.error:
            raise Problem(404, "It is not there", "Make it first, on the page of the cause.")
        name = f"{wish.cause}_synthetic{job.result.suffix}"
        return FileResponse(job.result, media_type=_TYPES[kind], filename=name)

    async def style(self, _: Request) -> Response:
        """Style of the six panels, which elsewhere they bring along."""
        from starlette.responses import Response

        return Response(await heavy(_panel_style), media_type="text/css; charset=utf-8")

    # --- what is asked ----------------------------------------------------------------------------

    def _known(self, request: Request) -> str:
        cause = request.path_params["cause"]
        if cause not in load_mechanics().causes:
            raise Problem(404, "There is no such cause", "Pick one from the list of the simulator.")
        if not load_mechanics().causes[cause].scenarios:
            raise Problem(404, say.CANNOT, load_mechanics().causes[cause].no_model)
        return cause

    def _wish(self, request: Request) -> Wish:
        query = request.query_params
        return Wish.of(self._known(request), query.get("scenario", "")[:60], query.get("dose", "")[:24])

    @staticmethod
    def _kind(text: str) -> Kind:
        for kind in get_args(Kind):
            if kind == text:
                return kind
        raise Problem(422, "This could not be used", f"kind: there are {', '.join(get_args(Kind))}")


def _query(wish: Wish) -> str:
    from urllib.parse import urlencode

    return urlencode({"scenario": wish.scenario, "dose": f"{wish.dose:.10g}"})


def _ranged(request: Request, content: bytes, response: Any) -> Response:
    """A sound, or the part of it that is asked for: some players ask before they play."""
    kind, _, asked = request.headers.get("range", "").partition("=")
    first, _, last = asked.partition("-")
    heads = {"accept-ranges": "bytes"}
    if kind == "bytes" and first.isdecimal() and int(first) < len(content) and (not last or last.isdecimal()):
        end = min(int(last) if last else len(content) - 1, len(content) - 1)
        heads["content-range"] = f"bytes {first}-{end}/{len(content)}"
        return response(content[int(first) : end + 1], 206, heads, media_type="audio/wav")
    return response(content, 200, heads, media_type="audio/wav")


@cache
def _panel_style() -> str:
    from whytwitch.physiology.excitability import PICTURE_STYLE

    return PICTURE_STYLE


__all__ = ["SimulatorPages"]
