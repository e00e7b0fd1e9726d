"""A changed motor unit, as data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

from whytwitch.knowledge import PARTS, TARGETS, ScenarioGrade
from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.ions import Bath


@dataclass(frozen=True, slots=True)
class AppliedCause:
    """One cause at work, in one reading and at one dose."""

    cause_id: str
    scenario_id: str
    dose: float
    unit: str
    grade: ScenarioGrade


@dataclass(frozen=True, slots=True)
class Operation:
    """One step towards the value of a target. ``override`` is a reader's own value and wins."""

    target: str
    kind: Literal["set", "scale", "shift", "override"]
    value: float
    origin: str
    """Who asks for it: ``cause/scenario``, or ``override``."""


@dataclass(frozen=True)
class ChangedSystem:
    """A motor unit under causes and overrides. Immutable; what is not named is normal.

    Args:
        operations: steps in the order in which they were asked for.
        causes: the causes behind them.
        provenance: one line for each cause and each change, in words.

    Raises:
        PhysiologyError: two causes set one quantity to different values and no override settles it, or a
            value leaves the range of its target.
    """

    operations: tuple[Operation, ...] = ()
    causes: tuple[AppliedCause, ...] = ()
    provenance: tuple[str, ...] = ()
    values: Mapping[str, float] = field(init=False, repr=False)
    """Every target that was touched, by its full name, with its final value."""

    def __post_init__(self) -> None:
        grouped: dict[str, list[Operation]] = {}
        for operation in self.operations:
            grouped.setdefault(operation.target, []).append(operation)
        values = {target: _resolve(target, steps) for target, steps in grouped.items()}
        object.__setattr__(self, "values", MappingProxyType(values))

    @property
    def bath(self) -> Bath:
        """The fluid outside."""
        return Bath(**self._part("bath"))

    @property
    def axon(self) -> Mapping[str, float]:
        """Changes of the whole motor axon, its terminal included: name without ``axon.`` -> value."""
        return self._part("axon")

    @property
    def terminal(self) -> Mapping[str, float]:
        """Changes of the last branches only, on top of those of the axon."""
        return self._part("terminal")

    @property
    def axon_at_terminal(self) -> Mapping[str, float]:
        """Changes of the axon and of its terminal together: what holds in the last branches."""
        whole = dict(self.axon)
        for name, value in self.terminal.items():
            target = TARGETS[f"terminal.{name}"]
            before = whole.get(name, target.normal)
            both = before * value if target.factor else before + value
            check_range(f"axon.{name} with terminal.{name}", both, target.low, target.high, target.unit)
            whole[name] = both
        return MappingProxyType(whole)

    @property
    def junction(self) -> Mapping[str, float]:
        """Changes of the neuromuscular junction."""
        return self._part("junction")

    @property
    def fiber(self) -> Mapping[str, float]:
        """Changes of the muscle fiber's membrane."""
        return self._part("fiber")

    @property
    def units(self) -> Mapping[str, float]:
        """Changes of the motor units of the muscle."""
        return self._part("units")

    @property
    def drive(self) -> Mapping[str, float]:
        """Drive from brain and cord."""
        return self._part("drive")

    @property
    def grade(self) -> ScenarioGrade | None:
        """The weakest grade among the causes; None if there are only overrides."""
        order: tuple[ScenarioGrade, ...] = ("hypothesis", "modelled", "measured")
        return next((grade for grade in order if any(c.grade == grade for c in self.causes)), None)

    def _part(self, part: str) -> Mapping[str, float]:
        start = f"{part}."
        return MappingProxyType(
            {name.removeprefix(start): value for name, value in self.values.items() if name.startswith(start)}
        )


def check_target(name: str) -> None:
    """Refuse a target that is not on the list.

    Raises:
        PhysiologyError: with the nearest names, or the names of the part.
    """
    if name in TARGETS:
        return
    near = get_close_matches(name, TARGETS, n=3)
    part = name.partition(".")[0]
    choices = near or [f"{part}.{key}" for key in PARTS.get(part, ())] or [f"{key}.…" for key in PARTS]
    raise PhysiologyError(f"there is no target {name!r}; choose from: {', '.join(choices)}")


def _resolve(target_name: str, steps: Iterable[Operation]) -> float:
    """An override if there is one (the last), else what was set, scaled and shifted."""
    target = TARGETS[target_name]
    of_kind: dict[str, list[Operation]] = {"set": [], "scale": [], "shift": [], "override": []}
    for step in steps:
        of_kind[step.kind].append(step)
    if of_kind["override"]:
        final = of_kind["override"][-1].value
    else:
        # A cause at its normal dose sets the normal value, and so says nothing.
        wanted = {step.value: step.origin for step in of_kind["set"] if step.value != target.normal}
        if len(wanted) > 1:
            said = " and ".join(f"{origin} sets it to {value:g}" for value, origin in wanted.items())
            raise PhysiologyError(
                f"{target_name}: {said} {target.unit}; give your own value: **{{{target_name!r}: …}}"
            )
        base = next(iter(wanted), target.normal)
        scaled = base * math.prod(step.value for step in of_kind["scale"])
        final = scaled + sum(step.value for step in of_kind["shift"])
    check_range(target_name, final, target.low, target.high, target.unit)
    return final
