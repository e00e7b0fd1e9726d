"""The log of decisions, and what counts after it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from tests.app.viewer.reviews import DURATION_S, STEPS, N, detection, played, potential, shape

from whytwitch.app.viewer._edits import Add, Decide, Log, Move, Retype, review
from whytwitch.knowledge import load
from whytwitch.recording import founded, measure


@settings(max_examples=80)
@given(steps=STEPS)
def test_undoing_everything_gives_the_detection_back_and_redoing_the_review(steps: list[tuple]) -> None:
    twitches, log = detection(), played(steps, detection())
    as_it_was = shape(review(twitches, log))
    undone, count = log, log.undoable
    for _ in range(count):
        undone = undone.with_("undo")
    assert shape(review(twitches, undone)) == shape(review(twitches, Log()))
    assert undone.entries[: len(log.entries)] == log.entries, "the log only grows"
    again = undone
    for _ in range(count):
        again = again.with_("redo")
    assert shape(review(twitches, again)) == as_it_was


@settings(max_examples=80)
@given(steps=STEPS)
def test_the_numbers_belong_to_the_events_that_count(steps: list[tuple]) -> None:
    """Counted another way: last decisions in a dictionary."""
    twitches, log = detection(), played(steps, detection())
    reviewed = review(twitches, log)
    rejected = dict.fromkeys(range(1, N + 1), False)
    kinds = dict.fromkeys(rejected, "fasciculation")
    onset = dict(zip(rejected, twitches.events.onset_s.tolist(), strict=True))
    for change in log.changes:
        if isinstance(change, Add):
            rejected[change.number], kinds[change.number] = False, change.kind
            onset[change.number] = change.potential.onset_s
        elif isinstance(change, Decide):
            rejected[change.number] = not change.accepted
        elif isinstance(change, Retype):
            kinds[change.number] = change.kind
    counts = [n for n, out in rejected.items() if not out]
    events = reviewed.twitches.events
    assert len(events) == len(counts)
    assert Counter(events.kind.tolist()) == Counter(kinds[n] for n in counts)
    assert (np.diff(events.onset_s) >= 0).all()
    signature = measure(reviewed.twitches, catalogue=load())
    inside = [n for n in counts if kinds[n] == "fasciculation" and onset[n] < DURATION_S]
    assert signature.fasciculations == len(inside)
    assert signature.rate_per_min.value == pytest.approx(len(inside) / (DURATION_S / 60))
    for unit in reviewed.twitches.units:
        assert unit.n_events == int((events.unit == unit.id).sum()) > 0


def test_what_a_person_decided_is_sure_and_the_rest_is_not() -> None:
    log = Log().with_(Decide(2, accepted=True)).with_(Retype(3, "train")).with_(Decide(4, accepted=False))
    log = log.with_(Add(N + 1, "fasciculation", potential(50.5)))
    reviewed = review(detection(), log)
    sure = dict(zip(reviewed.number.tolist(), reviewed.every.confidence.tolist(), strict=True))
    assert [sure[n] for n in (1, 2, 3, N + 1)] == [0.7, 1.0, 1.0, 1.0]
    status = dict(zip(reviewed.number.tolist(), reviewed.status.tolist(), strict=True))
    assert (status[2], status[4], status[N + 1], status[1]) == ("accepted", "rejected", "added", "found")


def test_a_number_is_never_given_twice() -> None:
    log = Log().with_(Add(N + 1, "fasciculation", potential(50.5))).with_("undo")
    assert review(detection(), log).next_number == N + 2


def test_nothing_to_undo_adds_no_line() -> None:
    log = Log().with_(Decide(1, accepted=False))
    assert Log().with_("undo") == Log()
    assert log.with_("redo") is log
    assert len(log.with_("undo").with_("undo").entries) == 2


def test_a_new_step_forgets_what_was_undone() -> None:
    log = Log().with_(Decide(1, accepted=False)).with_("undo").with_(Decide(2, accepted=False))
    assert log.redoable == 0
    assert [change.number for change in log.changes] == [2]


def test_a_founded_unit_is_there_as_long_as_it_has_potentials() -> None:
    unit = founded(potential(5.0), 3)
    log = Log().with_(Move(1, 3, potential(5.0), 1.0, unit))
    assert [u.id for u in review(detection(), log).twitches.units] == [1, 2, 3]
    assert [u.id for u in review(detection(), log.with_(Decide(1, accepted=False))).twitches.units] == [1, 2]
    assert [u.id for u in review(detection(), log.with_("undo")).units] == [1, 2]
