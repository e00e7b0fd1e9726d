"""Whole numbers at the door."""

from __future__ import annotations

from numbers import Integral

from whytwitch.physiology._errors import PhysiologyError


def check_count(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number within [low, high]; NumPy's integers are.

    Raises:
        PhysiologyError: it is not.
    """
    if not (isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high):
        raise PhysiologyError(f"{name} is {value!r}: the model takes whole numbers from {low} to {high}")
