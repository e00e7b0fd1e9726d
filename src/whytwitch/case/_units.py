"""Units of laboratory values: recognise them, convert them, and find the one that is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from whytwitch.knowledge import Analyte

_UNIT = re.compile(
    r"\s*(?P<unit>%|‰|m?g\s?%|x?\s*10\^?\d+\s*/\s*[a-zµμ]+|×\s*10\S*"
    r"|(?:[a-zµμ°]+\d*)(?:\s?(?:/|per|⁄|\.)\s?(?:\d+\s?)?[a-z0-9.²]+(?:/[a-z0-9]+)?)?)",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"^(?:[munpkµ]?(?:mol|g|iu|u|eq|osm|kat)|(?:micro|milli)?grams?|mcg|ug|units?|cells?|pg|fl|%|mmhg|kpa|torr|mm|mg%|"
    r"x?10\^?\d+)(?:/.*)?$"
)
_DOSE = frozenset(("mg", "g", "mcg", "ug", "iu", "units", "tablet", "tablets", "meq", "mmol",
                   "gram", "grams", "milligram", "milligrams", "microgram", "micrograms", "pills",
                   "drops", "capsules"))  # fmt: skip
_NEAR = 0.6


class Unit(NamedTuple):
    """How one accepted unit turns into the SI unit."""

    name: str
    factor: float
    offset: float


@lru_cache(maxsize=4096)
def tidy(unit: str) -> str:
    """One spelling for a unit: ``µmol per L`` → ``umol/l``, ``mEq/L`` → ``meq/l``."""
    text = unit.strip().strip(".").replace("µ", "u").replace("μ", "u").replace("⁄", "/")
    text = re.sub(r"\s*per\s+", "/", text.lower())
    text = text.replace("mcg", "ug").replace("mcmol", "umol").replace("litre", "l").replace("liter", "l")
    text = text.replace("×", "x").replace("mg%", "mg/dl").replace("100ml", "dl").replace("100 ml", "dl")
    text = text.replace("miu", "mu").replace("uiu", "uu").replace("iu", "u").replace("²", "2")
    return re.sub(r"\s+", "", text)


def find_unit(text: str, start: int, analyte: Analyte) -> tuple[Unit | None, str, int]:
    """The unit that follows position ``start``: as accepted for the analyte, as written, its end.

    A unit of some other quantity is returned as written, with no :class:`Unit`.
    """
    found = _UNIT.match(text, start, start + 40)
    if found is None:
        return None, "", start
    written = found["unit"].rstrip(".")
    for candidate in (written, written.split(" ")[0]):
        unit = named(analyte, candidate)
        if unit is not None:
            return unit, candidate, found.start("unit") + len(candidate)
    bare = tidy(written)
    if (_KNOWN.match(bare) or "/" in bare.strip("/")) and not bare.endswith("/") and bare != "and/or":
        return None, written, found.end()
    return None, "", start


def named(analyte: Analyte, written: str) -> Unit | None:
    """The accepted unit of ``analyte`` that is spelled ``written``."""
    wanted = tidy(written)
    for name, factor in analyte.units.items():
        if tidy(name) == wanted:
            return Unit(name, factor, analyte.offsets.get(name, 0.0))
    if tidy(analyte.unit) == wanted:
        return Unit(analyte.unit, 1.0, 0.0)
    return None


def is_unit(written: str, analytes: Iterable[Analyte]) -> bool:
    """Whether something written after a number looks like a unit of any quantity."""
    pieces = (written, written.split(" ")[0])
    if not written[0].isalpha() or any(_KNOWN.match(tidy(piece)) for piece in pieces):
        return True
    return any(named(analyte, piece) is not None for analyte in analytes for piece in pieces)


def is_dose(written: str) -> bool:
    """Whether a unit is that of an amount taken, not of a concentration."""
    return tidy(written) in _DOSE


def to_si(value: float, unit: Unit) -> float:
    """The value in the analyte's SI unit."""
    return value * unit.factor + unit.offset


def is_plausible(analyte: Analyte, value_si: float) -> bool:
    """Whether a living person can have the value."""
    low, high = analyte.plausible
    return low <= value_si <= high


def candidates(analyte: Analyte, value: float) -> list[Unit]:
    """Units in which ``value`` is plausible, one for each distinct size."""
    fitting: dict[tuple[float, float], Unit] = {}
    for name, factor in {analyte.unit: 1.0, **analyte.units}.items():
        unit = Unit(name, factor, analyte.offsets.get(name, 0.0))
        if is_plausible(analyte, to_si(value, unit)):
            fitting.setdefault((round(factor, 9), unit.offset), unit)
    return list(fitting.values())


def by_interval(analyte: Analyte, units: list[Unit], low: float | None, high: float | None) -> list[Unit]:
    """Those units in which the printed reference interval looks like that of the analyte."""
    if high is None or not analyte.high:
        return units
    kept = [
        unit
        for unit in units
        if _close(to_si(high, unit), analyte.high)
        and (low is None or not analyte.low or _close(to_si(low, unit), analyte.low))
    ]
    return kept or units


def _close(a: float, b: float) -> bool:
    return _NEAR <= a / b <= 1 / _NEAR


def _short(value: float) -> str:
    """Three digits, never as a power of ten."""
    return f"{float(f'{value:.3g}'):f}".rstrip("0").rstrip(".")


def describe(analyte: Analyte) -> str:
    """The plausible range in every distinct unit, for a question."""
    shown: dict[float, str] = {}
    for name, factor in {analyte.unit: 1.0, **analyte.units}.items():
        if factor:
            offset = analyte.offsets.get(name, 0.0)
            low, high = ((bound - offset) / factor for bound in analyte.plausible)
            shown.setdefault(round(factor, 9), f"{_short(max(low, 0))} to {_short(high)} {name}")
    return ", or ".join(list(shown.values())[:3])
