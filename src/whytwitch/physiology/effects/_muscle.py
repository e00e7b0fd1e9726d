"""From a changed motor unit to the muscle that is recorded: who is left, what fires, how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.effects._axon import AxonEffect
from whytwitch.physiology.effects._effects import Effects, effects
from whytwitch.physiology.muscle import (
    Electrode,
    Fasciculation,
    Muscle,
    RecoveryCycle,
    Simulation,
    Train,
    Voluntary,
    simulate,
)
from whytwitch.physiology.muscle._voluntary import HIGHEST_HZ, LOWEST_HZ
from whytwitch.physiology.scenario import ChangedSystem

ILLUSTRATIVE_RATE_PER_MIN: Final = 20.0
"""Single discharges a minute of a changed muscle unless the caller says. Illustrative, not predicted: how
often a changed axon fires by chance is not computed here."""
ILLUSTRATIVE_TRAINS: Final = 3
"""Units that fire in trains where the model's axon does not rest (illustrative)."""
BURST_S: Final = 0.1
BURST_EVERY_S: Final = 2.0
"""Length of a burst of the drive, and from one to the next (illustrative)."""
LARGEST_LOSS: Final = 0.8
"""Of ``Muscle.lost_units``: what the muscle's model takes."""
SPREAD_OF_JITTER: Final = 1.13 * 2**0.5
"""Mean consecutive difference between two fibers over the SD of one junction (Ekstedt, Nilsson and Stålberg
1974: 1.13 SD; two junctions take part)."""
SPROUT_MCD_US: Final = (56.0, 160.0)
"""The same for mature and immature sprouts in the muscle's model, whose SDs are 35 and 100 µs."""
MYOKYMIA_BELOW_HZ: Final = 30.0
"""Bursts slower than the 30 to 300 Hz of neuromyotonia (Maddison 2006, Clin Neurophysiol 117:2118)."""

NOT_PREDICTED: Final = "How often single discharges come ({rate:g} a minute) is illustrative, not predicted."
AS_ASKED: Final = "Single discharges come as often as was asked ({rate:g} a minute); that is not predicted."


@dataclass(frozen=True)
class MuscleSettings:
    """What a muscle is simulated with.

    Attributes:
        muscle, fasciculation, trains, voluntary: as ``muscle.simulate`` takes them.
        notes: what was assumed on the way, in sentences.
    """

    muscle: Muscle
    fasciculation: Fasciculation
    trains: tuple[Train, ...]
    voluntary: Voluntary | None
    notes: tuple[str, ...]

    def simulate(self, electrode: Electrode | None = None, **more: Any) -> Simulation:
        """Record it; further arguments are those of ``muscle.simulate``.

        Raises:
            PhysiologyError: a value is out of range.
        """
        return simulate(
            self.muscle, electrode, fasciculation=self.fasciculation, trains=self.trains,
            voluntary=self.voluntary, **more,
        )  # fmt: skip


def muscle_of(
    system: ChangedSystem,
    muscle: Muscle | None = None,
    *,
    found: Effects | None = None,
    rate_per_min: float | None = None,
    voluntary: float | None = None,
    duration_s: float = 60.0,
) -> MuscleSettings:
    """What a muscle is and does under a cause.

    Args:
        system: the changed motor unit.
        muscle: before the change; a healthy biceps if None.
        found: its effects, if they are known already.
        rate_per_min: single discharges of the whole muscle; None takes ``ILLUSTRATIVE_RATE_PER_MIN`` where
            the cause changes nerve, junction or motor units, and 0 where it does not.
        voluntary: effort, 0 to 1; None takes the cause's.
        duration_s: how long the drive lasts.

    Raises:
        PhysiologyError: a value is out of range.
    """
    found = found or effects(system)
    changed, about_muscle = _changed_muscle(system, muscle or Muscle())
    peripheral = bool(found.axon or found.terminal or found.junction or system.units)
    rate = (ILLUSTRATIVE_RATE_PER_MIN if peripheral else 0.0) if rate_per_min is None else rate_per_min
    notes = [*about_muscle, *_not_shown(found)]
    if rate:
        notes.append((NOT_PREDICTED if rate_per_min is None else AS_ASKED).format(rate=rate))
    trains = tuple(_trains(found))
    if trains:
        notes.append(f"That {len(trains)} units fire in trains, and how often, is illustrative.")
    drive, about_drive = _voluntary(system, voluntary, duration_s)
    return MuscleSettings(
        changed, _fasciculation(found, rate), trains, drive, tuple(dict.fromkeys([*notes, *about_drive]))
    )


# --- who is left ----------------------------------------------------------------------------------


def _changed_muscle(system: ChangedSystem, muscle: Muscle) -> tuple[Muscle, list[str]]:
    units, notes = system.units, []
    lost = min(1.0 - units.get("survival_fraction", 1.0), 0.99)
    # Fibers that nobody took over are gone with their units: only the share that was taken over counts as
    # lost to the others, and the pool shrinks so that as many units survive as should.
    adopted = units.get("reinnervation", 0.0) * lost / (1.0 - lost)
    shared = min(adopted / (1.0 + adopted), LARGEST_LOSS)
    silent = units.get("conduction_block", 0.0)
    pool = max(1, round(muscle.units * (1.0 - lost) * (1.0 - silent) / (1.0 - shared)))
    jitter = units.get("jitter_us", 0.0)
    if silent:
        notes.append(f"Units whose axon is blocked ({100 * silent:.0f} %) are left out: they are silent.")
    if thinned := min(1.0 - units.get("fiber_fraction", 1.0), 0.95):
        muscle = muscle.myopathic(thinned)
    if jitter and not shared:
        # A mean consecutive difference becomes an SD of one junction; the normal muscle's is the floor.
        muscle = replace(muscle, jitter_ms=max(muscle.jitter_ms, jitter / 1000.0 / SPREAD_OF_JITTER))
    mature, fresh = SPROUT_MCD_US
    immaturity = float(np.clip((jitter - mature) / (fresh - mature), 0.0, 1.0)) if shared else 0.0
    return replace(muscle, units=pool, lost_units=shared, immaturity=immaturity), notes


def _not_shown(found: Effects) -> Iterator[str]:
    if found.fiber is not None and (found.fiber.changed.after_discharge or found.fiber.changed.is_paralyzed):
        yield "What the muscle fiber does by itself (myotonia, paralysis) is not in the recording."
    if found.junction is not None and found.junction.changed.repetitive > found.junction.normal.repetitive:
        yield "That fibers fire again after one impulse is not in the recording, where whole units fire."
    if found.distal is not None and found.distal.changed.mood == "blocked":
        yield "The model's axon is blocked; the recording shows the muscle as if some of it were not."


# --- what fires -----------------------------------------------------------------------------------


def _fasciculation(found: Effects, rate_per_min: float) -> Fasciculation:
    """Where impulses begin: in the terminal where only that is changed, else anywhere alike (judgment)."""
    backfires = found.junction is not None and (
        found.junction.changed.backfiring > found.junction.normal.backfiring
    )
    distal: Literal["terminal", "junction"] = "junction" if backfires and not found.terminal else "terminal"
    only_distal = (found.terminal is not None or backfires) and found.axon is None
    share = 1.0 if only_distal else 0.5 if found.axon is not None else 0.0
    return Fasciculation(
        rate_per_min, terminal_share=share, distal_origin=distal, recovery=_recovery(found.distal)
    )


def _recovery(of: AxonEffect | None) -> RecoveryCycle:
    """The cycle of healthy people, moved as the model's cycle moved: what the model has wrong cancels."""
    people = RecoveryCycle.normal()
    if of is None or of.changed.curves is None or of.normal.curves is None:
        return people
    if "RC" not in of.changed.curves or "RC" not in of.normal.curves:
        return people
    (x, y), (x0, y0) = of.changed.curves["RC"], of.normal.curves["RC"]
    start = max(float(x[0]), float(x0[0]))
    kept = [(t, c) for t, c in zip(people.interval_ms, people.threshold_change_percent, strict=True)
            if t >= start]  # fmt: skip
    moved = [c + float(np.interp(t, x, y) - np.interp(t, x0, y0)) for t, c in kept]
    if len(moved) < 2:
        return people
    return RecoveryCycle(tuple(t for t, _ in kept), tuple(float(np.clip(m, -90.0, 1000.0)) for m in moved))


def _trains(found: Effects) -> Iterator[Train]:
    """Trains where the model's axon fires by itself, or answers one stimulus with three or more impulses."""
    states = [of.changed for of in (found.axon, found.terminal) if of is not None]
    firing = max((state.firing_hz for state in states), default=0.0)
    longest = max(states, key=lambda state: state.spikes_after_stimulus, default=None)
    for _ in range(ILLUSTRATIVE_TRAINS):
        if firing >= MYOKYMIA_BELOW_HZ:
            yield replace(Train.neuromyotonia(), rate_hz=min(firing, 320.0))
        elif firing > 0.0:
            yield replace(Train.myokymia(), rate_hz=max(firing, 1.0))
        elif longest is not None and longest.spikes_after_stimulus > 2:
            gap_ms = float(np.diff(longest.trace.spikes_ms).mean())
            yield Train(
                bursts_per_min=ILLUSTRATIVE_RATE_PER_MIN / ILLUSTRATIVE_TRAINS,
                discharges=float(longest.spikes_after_stimulus),
                rate_hz=float(np.clip(1000.0 / gap_ms, 1.0, 320.0)), kind="multiplet",
            )  # fmt: skip


def _voluntary(
    system: ChangedSystem, asked: float | None, duration_s: float
) -> tuple[Voluntary | None, list[str]]:
    drive = system.drive
    level = drive.get("voluntary", 0.0) if asked is None else asked
    check_range("voluntary effort", level, 0.0, 1.0)
    check_range("duration_s", duration_s, 0.5, 86_400, "s")
    hz, share = drive.get("tremor_hz", 0.0), drive.get("burst", 0.0)
    rhythm = hz if 2.0 <= hz <= 15.0 else None
    notes = []
    if hz and rhythm is None:
        notes.append(f"A rhythm of {hz:g} Hz is below the 2 Hz that the muscle's model takes: left out.")
    top = max(level, _effort(share)) if share else level
    if not top:
        return None, notes
    if rhythm:
        # Each beat of the rhythm is a burst.
        return Voluntary((0.0, duration_s), (top, top), tremor_hz=rhythm), notes
    if not share:
        return Voluntary((0.0, duration_s), (level, level)), notes
    notes.append(f"A burst every {BURST_EVERY_S:g} s is illustrative; it counts as effort in the truth.")
    return _bursts(level, top, duration_s), notes


def _effort(share: float) -> float:
    """Drive that recruits this share of the pool, by the thresholds of ``Voluntary``."""
    widest = Voluntary((0.0, 1.0), (0.0, 0.0)).threshold_range
    return widest**share / (widest + HIGHEST_HZ[1] - LOWEST_HZ)


def _bursts(level: float, top: float, duration_s: float) -> Voluntary:
    edge = BURST_S / 10
    starts = np.arange(0.5 * BURST_EVERY_S, max(duration_s - BURST_S, BURST_EVERY_S), BURST_EVERY_S)
    times, levels = [0.0], [level]
    for start in starts:
        times += [start, start + edge, start + BURST_S - edge, start + BURST_S]
        levels += [level, top, top, level]
    times.append(max(duration_s, times[-1] + edge))
    levels.append(level)
    return Voluntary(tuple(float(t) for t in times), tuple(float(v) for v in levels))
