"""Samples that are not signal: missing, stuck at the recorder's limit, or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, Samples

STUCK_S: Final = 0.010
"""A signal that does not move for so long is not being measured."""

CHANCE: Final = 1e-9
"""Chance, a sample, of taking a quiet coarse recorder for a stuck one."""

AROUND_S: Final = 0.030
"""How long before and after a fault the filters still feel it."""


@dataclass(frozen=True)
class Rails:
    """The values at which each channel is cut off, (n_channels,); infinite where none was seen."""

    low: Samples
    high: Samples
    stuck: NDArray[np.intp]
    """Equal samples in a row from which the signal counts as lost, (n_channels,)."""


def find_rails(windows: list[Samples], channels: tuple[Channel, ...], sampling_rate_hz: float) -> Rails:
    """Learn from stretches of raw signal where each channel is cut off and how long it may stand still.

    A coarse recorder at rest repeats values all the time, so what counts as stuck depends on how often
    neighbors are equal: by chance, such a run must be rarer than one in a long recording.
    """
    n = len(channels)
    low, high = np.full(n, -np.inf, np.float32), np.full(n, np.inf, np.float32)
    equal = np.zeros((len(windows), n))
    for row, channel in enumerate(channels):
        if channel.low is not None and channel.high is not None and channel.high > channel.low:
            low[row], high[row] = channel.low, channel.high
        top = max(float(np.nanmax(w[row], initial=-np.inf)) for w in windows)
        bottom = min(float(np.nanmin(w[row], initial=np.inf)) for w in windows)
        if top > bottom and _plateaus(windows, row, top):
            high[row] = min(high[row], top)
        if top > bottom and _plateaus(windows, row, bottom):
            low[row] = max(low[row], bottom)
    for place, window in enumerate(windows):
        equal[place] = (window[:, 1:] == window[:, :-1]).mean(axis=1)
    share = np.clip(np.median(equal, axis=0), 1e-6, 0.98)
    shortest = np.maximum(STUCK_S * sampling_rate_hz, np.log(CHANCE) / np.log(share))
    return Rails(low, high, np.ceil(np.maximum(shortest, 4)).astype(np.intp))


def _plateaus(windows: list[Samples], row: int, value: float) -> bool:
    """Whether an extreme value is held (for five samples, or thrice for three): the recorder's limit."""
    runs: list[int] = []
    for window in windows:
        at = window[row] == value
        if at.any():
            edges = np.flatnonzero(np.diff(np.concatenate(([0], at.view(np.int8), [0]))))
            runs += [int(end - begin) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs, default=0) >= 5 or sum(run >= 3 for run in runs) >= 3


def find_faults(raw: Samples, rails: Rails) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where samples are at the rails, and where they are missing or stand still.

    Returns:
        saturated and dropped, each (n_channels, n).
    """
    missing = ~np.isfinite(raw)
    with np.errstate(invalid="ignore"):
        saturated = (raw <= rails.low[:, None]) | (raw >= rails.high[:, None])
    # One sample at the limit may be a peak; two in a row are a plateau.
    pair = saturated[:, 1:] & saturated[:, :-1]
    saturated = np.zeros_like(saturated)
    saturated[:, 1:] |= pair
    saturated[:, :-1] |= pair
    return saturated, missing | (_still(raw, rails.stuck) & ~saturated)


def _still(raw: Samples, shortest: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Runs of at least ``shortest`` equal samples."""
    still = np.zeros(raw.shape, bool)
    stride = max(1, int(shortest.min()) // 2 - 1)
    # Cheap test first: most channels of most blocks never stand still so long.
    probe = raw[:, 1::stride] == raw[:, :-1:stride]
    for row in np.flatnonzero(probe.any(axis=1)):
        same = raw[row, 1:] == raw[row, :-1]
        edges = np.flatnonzero(np.diff(np.concatenate(([0], same.view(np.int8), [0]))))
        begins, ends = edges[::2], edges[1::2]
        long = ends - begins + 1 >= shortest[row]
        for begin, end in zip(begins[long], ends[long], strict=True):
            still[row, begin : end + 1] = True
    return still


def mend(raw: Samples, bad: NDArray[np.bool_]) -> Samples:
    """The signal with bad samples replaced by a straight line between their neighbors."""
    if not bad.any():
        return raw
    mended = raw.copy()
    index = np.arange(raw.shape[1])
    for row in np.flatnonzero(bad.any(axis=1)):
        good = ~bad[row]
        mended[row] = np.interp(index, index[good], raw[row, good]) if good.any() else 0.0
    return mended


def widen(bad: NDArray[np.bool_], sampling_rate_hz: float) -> NDArray[np.bool_]:
    """Bad samples and everything within ``AROUND_S`` of them."""
    if not bad.any():
        return bad
    reach = max(1, round(AROUND_S * sampling_rate_hz))
    wide = bad.copy()
    for row in np.flatnonzero(bad.any(axis=1)):
        counts = np.cumsum(np.pad(bad[row].astype(np.int64), (reach + 1, reach)))
        wide[row] = counts[2 * reach + 1 :] > counts[: -2 * reach - 1]
    return wide


__all__ = ["AROUND_S", "Rails", "find_faults", "mend", "widen"]
