"""The one error of the forward model, and the checks at its door."""

from __future__ import annotations

import math


class PhysiologyError(ValueError):
    """A value the model cannot take, or a computation that would not settle.

    The message names what was given, the valid range, and how to mend it.
    """


def check_range(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Refuse a value that is not a number within [low, high].

    Raises:
        PhysiologyError: it is not.
    """
    if not (isinstance(value, (int, float)) and math.isfinite(value) and low <= value <= high):
        suffix = f" {unit}" if unit else ""
        raise PhysiologyError(f"{name} is {value!r}: the model takes {low:g} to {high:g}{suffix}")
