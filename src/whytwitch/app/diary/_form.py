"""The form of an entry: what was typed becomes an entry, and an entry becomes what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from whytwitch.app.diary._entry import DiaryError, Entry, Triggers, checked, said
from whytwitch.app.shell import sentence
from whytwitch.case import Place
from whytwitch.knowledge import Catalogue


@dataclass(frozen=True)
class Number:
    """A number field.

    Attributes:
        label: as the person sees it.
        low: smallest value.
        high: largest value.
        whole: whether parts are refused.
    """

    label: str
    low: float
    high: float
    whole: bool = False


NUMBERS: Final[Mapping[str, Number]] = {
    "twitches": Number("Twitches", 0, 100_000, whole=True),
    "minutes": Number("Minutes", 0.1, 1440),
    "bother": Number("How bothersome", 0, 10, whole=True),
    "coffee_cups": Number("Cups of coffee", 0, 50),
    "slept_hours": Number("Hours of sleep", 0, 24),
    "stress": Number("Stress", 0, 10, whole=True),
    "alcohol_drinks": Number("Drinks with alcohol", 0, 50),
    "measured_per_minute": Number("Twitches a minute", 0, 10_000),
    "measured_low": Number("Lower end", 0, 10_000),
    "measured_high": Number("Upper end", 0, 10_000),
    "measured_clean_minutes": Number("Clean minutes", 0.01, 10_080),
}
FIELDS: Final = (
    "when", "was_when", "side", "other_site", "daily", "exercise", "drugs_changed",
    "measured_muscle", "note", *NUMBERS,
)  # fmt: skip
LISTS: Final = ("place", "site", "noticed")
LONGEST: Final = 5000
MOST_ITEMS: Final = 100

_NUMBER: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,25})?")
_YES_NO: Final = {"yes": True, "no": False}


class FormError(DiaryError):
    """Fields that cannot be read, each with what to do."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True)
class Draft:
    """A form as it is filled in.

    Attributes:
        values: text of each field; absent ones are empty.
        lists: what is ticked in each list.
        errors: what is wrong with a field.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Text of a field, without space around it."""
        return self.values.get(name, "").strip()

    def has(self, name: str, item: str) -> bool:
        """Whether an item of a list is ticked."""
        return item in self.lists.get(name, ())


def posted(items: Iterable[tuple[str, object]]) -> Draft:
    """What a browser sent; fields that the form does not have are dropped."""
    values: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for name, value in items:
        if not isinstance(value, str):
            continue
        if name in LISTS:
            lists.setdefault(name, []).append(value[:100])
        elif name in FIELDS:
            values[name] = value[:LONGEST]
    return Draft(values, {name: tuple(found[:MOST_ITEMS]) for name, found in lists.items()})


def draft_of(entry: Entry) -> Draft:
    """The form of an entry that is there."""
    values: dict[str, Any] = {
        "when": f"{entry.when:%Y-%m-%dT%H:%M}",
        "was_when": entry.when.isoformat(),
        "daily": entry.daily,
        "bother": entry.bother,
        "note": entry.note,
        **entry.triggers.model_dump(exclude={"drugs_changed"}),
    }
    if entry.triggers.drugs_changed is not None:
        values["drugs_changed"] = "yes" if entry.triggers.drugs_changed else "no"
    if entry.counted is not None:
        values |= {"twitches": entry.counted.twitches, "minutes": entry.counted.minutes}
    if entry.measured is not None:
        values |= {f"measured_{name}": value for name, value in entry.measured.model_dump().items()}
    texts = {name: _text(value) for name, value in values.items() if value is not None}
    return Draft(texts, {"place": tuple(map(tag, entry.places)), "noticed": entry.noticed})


def _text(value: object) -> str:
    return f"{Decimal(repr(value)).normalize():f}" if isinstance(value, float) else str(value)


def tag(place: Place) -> str:
    """A place as a form names it: ``calf/left``."""
    return f"{place.site}/{place.side}" if place.side else place.site


# --- reading --------------------------------------------------------------------------------------


def read(draft: Draft, catalogue: Catalogue, now: datetime, key: str | None = None) -> Entry:
    """The entry that a form means.

    Args:
        draft: what was typed.
        catalogue: the knowledge that names places and findings.
        now: local time with its offset; the time of an entry that names none.
        key: of the entry that is changed; None for a new one.

    Raises:
        FormError: some fields cannot be read.
    """
    errors: dict[str, str] = {}
    numbers = {name: _number(name, draft.get(name), errors) for name in NUMBERS}
    when = _when(draft, now, errors)
    counted = None
    if numbers["twitches"] is not None:
        minutes = numbers["minutes"] if numbers["minutes"] is not None else 1.0
        counted = {"twitches": numbers["twitches"], "minutes": minutes}
    content: dict[str, Any] = {
        "when": when,
        "places": _places(draft, catalogue),
        "counted": counted,
        "daily": draft.get("daily") or None,
        "bother": numbers["bother"],
        "noticed": draft.lists.get("noticed", ()),
        "triggers": {
            **{name: numbers[name] for name in Triggers.model_fields if name in numbers},
            "exercise": draft.get("exercise") or None,
            "drugs_changed": _YES_NO.get(draft.get("drugs_changed")),
        },
        "measured": _measured(draft, numbers, errors),
        "note": draft.get("note"),
    }
    if key is not None:
        content["key"] = key
    if errors:
        raise FormError(errors)
    try:
        return checked(Entry.model_validate(content), catalogue, now)
    except ValidationError as error:
        raise FormError(_fields(error)) from error
    except FormError:
        raise
    except DiaryError as error:
        name, _, text = str(error).partition(": ")
        raise FormError({name if name in FIELDS else "form": sentence(text)}) from error


def _fields(error: ValidationError) -> dict[str, str]:
    first = error.errors()[0]["loc"]
    name = next((str(part) for part in first if part in FIELDS), "form")
    return {name: sentence(said(error).rpartition(": ")[2] if name == "form" else said(error))}


def _number(name: str, text: str, errors: dict[str, str]) -> float | int | None:
    if not text:
        return None
    ask = NUMBERS[name]
    if _NUMBER.fullmatch(text):
        value = float(text.replace(",", "."))
        if ask.low <= value <= ask.high and not (ask.whole and value % 1):
            return int(value) if ask.whole else value
    kind = "a whole number" if ask.whole else "a number"
    errors[name] = f"{ask.label}: type {kind} from {ask.low:g} to {ask.high:,g}."
    return None


def _when(draft: Draft, now: datetime, errors: dict[str, str]) -> datetime:
    """Local time; an edit that leaves the minute alone keeps the seconds and the offset of then."""
    text = draft.get("when")
    if not text:
        return now
    try:
        before = datetime.fromisoformat(draft.get("was_when")) if draft.get("was_when") else None
        if before is not None and before.tzinfo is not None and f"{before:%Y-%m-%dT%H:%M}" == text[:16]:
            return before
        typed = datetime.fromisoformat(text)
        return typed if typed.tzinfo is not None else typed.astimezone()
    except (ValueError, OverflowError, OSError):
        errors["when"] = "When: type a date and a time, such as 2026-11-28 21:30."
        return now


def _places(draft: Draft, catalogue: Catalogue) -> list[dict[str, str | None]]:
    sided = [(item, draft.get("side")) for item in draft.lists.get("site", ())]
    if draft.get("other_site"):
        sided.append((draft.get("other_site"), draft.get("side")))
    known = [item.partition("/")[::2] for item in draft.lists.get("place", ())]
    return [
        {
            "site": site,
            "side": side if side in ("left", "right", "both") and _paired(site, catalogue) else None,
        }
        for site, side in (*known, *sided)
    ]


def _paired(site: str, catalogue: Catalogue) -> bool:
    return site not in catalogue.sites or catalogue.sites[site].paired


def _measured(
    draft: Draft, numbers: Mapping[str, float | int | None], errors: dict[str, str]
) -> dict[str, Any] | None:
    names = ("per_minute", "low", "high", "clean_minutes")
    found = {name: numbers[f"measured_{name}"] for name in names}
    muscle = draft.get("measured_muscle")
    if found["per_minute"] is None:
        if any(value is not None for value in found.values()) or muscle:
            errors.setdefault("measured_per_minute", "Twitches a minute: type what the recording showed.")
        return None
    low, high, middle = found["low"], found["high"], found["per_minute"]
    if (low is not None and low > middle) or (high is not None and high < middle):
        errors.setdefault("measured_per_minute", "Twitches a minute: must lie between its two ends.")
    return {**found, "muscle": muscle}


__all__ = ["NUMBERS", "Draft", "FormError", "Number", "draft_of", "posted", "read", "tag"]
