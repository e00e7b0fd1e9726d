"""What a cause does to the simulated motor unit, as data: scenarios, doses, changes.

A cause has one scenario for each reading of its mechanism, or says why it has none. The tables stand in
the file of the cause; they are read only when somebody simulates.
"""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import Field, model_validator

from whytwitch.knowledge._schema import Entry, Id, Text
from whytwitch.knowledge._targets import TARGETS

ScenarioGrade = Literal["measured", "modelled", "hypothesis"]
"""``measured``: the change, or its direct effect on human motor axons, junctions or muscle, was measured in
people with this cause (or under this change). ``modelled``: it is how the authors of such measurements
explained them. ``hypothesis``: reasoned from the mechanism; no such data. The grade is that of the kind of
change; how a size is known is in its ``basis``."""

SizeBasis = Literal["observed", "derived", "judgment"]
"""How a size is known: read in a source, computed from numbers in a source, or chosen by us."""


class Dose(Entry):
    """How much of the cause: the one number a reader may move."""

    name: Id
    unit: str
    normal: float
    """The dose that changes nothing."""
    typical: float
    """The dose shown unless another is asked for."""
    low: float
    high: float
    origin: Text
    """Where the typical dose and the range come from."""
    basis: SizeBasis = "judgment"
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Dose:
        inside = self.low <= self.normal <= self.high and self.low <= self.typical <= self.high
        if not inside or self.typical == self.normal:
            raise ValueError(f"{self.name}: normal and typical must differ and lie within low and high")
        if self.basis != "judgment" and not self.sources:
            raise ValueError(f"{self.name}: basis {self.basis!r} needs at least one source")
        return self


class Change(Entry):
    """One quantity that moves with the dose, from its normal value at the normal dose.

    Exactly one of ``value`` and ``from`` is set: the value at the typical dose, or that the dose itself is
    the value. Between and beyond, ``rule`` interpolates the value (``linear``) or its logarithm (``log``);
    with ``step`` the value is there in full at every dose but the normal one (a rhythm, an inborn leak).
    """

    target: str
    operation: Literal["set", "scale", "shift"]
    value: float | None = None
    source_of_value: Annotated[Literal["dose"] | None, Field(alias="from")] = None
    rule: Literal["linear", "log", "step"] = "linear"
    basis: SizeBasis = "judgment"
    sources: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _fits_the_target(self) -> Change:
        if self.target not in TARGETS:
            near = get_close_matches(self.target, TARGETS, n=3)
            raise ValueError(f"unknown target {self.target!r}" + (f"; did you mean {near}?" if near else ""))
        if (self.value is None) == (self.source_of_value is None):
            raise ValueError(f"{self.target}: set exactly one of value and from")
        if self.operation == "scale" and not TARGETS[self.target].factor:
            raise ValueError(f"{self.target}: only a factor can be scaled; set or shift it")
        if self.operation == "shift" and TARGETS[self.target].factor:
            raise ValueError(f"{self.target}: a factor is scaled or set, not shifted")
        if self.rule == "log" and (self.value is None or min(self.value, self.neutral) <= 0.0):
            raise ValueError(f"{self.target}: a logarithm needs a value and a normal above 0")
        if self.basis != "judgment" and not self.sources:
            raise ValueError(f"{self.target}: basis {self.basis!r} needs at least one source")
        return self

    @property
    def neutral(self) -> float:
        """What the operation takes to change nothing."""
        if self.operation == "shift":
            return 0.0
        return 1.0 if self.operation == "scale" else TARGETS[self.target].normal

    def at(self, amount: float, dose: Dose) -> float:
        """The operand at a dose of ``amount``, in the unit of the target."""
        if self.value is None:
            return amount
        if self.rule == "step":
            return self.neutral if amount == dose.normal else self.value
        way = (amount - dose.normal) / (dose.typical - dose.normal)
        if self.rule == "log":
            return self.neutral * math.pow(self.value / self.neutral, way)
        return self.neutral + (self.value - self.neutral) * way


class Scenario(Entry):
    """One reading of how a cause acts."""

    id: Id = "default"
    name: Text
    plain: Text
    """One plain sentence."""
    precise: Text
    grade: ScenarioGrade
    sources: tuple[str, ...] = ()
    dose: Dose
    changes: tuple[Change, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if self.grade != "hypothesis" and not self.sources:
            raise ValueError(f"{self.id}: grade {self.grade!r} needs at least one source")
        targets = [change.target for change in self.changes]
        if len(set(targets)) < len(targets):
            raise ValueError(f"{self.id}: a target is changed twice")
        for change in self.changes:
            if change.source_of_value and not math.isclose(self.dose.normal, change.neutral):
                raise ValueError(f"{self.id}: {change.target}: the normal dose must be {change.neutral:g}")
            target = TARGETS[change.target]
            for amount in (self.dose.low, self.dose.high):
                value = change.at(amount, self.dose)
                if change.operation == "shift":
                    value += target.normal
                if not target.low <= value <= target.high:
                    raise ValueError(
                        f"{self.id}: {change.target} is {value:g} at a dose of {amount:g}; "
                        f"it must stay within {target.low:g} and {target.high:g}"
                    )
        return self


class Mechanics(Entry):
    """How one cause is simulated, or why it is not."""

    id: Id
    scenarios: tuple[Scenario, ...] = ()
    """The first is the default."""
    no_model: str = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Mechanics:
        if bool(self.scenarios) == bool(self.no_model):
            raise ValueError("give scenarios, or in no_model the reason why there are none; not both")
        ids = [scenario.id for scenario in self.scenarios]
        if len(set(ids)) < len(ids):
            raise ValueError("two scenarios have the same id")
        return self


class PublishedChange(Entry):
    """One published change of nerve excitability, and what represents it in the model.

    ``direction`` speaks of size: superexcitability, TEh and other indices that are negative "increase" when
    they become more negative. ``indices`` are named as in the clinical test; empty where the publication
    names none of them.
    """

    group: Text
    index: Text
    indices: tuple[str, ...] = ()
    direction: Literal["increase", "decrease", "no change", "unclear"]
    patients: str = ""
    controls: str = ""
    unit: str = ""
    source: Text
    note: str = ""
    cause: Id | None = None
    scenario: Id | None = None
    dose: float | None = None
    overrides: dict[str, float] = {}
    """Targets set by hand where no cause of the catalogue stands for the change."""
    unrepresented: str = ""
    """Why nothing represents it."""

    @model_validator(mode="after")
    def _represented_or_not(self) -> PublishedChange:
        if bool(self.cause or self.overrides) == bool(self.unrepresented):
            raise ValueError(f"{self.group}: {self.index}: name what represents it, or why nothing does")
        for name in self.overrides:
            if name not in TARGETS:
                raise ValueError(f"{self.group}: {self.index}: unknown target {name!r}")
        return self
