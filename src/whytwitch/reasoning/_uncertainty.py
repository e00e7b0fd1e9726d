"""How far the answer depends on numbers that nobody knows exactly.

Every graded word stands for a range (``scales.toml``). Each prior, strength and background rate is
drawn anew on the log-odds scale, all independently, and the answer is worked out for each draw.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.reasoning._evidence import Evidence
from whytwitch.reasoning._loopy import Batch
from whytwitch.reasoning._network import Network

Array = NDArray[np.float64]

DRAWS: Final = 32
SPREAD: Final = 0.45
"""SD of a drawn log odds: the graded words' central 90 % ranges are about 1.5 log odds wide."""
SPREAD_PRIOR: Final = 0.8
"""SD for priors, which are known less well (expert estimate)."""
SPREAD_RECORDING: Final = 0.4
"""SD of the factor on what a recording weighs: its rates come from a handful of people (expert
estimate)."""


def draw_batch(evidence: Evidence, net: Network) -> Batch:
    """Return ``DRAWS`` variants of the problem with the tables' numbers redrawn (fixed seed)."""
    n_findings, n_causes = evidence.produce.shape
    odds, priors = _redrawn(n_findings, n_causes, net.n_states)
    produce = _shifted(evidence.produce, odds[:, :, :-1])
    leak = _shifted(evidence.leak, odds[:, :, -1])
    # Unary evidence (contexts, absences, values) is made of the same kind of numbers.
    jitter = SPREAD_PRIOR * priors
    jitter[:, net.starts] = 0.0
    doubt = 1.0 + 0.15 * _noise(1)
    recorded = evidence.log_factors(["recording"])
    return Batch(
        starts=net.starts,
        log_weights=net.log_prior
        + jitter
        + evidence.log_factor * doubt
        + recorded * SPREAD_RECORDING * _noise(2)[:, 1:],
        miss=net.miss(produce),
        keep=1.0 - leak,
        active=np.ones((1, n_findings), dtype=bool),
    )


def _noise(size: int) -> Array:
    """Standard normal numbers, the same at every call, (DRAWS, size)."""
    return np.random.default_rng(20230711).standard_normal((DRAWS, size))


@lru_cache(maxsize=64)
def _redrawn(n_findings: int, n_causes: int, n_states: int) -> tuple[Array, Array]:
    """What the tables' numbers are redrawn with: for cases with as many findings it is the same.

    Returns:
        factors on the odds against a finding, of each cause and last of the leak,
        (DRAWS, n_findings, n_causes + 1); standard normal numbers for the priors, (DRAWS, n_states).
    """
    ends = [n_findings * n_causes, n_findings * (n_causes + 1)]
    strengths, leaks, priors = np.split(_noise(ends[1] + n_states), ends, axis=1)
    shifts = np.concatenate([strengths.reshape(DRAWS, n_findings, n_causes), leaks[:, :, None]], axis=2)
    return np.exp(-SPREAD * shifts), priors.copy()


def _shifted(p: Array, odds: Array) -> Array:
    """Multiply the odds against; zeros stay zero."""
    inside = np.clip(p, 1e-6, 1.0 - 1e-6)
    moved = odds * ((1.0 - inside) / inside)
    moved += 1.0
    np.divide(p > 0.0, moved, out=moved)
    return moved
