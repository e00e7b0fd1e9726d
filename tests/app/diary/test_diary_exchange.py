"""Taking the diary along and bringing it back."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.diary.builders import CATALOGUE, NOW, at, entries, on

from whytwitch.app.diary import DiaryError, Entry, from_json, to_csv, to_json


def brought(data: Any) -> tuple[Entry, ...]:
    return from_json(json.dumps(data).encode(), CATALOGUE, NOW)


def wrapped(*rows: Any) -> dict[str, Any]:
    return {"format": "whytwitch-diary", "version": 1, "entries": list(rows)}


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=4, unique_by=lambda e: e.key))
def test_json_comes_back_as_it_went(diary: list[Entry]) -> None:
    assert from_json(to_json(diary).encode(), CATALOGUE, NOW) == tuple(diary)


def test_errors_name_the_row_and_the_field_and_nothing_is_taken() -> None:
    good = json.loads(to_json([on(0, 1)]))["entries"][0]
    rows = [
        good,
        {**good, "bother": 11},
        {**good, "places": [{"site": "wing"}]},
        5,
        {**good, "when": "2027-05-01T00:00:00Z"},
    ]
    with pytest.raises(DiaryError) as caught:
        brought(wrapped(*rows))
    lines = str(caught.value).splitlines()
    assert lines[0] == "Nothing was imported."
    assert [line.split(":")[0] for line in lines[1:]] == ["Entry 2", "Entry 3", "Entry 4", "Entry 5"]
    assert "bother" in lines[1]
    assert "wing" in lines[2]


def test_many_errors_are_cut_short() -> None:
    with pytest.raises(DiaryError) as caught:
        brought(wrapped(*[{}] * 50))
    assert len(str(caught.value).splitlines()) == 6


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[NaN]", "NaN"),
        (b"[]", "no diary of whytwitch"),
        (b'{"format": "whytwitch-diary", "version": 2, "entries": []}', "version 2"),
        (b'{"format": "whytwitch-diary", "version": 1, "entries": {}}', "no list"),
        (b'{"format": "whytwitch-diary", "version": 1}', "no list"),
    ],
)
def test_other_files_are_told_apart(data: bytes, said: str) -> None:
    with pytest.raises(DiaryError, match=said):
        from_json(data, CATALOGUE, NOW)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["key", "when", "places", "site", "counted", "twitches", "minutes", "noticed", "note", "measured"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    anything, st.sampled_from(["when", "places", "counted", "noticed", "triggers", "measured", "note", "key"])
)
def test_any_file_is_a_diary_or_one_clear_error(junk: Any, field: str) -> None:
    good = json.loads(to_json([on(0, 1, places=[at("calf")])]))["entries"][0]
    for data in (junk, wrapped(junk), wrapped({**good, field: junk})):
        try:
            found = brought(data)
        except DiaryError as error:
            assert str(error).strip()
        else:
            assert from_json(to_json(found).encode(), CATALOGUE, NOW) == found


@given(st.binary(max_size=200))
def test_any_bytes_are_one_clear_error(data: bytes) -> None:
    with pytest.raises(DiaryError):
        from_json(data, CATALOGUE, NOW)


# --- tables ---------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(entries, max_size=3),
    st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"]),
)
def test_no_cell_of_the_table_is_a_formula(diary: list[Entry], formula: str) -> None:
    diary = [e.model_copy(update={"note": formula + e.note}) for e in diary]
    rows = list(csv.reader(io.StringIO(to_csv(diary), newline="")))
    assert len(rows) == len(diary) + 1
    for row in rows:
        assert len(row) == len(rows[0])
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)


def test_the_table_reads_well() -> None:
    late = on(2, 4, 2.5, places=[at("calf", "left"), at("back")], noticed=("cramps",), note='a, b\n"c"')
    header, first, second = csv.reader(io.StringIO(to_csv([late, on(0, 0)])))
    assert dict(zip(header, first, strict=True))["twitches"] == "0"
    row = dict(zip(header, second, strict=True))
    assert row["places"] == "left calf; back"
    assert row["watched_minutes"] == "2.5"
    assert row["note"] == 'a, b\n"c"'
    assert row["measured_low"] == ""
    assert row["when"] == "2026-03-03T09:00:00+02:00"
