"""What of a person could be set otherwise in a what-if, in which bounds, and which of it moves a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from whytwitch.case import Case
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning._changes import BODY_C, QUANTITIES, TEMPERATURE
from whytwitch.reasoning._factors import GRADED, QUANTITY, grade_of, measured, normal_of, unit_of

USUAL_C: Final = (36.0, 37.5)
"""Usual body temperatures (judgment)."""


@dataclass(frozen=True, slots=True)
class Movable:
    """One measured value as a slider has it.

    Attributes:
        id: name of the quantity, as ``Changes`` takes it.
        unit: of all values here.
        value: the person's own; None where it was not measured.
        normal: the value that changes nothing.
        low, high: ends of the slider, within what may be asked for.
        usual: reference interval, of the laboratory where it gave one; None at an open end.
        moves: whether a low and a high value move the number: only mechanisms that were measured, or
            inferred from measurements, do.
    """

    id: str
    unit: str
    value: float | None
    normal: float
    low: float
    high: float
    usual: tuple[float | None, float | None]
    moves: tuple[bool, bool]


def movables(case: Case, catalogue: Catalogue) -> tuple[Movable, ...]:
    """Every quantity that a what-if knows; of free and total calcium only what the person has."""
    known = measured(case, catalogue)
    left_out = "ionized_calcium" if "calcium" in known and "ionized_calcium" not in known else "calcium"
    return tuple(_movable(name, known.get(name), case, catalogue) for name in QUANTITY if name != left_out)


def _movable(name: str, value: float | None, case: Case, catalogue: Catalogue) -> Movable:
    quantity, normal = QUANTITY[name], normal_of(name, case)
    least, most, usual = *BODY_C, USUAL_C
    if name != TEMPERATURE:
        keys = QUANTITIES[name]
        known = catalogue.analytes[keys[-1]]
        lab = next((lab for lab in case.labs if lab.analyte in keys), None)
        least, most = known.plausible
        usual = (
            known.low if lab is None or lab.low is None else lab.low,
            known.high if lab is None or lab.high is None else lab.high,
        )
    shown = [quantity.low, quantity.high, *([value] if value is not None else [])]
    moves = tuple(grade_of(name, end, normal) in GRADED for end in (quantity.low, quantity.high))
    return Movable(
        name, unit_of(name, catalogue), value, normal, max(least, min(shown)), min(most, max(shown)),
        usual, (moves[0], moves[1]),
    )  # fmt: skip


__all__ = ["Movable", "movables"]
