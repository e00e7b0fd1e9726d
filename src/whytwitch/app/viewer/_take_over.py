"""Go on with a saved review: every decision goes to the potential it was about, or is left out and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._edits import (
    Add,
    Change,
    Decide,
    Entry,
    Log,
    Move,
    Retype,
    to_new,
    to_none,
    to_unit,
)
from whytwitch.app.viewer._match import NEAR_S, Match, match
from whytwitch.app.viewer._review_file import (
    SavedAdd,
    SavedChange,
    SavedDecide,
    SavedMove,
    SavedRecording,
    SavedReview,
    SavedTurn,
    damaged,
    recording_tag,
)
from whytwitch.recording import UNSORTED, Recording, Twitches, Unit

if TYPE_CHECKING:
    from whytwitch.recording import CloseUp, Potential


@dataclass(frozen=True)
class Left:
    """A decision that was not taken over: where, and which of ``say.LEFT_OUT`` is why."""

    onset_s: float
    why: str


@dataclass(frozen=True)
class Taken:
    """What came of a saved review.

    Attributes:
        day: of its last decision, ISO 8601; empty where it holds none.
        total: decisions in force in it.
        left: those of them that were not taken over.
        same: whether the program had found the same as now.
        then, now: potentials found.
        program: version that found those of then.
        same_settings: whether it searched as now.
    """

    day: str
    total: int
    left: tuple[Left, ...]
    same: bool
    then: int
    now: int
    program: str
    same_settings: bool


class _LeftOutError(Exception):
    """A decision that cannot be taken over; its argument is a key of ``say.LEFT_OUT``."""


def take_over(
    saved: SavedReview, name: str, recording: Recording, twitches: Twitches, close_up: CloseUp
) -> tuple[Log, Taken]:
    """The log of a saved review, for the detection at hand.

    A decision that stands on one that is left out is left out too, so what remains can be undone and
    redone step by step as before.

    Args:
        saved: what was read.
        name: what the recording at hand is called.
        recording: it must be the same one.
        twitches: as found, before any decision.
        close_up: measures what was moved or added.

    Raises:
        Problem: it is another recording's, or says what cannot be.
    """
    _same_recording(saved.recording, recording_tag(name, recording))
    found = match(saved.detection, twitches)
    replay = _Replay(saved, found, twitches, close_up)
    for i in range(len(saved.decisions)):
        replay.step(i)
    return replay.log(), Taken(
        day=saved.decisions[-1].at[:10] if saved.decisions else "",
        total=len(replay.done),
        left=tuple(Left(replay.changes[i].onset_s, replay.why[i]) for i in replay.done if i in replay.why),
        same=found.same,
        then=len(saved.detection.onset_s),
        now=len(twitches.events),
        program=saved.detection.program,
        same_settings=saved.detection.settings == twitches.settings,
    )


def _same_recording(then: SavedRecording, now: SavedRecording) -> None:
    """The bytes of the file are the same, or the signal is.

    Raises:
        Problem: neither.
    """
    as_file = then.sha256 == now.sha256 != ""
    as_signal = (then.signal, then.sampling_rate_hz, then.samples) == (
        now.signal, now.sampling_rate_hz, now.samples,
    )  # fmt: skip
    if not (as_file or as_signal):
        said = [
            say.A_RECORDING.format(
                name=one.name[:80], minutes=one.samples / one.sampling_rate_hz / 60.0, hz=one.sampling_rate_hz
            )
            for one in (then, now)
        ]
        raise Problem(422, say.OTHER_RECORDING, say.OTHER_RECORDING_TEXT.format(then=said[0], now=said[1]))


class _Replay:
    """Plays saved lines one by one; what is left out is played too, so that undo meets what it met then."""

    def __init__(self, saved: SavedReview, found: Match, twitches: Twitches, close_up: CloseUp) -> None:
        self.lines = saved.decisions
        self.then = saved.detection
        self.found = found
        self.twitches = twitches
        self.close_up = close_up
        self.changes: dict[int, SavedChange] = {}
        self.made: dict[int, Change] = {}
        self.why: dict[int, str] = {}
        self.done: list[int] = []
        self.undone: list[int] = []
        self._owner: list[int] = []  # of each line: the change that it makes, undoes or redoes
        self._forgot: dict[int, list[int]] = {}  # by each change: those that could be redone until then
        self._added: dict[int, int] = {}  # in force: from number to line
        self._founded: dict[int, int] = {}  # in force: from unit to line
        self._last = self._n_then = len(self.then.onset_s)
        self._later = len(twitches.events) - self._n_then
        self._last_unit = max(self.then.units, default=0)
        self._unit_later = max((unit.id for unit in twitches.units), default=0) - self._last_unit

    def step(self, i: int) -> None:
        """Play a line.

        Raises:
            Problem: it says what cannot be.
        """
        line = self.lines[i]
        if isinstance(line, SavedTurn):
            back = line.action == "undo"
            source, target = (self.done, self.undone) if back else (self.undone, self.done)
            if not source:
                raise damaged(f"decisions.{i}")
            change = source.pop()
            target.append(change)
            self._owner.append(change)
            self._in_force(change, on=not back)
            return
        self.changes[i] = line
        self._owner.append(i)
        try:
            self.made[i] = self._change(i, line)
        except _LeftOutError as error:
            self.why[i] = str(error)
        self._forgot[i] = self.undone
        self.undone = []
        self.done.append(i)
        self._in_force(i, on=True)

    def log(self) -> Log:
        """What was taken over."""
        out: set[int] = set()
        waiting = list(self.why)
        while waiting:
            # With a change goes what only it kept from being redone; nothing in force stands on that.
            change = waiting.pop()
            if change not in out:
                out.add(change)
                waiting += self._forgot[change]
        entries: list[Entry] = []
        for line, owner in zip(self.lines, self._owner, strict=True):
            if owner not in out:
                entries.append(
                    Entry(line.action if isinstance(line, SavedTurn) else self.made[owner], line.at)
                )
        return Log(tuple(entries))

    def _in_force(self, i: int, *, on: bool) -> None:
        line = self.changes[i]
        if isinstance(line, SavedAdd):
            place, key = self._added, line.number
        elif isinstance(line, SavedMove) and line.founded:
            place, key = self._founded, line.unit
        else:
            return
        if on:
            place[key] = i
        else:
            del place[key]

    # --- one change -------------------------------------------------------------------------------

    def _change(self, i: int, line: SavedChange) -> Change:
        if isinstance(line, SavedAdd):
            return self._add(i, line)
        number, origin_s, shift_s = self._potential(i, line.number)
        if isinstance(line, SavedMove):
            return self._move(i, line, number, shift_s)
        if abs(line.onset_s - origin_s) > NEAR_S:
            raise damaged(f"decisions.{i}.onset_s")
        if isinstance(line, SavedDecide):
            return Decide(number, line.accepted)
        return Retype(number, line.kind)

    def _potential(self, i: int, number: int) -> tuple[int, float, float]:
        """Its number now, where it was, and how far it has shifted since."""
        if number in self._added:
            line = self._added[number]
            if line in self.why:
                raise _LeftOutError("added")
            return number + self._later, self.changes[line].onset_s, 0.0
        if number > self._n_then:
            raise damaged(f"decisions.{i}.number")
        origin_s = self.then.onset_s[number - 1]
        now = self.found.number.get(number)
        if now is None:
            raise _LeftOutError("missing")
        return now, origin_s, float(self.twitches.events.onset_s[now - 1]) - origin_s

    def _add(self, i: int, line: SavedAdd) -> Add:
        if line.number <= self._last:
            raise damaged(f"decisions.{i}.number")
        self._last = line.number
        strange = self.found.strange
        if len(strange) and float(np.abs(strange - line.onset_s).min()) < NEAR_S:
            raise _LeftOutError("found")
        return Add(line.number + self._later, line.kind, self._at(i, line, line.onset_s))

    def _move(self, i: int, line: SavedMove, number: int, shift_s: float) -> Move:
        onset_s = line.onset_s + shift_s
        if line.founded:
            if line.unit <= max(self._last_unit, *self._founded, 0):
                raise damaged(f"decisions.{i}.unit")
            return to_new(number, line.unit + self._unit_later, self._at(i, line, onset_s))
        if line.unit == UNSORTED:
            return to_none(number, self._at(i, line, onset_s))
        unit = self._unit(i, line.unit)
        return to_unit(number, unit, _seen(self.close_up.of(self._inside(i, onset_s), unit)))

    def _unit(self, i: int, number: int) -> Unit:
        if number in self._founded:
            made = self.made.get(self._founded[number])
            if not isinstance(made, Move) or made.founded is None:
                raise _LeftOutError("unit")
            return made.founded
        if number not in self.then.units:
            raise damaged(f"decisions.{i}.unit")
        now = self.found.unit.get(number)
        if now is None:
            raise _LeftOutError("unit")
        return next(unit for unit in self.twitches.units if unit.id == now)

    def _at(self, i: int, line: SavedMove | SavedAdd, onset_s: float) -> Potential:
        if line.channel >= len(self.then.channels):
            raise damaged(f"decisions.{i}.channel")
        channel = self.found.channel.get(line.channel)
        if channel is None:
            raise _LeftOutError("channel")
        return _seen(self.close_up.at(self._inside(i, onset_s), channel))

    def _inside(self, i: int, onset_s: float) -> float:
        if onset_s > self.twitches.source.duration_s + NEAR_S:
            raise damaged(f"decisions.{i}.onset_s")
        return onset_s


def _seen(potential: Potential | None) -> Potential:
    if potential is None:
        raise _LeftOutError("room")
    return potential


__all__ = ["Left", "Taken", "take_over"]
