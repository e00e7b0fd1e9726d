"""The root of a steady function in a bracket."""

from __future__ import annotations

from collections.abc import Callable


def bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Where ``function`` crosses 0 between ``low`` (above 0) and ``high`` (below 0), to the last bit.

    Halving is as fast here as a cleverer search with its import, and cannot fail to settle.
    """
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        if function(middle) > 0.0:
            low = middle
        else:
            high = middle
