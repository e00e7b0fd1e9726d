"""Units of voltage, as files spell them."""

from __future__ import annotations

import re
from typing import Final

_TO_UV: Final = {"v": 1e6, "mv": 1e3, "uv": 1.0, "nv": 1e-3}
_PREFIXES: Final = {"milli": "m", "micro": "u", "nano": "n"}
# Micro sign, Greek mu, and the two as UTF-8 read as Latin-1.
_MICRO: Final = re.compile("Âµ|Î¼|µ|μ")


def microvolts(unit: str) -> float | None:
    """How many µV one of this unit is; None where it is no unit of voltage.

    Case is ignored: nobody records in megavolts, and headers in capitals are common.
    """
    text = _MICRO.sub("u", unit.strip()).lower().strip("[]() .")
    for word, letter in _PREFIXES.items():
        text = text.replace(word, letter)
    return _TO_UV.get(re.sub(r"volts?$", "v", text).replace(" ", ""))


_IN_NAME: Final = re.compile(r"^(?P<name>.*?)\s*[\(\[{]\s*(?P<unit>[^\)\]}]{1,12})\s*[\)\]}]\s*$")
_AFTER_NAME: Final = re.compile(r"^(?P<name>.+?)[\s_:/]+(?P<unit>[munµμ]?v(olts?)?)$", re.IGNORECASE)


def split_unit(heading: str) -> tuple[str, str]:
    """``EMG (mV)`` into ``EMG`` and ``mV``; the unit is empty where there is none."""
    if len(heading.strip()) > 1 and microvolts(heading) is not None:
        return "", heading.strip()
    found = _IN_NAME.match(heading) or _AFTER_NAME.match(heading)
    if found and found["name"].strip():
        return found["name"].strip(), found["unit"].strip()
    return heading.strip(), ""


__all__ = ["microvolts", "split_unit"]
