"""The rate of a whole muscle, simulated: a few kinds of terminal, and the rest read between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.rate._predict import FARTHEST, shared_out
from whytwitch.physiology.rate._site_rate import Method, SiteRate, site_rate
from whytwitch.physiology.rate._sites import Pool, SiteName, site_patch
from whytwitch.physiology.rate._skeleton import State, skeleton
from whytwitch.physiology.scenario import ChangedSystem
from whytwitch.physiology.splitting import Progress

Floats = NDArray[np.float64]

QUANTILES: Final = (0.1, 0.5, 0.9)
"""Of the discharges, by the excitability of the terminals they come from: where terminals are simulated."""
FALLBACK: Final = (-3.5, -2.0, -0.5)
"""The same in standard deviations between terminals, where the emulator does not know the ground."""
SILENT_INDEX: Final = 250.0
"""Threshold over the noise of the potential, in pA per mV, beyond which a place is not simulated: rates fall
below 1e-9 a second near 130, and ever faster."""
SILENT_HZ: Final = 1e-15
_FINE: Final = 400
_Z95: Final = 1.96


@dataclass(frozen=True, eq=False, kw_only=True)
class MuscleRate:
    """How often a muscle twitches, simulated.

    Attributes:
        rate_hz: discharges a second of one motor unit. low_hz, high_hz: 95 % interval of the simulation; what
            is not known of the model is not in it.
        muscle_hz: of all units; muscle_low_hz, muscle_high_hz.
        state: what the typical terminal does without chance.
        origin: share of discharges that begin at terminals and at nodes.
        shifts_mv: of the terminals that were simulated, in ascending order, and ``terminals`` what they did.
        node: what a node of the trunk does; None where it is silent for certain.
        pool: of which muscle.
        method: how. node_steps: all steps made. converged: whether each run met the error asked for.
        warnings: of the runs, in words.
    """

    rate_hz: float
    low_hz: float
    high_hz: float
    muscle_hz: float
    muscle_low_hz: float
    muscle_high_hz: float
    state: State
    origin: Mapping[SiteName, float]
    shifts_mv: tuple[float, ...]
    terminals: tuple[SiteRate, ...]
    node: SiteRate | None
    pool: Pool
    method: Method
    node_steps: int
    converged: bool
    warnings: tuple[str, ...]

    @property
    def main(self) -> SiteRate:
        """The terminal in the middle of those that make the discharges."""
        return self.terminals[len(self.terminals) // 2]


def muscle_rate(
    system: ChangedSystem,
    pool: Pool | None = None,
    *,
    method: Method = "splitting",
    relative_error: float = 0.15,
    seed: int = 0,
    max_node_steps: int = 400_000_000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> MuscleRate:
    """How often a changed muscle twitches, by simulating its channels.

    Args:
        system: what is changed.
        pool: of which muscle; a usual one if None.
        method: of each place that is simulated, as :func:`site_rate` takes it; likewise the others.
        relative_error: of each place.
        seed: of everything.
        max_node_steps: for each place.
        threads: how many cores to use.
        progress: called with a stage and the share of all that is done.

    Raises:
        PhysiologyError: an argument is out of range, or spikes do not lead back to rest.
    """
    pool = pool or Pool()

    def simulate(site: SiteName, shift_mv: float, stage: int) -> SiteRate:
        return site_rate(
            site_patch(system, site, shift_mv=shift_mv), method=method, relative_error=relative_error,
            seed=seed + stage, max_node_steps=max_node_steps, threads=threads,
            progress=_in_part(progress, stage, len(shifts) + 1),
        )  # fmt: skip

    shifts = _shifts(system, pool)
    terminals = tuple(simulate("terminal", shift, k) for k, shift in enumerate(shifts))
    trunk = skeleton(site_patch(system, "node"))
    silent = trunk.state == "blocked" or trunk.threshold_pa / trunk.sd_mv > SILENT_INDEX
    node = None if silent else simulate("node", 0.0, len(shifts))
    each, error = _averaged(np.array(shifts), terminals, pool)
    of_terminals = each * pool.terminals_per_unit
    of_nodes = node.rate_hz * pool.nodes_per_unit if node else 0.0
    unit = max(of_terminals + of_nodes, SILENT_HZ)
    reach = _Z95 * math.hypot(error * of_terminals, (node.relative_error if node else 0.0) * of_nodes) / unit
    runs = (*terminals, *([node] if node else []))
    return MuscleRate(
        rate_hz=unit, low_hz=unit * math.exp(-reach), high_hz=unit * math.exp(reach),
        muscle_hz=unit * pool.units, muscle_low_hz=unit * pool.units * math.exp(-reach),
        muscle_high_hz=unit * pool.units * math.exp(reach),
        state=skeleton(site_patch(system, "terminal")).state,
        origin=MappingProxyType({"terminal": of_terminals / unit, "node": of_nodes / unit}),
        shifts_mv=tuple(shifts), terminals=terminals, node=node, pool=pool, method=method,
        node_steps=sum(run.node_steps for run in runs), converged=all(run.converged for run in runs),
        warnings=tuple(dict.fromkeys(text for run in runs for text in run.warnings)),
    )  # fmt: skip


def _shifts(system: ChangedSystem, pool: Pool) -> list[float]:
    """Which terminals to simulate: those that make the discharges, as the emulator has it."""
    if pool.spread_mv == 0.0:
        return [0.0]
    shifts, shares, outside = shared_out(system, pool)
    if outside:
        return [deviation * pool.spread_mv for deviation in FALLBACK]
    found = np.interp(QUANTILES, np.cumsum(shares), shifts)
    # Too near to each other they would say nothing of the slope.
    found += np.array([-1.0, 0.0, 1.0]) * max(0.0, 0.4 * pool.spread_mv - (found[2] - found[0]) / 2)
    return [round(float(shift), 2) for shift in found]


def _averaged(shifts_mv: Floats, runs: tuple[SiteRate, ...], pool: Pool) -> tuple[float, float]:
    """Mean rate of a terminal over all terminals, and its relative error."""
    logs = np.log(np.maximum([run.rate_hz for run in runs], SILENT_HZ))
    errors = np.array([run.relative_error for run in runs])
    middle = _mean_rate(shifts_mv, logs, pool)
    effects = [
        math.log(_mean_rate(shifts_mv, logs + np.eye(len(logs))[k] * 0.01, pool) / middle) / 0.01
        for k in range(len(logs))
    ]
    return middle, float(np.sqrt(np.sum((np.array(effects) * errors) ** 2)))


def _mean_rate(shifts_mv: Floats, logs: Floats, pool: Pool) -> float:
    """Over the normal distribution of shifts, the logarithm of the rate being a parabola through what was
    simulated, and straight beyond it.
    """
    if len(logs) == 1:
        return math.exp(logs[0])
    at = np.linspace(-FARTHEST, FARTHEST, _FINE) * pool.spread_mv
    curve = np.polynomial.Polynomial.fit(shifts_mv, logs, len(logs) - 1)
    inside = np.clip(at, shifts_mv[0], shifts_mv[-1])
    values = curve(inside) + curve.deriv()(inside) * (at - inside)
    weights = np.exp(-((at / pool.spread_mv) ** 2) / 2)
    return float(np.sum(weights * np.exp(values)) / weights.sum())


def _in_part(progress: Progress | None, stage: int, stages: int) -> Progress | None:
    if progress is None:
        return None
    told: Callable[[str, float], None] = progress
    return lambda text, share: told(f"place {stage + 1} of {stages}, {text}", (stage + share) / stages)
