"""Normal values, and how far from them a person is."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

import whytwitch.physiology.excitability as room
from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.excitability import (
    STANDARD_DELAYS,
    UNITS,
    Curves,
    Normal,
    normal_curves,
    normal_indices,
    normal_mean_curves,
    z_scores,
)

DATA = Path(room.__file__).parent / "data"


def test_every_index_has_a_norm_and_the_same_unit() -> None:
    assert set(normal_indices()) == set(normal_indices("canada_portugal")) == set(UNITS)
    rows = csv.DictReader((DATA / "normal_indices.csv").read_text("utf-8").splitlines())
    units = {row["index"]: row["unit"].replace("ratio", "") for row in rows}
    assert units == dict(UNITS)


@pytest.mark.parametrize("cohort", ["all", "canada_portugal"])
def test_every_standard_delay_has_a_norm(cohort: room.Cohort) -> None:
    for name, delays in STANDARD_DELAYS.items():
        assert tuple(normal_curves(cohort)[name]) == delays


def test_some_values_that_are_known_from_elsewhere() -> None:
    """Means of the site Nerve Norms, and the young controls of Arnold 2013 (doi 10.1002/dmrr.2360)."""
    norms = normal_indices()
    assert norms["Strength-duration time constant"].mean == pytest.approx(0.433, abs=0.001)
    assert norms["Superexcitability"].mean == pytest.approx(-24.7, abs=0.05)
    assert abs(norms["Relative refractory period"].z(3.0) or 9) < 0.5
    assert abs(norms["Superexcitability"].z(-26.37) or 9) < 0.5
    assert [norms[name].count for name in ("Rheobase", "TEd20(peak)")] == [280, 193]


def test_heavy_tails_do_not_widen_the_normal_range() -> None:
    normal = normal_indices()["Refractoriness at 2.5 ms"]
    assert normal.scale == "robust"
    assert normal.center == normal.median
    assert normal.spread < normal.sd / 2


@pytest.mark.parametrize("name", ["Rheobase", "Peak CMAP response"])
def test_currents_and_sizes_are_taken_as_ratios(name: str) -> None:
    normal = normal_indices()[name]
    low, high = normal.limits
    assert 0 < low < normal.center < high
    assert normal.z(2 * normal.center) == pytest.approx(-(normal.z(normal.center / 2) or 0))
    assert normal.z(0.0) is None


@pytest.mark.parametrize("scale", ["linear", "robust", "log"])
def test_the_limits_lie_at_the_same_score(scale: str) -> None:
    normal = Normal(scale, 10, 5.0, 0.4, 5.1, 2.0, 4.9)  # pyright: ignore[reportArgumentType]
    assert [normal.z(end) for end in normal.limits] == pytest.approx([-1.96, 1.96])


def test_what_cannot_vary_is_not_scored() -> None:
    x, z = z_scores(normal_mean_curves())["TEd40"]
    assert x[0] == 10
    assert len(x) == 26
    assert z == pytest.approx(np.zeros(26), abs=1e-3)


def test_scores_of_indices() -> None:
    norms = normal_indices()
    values = {name: norms[name].mean + 2 * norms[name].sd for name in ("TEd(peak)", "Subexcitability")}
    assert z_scores(values) == {"TEd(peak)": pytest.approx(2), "Subexcitability": pytest.approx(2)}
    assert z_scores({"Something else": 3.0}) == {}


def test_points_between_those_of_the_norm_are_not_scored() -> None:
    curves = Curves({"RC": ([5.0, 5.5], [-25.0, -25.0]), "SR": ([3.0], [50.0]), "TEh70": ([20.0], [-100.0])})  # pyright: ignore[reportArgumentType]
    scores = z_scores(curves)
    assert list(scores) == ["RC"]
    assert scores["RC"][0].tolist() == [5.0]
    assert math.isclose(scores["RC"][1][0], (-25 + 25.506) / 6.3711, abs_tol=1e-3)


def test_an_unknown_cohort() -> None:
    with pytest.raises(PhysiologyError, match=r"cohort is 'mars': there are all, canada_portugal"):
        normal_indices("mars")  # pyright: ignore[reportArgumentType]
