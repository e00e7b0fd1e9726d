"""Keeping the diary: nothing before it is asked for, nothing lost once it is acknowledged."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from tests.app.diary.builders import entries, on

from whytwitch.app.diary import DiaryError, Entry, Store
from whytwitch.app.diary._tables import bring_up_to_date, tables, version_of
from whytwitch.app.diary._where import data_folder


def test_nothing_is_created_before_the_first_entry(store: Store, file: Path) -> None:
    assert store.entries() == ()
    assert store.get("0" * 32) is None
    assert not store.remove("0" * 32)
    assert not store.replace(on(0, 1))
    assert store.add([]) == 0
    store.erase()
    assert not store.exists()
    assert not file.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_no_other_user_can_read_the_file(store: Store, file: Path) -> None:
    before = os.umask(0)
    try:
        store.add([on(0, 1)])
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert store.is_private
    file.chmod(0o644)
    assert not store.is_private


def test_the_default_place_follows_the_platform() -> None:
    home = Path.home()
    absolute = str(Path("/data").absolute())
    assert data_folder("linux", {}) == home / ".local/share/whytwitch"
    assert data_folder("linux", {"XDG_DATA_HOME": absolute}) == Path(absolute) / "whytwitch"
    assert data_folder("linux", {"XDG_DATA_HOME": "relative"}) == home / ".local/share/whytwitch"
    assert data_folder("darwin", {}) == home / "Library/Application Support/whytwitch"
    assert data_folder("win32", {"LOCALAPPDATA": absolute}) == Path(absolute) / "whytwitch"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, min_size=1, max_size=4, unique_by=lambda e: e.key), entries)
def test_what_was_saved_is_read_back_in_order(store: Store, saved: list[Entry], other: Entry) -> None:
    store.erase()
    assert store.add(saved) == len(saved)
    assert store.add([*saved, saved[0]]) == 0
    assert store.entries() == tuple(saved)
    changed = other.model_copy(update={"key": saved[0].key})
    assert store.replace(changed)
    assert store.entries() == (changed, *saved[1:])
    assert store.get(changed.key) == changed
    assert store.remove(changed.key)
    assert not store.remove(changed.key)
    assert store.entries() == tuple(saved[1:])


def test_what_is_added_together_is_added_whole_or_not_at_all(store: Store) -> None:
    store.add([on(0, 1)])
    broken = on(1, 2).model_copy(update={"note": None})
    with pytest.raises(DiaryError, match="nothing was changed"):
        store.add([on(2, 3), broken])
    assert len(store.entries()) == 1


def test_deleting_leaves_nothing_of_it_in_the_file(store: Store, file: Path) -> None:
    secret = "a sentence that nobody else should read"
    entry = on(0, 1, note=secret)
    store.add([on(1, 2), entry])
    assert secret.encode() in file.read_bytes()
    store.remove(entry.key)
    assert secret.encode() not in file.read_bytes()
    assert len(store.entries()) == 1


def test_erasing_removes_the_file_and_what_lies_beside_it(store: Store, file: Path) -> None:
    store.add([on(0, 1)])
    for end in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + end).write_bytes(b"")
    store.erase()
    assert list(file.parent.iterdir()) == []
    assert not store.exists()
    store.add([on(0, 1)])
    assert len(store.entries()) == 1


def test_numbers_are_not_used_twice_so_that_later_stays_later(store: Store) -> None:
    first, second, third = on(0, 1), on(1, 2), on(2, 3)
    store.add([first, second])
    store.remove(second.key)
    store.add([third])
    engine = create_engine(f"sqlite:///{store.file}")
    with engine.connect() as connection:
        assert connection.execute(text("select max(number) from diary_entry")).scalar() == 3
    engine.dispose()


# --- shapes ---------------------------------------------------------------------------------------


def test_an_older_diary_is_brought_up_to_date_step_by_step(store: Store, file: Path) -> None:
    store.add([on(0, 1)])
    taken: list[str] = []

    def mood(connection) -> None:
        connection.execute(text("alter table diary_entry add column mood integer"))
        taken.append("mood")

    def place(connection) -> None:
        assert "mood" in {c["name"] for c in inspect(connection).get_columns("diary_entry")}
        taken.append("place")

    engine = create_engine(f"sqlite:///{file}")
    for _ in range(2):
        with engine.begin() as connection:
            bring_up_to_date(connection, (mood, place))
            assert version_of(connection) == 3
    engine.dispose()
    assert taken == ["mood", "place"]


def test_a_diary_of_a_newer_program_is_not_touched(store: Store, file: Path) -> None:
    store.add([on(0, 1)])
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("update diary_shape set version = 9"))
    engine.dispose()
    before = file.read_bytes()
    for touch in (store.entries, lambda: store.add([on(1, 1)]), lambda: store.remove("0" * 32)):
        with pytest.raises(DiaryError, match="newer"):
            touch()
    assert file.read_bytes() == before


def test_tables_and_statements_compile_for_postgresql() -> None:
    dialect = postgresql.dialect()
    known = tables()
    made = "\n".join(str(CreateTable(t).compile(dialect=dialect)) for t in known.metadata.sorted_tables)
    assert "SERIAL" in made
    assert "AUTOINCREMENT" not in made
    assert made.count("TIMESTAMP WITHOUT TIME ZONE") == 1
    for index in known.entry.indexes:
        assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))
    insert = known.entry.insert().values(key="k", note="")
    assert "RETURNING diary_entry.number" in str(insert.compile(dialect=dialect))


# --- what can go wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true", "not an address"]
)
def test_an_address_that_would_lose_the_diary_is_refused(url: str) -> None:
    with pytest.raises(DiaryError, match="sqlite:////full/path"):
        Store(url).entries()


def test_a_missing_driver_and_a_password_are_told_well() -> None:
    store = Store("firebird://me:secret@localhost/diary")
    assert "secret" not in store.place
    with pytest.raises(DiaryError, match="driver"):
        store.entries()


def test_a_file_that_is_no_database_is_told_and_left_alone(store: Store, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("my notes, not a database, and quite a bit longer than a header " * 40)
    before = file.read_bytes()
    for touch in (store.entries, lambda: store.add([on(0, 1)])):
        with pytest.raises(DiaryError, match="not a database"):
            touch()
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DiaryError, match="can be written"):
        Store(f"sqlite:///{tmp_path}/taken/diary.sqlite").add([on(0, 1)])


def test_an_entry_spoiled_from_outside_is_named(store: Store, file: Path) -> None:
    store.add([on(0, 1)])
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("update diary_entry set bother = 99"))
    engine.dispose()
    with pytest.raises(DiaryError, match="entry number 1"):
        store.entries()


# --- a program that dies --------------------------------------------------------------------------

WRITER = """
import sys
from whytwitch.app.diary import Entry, Store

store = Store(sys.argv[1])
print("ready", flush=True)
for i in range(10_000):
    entry = Entry.model_validate({
        "when": "2026-03-01T09:00:00+02:00", "places": [{"site": "calf", "side": "left"}],
        "noticed": ["cramps"], "note": "x" * 500, "counted": {"twitches": i, "minutes": 1},
    })
    store.add([entry])
    print(entry.key, flush=True)
    if i % 3 == 2:
        store.replace(entry.model_copy(update={"note": "changed"}))
        print("changed " + entry.key, flush=True)
"""


@pytest.mark.parametrize("after_s", [0.05, 0.17, 0.31])
def test_every_acknowledged_entry_survives_a_kill(store: Store, after_s: float) -> None:
    place = f"sqlite:///{store.file}"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, place], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    first = writer.stdout.readline()
    time.sleep(after_s)
    writer.send_signal(signal.SIGKILL)
    lines = [first, *writer.stdout.read().splitlines(keepends=True)]
    writer.wait()
    writer.stdout.close()
    said = [line.strip() for line in lines if line.endswith("\n")]  # a torn line was not acknowledged
    kept = {entry.key: entry for entry in store.entries()}
    acknowledged = {line for line in said if " " not in line}
    assert acknowledged
    assert acknowledged <= kept.keys()
    assert len(kept) <= len(acknowledged) + 1
    for line in said:
        if line.startswith("changed "):
            assert kept[line.split()[1]].note == "changed"
    for entry in kept.values():  # no entry without its lists
        assert [p.site for p in entry.places] == ["calf"]
        assert entry.noticed == ("cramps",)
    assert store.add([on(99, 1)]) == 1
