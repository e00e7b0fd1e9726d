"""From a changed motor unit to how often its muscle twitches, by the emulator: a blink.

Terminals of one muscle differ: each has its own shift of the gates, drawn from a normal distribution. The few
most excitable ones make most of the discharges, as a twitching muscle twitches in the same few places.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.noise import Patch
from whytwitch.physiology.rate._emulator import features_from, shipped_emulator
from whytwitch.physiology.rate._parameters import NAMES, reduced
from whytwitch.physiology.rate._sites import Pool, site_patch
from whytwitch.physiology.rate._skeleton import State, skeleton
from whytwitch.physiology.scenario import ChangedSystem

Floats = NDArray[np.float64]

KNOTS_MV: Final = (-11.0, -8.0, -5.5, -3.0, 0.0, 4.0)
"""Shifts at which a terminal is looked at without chance; between them its numbers are read off a curve."""
_CURVE: Final = 3
_REMEMBERED: Final = 256
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
    pool, ground = pool or Pool(), _ground(system)
    middle, low, high = _with_doubt(lambda variant: _summed(ground, pool, variant))
    return Prediction(middle, low, high, ground.state, ground.outside, pool)


def ratio(changed: ChangedSystem, reference: ChangedSystem, pool: Pool | None = None) -> Ratio:
    """The rate of one muscle over that of the same muscle otherwise.

    Args:
        changed: above the line.
        reference: below it; ``ChangedSystem()`` is the normal one.
        pool: of which muscle.

    Raises:
        PhysiologyError: a value that the model of the terminal does not take.
    """
    pool, both = pool or Pool(), [_ground(system) for system in (changed, reference)]
    if both[0] is both[1]:
        return Ratio(0.0, 0.0, 0.0)

    def log10_ratio(variant: _Variant) -> tuple[float, float]:
        rows = np.vstack([ground.features(pool, variant) for ground in both])
        mean, covariance = shipped_emulator().joint(rows)
        above, below = (
            ground.rates(mean[k * _POINTS : (k + 1) * _POINTS], pool, variant)
            for k, ground in enumerate(both)
        )
        pull = np.concatenate([above / above.sum(), -below / below.sum()])
        return math.log10(above.sum() / below.sum()), math.sqrt(max(0.0, pull @ covariance @ pull))

    return Ratio(*_with_doubt(log10_ratio))


def _with_doubt(estimate: Callable[[_Variant], tuple[float, float]]) -> tuple[float, float, float]:
    """A number as the model is assumed, and the ends of its interval: its own error, and what other variants
    of the model would make of it.
    """
    middle, error = estimate(_ASSUMED)
    variance = error**2
    for pair in _UNSURE:
        ends = [estimate(variant)[0] for variant in pair]
        variance += (0.5 * (ends[0] - ends[1])) ** 2
    reach = _Z90 * math.sqrt(variance)
    return middle, middle - reach, middle + reach


def shared_out(system: ChangedSystem, pool: Pool | None = None) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Which terminals discharge: shifts of their gates in mV (n,), shares of the rate (n,), and what lies
    outside the emulator's ground.
    """
    pool, ground = pool or Pool(), _ground(system)
    mean, _ = shipped_emulator().joint(ground.features(pool, _ASSUMED))
    rates = ground.rates(mean, pool, _ASSUMED)
    return _DEVIATIONS * pool.spread_mv, rates / rates.sum(), ground.outside


@dataclass(frozen=True, eq=False)
class _Ground:
    """A kind of terminal without chance, at any shift of its gates.

    Attributes:
        numbers: (19,) of the typical one. outside: what the emulator does not know of it.
        state: of the typical one.
        curves: (4, 4) coefficients, highest power first, of distance, log of noise, rest and log of
            resistance, in the shift in mV.
        lowest_mv, highest_mv: shifts between which it rests, as far as was looked.
        blocked_below_mv, blocked_above_mv: beyond these it cannot fire.
    """

    numbers: Floats
    outside: tuple[str, ...]
    state: State
    curves: Floats
    lowest_mv: float
    highest_mv: float
    blocked_below_mv: float
    blocked_above_mv: float

    def features(self, pool: Pool, variant: _Variant) -> Floats:
        """What the emulator looks at, for the terminals of a muscle: (_POINTS, 23)."""
        shift = self.shifts_mv(pool, variant)
        rows = np.tile(self.numbers, (_POINTS, 1))
        rows[:, _SHIFT] += shift
        rows[:, _CHANNELS] *= variant.channels
        at = np.clip(shift, self.lowest_mv, self.highest_mv)
        distance, noise, rest, resistance = (np.polyval(curve, at) for curve in self.curves)
        root = math.sqrt(variant.channels)
        return features_from(
            rows, np.column_stack([distance * root, np.exp(noise) / root, rest, np.exp(resistance)])
        )

    def rates(self, log10_hz: Floats, pool: Pool, variant: _Variant) -> Floats:
        """Summed rates in Hz of the terminals at each shift, (_POINTS,)."""
        shift = self.shifts_mv(pool, variant)
        free = (shift > self.blocked_below_mv) & (shift < self.blocked_above_mv)
        # Something has to be left to take a logarithm of.
        return np.maximum(10.0**log10_hz * free * _SHARES * pool.units * pool.terminals_per_unit, 1e-300)

    @staticmethod
    def shifts_mv(pool: Pool, variant: _Variant) -> Floats:
        """Of the terminals of a muscle, from the most excitable on: (_POINTS,)."""
        return _DEVIATIONS * pool.spread_mv * variant.spread + variant.shift_mv


def _ground(system: ChangedSystem) -> _Ground:
    """Look at a terminal without chance, once for each kind."""
    return _looked_at(site_patch(system, "terminal"))


@lru_cache(maxsize=_REMEMBERED)
def _looked_at(patch: Patch) -> _Ground:
    numbers, outside = reduced(patch)
    axon = patch.axon
    found = [
        skeleton(replace(patch, axon=axon.changed({"gate_shift_mv": axon.gate_shift_mv + knot})))
        for knot in KNOTS_MV
    ]
    resting = [
        (knot, one) for knot, one in zip(KNOTS_MV, found, strict=True)
        if one.state == "rests" and math.isfinite(one.sd_mv) and one.resistance_gohm > 0
    ]  # fmt: skip
    state = found[KNOTS_MV.index(0.0)].state
    if not resting:
        # Nothing to look up: it fires at every shift, or at none.
        flat = np.zeros((4, _CURVE + 1))
        silent = math.inf if all(one.state == "blocked" for one in found) else -math.inf
        return _Ground(numbers, (*outside, "firing"), state, flat, 0.0, 0.0, silent, math.inf)
    at = np.array([knot for knot, _ in resting])
    values = np.array(
        [(s.distance, math.log(s.sd_mv), s.rest_mv, math.log(s.resistance_gohm)) for _, s in resting]
    )
    power = min(_CURVE, len(resting) - 1)
    curves = np.array([np.polyfit(at, column, power) for column in values.T])
    curves = np.pad(curves, ((0, 0), (_CURVE - power, 0)))
    blocked = [knot for knot, one in zip(KNOTS_MV, found, strict=True) if one.state == "blocked"]
    below, above = [k for k in blocked if k < at[0]], [k for k in blocked if k > at[-1]]
    return _Ground(
        numbers, outside, state, curves, float(at[0]), float(at[-1]),
        0.5 * (below[-1] + KNOTS_MV[KNOTS_MV.index(below[-1]) + 1]) if below else -math.inf,
        0.5 * (above[0] + KNOTS_MV[KNOTS_MV.index(above[0]) - 1]) if above else math.inf,
    )  # fmt: skip


def _summed(ground: _Ground, pool: Pool, variant: _Variant) -> tuple[float, float]:
    """log10 of the rate of all terminals of a muscle, and its error by the emulator."""
    mean, covariance = shipped_emulator().joint(ground.features(pool, variant))
    rates = ground.rates(mean, pool, variant)
    pull = rates / rates.sum()
    return math.log10(rates.sum()), math.sqrt(max(0.0, pull @ covariance @ pull))
