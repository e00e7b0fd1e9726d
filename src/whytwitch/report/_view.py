"""What a report shows, in the order in which it is read, free of any medium.

The terminal and the page render the same :class:`Page`, so they cannot tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass

from whytwitch.knowledge import Cause, Urgency
from whytwitch.reasoning import Assessment, Flag, Question, Ranked
from whytwitch.report._phrases import LevelText


@dataclass(frozen=True)
class Reason:
    """One answer as it bears on one cause."""

    text: str
    log_odds: float
    strength: int
    """0 a little, 1 clearly, 2 strongly."""
    item: str


@dataclass(frozen=True)
class Change:
    """An open answer and where the chance would go."""

    text: str
    now: float
    if_yes: float
    if_no: float
    is_test: bool


@dataclass(frozen=True)
class CauseView:
    """One cause near the top of the ranking."""

    ranked: Ranked
    cause: Cause
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    fits: tuple[str, ...]
    """What was said that goes with the cause, although it moves little by itself."""
    changes: tuple[Change, ...]
    note: str
    """Puts a grave but unlikely cause into proportion; empty otherwise."""
    belief: str
    """What the evidence says where the popular list is wrong; empty otherwise."""

    @property
    def lay_changes(self) -> tuple[Change, ...]:
        """What a person can answer, and at most two tests."""
        own = [change for change in self.changes if not change.is_test]
        return (*own, *[change for change in self.changes if change.is_test][:2])


@dataclass(frozen=True)
class Holds:
    """Open warning signs of one level: the answer holds only if none is true."""

    level: Urgency
    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Banner:
    """How soon, what to do now, and why."""

    level: Urgency
    text: LevelText
    lead: str
    steps: tuple[str, ...]
    flags: tuple[Flag, ...]
    holds: tuple[Holds, ...]


@dataclass(frozen=True)
class Group:
    """Some of what was understood, under one heading."""

    heading: str
    mark: str
    """``present``, ``absent``, ``unsure`` or ``value``."""
    items: tuple[str, ...]


@dataclass(frozen=True)
class Cited:
    """A source with its place in the list."""

    ids: tuple[str, ...]
    """Every catalogue key that leads to it."""
    number: int
    citation: str
    link: str | None


@dataclass(frozen=True)
class Page:
    """Everything a report shows."""

    assessment: Assessment
    banner: Banner
    understood: tuple[Group, ...]
    not_understood: tuple[str, ...]
    doubts: tuple[str, ...]
    heading: str
    top: tuple[CauseView, ...]
    """The causes that get their reasons spelled out."""
    others: tuple[Ranked, ...]
    """Further causes worth a bar, without reasons."""
    grave: tuple[Ranked, ...]
    """Serious causes further down, named with their honest chance."""
    advice: tuple[CauseView, ...]
    """The causes whose "what to do" is shown."""
    watch: tuple[str, ...]
    """Signs to look out for."""
    question: Question | None
    sources: tuple[Cited, ...]

    @property
    def urgent(self) -> bool:
        """Whether help comes before reading."""
        return self.banner.level == "emergency"
