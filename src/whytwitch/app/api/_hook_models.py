"""What CDS Hooks 2.0 says of requests and cards, as far as this service speaks it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=500)]
Uuid = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", json_schema_extra={"format": "uuid"}
    ),
]

Instant = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$",
        max_length=40,
        examples=["2026-11-28T10:05:31Z"],
    ),
]


class Open(BaseModel):
    """The standard lets clients add fields, so unknown ones are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Context(Open):
    """Of the hook patient-view."""

    userId: Name = Field(examples=["Practitioner/1"])  # noqa: N815 (the standard's name)
    patientId: Name = Field(examples=["1288992"])  # noqa: N815


class HookRequest(Open):
    """A call of the service."""

    hook: Literal["patient-view"]
    hookInstance: Uuid = Field(examples=["d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"])  # noqa: N815
    context: Context
    prefetch: dict[str, dict[str, Any] | None] = Field(
        default={},
        description="What the templates of the service asked for. Without any of it the answer is 412: this "
        "server fetches nothing itself",
        examples=[{"conditions": {"resourceType": "Condition", "code": {"text": "Muscle twitching"}}}],
    )


class Out(BaseModel):
    """What goes out; what has no value is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Coding(Out):
    """A code with its words."""

    system: str
    code: str
    display: str


class Source(Out):
    """Who says it, and about what."""

    label: str
    topic: Coding


class Link(Out):
    """Where to read more."""

    label: str
    url: str
    type: Literal["absolute"]


class Card(Out):
    """One piece of guidance."""

    uuid: str
    summary: Annotated[str, Field(max_length=139)]
    detail: str = Field(description="GitHub-flavored Markdown")
    indicator: Literal["info", "warning", "critical"]
    source: Source
    overrideReasons: tuple[Coding, ...]  # noqa: N815
    links: tuple[Link, ...]


class Cards(Out):
    """The answer: the urgency first; no cards where nothing is known of twitching."""

    cards: tuple[Card, ...]


class Service(Out):
    """One service, as it is discovered."""

    hook: Literal["patient-view"]
    title: str
    description: str
    id: str
    prefetch: dict[str, str]
    usageRequirements: str  # noqa: N815


class Services(Out):
    """The services of this server."""

    services: tuple[Service, ...]


class Accepted(Open):
    """A suggestion that was accepted; this service makes none."""

    id: Name


class OverrideReason(Open):
    """Why a card was dismissed."""

    reason: dict[str, Any] = {}
    userComment: Annotated[str, Field(max_length=10_000)] = ""  # noqa: N815


class Feedback(Open):
    """What was done with one card."""

    card: Name
    outcome: Literal["accepted", "overridden"]
    outcomeTimestamp: Instant  # noqa: N815
    acceptedSuggestions: tuple[Accepted, ...] = ()  # noqa: N815
    overrideReason: OverrideReason = OverrideReason()  # noqa: N815


class FeedbackRequest(Open):
    """What was done with some cards."""

    feedback: Annotated[tuple[Feedback, ...], Field(min_length=1, max_length=1000)]


class Thanks(Out):
    """Feedback was read, and not kept."""

    entries: int


__all__ = [
    "Card",
    "Cards",
    "Coding",
    "FeedbackRequest",
    "HookRequest",
    "Link",
    "Service",
    "Services",
    "Source",
    "Thanks",
]
