"""What an entry may say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.app.diary.builders import CATALOGUE, NOW, START, at, entries, on

from whytwitch.app.diary import Counted, DiaryError, Entry, Measured, checked
from whytwitch.app.diary._entry import NOTICED
from whytwitch.app.diary._form import FormError, draft_of, posted, read


def test_local_time_is_kept_with_its_offset_to_the_second() -> None:
    entry = Entry(when=START.replace(microsecond=5), bother=0)
    assert entry.when == START
    assert entry.when.utcoffset() == timedelta(hours=2)
    assert entry.when.hour == 9


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"when": START}, "empty"),
        ({"when": datetime(2026, 1, 1), "bother": 1}, "timezone"),  # noqa: DTZ001
        ({"when": START, "counted": {"twitches": -1, "minutes": 1}}, "twitches"),
        ({"when": START, "counted": {"twitches": 1, "minutes": 0}}, "minutes"),
        ({"when": START, "counted": {"twitches": 1, "minutes": float("nan")}}, "minutes"),
        ({"when": START, "bother": 11}, "bother"),
        ({"when": START, "daily": "lots"}, "daily"),
        ({"when": START, "bother": 1, "mood": "fine"}, "mood"),
        ({"when": START, "bother": 1, "key": "../../etc"}, "key"),
        ({"when": START, "measured": {"per_minute": 3, "low": 4}}, "lower"),
        ({"when": START, "note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_is_refused_by_name(content: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Entry.model_validate(content)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (on(0, bother=1, places=[at("wing")]), "wing"),
        (on(0, bother=1, noticed=("magic",)), "magic"),
        (on(0, bother=1, noticed=("drug_lithium",)), "drug_lithium"),
        (on(0, measured=Measured(per_minute=1, muscle="heart")), "heart"),
        (on(300, bother=1), "2026-12-26"),
    ],
)
def test_what_the_catalogue_does_not_know_and_the_future_are_refused(entry: Entry, named: str) -> None:
    with pytest.raises(DiaryError, match=named):
        checked(entry, CATALOGUE, NOW)


def test_everything_asked_about_is_a_symptom_of_the_catalogue() -> None:
    assert {CATALOGUE.findings[item].kind for item in NOTICED} <= {"symptom", "sign"}


@given(st.text(max_size=50))
def test_notes_can_be_stored_anywhere(note: str) -> None:
    entry = Entry(when=START, bother=1, note=note)
    assert "\0" not in entry.note
    entry.note.encode("utf-8")
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


# --- the form -------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(entries)
def test_the_form_of_an_entry_gives_back_the_entry(entry: Entry) -> None:
    assert read(draft_of(entry), CATALOGUE, NOW, entry.key) == _as_typed(entry)


def _as_typed(entry: Entry) -> Entry:
    """Only sites that have sides keep theirs in a form, and what became the same is said once."""
    places = tuple(
        place if CATALOGUE.sites[place.site].paired else place.model_copy(update={"side": None})
        for place in entry.places
    )
    return entry.model_copy(update={"places": tuple(dict.fromkeys(places))})


def _typed(**fields: str | list[str]) -> Entry:
    items = [(k, one) for k, v in fields.items() for one in (v if isinstance(v, list) else [v])]
    return read(posted(items), CATALOGUE, NOW)


def test_the_quickest_entry_is_a_place_and_a_number() -> None:
    entry = _typed(site="calf", side="left", twitches="5")
    assert entry.when == NOW
    assert entry.counted == Counted(twitches=5, minutes=1)
    assert [(p.site, p.side) for p in entry.places] == [("calf", "left")]


def test_forms_read_what_people_type() -> None:
    assert _typed(twitches="3", minutes="2,5").counted == Counted(twitches=3, minutes=2.5)
    assert _typed(site="abdomen", side="left").places[0].side is None
    assert _typed(drugs_changed="no").triggers.drugs_changed is False
    assert _typed(when="2026-03-01T09:00", bother="1").when.strftime("%d %H:%M") == "01 09:00"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "form"),
        ({"twitches": "many"}, "twitches"),
        ({"twitches": "1.5"}, "twitches"),
        ({"twitches": "100001"}, "twitches"),
        ({"twitches": "1", "minutes": "0"}, "minutes"),
        ({"bother": "11"}, "bother"),
        ({"bother": "1", "when": "yesterday"}, "when"),
        ({"bother": "1", "when": "2027-06-01T00:00"}, "when"),
        ({"bother": "1", "when": "0001-01-01T00:00"}, "when"),
        ({"bother": "1", "measured_low": "2"}, "measured_per_minute"),
        ({"measured_per_minute": "1", "measured_low": "2"}, "measured_per_minute"),
        ({"note": "x" * 3000}, "note"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(fields: dict[str, str], field: str) -> None:
    with pytest.raises(FormError) as caught:
        _typed(**fields)
    assert list(caught.value.fields) == [field]


names = st.sampled_from(
    ["when", "was_when", "place", "site", "side", "other_site", "twitches", "minutes", "daily", "bother",
     "noticed", "stress", "exercise", "drugs_changed", "measured_low", "measured_muscle", "note", "key"]
)  # fmt: skip
values = st.text(max_size=12) | st.sampled_from(
    ["calf", "calf/left", "weakness", "5", "1e9", "-1", "٣", "²", "None"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(names, values), max_size=8))
def test_any_form_is_an_entry_or_a_clear_error(items: list[tuple[str, str]]) -> None:
    try:
        entry = read(posted(items), CATALOGUE, NOW)
    except FormError as error:
        assert all(text.strip() for text in error.fields.values())
    else:
        assert checked(entry, CATALOGUE, NOW) == entry
