"""Look a cause up, take its scenario at a dose, and combine several."""

from __future__ import annotations

import math
from collections.abc import Iterator
from difflib import get_close_matches

from whytwitch.knowledge import TARGETS, Mechanics, Scenario, load_mechanics
from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.scenario._system import AppliedCause, ChangedSystem, Operation, check_target


def apply(
    cause_id: str, scenario: str | None = None, dose: float | None = None, **overrides: float
) -> ChangedSystem:
    """What a cause does to the motor unit.

    Args:
        cause_id: id of the catalogue, as ``hypocalcemia``.
        scenario: id of one reading of its mechanism; the first unless given.
        dose: how much of it, in the unit of the scenario's dose; the typical one unless given.
        overrides: own values of targets, which win: ``**{"bath.potassium_mmol_l": 5.0}``.

    Raises:
        PhysiologyError: unknown cause, scenario or target, a cause that cannot be simulated, or a dose or
            value out of range. The message has the valid choices.
    """
    entry = _entry(cause_id)
    chosen = _scenario(entry, scenario)
    amount = chosen.dose.typical if dose is None else _dose(entry, chosen, dose)
    origin = f"{cause_id}/{chosen.id}"
    operations = tuple(
        Operation(change.target, change.operation, change.at(amount, chosen.dose), origin)
        for change in chosen.changes
    )
    applied = AppliedCause(cause_id, chosen.id, amount, chosen.dose.unit, chosen.grade)
    return combine(
        ChangedSystem(operations, (applied,), tuple(_told(applied, chosen, operations))), **overrides
    )


def combine(*systems: ChangedSystem, **overrides: float) -> ChangedSystem:
    """Several causes at once, and own values on top; without any, the normal motor unit.

    Factors multiply and shifts add up. Where two causes set one quantity (as the potassium of the fluid)
    to different values, that is an error, since neither their mean nor the later one would be right: say
    the value yourself. An override wins over everything; of two overrides of one target, the last.

    Raises:
        PhysiologyError: as above, or an override that is unknown or out of range.
    """
    operations = [operation for system in systems for operation in system.operations]
    told = [line for system in systems for line in system.provenance]
    for name, value in overrides.items():
        check_target(name)
        operations.append(Operation(name, "override", value, "override"))
        told.append(f"{name} = {value} {TARGETS[name].unit}: set by hand.")
    causes = tuple(cause for system in systems for cause in system.causes)
    return ChangedSystem(tuple(operations), causes, tuple(told))


def scenarios(cause_id: str) -> tuple[Scenario, ...]:
    """The readings of a cause's mechanism, the default first; empty where it cannot be simulated.

    Raises:
        PhysiologyError: unknown cause.
    """
    causes = load_mechanics().causes
    if cause_id not in causes:
        near = get_close_matches(cause_id, causes, n=3, cutoff=0.5)
        choices = f"did you mean {' or '.join(near)}?" if near else "'whytwitch causes' lists all ids"
        raise PhysiologyError(f"there is no cause {cause_id!r}; {choices}")
    return causes[cause_id].scenarios


def _entry(cause_id: str) -> Mechanics:
    if not scenarios(cause_id):
        raise PhysiologyError(f"{cause_id} cannot be simulated: {load_mechanics().causes[cause_id].no_model}")
    return load_mechanics().causes[cause_id]


def _scenario(entry: Mechanics, scenario_id: str | None) -> Scenario:
    found = load_mechanics().scenario(entry.id, scenario_id)
    if found is None:
        choices = ", ".join(scenario.id for scenario in entry.scenarios)
        raise PhysiologyError(f"{entry.id} has no scenario {scenario_id!r}; choose from: {choices}")
    return found


def _dose(entry: Mechanics, scenario: Scenario, dose: float) -> float:
    known = scenario.dose
    if not (isinstance(dose, (int, float)) and math.isfinite(dose) and known.low <= dose <= known.high):
        raise PhysiologyError(
            f"{entry.id}, scenario {scenario.id}: dose is {dose!r}; {known.name} runs from {known.low:g} to "
            f"{known.high:g} {known.unit} (normal {known.normal:g}, typical {known.typical:g})"
        )
    return float(dose)


def _told(applied: AppliedCause, scenario: Scenario, operations: tuple[Operation, ...]) -> Iterator[str]:
    cited = f" Sources: {', '.join(scenario.sources)}." if scenario.sources else ""
    yield (
        f"{applied.cause_id}, {scenario.name} ({scenario.grade}; {scenario.dose.name} "
        f"{applied.dose:g} {applied.unit}): {' '.join(scenario.precise.split())}{cited}"
    )
    words = {"set": "set to", "scale": "times", "shift": "plus"}
    for change, operation in zip(scenario.changes, operations, strict=True):
        # The size of a dose is as well known as the dose.
        known = scenario.dose.basis if change.value is None else change.basis
        yield f"{change.target} {words[change.operation]} {operation.value:.4g} ({known})."
