"""Size and complexity of the potentials, and the units in numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._signature import Estimate, Shape, UnitSummary
from whytwitch.recording._twitches import Twitches, Unit
from whytwitch.recording.measures._clean import Clean, Firing
from whytwitch.recording.measures._estimates import UNKNOWN, finite, median, mirrored, per_minute, share
from whytwitch.recording.measures._pattern import is_isolated

MOST_PHASES: Final = 4
"""A potential with more phases than this is polyphasic, by the usual convention."""

Rows = list[NDArray[np.intp]]


def shape(units: tuple[Firing, ...], counted: NDArray[np.intp], twitches: Twitches) -> Shape:
    """Median of each unit's fasciculations, then over units; amplitudes only where calibrated.

    Args:
        units: the sorted units.
        counted: rows of all fasciculations in clean time, unsorted ones too.
        twitches: what was detected.
    """
    events, calibrated = twitches.events, twitches.source.calibrated
    rows = [unit.rows[unit.single] for unit in units if unit.single.any()]
    phases = _by_unit(events.phases, rows)
    low, high, ninety = _quantiles(events.amplitude[counted]) if calibrated else (None, None, None)
    return Shape(
        amplitude_uv=median(_by_unit(events.amplitude, rows)) if calibrated else UNKNOWN,
        amplitude_iqr_uv=None if low is None or high is None else high - low,
        amplitude_p90_uv=ninety,
        duration_ms=median(_by_unit(events.duration_ms, rows)),
        phases=median(phases),
        turns=median(_by_unit(events.turns, rows)),
        area_uv_ms=median(_by_unit(events.area, rows)) if calibrated else UNKNOWN,
        polyphasic=share(sum(p > MOST_PHASES for p in phases), len(phases)),
        instability=mirrored(median(_by_unit(events.likeness, rows))),
    )


def summaries(units: tuple[Firing, ...], twitches: Twitches, clean: Clean) -> tuple[UnitSummary, ...]:
    """Every unit that fired of itself in clean time, the busiest first."""
    known = {unit.id: unit for unit in twitches.units}
    active = [unit for unit in units if (unit.single | unit.train).any()]
    rows = [_summary(unit, known.get(unit.unit), twitches, clean) for unit in active]
    return tuple(sorted(rows, key=lambda row: (-row.n, row.unit)))


def active_units(units: tuple[Firing, ...], unsorted: int) -> Estimate:
    """Units with fasciculations; each unsorted potential may have been one more."""
    count = sum(bool(unit.single.any()) for unit in units)
    return Estimate(value=count, low=count, high=count + unsorted, n=count)


def _summary(unit: Firing, known: Unit | None, twitches: Twitches, clean: Clean) -> UnitSummary:
    events, channels = twitches.events, twitches.source.channels
    rows = unit.rows[unit.single | unit.train]
    likeness = finite(events.likeness[rows])
    isolated, _ = is_isolated(unit)
    best = known.best_channel if known is not None else -1
    return UnitSummary(
        unit=unit.unit,
        # What it did in clean time; elsewhere it may have been in voluntary use.
        kind="train" if unit.train.sum() > unit.single.sum() else "fasciculation",
        n=len(rows),
        rate_per_min=per_minute(len(rows), clean.total_s),
        amplitude_uv=float(np.median(events.amplitude[rows])) if twitches.source.calibrated else None,
        duration_ms=float(np.median(events.duration_ms[rows])),
        phases=_middle(events.phases[rows]),
        turns=_middle(events.turns[rows]),
        likeness=float(np.median(likeness)) if len(likeness) else None,
        channel=channels[best].name if 0 <= best < len(channels) else "",
        isolated=int(isolated.sum()),
    )


def _by_unit(values: NDArray[Any], rows: Rows) -> list[float]:
    """Median of each unit's finite values."""
    known = [finite(values[r]) for r in rows]
    return [float(np.median(k)) for k in known if len(k)]


def _quantiles(values: NDArray[np.float64]) -> tuple[float, float, float] | tuple[None, None, None]:
    known = finite(values)
    if not len(known):
        return None, None, None
    low, high, ninety = np.percentile(known, [25, 75, 90])
    return float(low), float(high), float(ninety)


def _middle(values: NDArray[Any]) -> int:
    """Median of counts, rounded half up."""
    return int(np.floor(np.median(values) + 0.5))


__all__ = ["active_units", "shape", "summaries"]
