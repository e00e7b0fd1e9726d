"""Potentials over time, the changed over the normal, and a stretch of what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.effects import AxonEffect, FiberEffect, JunctionEffect, Trace
from whytwitch.physiology.muscle import Simulation
from whytwitch.report._recording_scale import WIDTH, Axis, Tick, fine_line, nice_ticks
from whytwitch.report._simulation import Simulated

PX: Final = 150
CALM_MS: Final = 30.0
"""As much is shown after one stimulus where one impulse follows; else the whole time watched."""
COLUMNS: Final = 500
NEEDLE_S: Final = 1.0
SKIN_S: Final = 5.0

Floats = NDArray[np.floating]


@final
@dataclass(frozen=True, slots=True)
class Plot:
    """One picture: two lines on one pair of axes; ``normal`` is empty where there is none to compare."""

    title: str
    caption: str
    unit: str
    x: Axis
    y: tuple[Tick, ...]
    changed: str
    normal: str
    marks: tuple[float, ...] = ()


def plots(shown: Simulated) -> tuple[Plot, ...]:
    """Those of the parts that changed, from nerve to muscle."""
    found = shown.effects
    drawn: list[Plot] = []
    for of, name in ((found.axon, "Nerve fiber"), (found.terminal, "Ends of the nerve fiber")):
        if of is not None:
            drawn.append(_axon(of, name))
    if found.junction is not None:
        drawn.append(_junction(found.junction))
    if found.fiber is not None:
        drawn.append(_fiber(found.fiber))
    if shown.simulation is not None:
        drawn.append(_stretch(shown.simulation))
    return tuple(drawn)


def _axon(of: AxonEffect, name: str) -> Plot:
    now, was = of.changed.trace, of.normal.trace
    calm = of.changed.mood == "silent" and len(now.spikes_ms) <= 1
    caption = {
        "silent": "One brief stimulus at the start, of 1.3 thresholds each.",
        "fires": "No stimulus: it fires by itself. The normal one was stimulated once.",
        "blocked": "No stimulus fires it. The normal one was stimulated once.",
    }[of.changed.mood]
    return _lines(name, caption, now, was, CALM_MS if calm else float(now.times_ms[-1]))


def _junction(of: JunctionEffect) -> Plot:
    caption = "Mean end-plate potential after one nerve impulse, as if the fiber could not fire."
    now = of.changed.trace
    return _lines("Junction of nerve and muscle", caption, now, of.normal.trace, float(now.times_ms[-1]))


def _fiber(of: FiberEffect) -> Plot:
    caption = "Surface of the muscle fiber during 20 impulses at 50 a second, and after them."
    now = of.changed.trace
    return _lines("Muscle fiber", caption, now, of.normal.trace, float(now.times_ms[-1]))


def _lines(title: str, caption: str, now: Trace, was: Trace, until_ms: float) -> Plot:
    both = [trace.potential_mv[trace.times_ms <= until_ms] for trace in (now, was)]
    low, high = (float(end) for end in (min(v.min() for v in both), max(v.max() for v in both)))
    room = 0.06 * max(high - low, 1.0)
    low, high = low - room, high + room
    x = Axis(tuple(Tick(100 * t / until_ms, f"{t:g}") for t in nice_ticks(0.0, until_ms, 5)), "ms")
    return Plot(
        title, caption, "mV", x, _ticks(low, high),
        path(now.times_ms, now.potential_mv, (0.0, until_ms), (low, high)),
        path(was.times_ms, was.potential_mv, (0.0, until_ms), (low, high)),
    )  # fmt: skip


def _stretch(simulation: Simulation) -> Plot:
    """The channel of the largest unit that fired, from a moment before it did."""
    recording, truth = simulation.recording, simulation.truth
    span = min(NEEDLE_S if recording.electrode == "needle" else SKIN_S, recording.duration_s)
    fired = truth.discharges
    largest = max(fired.unit.tolist(), key=lambda k: truth.units[k].amplitude_uv, default=None)
    channel = truth.units[largest].best_channel if largest is not None else 0
    first = float(fired.peak_s[fired.unit == largest][0]) if largest is not None else 0.0
    start = min(max(first - 0.2 * span, 0.0), recording.duration_s - span)
    rate = recording.sampling_rate_hz
    a, b = round(start * rate), round((start + span) * rate)
    values = recording.read(a, min(b, recording.n_samples), np.array([channel]))[0]
    reach = 1.1 * max(float(np.abs(values).max()), 1.0)
    times = np.arange(len(values)) / rate
    x = Axis(tuple(Tick(100 * t / span, f"{t:g}") for t in nice_ticks(0.0, span, 5)), "s")
    seen = fired.peak_s[(fired.peak_s >= start) & (fired.peak_s <= start + span)]
    return Plot(
        "Synthetic recording",
        f"Channel {recording.channels[channel].name}, from second {start:.1f}. Marks below: every discharge "
        "of any motor unit, as the simulation knows it.",
        "µV", x, _ticks(-reach, reach), path(times, values, (0.0, span), (-reach, reach)), "",
        tuple(round(100 * float(t - start) / span, 2) for t in seen),
    )  # fmt: skip


def _ticks(low: float, high: float) -> tuple[Tick, ...]:
    return tuple(Tick(PX * (high - v) / (high - low), f"{v:g}") for v in nice_ticks(low, high, 4))


def path(times: Floats, values: Floats, x: tuple[float, float], y: tuple[float, float]) -> str:
    """A line through (times, values) in a plot of ``WIDTH`` by ``PX``, with few points: of each column its
    least and its greatest, so that no spike is lost and noise looks like noise.
    """
    inside = np.flatnonzero((times >= x[0]) & (times <= x[1]))
    if len(inside) > 2 * COLUMNS:
        parts = np.array_split(inside, COLUMNS)
        ends = [sorted((part[values[part].argmin()], part[values[part].argmax()])) for part in parts]
        inside = np.array(ends).ravel()
    at_x = WIDTH * (times[inside] - x[0]) / (x[1] - x[0])
    return fine_line(at_x, PX * (y[1] - values[inside]) / (y[1] - y[0]))
