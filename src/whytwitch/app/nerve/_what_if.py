"""The what-if of one person: a page that answers by itself, and the same in pieces for its sliders."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from whytwitch.app.nerve import _phrases as say
from whytwitch.app.nerve._curves import HEIGHT, PANELS, bands, lines, words
from whytwitch.app.nerve._emg import BASE_PER_MIN, drawn, units
from whytwitch.app.nerve._ready import Warmth
from whytwitch.app.nerve._sliders import Controls, controls
from whytwitch.app.shell import Problem, Services, environment, expert, heavy, render
from whytwitch.case import Case, CaseError
from whytwitch.physiology import PhysiologyError
from whytwitch.report import what_if_phrases, what_if_view

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from whytwitch.app._interview import Interview
    from whytwitch.reasoning import WhatIf

WAIT_S: Final = 8.0
"""So long one question for readiness waits."""
_MOST_PAGES: Final = 1000


def lines_of(found: WhatIf, headline: tuple[str, ...]) -> tuple[str, ...]:
    """What is told of the number, the change first: that is what somebody who moves a slider looks for."""
    potassium = next((factor for factor in found.factors if factor.id == "potassium"), None)
    if potassium is not None and potassium.off and (potassium.value or 0.0) < (potassium.normal or 0.0):
        # The model calms a nerve that has too little; that must not read as a reason to leave it so.
        headline = (*headline, what_if_phrases.CALMS, what_if_phrases.CONTESTED)
    start = what_if_phrases.CHANGED.partition("{")[0]
    at = next((k for k, line in enumerate(headline) if line.startswith(start)), None)
    if found.change is None or at is None:
        return headline
    return (*headline[at : at + 2], *headline[:at], *headline[at + 2 :])


class Latest:
    """Which question of a page is its newest, so that older ones that still wait can be left out."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def seen(self, page: str, number: int) -> None:
        """A question came in."""
        with self._lock:
            self._numbers[page] = max(number, self._numbers.get(page, 0))
            self._numbers.move_to_end(page)
            while len(self._numbers) > _MOST_PAGES:
                self._numbers.popitem(last=False)

    def is_old(self, page: str, number: int) -> bool:
        """Whether a newer one came in since."""
        with self._lock:
            return number < self._numbers.get(page, 0)


class WhatIfPages:
    """The addresses of the what-if."""

    def __init__(self, services: Services, warmth: Warmth) -> None:
        self.services = services
        self.warmth = warmth
        self.latest = Latest()

    async def page(self, request: Request) -> Response:
        """The whole page, with the answer to what its address asks."""
        interview = self.services.desk.get(request.path_params["key"])
        is_ready, precise = self.warmth.ask(), expert(request)
        error = ""
        try:
            moved = await heavy(self._controls, interview, request)
        except CaseError as wrong:
            error = str(wrong)
            moved = await heavy(controls, interview.case, self.services.catalogue, {}, ())
        answered: dict[str, Any] = {"answer": None, "emg": None, "tested": None}
        if is_ready and not self.warmth.error:
            try:
                answered = await heavy(self._whole, interview, moved, precise=precise)
            except (CaseError, PhysiologyError) as wrong:
                error = str(wrong)
        return render(
            request, "nerve/what_if.html.j2", 200, told=say, advice=what_if_phrases, moved=moved,
            key=request.path_params["key"],
            error=error, failed=self.warmth.error, is_ready=is_ready, panels=PANELS,
            bands=await heavy(bands), height=HEIGHT, base=BASE_PER_MIN,
            level=(await heavy(lambda: interview.glance)).urgency.level, **answered,
        )  # fmt: skip

    async def rate(self, request: Request) -> Response:
        """The number and its words, for one state of the sliders."""
        from starlette.responses import JSONResponse, Response

        interview = self.services.desk.get(request.path_params["key"])
        page, number = self._numbered(request)
        precise = expert(request)

        def work() -> dict[str, Any] | None:
            if self.latest.is_old(page, number):
                return None
            moved = self._controls(interview, request)
            found = self._found(interview, moved)
            answer = what_if_view(found, expert=precise, sliders=True)
            told = lines_of(found, answer.headline)
            html = environment().get_template("nerve/_number.html.j2").render(answer=answer, lines=told)
            return {"state": request.url.query, "html": html, "short": told[0], "emg": drawn(found)}

        answer = await heavy(work)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    async def curves(self, request: Request) -> Response:
        """The lines of the nerve test, for one state of the sliders."""
        from starlette.responses import JSONResponse, Response

        interview = self.services.desk.get(request.path_params["key"])
        page, number = self._numbered(request)

        def work() -> dict[str, Any] | None:
            if self.latest.is_old(page, number):
                return None
            return {
                "state": request.url.query,
                **self._tested(interview.case, self._controls(interview, request)),
            }

        answer = await heavy(work)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    async def ready(self, _: Request) -> Response:
        """Whether the model is warm; waits a while for it."""
        from starlette.responses import JSONResponse

        self.warmth.ask()
        end = asyncio.get_running_loop().time() + WAIT_S
        while not (is_ready := self.warmth.ask()) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.1)
        return JSONResponse({"ready": is_ready, "error": self.warmth.error})

    async def units(self, _: Request) -> Response:
        """Shapes of muscle potentials."""
        from starlette.responses import JSONResponse

        return JSONResponse(await heavy(units))

    # --- work -------------------------------------------------------------------------------------

    def _numbered(self, request: Request) -> tuple[str, int]:
        page, text = request.query_params.get("page", "")[:40], request.query_params.get("n", "0")
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise Problem(422, "This could not be used", "n: give the number of the question, from 0 on")
        # The two kinds of question of one page do not make each other old.
        name = f"{request.url.path} {page}"
        if page:
            self.latest.seen(name, int(text))
        return name, int(text)

    def _controls(self, interview: Interview, request: Request) -> Controls:
        query = request.query_params
        return controls(interview.case, self.services.catalogue, query, tuple(query.getlist("drug")))

    def _found(self, interview: Interview, moved: Controls) -> WhatIf:
        from whytwitch.reasoning import what_if

        return what_if(
            interview.case, moved.changes, catalogue=self.services.catalogue, brief=True,
            urgency=interview.glance.urgency,
        )  # fmt: skip

    def _whole(self, interview: Interview, moved: Controls, *, precise: bool) -> dict[str, Any]:
        found = self._found(interview, moved)
        answer = what_if_view(found, expert=precise, sliders=True)
        return {
            "answer": answer,
            "lines": lines_of(found, answer.headline),
            "emg": drawn(found),
            "tested": self._tested(interview.case, moved),
        }

    def _tested(self, case: Case, moved: Controls) -> dict[str, Any]:
        from whytwitch.reasoning import Changes, fluid_and_axon

        today, then = (
            fluid_and_axon(case, changes, self.services.catalogue) for changes in (Changes(), moved.changes)
        )
        return {"today": lines(today), "lines": lines(then), "words": words(then)}


__all__ = ["Latest", "WhatIfPages"]
