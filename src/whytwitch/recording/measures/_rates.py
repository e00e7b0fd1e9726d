"""Rates: over time, its trend, and coincidence between muscles."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._signature import Estimate
from whytwitch.recording._twitches import UNSORTED, Twitches
from whytwitch.recording.measures._clean import WINDOW_S, Clean, Floats, windows
from whytwitch.recording.measures._estimates import UNKNOWN, per_minute, share

MOST_STRETCHES: Final = 10
SHORTEST_STRETCH_S: Final = 30.0
"""A rate over less than half a minute says little (judgment)."""

TREND_FEWEST: Final = 10
TREND_SHORTEST_S: Final = 300.0
"""Potentials and clean seconds below which no trend is given (judgment)."""
STEEPEST: Final = 12.0
"""Largest change of the log rate over the recording that is looked for."""

CLUMPING_FEWEST: Final = 12
"""Windows below which nothing is said of clusters (judgment)."""

TOGETHER_S: Final = 0.015
SHIFTED: Final = 200_000
"""Potentials shifted in all to learn what chance gives: between 10 and 200 shifts of a recording."""
SEED: Final = 20160211


def rate_over_time(onset_s: Floats, clean: Clean, duration_s: float) -> tuple[Estimate, ...]:
    """Rate a minute of clean time in equal stretches of the recording."""
    count = int(np.clip(duration_s // SHORTEST_STRETCH_S, 1, MOST_STRETCHES))
    edges = np.linspace(0.0, duration_s, count + 1)
    seen = np.histogram(onset_s, edges)[0]
    watched = [clean.within(a, b) for a, b in pairwise(edges)]
    return tuple(per_minute(int(n), t) for n, t in zip(seen, watched, strict=True))


def trend_per_hour(onset_s: Floats, clean: Clean) -> Estimate:
    """Relative change of the rate in an hour: log-linear Poisson regression on clean time.

    The rate is exp(a + b t) while the recording is clean and not observed elsewhere. The maximum of
    the likelihood is where the mean time of the potentials equals that which b predicts. Potentials
    that come in bursts are not independent, so the interval is widened by their dispersion.
    """
    if len(onset_s) < TREND_FEWEST or clean.total_s < TREND_SHORTEST_S:
        return UNKNOWN
    begin, span = float(clean.start_s[0]), float(clean.stop_s[-1] - clean.start_s[0])
    at, weight = _grid((clean.start_s - begin) / span, (clean.stop_s - begin) / span)
    slope = _slope(float(((onset_s - begin) / span).mean()), at, weight)
    if slope is None:
        return UNKNOWN
    spread = _moments(slope, at, weight)[1]
    error = float(np.sqrt(_dispersion(onset_s, slope, clean) / (len(onset_s) * spread)))
    per_hour = 3600.0 / span
    low, high = (slope - 1.96 * error) * per_hour, (slope + 1.96 * error) * per_hour
    value, below, above = (float(np.expm1(np.clip(x, -50.0, 50.0))) for x in (slope * per_hour, low, high))
    return Estimate(value=value, low=below, high=above, n=len(onset_s))


def _slope(observed: float, at: Floats, weight: Floats) -> float | None:
    """The slope under which the mean time is as observed, by bisection; None beyond all slopes."""
    low, high = -STEEPEST, STEEPEST
    if not _moments(low, at, weight)[0] <= observed <= _moments(high, at, weight)[0]:
        return None
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        if _moments(middle, at, weight)[0] < observed:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _grid(start: Floats, stop: Floats) -> tuple[Floats, Floats]:
    """Midpoints and widths that tile the clean stretches finely."""
    pieces = [
        np.linspace(a, b, max(2, int(np.ceil(4000 * (b - a)))) + 1) for a, b in zip(start, stop, strict=True)
    ]
    at = np.concatenate([(edges[1:] + edges[:-1]) / 2 for edges in pieces])
    return at, np.concatenate([np.diff(edges) for edges in pieces])


def _moments(slope: float, at: Floats, weight: Floats) -> tuple[float, float]:
    """Mean and variance of the time of a potential under one slope."""
    mass = weight * np.exp(slope * (at - 0.5))
    mass /= mass.sum()
    mean = float(mass @ at)
    return mean, float(mass @ (at - mean) ** 2)


def _dispersion(onset_s: Floats, slope: float, clean: Clean) -> float:
    """Pearson's dispersion over twenty parts of equal clean time, never below 1."""
    parts = 20
    edges = np.linspace(0.0, clean.total_s, parts + 1)
    seen = np.histogram(clean.elapsed(onset_s), edges)[0]
    expected = np.exp(slope * ((edges[1:] + edges[:-1]) / 2 / clean.total_s - 0.5))
    expected *= len(onset_s) / expected.sum()
    return max(1.0, float(((seen - expected) ** 2 / expected).sum() / (parts - 2)))


def clumping(onset_s: Floats, clean: Clean) -> float | None:
    """Variance over mean of the count in whole windows of ten clean seconds."""
    start = windows(clean)
    if len(start) < CLUMPING_FEWEST or not len(onset_s):
        return None
    at = np.searchsorted(start, onset_s, side="right") - 1
    inside = (at >= 0) & (onset_s < start[np.maximum(at, 0)] + WINDOW_S)
    seen = np.bincount(at[inside], minlength=len(start))
    return float(seen.var(ddof=1) / seen.mean()) if seen.any() else None


def synchrony(twitches: Twitches, counted: NDArray[np.intp], clean: Clean) -> Estimate:
    """Share of potentials with one of another muscle within 15 ms, less the share by chance.

    Only sorted potentials count, since their unit says which muscle they are from. Chance is what is
    left when the potentials of each other muscle are shifted in a ring of clean time (fixed seed).
    """
    muscle = _muscle_of_unit(twitches)
    events = twitches.events
    rows = np.array([i for i in counted if int(events.unit[i]) in muscle], dtype=np.intp)
    if len(set(muscle.values())) < 2 or not len(rows):
        return UNKNOWN
    group = np.array([muscle[int(events.unit[i])] for i in rows])
    clock = clean.elapsed(events.onset_s[rows])
    hits = int(_coincident(clock, group).sum())
    chance = _by_chance(clock, group, clean.total_s)
    plain = share(hits, len(rows))
    if plain.value is None or plain.low is None or plain.high is None:
        return UNKNOWN
    return Estimate(value=plain.value - chance, low=plain.low - chance, high=plain.high - chance, n=len(rows))


def _muscle_of_unit(twitches: Twitches) -> dict[int, int]:
    """A number for the muscle (or, where unnamed, the array) on which each unit is largest."""
    channels = twitches.source.channels
    names = [channel.muscle or channel.group for channel in channels]
    order = {name: i for i, name in enumerate(sorted(set(names)))}
    known = {u.id: order[names[u.best_channel]] for u in twitches.units if 0 <= u.best_channel < len(names)}
    return {unit: place for unit, place in known.items() if unit != UNSORTED}


def _coincident(clock: Floats, group: NDArray[np.intp]) -> NDArray[np.bool_]:
    found = np.zeros(len(clock), dtype=bool)
    for one in np.unique(group):
        own, other = group == one, np.sort(clock[group != one])
        first = np.searchsorted(other, clock[own] - TOGETHER_S)
        found[own] = np.searchsorted(other, clock[own] + TOGETHER_S) > first
    return found


def _by_chance(clock: Floats, group: NDArray[np.intp], ring_s: float) -> float:
    random = np.random.default_rng(SEED)
    shares = []
    for _ in range(int(np.clip(SHIFTED // len(clock), 10, 200))):
        shift = random.uniform(0.0, ring_s, int(group.max()) + 1)
        shares.append(_coincident((clock + shift[group]) % ring_s, group).mean())
    return float(np.mean(shares))


__all__ = ["clumping", "rate_over_time", "synchrony", "trend_per_hour"]
