"""What JSON from anywhere may look like before anybody reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from whytwitch.case._model import CaseError

DEEPEST: Final = 60
MOST_VALUES: Final = 200_000
LARGEST: Final = 1e15
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def check_json(data: object, name: str) -> None:
    """Refuse what is nested or sized beyond any record, numbers that are none, and broken text.

    Args:
        data: parsed JSON.
        name: what it is called in the message.

    Raises:
        CaseError: which limit it breaks.
    """
    waiting: list[tuple[object, int]] = [(data, 1)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if depth > DEEPEST:
            raise CaseError(f"{name}: nested deeper than {DEEPEST} levels")
        if count > MOST_VALUES:
            raise CaseError(f"{name}: more than {MOST_VALUES:,} values; give the part that matters")
        if isinstance(value, Mapping):
            row = cast("Mapping[Any, object]", value)
            waiting += [(inner, depth + 1) for inner in (*row.keys(), *row.values())]
        elif isinstance(value, list | tuple):
            waiting += [(inner, depth + 1) for inner in cast("list[object]", value)]
        elif isinstance(value, str) and _SURROGATE.search(value):
            raise CaseError(f"{name}: a text holds half a character (a lone surrogate); write it as UTF-8")
        elif isinstance(value, int | float):
            _check_number(value, name)


def _check_number(value: float, name: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise CaseError(f"{name}: {value} is no number that can be used; give a finite one")
    if abs(value) > LARGEST:
        raise CaseError(f"{name}: a number is too large; the limit is {LARGEST:g}")


__all__ = ["LARGEST", "check_json"]
