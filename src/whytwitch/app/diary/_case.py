"""What a diary says of a person, for the answer: new signs with their dates, and how soon.

Nothing in a diary is ever a "no": what was not ticked was not asked. So an entry can add a reason to
hurry, and none can take one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from whytwitch.app.diary._entry import Entry
from whytwitch.app.diary._trend import Trend, trend
from whytwitch.case import Case, Observation, Place, complete
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import LEVELS, Assessment, explain, rank

WEEKS: Final = 14
"""A judgment: days between first signs in two parts of the body from which it is called spreading."""

OFTEN: Final = 3
"""A judgment: days with a habit from which it is called one."""

TWITCHING: Final = "twitching"
GENERAL: Final = "twitch_generalized"
WORSE: Final = "weakness_progressive"

PARTS: Final = {
    "arm": "arms", "hand": "arms", "leg": "legs", "foot": "legs",
    "head": "head or trunk", "neck": "head or trunk", "trunk": "head or trunk",
}  # fmt: skip
"""Regions of the catalogue, gathered to the parts between which twitching or weakness may spread."""

WEAK_PARTS: Final = {
    "hand_weakness": "arms", "arm_weakness": "arms", "leg_weakness": "legs",
    "dysarthria": "speech", "dysphagia": "throat",
}  # fmt: skip


@dataclass
class _Dates:
    """When something was noted, and where."""

    first: date
    last: date
    days: set[date] = field(default_factory=set)
    places: dict[Place, None] = field(default_factory=dict)

    def said(self) -> str:
        if len(self.days) == 1:
            return f"noted on {written(self.first)}"
        return f"first noted on {written(self.first)}, last on {written(self.last)}, on {len(self.days)} days"


def _note(held: dict[str, _Dates], key: str, day: date, places: Iterable[Place] = ()) -> None:
    dates = held.setdefault(key, _Dates(day, day))
    dates.first, dates.last = min(dates.first, day), max(dates.last, day)
    dates.days.add(day)
    dates.places.update(dict.fromkeys(places))


class _Seen:
    """What the entries said so far, finding by finding."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._gives = {r.site: r.gives for r in catalogue.site_findings if r.finding == TWITCHING}
        self.dates: dict[str, _Dates] = {}
        self.parts: dict[str, _Dates] = {}

    def add(self, entry: Entry) -> None:
        """Take one entry in."""
        day = entry.when.date()
        for item in (*entry.noticed, *_habits(entry)):
            if item in self._catalogue.findings:
                _note(self.dates, item, day)
        if twitched(entry):
            _note(self.dates, TWITCHING, day, entry.places)
            for place in entry.places:
                self._place(place, day)

    def _place(self, place: Place, day: date) -> None:
        site = self._catalogue.sites.get(place.site)
        if site is None:
            return
        if site.id in self._gives:
            _note(self.dates, self._gives[site.id], day, [place])
        if site.region in PARTS:
            _note(self.parts, PARTS[site.region], day)

    def ids(self) -> frozenset[str]:
        """Findings that hold."""
        held = {key for key, dates in self.dates.items() if key not in HABITS or len(dates.days) >= OFTEN}
        if len(self.parts) == len(set(PARTS.values())):
            held.add(GENERAL)
        weak = self._weak()
        if {"arms", "legs"} & weak.keys() and (max(weak.values()) - min(weak.values())).days >= WEEKS:
            held.add(WORSE)
        return frozenset(held)

    def _weak(self) -> dict[str, date]:
        """When weakness was first noted in each part."""
        found: dict[str, date] = {}
        for key, part in WEAK_PARTS.items():
            if key in self.dates:
                found[part] = min(self.dates[key].first, found.get(part, date.max))
        return found

    def detail(self, key: str) -> str:
        """What was said of a finding that holds."""
        if key in self.dates:
            return self.dates[key].said()
        if key == WORSE:
            return f"weakness spread in the diary: {_in_order(self._weak())}"
        return f"noted in {_in_order({part: dates.first for part, dates in self.parts.items()})}"


def _in_order(firsts: dict[str, date]) -> str:
    order = sorted(firsts, key=lambda part: firsts[part])
    return ", ".join(f"{part} from {written(firsts[part])}" for part in order)


HABITS: Final = ("caffeine_high", "sleep_loss", "stress", "heavy_exercise", "alcohol_heavy")


def _habits(entry: Entry) -> list[str]:
    """Habits of the catalogue that one day's answers stand for, by the catalogue's own limits."""
    said = entry.triggers
    high = {
        "caffeine_high": said.coffee_cups is not None and said.coffee_cups > 4,
        "sleep_loss": said.slept_hours is not None and said.slept_hours < 6,
        "stress": said.stress is not None and said.stress >= 7,
        "heavy_exercise": said.exercise == "hard",
        "alcohol_heavy": said.alcohol_drinks is not None and said.alcohol_drinks > 2,
    }
    return [key for key in HABITS if high[key]]


def twitched(entry: Entry) -> bool:
    """Whether the entry says that something twitched; a count of none does not."""
    if entry.counted is not None:
        return entry.counted.twitches > 0
    if entry.daily is not None:
        return entry.daily != "none"
    if entry.measured is not None:
        return entry.measured.per_minute > 0
    return bool(entry.places)


def written(day: date) -> str:
    """A date as it is read: ``3 November 2026``."""
    return f"{day.day} {day:%B %Y}"


# --- the case -------------------------------------------------------------------------------------


def diary_case(entries: Sequence[Entry], catalogue: Catalogue) -> Case:
    """The case that a diary makes, every finding with its dates in ``detail``.

    How long the complaint lasts is not set: it may be older than the diary, and a diary that grows
    would grow out of the rules for what is new. Rates of recordings stay out, since an entry does not
    keep the quality by which the reasoning weighs them.

    Args:
        entries: in the order in which they were saved.
        catalogue: the knowledge that names findings and places.
    """
    seen = _Seen(catalogue)
    for entry in entries:
        seen.add(entry)
    course = _course(trend(entries))
    observations = tuple(
        Observation(
            id=key,
            detail=seen.detail(key) + (course if key == TWITCHING else ""),
            places=tuple(seen.dates[key].places) if key in seen.dates else (),
        )
        for key in sorted(seen.ids())
    )
    return complete(Case(observations=observations), catalogue)


def _course(found: Trend) -> str:
    if found.per_month is None or found.answer not in ("more", "less"):
        return ""
    word = "more often" if found.answer == "more" else "less often"
    return f"; {word}, by a factor of {found.per_month:.2g} a month ({found.low:.2g} to {found.high:.2g})"


def assess(entries: Sequence[Entry], catalogue: Catalogue) -> Assessment:
    """The answer to a diary, whose urgency is the highest that it ever had.

    A ranking can calm down as harmless things are added. The urgency may not: it is that of the
    gravest of all diaries that this one has been.

    Args:
        entries: in the order in which they were saved.
        catalogue: the knowledge to reason with.
    """
    answer = _answer(diary_case(entries, catalogue).model_dump_json(), _Known(catalogue))
    gravest = max(_stages(entries, catalogue), key=lambda ids: _rank(ids, catalogue), default=frozenset())
    if LEVELS.index(answer.urgency.level) >= _rank(gravest, catalogue):
        return answer
    then = _answer(_bare(gravest, catalogue).model_dump_json(), _Known(catalogue))
    emergency = then.urgency.level == "emergency"
    question = None if emergency else answer.next_question
    return answer.model_copy(update={"urgency": then.urgency, "next_question": question})


def _stages(entries: Sequence[Entry], catalogue: Catalogue) -> list[frozenset[str]]:
    """What was known after each entry, where an entry added something."""
    seen = _Seen(catalogue)
    stages: dict[frozenset[str], None] = {}
    for entry in entries:
        seen.add(entry)
        stages[seen.ids()] = None
    return list(stages)


def _bare(ids: frozenset[str], catalogue: Catalogue) -> Case:
    return complete(Case(observations=tuple(Observation(id=key) for key in sorted(ids))), catalogue)


def _rank(ids: frozenset[str], catalogue: Catalogue) -> int:
    return _level(ids, _Known(catalogue))


@dataclass(frozen=True, eq=False)
class _Known:
    """A catalogue as a key: equal where its content is."""

    catalogue: Catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.catalogue.fingerprint == self.catalogue.fingerprint

    def __hash__(self) -> int:
        return hash(self.catalogue.fingerprint)


@lru_cache(maxsize=16)
def _answer(case_json: str, known: _Known) -> Assessment:
    return explain(Case.model_validate_json(case_json), catalogue=known.catalogue)


@lru_cache(maxsize=2048)
def _level(ids: frozenset[str], known: _Known) -> int:
    standing = rank(_bare(ids, known.catalogue), catalogue=known.catalogue)
    return LEVELS.index(standing.urgency.level)


__all__ = ["assess", "diary_case", "twitched", "written"]
