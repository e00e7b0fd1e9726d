"""What the pages of the diary show, worked out from its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from whytwitch.app.diary import _phrases as words
from whytwitch.app.diary._case import assess, written
from whytwitch.app.diary._entry import NOTICED, Entry
from whytwitch.app.diary._form import NUMBERS, Draft, tag
from whytwitch.app.diary._plot import plots, shown_days
from whytwitch.app.diary._rates import at
from whytwitch.app.diary._trend import Trend, trend
from whytwitch.app.diary._triggers import LEAST_DAYS, LEAST_OTHERS, looks
from whytwitch.case import Place
from whytwitch.knowledge import Catalogue
from whytwitch.report import page_context

COMMON: Final = ("eyelid", "cheek", "shoulder", "arm", "hand", "thumb", "back", "thigh", "calf", "foot")
"""Places that a thumb finds without a list."""

USED: Final = 6
RECENT: Final = 5
PER_PAGE: Final = 50
LEAST_FOR_A_PLACE: Final = 3
"""Entries from which a place can be looked at alone."""

HURRIED: Final = ("soon", "urgent", "emergency")


@dataclass(frozen=True)
class Row:
    """One entry as it is listed."""

    key: str
    day: str
    time: str
    places: str
    amount: str
    bother: int | None
    triggers: tuple[str, ...]
    noticed: tuple[str, ...]
    note: str

    @property
    def title(self) -> str:
        """The entry in a few words."""
        said = ", ".join(part for part in (self.places, self.amount) if part)
        return said or ", ".join(self.noticed) or "A note"


def row(entry: Entry, catalogue: Catalogue) -> Row:
    """An entry in words."""
    return Row(
        key=entry.key,
        day=written(entry.when.date()),
        time=f"{entry.when:%H:%M}",
        places=", ".join(words.place(place, catalogue) for place in entry.places),
        amount=words.amount(entry),
        bother=entry.bother,
        triggers=tuple(words.triggers(entry)),
        noticed=tuple(words.noticed(entry, catalogue)),
        note=entry.note,
    )


def by_time(entries: Sequence[Entry]) -> list[Entry]:
    """Latest first."""
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


# --- how soon -------------------------------------------------------------------------------------


def urgency(entries: Sequence[Entry], catalogue: Catalogue) -> dict[str, Any]:
    """The banner above every page of a diary that has entries."""
    if not entries:
        return {"banner": None, "urgent": False, "hurried": False}
    page = page_context(assess(entries, catalogue), catalogue, expert=False)["page"]
    return {"banner": page.banner, "urgent": page.urgent, "hurried": page.banner.level in HURRIED}


# --- the form -------------------------------------------------------------------------------------


def form(draft: Draft, entries: Sequence[Entry], catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    """Everything that the form of an entry offers."""
    ticked = [_place(item) for item in draft.lists.get("place", ())]
    often = Counter(place for entry in entries for place in entry.places)
    used = list(dict.fromkeys([*ticked, *(place for place, _ in often.most_common(USED))]))
    regions = groupby(
        sorted(catalogue.sites.values(), key=lambda site: site.region), key=lambda site: site.region
    )
    return {
        "draft": draft,
        "now": f"{now:%Y-%m-%dT%H:%M}",
        "used": [(tag(place), _cap(words.place(place, catalogue))) for place in used],
        "common": [(site, _cap(_bare(site, catalogue))) for site in COMMON if site in catalogue.sites],
        "regions": [
            (_cap(region), [(s.id, _bare(s.id, catalogue)) for s in sites]) for region, sites in regions
        ],
        "noticed": [(item, words.NOTICED[item], catalogue.findings[item].help) for item in NOTICED],
        "muscles": sorted((muscle.name, muscle.id) for muscle in catalogue.muscles.values()),
        "numbers": NUMBERS,
    }


def _place(item: str) -> Place:
    site, _, side = item.partition("/")
    return Place.model_validate({"site": site, "side": side if side in ("left", "right", "both") else None})


def _bare(site: str, catalogue: Catalogue) -> str:
    return catalogue.sites[site].plain.removeprefix("the ")


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- pages ----------------------------------------------------------------------------------------


def home(entries: Sequence[Entry], catalogue: Catalogue, saved: str) -> dict[str, Any]:
    """The first page, apart from its form."""
    found = trend(entries)
    return {
        "n": len(entries),
        "trend": found,
        "saved": next((row(entry, catalogue) for entry in entries if entry.key == saved), None),
        "recent": [row(entry, catalogue) for entry in by_time(entries)[:RECENT]],
        **urgency(entries, catalogue),
    }


def listed(entries: Sequence[Entry], catalogue: Catalogue, page: int) -> dict[str, Any]:
    """One page of all entries, by day."""
    pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = [row(e, catalogue) for e in by_time(entries)[(page - 1) * PER_PAGE : page * PER_PAGE]]
    return {
        "n": len(entries),
        "at_page": page,
        "pages": pages,
        "days": [(day, list(same)) for day, same in groupby(rows, key=lambda r: r.day)],
        **urgency(entries, catalogue),
    }


def course(entries: Sequence[Entry], catalogue: Catalogue, chosen: str) -> dict[str, Any]:
    """The trend and the triggers, of one place or of all."""
    often = Counter(place for entry in entries for place in entry.places)
    places = {tag(place): place for place, n in often.most_common() if n >= LEAST_FOR_A_PLACE}
    place = places.get(chosen)
    found = trend(at(entries, place))
    looked = looks(at(entries, place))
    return {
        "n": len(entries),
        "trend": found,
        "chosen": chosen if place else "",
        "choices": [(key, _cap(words.place(one, catalogue))) for key, one in places.items()],
        "plots": plots(found),
        "weekly": len(shown_days(found.days)) < len(found.days),
        "alt": _alt(found),
        "rows": [
            (
                written(day.day),
                day.twitches,
                words.number(day.minutes),
                words.interval(day.twitches, day.minutes),
            )
            for day in reversed(shown_days(found.days))
        ],
        "looks": looked,
        "least_days": LEAST_DAYS,
        "least_others": LEAST_OTHERS,
        **urgency(entries, catalogue),
    }


def _alt(found: Trend) -> str:
    if not found.days:
        return ""
    rates = [day.per_minute for day in found.days]
    said = (
        f"Twitches a minute on {len(rates)} days from {written(found.days[0].day)} to "
        f"{written(found.days[-1].day)}, between {words.short(min(rates)) if min(rates) else '0'} and "
        f"{words.short(max(rates)) if max(rates) else '0'}."
    )
    if found.band:
        start, end = found.band[0].middle, found.band[-1].middle
        said += f" The line through them goes from {words.short(start)} to {words.short(end)}."
    return said


__all__ = ["course", "form", "home", "listed", "row", "urgency"]
