"""Explain, ask on, and what if: calls that take what is known of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whytwitch.app.api._models import Ask, NextQuestion, ReadOut, Told, WhatIfIn, WhatIfOut, Words
from whytwitch.app.shell import Services, heavy
from whytwitch.case import Case, CaseError, check_json, read_data, read_text
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import explain
from whytwitch.report import Document, banner_of, document

if TYPE_CHECKING:
    from fastapi import APIRouter

EXPLAIN = """All causes ranked, each with its probability, range and reasons; how soon somebody should
look at it and what to do now; what was understood and what was not; the next best question.

It informs and does not diagnose. Show `urgency_detail` before anything else, and `disclaimer` with it.
Probabilities are for people who say the same in the same setting; causes can be at work together."""
NEXT = """Warning signs are asked first, then age, sex and duration, then whatever tells the causes apart
best. Keep what was answered in the case, and what was passed over in `skipped`; the server keeps nothing.
For a whole interview in one standard, see `/api/fhir/Questionnaire/$next-question`."""
WHAT_IF = """How often the person's muscle would twitch beside a normal one, and beside itself after some
changes, by a model of the nerve. A calculation, no advice: no drug should be stopped and no salt be taken
because of it. `null` for a number means that the model has none to give; `words` says why."""


def routes(services: Services) -> APIRouter:
    """The calls."""
    from fastapi import APIRouter

    router = APIRouter(tags=["One person"])
    catalogue = services.catalogue

    @router.post("/explain", summary="What makes this muscle twitch?", description=EXPLAIN)
    async def explained(told: Told) -> Document:
        return await heavy(_explained, told, catalogue)

    @router.post("/next-question", summary="What to ask next", description=NEXT)
    async def next_question(asked: Ask) -> NextQuestion:
        return await heavy(_next, asked, catalogue)

    @router.post("/what-if", summary="What would change the twitching", description=WHAT_IF)
    async def what_if(wish: WhatIfIn) -> WhatIfOut:  # pyright: ignore[reportInvalidTypeForm]
        return await heavy(_what_if, wish, catalogue)

    @router.post("/read", summary="What is understood of a text")
    async def read(words: Words) -> ReadOut:
        """Symptoms, their denial, drugs, laboratory values, age, sex and time, in plain English."""
        return await heavy(_read, words, catalogue)

    return router


def case_of(told: Told, catalogue: Catalogue) -> Case:
    """The case that somebody sent.

    Raises:
        CaseError: what is wrong, where, and how to mend it.
    """
    if told.text:
        return read_text(_clean(told.text), catalogue, setting=told.setting)
    if "fhir" in told.model_fields_set and "resourceType" not in told.fhir:
        raise CaseError("fhir: has no resourceType; give a FHIR resource or a Bundle")
    case = read_data(told.fhir or told.case, catalogue, setting=told.setting)
    return case.model_copy(update={"setting": told.setting}) if "setting" in told.model_fields_set else case


def _clean(text: str) -> str:
    check_json(text, "text")
    return text


def _explained(told: Told, catalogue: Catalogue) -> Document:
    return document(explain(case_of(told, catalogue), catalogue=catalogue), catalogue)


def _next(asked: Ask, catalogue: Catalogue) -> NextQuestion:
    case = case_of(asked, catalogue)
    assessment = explain(case, catalogue=catalogue, skipped=asked.skipped, brief=True)
    banner = banner_of(assessment, catalogue)
    open_ = assessment.next_question
    return NextQuestion(
        state="emergency" if banner.level == "emergency" else "finished" if open_ is None else "asking",
        question=open_,
        urgency=banner.level,
        headline=banner.text.headline,
        steps=banner.steps,
        not_ruled_out=tuple(catalogue.findings[key].plain for key in assessment.urgency.not_ruled_out),
    )


def _what_if(wish: WhatIfIn, catalogue: Catalogue) -> Any:
    from whytwitch.reasoning import Changes, what_if
    from whytwitch.report import what_if_json

    given = wish.changes.model_fields_set
    check_json(wish.changes.model_dump(), "changes")
    cups = wish.changes.caffeine_cups if "caffeine_cups" in given else None
    changes = Changes(wish.changes.values, wish.changes.stop, cups)
    per_min = wish.per_min if "per_min" in wish.model_fields_set else None
    found = what_if(case_of(wish, catalogue), changes, per_min=per_min, catalogue=catalogue)
    return WhatIfOut.model_validate_json(what_if_json(found))


def _read(words: Words, catalogue: Catalogue) -> ReadOut:
    case = read_text(_clean(words.text), catalogue, setting=words.setting)
    assessment = explain(case, catalogue=catalogue, brief=True)
    return ReadOut(
        case=assessment.case,
        understood=assessment.understood,
        not_understood=assessment.not_understood,
        doubts=assessment.doubts,
    )


__all__ = ["case_of", "routes"]
