"""The mechanisms as data, and the causes that act by them."""

from __future__ import annotations

import numpy as np
import pytest

from whytwitch.knowledge import load_mechanics
from whytwitch.physiology import Axon, PhysiologyError
from whytwitch.physiology.excitability import PRIORS
from whytwitch.physiology.mechanism import (
    MECHANISMS,
    axon_of,
    causes_of,
    mechanisms_of,
    person_of,
    table,
)


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_goes_from_normal_to_full(name: str) -> None:
    known = MECHANISMS[name]
    for key, full in known.full.items():
        assert known.values(1.0)[key] == pytest.approx(full)
        if key not in known.stepped:
            assert known.share(key, known.values(0.0)[key]) == pytest.approx(0.0, abs=1e-12)
            assert known.share(key, known.values(0.37)[key]) == pytest.approx(0.37)
    assert axon_of(known, 0.0, {}) == Axon() or known.stepped
    assert known.next_test.endswith(".")


def test_a_person_differs_on_top() -> None:
    person = person_of(np.ones(len(PRIORS)), 0.5)
    axon = axon_of(MECHANISMS["ih_less"], 0.5, person)
    assert axon.ih == pytest.approx(0.2**0.5 * np.exp(0.5 * 0.4))
    assert axon.gate_shift_mv == pytest.approx(0.5 * 2.0)
    assert axon_of(None, 0.0, {}) == Axon()


def test_doses_are_checked() -> None:
    with pytest.raises(PhysiologyError, match=r"dose of colder is 1\.5"):
        MECHANISMS["colder"].values(1.5)
    with pytest.raises(PhysiologyError, match="no mechanism 'flu'"):
        causes_of("flu")


@pytest.mark.parametrize(
    ("name", "cause", "place"),
    [
        ("potassium_low", "hypokalemia", "axon"),
        ("potassium_high", "hyperkalemia", "axon"),
        ("gates_easier", "hypocalcemia", "axon"),
        ("gates_easier", "hyperventilation", "axon"),
        ("gates_harder", "hypercalcemia", "axon"),
        ("fast_potassium_lost", "neuromyotonia", "terminal"),
        ("channels_fewer", "als", "axon"),
        ("persistent_sodium_up", "als", "axon"),
        ("demyelination", "cidp", "axon"),
        ("hyperpolarized", "multifocal_motor_neuropathy", "axon"),
        ("depolarized", "diabetes", "axon"),
    ],
)
def test_causes_are_found_by_what_they_change(name: str, cause: str, place: str) -> None:
    assert any(one.cause == cause and one.place == place for one in causes_of(name))


def test_every_linked_scenario_is_in_the_catalogue() -> None:
    mechanics = load_mechanics()
    for name in MECHANISMS:
        for one in causes_of(name):
            assert mechanics.scenario(one.cause, one.scenario) is not None
            assert 0.1 <= one.share <= 1.0


def test_a_part_is_not_named_beside_the_whole() -> None:
    fewer = MECHANISMS["channels_fewer"].values(0.6)
    assert list(mechanisms_of(fewer)) == ["channels_fewer"]
    assert mechanisms_of({}) == {}
    assert mechanisms_of({"sodium_mmol_l": 120.0}) == {}
    assert list(mechanisms_of({"ionized_calcium_mmol_l": 0.8})) == ["gates_easier"]


def test_the_table_has_every_mechanism() -> None:
    known = table()
    assert known.names[1:] == tuple(MECHANISMS)
    for k in range(len(known.names)):
        assert np.exp(known.log_weight[known.mechanism == k]).sum() == pytest.approx(1.0)
    np.linalg.cholesky(known.covariance)
