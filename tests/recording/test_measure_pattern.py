"""Patterns of firing by hand: intervals, doublets, the F-wave, bursts, trains, isolation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recording.builders import make_twitches

from whytwitch import measure

F = "fasciculation"


def fasciculations(*times: float, unit: int = 1) -> list[tuple[float, int, str]]:
    return [(t, unit, F) for t in times]


# --- intervals ------------------------------------------------------------------------------------


def test_intervals_are_of_one_unit() -> None:
    found = measure(make_twitches([*fasciculations(1, 3), *fasciculations(2, 7, unit=2)])).intervals
    assert found.median_ms.value == pytest.approx(3500.0)
    assert found.shortest_ms == pytest.approx(2000.0)
    assert sum(found.histogram) == 2
    assert len(found.histogram) == len(found.histogram_edges_ms) - 1


def test_no_interval_crosses_a_gap() -> None:
    rows = fasciculations(1, 9, 10)
    assert measure(make_twitches(rows)).intervals.median_ms.n == 2
    assert measure(make_twitches(rows, voluntary=[(4, 6)])).intervals.median_ms.n == 1
    assert measure(make_twitches(rows, unclean=[(5, 6)])).intervals.median_ms.n == 1


def test_unsorted_potentials_have_no_intervals() -> None:
    found = measure(make_twitches([(1.0, 0, F), (2.0, 0, F)]))
    assert found.intervals.median_ms.value is None
    assert (found.fasciculations, found.unsorted) == (2, 2)


def test_regular_firing_varies_little() -> None:
    regular = measure(make_twitches(fasciculations(*np.arange(1, 50, 2.0)))).intervals.variation.value
    times = np.cumsum(np.random.default_rng(0).exponential(2.0, 400))
    random = measure(make_twitches(fasciculations(*times), duration_s=1000.0)).intervals.variation.value
    assert regular == pytest.approx(0.0, abs=1e-9)
    assert random == pytest.approx(1.0, abs=0.15)


# --- doublets -------------------------------------------------------------------------------------


def test_a_doublet_is_a_second_discharge_within_110_ms() -> None:
    found = measure(make_twitches(fasciculations(1, 1.01, 5, 5.111, 9, 20.0))).doublets
    assert (found.share.value, found.share.n) == (pytest.approx(1 / 5), 5)
    assert (found.short, found.f_wave) == (1, 0)


def test_a_first_discharge_at_the_end_of_a_stretch_does_not_count() -> None:
    found = measure(make_twitches(fasciculations(9.95), voluntary=[(10, 12)])).doublets
    assert found.share.n == 0
    found = measure(make_twitches(fasciculations(12.05), voluntary=[(10, 12)])).doublets
    assert found.share.n == 0


def test_edges_of_clean_time_do_not_bend_shares() -> None:
    """Half of all pairs are doublets, wherever the gaps fall."""
    random = np.random.default_rng(9)
    firsts = np.cumsum(random.uniform(0.4, 1.6, 1990))
    paired = firsts[random.uniform(size=1990) < 0.5]
    times = np.sort(np.concatenate([firsts, paired + random.uniform(0.02, 0.1, len(paired))]))
    times = times[times < 2000.0]
    holes = [(float(a), float(a + 1)) for a in range(3, 1995, 4)]
    found = measure(make_twitches(fasciculations(*times), duration_s=2000.0, unclean=holes))
    assert found.doublets.share.n > 800
    assert found.doublets.share.low is not None and found.doublets.share.high is not None
    assert found.doublets.share.low < 0.5 < found.doublets.share.high


def test_one_discharge_marked_twice_is_one() -> None:
    assert measure(make_twitches(fasciculations(1, 1.001))).doublets.share.value == 0.0


def test_alike_pairs_are_told_from_unlike_ones() -> None:
    rows = fasciculations(1, 1.03, 5, 5.03, 9, 9.03)
    likeness = [0.9, 0.9, 0.9, 0.5, 0.9, 0.9]
    amplitude = [100, 95, 100, 95, 100, 20]
    found = measure(make_twitches(rows, likeness=likeness, amplitude=amplitude)).doublets
    assert (found.same_shape.value, found.same_shape.n) == (pytest.approx(1 / 3), 3)


def pairs(gaps_s: list[float]) -> list[tuple[float, int, str]]:
    return [row for i, gap in enumerate(gaps_s) for row in fasciculations(2 * i + 1, 2 * i + 1 + gap)]


def test_the_f_wave_peak_is_found_where_it_stands_out() -> None:
    random = np.random.default_rng(1)
    gaps = [*random.uniform(0.01, 0.11, 40), *random.normal(0.033, 0.001, 30)]
    found = measure(make_twitches(pairs(gaps), duration_s=200.0)).doublets
    assert found.f_wave_peak_ms == pytest.approx(33.0, abs=1.0)


def test_no_peak_is_called_in_even_or_in_fast_firing() -> None:
    random = np.random.default_rng(2)
    called = [
        measure(make_twitches(pairs(list(random.uniform(0.01, 0.11, 80))), duration_s=200.0))
        for _ in range(60)
    ]
    assert sum(found.doublets.f_wave_peak_ms is not None for found in called) <= 3
    times = np.cumsum(0.003 + random.exponential(0.1, 5000))
    fast = measure(make_twitches(fasciculations(*times), duration_s=600.0))
    assert fast.doublets.f_wave > 100
    assert fast.doublets.f_wave_peak_ms is None


# --- bursts and trains ----------------------------------------------------------------------------


def test_a_burst_has_three_discharges() -> None:
    rows = fasciculations(1, 1.05, 1.10, 1.15, 5, 5.05, 9, 9.1, 9.2)
    found = measure(make_twitches(rows)).bursts
    assert (found.count, found.trains) == (2, 0)
    assert found.size.value == 3.5
    assert found.rate_within_hz.value == pytest.approx(15.0)
    assert found.per_min.value == pytest.approx(2.0)


def test_trains_are_counted_apart() -> None:
    train = [(10 + 0.02 * i, 1, "train") for i in range(50)]
    again = [(20 + 0.02 * i, 1, "train") for i in range(50)]
    found = measure(make_twitches([*fasciculations(1, 5), *train, *again]))
    assert (found.trains, found.bursts.trains, found.bursts.count) == (2, 2, 0)
    assert found.bursts.train_rate_hz.value == pytest.approx(50.0)
    assert found.fasciculations == 2
    # From the fasciculation at 5 s to the train there is no interval between fasciculations.
    assert found.intervals.median_ms.n == 1


def test_fibrillations_are_no_fasciculations() -> None:
    found = measure(make_twitches([(t, 3, "fibrillation") for t in np.arange(1.0, 20.0, 0.1)]))
    assert (found.fibrillations, found.fasciculations, found.active_units.value) == (190, 0, 0)


# --- isolation (Sleutjes 2016) --------------------------------------------------------------------


def test_isolated_and_continual_to_the_letter() -> None:
    # Intervals 500, 200, 200, 251, 250 ms: discharge by discharge
    # 5.0 isolated; 5.5 other; 5.7 continual; 5.9 other; 6.151 other; 6.401 other.
    found = measure(make_twitches(fasciculations(5.0, 5.5, 5.7, 5.9, 6.151, 6.401)))
    assert (found.isolation.share.value, found.isolation.share.n) == (pytest.approx(1 / 6), 6)
    assert found.isolation.continual.value == pytest.approx(1 / 6)
    assert found.units[0].isolated == 1


def test_exactly_250_ms_is_not_more() -> None:
    found = measure(make_twitches(fasciculations(4.0, 4.25)))
    assert found.isolation.share.value == 0.0


def test_isolation_is_unknown_at_the_edge_of_a_stretch() -> None:
    found = measure(make_twitches(fasciculations(9.8), voluntary=[(10, 12)]))
    assert found.isolation.share.n == 0
    found = measure(make_twitches(fasciculations(9.7), voluntary=[(10, 12)]))
    assert found.isolation.share.value == 1.0


def test_windows_need_two_units_with_isolated_discharges() -> None:
    rows = [
        *fasciculations(5, 15, 15.1, 25, 35),
        *fasciculations(6, 16, 36, 36.1, unit=2),
        *fasciculations(55, unit=3),
    ]
    # Window by window: both; unit 2 alone isolated; unit 1 alone; unit 1 alone; none; unit 3 alone.
    found = measure(make_twitches(rows)).isolation.windows
    assert (found.value, found.n) == (pytest.approx(1 / 6), 6)


def test_windows_never_hold_a_gap() -> None:
    found = measure(make_twitches(fasciculations(5), voluntary=[(14, 16)])).isolation.windows
    assert found.n == 1 + 4
    assert measure(make_twitches(duration_s=9.0)).isolation.windows.value is None


# --- against a plain implementation ---------------------------------------------------------------


def plainly(times: list[float], holes: list[tuple[int, int]]) -> tuple[int, int, int, int, int]:
    """Isolated, told, doublets, firsts and intervals of one unit, by looking at every pair of times."""
    stretches, start = [], 0
    for second in range(61):
        if second == 60 or any(a <= second < a + n for a, n in holes):
            if second > start:
                stretches.append((start, second))
            start = second + 1
    isolated = told = doublets = firsts = intervals = 0
    for begin, end in stretches:
        here = sorted(t for t in times if begin <= t < end)
        intervals += max(len(here) - 1, 0)
        for t in here:
            before, after = [t - o for o in here if o < t], [o - t for o in here if o > t]
            if t - begin > 0.25 and end - t > 0.25:
                told += 1
                isolated += min(before, default=9.0) > 0.25 and min(after, default=9.0) > 0.25
            if t - begin > 0.11 and end - t > 0.11 and min(before, default=9.0) > 0.11:
                firsts += 1
                doublets += min(after, default=9.0) <= 0.11
    return isolated, told, doublets, firsts, intervals


@given(
    st.lists(st.integers(0, 59999), max_size=60, unique_by=lambda t: t // 3),
    st.lists(st.tuples(st.integers(0, 55), st.integers(1, 5)), max_size=4),
)
@settings(max_examples=80)
def test_patterns_agree_with_a_plain_count(marks: list[int], holes: list[tuple[int, int]]) -> None:
    # On a grid of 1/1024 s, which binary numbers hold exactly; marks of one third are 2 ms apart or more.
    times = [t / 1024 for t in marks]
    times = [t for i, t in enumerate(sorted(times)) if not i or t - sorted(times)[i - 1] >= 0.002]
    unclean = [(float(a), float(a + n)) for a, n in holes]
    found = measure(make_twitches(fasciculations(*times), unclean=unclean))
    share, pairs_found = found.isolation.share, found.doublets.share
    assert (
        round((share.value or 0.0) * share.n),
        share.n,
        round((pairs_found.value or 0.0) * pairs_found.n),
        pairs_found.n,
        found.intervals.median_ms.n,
    ) == plainly(times, holes)
