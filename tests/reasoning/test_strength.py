"""The simulated nerve as strength of a measured disturbance: bounded, one-sided, never calming."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reasoning.rates import StandIn

from whytwitch.case import Case, LabResult, read_text
from whytwitch.knowledge import load
from whytwitch.reasoning import LEVELS, _strength, rank
from whytwitch.reasoning._strength import LEAST, MOST, by_rate, by_severity, simulated_strengths

CATALOGUE = load()


def case_of(**values: float) -> Case:
    return Case(
        labs=tuple(
            LabResult(analyte=a, value=v, unit=CATALOGUE.analytes[a].unit, value_si=v)
            for a, v in values.items()
        )
    )


def test_the_rule_of_thumb() -> None:
    assert math.exp(by_severity(0.0)) == pytest.approx(0.3)
    assert math.exp(by_severity(1.0)) == pytest.approx(10.0, rel=0.01)
    assert math.exp(by_severity(9.0)) == pytest.approx(30.0)


@given(st.floats(-30, 30))
def test_a_rate_stays_within_the_bounds_of_the_rule(log10: float) -> None:
    assert math.log(LEAST) - 1e-12 <= by_rate(log10) <= math.log(MOST) + 1e-12


@given(st.floats(-3, 3), st.floats(0, 3))
def test_a_higher_rate_never_explains_less(log10: float, more: float) -> None:
    assert by_rate(log10 + more) >= by_rate(log10)


def test_low_calcium_is_as_strong_as_the_nerve_says() -> None:
    found = simulated_strengths(case_of(calcium_ionized=1.0), CATALOGUE, StandIn())
    assert found == {"low_calcium": pytest.approx(2 * math.log2(1.2) * math.log(10.0))}


def test_where_the_model_says_less_often_the_rule_of_thumb_stays() -> None:
    assert simulated_strengths(case_of(potassium=2.5), CATALOGUE, StandIn()) == {}
    assert simulated_strengths(case_of(sodium=118.0), CATALOGUE, StandIn()) == {}


def test_beyond_the_emulator_the_rule_of_thumb_stays_and_firing_is_the_most() -> None:
    assert simulated_strengths(case_of(potassium=9.5), CATALOGUE, StandIn()) == {}
    assert simulated_strengths(case_of(potassium=8.4), CATALOGUE, StandIn()) == {
        "high_potassium": math.log(MOST)
    }


def test_nothing_measured_nothing_simulated() -> None:
    rates = StandIn()
    assert simulated_strengths(read_text("My eyelid twitches.", CATALOGUE), CATALOGUE, rates) == {}
    assert rates.calls == 0


@pytest.mark.parametrize(
    "values", [{"calcium_ionized": 0.8}, {"potassium": 6.8}, {"potassium": 2.4}, {"magnesium": 0.4}]
)
def test_the_switch_never_lowers_urgency(values: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch.reasoning._rates.shipped_rates", StandIn)
    case = case_of(**values)
    off, on = (rank(case, catalogue=CATALOGUE, simulated=simulated) for simulated in (False, True))
    assert LEVELS.index(on.urgency.level) >= LEVELS.index(off.urgency.level)


def test_the_switch_moves_the_cause_that_is_the_disturbance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch.reasoning._rates.shipped_rates", StandIn)
    case = case_of(calcium_ionized=1.08)
    off, on = (rank(case, catalogue=CATALOGUE, simulated=simulated) for simulated in (False, True))
    assert on.probabilities["hypocalcemia"] > off.probabilities["hypocalcemia"]


def test_the_default_is_the_documented_one() -> None:
    assert _strength.SIMULATED is False
