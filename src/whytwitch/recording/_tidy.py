"""Put sorted units in order: take apart what is two units, drop what is the echo of another."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from whytwitch.recording._fourier import backward, forward
from whytwitch.recording._match import Matches, Templates
from whytwitch.recording._model import Samples

APART: Final = 5.0
"""Distance of two groups of potentials, in standard deviations within them, from which they are two units
(Ashman's D; the halves of one normal distribution are 2.65 apart)."""

TIGHT: Final = 0.2
"""Scatter within a group that is allowed, as a share of the squared distance of the two."""

MANY: Final = 8
APART_OF_MANY: Final = 4.0
"""The distance that suffices where each group has ``MANY`` members or more."""

LEAST: Final = 3
"""Members that a group needs."""

TWICE_S: Final = 0.010
TWICE_ALIKE: Final = 0.25
"""Correlation of a template with itself ``TWICE_S`` or more later (two equal discharges: 0.5)."""

QUIET_BETWEEN: Final = 0.1
"""Energy between two discharges relative to the lesser of them."""

ECHO_S: Final = 0.040
ECHO_SHARE: Final = 0.7
ECHO_SIZE: Final = 0.5
ECHO_SMALL: Final = 0.35
STEADY_S: Final = 0.002
"""A unit is an echo when so many of its discharges come within ``ECHO_S`` of another's: at a steady delay
(within ``STEADY_S``) where the other is at least half as large, at any delay where it itself is small."""


def split_in_two(windows: Samples) -> NDArray[np.bool_] | None:
    """Part potentials of one class, if they are of two units.

    Args:
        windows: (n_potentials, n_components, n_times).

    Returns:
        Which belong to the second, (n_potentials,); None where they are all of one.
    """
    n = len(windows)
    if n < 2 * LEAST:
        return None
    flat = windows.reshape(n, -1)
    flat = flat - flat.mean(axis=0)
    values, vectors = np.linalg.eigh(flat @ flat.T)
    best: tuple[float, NDArray[np.bool_]] | None = None
    for which in (-1, -2):
        along = vectors[:, which] * np.sqrt(max(float(values[which]), 0.0))
        cut = _best_cut(along)
        if cut is not None and (best is None or cut[0] > best[0]):
            best = cut
    if best is None:
        return None
    if not _is_tight(flat, best[1]):
        return None
    many = min(best[1].sum(), n - best[1].sum()) >= MANY
    return best[1] if best[0] >= (APART_OF_MANY if many else APART) else None


def _is_tight(flat: Samples, second: NDArray[np.bool_]) -> bool:
    """Whether the smaller group is of one shape, rather than potentials spoiled by something else."""
    few, rest = (second, ~second) if second.sum() <= len(second) / 2 else (~second, second)
    apart = float(((flat[few].mean(axis=0) - flat[rest].mean(axis=0)) ** 2).sum())
    usual = float(((flat[rest] - flat[rest].mean(axis=0)) ** 2).sum(axis=1).mean())
    scatter = float(((flat[few] - flat[few].mean(axis=0)) ** 2).sum(axis=1).mean())
    return scatter <= 1.5 * usual + TIGHT * apart


def _best_cut(along: NDArray[np.floating]) -> tuple[float, NDArray[np.bool_]] | None:
    """The cut that parts a line of points into the tightest two groups, and how far apart they are."""
    order = np.argsort(along)
    line = along[order].astype(float)
    n = len(line)
    sums, squares = np.cumsum(line), np.cumsum(line**2)
    left = np.arange(LEAST, n - LEAST + 1)
    if not len(left):
        return None
    within = (squares[left - 1] - sums[left - 1] ** 2 / left) + (
        squares[-1] - squares[left - 1] - (sums[-1] - sums[left - 1]) ** 2 / (n - left)
    )
    cut = int(left[within.argmin()])
    low, high = line[:cut], line[cut:]
    # With few members a spread is easily underrated; each is taken with the other's as a prior.
    spread = np.sqrt((low.var() * len(low) + high.var() * len(high)) / max(n - 2, 1))
    upper = np.zeros(n, bool)
    upper[order[cut:]] = True
    return float((high.mean() - low.mean()) / max(spread, 1e-9)), upper


def single_discharge(shape: Samples, rate_hz: float) -> Samples:
    """A template with a second discharge of the same unit cut off, where the window holds two.

    A unit that fires steadily shows its next discharge in the window of the last. Two such are alike,
    and quiet lies between them; the phases of one potential are neither.

    Args:
        shape: (n_components, n_times).
        rate_hz: of the columns.
    """
    n = shape.shape[1]
    first = round(TWICE_S * rate_hz)
    if n <= first + 2:
        return shape
    spectrum = (np.abs(forward(shape, 2 * n)) ** 2).sum(axis=0)
    own = backward(spectrum, 2 * n)[:n]
    lag = first + int(own[first:].argmax())
    if own[lag] < TWICE_ALIKE * own[0]:
        return shape
    envelope = uniform_filter1d((shape**2).sum(axis=0), max(3, round(0.004 * rate_hz)))
    peak = int(envelope.argmax())
    other = peak + lag if peak + lag < n else peak - lag
    if not 0 <= other < n:
        return shape
    low, high = min(peak, other), max(peak, other)
    valley = low + int(envelope[low : high + 1].argmin())
    if envelope[valley] > QUIET_BETWEEN * envelope[other]:
        return shape
    cut = shape.copy()
    if other > peak:
        cut[:, valley:] = 0.0
    else:
        cut[:, :valley] = 0.0
    return cut


def echoes(templates: Templates, matches: Matches, rate_hz: float) -> NDArray[np.bool_]:
    """Units that are only what the template of another one missed, (n_units,).

    Two motor units do not fire together again and again; a potential and its own remainder do.
    """
    contrast = templates.contrast
    time = matches.time / rate_hz
    count = np.bincount(matches.unit, minlength=len(templates))
    rank = np.argsort(np.argsort(-(contrast * np.sqrt(count)), kind="stable"), kind="stable")
    found = np.zeros(len(templates), bool)
    for unit in np.argsort(-rank):
        mine = time[matches.unit == unit]
        ahead = (rank < rank[unit]) & ~found
        for other in np.flatnonzero(ahead & (contrast > ECHO_SIZE * contrast[unit])):
            theirs = time[matches.unit == other]
            if len(mine) and len(theirs) and _follows(mine, theirs):
                found[unit] = True
                break
        larger = np.sort(time[(contrast > contrast[unit] / ECHO_SMALL)[matches.unit]])
        found[unit] |= len(mine) > 0 and len(larger) > 0 and _near(mine, larger)
    return found


def _follows(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> bool:
    """Whether most of ``mine`` come at one delay from ``theirs``."""
    place = np.clip(np.searchsorted(theirs, mine), 0, len(theirs) - 1)
    before = np.clip(place - 1, 0, len(theirs) - 1)
    delay = np.where(
        np.abs(theirs[place] - mine) < np.abs(theirs[before] - mine),
        mine - theirs[place],
        mine - theirs[before],
    )
    close = delay[np.abs(delay) <= ECHO_S]
    if len(close) < max(2.0, ECHO_SHARE * len(mine)):
        return False
    return bool((np.abs(close - np.median(close)) <= STEADY_S).mean() >= ECHO_SHARE)


def _near(mine: NDArray[np.float64], larger: NDArray[np.float64]) -> bool:
    """Whether most of ``mine`` are beside much larger ones, more than chance would have it."""
    near = np.searchsorted(larger, mine + ECHO_S) - np.searchsorted(larger, mine - ECHO_S) > 0
    span = max(float(max(mine[-1], larger[-1]) - min(mine[0], larger[0])), 1e-9)
    by_chance = 2 * ECHO_S * len(larger) / span
    return by_chance < 0.3 and near.mean() >= ECHO_SHARE


__all__ = ["echoes", "single_discharge", "split_in_two"]
