"""Weights of words that sound dangerous: learned, not reviewed one by one (``scripts/alarm``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent / "data" / "alarm_words.json"


@cache
def load_alarm_words() -> Mapping[str, float]:
    """Weight of each word and pair of neighbors, in log odds; the empty word has that of any text."""
    return json.loads(PATH.read_text("utf-8"))


__all__ = ["load_alarm_words"]
