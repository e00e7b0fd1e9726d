"""Shares of an effect: the axioms that define them, and the sampled against the exact."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.reasoning import _shapley
from whytwitch.reasoning._shapley import shapley

NUMBER = st.floats(-10, 10, allow_nan=False)


@st.composite
def games(draw: st.DrawFn) -> tuple[int, list[float]]:
    n = draw(st.integers(1, 5))
    return n, draw(st.lists(NUMBER, min_size=2**n, max_size=2**n))


def worth_of(table: list[float]) -> Callable[[frozenset[int]], float]:
    return lambda held: table[sum(1 << i for i in held)]


@given(games())
def test_shares_add_up_to_the_whole(game: tuple[int, list[float]]) -> None:
    n, table = game
    shares, errors = shapley(worth_of(table), n)
    assert sum(shares) == pytest.approx(table[-1] - table[0], abs=1e-9)
    assert not errors.any()


@given(games())
def test_equal_players_get_equal_shares(game: tuple[int, list[float]]) -> None:
    """A twin of player 0 that does the same, in whatever company."""
    n, table = game
    plain = worth_of(table)

    def worth(held: frozenset[int]) -> float:
        twins = len(held & {0, n})
        others = held - {0, n}
        return plain(others) + twins * (plain(others | {0}) - plain(others))

    shares, _ = shapley(worth, n + 1)
    assert shares[0] == pytest.approx(shares[n], abs=1e-9)


@given(games())
def test_one_that_adds_nothing_gets_nothing(game: tuple[int, list[float]]) -> None:
    n, table = game
    plain = worth_of(table)
    shares, _ = shapley(lambda held: plain(held - {n}), n + 1)
    assert shares[n] == pytest.approx(0.0, abs=1e-9)
    assert shares[:n] == pytest.approx(shapley(plain, n)[0], abs=1e-9)


@given(st.lists(NUMBER, min_size=1, max_size=6))
def test_what_merely_adds_up_is_shared_as_it_is(parts: list[float]) -> None:
    shares, _ = shapley(lambda held: sum(parts[i] for i in held), len(parts))
    assert shares == pytest.approx(parts, abs=1e-9)


def test_a_product_of_two_is_halved() -> None:
    shares, _ = shapley(lambda held: float(len(held) == 2), 2)
    assert shares.tolist() == [0.5, 0.5]


def test_many_players_are_sampled_with_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways on one game: within four standard errors of the exact shares, for each of eleven players."""
    n = _shapley.EXACT + 1
    sizes = np.random.default_rng(1).normal(size=n)

    def worth(held: frozenset[int]) -> float:
        return float(np.tanh(sum(sizes[i] for i in held)) + 0.3 * len(held))

    sampled, errors = shapley(worth, n)
    monkeypatch.setattr(_shapley, "EXACT", n)
    exact, _ = shapley(worth, n)
    assert sum(sampled) == pytest.approx(worth(frozenset(range(n))) - worth(frozenset()))
    assert errors.max() < 0.1
    assert np.all(np.abs(sampled - exact) < 4 * errors + 1e-12)
