"""The exact posterior against brute force, pyAgrum, and its own invariances."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.reasoning import _exact, _loopy
from whytwitch.reasoning._exact import Problem, TooWideError, solve


def random_problem(
    seed: int, groups: list[int], n_findings: int, density: float = 0.4, leak: float | None = None
) -> Problem:
    """A network of ``groups`` families with that many causes each, all numbers random."""
    rng = np.random.default_rng(seed)
    weights, produce = [], []
    for n in groups:
        weight = np.concatenate([[1.0], 10 ** rng.uniform(-4, -0.5, n)])
        weights.append(weight / weight.sum())
        strength = np.zeros((n + 1, n_findings))
        drawn = rng.uniform(0.01, 0.97, (n, n_findings))
        strength[1:] = drawn * (rng.random((n, n_findings)) < density)
        produce.append(strength)
    leaks = 10 ** rng.uniform(-3, -0.5, n_findings) if leak is None else np.full(n_findings, leak)
    return Problem(weights, produce, leaks)


def brute_force(problem: Problem) -> list[np.ndarray]:
    """Sum over every joint state."""
    posterior = [np.zeros(len(w)) for w in problem.weights]
    for states in itertools.product(*(range(len(w)) for w in problem.weights)):
        miss, weight = 1.0 - problem.leak, 1.0
        for group, state in enumerate(states):
            miss = miss * (1.0 - problem.produce[group][state])
            weight *= problem.weights[group][state]
        weight *= float(np.prod(1.0 - miss))
        for group, state in enumerate(states):
            posterior[group][state] += weight
    return [p / p.sum() for p in posterior]


@given(
    seed=st.integers(0, 10_000),
    groups=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    n_findings=st.integers(0, 8),
)
def test_equals_brute_force(seed: int, groups: list[int], n_findings: int) -> None:
    problem = random_problem(seed, groups, n_findings)
    for got, want in zip(solve(problem).posterior, brute_force(problem), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-9)


@pytest.mark.parametrize("leak", [1e-6, 1e-3, 0.3])
def test_improbable_evidence_keeps_its_digits(leak: float) -> None:
    """Quickscore in double precision is off by up to 1 here; ours must not be."""
    problem = random_problem(3, [4, 3, 5, 4], 8, density=0.3, leak=leak)
    for got, want in zip(solve(problem).posterior, brute_force(problem), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-9)


def test_both_bases_agree_at_full_size() -> None:
    problem = random_problem(5, [5, 10, 3, 12, 9, 20, 3, 9, 8, 6, 3, 4, 5], 14)
    slow = solve(problem, loss=1.0)
    fast = solve(problem, loss=1e10)
    for got, want in zip(fast.posterior, slow.posterior, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-8)
    assert fast.log_evidence == pytest.approx(slow.log_evidence, abs=1e-8)


def test_lost_digits_are_noticed_and_mended() -> None:
    """With every axis in the cheap basis and hopeless evidence, the check sends it the safe way."""
    problem = random_problem(2, [4, 3, 5, 4], 8, density=0.3, leak=1e-7)
    for got, want in zip(solve(problem, loss=1e300).posterior, brute_force(problem), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-6)


def test_order_of_findings_is_irrelevant() -> None:
    problem = random_problem(7, [3, 6, 4, 5], 9)
    turned = np.random.default_rng(0).permutation(9)
    shuffled = Problem(problem.weights, [p[:, turned] for p in problem.produce], problem.leak[turned])
    for got, want in zip(solve(shuffled).posterior, solve(problem).posterior, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-10)


def test_too_wide_is_refused() -> None:
    with pytest.raises(TooWideError, match="entangled"):
        solve(random_problem(1, [4, 4, 4], 12, density=1.0), widest=8)


def test_loopy_is_near_and_its_rows_are_independent() -> None:
    problem = random_problem(11, [5, 8, 6, 4], 7)
    exact = np.concatenate(solve(problem).posterior)
    starts = np.cumsum([0, *(len(w) for w in problem.weights)])[:-1]
    log_weights = np.log(np.concatenate(problem.weights))
    miss = 1.0 - np.concatenate(problem.produce).T
    one = _loopy.Batch(
        starts, log_weights[None], miss[None], 1.0 - problem.leak[None], np.ones((1, 7), dtype=bool)
    )
    posterior, _ = _loopy.propagate(one)
    np.testing.assert_allclose(posterior[0], exact, atol=0.1)
    active = np.ones((2, 7), dtype=bool)
    active[1] = False
    two = _loopy.Batch(starts, np.repeat(log_weights[None], 2, 0), miss[None], one.keep, active)
    rows, _ = _loopy.propagate(two)
    np.testing.assert_allclose(rows[0], posterior[0], atol=1e-3)
    prior = np.exp(log_weights) / np.add.reduceat(np.exp(log_weights), starts).repeat(
        [len(w) for w in problem.weights]
    )
    np.testing.assert_allclose(rows[1], prior, atol=1e-12)


def test_equals_pyagrum_on_a_mid_size_network() -> None:
    """An independent library, exact by junction tree, on 20 causes in 5 families, 9 findings."""
    gum = pytest.importorskip("pyagrum")
    problem = random_problem(13, [4, 4, 4, 4, 4], 9, density=0.35)
    net = gum.BayesNet("oracle")
    for group, weights in enumerate(problem.weights):
        net.add(gum.LabelizedVariable(f"g{group}", "", len(weights)))
        net.cpt(f"g{group}").fillWith(list(weights / weights.sum()))
    # A noisy-OR over multi-state parents, built as a chain of ORs so that no table grows large.
    for finding in range(9):
        before = None
        for group in range(5):
            name = f"f{finding}_{group}"
            net.add(gum.LabelizedVariable(name, "", 2))
            net.addArc(f"g{group}", name)
            if before is not None:
                net.addArc(before, name)
            for state in range(len(problem.weights[group])):
                p = problem.produce[group][state, finding]
                if before is None:
                    start = 1.0 - (1.0 - problem.leak[finding]) * (1.0 - p)
                    net.cpt(name)[{f"g{group}": state}] = [1.0 - start, start]
                else:
                    net.cpt(name)[{f"g{group}": state, before: 0}] = [1.0 - p, p]
                    net.cpt(name)[{f"g{group}": state, before: 1}] = [0.0, 1.0]
            before = name
    inference = gum.LazyPropagation(net)
    inference.setEvidence({f"f{finding}_4": 1 for finding in range(9)})
    inference.makeInference()
    for group, got in enumerate(solve(problem).posterior):
        np.testing.assert_allclose(got, inference.posterior(f"g{group}").tolist(), atol=1e-9)


def test_widest_fits_in_memory() -> None:
    assert 8 * 2**_exact.WIDEST * 20 < 1e8


@given(seed=st.integers(0, 10_000), n_findings=st.integers(9, 12))
def test_the_cheap_basis_is_left_where_it_loses_digits(seed: int, n_findings: int) -> None:
    """However many digits are put at stake, the answer agrees with that in which none can be lost."""
    problem = random_problem(seed, [6, 5, 6], n_findings, density=0.3, leak=0.01)
    bold, careful = solve(problem, loss=1e30), solve(problem, loss=1.0)
    for got, want in zip(bold.posterior, careful.posterior, strict=True):
        np.testing.assert_allclose(got, want, atol=2e-8)
