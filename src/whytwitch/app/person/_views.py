"""What every page of a case shows: the steps, the urgency, and the ranking so far."""

from __future__ import annotations

from typing import Any

from whytwitch.app._interview import Interview
from whytwitch.app.person import _phrases as say
from whytwitch.report import page_context


def shared(interview: Interview, key: str, *, step: int, expert: bool = False) -> dict[str, Any]:
    """Context of the case's layout.

    Args:
        interview: the case.
        key: under which it is open.
        step: 0 words, 1 questions, 2 answer.
        expert: whether precise terms are shown.
    """
    context = page_context(interview.assessment, interview.catalogue, expert=expert)
    names = ", ".join(ranked.plain_name for ranked in interview.assessment.ranking[:3])
    return {
        **context,
        "told": say,
        "key": key,
        "here": f"/cases/{key}",
        "step": step,
        "interview": interview,
        "emergency": interview.assessment.urgency.level == "emergency",
        "noted": say.NOTED.format(names=names),
    }


__all__ = ["shared"]
