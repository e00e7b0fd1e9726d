"""From a changed motor unit to how often its muscle twitches, by the emulator: a blink.

Terminals of one muscle differ: each has its own shift of the gates, drawn from a normal distribution. The few
most excitable ones make most of the discharges, as a twitching muscle twitches in the same few places.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.ions import Bath, surface_shift_mv
from whytwitch.physiology.noise import Patch
from whytwitch.physiology.rate._emulator import features_from, shipped_emulator
from whytwitch.physiology.rate._parameters import NAMES, reduced
from whytwitch.physiology.rate._sites import Pool, site_patch
from whytwitch.physiology.rate._skeleton import Skeleton, State, skeleton
from whytwitch.physiology.scenario import ChangedSystem, Operation

Floats = NDArray[np.float64]

APART_MV: Final = 2.5
"""Terminals are looked at without chance where their gates are shifted by whole multiples of this; the
numbers of others are read between them by cubics. That errs by 0.02 decades of a muscle's rate at most
(tests)."""
REACH_MV: Final = (-7.5, 2.5)
"""So far about the typical terminal of a muscle one has to look; beyond, the last one stands for all."""
_SHIFTED: Final = (-15.0, 20.0)
"""Shifts about which that can be done within what an axon takes."""
_HALVINGS: Final = 3
"""Where terminals begin to be blocked is found to an eighth of ``APART_MV``."""
_REMEMBERED: Final = 512
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
        log10_hz: of all its terminals together.
        state: what the typical terminal does without chance.
        outside: quantities beyond what the emulator was taught; empty if all are known ground.
        pool: of which muscle.
    """

    log10_hz: float
    state: State
    outside: tuple[str, ...]
    pool: Pool
    _site: _Site = field(repr=False)

    @property
    def low_log10_hz(self) -> float:
        """Lower end of the 90 % interval, by the error of the emulator and by what is not known of the model.

        It spans decades: ratios are what counts.
        """
        return _limits(self._site, self.pool)[0]

    @property
    def high_log10_hz(self) -> float:
        """Its upper end."""
        return _limits(self._site, self.pool)[1]

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
    pool, site = pool or Pool(), _site(system)
    return Prediction(_summed(site, pool, _ASSUMED).log10_hz, site.state, site.outside, pool, site)


@lru_cache(maxsize=_REMEMBERED)
def _limits(site: _Site, pool: Pool) -> tuple[float, float]:
    usual = _summed(site, pool, _ASSUMED)
    _, covariance = shipped_emulator().joint(usual.features)
    error = float(usual.shares @ covariance @ usual.shares)
    return _with_doubt(lambda variant: _summed(site, pool, variant).log10_hz, error)[1:]


def ratio(changed: ChangedSystem, reference: ChangedSystem, pool: Pool | None = None) -> Ratio:
    """The rate of one muscle over that of the same muscle otherwise.

    Args:
        changed: above the line.
        reference: below it; ``ChangedSystem()`` is the normal one.
        pool: of which muscle.

    Raises:
        PhysiologyError: a value that the model of the terminal does not take.
    """
    return _ratio(_site(changed), _site(reference), pool or Pool())


@lru_cache(maxsize=_REMEMBERED)
def _ratio(changed: _Site, reference: _Site, pool: Pool) -> Ratio:
    if changed is reference:
        return Ratio(0.0, 0.0, 0.0)
    upper, lower = (_summed(site, pool, _ASSUMED) for site in (changed, reference))
    _, covariance = shipped_emulator().joint(np.vstack([upper.features, lower.features]))
    pull = np.concatenate([upper.shares, -lower.shares])

    def log10_ratio(variant: _Variant) -> float:
        return _summed(changed, pool, variant).log10_hz - _summed(reference, pool, variant).log10_hz

    return Ratio(*_with_doubt(log10_ratio, float(pull @ covariance @ pull)))


def _with_doubt(estimate: Callable[[_Variant], float], error: float) -> tuple[float, float, float]:
    """A number as the model is assumed, and the ends of its interval: its own error (a variance), and what
    other variants of the model would make of it.
    """
    middle = estimate(_ASSUMED)
    variance = max(0.0, error)
    for low, high in _UNSURE:
        variance += (0.5 * (estimate(low) - estimate(high))) ** 2
    reach = _Z90 * math.sqrt(variance)
    return middle, middle - reach, middle + reach


def shared_out(system: ChangedSystem, pool: Pool | None = None) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Which terminals discharge: shifts of their gates in mV (n,), shares of the rate (n,), and what lies
    outside the emulator's ground.
    """
    pool, site = pool or Pool(), _site(system)
    return _DEVIATIONS * pool.spread_mv, _summed(site, pool, _ASSUMED).shares, site.outside


@dataclass(frozen=True, eq=False, slots=True)
class _Site:
    """The terminals of a changed muscle without chance, at any shift of their gates.

    Attributes:
        numbers: (19,) of the typical one. outside: what the emulator does not know of it.
        state: of the typical one.
        first_mv: shift of the first that rests, from that of the typical one.
        values: (n, 4) distance, log of noise, rest and log of resistance of those that rest, ``APART_MV``
            apart; no rows if none does.
        blocked_below_mv, blocked_above_mv: beyond these they cannot fire.
    """

    numbers: Floats
    outside: tuple[str, ...]
    state: State
    first_mv: float
    values: Floats
    blocked_below_mv: float
    blocked_above_mv: float

    def features(self, pool: Pool, variant: _Variant) -> Floats:
        """What the emulator looks at, for the terminals of a muscle: (_POINTS, 23)."""
        shift = _shifts_mv(pool, variant)
        rows = np.tile(self.numbers, (_POINTS, 1))
        rows[:, _SHIFT] += shift
        rows[:, _CHANNELS] *= variant.channels
        read = _between(self.values, (shift - self.first_mv) / APART_MV)
        distance, noise, rest, resistance = read.T
        root = math.sqrt(variant.channels)
        return features_from(
            rows, np.column_stack([distance * root, np.exp(noise) / root, rest, np.exp(resistance)])
        )

    def rates(self, log10_hz: Floats, pool: Pool, variant: _Variant) -> Floats:
        """Summed rates in Hz of the terminals at each shift, (_POINTS,)."""
        shift = _shifts_mv(pool, variant)
        free = (shift > self.blocked_below_mv) & (shift < self.blocked_above_mv)
        # Something has to be left to take a logarithm of.
        return np.maximum(10.0**log10_hz * free * _SHARES * pool.units * pool.terminals_per_unit, 1e-300)


def _between(values: Floats, at: Floats) -> Floats:
    """Rows read between equally spaced ones, by the cubic through the four nearest; beyond, the last one.

    Args:
        values: (n, 4).
        at: (m,) in steps from the first.

    Returns:
        (m, 4); zeros where there is nothing to read.
    """
    count = min(4, len(values))
    read = np.zeros((at.size, 4))
    at = np.clip(at, 0, max(0, len(values) - 1))
    start = np.clip(np.floor(at).astype(int) - 1, 0, len(values) - count)
    for j in range(count):
        weight = np.ones(at.size)
        for other in range(count):
            if other != j:
                weight *= (at - start - other) / (j - other)
        read += weight[:, None] * values[start + j]
    return read


def _shifts_mv(pool: Pool, variant: _Variant) -> Floats:
    """Of the terminals of a muscle, from the most excitable on: (_POINTS,)."""
    return _DEVIATIONS * pool.spread_mv * variant.spread + variant.shift_mv


def _site(system: ChangedSystem) -> _Site:
    """Look at the terminals without chance, once for each kind."""
    return _site_after(system.operations)


@lru_cache(maxsize=_REMEMBERED)
def _site_after(operations: tuple[Operation, ...]) -> _Site:
    return _site_of(site_patch(ChangedSystem(operations), "terminal"))


@lru_cache(maxsize=_REMEMBERED)
def _site_of(patch: Patch) -> _Site:
    numbers, outside = reduced(patch)
    typical = float(numbers[_SHIFT])
    bare, offset = patch, 0.0
    if _SHIFTED[0] <= typical <= _SHIFTED[1]:
        # Calcium, magnesium and acid act by the shift alone: terminals that differ in them are alike.
        bath = patch.axon.bath
        bath = Bath(
            potassium_mmol_l=bath.potassium_mmol_l, sodium_mmol_l=bath.sodium_mmol_l,
            temperature_c=bath.temperature_c,
        )  # fmt: skip
        bare = replace(patch, axon=replace(patch.axon, bath=bath, gate_shift_mv=-surface_shift_mv(bath)))
        offset = typical
    first = math.floor((offset + REACH_MV[0]) / APART_MV)
    last = math.ceil((offset + REACH_MV[1]) / APART_MV)
    found = {k: _skeleton_at(bare, APART_MV * k) for k in range(first, last + 1)}
    resting = [k for k, one in found.items() if _is_known(one)]
    here = found[math.floor(offset / APART_MV)].state
    if here != found[math.ceil(offset / APART_MV)].state:
        here = _skeleton_at(bare, offset).state
    if not resting:
        # Nothing to look up: it fires at every shift, or at none.
        silent = math.inf if all(one.state == "blocked" for one in found.values()) else -math.inf
        return _Site(numbers, (*outside, "firing"), here, 0.0, np.zeros((1, 4)), silent, math.inf)
    values = np.array([_numbers_of(found[k]) for k in range(resting[0], resting[-1] + 1) if k in resting])
    below = [k for k in found if k < resting[0] and found[k].state == "blocked"]
    above = [k for k in found if k > resting[-1] and found[k].state == "blocked"]
    return _Site(
        numbers, outside, here, APART_MV * resting[0] - offset, values,
        _edge_mv(bare, below[-1], below[-1] + 1) - offset if below else -math.inf,
        _edge_mv(bare, above[0], above[0] - 1) - offset if above else math.inf,
    )  # fmt: skip


def _is_known(one: Skeleton) -> bool:
    """Whether its distance from firing is a number."""
    return one.state == "rests" and math.isfinite(one.sd_mv) and one.resistance_gohm > 0


def _numbers_of(one: Skeleton) -> tuple[float, float, float, float]:
    return one.distance, math.log(one.sd_mv), one.rest_mv, math.log(one.resistance_gohm)


def _edge_mv(bare: Patch, blocked: float, free: float) -> float:
    """Shift between a terminal that is blocked and one that is not, both in steps, at which that changes."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (blocked + free)
        if _skeleton_at(bare, APART_MV * middle).state == "blocked":
            blocked = middle
        else:
            free = middle
    return APART_MV * 0.5 * (blocked + free)


@lru_cache(maxsize=8 * _REMEMBERED)
def _skeleton_at(bare: Patch, shift_mv: float) -> Skeleton:
    axon = bare.axon
    shifted = axon.changed({"gate_shift_mv": axon.gate_shift_mv + shift_mv})
    return skeleton(replace(bare, axon=shifted), counted=False)


@dataclass(frozen=True, eq=False, slots=True)
class _Sum:
    """The terminals of a muscle together: log10 of their rate, each one's share of it, what was looked up."""

    log10_hz: float
    shares: Floats
    features: Floats


@lru_cache(maxsize=8 * _REMEMBERED)
def _summed(site: _Site, pool: Pool, variant: _Variant) -> _Sum:
    features = site.features(pool, variant)
    rates = site.rates(shipped_emulator().mean(features), pool, variant)
    total = float(rates.sum())
    return _Sum(math.log10(total), rates / total, features)
