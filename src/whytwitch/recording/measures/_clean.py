"""The clean time of a recording, and the discharges that fell into it.

Nothing is ever counted across a gap: an interval that would cross voluntary activity or a bad stretch
was not observed whole (it is right-censored) and is dropped, and every rate is over clean time alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._twitches import EPOCH_S, UNSORTED, Events, Twitches

Floats = NDArray[np.float64]

SAME_DISCHARGE_S: Final = 0.002
"""Two marks of one unit nearer than this are one discharge marked twice: no axon recovers so fast."""


WINDOW_S: Final = 10.0
"""Length of the windows of Sleutjes 2016."""


@dataclass(frozen=True)
class Clean:
    """Stretches without a gap.

    Attributes:
        start_s, stop_s: of each stretch, in order, (n_stretches,).
    """

    start_s: Floats
    stop_s: Floats

    @property
    def total_s(self) -> float:
        """Seconds of clean time."""
        return float((self.stop_s - self.start_s).sum())

    def stretch_of(self, onset_s: Floats) -> NDArray[np.intp]:
        """Which stretch each time falls into, -1 for none."""
        if not len(self.start_s):
            return np.full(len(onset_s), -1, dtype=np.intp)
        at = np.searchsorted(self.start_s, onset_s, side="right") - 1
        inside = (at >= 0) & (onset_s < self.stop_s[np.maximum(at, 0)])
        return np.where(inside, at, -1)

    def within(self, start_s: float, stop_s: float) -> float:
        """Seconds of clean time between two times."""
        overlap = np.minimum(self.stop_s, stop_s) - np.maximum(self.start_s, start_s)
        return float(np.maximum(overlap, 0.0).sum())

    def elapsed(self, onset_s: Floats) -> Floats:
        """Clean time that has passed at each time: the clock that stops in every gap."""
        before = np.concatenate([[0.0], np.cumsum(self.stop_s - self.start_s)])
        at = np.maximum(np.searchsorted(self.start_s, onset_s, side="right") - 1, 0)
        return before[at] + np.clip(onset_s - self.start_s[at], 0.0, self.stop_s[at] - self.start_s[at])


@dataclass(frozen=True)
class Firing:
    """The discharges of one motor unit in clean time, in order; arrays are (n,).

    Attributes:
        single: whether it is a fasciculation (and not of a train or voluntary).
        before_s, after_s: to the last and to the next discharge in the same stretch, inf without one.
        since_s, until_s: from the beginning and to the end of the stretch: how long it was watched.
    """

    unit: int
    onset_s: Floats
    rows: NDArray[np.intp]
    single: NDArray[np.bool_]
    train: NDArray[np.bool_]
    stretch: NDArray[np.intp]
    before_s: Floats
    after_s: Floats
    since_s: Floats
    until_s: Floats


def clean_time(twitches: Twitches) -> Clean:
    """Epochs in which a fasciculation would have been seen, less voluntary activity."""
    clean = np.asarray(twitches.quality.clean, dtype=bool)
    flips = np.flatnonzero(np.diff(np.concatenate([[False], clean, [False]]).astype(np.int8)))
    pieces = [(a * EPOCH_S, b * EPOCH_S) for a, b in zip(flips[::2], flips[1::2], strict=True)]
    busy = np.asarray(twitches.voluntary_s, dtype=np.float64).reshape(-1, 2)
    for start, stop in busy[np.argsort(busy[:, 0])]:
        parts = [part for a, b in pieces for part in ((a, min(b, start)), (max(a, stop), b))]
        pieces = [(a, b) for a, b in parts if b > a]
    end = twitches.source.duration_s
    kept = np.array([(a, min(b, end)) for a, b in pieces if min(b, end) > a]).reshape(-1, 2)
    return Clean(kept[:, 0].copy(), kept[:, 1].copy())


def windows(clean: Clean) -> Floats:
    """Beginnings of the whole 10-s windows that each clean stretch holds, end to end."""
    count = np.floor((clean.stop_s - clean.start_s) / WINDOW_S + 1e-9).astype(int)
    tiles = [a + WINDOW_S * np.arange(n) for a, n in zip(clean.start_s, count, strict=True)]
    return np.concatenate([np.zeros(0), *tiles])


def seconds_covered(stretches_s: NDArray[np.float64]) -> float:
    """Length of the union of stretches, (n, 2)."""
    total, reached = 0.0, -np.inf
    for start, stop in sorted(map(tuple, np.asarray(stretches_s, dtype=np.float64).reshape(-1, 2))):
        total += max(stop - max(start, reached), 0.0)
        reached = max(reached, stop)
    return float(total)


def firings(events: Events, clean: Clean) -> tuple[Firing, ...]:
    """The discharges of every sorted unit, fibrillations (single fibers) left out."""
    stretch = clean.stretch_of(events.onset_s)
    eligible = (stretch >= 0) & (events.unit != UNSORTED) & (events.kind != "fibrillation")
    ids = np.unique(events.unit[eligible])
    return tuple(_firing(int(unit), events, eligible, stretch, clean) for unit in ids)


def _firing(
    unit: int, events: Events, eligible: NDArray[np.bool_], stretch: NDArray[np.intp], clean: Clean
) -> Firing:
    rows = np.flatnonzero(eligible & (events.unit == unit))
    rows = rows[np.argsort(events.onset_s[rows], kind="stable")]
    onset = events.onset_s[rows]
    apart = np.diff(onset, prepend=-np.inf) >= SAME_DISCHARGE_S
    rows, onset = rows[apart], onset[apart]
    place = stretch[rows]
    gap = np.where(np.diff(place) == 0, np.diff(onset), np.inf)
    return Firing(
        unit=unit,
        onset_s=onset,
        rows=rows,
        single=events.kind[rows] == "fasciculation",
        train=events.kind[rows] == "train",
        stretch=place,
        before_s=np.concatenate([[np.inf], gap]),
        after_s=np.concatenate([gap, [np.inf]]),
        since_s=onset - clean.start_s[place],
        until_s=clean.stop_s[place] - onset,
    )


__all__ = ["WINDOW_S", "Clean", "Firing", "Floats", "clean_time", "firings", "seconds_covered", "windows"]
