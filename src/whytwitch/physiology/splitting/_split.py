"""Splitting: the flux out of rest times the chances from level to level, over independent replicates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.splitting._crew import in_parallel, thread_count
from whytwitch.physiology.splitting._direct import counted
from whytwitch.physiology.splitting._levels import Levels, dealt, place_levels
from whytwitch.physiology.splitting._process import (
    BACK,
    REACHED,
    Basin,
    Floats,
    Process,
    Progress,
    Shots,
    Whole,
    decided,
)
from whytwitch.physiology.splitting._rate import Checks, RareRate, level_checks, mean_interval

_SIZING, _PRODUCTION, _COUNTING = 1, 2, 3  # streams of random numbers; the pilot has 0
_SIZERS: Final = 8
_FEWEST_STARTS, _MOST_SIZING_STARTS = 40, 120
_MOST_GROWTH: Final = 30.0
_WIDEST_SPREAD: Final = 0.5
"""Replicates that scatter more are too skewed for an interval from a few of them."""
_AIM: Final = 0.9  # of the error asked for, so that most first rounds meet it
_FEWEST_CROSSINGS: Final = 20
_FEW_LINEAGES, _LARGE_SHARE, _LARGE_Z, _LARGE_MISSED = 3.0, 0.4, 4.0, 0.3
_CHANCE: Final = 10.0
_LOOK_BACK: Final = 4.0  # times the mean length of a shot


@dataclass(frozen=True)
class _Effort:
    """What one replicate does: trajectories from each level, and steps at rest."""

    starts: int
    basin_steps: int


@dataclass(frozen=True, eq=False)
class _Replicate:
    """What one replicate found.

    Attributes:
        passed: float64 (levels,), crossings of each level in its steps at rest, as splitting foretells them;
            the last is the estimate.
        counts: float64 (levels,), crossings counted in the run at rest.
        entrances: (n, d), states at the event.
        lineages: how many departures from rest they descend from.
        missed: crossings of the event by trajectories that had fallen below ``leave`` shortly before; only
            the sizing replicates look for them. ``exposure``: the steps in which they looked.
    """

    passed: Floats
    counts: Floats
    entrances: Floats
    lineages: int
    cost_steps: int
    missed: float
    exposure: float


def split(
    process: Process,
    *,
    relative_error: float = 0.1,
    seed: int = 0,
    levels: Levels | None = None,
    replicates: int = 16,
    confidence: float = 0.95,
    max_node_steps: int = 1_000_000_000,
    max_shot_steps: int = 2_000_000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> RareRate:
    """Rate of a rare event by multilevel splitting with fixed effort (forward flux sampling).

    A pilot places the levels and chooses the effort. Then independent replicates, each with a run at rest and
    trajectories from level to level, each give an unbiased estimate. More replicates are added until the
    error is small enough. An event that is not rare is counted instead. ``docs/rare-events.md`` has the
    method, and how well it does.

    Args:
        process: what is watched.
        relative_error: standard error over rate to come to, 0.005 to 1.
        seed: the same seed gives the same digits on any number of threads.
        levels: from an earlier :func:`place_levels`; its cost is not counted again.
        replicates: of the first round, 8 to 1000.
        confidence: of the interval.
        max_node_steps: stop here, converged or not.
        max_shot_steps: a trajectory that has not decided after so many is an error.
        threads: how many cores to use; all by default.
        progress: called with the stage and the share of it that is done; what it raises passes through.

    Raises:
        PhysiologyError: an argument is out of range, the pilot fails, the process has a second resting state,
            or ``max_node_steps`` is too few for a first round.
    """
    check_range("relative_error", relative_error, 0.005, 1.0)
    check_range("replicates", replicates, 8, 1000)
    check_range("confidence", confidence, 0.5, 0.9999)
    check_range("max_node_steps", max_node_steps, 1e4, 1e15)
    check_range("max_shot_steps", max_shot_steps, 10, 1e12)
    if not (isinstance(seed, int) and 0 <= seed < 2**64):
        raise PhysiologyError(f"seed is {seed!r}: give a whole number from 0 to 2**64 - 1")
    workers, spent = thread_count(threads), 0
    if levels is None:
        levels = place_levels(
            process,
            seed=seed,
            max_shot_steps=max_shot_steps,
            max_node_steps=max_node_steps // 4,
            progress=progress,
        )
        spent = levels.pilot_steps
    work = _Work(
        process, levels, relative_error, seed, replicates, confidence, max_node_steps, max_shot_steps,
        workers, progress,
    )  # fmt: skip
    return work.count(spent) if levels.frequent else work.split(spent)


@dataclass(frozen=True)
class _Work:
    process: Process
    levels: Levels
    relative_error: float
    seed: int
    replicates: int
    confidence: float
    max_node_steps: int
    max_shot_steps: int
    threads: int
    progress: Progress | None

    def split(self, spent: int) -> RareRate:
        effort, missed, spent = self._sized(spent)
        pilot, runs, wanted = spent, [], self.replicates
        while len(runs) < wanted:
            new = self._run(effort, _PRODUCTION, range(len(runs), wanted), f"{wanted} replicates")
            runs += new
            spent += sum(run.cost_steps for run in new)
            error = _relative_error(np.array([run.passed[-1] for run in runs]))
            wanted = self._wanted(len(runs), error, spent, (spent - pilot) / len(runs))
        return self._gathered(runs, effort, missed, spent, pilot)

    def count(self, spent: int) -> RareRate:
        """Count an event that is frequent."""
        event, pilot = self.process.event_level, spent
        events = 1 / (_AIM * self.relative_error) ** 2
        left = (self.max_node_steps - spent) / self.replicates
        each = math.ceil(min(events / self.levels.crossings_per_step / self.replicates, left))

        def run(number: int) -> Basin:
            return self.process.basin(self._basin_seed(number), each, self.levels.leave, np.array([event]))

        runs: list[Basin] = []
        wanted = self.replicates
        while True:
            runs += in_parallel(run, range(len(runs), wanted), self.threads, "counting", self.progress)
            found = counted(self.process, runs, self.seed, self.relative_error, self.confidence)
            spent = pilot + found.node_steps
            wanted = self._wanted(len(runs), found.relative_error, spent, found.node_steps / len(runs))
            if wanted <= len(runs):
                return replace(found, leave=self.levels.leave, node_steps=spent, pilot_steps=pilot)

    def _basin_seed(self, number: int) -> int:
        random = np.random.default_rng([self.seed, _COUNTING, number])
        return int(random.integers(0, 2**64, dtype=np.uint64))

    def _wanted(self, done: int, error: float, spent: int, cost: float) -> int:
        """How many replicates there should be, at most twice as many as there are and as can be paid."""
        if error <= self.relative_error:
            return done
        more = min(done, math.ceil(done * ((error / self.relative_error) ** 2 - 1)))
        return done + min(max(4, more), max(0, int((self.max_node_steps - spent) / cost)))

    def _sized(self, spent: int) -> tuple[_Effort, float, int]:
        """The effort of a replicate, from a few small ones that are not used for the rate.

        With it the events a step that were missed, and the steps spent.
        """
        aim = min(_WIDEST_SPREAD, _AIM * self.relative_error * math.sqrt(self.replicates))
        chances = self.levels.probabilities
        least = max(_FEWEST_STARTS, math.ceil((1 + np.sum((1 - chances) / chances)) / aim**2))
        small = self._effort(max(_FEWEST_STARTS, min(least // 4, _MOST_SIZING_STARTS)))
        runs = self._run(small, _SIZING, range(_SIZERS), "sizing")
        cost = sum(run.cost_steps for run in runs)
        spread = _relative_error(np.array([run.passed[-1] for run in runs])) * math.sqrt(_SIZERS)
        growth = min((spread / aim) ** 2 * small.starts / least, _MOST_GROWTH)
        starts = math.ceil(least * max(1.0, growth))
        per_start = cost / (_SIZERS * small.starts)
        affordable = int((self.max_node_steps - spent - cost) / (self.replicates * per_start))
        if affordable < _FEWEST_STARTS:
            raise PhysiologyError(
                f"max_node_steps is {self.max_node_steps}: the pilot took {spent + cost}, and a first round "
                f"takes {math.ceil(self.replicates * _FEWEST_STARTS * per_start)} at least"
            )
        # Some come to the event by chance, as from rest; after a near miss it may be several times likelier.
        rate = np.mean([run.passed[-1] for run in runs]) / small.basin_steps
        excess = np.mean([run.missed - _CHANCE * rate * run.exposure for run in runs])
        missed = max(0.0, float(excess)) / small.basin_steps
        return self._effort(min(starts, affordable)), missed, spent + cost

    def _effort(self, starts: int) -> _Effort:
        return _Effort(starts, math.ceil(starts / self.levels.crossings_per_step))

    def _run(self, effort: _Effort, stream: int, numbers: range, stage: str) -> list[_Replicate]:
        def task(number: int) -> _Replicate:
            random = np.random.default_rng([self.seed, stream, number])
            return self._replicate(effort, random, look_back=stream == _SIZING)

        return in_parallel(task, numbers, self.threads, stage, self.progress)

    def _replicate(self, effort: _Effort, random: np.random.Generator, *, look_back: bool) -> _Replicate:
        leave, values = self.levels.leave, self.levels.values
        seed = int(random.integers(0, 2**64, dtype=np.uint64))
        basin = self.process.basin(seed, effort.basin_steps, leave, values)
        states, cost = basin.entrances, basin.cost_steps
        passed = np.zeros(values.size)
        passed[0], roots = len(states), np.arange(len(states))
        missed = exposure = 0.0
        for k, level in enumerate(values[1:], 1):
            if not len(states):
                break
            chosen: Whole = dealt(random, len(states), effort.starts)
            seeds = random.integers(0, 2**64, effort.starts, dtype=np.uint64)
            shots = self.process.shoot(states[chosen], seeds, leave, float(level), self.max_shot_steps)
            decided(shots, leave, float(level), self.max_shot_steps)
            cost += shots.cost_steps
            reached = shots.outcomes == REACHED
            passed[k] = passed[k - 1] * reached.mean()
            if look_back and k > 1 and not reached.all():
                late = self._relapsed(shots, random)
                cost += late.cost_steps
                missed += passed[k - 1] * np.count_nonzero(late.outcomes == REACHED) / effort.starts
                exposure += passed[k - 1] * late.cost_steps / effort.starts
            states, roots = shots.ends[reached], roots[chosen][reached]
        counts, lineages = basin.counts.astype(np.float64), len(np.unique(roots))
        return _Replicate(passed, counts, states, lineages, cost, missed, exposure)

    def _relapsed(self, shots: Shots, random: np.random.Generator) -> Shots:
        """The shots that fell back, followed on for a while: do they come to the event at once?

        From rest the event is rare. If they do, the coordinate falls on the way to it, and splitting, which
        gives up the trajectories that fell, finds these events only where a run at rest happens on one.
        """
        ends = shots.ends[shots.outcomes == BACK]
        seeds = random.integers(0, 2**64, len(ends), dtype=np.uint64)
        window = math.ceil(_LOOK_BACK * shots.cost_steps / shots.outcomes.size)
        return self.process.shoot(ends, seeds, -math.inf, self.process.event_level, window)

    def _gathered(
        self, runs: list[_Replicate], effort: _Effort, missed: float, spent: int, pilot: int
    ) -> RareRate:
        passed = np.array([run.passed for run in runs])
        if not passed[:, -1].any():
            raise PhysiologyError(
                f"no trajectory of {len(runs)} replicates came to the event: raise max_node_steps"
            )
        step_s = self.process.step_ms * 1e-3
        time_s = effort.basin_steps * step_s
        estimates, means = passed[:, -1] / time_s, passed.mean(axis=0)
        low, high, error = mean_interval(estimates, self.confidence)
        reached = [run for run in runs if len(run.entrances)]
        return RareRate(
            rate_hz=float(estimates.mean()),
            low_hz=low,
            high_hz=high,
            confidence=self.confidence,
            relative_error=error,
            converged=error <= self.relative_error,
            method="splitting",
            leave=self.levels.leave,
            levels=self.levels.values,
            probabilities=means[1:] / means[:-1],
            flux_hz=float(means[0]) / time_s,
            estimates_hz=estimates,
            node_steps=spent,
            pilot_steps=pilot,
            entrances=np.concatenate([run.entrances for run in reached]),
            weights=np.concatenate(
                [np.full(len(run.entrances), run.passed[-1] / len(run.entrances)) for run in reached]
            )
            / passed[:, -1].sum(),
            checks=self._checked(runs, passed, missed, effort.basin_steps, step_s),
            seed=self.seed,
        )

    def _checked(
        self, runs: list[_Replicate], passed: Floats, missed: float, steps: int, step_s: float
    ) -> Checks:
        estimates = passed[:, -1]
        counts = np.array([run.counts for run in runs])
        # The first level is where splitting starts: both numbers are the same there.
        compared = level_checks(
            self.levels.values[1:], counts[:, 1:], passed[:, 1:], steps, step_s, _FEWEST_CROSSINGS
        )
        share = float(estimates.max() / estimates.sum())
        lineages = float(np.mean([run.lineages for run in runs]))
        warnings = []
        if any(abs(check.z) > _LARGE_Z for check in compared):
            warnings.append(
                "crossings counted at rest differ from those that splitting foretells: is the process Markov "
                "in its state, and at rest when a run starts?"
            )
        if missed > _LARGE_MISSED * estimates.mean() / steps:
            warnings.append(
                "trajectories come to the event just after the coordinate fell back to rest: the rate may be "
                "too low; choose a coordinate that does not fall on the way to the event"
            )
        if lineages < _FEW_LINEAGES:
            warnings.append(
                f"events descend from {lineages:.1f} departures from rest a replicate: something slow that "
                "the coordinate does not show decides; ask for a smaller relative_error"
            )
        if share > _LARGE_SHARE and len(runs) >= 8:
            warnings.append(f"one replicate makes {share:.0%} of the rate: the interval may be too narrow")
        return Checks(
            levels=compared,
            spread=float(estimates.std(ddof=1) / estimates.mean()),
            largest_share=share,
            lineages=lineages,
            warnings=tuple(warnings),
        )


def _relative_error(estimates: Floats) -> float:
    mean = estimates.mean()
    return float(estimates.std(ddof=1) / math.sqrt(estimates.size) / mean) if mean > 0 else math.inf
