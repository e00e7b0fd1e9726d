"""Keeping the diary: nothing exists before the first entry, and what was acknowledged is on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta, timezone
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from whytwitch.app.diary._entry import Counted, DiaryError, Entry, Measured, Triggers
from whytwitch.app.diary._tables import STEPS, bring_up_to_date, tables, version_of
from whytwitch.app.diary._where import address, file_of, make_private, remove
from whytwitch.case import Place

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WAIT_S = 10.0
"""How long to wait for another program that writes."""


class Store:
    """The diary in one database.

    Every change is one transaction, on the disk before the method returns. Reading never creates
    anything. Methods may be called from several threads.

    Args:
        url: an SQLAlchemy address; empty for the file in the user's data folder.

    Raises:
        DiaryError: (every method) the database cannot be opened, read or written.
    """

    def __init__(self, url: str = "") -> None:
        self._given = url
        self._lock = RLock()

    # --- where ------------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """Where it lies, for the person: a path, or an address without its password."""
        return str(self.file or address(self._given).render_as_string(hide_password=True))

    @property
    def file(self) -> Path | None:
        """The file, where the database is one."""
        return file_of(self._given)

    @property
    def is_private(self) -> bool:
        """Whether the file is there and its mode keeps other users out; never claimed without modes."""
        file = self.file
        return os.name == "posix" and file is not None and file.exists() and not file.stat().st_mode & 0o077

    def exists(self) -> bool:
        """Whether anything was ever saved."""
        if self.file is not None:
            return self.file.exists()
        with self._read() as connection:
            return connection is not None

    # --- reading ----------------------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order in which they were saved."""
        with self._read() as connection:
            return _entries(connection) if connection is not None else ()

    def get(self, key: str) -> Entry | None:
        """The entry of a key; None where there is none."""
        with self._read() as connection:
            found = _entries(connection, key) if connection is not None else ()
        return found[0] if found else None

    # --- writing ----------------------------------------------------------------------------------

    def add(self, entries: Sequence[Entry]) -> int:
        """Save new entries, all or none; one whose key is there already is left as it is.

        Returns:
            How many were new.
        """
        from sqlalchemy import select

        if not entries:
            return 0
        entry = tables().entry
        with self._write() as connection:
            known = set(connection.execute(select(entry.c.key)).scalars())
            new = list({e.key: e for e in reversed(entries) if e.key not in known}.values())[::-1]
            for one in new:
                number = connection.execute(entry.insert().values(_row(one))).inserted_primary_key
                _lists(connection, int(number[0]) if number else 0, one)
        return len(new)

    def replace(self, entry: Entry) -> bool:
        """Save a changed entry in the place of the one with its key; False where there is none."""
        table = tables().entry
        with self._existing() as connection:
            number = _number(connection, entry.key)
            if connection is None or number is None:
                return False
            connection.execute(table.update().where(table.c.number == number).values(_row(entry)))
            _unlist(connection, number)
            _lists(connection, number, entry)
        return True

    def remove(self, key: str) -> bool:
        """Delete one entry; False where there is none."""
        table = tables().entry
        with self._existing() as connection:
            number = _number(connection, key)
            if connection is None or number is None:
                return False
            _unlist(connection, number)
            connection.execute(table.delete().where(table.c.number == number))
        return True

    def erase(self) -> None:
        """Delete everything: the file and what lies beside it, or the diary's tables in a database."""
        with self._lock, _told():
            if self.file is not None:
                remove(self.file)
                return
            with self._engine.begin() as connection:
                tables().metadata.drop_all(connection)

    # --- connections ------------------------------------------------------------------------------

    @cached_property
    def _engine(self) -> Engine:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import NullPool

        url = address(self._given)
        if self.file is None:
            return create_engine(url, pool_pre_ping=True)
        # A connection for each transaction costs a millisecond, and leaves no handle on a removed file.
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_S})
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def _read(self) -> Iterator[Connection | None]:
        """A connection to a diary of today's shape; None where nothing was saved yet."""
        if self.file is not None and not self.file.exists():
            yield None
            return
        with _told():
            with self._engine.begin() as connection:
                version = version_of(connection)
            if version not in (0, len(STEPS) + 1):
                with self._write():
                    pass
            if version == 0:
                yield None
                return
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._lock, _told():
            if self.file is not None:
                make_private(self.file)
            with self._engine.execution_options(write=True).begin() as connection:
                bring_up_to_date(connection)
                yield connection

    @contextmanager
    def _existing(self) -> Iterator[Connection | None]:
        """To change what is there; where nothing is, nothing is created."""
        if not self.exists():
            yield None
            return
        with self._write() as connection:
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    """Failures of the database in one sentence that says what to do."""
    from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        if isinstance(error, ImportError | NoSuchModuleError):
            raise DiaryError(f"diary: the driver of this database is not installed ({error})") from error
        reason = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
        raise DiaryError(
            f"diary: the database does not answer as it should ({reason}); nothing was changed. "
            "Check that its place can be written, that the disk has room and no other program holds it"
        ) from error


def _durable(connection: Any, _: object) -> None:
    """What SQLite has to be told on each connection.

    A rollback journal rather than a write-ahead log: the diary stays one file. EXTRA also brings the end
    of the journal to the disk, without which a power cut could undo an answered commit. What is deleted
    is overwritten.
    """
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: one that read first could be refused later without a wait.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


# --- rows -----------------------------------------------------------------------------------------


def _number(connection: Connection | None, key: str) -> int | None:
    from sqlalchemy import select

    entry = tables().entry
    if connection is None:
        return None
    return connection.execute(select(entry.c.number).where(entry.c.key == key)).scalar()


def _row(entry: Entry) -> dict[str, object]:
    offset = entry.when.utcoffset() or timedelta()
    counted, measured = entry.counted, entry.measured
    return {
        "key": entry.key,
        "at_utc": entry.when.astimezone(UTC).replace(tzinfo=None),
        "offset_minutes": offset // timedelta(minutes=1),
        "twitches": counted and counted.twitches,
        "watched_minutes": counted and counted.minutes,
        "daily": entry.daily,
        "bother": entry.bother,
        **entry.triggers.model_dump(),
        "measured_per_minute": measured and measured.per_minute,
        "measured_low": measured and measured.low,
        "measured_high": measured and measured.high,
        "measured_clean_minutes": measured and measured.clean_minutes,
        "measured_muscle": measured and measured.muscle,
        "note": entry.note,
    }


def _lists(connection: Connection, number: int, entry: Entry) -> None:
    known = tables()
    places = [
        {"entry": number, "position": i, "site": place.site, "side": place.side}
        for i, place in enumerate(entry.places)
    ]
    noticed = [{"entry": number, "position": i, "finding": key} for i, key in enumerate(entry.noticed)]
    for table, rows in ((known.place, places), (known.noticed, noticed)):
        if rows:
            connection.execute(table.insert(), rows)


def _unlist(connection: Connection, number: int) -> None:
    for table in (tables().place, tables().noticed):
        connection.execute(table.delete().where(table.c.entry == number))


def _entries(connection: Connection, key: str | None = None) -> tuple[Entry, ...]:
    from sqlalchemy import select

    known = tables()
    wanted = select(known.entry).order_by(known.entry.c.number)
    places = select(known.place).order_by(known.place.c.entry, known.place.c.position)
    noticed = select(known.noticed).order_by(known.noticed.c.entry, known.noticed.c.position)
    if key is not None:
        one = select(known.entry.c.number).where(known.entry.c.key == key).scalar_subquery()
        wanted = wanted.where(known.entry.c.key == key)
        places, noticed = (
            places.where(known.place.c.entry == one),
            noticed.where(known.noticed.c.entry == one),
        )
    where: dict[int, list[Place]] = {}
    for row in connection.execute(places).mappings():
        where.setdefault(row["entry"], []).append(Place(site=row["site"], side=row["side"]))
    what: dict[int, list[str]] = {}
    for row in connection.execute(noticed).mappings():
        what.setdefault(row["entry"], []).append(row["finding"])
    rows = connection.execute(wanted).mappings().all()
    return tuple(_entry(row, where.get(row["number"], []), what.get(row["number"], [])) for row in rows)


def _entry(row: Mapping[Any, Any], places: list[Place], noticed: list[str]) -> Entry:
    zone = timezone(timedelta(minutes=row["offset_minutes"]))
    counted = row["twitches"] is not None
    measured = row["measured_per_minute"] is not None
    try:
        return Entry(
            key=row["key"],
            when=row["at_utc"].replace(tzinfo=UTC).astimezone(zone),
            places=tuple(places),
            counted=Counted(twitches=row["twitches"], minutes=row["watched_minutes"]) if counted else None,
            daily=row["daily"],
            bother=row["bother"],
            noticed=tuple(noticed),
            triggers=Triggers(**{name: row[name] for name in Triggers.model_fields}),
            measured=_measured(row) if measured else None,
            note=row["note"],
        )
    except ValueError as error:
        raise DiaryError(
            f"diary: entry number {row['number']} was changed by another program and cannot be read"
        ) from error


def _measured(row: Mapping[Any, Any]) -> Measured:
    return Measured(
        per_minute=row["measured_per_minute"],
        low=row["measured_low"],
        high=row["measured_high"],
        clean_minutes=row["measured_clean_minutes"],
        muscle=row["measured_muscle"] or "",
    )


__all__ = ["Store"]
