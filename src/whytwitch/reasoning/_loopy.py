"""Loopy belief propagation on the same noisy-OR network, for many variants at once.

It serves where the exact table would be too wide, and wherever many slightly different problems
must be answered together: one row per draw of the tables (ranges), one row per answer left out
(contributions). Messages and notation follow Murphy, Weiss and Jordan 1999 (UAI, "Loopy belief
propagation for approximate inference"), whose test bed was a network of this kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DAMPING: Final = 0.35
TOLERANCE: Final = 1e-4
"""Largest change of a log message at which a row counts as settled."""
SWEEPS: Final = 60


@dataclass(frozen=True)
class Batch:
    """Variants of one problem; a leading axis of length 1 is shared by all rows.

    Attributes:
        starts: index of the first state of each group, (n_groups,).
        log_weights: log of prior times unary evidence, (n_rows, n_states).
        miss: probability that a state fails to produce a finding, (n_rows or 1, n_findings, n_states).
        keep: probability that the leak fails to produce it, (n_rows or 1, n_findings).
        active: whether the finding counts in this row, (n_rows or 1, n_findings).
    """

    starts: NDArray[np.intp]
    log_weights: Array
    miss: Array
    keep: Array
    active: NDArray[np.bool_]


def propagate(batch: Batch, messages: Array | None = None) -> tuple[Array, Array]:
    """Return approximate posteriors of all states, (n_rows, n_states), and the log messages.

    Args:
        batch: the variants.
        messages: log messages to start from, (n_rows or 1, n_findings, n_states); those of a
            similar problem save most of the sweeps.
    """
    n_rows, n_states = batch.log_weights.shape
    n_findings = batch.miss.shape[1]
    group_of = np.repeat(np.arange(len(batch.starts)), np.diff(np.append(batch.starts, n_states)))
    shape = (n_rows, n_findings, n_states)
    log_m = np.zeros(shape) if messages is None else np.broadcast_to(messages, shape).copy()
    log_m *= batch.active[:, :, None]
    for _ in range(SWEEPS):
        total = batch.log_weights + log_m.sum(axis=1)
        cavity = _softmax(total[:, None, :] - log_m, batch.starts, group_of)
        expected = np.add.reduceat(cavity * batch.miss, batch.starts, axis=2)
        expected = np.maximum(expected, 1e-12)
        others = np.exp(np.log(expected).sum(axis=2, keepdims=True) - np.log(expected))
        absent = batch.keep[:, :, None] * batch.miss * others[:, :, group_of]
        new = np.log(np.maximum(1.0 - absent, 1e-300)) * batch.active[:, :, None]
        change = np.abs(new - log_m).max(initial=0.0)
        log_m = (1.0 - DAMPING) * new + DAMPING * log_m
        if change < TOLERANCE:
            break
    posterior = _softmax(batch.log_weights + log_m.sum(axis=1), batch.starts, group_of)
    return posterior, log_m


def _softmax(logs: Array, starts: Sequence[int] | NDArray[np.intp], group_of: NDArray[np.intp]) -> Array:
    """Normalize along the last axis within each group."""
    peak = np.maximum.reduceat(logs, starts, axis=-1)
    weights = np.exp(logs - peak[..., group_of])
    return weights / np.add.reduceat(weights, starts, axis=-1)[..., group_of]
