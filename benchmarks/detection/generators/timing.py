"""When units fire."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]


def _inside(t: Times, seconds: float, margin: float = 0.15) -> Times:
    return np.sort(t[(t > margin) & (t < seconds - margin)])


def spaced(t: Times, dead_s: float) -> Times:
    """Leave out what follows its predecessor too soon."""
    kept: list[float] = []
    for x in np.sort(t):
        if not kept or x - kept[-1] >= dead_s:
            kept.append(float(x))
    return np.array(kept)


def poisson(rng: np.random.Generator, per_min: float, seconds: float, dead_s: float = 0.06) -> Times:
    n = rng.poisson(per_min * seconds / 60)
    return spaced(_inside(rng.uniform(0, seconds, n), seconds), dead_s)


def renewal(
    rng: np.random.Generator, per_min: float, seconds: float, cv: float, dead_s: float = 0.06
) -> Times:
    """Lognormal intervals beyond a dead time; cv well above 1 gives long silences and flurries."""
    mean = max(1e-3, 60 / per_min - dead_s)
    sigma = np.sqrt(np.log1p(cv**2))
    n = int(3 * seconds / (mean + dead_s)) + 40
    steps = dead_s + rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, n)
    return _inside(np.cumsum(steps) - rng.uniform(0, steps[0]), seconds)


def clustered(
    rng: np.random.Generator, per_min: float, seconds: float, size: float = 4.0, within_s: float = 1.5
) -> Times:
    """Flurries: cluster centers are Poisson, their members exponential after them."""
    centers = rng.uniform(0, seconds, max(1, rng.poisson(per_min * seconds / 60 / size)))
    t = [c + np.cumsum(rng.exponential(within_s / 2, rng.poisson(size - 1) + 1)) - 0.0 for c in centers]
    return spaced(_inside(np.concatenate(t), seconds), 0.08)


def fading(rng: np.random.Generator, per_min: float, seconds: float, tau_s: float) -> Times:
    """A rate that decays, as after exercise; ``per_min`` is the mean."""
    scale = 1 - np.exp(-seconds / tau_s)
    n = rng.poisson(per_min * seconds / 60)
    return spaced(_inside(-tau_s * np.log1p(-rng.random(n) * scale), seconds), 0.06)


def drawn(rng: np.random.Generator, per_min: float, seconds: float) -> Times:
    """Any of the above."""
    which = rng.integers(4)
    if which == 0:
        return poisson(rng, per_min, seconds)
    if which == 1:
        return renewal(rng, per_min, seconds, rng.uniform(0.4, 1.8))
    if which == 2:
        return clustered(rng, per_min, seconds, rng.uniform(2, 6), rng.uniform(0.5, 3))
    return fading(rng, per_min, seconds, rng.uniform(0.3, 1.5) * seconds)


def with_doublets(
    rng: np.random.Generator, t: Times, share: float, *, f_wave: float = 0.4
) -> tuple[Times, NDArray[np.bool_]]:
    """Some discharges are followed by another: after 5 to 15 ms, or 28 to 40 ms (F-wave)."""
    twice = rng.random(len(t)) < share
    gap = np.where(
        rng.random(len(t)) < f_wave, rng.uniform(0.028, 0.040, len(t)), rng.uniform(0.005, 0.015, len(t))
    )
    times = np.r_[t, (t + gap)[twice]]
    second = np.r_[np.zeros(len(t), bool), np.ones(int(twice.sum()), bool)]
    order = np.argsort(times, kind="stable")
    return times[order], second[order]


def steady(rng: np.random.Generator, start: float, stop: float, hz: float, cv: float) -> Times:
    """Regular discharges of a recruited unit (also of fibrillations)."""
    n = int((stop - start) * hz * 1.6) + 8
    steps = np.clip(rng.normal(1 / hz, cv / hz, n), 0.3 / hz, None)
    t = start + rng.uniform(0, 1 / hz) + np.cumsum(steps) - steps[0]
    return t[t < stop]


def driven(rng: np.random.Generator, when: Times, level: Times, threshold: float, peak_hz: float) -> Times:
    """A unit of the pool: silent below its threshold, faster with more drive (6 Hz on)."""
    hz = np.where(level > threshold, 6.5 + (peak_hz - 6.5) * np.clip((level - threshold) / 0.6, 0, 1), 0.0)
    step = when[1] - when[0]
    phase = np.cumsum(hz) * step + rng.random()
    # Crossing whole numbers, each a little early or late.
    count = np.floor(phase)
    at = np.flatnonzero(np.diff(count) > 0)
    t = when[at + 1] + rng.normal(0, 0.14, len(at)) / np.maximum(hz[at + 1], 6.0)
    return spaced(t, 0.02)


def myokymia(
    rng: np.random.Generator, start: float, stop: float, every_s: float, count: tuple[int, int], hz: float
) -> Times:
    """Grouped discharges that come back half-regularly."""
    t, at = [], start + rng.uniform(0, every_s)
    while at < stop - 0.3:
        n = int(rng.integers(count[0], count[1] + 1))
        t.append(at + np.r_[0, np.cumsum(rng.normal(1 / hz, 0.12 / hz, n - 1))])
        at += max(0.25, rng.normal(every_s, 0.2 * every_s))
    return np.concatenate(t) if t else np.zeros(0)


def neuromyotonia(rng: np.random.Generator, start: float, seconds: float, hz: float) -> tuple[Times, Times]:
    """A burst at 150 to 300 Hz that slows a little and loses amplitude; returns times and gains."""
    n = int(seconds * hz)
    steps = (1 / hz) * (1 + 0.25 * np.linspace(0, 1, n)) * rng.normal(1, 0.015, n)
    t = start + np.cumsum(steps)
    return t, np.linspace(1.0, rng.uniform(0.25, 0.5), n)


def cramp(rng: np.random.Generator, start: float, seconds: float, hz: float) -> Times:
    """One unit of a cramp: joins late, fires irregularly at 20 to 80 Hz, stops in fits."""
    t, at = [], start + rng.uniform(0, 0.4) * seconds
    end = start + seconds * rng.uniform(0.75, 1.0)
    while at < end:
        grown = min(1.0, (at - start) / (0.4 * seconds) + 0.3)
        at += max(0.008, rng.normal(1, 0.25) / (hz * grown))
        if rng.random() < 0.03:
            at += rng.uniform(0.05, 0.3)
        t.append(at)
    return np.array(t)
