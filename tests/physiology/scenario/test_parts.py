"""What a scenario says is what the simulated parts take, at every dose."""

from __future__ import annotations

import pytest

from whytwitch.knowledge import TARGETS, load_mechanics
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
