"""What a scenario says is what the simulated parts take, at every dose."""

from __future__ import annotations

import pytest

from whytwitch.knowledge import TARGETS, load_mechanics
from whytwitch.physiology.axon import Axon
from whytwitch.physiology.fiber import Fiber
from whytwitch.physiology.scenario import apply

READINGS = [
    (key, scenario)
    for key, entry in load_mechanics().causes.items()
    for scenario in entry.scenarios
    if any(change.target.startswith("fiber.") for change in scenario.changes)
]


@pytest.mark.parametrize(("cause", "scenario"), READINGS, ids=[f"{c}-{s.id}" for c, s in READINGS])
def test_a_fiber_can_be_built_at_any_dose(cause: str, scenario) -> None:
    for dose in (scenario.dose.low, scenario.dose.typical, scenario.dose.high):
        changes = apply(cause, scenario.id, dose).fiber
        fiber = Fiber(**changes)
        assert {name: getattr(fiber, name) for name in changes} == changes
    assert Fiber(**apply(cause, scenario.id, scenario.dose.normal).fiber) == Fiber()


def test_the_catalogue_and_the_fiber_agree_on_what_is_normal() -> None:
    fiber = Fiber()
    for name, target in TARGETS.items():
        if name.startswith("fiber."):
            assert getattr(fiber, name.removeprefix("fiber.")) == target.normal, name


@pytest.mark.parametrize("cause", [key for key, entry in load_mechanics().causes.items() if entry.scenarios])
def test_an_axon_and_its_terminal_can_be_built_at_any_dose(cause: str) -> None:
    for scenario in load_mechanics().causes[cause].scenarios:
        for dose in (scenario.dose.low, scenario.dose.typical, scenario.dose.high):
            system = apply(cause, scenario.id, dose)
            for changes in (system.axon, system.axon_at_terminal):
                axon = Axon(bath=system.bath).changed(dict(changes))
                assert {name: getattr(axon, name) for name in changes} == dict(changes)


def test_the_catalogue_and_the_axon_agree_on_what_is_normal() -> None:
    axon = Axon()
    for name, target in TARGETS.items():
        part, _, field = name.partition(".")
        if part == "axon":
            assert getattr(axon, field) == target.normal, name
            low, high = axon.changed({field: target.low}), axon.changed({field: target.high})
            assert (getattr(low, field), getattr(high, field)) == (target.low, target.high)
