"""What kind of discharge each potential is: voluntary, train, fibrillation, or fasciculation.

A fasciculation is a discharge on its own: silence, one potential (or a doublet), silence. What is not
is told by rhythm. Voluntary units fire on and on at 4 to 30 a second, mostly several at a time, until
the signal is full. Myokymic and neuromyotonic discharges are groups of one unit, fast or recurring.
Fibrillations are short potentials of a needle recording that tick like a clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from whytwitch.recording._candidates import ACTIVE, TICK_S
from whytwitch.recording._scan import Ticks

DENSITY_S: Final = 0.6
FULL: Final = 0.65
"""Share of active ticks in ``DENSITY_S`` from which the signal is a contraction, not a potential."""

EDGE: Final = 0.3
"""Share down to which its edges reach."""

UNRESOLVED_S: Final = 3.0
UNRESOLVED_HZ: Final = 1.6
"""High peaks a second that belong to no unit from which there is a contraction (made-up rest, even with
five fasciculations a second, has fewer than 0.4; made-up weak contractions have 2 to 8)."""

UNRESOLVED_EDGE_S: Final = 1.0

BESIDE_S: Final = 0.3
"""Peaks so near a contraction that is plain already say nothing of another one."""

BRIEF_S: Final = 0.20
BRIEF_RISE: Final = 4.0
BRIEF_FULL: Final = 0.93
BRIEF_EDGE: Final = 0.4
"""The same for short bursts, which are strong: no potential, and no doublet, keeps the signal up so long."""

MOVES: Final = 0.8
"""Movement around, relative to the potential, from which activity is taken for an artifact."""

TONIC_S: Final = (0.030, 0.250)
"""Intervals of a unit that fires on and on."""

TONIC_LEAST: Final = 5
TONIC_CV: Final = 0.45
"""Largest variation of such intervals in a short run; in a long one the run itself is the proof."""

TONIC_LONG: Final = 12

GROUP_S: Final = 0.060
"""Intervals within a group of one unit that fires in trains."""

GROUPS: Final = 3
"""Groups of three or more from which a unit is taken to fire in trains."""

LONG_GROUP: Final = 6

MOSTLY: Final = 0.5
"""Share of a unit's discharges in trains from which all of them are."""

VOLLEY_S: Final = 0.060
VOLLEY_LEAST: Final = 7
FAST_S: Final = 0.020
"""Discharges of any units with no longer gap than ``VOLLEY_S``; faster ones are a train, not an effort."""

SEVERAL: Final = 3
"""Voluntary discharges in a stretch from which a unit counts as driven in it."""

GUARD_S: Final = 0.15
"""How near a contraction a discharge is taken to belong to it."""

FIBRILLATION_MS: Final = 6.0
FIBRILLATION_CHANGE: Final = 0.13
FIBRILLATION_CHANGE_LONG: Final = 0.085
"""Change from one interval to the next, as a share, of fibrillations; of longer potentials (positive sharp
waves) only what no voluntary unit achieves."""

FIBRILLATION_LEAST: Final = 8


@dataclass(frozen=True)
class Activity:
    """Where the signal is a contraction or moves, tick by tick, (n_ticks,)."""

    full: NDArray[np.bool_]
    moving: NDArray[np.bool_]

    def at(self, time_s: NDArray[np.float64], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether a tick array is set at given times."""
        place = np.clip((np.asarray(time_s) / TICK_S).astype(int), 0, len(which) - 1)
        return which[place]

    def rest(self, rate_hz: float) -> Callable[[NDArray[np.int64]], NDArray[np.bool_]]:
        """Whether the signal is at rest at given samples."""
        busy = self.full | self.moving
        return lambda time: ~self.at(time / rate_hz, busy)


def activity(ticks: Ticks, least: float = ACTIVE) -> Activity:
    """Find contractions and movement from energy alone, before anything is sorted.

    Args:
        ticks: of the whole recording.
        least: height from which a tick is active.
    """
    moving = ticks.slow > MOVES * np.maximum(ticks.fast, 1e-9)
    busy = (ticks.height > least) & ~moving
    length = round(DENSITY_S / TICK_S)
    density = uniform_filter1d(busy.astype(np.float32), length, mode="nearest")
    strong = busy & (ticks.height > BRIEF_RISE * least)
    brief = uniform_filter1d(strong.astype(np.float32), round(BRIEF_S / TICK_S), mode="nearest")
    full = hysteresis(density, FULL, EDGE) | hysteresis(brief, BRIEF_FULL, BRIEF_EDGE)
    return Activity(full, moving & (ticks.height > least))


def with_unresolved(active: Activity, peaks_s: NDArray[np.float64]) -> Activity:
    """Activity with those stretches added where peaks crowd that belong to no unit.

    At rest, even a busy one, almost all that stands out belongs to a unit that repeats. In a weak
    contraction potentials overlap, and most of what stands out is like nothing else.

    Args:
        active: from :func:`activity`.
        peaks_s: times of peaks that no unit explains.
    """
    count = np.zeros(len(active.full), np.float32)
    place = np.clip((peaks_s / TICK_S).astype(int), 0, len(count) - 1)
    beside = np.asarray(maximum_filter1d(active.full, 2 * round(BESIDE_S / TICK_S) + 1), dtype=bool)
    np.add.at(count, place[~active.moving[place] & ~beside[place]], 1.0)
    rate = uniform_filter1d(count, round(UNRESOLVED_S / TICK_S), mode="constant") / TICK_S
    crowded = hysteresis(rate, UNRESOLVED_HZ, UNRESOLVED_HZ / 2.0)
    # The rate is that of a window, so a contraction reaches beyond it, and weak spots within belong to it.
    crowded = np.asarray(maximum_filter1d(crowded, round(2.0 * UNRESOLVED_EDGE_S / TICK_S) + 1), dtype=bool)
    return Activity(active.full | crowded, active.moving)


def hysteresis(level: NDArray[np.floating], high: float, low: float) -> NDArray[np.bool_]:
    """Stretches above ``low`` that somewhere reach ``high``."""
    above = level > low
    edges = np.flatnonzero(np.diff(np.concatenate(([0], above.view(np.int8), [0]))))
    kept = np.zeros(len(level), bool)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if level[begin:end].max() > high:
            kept[begin:end] = True
    return kept


def classify(
    time_s: NDArray[np.float64],
    unit: NDArray[np.intp],
    durations_ms: NDArray[np.float64],
    full: Activity,
    even_s: NDArray[np.float64],
    *,
    needle: bool,
) -> NDArray[np.str_]:
    """The kind of each discharge, (n,).

    Args:
        time_s: of all discharges, in order.
        unit: index of the unit of each; -1 where there is none.
        durations_ms: of each unit's potential, (n_units,).
        full: contractions and movement.
        even_s: stretches that one unit fills by firing fast and evenly, (n, 2).
        needle: whether fibrillations can be seen.
    """
    kind = np.full(len(time_s), "fasciculation", dtype="<U13")
    busy = full.at(time_s, full.full)
    kind[busy] = np.where(within(time_s[busy], even_s), "train", "voluntary")
    tonic: list[tuple[float, float]] = []
    for number, duration in enumerate(durations_ms):
        mine = np.flatnonzero(unit == number)
        if needle and _ticks_like_a_clock(time_s[mine], short=duration <= FIBRILLATION_MS):
            kind[mine] = "fibrillation"
            continue
        # Whether a unit fires in trains or is driven is asked of its discharges outside contractions.
        mine = mine[~busy[mine]]
        for run in _trains(time_s[mine]):
            if _is_alone(mine[run], time_s):
                kind[mine[run]] = "train"
        for run in _runs(time_s[mine], TONIC_S[1]):
            if _is_tonic(np.diff(time_s[mine[run]])) and not (kind[mine[run]] == "train").any():
                kind[mine[run]] = "voluntary"
                tonic.append((float(time_s[mine[run]][0]), float(time_s[mine[run]][-1])))
        if len(mine) and (kind[mine] == "train").mean() >= MOSTLY:
            kind[mine] = "train"
    _spread(kind, time_s, tonic)
    _mark_volleys(kind, time_s)
    _guard(kind, time_s, full)
    return kind


def _guard(kind: NDArray[np.str_], time_s: NDArray[np.float64], full: Activity) -> None:
    """The first and last discharges of a contraction stand somewhat apart from it."""
    reach = round(GUARD_S / TICK_S)
    wide = np.asarray(maximum_filter1d(full.full, 2 * reach + 1), dtype=bool)
    near = full.at(time_s, wide)
    kind[near & (kind == "fasciculation")] = "voluntary"


def _mark_volleys(kind: NDArray[np.str_], time_s: NDArray[np.float64]) -> None:
    """Many discharges in quick succession are no fasciculations, whichever units they were given to."""
    for run in _runs(time_s, VOLLEY_S):
        inside = np.arange(run.start, run.stop)
        inside = inside[(kind[inside] == "fasciculation") | (kind[inside] == "train")]
        if len(inside) >= VOLLEY_LEAST and (kind[inside] == "fasciculation").any():
            fast = float(np.median(np.diff(time_s[inside]))) < FAST_S
            kind[inside] = "train" if fast or (kind[inside] == "train").any() else "voluntary"


def within(time_s: NDArray[np.float64], stretches: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether times lie in any of the stretches, (n, 2) in order."""
    if not len(stretches):
        return np.zeros(len(time_s), bool)
    place = np.searchsorted(stretches[:, 0], time_s, side="right") - 1
    return (place >= 0) & (time_s <= stretches[np.maximum(place, 0), 1])


def stretches_of(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Begin and end in seconds of what is set, tick by tick, (n, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.view(np.int8), [0]))))
    return (edges.reshape(-1, 2) * TICK_S).astype(np.float64)


def _runs(time_s: NDArray[np.float64], longest_s: float) -> list[slice]:
    """Stretches of discharges with no longer interval than ``longest_s`` between them."""
    cuts = np.flatnonzero(np.diff(time_s) > longest_s) + 1
    edges = [0, *cuts.tolist(), len(time_s)]
    return [slice(a, b) for a, b in pairwise(edges) if b > a]


def _is_tonic(intervals: NDArray[np.float64]) -> bool:
    """Whether intervals are those of a unit that is being driven."""
    steady = intervals[intervals >= TONIC_S[0]]
    if len(intervals) + 1 < TONIC_LEAST or len(steady) < 0.7 * len(intervals):
        return False
    return len(steady) + 1 >= TONIC_LONG or float(steady.std() / steady.mean()) <= TONIC_CV


def _trains(time_s: NDArray[np.float64]) -> list[slice]:
    """Groups of one unit that are fast and long, or recur."""
    groups = [g for g in _runs(time_s, GROUP_S) if g.stop - g.start >= 3]
    long = [g for g in groups if g.stop - g.start >= LONG_GROUP]
    return groups if len(groups) >= GROUPS else long


def _is_alone(inside: NDArray[np.intp], time_s: NDArray[np.float64]) -> bool:
    """Whether a unit has the time of its group mostly to itself."""
    begin, end = time_s[inside[0]], time_s[inside[-1]]
    among = (time_s >= begin) & (time_s <= end)
    return len(inside) >= 0.7 * among.sum()


def _ticks_like_a_clock(time_s: NDArray[np.float64], *, short: bool) -> bool:
    """Whether most intervals differ little from the next, as in fibrillations and positive sharp waves."""
    intervals = np.diff(time_s)
    intervals = intervals[intervals < 2.5]
    if len(intervals) + 1 < (FIBRILLATION_LEAST if short else 2 * FIBRILLATION_LEAST):
        return False
    change = np.abs(np.diff(intervals)) / np.maximum(intervals[:-1], 1e-3)
    return float(np.median(change)) <= (FIBRILLATION_CHANGE if short else FIBRILLATION_CHANGE_LONG)


def _spread(kind: NDArray[np.str_], time_s: NDArray[np.float64], tonic: list[tuple[float, float]]) -> None:
    """Where two units or more are driven at once, all that fires there is voluntary."""
    if len(tonic) < 2:
        return
    marks = np.zeros(len(time_s), int)
    for begin, end in tonic:
        marks[(time_s >= begin) & (time_s <= end)] += 1
    kind[(marks >= 2) & (kind == "fasciculation")] = "voluntary"


def settle(
    kind: NDArray[np.str_],
    time_s: NDArray[np.float64],
    unit: NDArray[np.intp],
    stretches_s: NDArray[np.float64],
) -> None:
    """Where several units are driven, all that fires is taken as voluntary; so is what is like no other in
    any effort. In the steady firing of one unit, others may still fasciculate.

    Args:
        kind: changed in place, (n,).
        time_s: of all discharges, in order.
        unit: of each, -1 where there is none.
        stretches_s: of voluntary activity, (n, 2).
    """
    for begin, end in stretches_s:
        inside = np.arange(*np.searchsorted(time_s, (begin, end + 1e-9)))
        driven = inside[kind[inside] == "voluntary"]
        several = (np.bincount(unit[driven][unit[driven] >= 0]) >= SEVERAL).sum() >= 2
        open_ones = inside[kind[inside] == "fasciculation"]
        if several and len(driven) >= 0.6 * len(inside):
            kind[open_ones] = "voluntary"
        kind[open_ones[unit[open_ones] < 0]] = "voluntary"


def voluntary_stretches(
    time_s: NDArray[np.float64], kind: NDArray[np.str_], full: Activity, even_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Begin and end of voluntary activity in seconds, (n, 2)."""
    n = len(full.full)
    mask = full.full.copy()
    for begin, end in even_s:
        mask[int(begin / TICK_S) : int(end / TICK_S) + 1] = False
    times = time_s[kind == "voluntary"]
    for run in _runs(times, TONIC_S[1]):
        if run.stop - run.start >= 2:
            begin, end = times[run.start], times[run.stop - 1]
            mask[int(begin / TICK_S) : min(n, int(end / TICK_S) + 1)] = True
    return stretches_of(mask)


__all__ = [
    "Activity",
    "activity",
    "classify",
    "hysteresis",
    "settle",
    "stretches_of",
    "voluntary_stretches",
    "with_unresolved",
    "within",
]
