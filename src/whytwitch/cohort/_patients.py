"""Simulated patients: people drawn from the catalogue's own tables, with the truth known.

They test the machinery, not the tables: if the inference is right, a cause that is given 30 % is at
work in 30 % of them. Real accuracy is measured on real cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case, Observation
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Setting, load
from whytwitch.reasoning import Network, ancestors, network


@dataclass(frozen=True)
class Patient:
    """One simulated person: what is at work, and the answers they gave."""

    causes: frozenset[str]
    case: Case


def patients(
    n: int,
    *,
    seed: int = 0,
    setting: Setting = "neurology",
    asked: int = 40,
    catalogue: Catalogue | None = None,
) -> Iterator[Patient]:
    """Yield ``n`` patients who were asked ``asked`` questions each.

    Half of the questions are about what their causes can produce (as an interviewer would ask),
    half are drawn from the whole vocabulary; which ones does not depend on the answers.
    """
    catalogue = catalogue or load()
    net = network(catalogue, setting)
    rng = np.random.default_rng(seed)
    for _ in range(n):
        yield _patient(net, rng, asked)


def _patient(net: Network, rng: np.random.Generator, asked: int) -> Patient:
    state = np.concatenate([_pick(block, rng) for block in net.split(np.exp(net.log_prior))])
    at_work = (state @ net.member) > 0
    has = _truth(net, at_work, rng)
    ids = tuple(net.items)
    # Asking must not reveal the answer: one question in two comes from a cause drawn blindly.
    column = rng.integers(len(net.causes))
    likely = np.flatnonzero(net.listed[:, column])
    chosen = set(rng.choice(len(ids), asked // 2, replace=False)) | set(rng.permutation(likely)[: asked // 2])
    observations = tuple(
        Observation(id=ids[i], status="present" if has[i] else "absent") for i in sorted(chosen)
    )
    causes = frozenset(c for c, on in zip(net.causes, at_work, strict=True) if on)
    return Patient(causes, Case(observations=_consistent(observations, net), setting=net.setting))


def _pick(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    chosen = np.zeros(len(weights))
    chosen[rng.choice(len(weights), p=weights / weights.sum())] = 1.0
    return chosen


def _truth(net: Network, at_work: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each item is there: parents first, then children given the parent."""
    has = np.zeros(len(net.items), dtype=bool)
    order = sorted(net.items, key=lambda key: len(ancestors(net.catalogue, key)))
    for key in order:
        finding, row = net.catalogue.findings[key], net.items[key]
        strength, base = net.strength[row, at_work], net.background[row]
        if finding.parent is not None and finding.kind not in CONTEXT_KINDS:
            above = net.items[finding.parent]
            if not has[above]:
                continue
            up = net.strength[above, at_work]
            strength = np.divide(strength, up, out=np.zeros_like(up), where=up > 0)
            base = min(base / net.background[above], 0.9)
        has[row] = rng.random() > (1.0 - base) * np.prod(1.0 - np.minimum(strength, 0.97))
    return has


def _consistent(observations: tuple[Observation, ...], net: Network) -> tuple[Observation, ...]:
    """A present child makes its parents present, whatever was drawn for them."""
    present = {o.id for o in observations if o.status == "present"}
    above = {a for key in present for a in ancestors(net.catalogue, key)}
    return tuple(o if o.id not in above else Observation(id=o.id) for o in observations)
