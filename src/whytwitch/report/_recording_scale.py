"""What every chart needs: axes, columns of pixels, and paths with few digits.

Plots are 1,000 wide and stretch to the page; their height is in pixels, so text and lines keep their size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 1000
"""Columns of a plot: about one a pixel on a large screen."""

CROWD: Final = 2.0
"""A judgment: marks crowd when a column that has any has this many on average."""

SHORTEST: Final = 0.35
"""A judgment: a single mark in a crowd can still be seen at this part of the height."""

NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
CLOCK_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
"""Steps between ticks that people count time in."""


@final
@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, in per cent of its length, and what it says."""

    at: float
    label: str


@final
@dataclass(frozen=True)
class Axis:
    """Ticks, and the unit they are in."""

    ticks: tuple[Tick, ...]
    unit: str


def time_axis(duration_s: float, most: int = 6) -> Axis:
    """Seconds below two minutes, minutes below three hours, else hours."""
    size, unit = (1, "s") if duration_s < 120 else (60, "min") if duration_s < 10800 else (3600, "h")
    step = next((s for s in CLOCK_S if duration_s / s <= most), 86400.0)
    if duration_s < 1:
        step = nice_step(duration_s, most)
    n = int(duration_s / step + 1e-9)
    ticks = (Tick(100 * i * step / duration_s, f"{i * step / size:g}") for i in range(n + 1))
    return Axis(tuple(ticks), unit)


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that makes at most ``most`` steps."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(power * nice for nice in (*NICE, 20.0) if span / (power * nice) <= most + 1e-9)


def nice_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round numbers from low to high."""
    step = nice_step(high - low, most)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 10) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def gathered(n: int) -> tuple[int, float]:
    """How many of ``n`` steps make a column, and what a column is then wide, in units of the plot.

    Every column gathers equally many: with one more here and there the picture would be striped.
    """
    step = max(1, math.ceil(n / WIDTH))
    return step, WIDTH * step / max(n, 1)


def columns(values: NDArray[np.generic], how: np.ufunc = np.maximum) -> NDArray[np.float64]:
    """Gather (rows, n) into at most ``WIDTH`` columns; ``np.add`` gives means, ``np.maximum`` largest."""
    n = values.shape[-1]
    step, _ = gathered(n)
    clear = np.nan_to_num(np.asarray(values, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    if step == 1:
        return clear.astype(np.float64)
    edges = np.arange(0, n, step)
    sums: NDArray[np.float64] = how.reduceat(clear, edges, axis=-1).astype(np.float64)
    sizes = np.minimum(edges + step, n) - edges
    return sums / sizes if how is np.add else sums


def mean(values: NDArray[np.floating], axis: int | None = None) -> NDArray[np.float64]:
    """The mean, 0 of nothing; what is no number counts as 0."""
    clear = np.nan_to_num(np.asarray(values, dtype=np.float64))
    n = clear.size if axis is None else clear.shape[axis]
    return np.asarray(clear.sum(axis=axis) / max(n, 1))


def tick_path(at_s: NDArray[np.float64], duration_s: float, height: int, top: int = 0) -> str:
    """Upright strokes at times, one a column; where they crowd, a stroke is as tall as it stands for many."""
    places = np.clip(np.round(at_s / duration_s * WIDTH), 0, WIDTH).astype(int)
    found, counts = np.unique(places, return_counts=True)
    if not len(found) or counts.mean() < CROWD:
        return "".join(f"M{x} {top}v{height}" for x in found)
    tall = np.round(height * (SHORTEST + (1 - SHORTEST) * counts / counts.max())).astype(int)
    return "".join(f"M{x} {top + height - h}v{h}" for x, h in zip(found, tall, strict=True))


def blocks(on: NDArray[np.bool_], width: float, height: int, top: int = 0) -> str:
    """Rectangles over the runs of columns that are on; ``width`` is that of a column."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return "".join(
        f"M{short(a * width)} {top}H{short(min(b * width, WIDTH))}v{height}H{short(a * width)}z"
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def line(x: Iterable[float], y: Iterable[float]) -> str:
    """A polyline."""
    points = [f"{short(a)} {short(b)}" for a, b in zip(x, y, strict=True)]
    return "M" + "L".join(points) if points else ""


def fine_line(x: NDArray[np.floating], y: NDArray[np.floating]) -> str:
    """A polyline on whole units in relative steps: a third of the size, for hundreds of small pictures."""
    px, py = np.round(x).astype(int), np.round(y).astype(int)
    if not len(px):
        return ""
    steps = "".join(f"l{dx} {dy}" for dx, dy in zip(np.diff(px), np.diff(py), strict=True))
    return f"M{px[0]} {py[0]}{steps}"


def band(x: NDArray[np.floating], low: NDArray[np.floating], high: NDArray[np.floating]) -> str:
    """The area between two lines."""
    return line([*x, *x[::-1]], [*high, *low[::-1]]) + "z"


def short(value: float) -> str:
    """At most one decimal."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def thin(y: NDArray[np.floating], most: int) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """At most ``most`` samples of a curve: of each stretch the one farthest from zero, so peaks stay."""
    n = len(y)
    if n <= most:
        return np.arange(n), y
    edges = np.linspace(0, n, most + 1).astype(np.intp)
    kept = np.array([a + np.abs(y[a:b]).argmax() for a, b in itertools.pairwise(edges)])
    return kept, y[kept]


__all__ = [
    "WIDTH",
    "Axis",
    "Tick",
    "band",
    "blocks",
    "columns",
    "fine_line",
    "gathered",
    "line",
    "mean",
    "nice_step",
    "nice_ticks",
    "short",
    "thin",
    "tick_path",
    "time_axis",
]
