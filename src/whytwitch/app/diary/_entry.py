"""One entry of the diary: what a person counted and noticed at one time, checked at the door."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Final, Literal
from uuid import uuid4

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from whytwitch.case import Place
from whytwitch.knowledge import Catalogue

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(hours=26)
"""An entry may lie this far ahead: clocks of two time zones differ by up to 26 hours."""

NOTE_LENGTH: Final = 2000
MOST_PLACES: Final = 24

Daily = Literal["none", "few", "tens", "hundreds", "thousands"]
"""About how many twitches in the day."""

DAILY_RANGE: Final[Mapping[Daily, tuple[float, float]]] = {
    "none": (0.0, 0.0),
    "few": (1.0, 10.0),
    "tens": (10.0, 100.0),
    "hundreds": (100.0, 1000.0),
    "thousands": (1000.0, math.inf),
}
"""Twitches a day that a choice stands for, from and to."""

Exercise = Literal["none", "light", "hard"]

NOTICED: Final = (
    "weakness", "hand_weakness", "arm_weakness", "leg_weakness", "weakness_progressive", "weakness_rapid",
    "muscle_wasting", "dysarthria", "dysphagia", "dyspnea", "falls", "cramps", "sensory_loss", "paresthesia",
)  # fmt: skip
"""Findings of the catalogue that every entry asks about."""


Rounded = AfterValidator(lambda value: round(value, 6))
"""What a form can show is all that is kept of a fraction."""


class DiaryError(ValueError):
    """The diary cannot take or do this; the message names what, where and how to mend it."""


class Model(BaseModel):
    """Base: frozen, an unknown field is an error, and no number is infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Counted(Model):
    """Twitches that were counted, and how long the person watched."""

    twitches: Annotated[int, Field(ge=0, le=100_000)]
    minutes: Annotated[float, Field(ge=0.1, le=1440.0), Rounded]


class Measured(Model):
    """What a recording of a muscle showed."""

    per_minute: Annotated[float, Field(ge=0.0, le=10_000.0), Rounded]
    low: Annotated[float, Field(ge=0.0, le=10_000.0), Rounded] | None = None
    """95 % interval of the rate, a minute."""
    high: Annotated[float, Field(ge=0.0, le=10_000.0), Rounded] | None = None
    clean_minutes: Annotated[float, Field(ge=0.01, le=10_080.0), Rounded] | None = None
    """Time in which a twitch would have been seen."""
    muscle: Annotated[str, Field(max_length=64)] = ""
    """The catalogue's id; empty where it is not known."""

    @model_validator(mode="after")
    def _in_order(self) -> Measured:
        low = self.per_minute if self.low is None else self.low
        high = self.per_minute if self.high is None else self.high
        if not low <= self.per_minute <= high:
            raise ValueError("the rate must lie between its lower and its upper end")
        return self


class Triggers(Model):
    """What may go with more twitching, on the day of the entry. None: not said."""

    coffee_cups: Annotated[float, Field(ge=0.0, le=50.0), Rounded] | None = None
    """Cups of coffee, or of anything with as much caffeine."""
    slept_hours: Annotated[float, Field(ge=0.0, le=24.0), Rounded] | None = None
    exercise: Exercise | None = None
    stress: Annotated[int, Field(ge=0, le=10)] | None = None
    alcohol_drinks: Annotated[float, Field(ge=0.0, le=50.0), Rounded] | None = None
    drugs_changed: bool | None = None


class Entry(Model):
    """One entry. Only what was said is here; everything else was not asked or not answered."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] = Field(default_factory=lambda: uuid4().hex)
    when: AwareDatetime
    """Local time with its offset from UTC, to the second."""
    places: Annotated[tuple[Place, ...], Field(max_length=MOST_PLACES)] = ()
    counted: Counted | None = None
    daily: Daily | None = None
    bother: Annotated[int, Field(ge=0, le=10)] | None = None
    """0 not at all, 10 as much as can be."""
    noticed: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=64)] = ()
    """Ids of findings of the catalogue that were there."""
    triggers: Triggers = Triggers()
    measured: Measured | None = None
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] = ""

    @field_validator("when")
    @classmethod
    def _plain(cls, when: datetime) -> datetime:
        offset = timedelta(minutes=round((when.utcoffset() or timedelta()).total_seconds() / 60))
        if abs(offset) > timedelta(hours=14):
            raise ValueError("no place on earth is more than 14 hours from UTC")
        if not EARLIEST.year < when.year < 9999:
            raise ValueError("the year must be between 1971 and 9998")
        return when.astimezone(timezone(offset)).replace(microsecond=0)

    @field_validator("places", "noticed")
    @classmethod
    def _once(cls, items: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(dict.fromkeys(items))

    @field_validator("note", mode="before")
    @classmethod
    def _readable(cls, note: object) -> object:
        return readable(note) if isinstance(note, str) else note

    @model_validator(mode="after")
    def _says_something(self) -> Entry:
        silent = (self.counted, self.daily, self.bother, self.measured) == (None,) * 4
        if silent and not (self.places or self.noticed or self.note) and self.triggers == Triggers():
            raise ValueError("the entry is empty; say at least one thing, such as where or how many")
        return self


def readable(text: str) -> str:
    """The text without control characters and halves of characters, which no database takes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def checked(entry: Entry, catalogue: Catalogue, now: datetime) -> Entry:
    """The entry, if its places, findings and muscle are known and it does not lie in the future.

    Args:
        entry: what was said.
        catalogue: the knowledge that names places and findings.
        now: with an offset.

    Raises:
        DiaryError: something is unknown, or the entry lies in the future.
    """
    for place in entry.places:
        if place.site not in catalogue.sites:
            raise DiaryError(
                f"places: {place.site[:40]!r} is no place of the catalogue; choose one of the list"
            )
    for item in entry.noticed:
        if item not in catalogue.findings or catalogue.findings[item].kind not in ("symptom", "sign"):
            raise DiaryError(f"noticed: {item!r} is no symptom of the catalogue; choose one of the list")
    if entry.measured and entry.measured.muscle and entry.measured.muscle not in catalogue.muscles:
        raise DiaryError(f"muscle: {entry.measured.muscle!r} is no muscle of the catalogue; leave it empty")
    if entry.when > now + AHEAD:
        raise DiaryError(f"when: {entry.when:%Y-%m-%d %H:%M} has not come yet; correct the date")
    return entry


def said(error: ValidationError) -> str:
    """The first things that are wrong, each with the field it is in."""
    found = []
    for problem in error.errors(include_url=False, include_input=False)[:3]:
        where = ".".join(str(part) for part in problem["loc"] if part != "function-after")
        message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
        found.append(f"{where}: {message}" if where else message)
    return "; ".join(found)


__all__ = [
    "DAILY_RANGE",
    "NOTICED",
    "NOTE_LENGTH",
    "Counted",
    "Daily",
    "DiaryError",
    "Entry",
    "Exercise",
    "Measured",
    "Triggers",
    "checked",
    "readable",
    "said",
]
