"""What a person decided about single potentials: a log that only grows, and what it makes of a detection."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import KINDS, UNSORTED, Events, Kind, Twitches, Unit

if TYPE_CHECKING:
    from whytwitch.recording import Potential

Status = Literal["found", "accepted", "rejected", "added"]
KIND_TYPE: Final = f"<U{max(len(kind) for kind in KINDS)}"
STATUSES: Final[tuple[Status, ...]] = ("found", "accepted", "rejected", "added")


# --- the log --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decide:
    """A potential is one, or is none."""

    number: int
    accepted: bool


@dataclass(frozen=True)
class Move:
    """A potential is another unit's: measured anew on that unit's best electrode.

    Attributes:
        likeness: to the unit's template, NaN where it goes to no unit.
        founded: the unit, where it begins with this potential.
    """

    number: int
    unit: int
    potential: Potential
    likeness: float
    founded: Unit | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Retype:
    """A potential is of another kind."""

    number: int
    kind: Kind


@dataclass(frozen=True)
class Add:
    """There is a potential that was not found."""

    number: int
    kind: Kind
    potential: Potential


def to_unit(number: int, unit: Unit, potential: Potential) -> Move:
    """A potential goes to a unit that is there."""
    return Move(number, unit.id, potential, potential.likeness(unit))


def to_new(number: int, unit: int, potential: Potential) -> Move:
    """A potential is the first of a new unit."""
    from whytwitch.recording import founded

    return Move(number, unit, potential, 1.0, founded(potential, unit))


def to_none(number: int, potential: Potential) -> Move:
    """A potential goes to no unit."""
    return Move(number, UNSORTED, potential, math.nan)


Change = Decide | Move | Retype | Add
Turn = Literal["undo", "redo"]


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    what: Change | Turn
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


@dataclass(frozen=True)
class Log:
    """Everything that was done, in order. Undoing is a line of its own; nothing is ever removed."""

    entries: tuple[Entry, ...] = ()

    def with_(self, what: Change | Turn) -> Log:
        """The log with one more line; to undo or redo where there is nothing adds none."""
        done, undone = self._stacks()
        if (what == "undo" and not done) or (what == "redo" and not undone):
            return self
        return Log((*self.entries, Entry(what)))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Those in force, oldest first."""
        return tuple(self._stacks()[0])

    @property
    def undoable(self) -> int:
        """How many steps can be undone."""
        return len(self._stacks()[0])

    @property
    def redoable(self) -> int:
        """How many undone steps can be done again."""
        return len(self._stacks()[1])

    def since(self, other: Log) -> int:
        """How many steps back, or on, what is in force here lies from what is in force in another."""
        mine, its = self._stacks()[0], other._stacks()[0]
        shared = 0
        for one, two in zip(mine, its, strict=False):
            if one is not two:
                break
            shared += 1
        return max(len(mine), len(its)) - shared

    def _stacks(self) -> tuple[list[Change], list[Change]]:
        done: list[Change] = []
        undone: list[Change] = []
        for entry in self.entries:
            if entry.what == "undo":
                undone.append(done.pop())
            elif entry.what == "redo":
                done.append(undone.pop())
            else:
                done.append(entry.what)
                undone.clear()
        return done, undone


# --- what it makes of a detection -----------------------------------------------------------------


@dataclass(frozen=True)
class Reviewed:
    """A detection after its review.

    Attributes:
        twitches: what counts: without the rejected, with the added.
        every: all potentials in order of time, the rejected too; arrays below are in its order, (n,).
        number: 1, 2, … as found; added ones go on from there. A number never changes its potential.
        status: one of ``STATUSES``.
        changed: whether unit or kind are a person's.
        units: all that a potential can be moved to.
        next_number: for one that is added.
    """

    twitches: Twitches
    every: Events
    number: NDArray[np.int64]
    status: NDArray[np.str_]
    changed: NDArray[np.bool_]
    units: tuple[Unit, ...]
    next_number: int

    def row(self, number: int) -> int:
        """Where a potential stands in ``every``.

        Raises:
            KeyError: there is none of that number.
        """
        found = np.flatnonzero(self.number == number)
        if not len(found):
            raise KeyError(number)
        return int(found[0])

    @cached_property
    def shown(self) -> list[str]:
        """As ``status``, with ``changed`` for what was found and then moved or named otherwise."""
        pairs = zip(self.status.tolist(), self.changed.tolist(), strict=True)
        return ["changed" if changed and status == "found" else status for status, changed in pairs]

    def unit(self, number: int) -> Unit | None:
        """A unit by its number; None for ``UNSORTED``."""
        return next((unit for unit in self.units if unit.id == number), None)

    @property
    def next_unit(self) -> int:
        """For a unit that is founded."""
        return max((unit.id for unit in self.units), default=0) + 1


def review(twitches: Twitches, log: Log) -> Reviewed:
    """Apply what is in force of a log.

    What a person has accepted or added is sure; what is only found keeps the detector's confidence. A
    unit that lost all its potentials is left out of the counts.
    """
    added = [change for change in log.changes if isinstance(change, Add)]
    n_found = len(twitches.events)
    table = _table(twitches.events, added)
    number = np.concatenate([np.arange(1, n_found + 1), [change.number for change in added]]).astype(np.int64)
    place = {int(value): i for i, value in enumerate(number)}
    first = np.array(["found"] * n_found + ["added"] * len(added), "<U8")
    status, changed = first.copy(), np.zeros(len(number), bool)
    founded: list[Unit] = []
    for change in log.changes:
        at = place[change.number]
        if isinstance(change, Decide):
            status[at] = ("added" if at >= n_found else "accepted") if change.accepted else "rejected"
        elif isinstance(change, Move):
            _write(
                table, at, {**_measured(change.potential), "unit": change.unit, "likeness": change.likeness}
            )
            changed[at] = True
            founded += [change.founded] if change.founded else []
        elif isinstance(change, Retype):
            _write(table, at, {"kind": change.kind})
            changed[at] = True
    table["confidence"][(status == "accepted") | (status == "added") | changed] = 1.0
    order = np.argsort(table["onset_s"], kind="stable")
    every = Events(**{name: values[order] for name, values in table.items()})
    status, units = status[order], (*twitches.units, *founded)
    kept = Events(**{name: values[order][status != "rejected"] for name, values in table.items()})
    return Reviewed(
        twitches=replace(twitches, events=kept, units=_counted(units, kept)) if log.changes else twitches,
        every=every,
        number=number[order],
        status=status,
        changed=changed[order],
        units=units,
        next_number=max((e.what.number for e in log.entries if isinstance(e.what, Add)), default=n_found) + 1,
    )


Table = dict[str, NDArray[Any]]


def _table(events: Events, added: list[Add]) -> Table:
    """The columns of what was found, with the added rows below."""
    rows = [
        {"unit": UNSORTED, "kind": change.kind, "confidence": 1.0, "likeness": np.nan,
         **_measured(change.potential)}
        for change in added
    ]  # fmt: skip
    table: Table = {}
    for name in Events.__dataclass_fields__:
        found = getattr(events, name)
        kind = KIND_TYPE if name == "kind" else found.dtype
        table[name] = np.concatenate([found.astype(kind), np.array([row[name] for row in rows], kind)])
    return table


def _write(table: Table, at: int, values: dict[str, Any]) -> None:
    for name, value in values.items():
        table[name][at] = value


def _measured(potential: Potential) -> dict[str, Any]:
    names = ("onset_s", "channel", "amplitude", "duration_ms", "phases", "turns", "area", "spread")
    return {name: getattr(potential, name) for name in names}


def _counted(units: Iterable[Unit], events: Events) -> tuple[Unit, ...]:
    """Units with their counts and commonest kind as they are now; of equals, the first of ``KINDS``."""
    counted: list[Unit] = []
    for unit in units:
        kinds = events.kind[events.unit == unit.id]
        if len(kinds):
            most = max(KINDS, key=lambda kind: (int((kinds == kind).sum()), -KINDS.index(kind)))
            counted.append(replace(unit, n_events=len(kinds), kind=most))
    return tuple(counted)


__all__ = [
    "STATUSES",
    "Add",
    "Change",
    "Decide",
    "Entry",
    "Log",
    "Move",
    "Retype",
    "Reviewed",
    "Status",
    "Turn",
    "review",
    "to_new",
    "to_none",
    "to_unit",
]
