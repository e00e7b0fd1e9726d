"""What a person may move, as controls; and what was moved, as changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from whytwitch.app.nerve import _phrases as say
from whytwitch.case import Case, CaseError, cups_a_day
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Changes, Movable, movables

_STEPS: Final = {
    "potassium": 0.1, "ionized_calcium": 0.02, "calcium": 0.05, "magnesium": 0.05, "sodium": 1.0,
    "chloride": 1.0, "ph": 0.01, "temperature": 0.1,
}  # fmt: skip
_NAMES: Final = {
    "ph": "pH of the blood", "temperature": "Body temperature", "ionized_calcium": "Ionized calcium",
    "calcium": "Calcium (total)",
}  # fmt: skip
_ONLY_IF_MEASURED: Final = ("chloride",)
"""Acts on muscle fibers and not on the nerve: shown to those who have it on a report."""
LONG_CUPS: Final = 15
"""End of the slider, for whoever drinks no more than that."""
LONGEST: Final = 24
"""Characters of a value."""


@final
@dataclass(frozen=True, slots=True)
class Slider:
    """One value: a slider, a field, and what is written beside them."""

    id: str
    name: str
    unit: str
    low: float
    high: float
    step: float
    start: float
    at: float
    usual: str
    yours: str
    why: str
    band: tuple[float, float]
    """Ends of the usual range in percent of the slider."""
    mark: float | None
    """The person's own value, in percent."""
    moves: bool

    @property
    def text(self) -> str:
        """The value as the field has it."""
        return shown(self.at, self.step)

    @property
    def start_text(self) -> str:
        """The value it starts from as the field has it."""
        return shown(self.start, self.step)


@final
@dataclass(frozen=True, slots=True)
class Switch:
    """One drug that is taken."""

    id: str
    name: str
    on: bool


@final
@dataclass(frozen=True, slots=True)
class Coffee:
    """Cups a day.

    Attributes:
        start: what the person told of, in whole cups; None if nothing.
        at: as the field has it; empty where nothing was told or asked.
        most: end of the slider.
    """

    start: int | None
    at: str
    most: int

    @property
    def yours(self) -> str:
        """What was told, in words."""
        return say.NOT_TOLD if self.start is None else say.YOURS.format(value=self.start)


@final
@dataclass(frozen=True, slots=True)
class Controls:
    """Everything that can be moved, and what was."""

    sliders: tuple[Slider, ...]
    switches: tuple[Switch, ...]
    coffee: Coffee
    changes: Changes


def controls(case: Case, catalogue: Catalogue, asked: Mapping[str, str], kept: tuple[str, ...]) -> Controls:
    """The controls of a person as a query sets them.

    Args:
        case: of the person.
        catalogue: the knowledge.
        asked: value by name of the quantity; ``coffee``; ``form`` where switches were sent along.
        kept: drugs that stay switched on; read only with ``form``.

    Raises:
        CaseError: a value is no number.
    """
    sliders, values = [], {}
    for one in movables(case, catalogue):
        if one.value is None and one.id in _ONLY_IF_MEASURED:
            continue
        step = _STEPS[one.id]
        start = one.normal if one.value is None else one.value
        text = asked.get(one.id, "").strip()
        at = _number(one.id, text) if text else start
        # A field holds a rounded value: that it was sent back unchanged does not make it a change.
        if text and abs(at - start) > 1e-9 and shown(at, step) != shown(start, step):
            values[one.id] = at
        sliders.append(_slider(one, at, step))
    taken = [use for use in case.drugs if use.status == "taking"]
    stop = tuple(use.name for use in taken if asked.get("form") and use.drug not in kept)
    coffee = _coffee(case, asked.get("coffee", "").strip())
    cups = _number("coffee", coffee.at) if coffee.at and coffee.at != str(coffee.start) else None
    return Controls(
        tuple(sliders),
        tuple(Switch(use.drug, use.name, use.name not in stop) for use in taken),
        coffee,
        Changes(values=values, stop=stop, caffeine_cups=cups),
    )


def _coffee(case: Case, asked: str) -> Coffee:
    told = cups_a_day(case)
    start = None if told is None else round(told)
    at = asked[:LONGEST] or ("" if start is None else str(start))
    return Coffee(start, at, max(LONG_CUPS, start or 0))


def shown(value: float, step: float) -> str:
    """A value with as many places as its slider moves by."""
    return f"{value:.{max(0, math.ceil(-math.log10(step)))}f}"


def _number(name: str, text: str) -> float:
    try:
        value = float(text[:LONGEST].replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CaseError(f"{name.replace('_', ' ')}: {text[:LONGEST]!r} is no number")
    return value


def _slider(one: Movable, at: float, step: float) -> Slider:
    low, high = step * math.floor(one.low / step + 1e-9), step * math.ceil(one.high / step - 1e-9)

    def percent(value: float | None, missing: float) -> float:
        return missing if value is None else 100 * min(max((value - low) / (high - low), 0.0), 1.0)

    ends = [("…" if end is None else shown(end, step)) for end in one.usual]
    start = one.normal if one.value is None else one.value
    name = _NAMES.get(one.id, one.id.replace("_", " ").capitalize())
    why = ""
    if not any(one.moves):
        why = say.SALT.format(name=name[:1].lower() + name[1:])
    elif not all(one.moves):
        why = say.ONE_WAY.format(side="low" if one.moves[0] else "high")
    return Slider(
        id=one.id, name=name, unit="" if one.unit == "pH" else one.unit, low=low, high=high, step=step,
        start=start, at=at, usual=say.NORMAL_RANGE.format(low=ends[0], high=ends[1]),
        yours=(say.NOT_MEASURED if one.value is None else say.YOURS).format(value=shown(start, step)),
        why=why, band=(percent(one.usual[0], 0.0), percent(one.usual[1], 100.0)),
        mark=None if one.value is None else percent(one.value, 0.0), moves=any(one.moves),
    )  # fmt: skip


__all__ = ["Coffee", "Controls", "Slider", "Switch", "controls", "shown"]
