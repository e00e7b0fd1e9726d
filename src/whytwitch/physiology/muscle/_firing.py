"""When motor units discharge by themselves: fasciculation, doublets, F-waves, trains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle._counts import check_count
from whytwitch.physiology.muscle._recovery import RecoveryCycle

Floats = NDArray[np.float64]

AFTER_DRIVE_MS: Final = 20.0
"""How long whatever started an impulse outlasts it (judgment)."""

F_WAVE_MS: Final = (33.5, 1.5)
"""Mean and SD of the second discharge by way of the cell body: peaks at 32 ms in benign fasciculation and
35 ms in motor neuron disease (Kleine et al. 2012, doi 10.1016/j.clinph.2011.06.032); the SD is a judgment."""


Origin = Literal["axon", "terminal", "junction", "soma"]


class Firing(NamedTuple):
    """One discharge of one unit.

    Attributes:
        unit: row of the unit, smallest first.
        onset_s: when the impulse enters the terminal branches, or begins in one of them.
        origin: where it began; from ``terminal`` and ``junction`` it runs back before it runs out.
        kind: what it is.
    """

    unit: int
    onset_s: float
    origin: Origin = "axon"
    kind: str = "fasciculation"


@dataclass(frozen=True)
class Fasciculation:
    """Spontaneous single discharges of some of the units.

    Attributes:
        rate_per_min: of the whole muscle, in first discharges (doublets and F-waves come on top).
        units: how many units fasciculate. They are drawn at random, and their rates are log-normal.
        rate_spread: SD of the logarithm of their rates (judgment: most of the activity is of few units).
        unit_rates_per_min: the rate of every unit instead, by row; replaces the three above.
        regularity: shape of the gamma distribution of intervals; 1 is a Poisson process.
        doublet_share: chance of a second discharge after a first one, at the normal recovery cycle. With
            another recovery cycle the chance follows: the deeper the superexcitable period, the more.
        f_wave_share: chance that a discharge comes back from the cell body some 33 ms later.
        terminal_share: share of discharges that begin in a terminal branch: the unit's fibers then fire in
            another order, so that its potential is slightly different.
        distal_origin: what such a beginning is called in the truth: a branch or its junction.
        recovery: of the axon.

    Raises:
        PhysiologyError: a value is out of range.
    """

    rate_per_min: float = 20.0
    units: int = 6
    rate_spread: float = 0.8
    unit_rates_per_min: tuple[float, ...] = ()
    regularity: float = 1.0
    doublet_share: float = 0.05
    f_wave_share: float = 0.0
    terminal_share: float = 0.0
    distal_origin: Literal["terminal", "junction"] = "terminal"
    recovery: RecoveryCycle = field(default_factory=RecoveryCycle.normal)

    def __post_init__(self) -> None:
        check_range("rate_per_min of fasciculation", self.rate_per_min, 0, 6000, "a minute")
        check_count("units that fasciculate", self.units, 1, 2000)
        check_range("rate_spread", self.rate_spread, 0, 3)
        check_range("regularity", self.regularity, 0.2, 50)
        for rate in self.unit_rates_per_min:
            check_range("unit_rates_per_min", rate, 0, 1200, "a minute")
        for name in ("doublet_share", "f_wave_share", "terminal_share"):
            check_range(name, getattr(self, name), 0, 1 if name == "terminal_share" else 0.9)
        if self.distal_origin not in ("terminal", "junction"):
            raise PhysiologyError(f"distal_origin is {self.distal_origin!r}: it is 'terminal' or 'junction'")


@dataclass(frozen=True)
class Train:
    """Grouped discharges of one unit, again and again.

    Attributes:
        unit: row of the unit; None draws one.
        bursts_per_min: how often a group comes; its intervals vary by a fifth.
        discharges: mean number in a group (at least 2).
        rate_hz: at the beginning of a group. ``lengthening``: by which share each interval exceeds the last.
        interval_cv: how unevenly intervals vary.
        kind: name of the pattern in the truth.

    Raises:
        PhysiologyError: a value is out of range.
    """

    unit: int | None = None
    bursts_per_min: float = 30.0
    discharges: float = 5.0
    rate_hz: float = 40.0
    lengthening: float = 0.0
    interval_cv: float = 0.1
    kind: str = "train"

    def __post_init__(self) -> None:
        check_range("bursts_per_min", self.bursts_per_min, 0, 600, "a minute")
        check_range("discharges of a train", self.discharges, 2, 500)
        check_range("rate_hz of a train", self.rate_hz, 1, 320, "Hz")
        check_range("lengthening", self.lengthening, 0, 1)
        check_range("interval_cv", self.interval_cv, 0, 0.5)
        if self.unit is not None:
            check_count("unit of a train", self.unit, 0, 1999)

    @staticmethod
    def myokymia(unit: int | None = None) -> Train:
        """Groups that come back almost regularly, here every two seconds (rates within are a judgment)."""
        return Train(unit, bursts_per_min=30, discharges=6, rate_hz=40, interval_cv=0.15, kind="myokymia")

    @staticmethod
    def neuromyotonia(unit: int | None = None) -> Train:
        """Irregular bursts of 30 to 300 Hz (Maddison 2006, Clin Neurophysiol 117:2118), here from 150 Hz,
        whose intervals lengthen (doi 10.1002/mus.20849).
        """
        return Train(
            unit, bursts_per_min=10, discharges=20, rate_hz=150, lengthening=0.06, kind="neuromyotonia"
        )


def fasciculate(
    plan: Fasciculation, n_units: int, duration_s: float, rng: np.random.Generator
) -> list[Firing]:
    """Discharges of all units.

    Raises:
        PhysiologyError: rates are given for another number of units.
    """
    rates = _rates(plan, n_units, rng)
    after, chance, drive = _after(plan)
    found: list[Firing] = []
    for unit in np.flatnonzero(rates):
        for onset in _renewal(rates[unit] / 60, plan.regularity, duration_s, rng):
            origin = plan.distal_origin if rng.random() < plan.terminal_share else "axon"
            found.append(Firing(int(unit), float(onset), origin, "fasciculation"))
            last = float(onset)
            while (second := _draw_after(after, chance, drive, rng)) is not None:
                last += second
                found.append(Firing(int(unit), last, origin, "doublet"))
            if rng.random() < plan.f_wave_share:
                back = last + 1e-3 * rng.normal(*F_WAVE_MS)
                found.append(Firing(int(unit), back, "soma", "f_wave"))
    return found


def _rates(plan: Fasciculation, n_units: int, rng: np.random.Generator) -> Floats:
    if plan.unit_rates_per_min:
        if len(plan.unit_rates_per_min) != n_units:
            raise PhysiologyError(
                f"unit_rates_per_min has {len(plan.unit_rates_per_min)} rates: the muscle has {n_units} units"
            )
        return np.array(plan.unit_rates_per_min)
    chosen = rng.permutation(n_units)[: plan.units]
    raw = np.exp(plan.rate_spread * rng.normal(size=len(chosen)))
    rates = np.zeros(n_units)
    rates[chosen] = plan.rate_per_min * raw / raw.sum()
    return rates


def _renewal(rate_hz: float, shape: float, duration_s: float, rng: np.random.Generator) -> Floats:
    """A gamma renewal process that has been going on for ever."""
    n = int(rate_hz * duration_s * 1.5 + 10 * np.sqrt(rate_hz * duration_s + 1) + 20)
    times = np.cumsum(rng.gamma(shape, 1 / (rate_hz * shape), n)) - rng.uniform(0, 10 / rate_hz)
    while times[-1] < duration_s:
        times = np.concatenate([times, times[-1] + np.cumsum(rng.gamma(shape, 1 / (rate_hz * shape), n))])
    return times[(times >= 0) & (times < duration_s)]


def _after(plan: Fasciculation) -> tuple[Floats, Floats, float]:
    """Intervals in s, the relative hazard of a second discharge at each, and the strength that scales it."""
    after_ms = np.arange(0.05, 120.0, 0.1)
    fading = np.exp(-after_ms / AFTER_DRIVE_MS) * 1e-4
    normal = float((RecoveryCycle.normal().chance(after_ms) * fading).sum())
    return after_ms * 1e-3, plan.recovery.chance(after_ms) * fading, -np.log1p(-plan.doublet_share) / normal


def _draw_after(after_s: Floats, chance: Floats, drive: float, rng: np.random.Generator) -> float | None:
    """The interval to a second discharge, where there is one: an inhomogeneous Poisson process."""
    reached = np.cumsum(chance) * drive
    target = rng.exponential()
    return float(after_s[np.searchsorted(reached, target)]) if target < reached[-1] else None


def fire_train(train: Train, n_units: int, duration_s: float, rng: np.random.Generator) -> list[Firing]:
    """Discharges of one train.

    Raises:
        PhysiologyError: there is no such unit.
    """
    unit = int(rng.integers(n_units)) if train.unit is None else train.unit
    if unit >= n_units:
        raise PhysiologyError(f"unit of a train is {unit}: the muscle has rows 0 to {n_units - 1}")
    found: list[Firing] = []
    if not train.bursts_per_min:
        return found
    for start in _renewal(train.bursts_per_min / 60, 25.0, duration_s, rng):
        n = 2 + rng.poisson(train.discharges - 2)
        steps = (1 + train.lengthening) ** np.arange(n - 1) / train.rate_hz
        steps *= np.clip(1 + train.interval_cv * rng.normal(size=n - 1), 0.3, 2.0)
        onsets = start + np.concatenate([[0.0], np.cumsum(steps)])
        found += [Firing(unit, float(onset), "terminal", train.kind) for onset in onsets]
    return found
