"""What the reasoner answers, as it crosses the door."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from whytwitch.case import Case
from whytwitch.knowledge import Kind, Setting, Urgency, Verdict

SCHEMA_VERSION = "1"


class Model(BaseModel):
    """Base: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contribution(Model):
    """How much one answer moved one cause."""

    item: str
    plain: str
    status: Literal["present", "absent", "unsure", "value"]
    log_odds: float
    """Change of the natural log odds when this answer is taken into account; > 0 speaks for."""


class WouldChange(Model):
    """An answer not yet given that would move a cause most."""

    item: str
    plain: str
    if_present: float
    """Probability of the cause if it were present."""
    if_absent: float


class Ranked(Model):
    """One cause in the ranking."""

    id: str
    name: str
    plain_name: str
    kind: Kind
    verdict: Verdict
    probability: float
    """P(this is at work), given everything said; causes can be at work together."""
    low: float
    high: float
    """Central 90 % range from the uncertainty of the tables."""
    prior: float
    urgency: Urgency
    evidence: tuple[Contribution, ...] = ()
    would_change: tuple[WouldChange, ...] = ()


class Flag(Model):
    """One urgency rule that fired."""

    id: str
    level: Urgency
    title: str
    plain: str
    action: str
    precise: str
    items: tuple[str, ...]
    sources: tuple[str, ...]
    basis: str
    unsure: bool = False
    """It rests on an answer that was not sure, so it counts one level lower."""


class UrgencyVerdict(Model):
    """How soon, why, and what to do now."""

    level: Urgency
    from_rules: Urgency
    from_ranking: Urgency
    flags: tuple[Flag, ...]
    not_ruled_out: tuple[str, ...]
    """Items of screening rules that have not been answered."""
    actions: tuple[str, ...]


class QuestionItem(Model):
    """One thing to tick or answer."""

    id: str
    text: str
    help: str = ""


class Question(Model):
    """The next thing to ask: one yes/no item, a checklist, or a fact about the person."""

    id: str
    kind: Literal["yes-no", "checklist", "age", "sex", "duration"]
    text: str
    items: tuple[QuestionItem, ...] = ()
    why: str
    red_flags: bool = False
    gain: float = 0.0
    """Expected value on which it was chosen (nats plus harm, per unit of effort)."""


class Understood(Model):
    """One thing that was read, in words, with the place it came from."""

    id: str
    plain: str
    status: Literal["present", "absent", "unsure", "value"]
    detail: str = ""
    text: str = ""
    kind: str
    implied_by: str | None = None


class Assessment(Model):
    """The answer to one case."""

    schema_version: str = SCHEMA_VERSION
    catalogue_version: str
    setting: Setting
    method: Literal["exact", "approximate"]
    ranking: tuple[Ranked, ...]
    """All causes, best first."""
    none_of_these: float
    """P(none of the catalogue's causes is at work)."""
    urgency: UrgencyVerdict
    understood: tuple[Understood, ...]
    not_understood: tuple[str, ...]
    doubts: tuple[str, ...]
    next_question: Question | None
    case: Case
