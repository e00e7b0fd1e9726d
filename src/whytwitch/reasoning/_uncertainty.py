"""How far the answer depends on numbers that nobody knows exactly.

Every graded word stands for a range (``scales.toml``). Each prior, strength and background rate is
drawn anew on the log-odds scale, all independently, and the answer is worked out for each draw.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.reasoning._evidence import Evidence, only
from whytwitch.reasoning._loopy import Batch
from whytwitch.reasoning._network import STRONGEST, Network

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
    noise = _noise(n_findings * n_causes + n_findings + net.n_states)
    strengths, leaks, priors = np.split(
        noise, [n_findings * n_causes, n_findings * n_causes + n_findings], axis=1
    )
    produce = _shifted(evidence.produce, SPREAD * strengths.reshape(DRAWS, n_findings, n_causes))
    leak = _shifted(evidence.leak, SPREAD * leaks)
    # Unary evidence (contexts, absences, values) is made of the same kind of numbers.
    jitter = SPREAD_PRIOR * priors
    jitter[:, net.starts] = 0.0
    doubt = 1.0 + 0.15 * _noise(1)
    _, recorded = only(evidence, ["recording"])
    return Batch(
        starts=net.starts,
        log_weights=net.log_prior
        + jitter
        + evidence.log_factor * doubt
        + recorded * SPREAD_RECORDING * _noise(2)[:, 1:],
        miss=net.miss(np.minimum(produce, STRONGEST)),
        keep=1.0 - leak,
        active=np.ones((1, n_findings), dtype=bool),
    )


@cache
def _noise(size: int) -> Array:
    """Standard normal numbers, the same at every call, (DRAWS, size)."""
    return np.random.default_rng(20230711).standard_normal((DRAWS, size))


def _shifted(p: Array, shift: Array) -> Array:
    """Move probabilities on the log-odds scale; zeros stay zero."""
    inside = np.clip(p, 1e-6, 1.0 - 1e-6)
    moved = 1.0 / (1.0 + (1.0 - inside) / inside * np.exp(-shift))
    return np.where(p > 0.0, moved, 0.0)
