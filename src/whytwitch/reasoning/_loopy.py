"""Loopy belief propagation on the same noisy-OR network, for many variants at once.

It serves where the exact table would be too wide, and wherever many slightly different problems
must be answered together: one row per draw of the tables (ranges), one row per answer left out
(contributions). Messages and notation follow Murphy, Weiss and Jordan 1999 (UAI, "Loopy belief
propagation for approximate inference"), whose test bed was a network of this kind.

What makes it quick: a finding says the same to all states of a family that produce it equally
often, so a message is kept once for such a *class* of states; and the work goes by a few families at
a time, whose arrays fit a processor's cache. Inside, the variants are the last axis.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Messages = NDArray[np.floating[Any]]

DAMPING: Final = 0.35
TOLERANCE: Final = 1e-4
"""Largest change of a log message at which a row counts as settled."""
SWEEPS: Final = 60
STILL: Final = 1e-5
"""Largest change at which a row may be left as it is while others go on: a tenth of ``TOLERANCE``."""
LOOK: Final = 4
"""Sweeps from one look at which rows are still to the next."""
WORTH_LEAVING: Final = 0.8
"""Share of rows still moving below which the others are left; above, the copying costs more."""
SURE: Final = 1e-12
"""Least probability that a family fails to produce a finding: keeps the division by it defined."""
TOGETHER: Final = 300.0
"""Families that are worked on at once, times findings and the root of the number of rows: few at a time
cost calls, many cost zeros in the sums over them. 200 to 800 were tried; no result depends on it."""


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


def propagate(batch: Batch, messages: Array | None = None, *, rough: bool = False) -> tuple[Array, Array]:
    """Return approximate posteriors of all states, (n_rows, n_states), and the log messages.

    Args:
        batch: the variants.
        messages: log messages to start from, (n_findings, n_states); those of a similar problem save
            most of the sweeps.
        rough: work out the messages with 7 digits instead of 16, in half the time. That is still a
            hundred times finer than ``TOLERANCE``.

    Returns:
        The posteriors, and the log messages of the first row, (n_findings, n_states).
    """
    parts = _parts(batch, np.float32 if rough else np.float64)
    n_rows = len(batch.log_weights)
    logs = [part.first(messages, batch.active.T, n_rows) for part in parts]
    keep = np.broadcast_to((batch.keep * batch.active).T, (len(batch.keep.T), n_rows))
    moving, held, rows = parts, logs, np.arange(n_rows)
    for sweep in range(SWEEPS):
        look = sweep % LOOK == LOOK - 1
        change = _sweep(moving, held, keep, whole=look)
        if change.max(initial=0.0) < TOLERANCE:
            break
        left = change >= STILL
        if look and left.mean() < WORTH_LEAVING:
            # ``logs`` holds every row; those that go on are worked on in a copy.
            _put(held, logs, rows)
            rows, keep = rows[left], keep[:, left]
            moving = [part.of_rows(left) for part in moving]
            held = [log[:, rows] for log in logs]
    _put(held, logs, rows)
    both = list(zip(parts, logs, strict=True))
    posterior = np.concatenate([part.posterior(log) for part, log in both])
    return posterior.T, np.concatenate([log[part.class_of, 0] for part, log in both], axis=1)


def _put(held: list[Messages], logs: list[Messages], rows: NDArray[np.intp]) -> None:
    """Write the messages of some rows to where those of all rows are."""
    for some, log in zip(held, logs, strict=True):
        if some is not log:
            log[:, rows] = some


def _sweep(parts: list[_Part], logs: list[Messages], keep: Array, *, whole: bool) -> Array:
    """Renew every message, in place; return the largest change of each row, (n_rows,).

    Unless ``whole`` is asked for, it is that of the first parts alone where some row moves there:
    enough to go on.
    """
    n_findings, n_rows = keep.shape
    failed = np.empty((parts[-1].groups.stop, n_findings, n_rows))
    for part, log in zip(parts, logs, strict=True):
        part.failed(log, failed[part.groups])
    np.maximum(failed, SURE, out=failed)
    # P(neither the leak nor another family produces the finding).
    alone = keep * failed.prod(axis=0) / failed
    change = np.zeros(n_rows)
    for part, log in zip(parts, logs, strict=True):
        new = part.message(alone[part.groups])
        if whole or change.max(initial=0.0) < TOLERANCE:
            np.maximum(change, np.abs(new - log).max(axis=0, initial=0.0), out=change)
        log *= DAMPING
        new *= 1.0 - DAMPING
        log += new
    return change


def _parts(batch: Batch, dtype: type[np.floating[Any]]) -> list[_Part]:
    n_groups, n_rows, n_findings = len(batch.starts), len(batch.log_weights), batch.miss.shape[1]
    at_once = max(int(TOGETHER / (max(n_findings, 1) * np.sqrt(n_rows))), 1)
    cuts = [*range(0, n_groups, at_once), n_groups]
    return [_Part(batch, slice(a, b), dtype) for a, b in pairwise(cuts)]


class _Part:
    """Some groups: their states, and for each finding the classes of states that produce it equally often."""

    def __init__(self, batch: Batch, groups: slice, dtype: type[np.floating[Any]]) -> None:
        """Find the classes; messages are worked out in ``dtype``, their sums in double precision."""
        self.groups = groups
        bounds = np.append(batch.starts, batch.log_weights.shape[1])[groups.start : groups.stop + 1]
        self._states = slice(int(bounds[0]), int(bounds[-1]))
        self._starts = bounds[:-1] - bounds[0]
        self._group_of = np.repeat(np.arange(len(self._starts)), np.diff(bounds))
        self._log_weights = np.ascontiguousarray(batch.log_weights[:, self._states].T)
        self._dtype = dtype
        self._least = float(np.finfo(dtype).eps) ** 2

        # Equal states become neighbors by their value in the first row; all rows must then agree.
        miss = batch.miss[:, :, self._states]
        _, n_findings, n_states = miss.shape
        order = np.lexsort((miss[0], np.broadcast_to(self._group_of, miss.shape[1:])), axis=1)
        ordered = np.take_along_axis(miss, order[None], axis=2)
        opens = np.ones((n_findings, n_states), dtype=bool)
        opens[:, 1:] = (ordered[:, :, 1:] != ordered[:, :, :-1]).any(axis=0)
        opens[:, self._starts] = True
        self._finding, place = np.nonzero(opens)
        self._pair = self._group_of[place] * n_findings + self._finding
        self.class_of = np.empty((n_findings, n_states), dtype=np.intp)
        np.put_along_axis(self.class_of, order, opens.cumsum().reshape(opens.shape) - 1, axis=1)
        self._produce = (1.0 - ordered[:, opens].T).astype(dtype)

        # Sums over the states of a class, and over the classes of a group and finding.
        self._sum_states = np.zeros((len(place), n_states), dtype)
        self._sum_states[self.class_of, np.arange(n_states)] = 1.0
        pairs = np.arange(len(self._starts) * n_findings)
        self._sum_classes = (self._pair == pairs[:, None]).astype(dtype)

    def of_rows(self, rows: NDArray[np.bool_]) -> _Part:
        """The same for some of the rows."""
        part = copy(self)
        part._log_weights = self._log_weights[:, rows]
        part._produce = self._produce[:, rows] if self._produce.shape[1] > 1 else self._produce
        return part

    def first(self, messages: Array | None, active: NDArray[np.bool_], n_rows: int) -> Messages:
        """Log messages to start from, (n_classes, n_rows)."""
        log = np.zeros((len(self._finding), n_rows), self._dtype)
        if messages is not None:
            # States of one class were sent the same before, so any of them tells what.
            before = np.empty((len(log), 1), self._dtype)
            before[self.class_of, 0] = messages[:, self._states]
            log += before * active[self._finding]
        return log

    def failed(self, log: Messages, out: Array) -> None:
        """P(a group fails to produce a finding), given the other findings: (n_groups, n_findings, n_rows).

        It is 1 less what is produced, a sum of positive numbers: small ones keep their digits.
        """
        mass = self._sum_states @ self._weights(log)
        # Without this finding's own message.
        own = np.negative(log)
        mass *= np.exp(own, out=own)
        whole = self._sum_classes @ mass
        mass *= self._produce
        np.subtract(1.0, ((self._sum_classes @ mass) / whole).reshape(out.shape), out=out)

    def message(self, alone: Array) -> Messages:
        """Log messages to the classes where the finding was left to this group, (n_classes, n_rows).

        Args:
            alone: P(nothing else produces the finding), (n_groups, n_findings, n_rows).
        """
        alone = alone.reshape(-1, alone.shape[2])
        heard = np.take(alone.astype(self._dtype), self._pair, axis=0)
        heard *= self._produce
        heard += np.take((1.0 - alone).astype(self._dtype), self._pair, axis=0)
        np.maximum(heard, self._least, out=heard)
        return np.log(heard, out=heard)

    def posterior(self, log: Messages) -> Array:
        """Of its states, (n_states, n_rows)."""
        weights = self._weights(log.astype(np.float64))
        return weights / np.add.reduceat(weights, self._starts, axis=0)[self._group_of]

    def _weights(self, log: Messages) -> Messages:
        """Of its states, the largest of a group being 1."""
        total = self._sum_states.T @ log
        total += self._log_weights
        total -= np.maximum.reduceat(total, self._starts, axis=0)[self._group_of]
        return np.exp(total, out=total)
