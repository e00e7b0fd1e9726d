"""When the units fired, how often over time, and how long the pauses between discharges were."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import UNSORTED, Estimate
from whytwitch.report._recording_scale import WIDTH, Axis, Tick, nice_ticks, tick_path, time_axis
from whytwitch.report._recording_view import View
from whytwitch.report._recording_words import NOTHING, clock, length, number, reach

ROWS: Final = 24
ROW_PX: Final = 16
RATE_PX: Final = 130
GAPS_PX: Final = 150
STRETCHES: Final = 10
ISOLATED_MS: Final = 250.0
"""Sleutjes 2016: with pauses longer than this on both sides a discharge is isolated."""

ECHO_MS: Final = (25.0, 45.0)
"""Kleine 2012: pauses after which a discharge may be an F-response."""

TALLEST: Final = 3.0
"""A judgment: an interval that reaches beyond three times the highest rate is cut."""


@final
@dataclass(frozen=True)
class Line:
    """One unit's discharges."""

    label: str
    n: int
    path: str


@final
@dataclass(frozen=True)
class Raster:
    """Units below each other."""

    lines: tuple[Line, ...]
    axis: Axis
    more: str
    alt: str
    heads: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


@final
@dataclass(frozen=True)
class Stretch:
    """The rate in one part of the recording; heights in pixels."""

    at: float
    value: float | None
    low: float
    high: float


@final
@dataclass(frozen=True)
class Rates:
    """The rate over time."""

    stretches: tuple[Stretch, ...]
    rise: tuple[Tick, ...]
    norm: float | None
    norm_note: str
    cut: bool
    alt: str
    table: tuple[tuple[str, ...], ...]


@final
@dataclass(frozen=True)
class Bar:
    """One bin of the histogram."""

    x: float
    width: float
    height: float


@final
@dataclass(frozen=True)
class Gaps:
    """Pauses between discharges of one unit, on a log axis."""

    bars: tuple[Bar, ...]
    n: int
    ticks: tuple[Tick, ...]
    rise: tuple[Tick, ...]
    alone: float | None
    echo: tuple[float, float] | None
    alt: str
    table: tuple[tuple[str, ...], ...]


# --- when each unit fired -------------------------------------------------------------------------


def raster(shown: View) -> Raster | None:
    """A line of marks for each of the busiest units; None without potentials."""
    events, say = shown.twitches.events, shown.say
    if not len(events):
        return None
    duration = shown.twitches.source.duration_s
    ids, counts = np.unique(events.unit[events.unit != UNSORTED], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    shown_ids, other_ids = ids[order[:ROWS]], ids[order[ROWS:]]
    groups = [(say.UNIT_N.format(unit=i), events.unit == i) for i in shown_ids.tolist()]
    if len(other_ids):
        groups.append((say.OTHERS.format(n=len(other_ids)), np.isin(events.unit, other_ids)))
    groups.append((say.UNSORTED, events.unit == UNSORTED))
    groups = [(label, mask) for label, mask in groups if mask.any()]
    edges = np.linspace(0, duration, STRETCHES + 1)
    lines = [
        Line(label, int(mask.sum()), tick_path(events.onset_s[mask], duration, ROW_PX - 5, 2))
        for label, mask in groups
    ]
    return Raster(
        lines=tuple(lines),
        axis=time_axis(duration),
        more=say.WHEN_MORE.format(n=len(other_ids)) if len(other_ids) else "",
        alt=say.WHEN_ALT.format(
            time=length(duration), rows=" ".join(f"{line.label}: {line.n:,}." for line in lines)
        ),
        heads=(say.UNIT, *(clock(edge) for edge in edges[:-1])),
        table=tuple(
            (label, *(f"{n:,}" for n in np.histogram(events.onset_s[mask], edges)[0]))
            for label, mask in groups
        ),
    )


# --- how often over time --------------------------------------------------------------------------


def rates(shown: View) -> Rates | None:
    """The rate in equal stretches, with intervals; None where nothing was usable."""
    found, say = shown.signature.rate_over_time, shown.say
    if not any(part.value is not None for part in found):
        return None
    norm = shown.highest
    top = _top(found, norm)

    def height(value: float) -> float:
        return round(RATE_PX * (1 - min(value / top, 1.02)), 1)

    duration, n = shown.twitches.source.duration_s, len(found)
    table = tuple(
        (
            f"{clock(i * duration / n)} – {clock((i + 1) * duration / n)}",
            number(part.value) if part.value is not None else say.NO_CLEAN,
            reach(part) or NOTHING,
        )
        for i, part in enumerate(found)
    )
    return Rates(
        stretches=tuple(
            Stretch(
                at=100 * (i + 0.5) / n,
                value=None if part.value is None else height(part.value),
                low=height(part.low or 0.0),
                high=height(part.high if part.high is not None else part.value or 0.0),
            )
            for i, part in enumerate(found)
        ),
        rise=tuple(Tick(height(v), number(v)) for v in nice_ticks(0, top, 4)),
        norm=height(norm) if norm is not None and norm <= top else None,
        norm_note=say.RATE_TIME_NORM.format(highest=number(norm)) if norm is not None and norm <= top else "",
        cut=any(part.value is not None and (part.high or 0.0) > top for part in found),
        alt=say.RATE_TIME_ALT.format(n=n, rows=" ".join(f"{a}: {v}{_ends(r)}." for a, v, r in table)),
        table=table,
    )


def _ends(said: str) -> str:
    return f" ({said})" if said != NOTHING else ""


def _top(found: tuple[Estimate, ...], norm: float | None) -> float:
    known = [part for part in found if part.value is not None]
    highest = max(part.value or 0.0 for part in known)
    reached = max(part.high or part.value or 0.0 for part in known)
    top = min(reached, TALLEST * highest) if highest > 0 else reached
    if norm is not None and norm < 2 * top:
        top = max(top, 1.08 * norm)
    return max(1.04 * top, 1e-6)


# --- pauses ---------------------------------------------------------------------------------------


def gaps(shown: View) -> Gaps | None:
    """The histogram of pauses; None without any."""
    edges = np.asarray(shown.signature.intervals.histogram_edges_ms, dtype=np.float64)
    counts = np.asarray(shown.signature.intervals.histogram, dtype=np.int64)
    if len(edges) != len(counts) + 1 or not counts.sum():
        return None
    edges, counts = _trimmed(np.maximum(edges, 1e-3), counts)
    low, wide = math.log(edges[0]), math.log(edges[-1] / edges[0])

    def place(ms: float) -> float:
        return round(WIDTH * min(max((math.log(ms) - low) / wide, 0.0), 1.0), 1)

    most = 1.06 * float(counts.max())
    at = [place(edge) for edge in edges]
    bins = list(zip(edges[:-1], edges[1:], counts.tolist(), strict=True))
    return Gaps(
        bars=tuple(
            Bar(a, round(max(b - a - 1.5, 1.0), 1), round(GAPS_PX * n / most, 1))
            for a, b, (_, _, n) in zip(at[:-1], at[1:], bins, strict=True)
            if n
        ),
        n=int(counts.sum()),
        ticks=_decades(edges[0], edges[-1], place),
        rise=tuple(
            Tick(round(GAPS_PX * (1 - v / most), 1), number(v)) for v in nice_ticks(0, most, 4) if v == int(v)
        ),
        alone=place(ISOLATED_MS) if edges[0] < ISOLATED_MS < edges[-1] else None,
        echo=(place(ECHO_MS[0]), place(ECHO_MS[1])) if edges[0] < ECHO_MS[1] else None,
        alt=shown.say.GAPS_ALT.format(n=f"{int(counts.sum()):,}", rows=_grouped(edges, counts)),
        table=tuple((f"{_pause(a)} – {_pause(b)}", f"{n:,}") for a, b, n in bins if n),
    )


def _trimmed(
    edges: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Without the empty ends, but always from 10 ms to a second, so that the marks are in the picture."""
    used = np.flatnonzero(counts)
    first = max(0, min(used[0], int(np.searchsorted(edges, 10.0, "right")) - 1))
    last = min(len(counts) - 1, max(used[-1], int(np.searchsorted(edges, 1000.0)) - 1))
    return edges[first : last + 2], counts[first : last + 1]


def _decades(low: float, high: float, place: Callable[[float], float]) -> tuple[Tick, ...]:
    powers = (10.0**k for k in range(-2, 9))
    return tuple(Tick(place(ms) / 10, _pause(ms)) for ms in powers if low * 0.999 <= ms <= high * 1.001)


def _grouped(edges: NDArray[np.float64], counts: NDArray[np.int64]) -> str:
    """The histogram in a few words; a bin counts where its middle lies."""
    middle = np.sqrt(edges[:-1] * edges[1:])
    limits = (0.0, ECHO_MS[0], ECHO_MS[1], ISOLATED_MS, math.inf)
    said = ("< 25 ms", "25 – 45 ms", "45 – 250 ms", "> 250 ms")
    parts = zip(said, limits[:-1], limits[1:], strict=True)
    return " ".join(f"{name}: {int(counts[(middle >= a) & (middle < b)].sum()):,}." for name, a, b in parts)


def _pause(ms: float) -> str:
    if ms < 999.5:
        return f"{number(ms)} ms"
    return f"{number(ms / 1000)} s" if ms < 119_500 else f"{number(ms / 60_000)} min"


__all__ = ["GAPS_PX", "RATE_PX", "ROW_PX", "Gaps", "Line", "Raster", "Rates", "gaps", "raster", "rates"]
