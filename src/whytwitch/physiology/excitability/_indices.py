"""The indices of nerve excitability, as QtracP derives them from the curves.

The names are QtracP's. What each means was published with the protocol (Kiernan, Burke, Andersen and Bostock
2000, Muscle Nerve 23:399, pubmed 10679717); how exactly it is computed was settled on the records of 193
people in which curves and QtracP's own figures stand side by side (github.com/stellentus/nerve-norms, MIT;
Canada and Portugal). Nearly all figures are met to the last printed digit in nearly all records; the slope of
the stimulus–response curve and the accommodation half-time, to 1 %. The same rules then met the figures of 87
more people (Japan) that had no part in settling them, but for those from stimulus–response and
charge–duration curves, which are not comparable or not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from whytwitch.physiology.excitability._curves import CONDITIONING_MS, STANDARD_DELAYS, Curves, Floats

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Stimulus for 50% max response": "mA",
        "Stimulus-response slope": "",
        "Peak CMAP response": "mV",
        "Latency": "ms",
        "Temperature": "°C",
        "Strength-duration time constant": "ms",
        "Rheobase": "mA",
        "TEd(10-20ms)": "%",
        "TEd(peak)": "%",
        "TEd(40-60ms)": "%",
        "TEd(90-100ms)": "%",
        "TEd(undershoot)": "%",
        "S2 accommodation": "%",
        "TEd40(Accom)": "%",
        "Accommodation half-time": "ms",
        "TEd20(10-20ms)": "%",
        "TEd20(peak)": "%",
        "TEh20(10-20ms)": "%",
        "TEh(10-20ms)": "%",
        "TEh(20-40ms)": "%",
        "TEh(90-100ms)": "%",
        "TEh(overshoot)": "%",
        "TEh(slope 101-140ms)": "%/ms",
        "Resting I/V slope": "",
        "Minimum I/V slope": "",
        "Hyperpolarising I/V slope": "",
        "Relative refractory period": "ms",
        "Refractoriness at 2 ms": "%",
        "Refractoriness at 2.5 ms": "%",
        "Superexcitability": "%",
        "Superexcitability at 5 ms": "%",
        "Superexcitability at 7 ms": "%",
        "Subexcitability": "%",
    }
)
"""Every index there is, in the order of the test, with its unit."""

_LARGEST_GAP: Final = 25.0
"""Points farther apart are not joined: the protocol steps by 10 (ms or %), over a lost point by 20."""

Found = dict[str, float | None]

_ON, _OFF = (int(at) for at in CONDITIONING_MS)
_SMOOTHED: Final = 21
"""Peaks of electrotonus are those of a running mean over 20 ms, ends included, of the curve at every ms."""


def indices(
    curves: Curves,
    *,
    peak_response_mv: float | None = None,
    latency_ms: float | None = None,
    temperature_c: float | None = None,
) -> dict[str, float]:
    """What QtracP would derive from these curves.

    Args:
        curves: measured or simulated. Where a trace holds all of ``STANDARD_DELAYS``, only these are used, so
            that a finer simulation is read as the clinic reads a nerve.
        peak_response_mv: largest response, which ``SR`` in % does not tell.
        latency_ms: from the stimulus to the response.
        temperature_c: of the skin.

    Returns:
        Value by name, in the units and the order of ``UNITS``. An index the curves do not allow is absent.
    """
    given = {"Peak CMAP response": peak_response_mv, "Latency": latency_ms, "Temperature": temperature_c}
    found: Found = dict(given)
    for derive in (_stimulus_response, _strength_duration, _electrotonus, _current_threshold, _recovery):
        found |= derive(curves)
    return {name: value for name in UNITS if (value := found.get(name)) is not None}


def _points(curves: Curves, name: str) -> tuple[Floats, Floats]:
    """A trace at its standard delays where it has them all, else as it is; two empty rows for none."""
    if name not in curves:
        return np.empty(0), np.empty(0)
    x, y = curves[name]
    standard = np.isin(x, STANDARD_DELAYS.get(name, ()))
    if standard.sum() == len(STANDARD_DELAYS.get(name, ())) > 0:
        return x[standard], y[standard]
    return x, y


def _grid(x: Floats, y: Floats, low: int, high: int) -> Floats | None:
    """The trace at low, low + 1 … high, or None where it does not reach so far or has a hole there."""
    if not x.size or x[0] > low or x[-1] < high:
        return None
    first, last = np.searchsorted(x, low, side="right") - 1, np.searchsorted(x, high)
    if np.diff(x[first : last + 1]).max(initial=0.0) > _LARGEST_GAP:
        return None
    return np.interp(np.arange(low, high + 1), x, y)


def _mean(x: Floats, y: Floats, low: int, high: int) -> float | None:
    grid = _grid(x, y, low, high)
    return None if grid is None else float(grid.mean())


def _extreme(rows: Floats | None, width: int, pick: Callable[[Floats], float]) -> float | None:
    """The largest or smallest running mean."""
    if rows is None or rows.size < width:
        return None
    return float(pick(_running(rows, width)))


def _running(rows: Floats, width: int) -> Floats:
    return np.convolve(rows, np.full(width, 1.0 / width), "valid")


def _stimulus_response(curves: Curves) -> Found:
    stimulus, response = _points(curves, "SR")
    rising = np.maximum.accumulate(response) if response.size else response
    keep = np.r_[True, np.diff(rising) > 0] if rising.size else np.empty(0, dtype=bool)
    low, half, high = (_mean(rising[keep], stimulus[keep], at - 5, at + 5) for at in (25, 50, 75))
    slope = half / (high - low) if low is not None and half and high is not None and high > low else None
    return {"Stimulus for 50% max response": half, "Stimulus-response slope": slope}


def _strength_duration(curves: Curves) -> Found:
    """Weiss's law: charge grows with width in a line, by the rheobase, from zero at minus the constant."""
    width, charge = _points(curves, "CD")
    if width.size < 2:
        return {}
    rheobase, intercept = np.polyfit(width, charge, 1)
    if rheobase <= 0 or intercept <= 0:
        return {}
    return {"Rheobase": float(rheobase), "Strength-duration time constant": float(intercept / rheobase)}


def _electrotonus(curves: Curves) -> Found:
    """Times in the names count from the start of the current, which the curves hold at 10 ms."""
    deep, hyper = _points(curves, "TEd40"), _points(curves, "TEh40")
    mild, mild_hyper = _points(curves, "TEd20"), _points(curves, "TEh20")
    during = _grid(*deep, _ON, _OFF - 1)
    peak, late = _extreme(during, _SMOOTHED, np.max), _mean(*deep, 100, 109)
    found: Found = {
        "TEd(10-20ms)": _mean(*deep, 20, 30),
        "TEd(peak)": peak,
        "TEd(40-60ms)": _mean(*deep, 50, 70),
        "TEd(90-100ms)": late,
        "TEd(undershoot)": _extreme(_grid(*deep, _OFF, 200), _SMOOTHED, np.min),
        "TEd20(10-20ms)": _mean(*mild, 20, 30),
        "TEd20(peak)": _extreme(_grid(*mild, _ON, _OFF - 1), _SMOOTHED, np.max),
        "TEh20(10-20ms)": _mean(*mild_hyper, 20, 30),
        "TEh(10-20ms)": _mean(*hyper, 20, 30),
        "TEh(20-40ms)": _mean(*hyper, 30, 50),
        "TEh(90-100ms)": _mean(*hyper, 100, 109),
        "TEh(overshoot)": _extreme(_grid(*hyper, _OFF, 200), _SMOOTHED, np.max),
    }
    after = _grid(*hyper, 111, 150)
    if after is not None:
        found["TEh(slope 101-140ms)"] = float(np.polyfit(np.arange(40), after, 1)[0])
    if during is not None and peak is not None and late is not None:
        smooth = _running(during, _SMOOTHED)
        found["S2 accommodation"] = peak - late
        found["TEd40(Accom)"] = peak - float(smooth[smooth.argmax() :].min())
        found["Accommodation half-time"] = _half_time(during, (peak + late) / 2)
    return found


def _half_time(during: Floats, level: float) -> float | None:
    """Time in ms from the start of the current to where the curve falls through the level, after its peak."""
    peak = int(during.argmax())
    below = np.flatnonzero(during[peak:] < level)
    if not below.size or below[0] == 0:
        return None
    after = peak + int(below[0])
    return after - 1 + float((during[after - 1] - level) / (during[after - 1] - during[after]))


def _current_threshold(curves: Curves) -> Found:
    """Slopes of current over threshold, the threshold regressed on the current."""
    current, reduction = _points(curves, "IV")
    windows = (slice(i, i + 3) for i in range(current.size - 2))
    local = [slope for at in windows if (slope := _conductance(current[at], reduction[at])) is not None]
    found: Found = {"Minimum I/V slope": min(local)} if local else {}
    for name, low, high in (("Resting I/V slope", -10, 10), ("Hyperpolarising I/V slope", -100, -80)):
        within = (current >= low) & (current <= high)
        if within.any() and current[within][0] == low and current[within][-1] == high:
            found[name] = _conductance(current[within], reduction[within])
    return found


def _conductance(current: Floats, reduction: Floats) -> float | None:
    """Current over threshold; None where threshold does not grow, which only noise can do."""
    if np.ptp(current) > 2 * _LARGEST_GAP:
        return None
    slope = np.polyfit(current, reduction, 1)[0]
    return float(1.0 / slope) if slope > 1e-3 else None


def _recovery(curves: Curves) -> Found:
    interval, change = _points(curves, "RC")
    early, late = interval <= 24, interval >= 10
    before, after = _at(interval, change, 6.3), _at(interval, change, 7.9)
    return {
        "Relative refractory period": _refractory_period(interval, change),
        "Refractoriness at 2 ms": _at(interval, change, 2.0),
        "Refractoriness at 2.5 ms": _at(interval, change, 2.5),
        "Superexcitability": _extreme(change[early], 3, np.min),
        "Superexcitability at 5 ms": _at(interval, change, 5.0),
        # The protocol has no 7 ms: QtracP takes the mean of the points on either side.
        "Superexcitability at 7 ms": None if before is None or after is None else (before + after) / 2,
        "Subexcitability": _extreme(change[late], 3, np.max),
    }


def _at(interval: Floats, change: Floats, wanted: float) -> float | None:
    here = np.flatnonzero(np.isclose(interval, wanted, rtol=0, atol=1e-6))
    return float(change[here[0]]) if here.size else None


def _refractory_period(interval: Floats, change: Floats) -> float | None:
    """Where threshold first falls to its resting value, on a logarithmic axis of time, within 10 ms."""
    falls = np.flatnonzero((change[:-1] > 0) & (change[1:] <= 0) & (interval[1:] <= 10))
    if not falls.size:
        return None
    at = int(falls[0])
    share = change[at] / (change[at] - change[at + 1])
    return float(interval[at] * (interval[at + 1] / interval[at]) ** share)
