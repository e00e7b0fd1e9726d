"""The tables of the diary in plain SQL types, and how a diary of an older shape is brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from whytwitch.app.diary._entry import DiaryError

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

Step = Callable[["Connection"], None]

STEPS: Final[tuple[Step, ...]] = ()
"""What turns shape 1 into 2, 2 into 3, … The newest shape is what :func:`tables` describes."""


@dataclass(frozen=True)
class Tables:
    """One row of ``shape`` says which shape the others have."""

    metadata: MetaData
    shape: Table
    entry: Table
    place: Table
    noticed: Table


@cache
def tables() -> Tables:
    """The tables, described when they are first needed: the import costs half a second."""
    from sqlalchemy import Boolean, Column, DateTime, Float, Integer, MetaData, String, Table, Text

    data = MetaData()
    entry = Table(
        "diary_entry",
        data,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("key", String(32), nullable=False, unique=True),
        Column("at_utc", DateTime, nullable=False, index=True),
        Column("offset_minutes", Integer, nullable=False),
        Column("twitches", Integer),
        Column("watched_minutes", Float),
        Column("daily", String(16)),
        Column("bother", Integer),
        Column("coffee_cups", Float),
        Column("slept_hours", Float),
        Column("exercise", String(16)),
        Column("stress", Integer),
        Column("alcohol_drinks", Float),
        Column("drugs_changed", Boolean),
        Column("measured_per_minute", Float),
        Column("measured_low", Float),
        Column("measured_high", Float),
        Column("measured_clean_minutes", Float),
        Column("measured_muscle", String(64)),
        Column("note", Text, nullable=False),
        # Numbers are never used twice, so that "saved later" stays true after a deletion.
        sqlite_autoincrement=True,
    )
    return Tables(
        metadata=data,
        shape=Table("diary_shape", data, Column("version", Integer, primary_key=True, autoincrement=False)),
        entry=entry,
        place=_list("diary_place", data, site=String(64), side=String(8)),
        noticed=_list("diary_noticed", data, finding=String(64)),
    )


def _list(name: str, data: MetaData, **columns: object) -> Table:
    """Items of an entry, in their order."""
    from sqlalchemy import Column, ForeignKey, Integer, Table

    return Table(
        name,
        data,
        Column("entry", Integer, ForeignKey("diary_entry.number"), primary_key=True),
        Column("position", Integer, primary_key=True),
        *(Column(key, kind, nullable=key == "side") for key, kind in columns.items()),  # type: ignore[arg-type]
    )


def version_of(connection: Connection) -> int:
    """The shape of the diary in this database; 0 where there is none."""
    from sqlalchemy import inspect, select

    if not inspect(connection).has_table(tables().shape.name):
        return 0
    return connection.execute(select(tables().shape.c.version)).scalar() or 0


def bring_up_to_date(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Create the tables, or change older ones step by step; belongs in one transaction.

    Raises:
        DiaryError: the diary was written by a newer whytwitch.
    """
    newest = len(steps) + 1
    version = version_of(connection)
    if version == newest:
        return
    if version > newest:
        raise DiaryError(f"the diary has shape {version}, this whytwitch knows {newest}; install a newer one")
    if version == 0:
        tables().metadata.create_all(connection)
    for step in steps[version - 1 :] if version else ():
        step(connection)
    connection.execute(tables().shape.delete())
    connection.execute(tables().shape.insert().values(version=newest))


__all__ = ["STEPS", "Tables", "bring_up_to_date", "tables", "version_of"]
