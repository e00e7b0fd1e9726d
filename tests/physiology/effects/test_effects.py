"""What causes do along the motor unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from _pytest.mark import ParameterSet

from whytwitch.knowledge import load_mechanics
from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.effects import (
    PLACES,
    Effects,
    effects,
    findings,
    grade_words,
    headline,
    muscle_of,
)
from whytwitch.physiology.scenario import ChangedSystem, apply, combine

QUICK = ("hypocalcemia", "hyperkalemia", "hypokalemia", "hyponatremia")


def scenarios() -> Iterator[ParameterSet]:
    """All of them. Quick are the first that changes what it changes, and of the many fluids a few."""
    seen: set[frozenset[str]] = set()
    for key, entry in load_mechanics().causes.items():
        for scenario in entry.scenarios:
            kind = frozenset(change.target for change in scenario.changes)
            fluid = any(target.startswith("bath.") for target in kind)
            slow = kind in seen or (fluid and key not in QUICK)
            seen.add(kind)
            marks = pytest.mark.slow if slow else ()
            yield pytest.param(key, scenario.id, id=f"{key}-{scenario.id}", marks=marks)


@cache
def of(cause: str, scenario: str | None = None, dose: float | None = None) -> Effects:
    return effects(apply(cause, scenario, dose))


def by_place(found: Effects) -> dict[str, Any]:
    return {one.place: one for one in findings(found)}


def numbers(thing: Any, where: str = "") -> list[tuple[str, float]]:
    """Every number in nested dataclasses, mappings and arrays, with its place."""
    if thing is None or isinstance(thing, str | bool | ChangedSystem):
        return []
    if isinstance(thing, int | float | np.number):
        return [(where, float(thing))]
    if isinstance(thing, np.ndarray):
        return [(where, float(value)) for value in (thing.ravel() if thing.dtype.kind in "fiu" else ())]
    if is_dataclass(thing):
        parts = [(item.name, getattr(thing, item.name)) for item in fields(thing)]
    elif hasattr(thing, "items"):
        parts = list(thing.items())
    else:
        parts = [(str(i), part) for i, part in enumerate(thing)]
    return [found for name, part in parts for found in numbers(part, f"{where}.{name}")]


def test_the_normal_motor_unit_does_nothing_new() -> None:
    found = effects(combine())
    assert (found.axon, found.terminal, found.junction, found.fiber) == (None, None, None, None)
    assert {one.state for one in findings(found)} == {"unchanged"}
    assert "normal motor unit" in headline(found)
    settings = muscle_of(combine(), found=found)
    assert settings.fasciculation.rate_per_min == 0.0
    assert (settings.trains, settings.voluntary) == ((), None)


@pytest.mark.parametrize(("cause", "scenario"), list(scenarios()))
def test_every_scenario_at_its_typical_dose(cause: str, scenario: str) -> None:
    found = of(cause, scenario)
    assert not found.beyond, found.beyond
    bad = [(where, value) for where, value in numbers(found) if not math.isfinite(value)]
    assert not bad, bad[:3]
    told = findings(found)
    assert tuple(one.place for one in told) == PLACES
    assert any(one.state != "unchanged" for one in told)
    assert all(one.plain.endswith(".") and "nan" not in one.plain.lower() for one in told)
    # What is touched is told of with numbers, and what is not is left alone.
    parts = {name.partition(".")[0] for name, value in found.system.values.items() if value}
    for one in told:
        if one.place in parts and one.place in ("junction", "fiber", "terminal", "units"):
            assert one.precise, one
        if not parts & {one.place, "bath"}:
            assert one.state == "unchanged"
    assert (found.terminal is not None) == bool(found.system.terminal)
    settings = muscle_of(found.system, found=found)
    assert settings.muscle.units >= 1
    assert not [v for _, v in numbers(settings) if not math.isfinite(v)]


def test_the_grade_is_said() -> None:
    """As the catalogue has it, of which each grade occurs."""
    said = {"measured": "Measured: ", "modelled": "Modelled: ", "hypothesis": "Hypothesis: "}
    units = ("units.survival_fraction", "units.fiber_fraction", "drive.burst", "junction.receptor_fraction")
    seen = set()
    for key, entry in load_mechanics().causes.items():
        for scenario in entry.scenarios:
            if all(
                change.target in units or change.target.startswith("units.") for change in scenario.changes
            ):
                assert grade_words(of(key, scenario.id)).startswith(said[scenario.grade])
                seen.add(scenario.grade)
    assert "would follow if" in grade_words(of("cervical_myelopathy"))
    assert "Set by hand" in grade_words(effects(combine(**{"drive.burst": 0.1})))
    assert {"measured", "modelled", "hypothesis"} == seen


# --- where physiology is sure -----------------------------------------------------------------------


def test_low_calcium_makes_the_axon_more_excitable_the_lower_the_more() -> None:
    ratios = [of("hypocalcemia", dose=dose).axon.threshold_ratio for dose in (1.1, 0.9, 0.7)]
    assert 1.0 > ratios[0] > ratios[1] > ratios[2] > 0.0
    assert of("hypercalcemia").axon.threshold_ratio > 1.0


def test_potassium_depolarizes_axon_and_fiber() -> None:
    high, low = of("hyperkalemia"), of("hypokalemia")
    assert high.axon.rest_shift_mv > 2.0 > -2.0 > low.axon.rest_shift_mv
    assert high.fiber.changed.rest_mv > high.fiber.normal.rest_mv > low.fiber.changed.rest_mv
    assert high.junction is None
    assert by_place(high)["terminal"].plain == "Changes as the nerve fiber does."


def test_an_index_that_moved_far_counts_where_the_threshold_did_not() -> None:
    found = of("neuromyotonia")
    assert found.terminal is not None
    moved = max(abs(shift) for shift in found.terminal.shifts.values())
    still = abs((found.terminal.threshold_ratio or 0.0) - 1.0) < 0.03
    assert by_place(found)["terminal"].state == ("slight" if still and moved < 2.0 else "changed")


def test_magnesium_and_calcium_act_on_release() -> None:
    much = effects(combine(**{"bath.ionized_magnesium_mmol_l": 3.0})).junction
    little = of("hypocalcemia").junction
    assert much.changed.epp_mv < 0.8 * much.normal.epp_mv
    assert little.changed.safety_factor < little.normal.safety_factor


def test_inhibited_esterase_repeats() -> None:
    ratios = [of("organophosphate_poisoning", dose=dose).junction.changed.repetitive for dose in (0.6, 0.1)]
    assert ratios[0] < 0.2 < 0.5 < ratios[1]
    found = of("organophosphate_poisoning")
    assert by_place(found)["junction"].state == "fires"
    assert found.axon is None
    assert muscle_of(found.system, found=found).fasciculation.distal_origin == "junction"


def test_loss_of_receptors_lowers_the_safety_factor_and_tires() -> None:
    found = of("myasthenia_gravis", "receptor_loss").junction
    assert found.changed.safety_factor < 0.5 * found.normal.safety_factor
    assert found.changed.decrement_3hz > found.normal.decrement_3hz + 0.05
    assert found.changed.repetitive <= found.normal.repetitive


def test_loss_of_release_grows_at_high_rates_and_loss_of_receptors_does_not() -> None:
    release = effects(combine(**{"junction.quantal_content_fraction": 0.2})).junction
    receptors = effects(combine(**{"junction.receptor_fraction": 0.25})).junction
    assert release.changed.change_30hz > 0.2 > receptors.changed.change_30hz


def test_loss_of_chloride_conductance_is_myotonia() -> None:
    found = effects(combine(**{"fiber.chloride_conductance_fraction": 0.15}))
    assert found.fiber.changed.after_discharge > 0 == found.fiber.normal.after_discharge
    assert by_place(found)["fiber"].state == "fires"
    assert "myotonia" in headline(found)


def test_too_many_open_sodium_channels_paralyze_the_fiber() -> None:
    found = effects(
        combine(**{"fiber.persistent_sodium_fraction": 0.03, "bath.potassium_mmol_l": 12.0})
    ).fiber
    assert found.changed.rest_mv > found.normal.rest_mv + 10.0
    assert found.changed.is_paralyzed
    assert found.changed.velocity_m_s is None
    assert found.normal.velocity_m_s == pytest.approx(4.0, abs=1.5)


def test_an_axon_that_fires_by_itself_has_a_rate_instead_of_indices() -> None:
    system = combine(
        **{"axon.persistent_sodium": 12.0, "axon.slow_potassium": 0.2, "axon.fast_potassium": 0.2}
    )
    found = effects(system)
    state = found.axon.changed
    assert state.mood == "fires"
    assert not state.indices
    assert state.threshold_pa is None
    assert found.axon.threshold_ratio is None
    assert "by itself" in headline(found)
    assert "Nothing fires by itself" not in headline(found)
    if state.firing_hz:
        settings = muscle_of(system, found=found)
        assert settings.trains
        assert all(train.kind in ("neuromyotonia", "myokymia") for train in settings.trains)


def test_an_axon_without_sodium_channels_is_blocked() -> None:
    found = effects(combine(**{"axon.transient_sodium": 0.0, "axon.persistent_sodium": 0.0}))
    assert found.axon.changed.mood == "blocked"
    assert by_place(found)["axon"].state == "silenced"


def test_beyond_the_fibers_model_the_rest_is_still_told() -> None:
    found = effects(combine(**{"bath.potassium_mmol_l": 25.0}))
    assert "potassium" in found.beyond["fiber"]
    assert by_place(found)["fiber"].state == "unknown"
    assert found.axon is not None


def test_the_same_seed_gives_the_same() -> None:
    one, other = (effects(apply("myasthenia_gravis"), seed=3).junction.changed for _ in range(2))
    assert one.safety_factor == other.safety_factor
    assert np.array_equal(one.trace.potential_mv, other.trace.potential_mv)
    with pytest.raises(PhysiologyError, match="seed"):
        effects(apply("myasthenia_gravis"), seed=-1)


def test_progress_is_told_in_order() -> None:
    told: list[tuple[str, float]] = []
    effects(apply("hypocalcemia"), progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [stage for stage, _ in told][:3] == ["axon", "junction", "fiber"]
