"""One unit in pictures: the shape of its potential, and the same across the electrodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import Potential, Signature, Twitches, Unit, founded
from whytwitch.report._clean import clean
from whytwitch.report._recording_scale import WIDTH, Tick, fine_line, line, nice_ticks, thin
from whytwitch.report._recording_view import Row, View, sized
from whytwitch.report._recording_words import number

DRAWN: Final = 12
"""Units that get pictures; more would be scrolled past."""

EXAMPLES: Final = 25
SHAPE_PX: Final = 150
FINE: Final = 160
SMALL: Final = 36
LINES: Final = 8
"""Channels that are drawn below each other where no places are known."""

CELL: Final = (100.0, 72.0)
FARTHEST: Final = 40.0
"""Pitches that a grid may span before its cells become dots; then channels are drawn below each other."""

NAMED: Final = 5


@final
@dataclass(frozen=True)
class Shape:
    """The mean potential over single ones, on the best channel."""

    mean: str
    single: tuple[str, ...]
    zero: float
    """Height of the baseline, in pixels."""
    rise: tuple[Tick, ...]
    time: tuple[Tick, ...]
    alt: str


@final
@dataclass(frozen=True)
class Cell:
    """One electrode."""

    x: float
    y: float
    path: str
    strength: float
    best: bool
    label: str
    over: str
    """A single potential over the template; empty where none is drawn."""


@final
@dataclass(frozen=True)
class Across:
    """The template on every electrode: at its place, or below each other."""

    cells: tuple[Cell, ...]
    width: float
    height: float
    placed: bool
    group: str
    strongest: str
    alt: str


@final
@dataclass(frozen=True)
class UnitView:
    """What is drawn of one unit."""

    row: Row
    channel: str
    facts: str
    shape: Shape
    across: Across | None


@final
@dataclass(frozen=True)
class PotentialView:
    """What is drawn of one potential."""

    channel: str
    shape: Shape
    across: Across | None


def unit_views(shown: View, examples: Mapping[int, NDArray[np.floating]] | None) -> tuple[UnitView, ...]:
    """Pictures of the busiest units.

    Raises:
        ValueError: examples do not have the times of their unit's template.
    """
    known = {unit.id: unit for unit in shown.twitches.units}
    rows = [row for row in shown.rows if row.unit in known][:DRAWN]
    return tuple(_unit(known[row.unit], row, shown, (examples or {}).get(row.unit)) for row in rows)


def potential_view(shown: View, potential: Potential, unit: Unit | None) -> PotentialView:
    """One potential beside the mean of its unit; alone where it belongs to none."""
    alike = unit if unit is not None and unit.template.shape == potential.wave.shape else None
    mean = alike or founded(potential, 0)
    channel = clean(shown.twitches.source.channels[mean.best_channel].name, 40)
    wave = np.asarray(potential.wave, dtype=np.float64)
    return PotentialView(
        channel=channel,
        shape=_shape(mean, channel, "", shown, wave[[mean.best_channel]] if alike else wave[:0]),
        across=_across(mean, channel, shown, wave if alike else None) if len(wave) > 1 else None,
    )


def _unit(unit: Unit, row: Row, shown: View, examples: NDArray[np.floating] | None) -> UnitView:
    twitches = shown.twitches
    channel = clean(twitches.source.channels[unit.best_channel].name, 40)
    facts = _facts(row, shown)
    return UnitView(
        row=row,
        channel=channel,
        facts=facts,
        shape=_shape(unit, channel, facts, shown, _checked(unit, examples)),
        across=_across(unit, channel, shown) if len(twitches.source.channels) > 1 else None,
    )


def _facts(row: Row, shown: View) -> str:
    say = shown.say
    rate = f"{row.rate} ({row.reach})" if row.reach else row.rate
    size = say.UNIT_SIZE.format(size=row.size) if shown.signature.calibrated else ""
    return say.UNIT_FACTS.format(n=row.n, rate=rate, size=size, length=row.duration)


def _checked(unit: Unit, examples: NDArray[np.floating] | None) -> NDArray[np.floating]:
    n_times = len(unit.times_ms)
    if examples is None:
        return np.zeros((0, n_times))
    rows = np.atleast_2d(np.asarray(examples, dtype=np.float64))
    if rows.shape[1] != n_times:
        raise ValueError(
            f"examples of unit {unit.id} have {rows.shape[1]} times, its template {n_times}; cut them alike"
        )
    clear = rows[np.isfinite(rows).all(axis=1)]
    return clear[np.linspace(0, len(clear) - 1, min(len(clear), EXAMPLES)).astype(np.intp)]


# --- the shape ------------------------------------------------------------------------------------


def _shape(unit: Unit, channel: str, facts: str, shown: View, examples: NDArray[np.floating]) -> Shape:
    mean = np.asarray(unit.template[unit.best_channel], dtype=np.float64)
    low, high = _reach(mean, examples)
    start, stop = float(unit.times_ms[0]), float(unit.times_ms[-1])
    wide = max(stop - start, 1e-9)

    def drawn(y: NDArray[np.floating], most: int) -> str:
        kept, values = thin(y, most)
        x = (unit.times_ms[kept] - start) / wide * WIDTH
        return line(x, _height(values, low, high))

    rise = nice_ticks(low, high, 4) if shown.signature.calibrated else []
    return Shape(
        mean=drawn(mean, FINE),
        single=tuple(drawn(example, FINE // 2) for example in examples),
        zero=float(_height(np.zeros(1), low, high)[0]),
        rise=tuple(
            Tick(float(_height(np.array([v]), low, high)[0]), number(v).replace("-", "−")) for v in rise
        ),
        time=tuple(
            Tick(100 * (t - start) / wide, number(t).replace("-", "−")) for t in nice_ticks(start, stop, 4)
        ),
        alt=shown.say.SHAPE_ALT.format(
            unit=shown.say.UNIT_N.format(unit=unit.id),
            channel=channel,
            facts=f"{_peaks(unit, shown.signature)} {facts}",
        ),
    )


def _reach(mean: NDArray[np.floating], examples: NDArray[np.floating]) -> tuple[float, float]:
    """What the picture spans: all of the mean, and nearly all of the single ones."""
    low, high = float(mean.min()), float(mean.max())
    if len(examples):
        low = min(low, float(np.quantile(examples.min(axis=1), 0.1)))
        high = max(high, float(np.quantile(examples.max(axis=1), 0.9)))
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _height(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.floating]:
    return np.clip((high - values) / (high - low), -0.05, 1.05) * SHAPE_PX


def _peaks(unit: Unit, signature: Signature) -> str:
    """The turning points in words, so that the picture can be heard."""
    mean = unit.template[unit.best_channel]
    top, bottom = int(mean.argmax()), int(mean.argmin())
    first, second = sorted((top, bottom))

    def point(i: int) -> str:
        size = f"{sized(float(mean[i]), signature)}, " if signature.calibrated else ""
        return f"{'high' if i == top else 'low'}est ({size}{number(float(unit.times_ms[i]))} ms)"

    return f"First {point(first)}, then {point(second)}."


# --- across the electrodes ------------------------------------------------------------------------


def _across(unit: Unit, channel: str, shown: View, over: NDArray[np.floating] | None = None) -> Across:
    sizes = np.ptp(np.asarray(unit.template, dtype=np.float64), axis=1)
    mine = _group(unit, shown.twitches)
    at = _places(shown.twitches, mine)
    order = np.argsort(-sizes, kind="stable")
    rows = mine if at is not None else np.sort(order[:LINES])
    cells, width, height = _cells(unit, sizes, rows, at, shown, over)
    strongest = _strongest(sizes, order, shown)
    partly = len(mine) < len(sizes)
    return Across(
        cells=cells,
        width=width,
        height=height,
        placed=at is not None,
        group=clean(shown.twitches.source.channels[unit.best_channel].group, 40)
        if at is not None and partly
        else "",
        strongest=strongest,
        alt=shown.say.ACROSS_ALT.format(
            unit=shown.say.UNIT_N.format(unit=unit.id), n=len(sizes), channel=channel,
            rows=shown.say.STRONGEST.format(rows=strongest),
        ),
    )  # fmt: skip


def _group(unit: Unit, twitches: Twitches) -> NDArray[np.intp]:
    """The channels of the best channel's grid."""
    found = twitches.source.channels
    group = found[unit.best_channel].group
    return np.array([i for i, channel in enumerate(found) if channel.group == group], dtype=np.intp)


def _places(twitches: Twitches, rows: NDArray[np.intp]) -> NDArray[np.float64] | None:
    """Places in pitches of the grid; None where unknown, shared or scattered."""
    places = [twitches.source.channels[i].position_mm for i in rows]
    if len(places) < 2 or any(place is None for place in places):
        return None
    at = np.array(places, dtype=np.float64)
    away = np.linalg.norm(at[:, None] - at[None], axis=2) + np.diag(np.full(len(at), np.inf))
    nearest = away.min(axis=1)
    pitch = float(np.median(nearest))
    if nearest.min() < 0.5 * pitch or not 0 < pitch < np.inf:
        return None
    at = np.column_stack([at[:, 0] - at[:, 0].min(), at[:, 1].max() - at[:, 1]]) / pitch  # y points up
    return at if at.max() <= FARTHEST else None


def _cells(
    unit: Unit,
    sizes: NDArray[np.float64],
    rows: NDArray[np.intp],
    at: NDArray[np.float64] | None,
    shown: View,
    over: NDArray[np.floating] | None,
) -> tuple[tuple[Cell, ...], float, float]:
    wide, tall = CELL if at is not None else (620.0, 60.0)
    most = float(sizes.max()) or 1.0
    points = SMALL if at is not None else 2 * FINE // 3
    scale = (tall - 8) / max(float(np.ptp(unit.template)), 1e-12)
    middle = (float(unit.template.max()) + float(unit.template.min())) / 2
    made = []
    for order, row in enumerate(rows.tolist()):
        x, y = (at[order] * CELL).tolist() if at is not None else (0.0, order * tall)

        def drawn(wave: NDArray[np.floating], left: float = x, top: float = y) -> str:
            kept, values = thin(np.asarray(wave, dtype=np.float64), points)
            px = left + 4 + kept / max(1, len(wave) - 1) * (wide - 8)
            return fine_line(px, top + tall / 2 - (values - middle) * scale)

        made.append(
            Cell(
                x=round(x, 1),
                y=round(y, 1),
                path=drawn(unit.template[row]),
                strength=round(float(sizes[row]) / most, 2),
                best=row == unit.best_channel,
                label=clean(shown.twitches.source.channels[row].name, 12),
                over="" if over is None else drawn(over[row]),
            )
        )
    return tuple(made), max(c.x for c in made) + wide, max(c.y for c in made) + tall


def _strongest(sizes: NDArray[np.float64], order: NDArray[np.intp], shown: View) -> str:
    """The largest few: in µV where calibrated, else compared with the largest."""
    most = float(sizes.max()) or 1.0
    parts = []
    for row in order[:NAMED].tolist():
        value = float(sizes[row])
        shown_size = sized(value, shown.signature) if shown.signature.calibrated else f"{value / most:.2f}"
        parts.append(f"{clean(shown.twitches.source.channels[row].name, 24)} {shown_size}")
    return ", ".join(parts)


__all__ = [
    "DRAWN",
    "SHAPE_PX",
    "Across",
    "Cell",
    "PotentialView",
    "Shape",
    "UnitView",
    "potential_view",
    "unit_views",
]
