"""How units fire: intervals, doublets and the F-wave, bursts, trains, isolation."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._signature import Bursts, Doublets, Intervals, Isolation
from whytwitch.recording._twitches import Events
from whytwitch.recording.measures._clean import WINDOW_S, Clean, Firing, Floats, windows
from whytwitch.recording.measures._estimates import excess_probability, median, per_minute, share

EDGES_MS: Final = tuple(round(float(e), 3) for e in np.geomspace(1.0, 1e6, 25))
"""Edges of the histogram of intervals: four bins a decade, from 1 ms to about a quarter of an hour."""

FEWEST_INTERVALS: Final = 5
"""Intervals a unit needs for a coefficient of variation (judgment)."""

DOUBLET_S: Final = (0.002, 0.110)
"""From the refractory period to the longest pair searched for by Kleine 2012."""

RE_EXCITATION_S: Final = (0.002, 0.020)
F_WAVE_S: Final = (0.025, 0.045)
F_WINDOWS_S: Final = ((0.025, 0.035), (0.030, 0.040), (0.035, 0.045))
FLANKS_S: Final = ((0.020, 0.025), (0.045, 0.060))
F_LEVEL: Final = 0.01
"""Error allowed for calling a peak, over the three windows together."""
F_RATIO: Final = 2.0
"""How many times denser than its flanks a peak must be, beyond chance (judgment: a unit that fires fast
has more short intervals than long ones anyway)."""
F_FEWEST: Final = 5

ALIKE: Final = 0.8
"""Likeness to the template from which a potential has its unit's shape (judgment)."""
ALIKE_SIZE: Final = 0.6
"""Smaller over larger amplitude of a pair of one shape (judgment)."""

BURST_SIZE: Final = 3
TRAIN_GAP_S: Final = 0.25
"""A pause longer than this ends a train (the limit of continual firing in Sleutjes 2016)."""

ISOLATED_S: Final = 0.25
WINDOW_UNITS: Final = 2


def intervals(units: tuple[Firing, ...]) -> Intervals:
    """Times between fasciculations of one unit with nothing of it in between."""
    gaps = [_gaps(unit) for unit in units]
    pooled = np.concatenate([np.zeros(0), *gaps]) * 1000.0
    spreads = [float(g.std(ddof=1) / g.mean()) for g in gaps if len(g) >= FEWEST_INTERVALS]
    counts, _ = np.histogram(np.clip(pooled, EDGES_MS[0], EDGES_MS[-1]), EDGES_MS)
    return Intervals(
        median_ms=median(pooled),
        shortest_ms=float(pooled.min()) if len(pooled) else None,
        below_100_ms=share(int((pooled < 100.0).sum()), len(pooled)),
        variation=median(spreads),
        histogram_edges_ms=EDGES_MS,
        histogram=tuple(int(c) for c in counts),
    )


def _gaps(unit: Firing) -> Floats:
    both = unit.single[:-1] & unit.single[1:] & np.isfinite(unit.after_s[:-1])
    return unit.after_s[:-1][both]


# --- doublets -------------------------------------------------------------------------------------


def doublets(units: tuple[Firing, ...], events: Events) -> Doublets:
    """Second discharges soon after a first; pairs whose second could not have been seen do not count."""
    followed = first = 0
    alike: list[bool] = []
    for unit in units:
        is_first = unit.single & (unit.before_s > DOUBLET_S[1]) & _watched(unit, DOUBLET_S[1])
        hit = is_first & (unit.after_s <= DOUBLET_S[1])
        first, followed = first + int(is_first.sum()), followed + int(hit.sum())
        alike += _alike(unit, hit, events)
    gaps = np.concatenate([np.zeros(0), *(_gaps(unit) for unit in units)])
    return Doublets(
        share=share(followed, first),
        short=_between(gaps, RE_EXCITATION_S),
        f_wave=_between(gaps, F_WAVE_S),
        f_wave_peak_ms=f_wave_peak_ms(gaps),
        same_shape=share(sum(alike), len(alike)),
    )


def f_wave_peak_ms(gaps_s: Floats) -> float | None:
    """Where intervals of 25 to 45 ms pile up, None where they do not.

    Three windows of 10 ms are each compared with the flanks beside the range. Given how many intervals
    fall into a window and its flanks together, their split is binomial if nothing stands out; the
    exact tail, times three, must stay below 1 %.
    """
    flank = sum(_between(gaps_s, part) for part in FLANKS_S)
    width = sum(stop - start for start, stop in FLANKS_S)
    best: tuple[float, tuple[float, float]] | None = None
    for window in F_WINDOWS_S:
        count, span = _between(gaps_s, window), window[1] - window[0]
        chance = len(F_WINDOWS_S) * excess_probability(count, count + flank, span / (span + width))
        denser = count * width > F_RATIO * flank * span
        if count >= F_FEWEST and denser and chance < F_LEVEL and (best is None or chance < best[0]):
            best = chance, window
    if best is None:
        return None
    start, stop = best[1]
    return round(float(np.median(gaps_s[(gaps_s >= start) & (gaps_s < stop)])) * 1000.0, 1)


def _between(gaps_s: Floats, limits_s: tuple[float, float]) -> int:
    return int(((gaps_s >= limits_s[0]) & (gaps_s < limits_s[1])).sum())


def _alike(unit: Firing, hit: NDArray[np.bool_], events: Events) -> list[bool]:
    """Whether the two potentials of each pair have one shape and about one size."""
    at = np.flatnonzero(hit)
    one, two = unit.rows[at], unit.rows[at + 1]
    likeness = np.minimum(events.likeness[one], events.likeness[two])
    large = np.maximum(events.amplitude[one], events.amplitude[two])
    small = np.minimum(events.amplitude[one], events.amplitude[two])
    known = np.isfinite(likeness)
    return [bool(x) for x in ((likeness >= ALIKE) & (small >= ALIKE_SIZE * large))[known]]


def _watched(unit: Firing, seconds: float) -> NDArray[np.bool_]:
    """Discharges with so much clean time on either side that nothing near could have been missed.

    To count those at an edge that happen to have a near neighbor, and not those that have none yet, would
    make near neighbors seem commoner than they are.
    """
    return (unit.since_s > seconds) & (unit.until_s > seconds)


# --- bursts and trains ----------------------------------------------------------------------------


def bursts(units: tuple[Firing, ...], clean: Clean) -> Bursts:
    """Groups of three or more fasciculations of one unit, each within 110 ms of the last."""
    sizes: list[int] = []
    rates: list[float] = []
    for unit in units:
        for run in _runs(unit, unit.single, DOUBLET_S[1]):
            if len(run) >= BURST_SIZE:
                sizes.append(len(run))
                rates.append(float((len(run) - 1) / (unit.onset_s[run[-1]] - unit.onset_s[run[0]])))
    return Bursts(
        count=len(sizes),
        per_min=per_minute(len(sizes), clean.total_s),
        size=median(sizes),
        rate_within_hz=median(rates),
        trains=trains(units),
        train_rate_hz=median(_train_rates_hz(units)),
    )


def _train_rates_hz(units: tuple[Firing, ...]) -> list[float]:
    """Mean rate within each train of two discharges or more."""
    runs = ((unit, run) for unit in units for run in _runs(unit, unit.train, TRAIN_GAP_S))
    return [float((len(r) - 1) / (u.onset_s[r[-1]] - u.onset_s[r[0]])) for u, r in runs if len(r) > 1]


def trains(units: tuple[Firing, ...]) -> int:
    """Trains, each counted once: discharges of one unit that detection took for part of a train."""
    return sum(len(_runs(unit, unit.train, TRAIN_GAP_S)) for unit in units)


def _runs(unit: Firing, chosen: NDArray[np.bool_], longest_gap_s: float) -> list[NDArray[np.intp]]:
    """Indices of chosen neighbors that follow each other without a longer gap."""
    if not chosen.any():
        return []
    joined = chosen[1:] & chosen[:-1] & (unit.after_s[:-1] <= longest_gap_s)
    label = np.concatenate([[0], np.cumsum(~joined)])
    at = np.flatnonzero(chosen)
    return np.split(at, np.flatnonzero(np.diff(label[at])) + 1)


# --- isolation ------------------------------------------------------------------------------------


def is_isolated(unit: Firing) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which discharges are isolated, and of which it can be told.

    Sleutjes 2016, to the letter: isolated if the intervals before and after both exceed 250 ms. It can
    be told where both 250 ms were watched.
    """
    told = (unit.single | unit.train) & _watched(unit, ISOLATED_S)
    return told & (unit.before_s > ISOLATED_S) & (unit.after_s > ISOLATED_S), told


def is_continual(unit: Firing) -> NDArray[np.bool_]:
    """Which discharges have both intervals of 250 ms or less."""
    _, told = is_isolated(unit)
    return told & (unit.before_s <= ISOLATED_S) & (unit.after_s <= ISOLATED_S)


def isolation(units: tuple[Firing, ...], clean: Clean) -> Isolation:
    """Share of isolated discharges, and of 10-s windows with two or more units that have some."""
    isolated = told = continual = 0
    start = windows(clean)
    busy = np.zeros(len(start), dtype=np.intp)
    for unit in units:
        yes, known = is_isolated(unit)
        isolated, told = isolated + int(yes.sum()), told + int(known.sum())
        continual += int(is_continual(unit).sum())
        if len(start):
            at = np.searchsorted(start, unit.onset_s[yes], side="right") - 1
            inside = (at >= 0) & (unit.onset_s[yes] < start[np.maximum(at, 0)] + WINDOW_S)
            busy[np.unique(at[inside])] += 1
    return Isolation(
        share=share(isolated, told),
        windows=share(int((busy >= WINDOW_UNITS).sum()), len(start)),
        continual=share(continual, told),
    )
