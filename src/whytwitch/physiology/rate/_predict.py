"""From a changed motor unit to how often its muscle twitches, by the emulator: milliseconds.

Terminals of one muscle differ: each has its own shift of the gates, drawn from a normal distribution. The few
most excitable ones make most of the discharges, as a twitching muscle twitches in the same few places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.rate._emulator import Emulator, shipped_emulator
from whytwitch.physiology.rate._parameters import NAMES, reduced
from whytwitch.physiology.rate._sites import Pool, site_patch
from whytwitch.physiology.rate._skeleton import State
from whytwitch.physiology.scenario import ChangedSystem

Floats = NDArray[np.float64]

STATES: Final[tuple[State, ...]] = ("rests", "fires", "blocked")
FARTHEST: Final = 5.0
"""Standard deviations between terminals that are summed over, to either side."""
_POINTS: Final = 61
_DEVIATIONS: Final[Floats] = np.linspace(-FARTHEST, FARTHEST, _POINTS)
_SHARES: Final[Floats] = np.exp(-(_DEVIATIONS**2) / 2) / np.exp(-(_DEVIATIONS**2) / 2).sum()
_SHIFT, _CHANNELS = NAMES.index("shift_mv"), NAMES.index("channel_factor")
_Z90: Final = 1.6449


@dataclass(frozen=True, slots=True)
class _Variant:
    """The model with one number otherwise than assumed: one standard deviation of what is not known of it."""

    channels: float = 1.0
    shift_mv: float = 0.0
    spread: float = 1.0


_ASSUMED: Final = _Variant()
_UNSURE: Final = (
    (_Variant(channels=0.5), _Variant(channels=2.0)),
    (_Variant(shift_mv=-1.0), _Variant(shift_mv=1.0)),
    (_Variant(spread=0.7), _Variant(spread=1.4)),
)
"""What no measurement fixes: the number of channels (a factor of two), how excitable a typical terminal is,
and how much terminals differ (judgments). They move the rate by decades, and ratios of rates by much less."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """How often a muscle twitches, as log10 of discharges a second.

    Attributes:
        log10_hz: of all its terminals together. low_log10_hz, high_log10_hz: 90 % interval, by the error of
            the emulator and by what is not known of the model. It spans decades: ratios are what counts.
        state: what the typical terminal does without chance.
        outside: quantities beyond what the emulator was taught; empty if all are known ground.
        pool: of which muscle.
    """

    log10_hz: float
    low_log10_hz: float
    high_log10_hz: float
    state: State
    outside: tuple[str, ...]
    pool: Pool

    @property
    def unit_log10_hz(self) -> float:
        """Of one motor unit."""
        return self.log10_hz - math.log10(self.pool.units)


@dataclass(frozen=True, slots=True)
class Ratio:
    """log10 of one rate over another, with its 90 % interval.

    What is not known of the model is the same for both and mostly cancels.
    """

    log10: float
    low: float
    high: float


def predict(system: ChangedSystem, pool: Pool | None = None) -> Prediction:
    """How often a changed muscle twitches.

    Args:
        system: what is changed.
        pool: of which muscle; a usual one if None.

    Raises:
        PhysiologyError: a value that the model of the terminal does not take.
    """
    pool = pool or Pool()
    numbers, outside = reduced(site_patch(system, "terminal"))
    emulator = shipped_emulator()
    middle, error = _summed(emulator, numbers, pool, _ASSUMED)
    variance = error**2
    for pair in _UNSURE:
        ends = [_summed(emulator, numbers, pool, variant)[0] for variant in pair]
        variance += (0.5 * (ends[0] - ends[1])) ** 2
    reach = _Z90 * math.sqrt(variance)
    state = STATES[int(np.argmax(emulator.states(numbers)[0]))]
    return Prediction(middle, middle - reach, middle + reach, state, outside, pool)


def ratio(changed: ChangedSystem, reference: ChangedSystem, pool: Pool | None = None) -> Ratio:
    """The rate of one muscle over that of the same muscle otherwise.

    Args:
        changed: above the line.
        reference: below it; ``ChangedSystem()`` is the normal one.
        pool: of which muscle.

    Raises:
        PhysiologyError: a value that the model of the terminal does not take.
    """
    pool, emulator = pool or Pool(), shipped_emulator()
    both = [reduced(site_patch(system, "terminal"))[0] for system in (changed, reference)]
    if np.array_equal(both[0], both[1]):
        return Ratio(0.0, 0.0, 0.0)

    def log10_ratio(variant: _Variant) -> tuple[float, float]:
        rows = np.vstack([_rows(numbers, pool, variant) for numbers in both])
        rates, covariance = _rates(emulator, rows, pool)
        above, below = rates[:_POINTS], rates[_POINTS:]
        pull = np.concatenate([above / above.sum(), -below / below.sum()])
        return math.log10(above.sum() / below.sum()), math.sqrt(max(0.0, pull @ covariance @ pull))

    middle, error = log10_ratio(_ASSUMED)
    variance = error**2
    for pair in _UNSURE:
        ends = [log10_ratio(variant)[0] for variant in pair]
        variance += (0.5 * (ends[0] - ends[1])) ** 2
    reach = _Z90 * math.sqrt(variance)
    return Ratio(middle, middle - reach, middle + reach)


def shared_out(system: ChangedSystem, pool: Pool | None = None) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Which terminals discharge: shifts of their gates in mV (n,), shares of the rate (n,), and what lies
    outside the emulator's ground.
    """
    pool = pool or Pool()
    numbers, outside = reduced(site_patch(system, "terminal"))
    rates, _ = _rates(shipped_emulator(), _rows(numbers, pool, _ASSUMED), pool)
    return _DEVIATIONS * pool.spread_mv, rates / rates.sum(), outside


def _summed(emulator: Emulator, numbers: Floats, pool: Pool, variant: _Variant) -> tuple[float, float]:
    """log10 of the rate of all terminals of a muscle, and its error by the emulator."""
    rates, covariance = _rates(emulator, _rows(numbers, pool, variant), pool)
    pull = rates / rates.sum()
    return math.log10(rates.sum()), math.sqrt(max(0.0, pull @ covariance @ pull))


def _rows(numbers: Floats, pool: Pool, variant: _Variant) -> Floats:
    """The terminals of a muscle, from the least excitable side to the most: (_POINTS, 19)."""
    rows = np.tile(numbers, (_POINTS, 1))
    rows[:, _SHIFT] += _DEVIATIONS * pool.spread_mv * variant.spread + variant.shift_mv
    rows[:, _CHANNELS] *= variant.channels
    return rows


def _rates(emulator: Emulator, rows: Floats, pool: Pool) -> tuple[Floats, Floats]:
    """Summed rates of the terminals at each row in Hz (n,), and the covariance of the errors of their log10.

    Rows are one muscle's, or those of several in a row.
    """
    share = np.tile(_SHARES, len(rows) // _POINTS)
    mean, covariance = emulator.joint(rows)
    free = 1.0 - emulator.states(rows)[:, 2]
    rates = 10.0**mean * free * share * pool.units * pool.terminals_per_unit
    # Something has to be left to take a logarithm of.
    return np.maximum(rates, 1e-300), covariance
