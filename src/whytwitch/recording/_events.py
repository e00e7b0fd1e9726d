"""From sorted discharges to reported potentials: what is muscle, of which kind, how large, how sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._heart import find_heart
from whytwitch.recording._kinds import Activity, classify, settle, voluntary_stretches, with_unresolved
from whytwitch.recording._match import Matches, Templates
from whytwitch.recording._model import Recording, Samples
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._sort import SHARP, Leftover, Sorted
from whytwitch.recording._survey import Survey
from whytwitch.recording._twitches import KINDS, UNSORTED, Events, Kind, Unit
from whytwitch.recording._units import Look, Viewer, on_channel

MOST_ALONE: Final = 400
"""Potentials like no other that are looked at, the highest first."""

MEASURED: Final = 150
"""Discharges of one unit that are measured one by one; the rest is given its unit's shape."""


TAIL_FROM: Final = 5.0
"""Height from which leftover peaks show the tail of the noise."""

MOST_HEIGHT: Final = 60.0
"""No tail asks for more."""

UNRESOLVED: Final = 2.0
"""Height from which peaks that belong to no unit show a contraction, relative to that of an active tick."""

BESIDE_S: Final = 0.040

COMPANY_S: Final = 0.5
COMPANY: Final = 3
"""A peak that is like no other counts only if at most two more are within ``COMPANY_S``."""

FEW: Final = 5
COMMON_FEW: Final = 0.85
"""What so few repeats show, and all electrodes of a grid alike, is a potential that fell on a heart beat or
on a tug at the reference."""


@dataclass(frozen=True)
class Assembled:
    """The reported potentials, and what was left out on the way."""

    events: Events
    units: tuple[Unit, ...]
    active: Activity
    voluntary_s: NDArray[np.float64]
    heart_rate_per_min: float | None
    artifacts: int


@dataclass(frozen=True)
class _Rows:
    """Discharges that are muscle: sorted ones and those like no other; all (n,)."""

    time: NDArray[np.int64]
    unit: NDArray[np.intp]
    size: Samples
    score: Samples
    explains: Samples
    look: list[Look]


def assemble(
    recording: Recording,
    found: Survey,
    result: Sorted,
    active: Activity,
    trains: NDArray[np.float64],
    step: Callable[[float], None],
) -> Assembled:
    """Turn discharges into potentials.

    Args:
        recording: what they were found in.
        found: its survey.
        result: the sorted discharges.
        active: contractions and movement.
        trains: stretches that one unit fills by firing fast and evenly, (n, 2) seconds.
        step: told the share of the work done.
    """
    viewer, rate = Viewer(recording, found), found.frontend.rate_hz
    at_rest = active.rest(rate)(result.matches.time)
    looks = [_look(viewer, result.matches, unit, at_rest) for unit in range(len(result.templates))]
    step(0.4)
    heart, heart_rate = np.zeros(len(looks), bool), None
    if found.settings.electrode == "surface":
        heart, heart_rate = find_heart(result.matches.time / rate, result.matches.unit, len(looks))
    count = np.bincount(result.matches.unit, minlength=len(looks))
    muscle = np.array(
        [
            look is not None and not look.is_artifact and not (n <= FEW and look.common > COMMON_FEW)
            for look, n in zip(looks, count, strict=True)
        ],
        bool,
    )
    muscle &= ~heart
    alone, alone_looks, refused = _alone(viewer, result.leftover, result.matches.time, active, found)
    step(0.6)

    active = with_unresolved(active, result.leftover.time[is_unresolved(result.leftover, found)] / rate)
    kept = muscle[result.matches.unit] if len(looks) else np.zeros(0, bool)
    left_out = int((~kept & ~(heart[result.matches.unit] if len(looks) else kept)).sum()) + refused
    number = np.cumsum(muscle) - 1
    rows = _rows(
        result.matches,
        kept,
        number,
        result.leftover,
        alone,
        [x for x, m in zip(looks, muscle, strict=True) if m and x],
        alone_looks,
    )
    templates = result.templates.pick(muscle) if len(looks) else result.templates
    events, units, voluntary = _report(viewer, rows, templates, active, trains, rate)
    step(1.0)
    return Assembled(events, units, active, voluntary, heart_rate, left_out)


def is_unresolved(leftover: Leftover, found: Survey) -> NDArray[np.bool_]:
    """Whether leftover peaks are high and smooth enough to show a contraction where they crowd, (n,)."""
    return (leftover.height >= UNRESOLVED * found.reference.active) & (leftover.sharp < SHARP)


def _look(viewer: Viewer, matches: Matches, unit: int, at_rest: NDArray[np.bool_]) -> Look | None:
    """A unit's potential, from its discharges at rest where it has some, the best explained ones."""
    mine = np.flatnonzero(matches.unit == unit)
    rested = mine[at_rest[mine]]
    mine = rested if len(rested) >= 2 else mine
    best = mine[matches.explains[mine] >= np.quantile(matches.explains[mine], 0.3)] if len(mine) else mine
    return viewer.look(matches.time[best].astype(np.int64), matches.size[best])


def _alone(
    viewer: Viewer, leftover: Leftover, sorted_time: NDArray[np.intp], active: Activity, found: Survey
) -> tuple[NDArray[np.intp], list[Look], int]:
    """Leftover peaks that are potentials of their own, and how many were refused."""
    chosen = np.flatnonzero(may_stand_alone(leftover, sorted_time, active, found))
    chosen = np.sort(chosen[np.argsort(-leftover.height[chosen])][:MOST_ALONE])
    kept: list[int] = []
    looks: list[Look] = []
    for place in chosen:
        look = look_alone(viewer, leftover.time[place : place + 1])
        if look is not None:
            kept.append(int(place))
            looks.append(look)
    return np.array(kept, np.intp), looks, len(chosen) - len(kept)


def may_stand_alone(
    leftover: Leftover, sorted_time: NDArray[np.intp], active: Activity, found: Survey
) -> NDArray[np.bool_]:
    """Which leftover peaks may be potentials of their own, as far as energy and company tell, (n,)."""
    rate = found.frontend.rate_hz
    return (
        (leftover.height >= _least_height(leftover, found.settings.alone_sigma))
        & active.rest(rate)(leftover.time)
        & ~_crowded(leftover, rate)
        & ~_beside(leftover.time / rate, np.sort(sorted_time / rate))
    )


def look_alone(viewer: Viewer, time: NDArray[np.int64]) -> Look | None:
    """A potential that is like no other, at one time, (1,); None where its shape speaks against it."""
    look = viewer.look(time)
    return look if look is not None and look.is_plain and _is_brief(look) else None


def _least_height(leftover: Leftover, least: float) -> float:
    """Height above which fewer than one leftover peak is expected of the tail of the noise.

    The heights of peaks that belong to no unit show how heavy the tail is (Hill 1975,
    doi:10.1214/aos/1176343247); the largest fifth is left out of the fit, since it may hold potentials.
    """
    heights = np.sort(leftover.height[leftover.height >= TAIL_FROM])
    if len(heights) < 20:
        return least
    body = heights[: int(0.8 * len(heights))]
    # Of a sample cut at its 80 % quantile, the excess over the start gives the tail's exponent.
    excess = float(np.log(body / TAIL_FROM).mean() + 0.2 / 0.8 * np.log(body[-1] / TAIL_FROM))
    expected = TAIL_FROM * len(heights) ** max(excess, 1e-3)
    return max(least, min(float(expected), MOST_HEIGHT))


def _crowded(leftover: Leftover, rate_hz: float) -> NDArray[np.bool_]:
    """Whether a peak has company of other peaks that belong to no unit: it is part of something longer."""
    seen = leftover.time[(leftover.height >= TAIL_FROM) & (leftover.sharp < SHARP)] / rate_hz
    at = leftover.time / rate_hz
    around = np.searchsorted(seen, at + COMPANY_S) - np.searchsorted(seen, at - COMPANY_S)
    return around > COMPANY


def _beside(time_s: NDArray[np.float64], others_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether something sorted is so near that a peak is likely a part of it."""
    near = np.searchsorted(others_s, time_s + BESIDE_S) - np.searchsorted(others_s, time_s - BESIDE_S)
    return near > 0


def _is_brief(look: Look) -> bool:
    """Whether a deflection is over within its window, as a potential is and a swing is not."""
    wave = look.wave[look.best]
    power = wave.astype(float) ** 2
    edge = max(1, len(wave) // 6)
    outside = np.concatenate((power[:edge], power[-edge:])).mean()
    return float(outside) < 0.15 * float(power[edge:-edge].max())


def _rows(
    matches: Matches,
    kept: NDArray[np.bool_],
    number: NDArray[np.intp],
    leftover: Leftover,
    alone: NDArray[np.intp],
    unit_looks: list[Look],
    alone_looks: list[Look],
) -> _Rows:
    n_units = len(unit_looks)
    time = np.concatenate((matches.time[kept], leftover.time[alone])).astype(np.int64)
    unit = np.concatenate((number[matches.unit[kept]], np.full(len(alone), -1))).astype(np.intp)
    look = np.concatenate((unit[: kept.sum()], n_units + np.arange(len(alone)))).astype(np.intp)
    every = [*unit_looks, *alone_looks]
    peak = np.array([x.peak - x.zero for x in every], np.int64)
    order = np.argsort(time + (peak[look] if len(every) else 0), kind="stable")
    return _Rows(
        time=(time + (peak[look] if len(every) else 0))[order],
        unit=unit[order],
        size=np.concatenate((matches.size[kept], np.ones(len(alone)))).astype(np.float32)[order],
        score=np.concatenate((matches.score[kept], leftover.height[alone])).astype(np.float32)[order],
        explains=np.concatenate((matches.explains[kept], np.full(len(alone), np.nan))).astype(np.float32)[
            order
        ],
        look=[every[i] for i in look[order]],
    )


def _report(
    viewer: Viewer,
    rows: _Rows,
    templates: Templates,
    active: Activity,
    trains: NDArray[np.float64],
    rate: float,
) -> tuple[Events, tuple[Unit, ...], NDArray[np.float64]]:
    time_s = rows.time / rate
    n_units = len(templates)
    noise = viewer.found.space.noise
    by_unit = {
        u: rows.look[int(np.flatnonzero(rows.unit == u)[0])] for u in range(n_units) if (rows.unit == u).any()
    }
    shapes = {u: measure_shape(k.wave[k.best], rate, float(noise[k.best]) / 4.0) for u, k in by_unit.items()}
    durations = np.array([shapes[u].duration_ms if u in shapes else np.inf for u in range(n_units)])
    needle = viewer.found.settings.electrode == "needle"
    kind = classify(time_s, rows.unit, durations, active, trains, needle=needle)
    voluntary = voluntary_stretches(time_s, kind, active, trains)
    settle(kind, time_s, rows.unit, voluntary)

    measured = _measure(viewer, rows, rate)
    # Units that fasciculate come first, the busiest of them at the top.
    alone = {u: int(((rows.unit == u) & (kind == "fasciculation")).sum()) for u in by_unit}
    order = sorted(by_unit, key=lambda u: (-alone[u], KINDS.index(_most(kind[rows.unit == u])), u))
    name = {u: place + 1 for place, u in enumerate(order)}
    unit = np.array([name.get(int(u), UNSORTED) for u in rows.unit], np.int32)
    events = Events(
        onset_s=time_s,
        unit=unit,
        kind=kind,
        confidence=confidence(rows.score, rows.explains),
        channel=np.array([k.best for k in rows.look], np.int32),
        spread=np.array([k.spread for k in rows.look]),
        likeness=np.sqrt(rows.explains.astype(float)),
        **measured,
    )
    units = tuple(
        Unit(
            id=name[u],
            kind=_most(kind[rows.unit == u]),
            n_events=int((rows.unit == u).sum()),
            template=by_unit[u].wave,
            times_ms=(np.arange(by_unit[u].wave.shape[1]) - by_unit[u].peak) / rate * 1000.0,
            best_channel=by_unit[u].best,
            contrast=float(templates.contrast[u]),
        )
        for u in order
    )
    return events, units, voluntary


def _most(kinds: NDArray[np.str_]) -> Kind:
    """The commonest kind; of equals, the first of ``KINDS``."""
    return max(KINDS, key=lambda k: ((kinds == k).sum(), -KINDS.index(k)))


def _measure(viewer: Viewer, rows: _Rows, rate: float) -> dict[str, NDArray]:
    """Amplitude, duration, phases, turns and area of each potential, on its best channel."""
    n = len(rows.time)
    amplitude, duration, area = np.zeros(n), np.zeros(n), np.zeros(n)
    phases, turns = np.zeros(n, np.int32), np.zeros(n, np.int32)
    counted: dict[int, int] = {}
    narrow: dict[int, Viewer] = {}
    for row, (time, look) in enumerate(zip(rows.time.tolist(), rows.look, strict=True)):
        noise = float(viewer.found.space.noise[look.best])
        unit = int(rows.unit[row])
        counted[unit] = counted.get(unit, 0) + 1
        own = None
        if unit < 0 or counted[unit] <= MEASURED:
            if look.best not in narrow:
                narrow[look.best] = on_channel(viewer, look.best)
            own = narrow[look.best].look(np.array([time - look.peak + look.zero]))
        shape = measure_shape(own.wave[0] if own else look.wave[look.best] * rows.size[row], rate, noise)
        amplitude[row], duration[row], area[row] = shape.amplitude, shape.duration_ms, shape.area
        phases[row], turns[row] = shape.phases, shape.turns
    return {"amplitude": amplitude, "duration_ms": duration, "phases": phases, "turns": turns, "area": area}


def confidence(height: NDArray[np.floating], explains: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probability that a reported discharge is one (a judgment, checked against made-up recordings).

    It grows with the height above the noise and, for sorted ones, with how much of the signal the
    unit's shape explains; what is like no other is less sure than what repeats.

    Args:
        height: above the noise, (n,).
        explains: share of the energy that the unit's shape explains, NaN where unsorted, (n,).
    """
    height, explains = np.asarray(height, float), np.asarray(explains, float)
    shape = np.nan_to_num(explains, nan=0.0)
    odds = np.where(np.isnan(explains), 0.12 * (height - 9.0), 0.45 * (height - 4.0) + 3.0 * (shape - 0.6))
    return np.clip(1.0 / (1.0 + np.exp(-odds)), 0.05, 0.995)


__all__ = ["Assembled", "assemble", "confidence", "is_unresolved", "look_alone", "may_stand_alone"]
