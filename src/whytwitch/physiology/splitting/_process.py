"""What splitting asks of a random process: a long run at rest, and many short ones from given states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Words = NDArray[np.uint64]

Progress = Callable[[str, float], None]
"""Told the stage and the share of it that is done. What it raises ends the work and passes through."""

BACK: Final = 0
"""Outcome of a shot that fell below ``leave``."""
REACHED: Final = 1
"""Outcome of a shot that came to ``level``."""
UNDECIDED: Final = 2
"""Outcome of a shot that did neither in ``max_steps``."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Basin:
    """One long trajectory at rest.

    Its clock is the steps made while the trajectory last came from rest, that is from below ``leave``; the
    steps from an event until the process is back at rest stand still on it.

    Attributes:
        entrances: float64 (n, d), states at each effective crossing of the first level: the first step at
            or above it after the trajectory was below ``leave``.
        counts: int64 (levels,), effective crossings of each level, each counted by itself.
        steps: on the clock.
        cost_steps: all that were made: settling and the ways back from events too.
        sample: float64, the coordinate at regular intervals of the clock, some thousands.
    """

    entrances: Floats
    counts: Whole
    steps: int
    cost_steps: int
    sample: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Shots:
    """Short trajectories, one from each start.

    Attributes:
        outcomes: int8 (n,): BACK, REACHED or UNDECIDED.
        ends: float64 (n, d), the state where each stopped.
        highest: float64 (n,), the highest coordinate each came to, start and end included.
        cost_steps: steps of all together.
    """

    outcomes: NDArray[np.int8]
    ends: Floats
    highest: Floats
    cost_steps: int


class Process(Protocol):
    """A Markov process in steps of equal length, with one coordinate that rises towards the event.

    A state is a row of ``d`` numbers that holds all that the future depends on. The coordinate is a function
    of the state. The event is that the coordinate comes to ``event_level``, from below, after rest. Any
    coordinate gives the right rate; a good one gives it sooner.
    """

    @property
    def step_ms(self) -> float:
        """Length of a step."""
        ...

    @property
    def event_level(self) -> float:
        """Coordinate at which the event has surely happened."""
        ...

    def basin(self, seed: int, steps: int, leave: float, levels: Floats) -> Basin:
        """A trajectory of ``steps`` on the clock of :class:`Basin`.

        It starts from a typical state at rest (the process settles first, off the clock) and depends on the
        arguments alone. When it comes to ``event_level`` the process brings it back to rest by its own
        rules, below ``leave`` and below its own idea of an event that is over.

        Args:
            seed: below 2**64.
            steps: how many on the clock.
            leave: coordinate below which the process is at rest.
            levels: float64 (levels,), ascending, above ``leave`` or, if only ``event_level`` is asked for,
                equal to it.

        Raises:
            PhysiologyError: the process does not come back to rest.
        """
        ...

    def shoot(self, starts: Floats, seeds: Words, leave: float, level: float, max_steps: int) -> Shots:
        """One trajectory from each start, until it is at or above ``level``, or below ``leave``.

        A start that is there already stops at once. Each depends on its start, its seed and the levels
        alone: with the same seed a higher level gives a trajectory that begins with the same steps.

        Args:
            starts: float64 (n, d).
            seeds: uint64 (n,).
            leave: coordinate of rest; minus infinity for none.
            level: coordinate to come to.
            max_steps: after so many a shot is UNDECIDED.
        """
        ...


def decided(shots: Shots, leave: float, level: float, max_steps: int) -> Shots:
    """The shots, if each came to an end.

    Raises:
        PhysiologyError: some did not: there is a second resting state between the two levels.
    """
    stuck = int(np.count_nonzero(shots.outcomes == UNDECIDED))
    if stuck:
        raise PhysiologyError(
            f"{stuck} of {shots.outcomes.size} trajectories stayed between {leave:g} and {level:g} for "
            f"{max_steps} steps: the process has a second resting state there; raise max_shot_steps, or "
            "choose an event level below it"
        )
    return shots
