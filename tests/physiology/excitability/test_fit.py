"""Fitting the axon to a test: what was put in comes out, and what cannot be fitted is refused."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np
import pytest

from whytwitch.physiology import Axon, Bath, PhysiologyError, excite, fit
from whytwitch.physiology.excitability import PRIORS, Curves, Excitability, Measured

FEW = MappingProxyType({name: PRIORS[name] for name in ("internodal_fast_potassium", "polarization")})


@pytest.fixture(scope="module")
def truth() -> dict[str, float]:
    return {"internodal_fast_potassium": 1.5, "polarization": -0.06}


@pytest.fixture(scope="module")
def test_of_truth(truth: dict[str, float]) -> Excitability:
    return excite(Axon().changed(truth))


def as_measured(found: Excitability, **curves: tuple[np.ndarray, np.ndarray]) -> Measured:
    return Measured(Curves({**found.curves.traces, **curves}), found.indices)


def test_what_was_put_in_comes_out(truth: dict[str, float], test_of_truth: Excitability) -> None:
    rounds: list[tuple[int, int]] = []
    found = fit(as_measured(test_of_truth), priors=FEW, progress=lambda *at: rounds.append(at))
    for name, amount in found.amounts.items():
        assert amount.low <= truth[name] <= amount.high
        assert amount.low < amount.value < amount.high
        assert math.isclose(getattr(found.axon, name), amount.value)
        assert 0 <= amount.narrowed <= 1
    assert found.amounts["polarization"].is_informed
    assert found.amounts["polarization"].differs
    assert found.mean_z < 0.1 < found.before
    assert rounds[-1][0] == rounds[-1][1]


def test_a_normal_test_is_called_normal() -> None:
    found = fit(as_measured(excite()), priors=FEW)
    assert not any(amount.differs for amount in found.amounts.values())
    assert found.mean_z < 0.02


def test_one_wild_point_does_not_carry_the_fit_away(
    truth: dict[str, float], test_of_truth: Excitability
) -> None:
    x, y = test_of_truth.curves["TEh40"]
    wild = y.copy()
    wild[8] += 150
    found = fit(as_measured(test_of_truth, TEh40=(x, wild)), priors=FEW)
    assert found.amounts["polarization"].value == pytest.approx(truth["polarization"], abs=0.03)


def test_indices_alone_are_enough_for_one_amount() -> None:
    changed = excite(Axon(ih=0.5))
    found = fit(Measured(Curves({}), changed.indices), priors={"ih": PRIORS["ih"]})
    assert found.amounts["ih"].value < 0.85
    assert found.points > 5


def test_the_bath_is_known_and_not_fitted() -> None:
    bath = Bath(potassium_mmol_l=5.0)
    found = fit(as_measured(excite(Axon(bath=bath))), bath=bath, priors=FEW)
    assert found.axon.bath == bath
    assert not found.amounts["polarization"].differs


@pytest.mark.parametrize(
    ("curves", "indices", "options", "message"),
    [
        ({}, {}, {}, "nothing in this test"),
        ({"RC": ([3.3], [1.0])}, {}, {}, "nothing in this test"),
        ({"RC": ([5.0], [-20.0])}, {}, {"priors": {}}, "name at least one"),
        ({"RC": ([5.0], [-20.0])}, {}, {"priors": {"ihh": ("log", 0.3)}}, "ihh"),
        ({"RC": ([5.0], [-20.0])}, {}, {"priors": {"ih": ("flat", 0.3)}}, "'log' or 'linear'"),
        ({"RC": ([5.0], [-20.0])}, {}, {"priors": {"ih": ("log", -1.0)}}, "SD of the prior"),
        ({"RC": ([5.0], [-20.0])}, {}, {"bath": Bath(potassium_mmol_l=39)}, "nothing to start a fit from"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    curves: dict[str, tuple[list[float], list[float]]],
    indices: dict[str, float],
    options: dict[str, object],
    message: str,
) -> None:
    arrays = {name: (np.array(x), np.array(y)) for name, (x, y) in curves.items()}
    with pytest.raises(PhysiologyError, match=message):
        fit(Measured(Curves(arrays), indices), **options)  # type: ignore[arg-type]
