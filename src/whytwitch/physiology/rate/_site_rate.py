"""The rate of one place: by splitting, by waiting, or by what it does without chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.noise import Bursts, DirectRate, MarkovNode, NoReturnError, Patch, direct
from whytwitch.physiology.rate._skeleton import State, skeleton
from whytwitch.physiology.splitting import Progress, RareRate, counted_interval, split

Floats = NDArray[np.float64]
Method = Literal["splitting", "brute-force"]
How = Literal["splitting", "counting", "brute-force", "without chance"]

METHODS: Final[tuple[Method, ...]] = ("splitting", "brute-force")
FOLLOWED: Final = 60
"""First spikes whose bursts are followed to their end."""
LASTING_MS: Final = 2000.0
LASTING_RUNS: Final = 4
"""Bursts that last longer count as firing that goes on; it is then counted in some runs of that length."""
GOES_ON: Final = "once chance has set it firing it goes on: no rate of single discharges, but a train"
STAYS_BLOCKED: Final = "a first spike leaves it depolarized for long: it is blocked after that"
DOUBLET_MS: Final = 20.0
"""An interval up to this makes a doublet: the end of the supernormal period, about."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SiteRate:
    """How often one place fires.

    Attributes:
        rate_hz: discharges a second, all of a burst counted. low_hz, high_hz: 95 % interval.
        relative_error: standard error over rate; 0 without chance.
        episodes_hz: single discharges and bursts, each once, a second of rest.
        burst_size: mean discharges of an episode. doublets: share of episodes whose second discharge comes
            within 20 ms. intervals_ms: (n,) intervals inside the bursts that were followed.
        state: what it does without chance. method: how the rate was found.
        node_steps: steps made, pilots and bursts included. converged: whether the error asked for was met.
        warnings: of the checks, in words.
        detail: of the splitting; None with other methods.
    """

    rate_hz: float
    low_hz: float
    high_hz: float
    relative_error: float
    episodes_hz: float
    burst_size: float
    doublets: float
    intervals_ms: Floats
    state: State
    method: How
    node_steps: int
    converged: bool
    warnings: tuple[str, ...] = ()
    detail: RareRate | None = None


def site_rate(
    patch: Patch,
    *,
    method: Method = "splitting",
    relative_error: float = 0.1,
    seed: int = 0,
    max_node_steps: int = 400_000_000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> SiteRate:
    """How often a patch of membrane fires by itself.

    Args:
        patch: which.
        method: ``splitting`` for any rate; ``brute-force`` waits for ``max_node_steps``, or as many events as
            the error asks for.
        relative_error: standard error over rate to come to.
        seed: the same seed gives the same digits on any number of threads.
        max_node_steps: stop here, converged or not.
        threads: how many cores to use; all by default.
        progress: called with a stage and the share of it that is done; what it raises passes through.

    Raises:
        PhysiologyError: an argument is out of range, or spikes do not lead back to rest.
    """
    if method not in METHODS:
        raise PhysiologyError(f"there is no method {method!r}; choose from: {', '.join(METHODS)}")
    check_range("relative_error", relative_error, 0.005, 1.0)
    bare = skeleton(patch)
    if bare.state != "rests":
        # Chance only roughens the firing of a membrane that fires anyway, and fires none that cannot.
        return SiteRate(
            rate_hz=bare.firing_hz, low_hz=bare.firing_hz, high_hz=bare.firing_hz, relative_error=0.0,
            episodes_hz=0.0, burst_size=math.nan, doublets=math.nan, intervals_ms=np.empty(0),
            state=bare.state, method="without chance", node_steps=0, converged=True,
        )  # fmt: skip
    node = MarkovNode(patch)
    try:
        if method == "brute-force":
            return _waited(node, relative_error, seed, max_node_steps)
        found = split(
            node, relative_error=relative_error, seed=seed, max_node_steps=max_node_steps, threads=threads,
            progress=progress,
        )  # fmt: skip
    except NoReturnError:
        return _going_on(MarkovNode(patch, longest_ms=LASTING_MS), seed)
    return _with_bursts(node, found, seed)


def _going_on(node: MarkovNode, seed: int) -> SiteRate:
    """A membrane that chance sets firing, and that then goes on: its firing, from some seconds of it."""
    runs: list[DirectRate] = []
    blocked = False
    for k in range(LASTING_RUNS):
        try:
            runs.append(direct(node, LASTING_MS * 1e-3, seed + k))
        except NoReturnError as lost:
            blocked = blocked or lost.blocked
    blocked = blocked or any(run.state == "blocked" for run in runs)
    spikes = sum(run.spikes_ms.size for run in runs)
    seconds = sum(run.duration_s for run in runs)
    gaps = np.concatenate([np.empty(0), *(np.diff(run.spikes_ms) for run in runs)])
    low, high = counted_interval(spikes, 0.95)
    scale = 1 / seconds if seconds else 0.0
    return SiteRate(
        rate_hz=0.0 if blocked else spikes * scale, low_hz=low * scale, high_hz=high * scale,
        relative_error=1 / math.sqrt(spikes) if spikes else math.inf, episodes_hz=0.0, burst_size=math.nan,
        doublets=math.nan, intervals_ms=gaps, state="blocked" if blocked else "fires", method="counting",
        node_steps=sum(run.node_steps for run in runs), converged=True,
        warnings=(STAYS_BLOCKED if blocked else GOES_ON,),
    )  # fmt: skip


def _with_bursts(node: MarkovNode, found: RareRate, seed: int) -> SiteRate:
    """Follow some of the first spikes, each as often as it weighs."""
    random = np.random.default_rng([seed, 7])
    chosen = random.choice(len(found.entrances), FOLLOWED, p=found.weights)
    seeds = random.integers(0, 2**64, FOLLOWED, dtype=np.uint64)
    bursts = node.follow(found.entrances[chosen], seeds)
    size, length_s = float(bursts.sizes.mean()), _mean_length_s(bursts)
    # Time in bursts is no time at rest: over all time, discharges come somewhat less often.
    times = size / (1 + found.rate_hz * length_s)
    return SiteRate(
        rate_hz=found.rate_hz * times, low_hz=found.low_hz * times, high_hz=found.high_hz * times,
        relative_error=found.relative_error, episodes_hz=found.rate_hz, burst_size=size,
        doublets=_doublets(bursts), intervals_ms=bursts.intervals_ms, state="rests",
        method="splitting" if found.method == "splitting" else "counting",
        node_steps=found.node_steps + bursts.node_steps, converged=found.converged,
        warnings=found.checks.warnings, detail=found,
    )  # fmt: skip


def _waited(node: MarkovNode, relative_error: float, seed: int, max_node_steps: int) -> SiteRate:
    """Wait until enough episodes came, in stretches that double, or until the steps are used up."""
    wanted, stretch_s = math.ceil(1 / relative_error**2), 1.0
    runs = []
    spent, episodes = 0, 0
    step_s = node.step_ms * 1e-3
    while episodes < wanted and spent < max_node_steps:
        left_s = max((max_node_steps - spent) * step_s, step_s)
        run = direct(node, min(stretch_s, left_s), seed + len(runs))
        runs.append(run)
        spent, episodes, stretch_s = spent + run.node_steps, episodes + run.episodes, 2 * stretch_s
    rest_s, all_s = sum(run.rest_s for run in runs), sum(run.duration_s for run in runs)
    low, high = counted_interval(episodes, 0.95)
    sizes = np.concatenate([run.burst_sizes for run in runs])
    gaps = np.concatenate([np.diff(run.spikes_ms) for run in runs])
    inside = gaps[gaps <= 50.0]
    size = float(sizes.mean()) if episodes else math.nan
    scale = (size if episodes else 1.0) / all_s
    return SiteRate(
        rate_hz=episodes * scale, low_hz=low * scale, high_hz=high * scale,
        relative_error=1 / math.sqrt(episodes) if episodes else math.inf,
        episodes_hz=episodes / rest_s, burst_size=size,
        doublets=float(np.count_nonzero(inside <= DOUBLET_MS) / episodes) if episodes else math.nan,
        intervals_ms=inside, state="rests", method="brute-force", node_steps=spent,
        converged=episodes >= wanted,
    )  # fmt: skip


def _mean_length_s(bursts: Bursts) -> float:
    return float(np.mean([times[-1] for times in bursts.spikes_ms])) * 1e-3


def _doublets(bursts: Bursts) -> float:
    return float(np.mean([times.size > 1 and times[1] <= DOUBLET_MS for times in bursts.spikes_ms]))
