"""One reply of the person, and what it does to a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from whytwitch.case import Case, Observation, Status, complete
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Question


class Reply(BaseModel):
    """What came back to one question. Everything not answered in it was passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    answers: tuple[tuple[str, Status], ...] = ()
    age_years: Annotated[float, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    duration_days: Annotated[float, Field(ge=0)] | None = None
    passed: tuple[str, ...] = ()
    """Ids of the question and of its items that were passed over; they do not come back."""

    @classmethod
    def to(cls, question: Question, answers: Mapping[str, Status]) -> Reply:
        """Reply to a checklist or a yes/no question.

        Raises:
            ValueError: an answer is to an item that the question does not have.
        """
        ids = [item.id for item in question.items]
        if strange := [key for key in answers if key not in ids]:
            raise ValueError(f"question {question.id!r} has no item {strange[0]!r}")
        return cls(
            question=question.id,
            answers=tuple((key, answers[key]) for key in ids if key in answers),
            passed=tuple(key for key in ids if key not in answers),
        )

    @classmethod
    def skip(cls, question: Question) -> Reply:
        """Pass over a whole question."""
        return cls(question=question.id, passed=(question.id, *(item.id for item in question.items)))

    @classmethod
    def unsure(cls, question: Question) -> Reply:
        """Say "not sure" to everything in a question; of a fact about the person, that is a skip."""
        if not question.items:
            return cls.skip(question)
        return cls.to(question, {item.id: "unsure" for item in question.items})

    def apply(self, case: Case) -> Case:
        """The case with this reply in it; what follows from it is still to be completed."""
        update: dict[str, object] = {}
        for name in ("age_years", "sex", "duration_days"):
            if (value := getattr(self, name)) is not None:
                update[name] = value
        if self.answers:
            update["observations"] = _observed(case.observations, dict(self.answers))
        return case.model_copy(update=update) if update else case


def amend(
    case: Case, answers: Mapping[str, Status | None], catalogue: Catalogue
) -> Case:
    """The case with some items set to present, absent or unsure, or taken out (None).

    What followed from an item that is changed is worked out again.
    """
    return complete(case.model_copy(update={"observations": _observed(case.observations, answers)}), catalogue)


def _observed(
    held: tuple[Observation, ...], answers: Mapping[str, Status | None]
) -> tuple[Observation, ...]:
    """Observations with new statuses; a status that was already so keeps its place and detail."""
    changed = {o.id: o for o in held}
    for key, status in answers.items():
        before = changed.pop(key, None)
        if status is None:
            continue
        if before is not None and before.status == status and before.implied_by is None:
            changed[key] = before
        else:
            changed[key] = Observation(id=key, status=status)
    gone = {key for key, status in answers.items() if status != "present"}
    return tuple(o for o in changed.values() if o.implied_by not in gone)
