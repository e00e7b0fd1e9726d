"""The door of the axon: what is refused, how, and that what is taken gives numbers."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physiology.axon.neuron_reference import normal_as_dict

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.axon import FACTORS, Axon, constants_from, normal_constants, respond, rest_of
from whytwitch.physiology.ions import Bath

SHIFTS = {
    "ih_half_shift_mv": (-40.0, 40.0),
    "gate_shift_mv": (-30.0, 30.0),
    "sodium_left_shift_mv": (0.0, 40.0),
    "sodium_left_shift_fraction": (0.0, 1.0),
    "slow_inactivation": (0.0, 0.95),
    "polarization": (-2.0, 0.9),
}
NEVER_NOTHING = {
    "sodium_inactivation_rate", "node_capacitance", "myelin_capacitance", "internodal_capacitance",
}  # fmt: skip
ALLOWED = {
    **{name: (0.05 if name in NEVER_NOTHING else 0.0, 20.0) for name in FACTORS},
    **SHIFTS,
}
BATHS = {
    "potassium_mmol_l": (0.5, 40.0),
    "sodium_mmol_l": (5.0, 300.0),
    "ionized_calcium_mmol_l": (0.0, 50.0),
    "ionized_magnesium_mmol_l": (0.0, 50.0),
    "ph": (5.0, 9.5),
    "temperature_c": (0.0, 45.0),
}


def within(ranges: dict[str, tuple[float, float]]) -> st.SearchStrategy[dict[str, float]]:
    """Some fields, anywhere in their ranges or at an end."""
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(st.floats(low, high), st.sampled_from((low, high)))
            for name, (low, high) in ranges.items()
        },
    )


def with_fields(values: dict[str, float], bath: Bath | None = None) -> Axon:
    return Axon(**values, bath=bath or Bath())  # type: ignore[arg-type]


def test_every_field_has_a_range_here() -> None:
    fields = {item.name for item in dataclasses.fields(Axon)} - {"bath", "constants"}
    assert fields == set(ALLOWED)


@settings(max_examples=25)
@given(fields=within(ALLOWED), bath=within(BATHS), stimulus=st.floats(-3000.0, 3000.0))
def test_whatever_is_allowed_gives_numbers(
    fields: dict[str, float], bath: dict[str, float], stimulus: float
) -> None:
    axon = with_fields(fields, Bath(**bath))
    rest = rest_of(axon)
    assert math.isfinite(rest.node_mv)
    assert math.isfinite(rest.internode_mv)
    assert 0 <= rest.firing_hz < 1000
    assert np.isfinite(rest.state).all()
    assert ((rest.state[2:] > -1e-9) & (rest.state[2:] < 1 + 1e-9)).all()
    assert math.isnan(rest.threshold_pa) or rest.threshold_pa > 0
    run = respond(axon, np.full(200, stimulus), 0.02)
    assert np.isfinite(run.node_mv).all()
    assert np.isfinite(run.internode_mv).all()


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(ALLOWED)), data=st.data())
def test_a_value_out_of_range_is_refused_by_name(name: str, data: st.DataObject) -> None:
    low, high = ALLOWED[name]
    wrong = data.draw(
        st.one_of(
            st.floats(max_value=low, exclude_max=True),
            st.floats(min_value=high, exclude_min=True),
            st.just(math.nan),
        )
    )
    with pytest.raises(PhysiologyError, match=rf"^{name} is .*{low:g} to {high:g}"):
        with_fields({name: wrong})
    with pytest.raises(PhysiologyError, match=rf"^{name} is "):
        Axon().changed({name: wrong})


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_the_ends_of_a_range_are_taken(name: str) -> None:
    for end in ALLOWED[name]:
        assert getattr(with_fields({name: end}), name) == end


@pytest.mark.parametrize("wrong", ["1", None, [1.0], 1j])
def test_what_is_no_number_is_refused(wrong: Any) -> None:
    with pytest.raises(PhysiologyError, match=r"^ih is "):
        Axon(ih=wrong)


def test_changed() -> None:
    changed = Axon(ih=0.5).changed({"pump": 2.0})
    assert (changed.ih, changed.pump) == (0.5, 2.0)
    for unknown in ("sodium", "bath", "constants"):
        with pytest.raises(PhysiologyError, match=f"no {unknown};"):
            Axon().changed({unknown: 1.0})


def test_constants_from_a_mapping() -> None:
    values = normal_as_dict()
    assert constants_from(values) == normal_constants()
    with pytest.raises(PhysiologyError, match="unknown nodal_leak_s;"):
        constants_from({**values, "nodal_leak_s": 1.0})
    del values["ih_ns"]
    with pytest.raises(PhysiologyError, match="ih_ns"):
        constants_from(values)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("nodal_leak_ns", 0.0),
        ("nodal_capacitance_pf", -1.0),
        ("rest_mv", -20.0),
        ("conditioning", math.inf),
        ("gate_shift_mv", {"ih_activation": 90.0}),
        ("gate_speed", {"ih_activation": 0.0}),
        ("gate_steepness", {"ih_activation": math.nan}),
    ],
)
def test_constants_out_of_range(name: str, wrong: object) -> None:
    with pytest.raises(PhysiologyError, match=name):
        constants_from({**normal_as_dict(), name: wrong})


def test_constants_name_only_gates_that_exist() -> None:
    """A slip in the name of a gate must not pass for a change."""
    with pytest.raises(PhysiologyError, match="ih_activaton"):
        constants_from({**normal_as_dict(), "gate_shift_mv": {"ih_activaton": 1.0}})


def test_currents() -> None:
    for wrong in ([], [[1.0]], [math.nan], [math.inf], [2e6]):
        with pytest.raises(PhysiologyError, match=r"^current_pa "):
            respond(Axon(), wrong)
    for step in (0.0, 0.05, math.nan):
        with pytest.raises(PhysiologyError, match=r"^short_ms "):
            respond(Axon(), [0.0, 0.0], step)
    for every in (0, 3):
        with pytest.raises(PhysiologyError, match=r"^every "):
            respond(Axon(), [0.0, 0.0], every=every)
