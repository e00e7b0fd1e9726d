"""Which potential, channel and unit of a saved detection is which of the one at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.app.viewer._review_file import SavedDetection
from whytwitch.recording import UNSORTED, Twitches

NEAR_S: Final = 0.002
"""Potentials of two detections are the same where they are nearer than this on the same channel."""

EVEN_S: Final = 1e-6
"""Distances that differ by less are equal; then the same number decides."""


@dataclass(frozen=True)
class Match:
    """From then to now; what has no partner is missing.

    Attributes:
        number: of potentials.
        channel: rows of the detection's channels.
        unit: numbers of units that hold mostly the same potentials.
        strange: onsets of potentials that were not found then, in order, (n,).
        same: whether nothing at all differs.
    """

    number: dict[int, int]
    channel: dict[int, int]
    unit: dict[int, int]
    strange: NDArray[np.float64]
    same: bool


def match(then: SavedDetection, now: Twitches) -> Match:
    """Find every potential of a saved detection again, by time and channel."""
    events = now.events
    channel = _channels(then.channels, [channel.name for channel in now.source.channels])
    number = _numbers(then, now, channel)
    partners = set(number.values())
    same = (
        len(then.onset_s) == len(events)
        and all(number.get(n) == n for n in range(1, len(events) + 1))
        and list(then.unit) == events.unit.tolist()
        and list(then.units) == [unit.id for unit in now.units]
    )
    return Match(
        number=number,
        channel=channel,
        unit={unit: unit for unit in then.units} if same else _units(then, now, number),
        strange=np.array([t for n, t in enumerate(events.onset_s.tolist(), 1) if n not in partners]),
        same=same,
    )


def _channels(then: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """By name; a name that two channels share tells nothing once the channels are not all the same."""
    if list(then) == list(now):
        return {row: row for row in range(len(now))}
    shared = {name for names in (then, now) for name, count in Counter(names).items() if count > 1}
    rows = {name: row for row, name in enumerate(now)}
    return {row: rows[name] for row, name in enumerate(then) if name in rows and name not in shared}


def _numbers(then: SavedDetection, now: Twitches, channel: dict[int, int]) -> dict[int, int]:
    """Pairs within ``NEAR_S`` on the same channel, the nearest first, each potential in one pair."""
    onset = now.events.onset_s
    order = np.argsort(onset, kind="stable")
    rising, row_now = onset[order], now.events.channel
    pairs: list[tuple[int, bool, int, int]] = []
    saved = np.array(then.onset_s, float)
    ends = zip(
        np.searchsorted(rising, saved - NEAR_S), np.searchsorted(rising, saved + NEAR_S, "right"), strict=True
    )
    for old, (first, last) in enumerate(ends):
        for new in order[first:last].tolist():
            if channel.get(then.channel[old]) == row_now[new]:
                apart = round(abs(float(onset[new]) - then.onset_s[old]) / EVEN_S)
                pairs.append((apart, old != new, old, new))
    number: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, old, new in sorted(pairs):
        if old + 1 not in number and new not in taken:
            number[old + 1] = new + 1
            taken.add(new)
    return number


def _units(then: SavedDetection, now: Twitches, number: dict[int, int]) -> dict[int, int]:
    """Units most of whose potentials are each other's."""
    unit_now = now.events.unit.tolist()
    both = Counter((then.unit[old - 1], unit_now[new - 1]) for old, new in number.items())
    size_then = Counter(then.unit)
    met_now = Counter(unit_now[new - 1] for new in number.values())
    return {
        old: new
        for (old, new), count in both.items()
        if UNSORTED not in (old, new) and 2 * count > size_then[old] and 2 * count > met_now[new]
    }


__all__ = ["NEAR_S", "Match", "match"]
