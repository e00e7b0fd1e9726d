"""Many variants at once against the textbook, one variant and one state at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.case import Case
from whytwitch.knowledge import load
from whytwitch.reasoning import _exact, _loopy, network
from whytwitch.reasoning._evidence import evidence_of
from whytwitch.reasoning._explain import each_alone
from whytwitch.reasoning._loopy import Batch, propagate

Array = np.ndarray
STARTS = np.array([0, 4, 7, 13])
N_STATES = 16
NET = network(load(), "neurology")


def batch_of(seed: int, n_rows: int, n_findings: int, *, shared: bool) -> Batch:
    """Strengths of few sizes, as graded words give them, so that states share classes."""
    draw = np.random.default_rng(seed)
    strength = draw.choice([0.0, 0.0, 0.1, 0.5, 0.9], (1 if shared else n_rows, n_findings, N_STATES))
    strength[:, :, STARTS] = 0.0
    return Batch(
        starts=STARTS,
        log_weights=draw.normal(0.0, 1.5, (n_rows, N_STATES)),
        miss=1.0 - strength,
        keep=1.0 - draw.choice([1e-4, 1e-2, 0.2], (1, n_findings)),
        active=draw.random((n_rows, n_findings)) < 0.8,
    )


def textbook(batch: Batch, row: int, sweeps: int = 60) -> Array:
    """Posterior of one row, in loops over findings and families, to convergence."""
    miss, keep = batch.miss[min(row, len(batch.miss) - 1)], batch.keep[0]
    families = np.split(np.arange(N_STATES), STARTS[1:])
    findings = [f for f in range(len(miss)) if batch.active[row, f]]
    log = np.zeros(miss.shape)
    for _ in range(sweeps):
        new = np.zeros(miss.shape)
        for f in findings:
            failed = []
            for states in families:
                cavity = batch.log_weights[row, states] + log[:, states].sum(axis=0) - log[f, states]
                weights = np.exp(cavity - cavity.max())
                failed.append((weights * miss[f, states]).sum() / weights.sum())
            for k, states in enumerate(families):
                others = np.prod([p for j, p in enumerate(failed) if j != k])
                new[f, states] = np.log(1.0 - keep[f] * others * miss[f, states])
        log = 0.5 * log + 0.5 * new
    weights = np.exp(batch.log_weights[row] + log.sum(axis=0))
    return weights / np.add.reduceat(weights, STARTS).repeat(np.diff([*STARTS, N_STATES]))


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("rough", [True, False])
def test_rows_are_what_the_textbook_gives_each(shared: bool, rough: bool) -> None:
    batch = batch_of(3, 4, 5, shared=shared)
    rows, _ = propagate(batch, rough=rough)
    for row, got in enumerate(rows):
        np.testing.assert_allclose(got, textbook(batch, row), atol=1e-4)


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(0, 12), st.booleans())
@settings(max_examples=30)
def test_rough_is_as_good_as_precise(seed: int, n_rows: int, n_findings: int, shared: bool) -> None:
    batch = batch_of(seed, n_rows, n_findings, shared=shared)
    precise, _ = propagate(batch)
    rough, _ = propagate(batch, rough=True)
    np.testing.assert_allclose(rough, precise, atol=2e-4)
    assert np.median(np.abs(rough - precise)) < 1e-6


def test_how_many_families_go_together_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batch_of(8, 9, 6, shared=True)
    usual, messages = propagate(batch)
    monkeypatch.setattr(_loopy, "TOGETHER", 1.0)
    single, others = propagate(batch)
    np.testing.assert_allclose(single, usual, atol=1e-12)
    np.testing.assert_allclose(others, messages, atol=1e-12)


def test_a_start_from_the_answer_stays_there() -> None:
    batch = batch_of(5, 1, 6, shared=True)
    first, messages = propagate(batch)
    again, _ = propagate(batch, messages)
    np.testing.assert_allclose(again, first, atol=1e-4)
    assert not np.allclose(messages, 0.0)


def test_an_answer_alone_is_weighed_exactly() -> None:
    case = Case.model_validate({"observations": [{"id": "muscle_wasting"}, {"id": "cramps"}]})
    evidence = evidence_of(case, NET)
    _, alone = each_alone(evidence, evidence.log_factors(evidence.items), NET)
    miss = NET.miss(evidence.produce)
    for row, finding in enumerate(evidence.finding_items):
        own = evidence.log_factors([finding])[0]
        problem = _exact.Problem(
            weights=NET.split(np.exp(NET.log_prior + own)),
            produce=[p.T for p in NET.split(1.0 - miss[row : row + 1])],
            leak=evidence.leak[row : row + 1],
        )
        np.testing.assert_allclose(alone[row], np.concatenate(_exact.solve(problem).posterior), atol=1e-12)
