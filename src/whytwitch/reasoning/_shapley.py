"""How factors share an effect: Shapley values, exact for few factors and sampled for many."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

EXACT: Final = 10
"""Factors up to which every one of their combinations is tried (1,024 at most)."""
ORDERS: Final = 200
"""Orders drawn beyond that."""


def shapley(
    worth: Callable[[frozenset[int]], float], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each player's share of ``worth(all) - worth(none)``: the mean, over all orders, of what it adds.

    The shares add up to that difference, equal players get equal shares, and one that never adds anything
    gets nothing (Shapley 1953, doi 10.1515/9781400881970-018).

    Args:
        worth: of a coalition of players, numbered from 0.
        n: players.

    Returns:
        shares (n,), and their standard errors (n,): zeros where every coalition was tried.
    """
    known = cache(worth)
    if n <= EXACT:
        return _exact(known, n), np.zeros(n)
    draw = np.random.default_rng(0)
    added = np.empty((ORDERS, n))
    for k in range(ORDERS):
        held: frozenset[int] = frozenset()
        for player in map(int, draw.permutation(n)):
            joined = held | {player}
            added[k, player] = known(joined) - known(held)
            held = joined
    return added.mean(axis=0), added.std(axis=0, ddof=1) / math.sqrt(ORDERS)


def _exact(worth: Callable[[frozenset[int]], float], n: int) -> NDArray[np.float64]:
    shares = np.zeros(n)
    for code in range(1 << n):
        held = frozenset(i for i in range(n) if code >> i & 1)
        if len(held) == n:
            continue
        weight = math.factorial(len(held)) * math.factorial(n - len(held) - 1) / math.factorial(n)
        base = worth(held)
        for player in range(n):
            if player not in held:
                shares[player] += weight * (worth(held | {player}) - base)
    return shares
