"""The interview as a value: an opening, the replies so far, and everything that follows from them.

Nothing here reads a key or prints a line, so that a terminal and a web page can share it. A step
returns a new interview; taking the last reply away gives back exactly the interview before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from whytwitch.app._correct import FACT_OF, correct
from whytwitch.app._reply import FACTS, Reply
from whytwitch.case import Case, Observation, Status, merge
from whytwitch.knowledge import Catalogue, load
from whytwitch.reasoning import Assessment, Question, explain

State = Literal["asking", "pause", "emergency", "finished"]

PATIENCE: Final = 25
"""Questions after which the person is asked whether to go on."""


@dataclass(frozen=True)
class Interview:
    """What was said first, what was replied since, and how often the person chose to go on.

    Attributes:
        opening: the case as it stood before the first question.
        replies: in the order they were given.
        extensions: how often the person asked for another round of ``PATIENCE`` questions.
        catalogue: the knowledge to ask with.
    """

    opening: Case = field(default_factory=Case)
    replies: tuple[Reply, ...] = ()
    extensions: int = 0
    catalogue: Catalogue = field(default_factory=load, repr=False, compare=False)

    # --- what follows -----------------------------------------------------------------------------

    @cached_property
    def case(self) -> Case:
        """Everything known so far."""
        answers: dict[str, Status | None] = {}
        facts: dict[str, object] = {}
        for reply in self.replies:
            answers.update(reply.answers)
            facts.update(reply.facts())
        return merge(self.opening.model_copy(update=facts), answers, self.catalogue)

    @cached_property
    def skipped(self) -> frozenset[str]:
        """Questions and items that were passed over."""
        return frozenset(key for reply in self.replies for key in reply.passed)

    @cached_property
    def assessment(self) -> Assessment:
        """The answer as it stands."""
        return explain(self.case, catalogue=self.catalogue, skipped=self.skipped)

    @cached_property
    def glance(self) -> Assessment:
        """The same without reasons and ranges, which is sooner; the whole answer if it is there already."""
        if "assessment" in self.__dict__:
            return self.assessment
        return explain(self.case, catalogue=self.catalogue, skipped=self.skipped, brief=True)

    @property
    def is_weighed(self) -> bool:
        """Whether the answer as it stands is worked out already, so that its question takes no time."""
        return not {"glance", "assessment"}.isdisjoint(self.__dict__)

    @property
    def state(self) -> State:
        """Whether to ask on. An emergency ends the questions, whatever is still open."""
        if self.glance.urgency.level == "emergency":
            return "emergency"
        if self.glance.next_question is None:
            return "finished"
        return "pause" if len(self.replies) >= PATIENCE * (1 + self.extensions) else "asking"

    @property
    def question(self) -> Question | None:
        """What to ask now; None unless the interview is in the state ``asking``."""
        return self.glance.next_question if self.state == "asking" else None

    # --- steps ------------------------------------------------------------------------------------

    def answer(self, reply: Reply) -> Interview:
        """Take in a reply to the question that is open.

        Raises:
            ValueError: it is a reply to another question, or none is open.
        """
        expected = self.question
        if expected is None or reply.question != expected.id:
            raise ValueError(f"the open question is {expected and expected.id!r}, not {reply.question!r}")
        return replace(self, replies=(*self.replies, reply))

    def back(self) -> Interview:
        """Take back the last reply; at the start there is nothing to take back."""
        return replace(self, replies=self.replies[:-1]) if self.replies else self

    def add(self, more: Case) -> Interview:
        """Take in what was said besides; a place joins those known, a newer value takes the older's place.

        An item that a reply had settled is settled anew.
        """
        named = {observation.id: observation for observation in self.case.observations}
        joined = tuple(_joined(new, named.get(new.id)) for new in more.observations)
        opening = merge(self.opening, more.model_copy(update={"observations": joined}), self.catalogue)
        old = self.opening
        said = {
            "text": "\n".join(filter(None, (old.text, more.text))),
            "not_understood": (*old.not_understood, *more.not_understood),
        }
        given = {observation.id for observation in joined if observation.implied_by is None}
        facts = {name for name in FACTS if getattr(more, name) is not None}
        return replace(self, opening=opening.model_copy(update=said), replies=self._without(given | facts))

    def corrected(self, key: str, value: str) -> Interview:
        """Put right one thing, whether it was read or answered; see :func:`whytwitch.app.correct`.

        Raises:
            CaseError: the id or the value makes no sense.
        """
        opening = correct(self.opening, key, value, self.catalogue)
        return replace(self, opening=opening, replies=self._without({key, FACT_OF.get(key, key)}))

    def _without(self, keys: set[str]) -> tuple[Reply, ...]:
        """The replies less what they say of these items; they stay passed, so they are not asked again."""
        return tuple(reply.less(keys) for reply in self.replies)

    def extend(self) -> Interview:
        """Go on for another round after the pause."""
        return replace(self, extensions=self.extensions + 1)


def _joined(new: Observation, old: Observation | None) -> Observation:
    """A symptom said to be in one more place is in all of them."""
    if old is None or old.status != "present" or new.status != "present":
        return new
    return new.model_copy(update={"places": tuple(dict.fromkeys((*old.places, *new.places)))})


__all__ = ["PATIENCE", "Interview", "State"]
