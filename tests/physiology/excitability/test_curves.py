"""The curves: what they take, how they are ordered, and what they refuse."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.excitability import STANDARD_DELAYS, Curves

finite = st.floats(-100, 100)


def one(name: str = "IV", x: object = (0.0, 10.0), y: object = (0.0, 1.0)) -> Curves:
    return Curves({name: (x, y)})  # pyright: ignore[reportArgumentType]


def test_points_are_put_in_order_and_cannot_be_changed() -> None:
    x, y = one("RC", [5, 2, 10], [-25, 60, -14])["RC"]
    assert (x.tolist(), y.tolist()) == ([2, 5, 10], [60, -25, -14])
    with pytest.raises(ValueError, match="read-only"):
        y[0] = 0


def test_what_is_given_is_copied() -> None:
    given_x = np.array([0.0, 10.0])
    curves = one(x=given_x)
    given_x[0] = -50
    assert curves["IV"][0][0] == 0


@pytest.mark.parametrize("name", ["TEd40", "TEh100", "TEh70/300", "RC", "SR"])
def test_names_that_are_traces(name: str) -> None:
    assert list(one(name, [1.0], [2.0])) == [name]


@pytest.mark.parametrize("name", ["TE40", "TEd040", "TEd4000", "TEx20", "rc", "", "RC2", "TEh70/"])
def test_names_that_are_not(name: str) -> None:
    with pytest.raises(PhysiologyError, match="unknown"):
        one(name)


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        ([0.0, 1.0], [0.0], "shape"),
        ([], [], "shape"),
        ([[0.0]], [[0.0]], "shape"),
        ([0.0, 1.0], [0.0, math.nan], r"point 2: y is nan"),
        ([math.inf, 1.0], [0.0, 0.0], r"point 1: x is inf"),
        ([0.0, 1.0], [0.0, 501.0], "not -5000 to 500"),
        ([1.0, 1.0], [0.0, 0.0], "x = 1 more than once"),
        (["a"], [0.0], "not a pair of rows of numbers"),
        (3.0, 4.0, "shape"),
        ([0.0, [1.0]], [0.0, 1.0], "not a pair"),
    ],
)
def test_what_is_refused(x: object, y: object, says: str) -> None:
    with pytest.raises(PhysiologyError, match=says):
        one(x=x, y=y)


def test_a_pair_must_be_two() -> None:
    with pytest.raises(PhysiologyError, match="not a pair"):
        Curves({"IV": ([0.0],)})  # pyright: ignore[reportArgumentType]


def test_a_response_may_leap() -> None:
    assert one("SR", [5.0, 5.0, 4.0], [80, 20, 0])["SR"][1].tolist() == [0, 20, 80]


def test_a_trace_that_was_not_measured() -> None:
    with pytest.raises(PhysiologyError, match=r"'RC' was not measured: there are IV"):
        one()["RC"]
    with pytest.raises(PhysiologyError, match="there are none"):
        Curves({})["RC"]


@given(st.dictionaries(finite.map(lambda x: round(x, 3)), finite, min_size=1, max_size=20))
def test_the_table_holds_every_point(points: dict[float, float]) -> None:
    curves = one(x=list(points), y=list(points.values()))
    table = json.loads(json.dumps(curves.as_dict()))["IV"]
    assert {float(x): y for x, y in table.items()} == points


def test_equal_curves_are_equal() -> None:
    assert one() == one(x=[10, 0], y=[1, 0])
    assert one() != one(y=[0, 2])
    assert hash(one()) == hash(one(x=[10, 0], y=[1, 0]))
    assert one() != 3


def test_the_standard_delays_are_the_protocol() -> None:
    sizes = {name: len(delays) for name, delays in STANDARD_DELAYS.items()}
    assert sizes == {"TEd20": 26, "TEd40": 28, "TEh20": 26, "TEh40": 26, "RC": 18, "IV": 16, "CD": 5}
    assert all(list(delays) == sorted(set(delays)) for delays in STANDARD_DELAYS.values())
