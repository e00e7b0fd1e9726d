"""The interview: one question at a time, danger signs first, an emergency before everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from whytwitch.app._answers import age_in_years, denied, duration_in_days, outlasts
from whytwitch.app._interview import PATIENCE, Interview
from whytwitch.app._reply import Reply
from whytwitch.app.person import _phrases as say
from whytwitch.app.person._start import text_of
from whytwitch.app.person._views import on_the_way
from whytwitch.app.shell import Services, in_turn, render, sentence
from whytwitch.case import CaseError, Status
from whytwitch.reasoning import Question

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

MARKED: Final[dict[str, Status]] = {"yes": "present", "no": "absent", "unsure": "unsure"}
SEXES: Final = ("female", "male")

_P = ParamSpec("_P")
_R = TypeVar("_R")


async def question(request: Request, services: Services) -> Response:
    """Ask what helps most to know."""
    key = request.path_params["key"]
    interview = services.desk.get(key)
    context = await _step(interview, _context, interview, key)
    return render(request, "person/questions.html.j2", **context)


async def reply(request: Request, services: Services) -> Response:
    """Take in an answer. One to a question that is no longer open changes nothing."""
    key = request.path_params["key"]
    interview = services.desk.get(key)
    async with request.form(max_files=0, max_fields=40) as form:
        try:
            after = await _step(interview, _answered, interview, form)
        except CaseError as error:
            context = await _step(interview, _context, interview, key)
            return render(request, "person/questions.html.j2", 422, **context, error=sentence(error))
    return await _shown(key, after, services)


async def back(request: Request, services: Services) -> Response:
    """Take back the last answer."""
    key = request.path_params["key"]
    return await _shown(key, services.desk.get(key).back(), services)


async def go_on(request: Request, services: Services) -> Response:
    """Ask another round after the pause."""
    key = request.path_params["key"]
    return await _shown(key, services.desk.get(key).extend(), services)


async def _step(interview: Interview, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run a step, in turn where the case must be weighed for it first."""
    if interview.is_weighed:
        return function(*args, **kwargs)
    return await in_turn(function, *args, **kwargs)


async def _shown(key: str, interview: Interview, services: Services) -> Response:
    from starlette.responses import RedirectResponse

    services.desk.put(key, interview)
    return RedirectResponse(f"/cases/{key}/questions", 303)


def _answered(interview: Interview, form: FormData) -> Interview:
    asked = interview.question
    if asked is None or text_of(form, "question") != asked.id:
        return interview
    return interview.answer(_reply(asked, form, interview))


def _reply(asked: Question, form: FormData, interview: Interview) -> Reply:
    """What the form says to the question.

    Raises:
        CaseError: nothing, or nothing that fits.
    """
    pressed = text_of(form, "press")
    if pressed == "skip":
        return Reply.skip(asked)
    if pressed == "unsure":
        return Reply.unsure(asked)
    match asked.kind:
        case "age":
            return Reply(question=asked.id, age_years=_plausible_age(text_of(form, "age"), interview))
        case "sex":
            if pressed not in SEXES:
                raise CaseError("choose one, or skip")
            return Reply(question=asked.id, sex="female" if pressed == "female" else "male")
        case "duration":
            return Reply(question=asked.id, duration_days=_plausible_duration(form, interview))
        case "yes-no" | "checklist":
            return Reply.to(asked, _marks(asked, form, pressed, interview))


def _marks(asked: Question, form: FormData, pressed: str, interview: Interview) -> dict[str, Status]:
    ids = [item.id for item in asked.items]
    if pressed == "no":
        return denied(ids, interview.catalogue)
    if pressed == "yes":
        return dict.fromkeys(ids, "present")
    marks: dict[str, Status] = {}
    for key in ids:
        said = text_of(form, f"item-{key}")
        if said == "no":
            marks.update(denied([key], interview.catalogue))
        elif said in MARKED:
            marks[key] = MARKED[said]
    if not marks and not any(text_of(form, f"item-{key}") for key in ids):
        raise CaseError(say.CHOOSE_SOME)
    return marks


def _plausible_age(text: str, interview: Interview) -> float:
    years = age_in_years(text)
    _check_span(interview.case.duration_days, years)
    return years


def _plausible_duration(form: FormData, interview: Interview) -> float:
    unit = text_of(form, "unit")
    amount = text_of(form, "amount")
    words = f"{amount} {unit}" if unit in say.UNITS and amount else amount
    days = duration_in_days(words, interview.catalogue)
    _check_span(days, interview.case.age_years)
    return days


def _check_span(days: float | None, years: float | None) -> None:
    if outlasts(days, years):
        raise CaseError("that does not go together with the age: please check both")


def _context(interview: Interview, key: str) -> dict[str, Any]:
    return {
        **on_the_way(interview, key, step=1),
        "asked": interview.question,
        "number": len(interview.replies) + 1,
        "patience": PATIENCE * (1 + interview.extensions),
        "state": interview.state,
    }


__all__ = ["back", "go_on", "question", "reply"]
