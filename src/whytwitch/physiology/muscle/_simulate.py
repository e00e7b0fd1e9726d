"""From a muscle, an electrode and what it does, to a recording with its truth: the main flow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle._background import Amplifier, Background, Contamination, filtered
from whytwitch.physiology.muscle._counts import check_count
from whytwitch.physiology.muscle._electrodes import Electrode, Layout, SurfaceGrid, is_needle, layout_of
from whytwitch.physiology.muscle._firing import Fasciculation, Firing, Train, fasciculate, fire_train
from whytwitch.physiology.muscle._muscle import Muscle
from whytwitch.physiology.muscle._potentials import Eye, Parts, as_recorded, starts_ms, whole
from whytwitch.physiology.muscle._recording import as_recording, write_dataset
from whytwitch.physiology.muscle._render import add_unit
from whytwitch.physiology.muscle._skin import skin_table
from whytwitch.physiology.muscle._source import SUPPORT_MM
from whytwitch.physiology.muscle._truth import Discharges, MotorUnit, Truth
from whytwitch.physiology.muscle._units import UnitPlan, draw_units
from whytwitch.physiology.muscle._voluntary import Voluntary, contract
from whytwitch.recording import Recording

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

Progress = Callable[[str, float], None]
"""Told the stage and the share of it that is done."""

STRETCH_S: Final = 5.0
LONGEST_IN_MEMORY: Final = 1 << 30
"""Most samples (channels times time) that are kept without a file: 4 GiB."""
REFRACTORY_S: Final = 0.002
"""A unit's second discharge within this time cannot be."""
DISTAL: Final = ("terminal", "junction")


@dataclass(frozen=True)
class Simulation:
    """A recording, and what is truly in it."""

    recording: Recording
    truth: Truth

    def write_bids(
        self, root: str | os.PathLike[str], *, subject: str, task: str = "rest", overwrite: bool = False
    ) -> Path:
        """Write both into a BIDS dataset: the truth as events, with the units in their sidecar.

        Returns:
            The signal file.

        Raises:
            whytwitch.recording.RecordingError: a label is impossible, or the recording is there already.
        """
        return write_dataset(
            self.recording, self.truth, root, subject=subject, task=task, overwrite=overwrite
        )


def simulate(
    muscle: Muscle | None = None,
    electrode: Electrode | None = None,
    *,
    duration_s: float = 60.0,
    sampling_rate_hz: float | None = None,
    fasciculation: Fasciculation | None = None,
    trains: Iterable[Train] = (),
    voluntary: Voluntary | None = None,
    firings: Iterable[Firing] = (),
    background: Background | None = None,
    amplifier: Amplifier | None = None,
    seed: int = 0,
    samples_file: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Make a recording of a muscle whose every discharge is known.

    The same arguments and seed give the same muscle, discharges and samples. What is changed changes alone:
    another background leaves the units and their discharges as they were.

    Args:
        muscle: default: a healthy biceps.
        electrode: default: a grid of 8 by 8 on the skin.
        duration_s: of the recording, up to a day.
        sampling_rate_hz: default: 2048 on the skin, 20000 at a needle.
        fasciculation: default: a few units at rest; with ``trains``, ``voluntary`` or ``firings`` none.
        trains: groups of discharges, one unit each.
        voluntary: effort.
        firings: further discharges, each given, as from a model of the axon.
        background: default: noise alone.
        amplifier: default: the usual band of the electrode.
        seed: of everything that is drawn.
        samples_file: where samples go (float32, channels by time); default: memory.
        progress: called with the stage and the share of it that is done.

    Raises:
        PhysiologyError: a value is out of range, or too much to keep in memory.
    """
    muscle, electrode = muscle or Muscle(), electrode or SurfaceGrid()
    plan = _Plan(tuple(trains), tuple(firings), voluntary, fasciculation)
    rate = _rate(electrode, sampling_rate_hz)
    check_range("duration_s", duration_s, 0.5, 86_400, "s")
    tell = progress or _nobody
    draws = _draws(seed)

    # Who is there, when each discharges, and what each looks like.
    layout, units = layout_of(electrode), draw_units(muscle, draws.units)
    firing = _discharges(plan, units, duration_s, draws.firing)
    sections = (amplifier or Amplifier()).sections(rate, needle=is_needle(electrode))
    n_channels, n = len(layout.names), round(duration_s * rate)
    noise = Contamination(background or Background(), n_channels, rate, duration_s, draws.noise, sections,
                          needle=is_needle(electrode))  # fmt: skip
    tell("conductor", 0.0)
    eye = _eye(muscle, electrode, layout, units, rate)

    # One unit after the other into the signal, then noise and amplifier from front to back.
    samples = _room(n_channels, n, samples_file)
    seen = []
    for k, unit in enumerate(units):
        tell("units", k / len(units))
        mine = firing.unit == k
        distal = np.isin(firing.origin[mine], DISTAL)
        parts = eye.parts(unit, apart=bool(distal.any()))
        add_unit(samples, parts, unit, firing.onset_s[mine], distal, rate, draws.shapes)
        seen.append(_Seen(*_described(unit, parts, sections, rate)))
    _amplify(samples, noise, sections, round(STRETCH_S * rate), tell)

    truth = Truth(
        units=tuple(one.unit for one in seen),
        discharges=_with_peaks(firing, seen),
        artifacts=tuple(noise.artifacts),
        voluntary_s=voluntary.stretches_s() if voluntary else np.zeros((0, 2)),
        settings=_settings(muscle, electrode, plan, background, amplifier, rate, duration_s, seed),
    )
    return Simulation(as_recording(samples, layout, muscle, electrode, rate, background), truth)


@dataclass(frozen=True)
class _Plan:
    """What the muscle does."""

    trains: tuple[Train, ...]
    firings: tuple[Firing, ...]
    voluntary: Voluntary | None
    asked: Fasciculation | None

    @property
    def fasciculation(self) -> Fasciculation | None:
        """What was asked for, or a few units where nothing was."""
        idle = not (self.trains or self.firings or self.voluntary)
        return self.asked or (Fasciculation() if idle else None)


class _Draws(NamedTuple):
    """Independent streams, so that one matter never changes another's numbers."""

    units: np.random.Generator
    firing: np.random.Generator
    shapes: np.random.Generator
    noise: np.random.Generator


class _Seen(NamedTuple):
    """A unit as recorded, and when its potential peaks after an impulse of distal origin."""

    unit: MotorUnit
    distal_peak_ms: float


def _draws(seed: int) -> _Draws:
    check_count("seed", seed, 0, 2**63)
    return _Draws(*(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4)))


def _rate(electrode: Electrode, asked: float | None) -> float:
    if asked is None:
        return 20_000.0 if is_needle(electrode) else 2048.0
    low, high = (4000.0, 100_000.0) if is_needle(electrode) else (500.0, 20_000.0)
    check_range("sampling_rate_hz", asked, low, high, "Hz")
    return float(asked)


def _discharges(
    plan: _Plan, units: tuple[UnitPlan, ...], duration_s: float, rng: np.random.Generator
) -> Discharges:
    """All that is to happen, without what a unit could not do; peaks are not known yet."""
    n = len(units)
    found: list[Firing] = []
    if plan.fasciculation:
        found += fasciculate(plan.fasciculation, n, duration_s, rng)
    for train in plan.trains:
        found += fire_train(train, n, duration_s, rng)
    if plan.voluntary:
        found += contract(plan.voluntary, np.array([unit.size_rank for unit in units]), duration_s, rng)
    for firing in plan.firings:
        check_count("unit of a firing", firing.unit, 0, n - 1)
        check_range("onset_s of a firing", float(firing.onset_s), 0, duration_s, "s")
        if firing.origin not in ("axon", "soma", *DISTAL):
            raise PhysiologyError(
                f"origin of a firing is {firing.origin!r}: axon, terminal, junction or soma"
            )
        found.append(firing)
    found.sort(key=lambda one: one.onset_s)
    last = np.full(n, -np.inf)
    kept: list[Firing] = []
    for one in found:
        if one.onset_s - last[one.unit] >= REFRACTORY_S and one.onset_s < duration_s:
            last[one.unit] = one.onset_s
            kept.append(one)
    onset = np.array([one.onset_s for one in kept])
    return Discharges(
        np.array([one.unit for one in kept], dtype=np.int64), onset, onset,
        np.array([one.origin for one in kept], dtype=str),
        np.array([one.kind for one in kept], dtype=str),
    )  # fmt: skip


def _eye(
    muscle: Muscle, electrode: Electrode, layout: Layout, units: tuple[UnitPlan, ...], rate: float
) -> Eye:
    """Potentials last until the slowest fiber's end-effect is over."""
    slowest = min(float(unit.fibers.velocity_m_per_s.min()) for unit in units)
    longest = max(float((unit.fibers.up_mm - unit.fibers.down_mm).max()) for unit in units)
    late = max(float(2 * unit.path_ms.max() + unit.fibers.twig_ms.max()) for unit in units)
    last_ms = min(0.65 * longest / slowest + SUPPORT_MM / slowest + late, 90.0) + 2.0
    table = None
    if not is_needle(electrode):
        deepest = max(float(unit.fibers.depth_mm.max()) for unit in units)
        table = skin_table(muscle.tissue, layout.contact_radius_mm, deepest)
    return Eye(muscle.tissue, layout, table, rate, 16 * int(np.ceil(last_ms * 1e-3 * rate / 16)))


def _room(n_channels: int, n: int, file: str | os.PathLike[str] | None) -> Singles:
    if file is not None:
        return np.memmap(file, np.float32, "w+", shape=(n_channels, n))
    if n_channels * n > LONGEST_IN_MEMORY:
        size = n_channels * n * 4 / 2**30
        raise PhysiologyError(
            f"{n_channels} channels of {n} samples take {size:.0f} GiB: give samples_file "
            f"or make it shorter; without a file at most {LONGEST_IN_MEMORY * 4 >> 30} GiB are kept"
        )
    return np.zeros((n_channels, n), np.float32)


def _described(unit: UnitPlan, parts: Parts, sections: Floats, rate: float) -> tuple[MotorUnit, float]:
    """A unit as the amplifier shows it; peak times of proximal and distal impulses."""
    template = as_recorded(whole(parts, starts_ms(parts, unit, distal=False), rate)[:, 0], sections)
    best = int(np.argmax(np.ptp(template, axis=1)))
    far = as_recorded(whole(parts, starts_ms(parts, unit, distal=True), rate)[best : best + 1, 0], sections)
    times, height = 1000.0 * np.arange(template.shape[1]) / rate, np.abs(template).max(axis=0)
    told = MotorUnit(
        x_mm=unit.x_mm, depth_mm=unit.depth_mm, zone_mm=unit.zone_mm, territory_mm=unit.territory_mm,
        fibers=len(unit.fibers), adopted_fibers=unit.adopted, size_rank=unit.size_rank,
        velocity_m_per_s=float(unit.fibers.velocity_m_per_s.mean()), template=template, times_ms=times,
        amplitude_uv=float(np.ptp(template[best])), best_channel=best,
        peak_ms=float(times[np.argmax(np.abs(template[best]))]),
        end_ms=float(times[np.flatnonzero(height >= 0.1 * height.max())[-1]]),
        stable=not (parts.jitter_ms.any() or parts.block.any()),
    )  # fmt: skip
    return told, float(times[np.argmax(np.abs(far[0]))])


def _amplify(samples: Singles, noise: Contamination, sections: Floats, step: int, tell: Progress) -> None:
    n_channels, n = samples.shape
    state = np.zeros((len(sections), n_channels, 2))
    for start in range(0, n, step):
        tell("noise", start / n)
        piece = np.array(samples[:, start : start + step])
        noise.add(piece, start)
        samples[:, start : start + step] = filtered(piece, sections, state)
    tell("noise", 1.0)


def _with_peaks(firing: Discharges, seen: list[_Seen]) -> Discharges:
    near = np.array([one.unit.peak_ms for one in seen])[firing.unit]
    far = np.array([one.distal_peak_ms for one in seen])[firing.unit]
    peak = firing.onset_s + 1e-3 * np.where(np.isin(firing.origin, DISTAL), far, near)
    return Discharges(firing.unit, firing.onset_s, peak, firing.origin, firing.kind)


def _settings(
    muscle: Muscle, electrode: Electrode, plan: _Plan, background: Background | None,
    amplifier: Amplifier | None, rate: float, duration_s: float, seed: int,
) -> dict[str, Any]:  # fmt: skip
    return {
        "muscle": asdict(muscle),
        "electrode": {"type": type(electrode).__name__, **asdict(electrode)},
        "fasciculation": asdict(plan.fasciculation) if plan.fasciculation else None,
        "trains": [asdict(train) for train in plan.trains],
        "voluntary": asdict(plan.voluntary) if plan.voluntary else None,
        "given_discharges": len(plan.firings),
        "background": asdict(background or Background()),
        "amplifier": asdict(amplifier or Amplifier()),
        "sampling_rate_hz": rate, "duration_s": duration_s, "seed": seed,
    }  # fmt: skip


def _nobody(_stage: str, _share: float) -> None:
    """Nobody listens."""
