"""The signature as a whole: rates, shape, synchrony, trend, norms, limits, and what may not change it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recording.builders import make_twitches

from whytwitch import Signature, measure
from whytwitch.recording import Channel, Twitches

F = "fasciculation"
Row = tuple[float, int, str]


def rows_at(times: np.ndarray | list[float], unit: int = 1) -> list[Row]:
    return [(float(t), unit, F) for t in times]


# --- rate -----------------------------------------------------------------------------------------


def test_the_rate_is_over_clean_time_alone() -> None:
    rows = rows_at([5, 15, 25, 35])
    found = measure(make_twitches(rows, voluntary=[(10, 20)], unclean=[(40, 50)]))
    assert (found.fasciculations, found.clean_minutes) == (3, pytest.approx(40 / 60))
    assert found.rate_per_min.value == pytest.approx(4.5)
    assert found.voluntary_s == 10.0


def test_voluntary_time_is_cut_to_the_moment() -> None:
    found = measure(
        replace(make_twitches(rows_at([5.2, 5.8])), voluntary_s=np.array([[5.0, 5.5], [5.25, 5.5]]))
    )
    assert (found.fasciculations, found.voluntary_s) == (1, 0.5)
    assert found.clean_minutes * 60 == pytest.approx(59.5)


def test_rates_over_time_add_up() -> None:
    times = np.sort(np.random.default_rng(3).uniform(0, 600, 90))
    found = measure(make_twitches(rows_at(times), duration_s=600.0, voluntary=[(0, 90)]))
    assert len(found.rate_over_time) == 10
    assert found.rate_over_time[0].value is None
    assert (
        sum(rate.n for rate in found.rate_over_time[1:])
        == (times >= 90).sum() - ((times >= 90) & (times < 60)).sum()
    )
    assert len(measure(make_twitches(duration_s=40.0)).rate_over_time) == 1


def test_the_trend_is_recovered_in_spite_of_gaps() -> None:
    random = np.random.default_rng(4)
    slope = np.log(2.0) / 3600.0  # doubles in an hour
    times = random.uniform(0, 7200, 40000)
    times = np.sort(times[random.uniform(0, 1, len(times)) < np.exp(slope * (times - 7200)) * 0.2])
    found = measure(make_twitches(rows_at(times), duration_s=7200.0, unclean=[(1000, 2500), (4000, 4100)]))
    trend = found.trend_per_hour
    assert trend.value == pytest.approx(1.0, abs=0.25)
    assert trend.low is not None and trend.high is not None
    assert trend.low < 1.0 < trend.high


def test_the_trend_covers_no_change_even_with_bursts() -> None:
    random = np.random.default_rng(6)
    covered = 0
    for _ in range(60):
        firsts = np.sort(random.uniform(0, 600, 25))
        times = np.sort(np.concatenate([firsts + 0.03 * k for k in range(4)]))
        trend = measure(make_twitches(rows_at(times[times < 600]), duration_s=600.0)).trend_per_hour
        covered += trend.low is None or trend.high is None or trend.low <= 0.0 <= trend.high
    assert covered >= 50


def test_no_trend_from_little() -> None:
    assert measure(make_twitches(rows_at(np.arange(1, 50)))).trend_per_hour.value is None
    assert measure(make_twitches(rows_at([1, 2]), duration_s=900.0)).trend_per_hour.value is None


# --- shape and units ------------------------------------------------------------------------------


def test_shape_is_the_median_over_units_of_medians() -> None:
    rows = [*rows_at([1, 2, 3]), *rows_at([4], unit=2)]
    found = measure(make_twitches(rows, amplitude=[10, 20, 90, 100], phases=[3, 3, 9, 6]))
    assert found.shape.amplitude_uv.value == 60.0
    assert found.shape.phases.value == 4.5
    assert (found.shape.polyphasic.value, found.shape.polyphasic.n) == (0.5, 2)
    assert found.shape.amplitude_iqr_uv == pytest.approx(92.5 - 17.5)
    assert [unit.n for unit in found.units] == [3, 1]
    assert found.units[0].rate_per_min.value == 3.0


def test_amplitudes_are_withheld_without_calibration() -> None:
    found = measure(make_twitches(rows_at([1, 2, 3]), calibrated=False))
    assert found.shape.amplitude_uv.value is None
    assert found.shape.area_uv_ms.value is None
    assert found.shape.amplitude_iqr_uv is found.shape.amplitude_p90_uv is None
    assert found.units[0].amplitude_uv is None
    assert found.shape.duration_ms.value == 10.0
    assert any("units" in line for line in found.cannot_say)


def test_a_unit_is_what_it_did_in_clean_time() -> None:
    rows = [*rows_at([1, 2]), *[(30 + 0.1 * i, 1, "voluntary") for i in range(40)], (50.0, 2, "voluntary")]
    found = measure(make_twitches(rows, voluntary=[(30, 35)])).units
    assert [(unit.unit, unit.kind, unit.n, unit.isolated) for unit in found] == [(1, "fasciculation", 2, 2)]


def test_unsorted_potentials_widen_the_number_of_units() -> None:
    found = measure(make_twitches([*rows_at([1, 2]), *rows_at([3], unit=2), *rows_at([4, 5, 6], unit=0)]))
    assert (found.active_units.value, found.active_units.low, found.active_units.high) == (2, 2, 5)


# --- synchrony ------------------------------------------------------------------------------------

TWO = (Channel("a", muscle="biceps"), Channel("b", muscle="triceps"))


def test_synchrony_is_found_and_chance_taken_off() -> None:
    random = np.random.default_rng(7)
    times = np.sort(random.uniform(1, 599, 200))
    together = [*rows_at(times), *rows_at(times[::2] + 0.005, unit=2)]
    apart = [*rows_at(times), *rows_at(random.uniform(1, 599, 100), unit=2)]
    where = {1: 0, 2: 1}
    yes = measure(make_twitches(together, duration_s=600.0, channels=TWO, best_channel=where)).synchrony
    no = measure(make_twitches(apart, duration_s=600.0, channels=TWO, best_channel=where)).synchrony
    assert yes.value == pytest.approx(2 / 3, abs=0.03)
    assert no.value == pytest.approx(0.0, abs=0.03)


def test_one_muscle_has_no_synchrony() -> None:
    rows = [*rows_at([1, 2]), *rows_at([1, 2], unit=2)]
    assert measure(make_twitches(rows)).synchrony.value is None


# --- norms and limits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "seconds", "verdict"), [(0, 300, "within"), (3, 60, "uncertain"), (60, 300, "above")]
)
def test_tibialis_anterior_has_a_limit(count: int, seconds: int, verdict: str) -> None:
    times = np.linspace(1, seconds - 1, count)
    found = measure(make_twitches(rows_at(times), duration_s=seconds, muscle="tibialis anterior")).norm
    assert found is not None
    assert (found.highest_per_min, found.verdict) == (3.0, verdict)
    assert "1994" in found.source


def test_small_potentials_are_not_held_against_a_norm_that_left_them_out() -> None:
    times = np.linspace(1, 299, 60)
    small = make_twitches(
        rows_at(times), duration_s=300.0, muscle="tibialis_anterior", amplitude=[30.0] * len(times)
    )
    found = measure(small).norm
    assert found is not None
    assert found.verdict == "within"
    uncalibrated = measure(replace(small, source=replace(small.source, calibrated=False))).norm
    assert uncalibrated is not None
    assert uncalibrated.verdict == "uncertain"


def test_a_foot_has_no_limit_and_a_needle_no_norm() -> None:
    foot = measure(make_twitches(rows_at(np.arange(1, 59)), muscle="abductor_hallucis")).norm
    assert foot is not None
    assert (foot.highest_per_min, foot.verdict) == (None, "unknown")
    needle = measure(make_twitches(muscle="tibialis_anterior", electrode="needle", duration_s=300.0)).norm
    assert needle is not None
    assert needle.verdict == "unknown"
    assert measure(make_twitches(muscle="")).norm is None


def said(found: Signature) -> str:
    return " ".join(found.cannot_say)


def test_limits_are_always_said() -> None:
    text = said(measure(make_twitches(rows_at([1]), duration_s=600.0)))
    assert "Awaji" in text
    assert "Gold Coast" in text


def test_none_seen_is_not_none() -> None:
    found = measure(make_twitches(duration_s=40.0))
    assert not found.enough_time
    assert "No twitch was seen in 40 seconds" in said(found)
    assert "up to 5.5 a minute" in said(found)
    assert "90 seconds" in said(found)
    assert measure(make_twitches(duration_s=90.0)).enough_time


def test_nothing_clean_says_nothing() -> None:
    found = measure(make_twitches(rows_at([5]), voluntary=[(0, 60)]))
    assert found.rate_per_min.value is None
    assert (found.fasciculations, found.quality, found.enough_time) == (0, 0.0, False)
    assert "no clean stretch" in said(found)


def test_sentences_are_short() -> None:
    found = measure(make_twitches(duration_s=40.0, calibrated=False, muscle="", quality=0.2))
    sentences = [s for line in found.cannot_say for s in re.split(r"(?<=[.?!])\s+", line)]
    assert max(len(s.split()) for s in sentences) <= 26


def test_a_signature_survives_its_json() -> None:
    found = measure(make_twitches(rows_at([1, 2, 3])))
    assert Signature.model_validate_json(found.model_dump_json()) == found


# --- what may not change it -----------------------------------------------------------------------

times_and_units = st.lists(
    st.tuples(st.floats(0.0, 119.9), st.integers(0, 4)), max_size=40, unique_by=lambda pair: round(pair[0], 3)
)
gaps = st.lists(st.tuples(st.integers(0, 110), st.integers(1, 9)), max_size=3)


def build(events: list[tuple[float, int]], holes: list[tuple[int, int]], later_s: int = 0) -> Twitches:
    rows: list[Row] = [(t + later_s, unit, F) for t, unit in events]
    unclean = [(float(a + later_s), float(min(a + n, 120) + later_s)) for a, n in holes]
    before = [(0.0, float(later_s))] if later_s else []
    return make_twitches(rows, duration_s=120.0 + later_s, unclean=[*before, *unclean])


def timeless(found: Signature) -> dict[str, object]:
    """What has no place on the clock: all but the rates over the recording's own time."""
    return found.model_dump(exclude={"duration_s", "rate_over_time", "trend_per_hour", "quality"})


@given(times_and_units, gaps, st.integers(1, 50))
@settings(max_examples=60)
def test_a_shift_in_time_changes_nothing(
    events: list[tuple[float, int]], holes: list[tuple[int, int]], later_s: int
) -> None:
    # On a grid of 1/1024 s, so that adding whole seconds is exact.
    events = [(round(t * 1024) / 1024, unit) for t, unit in events]
    first, second = measure(build(events, holes)), measure(build(events, holes, later_s))
    assert timeless(first) == timeless(second)


@given(times_and_units, gaps, st.permutations([1, 2, 3, 4]))
@settings(max_examples=60)
def test_names_of_units_do_not_matter(
    events: list[tuple[float, int]], holes: list[tuple[int, int]], names: list[int]
) -> None:
    renamed = [(t, names[unit - 1] if unit else 0) for t, unit in events]
    first, second = (measure(build(e, holes)).model_dump(exclude={"units"}) for e in (events, renamed))
    assert first == second


@given(times_and_units, gaps, st.tuples(st.integers(0, 110), st.integers(1, 9)))
@settings(max_examples=60)
def test_dropping_time_drops_only_what_lies_in_it(
    events: list[tuple[float, int]], holes: list[tuple[int, int]], more: tuple[int, int]
) -> None:
    before, after = measure(build(events, holes)), measure(build(events, [*holes, more]))
    start, stop = more[0], more[0] + more[1]
    elsewhere = [e for e in events if not start <= e[0] < stop]
    assert after.fasciculations == measure(build(elsewhere, holes)).fasciculations
    assert after.fasciculations <= before.fasciculations
    assert after.intervals.median_ms.n <= before.intervals.median_ms.n


@given(times_and_units, gaps)
@settings(max_examples=60)
def test_events_in_unclean_time_never_count(
    events: list[tuple[float, int]], holes: list[tuple[int, int]]
) -> None:
    clean = [e for e in events if not any(a <= e[0] < a + n for a, n in holes)]
    assert timeless(measure(build(events, holes))) == timeless(measure(build(clean, holes)))


# --- how far the count may be trusted -------------------------------------------------------------


def test_clusters_are_told_from_independent_potentials() -> None:
    random = np.random.default_rng(8)
    even = measure(make_twitches(rows_at(np.sort(random.uniform(0, 1200, 400))), duration_s=1200.0))
    firsts = random.uniform(0, 1190, 40)
    clustered = np.sort((firsts[:, None] + random.uniform(0, 5, (40, 10))).ravel())
    found = measure(make_twitches(rows_at(clustered), duration_s=1200.0))
    assert even.clumping == pytest.approx(1.0, abs=0.35)
    assert found.clumping is not None
    assert found.clumping > 3.0
    assert "clusters" in said(found)
    assert "clusters" not in said(even)
    assert measure(make_twitches(rows_at([1]), duration_s=100.0)).clumping is None


def test_doubtful_potentials_are_owned_up_to() -> None:
    found = measure(make_twitches(rows_at(range(1, 11)), confidence=[0.6] * 10))
    assert found.expected_false == pytest.approx(4.0)
    assert "About 4 of the 10 twitches found may be noise." in found.cannot_say
    assert "noise." not in said(measure(make_twitches(rows_at(range(1, 11)), confidence=[0.97] * 10)))
