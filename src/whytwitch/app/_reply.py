"""One reply of the person to one question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from whytwitch.case import Status
from whytwitch.reasoning import Question

FACTS: Final = ("age_years", "sex", "duration_days")


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

    def less(self, keys: Collection[str]) -> Reply:
        """The reply without its answers to some items or facts, which count as passed over."""
        kept = tuple(pair for pair in self.answers if pair[0] not in keys)
        gone = tuple(key for key, _ in self.answers if key in keys)
        facts = {name: None for name in FACTS if name in keys}
        passed = (*self.passed, *gone, *((self.question,) if facts and self.facts() else ()))
        return self.model_copy(update={"answers": kept, "passed": passed, **facts})

    def facts(self) -> dict[str, object]:
        """Age, sex and duration, as far as the reply states them."""
        return {name: value for name in FACTS if (value := getattr(self, name)) is not None}
