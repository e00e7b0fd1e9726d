"""Reviews at random, of a detection made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.recording.builders import make_twitches

from whytwitch.app.viewer._edits import Add, Decide, Log, Retype, Reviewed, review, to_new, to_none, to_unit
from whytwitch.recording import KINDS, ArraySignal, Channel, Potential, Recording, Twitches, Unit

DURATION_S = 120.0
N = 12
CHANNELS = (Channel("EMG 1"), Channel("EMG 2"))
ROWS = [(5.0 + 8.0 * i, i % 3, "fasciculation") for i in range(N)]
RATE_HZ = 100.0


def detection(rows: list[tuple[float, int, str]] = ROWS) -> Twitches:
    """Potentials of no unit and of two, each unit on a channel of its own."""
    return make_twitches(
        rows, duration_s=DURATION_S, confidence=[0.7] * len(rows), channels=CHANNELS,
        channel=[unit // 2 for _, unit, _ in rows], best_channel={1: 0, 2: 1},
    )  # fmt: skip


def recording(seed: int = 1) -> Recording:
    """A signal that belongs to it; what is in it does not matter here."""
    samples = np.random.default_rng(seed).normal(0.0, 10.0, (2, round(DURATION_S * RATE_HZ)))
    signal = ArraySignal(samples.astype(np.float32))
    return Recording("made.edf", "made", RATE_HZ, samples.shape[1], CHANNELS, signal)


def potential(onset_s: float, channel: int = 0) -> Potential:
    wave = np.ones((2, 5), np.float32) * np.float32(1.0 + onset_s % 1.0)
    size = 50.0 + round(onset_s, 3) + 1000.0 * channel
    return Potential(
        onset_s, channel, size, 9.0, 3, 2, 50.0, 0.4, wave, np.linspace(-2.0, 2.0, 5)
    )  # fmt: skip


class ByHand:
    """A close-up that measures something else at every place, the same each time."""

    def of(self, onset_s: float, unit: Unit) -> Potential | None:
        return potential(onset_s, unit.best_channel)

    def near(self, onset_s: float) -> Potential | None:
        return potential(round(onset_s + 0.004, 3), 1)

    def at(self, onset_s: float, channel: int) -> Potential | None:
        return potential(onset_s, channel)


CLOSE_UP: Any = ByHand()

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(1, N + 2), st.booleans()),
        st.tuples(st.just("move"), st.integers(1, N + 2), st.integers(0, 4)),
        st.tuples(st.just("kind"), st.integers(1, N + 2), st.sampled_from(KINDS)),
        st.tuples(st.just("add"), st.floats(0.0, DURATION_S - 1.0), st.none()),
        st.tuples(st.just("undo"), st.none(), st.none()),
        st.tuples(st.just("redo"), st.none(), st.none()),
    ),
    max_size=25,
)


def played(steps: list[tuple], twitches: Twitches) -> Log:
    """The log of some steps; those about a potential that is not there are left out."""
    log = Log()
    for name, what, how in steps:
        reviewed = review(twitches, log)
        if name in ("undo", "redo"):
            log = log.with_(name)
        elif name == "add":
            log = log.with_(Add(reviewed.next_number, "fasciculation", CLOSE_UP.near(what)))
        elif what in reviewed.number:
            log = log.with_(_change(name, what, how, reviewed))
    return log


def _change(name: str, number: int, how: Any, reviewed: Reviewed) -> Any:
    if name == "decide":
        return Decide(number, accepted=how)
    if name == "kind":
        return Retype(number, how)
    onset_s = float(reviewed.every.onset_s[reviewed.row(number)])
    if how == 0:
        return to_none(number, CLOSE_UP.near(onset_s))
    if how == 3:
        return to_new(number, reviewed.next_unit, CLOSE_UP.near(onset_s))
    unit = reviewed.units[-1] if how == 4 else reviewed.units[how - 1]
    return to_unit(number, unit, CLOSE_UP.of(onset_s, unit))


def shape(reviewed: Reviewed) -> tuple:
    """All that can be compared."""
    events = reviewed.twitches.events
    return (
        *(tuple(np.nan_to_num(v, nan=-9.0).tolist() if v.dtype.kind == "f" else v.tolist())
          for v in (getattr(events, name) for name in events.__dataclass_fields__)),
        tuple(reviewed.number.tolist()), tuple(reviewed.status.tolist()), tuple(reviewed.shown),
        tuple((unit.id, unit.n_events, unit.kind, unit.best_channel) for unit in reviewed.twitches.units),
        tuple(unit.template.tobytes() for unit in reviewed.units),
    )  # fmt: skip
