"""The next question for a case, as one call."""

from __future__ import annotations

from collections.abc import Collection

from whytwitch.case import Case
from whytwitch.knowledge import Catalogue, Setting
from whytwitch.reasoning import Question, explain


def ask(
    case: Case | str,
    *,
    skipped: Collection[str] = (),
    setting: Setting | None = None,
    catalogue: Catalogue | None = None,
) -> Question | None:
    """Return the next best question, or None when nothing worth asking is left.

    It keeps no state: what was answered is in the case, and what was passed over is in ``skipped``.

    Args:
        case: what is known of the person, or their own words.
        skipped: ids of questions and items that were passed over and should not come back.
        setting: where the question is asked. Default: the case's own.
        catalogue: the knowledge to reason with. Default: the shipped one.

    Raises:
        CaseError: the text cannot be read as a case.
    """
    return explain(case, setting=setting, catalogue=catalogue, skipped=skipped).next_question
