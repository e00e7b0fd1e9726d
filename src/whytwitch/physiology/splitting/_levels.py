"""The pilot: where rest ends, and levels up to the event, each passed by a third of the trajectories."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.splitting._process import (
    REACHED,
    Basin,
    Floats,
    Process,
    Progress,
    Shots,
    Whole,
    Words,
    decided,
)

_FIRST_STEPS: Final = 20_000
_CROSSINGS: Final = 200
_SHOTS: Final = 500
_MOST_SHOTS: Final = 20_000
_FEWEST: Final = 15
_MOST_LEVELS: Final = 200
# Above the median a trajectory is soon back; at the ninth decile it starts often, and seldom twice for one
# reason.
_LEAVE_QUANTILE: Final = 0.5
_FIRST_QUANTILE: Final = 0.9
_PASS: Final = 0.3
"""Share of trajectories that pass a level: the best is flat, 0.1 to 0.35."""
_LAST_PASS: Final = 0.15
"""Once so many reach the event itself, no further level is put below it."""
_FREQUENT: Final = 0.05
"""If so many that leave rest come to the event, counting is cheaper than splitting."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Levels:
    """Levels between rest and event, and what the pilot saw of them.

    Attributes:
        leave: coordinate below which the process is at rest.
        values: float64 (levels,), ascending; the last is the event. Only that one: the event is frequent.
        probabilities: float64 (levels - 1,), the pilot's rough chance to come from each level to the next.
        crossings_per_step: effective crossings of the first level in a step at rest.
        pilot_steps: what the pilot cost.

    Raises:
        PhysiologyError: the levels do not ascend from ``leave``.
    """

    leave: float
    values: Floats
    probabilities: Floats
    crossings_per_step: float
    pilot_steps: int = 0

    def __post_init__(self) -> None:
        values = np.asarray(self.values, np.float64)
        ladder = np.concatenate([[self.leave], values])
        if (
            values.ndim != 1
            or not values.size
            or not np.isfinite(ladder).all()
            or (np.diff(ladder) <= 0).any()
        ):
            raise PhysiologyError(f"levels are {ladder.tolist()}: give finite values that ascend from leave")
        if np.shape(self.probabilities) != (values.size - 1,):
            raise PhysiologyError(
                f"probabilities have shape {np.shape(self.probabilities)}: give one a level, but the last"
            )
        if not self.crossings_per_step > 0:
            raise PhysiologyError(f"crossings_per_step is {self.crossings_per_step!r}: it must be above 0")

    @property
    def frequent(self) -> bool:
        """Whether the event is so frequent that it is better counted."""
        return len(self.values) == 1


def place_levels(
    process: Process,
    *,
    seed: int = 0,
    max_shot_steps: int = 2_000_000,
    max_node_steps: int = 100_000_000,
    progress: Progress | None = None,
) -> Levels:
    """Find levels by a pilot run.

    Rest is below the median of the coordinate. The first level is its ninth decile. From there each level is
    where about 30 % of the trajectories from the one before come to, which holds for coordinates that jump,
    too.

    Args:
        process: what is watched.
        seed: of the pilot.
        max_shot_steps: a trajectory that has not decided after so many is an error.
        max_node_steps: give up when the pilot has cost so many.
        progress: called with the stage and the share of it that is done.

    Raises:
        PhysiologyError: the coordinate does not vary, does not rise, or stays between two levels.
    """
    pilot = _Pilot(process, np.random.default_rng([seed, 0]), max_shot_steps, max_node_steps)
    basin, leave, first = pilot.rest()
    if progress:
        progress("pilot", 0.2)
    event = process.event_level
    rate = basin.counts[0] / basin.steps
    if basin.counts[-1] >= _FREQUENT * basin.counts[0]:
        return Levels(
            leave=leave,
            values=np.array([event]),
            probabilities=np.empty(0),
            crossings_per_step=basin.counts[-1] / basin.steps,
            pilot_steps=pilot.spent,
        )
    values, shares, starts = [first], [], basin.entrances
    while values[-1] < event:
        level, share, starts = pilot.climb(starts, leave, values[-1])
        values.append(level)
        shares.append(share)
        if len(values) > _MOST_LEVELS:
            raise PhysiologyError(
                f"{_MOST_LEVELS} levels lead from {first:g} only to {level:g}, and the event is at "
                f"{event:g}: it is too rare, or out of reach"
            )
        if progress:
            progress("pilot", 0.2 + 0.8 * (level - first) / (event - first))
    return Levels(
        leave=leave,
        values=np.array(values),
        probabilities=np.array(shares),
        crossings_per_step=rate,
        pilot_steps=pilot.spent,
    )


@dataclass
class _Pilot:
    process: Process
    random: np.random.Generator
    max_shot_steps: int
    max_node_steps: int
    spent: int = 0

    def rest(self) -> tuple[Basin, float, float]:
        """A run at rest with enough crossings of the first level; where rest ends, and that level."""
        event = self.process.event_level
        steps = _FIRST_STEPS
        found = self._basin(steps, event, np.array([event]))
        while True:
            leave, first = _bounds(found.sample, event)
            levels = np.array([first, event] if first < event else [event])
            found = self._basin(steps, leave, levels)
            if found.counts[0] >= _CROSSINGS:
                return found, leave, first
            steps *= 4 if 4 * found.counts[0] < _CROSSINGS else 2

    def _basin(self, steps: int, leave: float, levels: Floats) -> Basin:
        if self.spent + steps > self.max_node_steps:
            raise PhysiologyError(
                f"the process left rest less than {_CROSSINGS} times in {self.spent} steps: "
                "raise max_node_steps, or choose another coordinate"
            )
        seed = int(self.random.integers(0, 2**64, dtype=np.uint64))
        found = self.process.basin(seed, steps, leave, levels)
        self.spent += found.cost_steps
        return found

    def climb(self, entrances: Floats, leave: float, level: float) -> tuple[float, float, Floats]:
        """The next level, the share of shots that come to it, and the states in which they do."""
        event, count = self.process.event_level, _SHOTS
        while True:
            starts = entrances[dealt(self.random, len(entrances), count)]
            seeds = self.random.integers(0, 2**64, count, dtype=np.uint64)
            shots = self._shoot(starts, seeds, leave, event)
            target = _next_level(shots.highest, level, event)
            if target < event:
                # The same seeds again: the same trajectories, stopped at the new level.
                shots = self._shoot(starts, seeds, leave, target)
            reached = shots.outcomes == REACHED
            if np.count_nonzero(reached) >= _FEWEST:
                return target, float(np.mean(reached)), shots.ends[reached]
            count *= 4
            if count > _MOST_SHOTS or self.spent > self.max_node_steps:
                raise PhysiologyError(
                    f"of {count // 4} trajectories from {level:g} next to none rose further, and the event "
                    f"is at {event:g}: it is out of reach, or the coordinate does not lead to it"
                )

    def _shoot(self, starts: Floats, seeds: Words, leave: float, level: float) -> Shots:
        shots = self.process.shoot(starts, seeds, leave, level, self.max_shot_steps)
        self.spent += shots.cost_steps
        return decided(shots, leave, level, self.max_shot_steps)


def _next_level(highest: Floats, level: float, event: float) -> float:
    """The value that _PASS of the trajectories came to, or the event if enough came there."""
    if np.mean(highest >= event) >= _LAST_PASS:
        return event
    wanted = float(np.sort(highest)[-math.ceil(_PASS * highest.size)])
    if wanted > level:
        return wanted
    # A coordinate with jumps: the wanted value is the level itself, so the next above it.
    return min(float(highest[highest > level].min(initial=event)), event)


def dealt(random: np.random.Generator, of: int, count: int) -> Whole:
    """``count`` of the numbers below ``of``, each as often as any other, or once more: int64 (count,).

    Each has the same expected number, so averages stay unbiased; dealing scatters less than drawing.
    """
    return np.resize(random.permutation(of), count)


def _bounds(sample: Floats, event: float) -> tuple[float, float]:
    """Where rest ends, and the first level; both are values that the coordinate takes."""
    sample = sample[sample < event]
    if not sample.size:
        raise PhysiologyError(f"the coordinate is never below the event level, {event:g}: there is no rest")
    leave, first = np.quantile(sample, [_LEAVE_QUANTILE, _FIRST_QUANTILE], method="higher")
    if leave == sample.min():
        leave = min(sample[sample > leave], default=event)
    if first <= leave:
        first = min(sample[sample > leave], default=event)
    if leave >= event:
        raise PhysiologyError("the coordinate does not vary at rest: nothing drives the process")
    return float(leave), float(min(first, event))
