"""What every page of a case shows: the steps, the urgency, and the ranking so far."""

from __future__ import annotations

from typing import Any

from whytwitch.app._interview import Interview
from whytwitch.app.person import _phrases as say
from whytwitch.report import banner_of, page_context


def on_the_way(interview: Interview, key: str, *, step: int) -> dict[str, Any]:
    """Context of a page before the answer: it needs no reasons, so it need not wait for them.

    Args:
        interview: the case.
        key: under which it is open.
        step: 0 words, 1 questions.
    """
    answer = interview.glance
    names = ", ".join(ranked.plain_name for ranked in answer.ranking[:3])
    return {
        **_frame(interview, key, step),
        "banner": banner_of(answer, interview.catalogue),
        "answer": answer,
        "noted": say.NOTED.format(names=names),
    }


def at_the_answer(interview: Interview, key: str, *, expert: bool) -> dict[str, Any]:
    """Context of the answer: everything that the report says.

    Args:
        interview: the case.
        key: under which it is open.
        expert: whether precise terms are shown.
    """
    context = page_context(interview.assessment, interview.catalogue, expert=expert)
    return {**_frame(interview, key, 2), **context, "banner": context["page"].banner}


def _frame(interview: Interview, key: str, step: int) -> dict[str, Any]:
    return {
        "told": say,
        "key": key,
        "here": f"/cases/{key}",
        "step": step,
        "interview": interview,
        "emergency": interview.glance.urgency.level == "emergency",
    }


__all__ = ["at_the_answer", "on_the_way"]
