"""A node with channels: counts, the coupled membrane against one without steps, and what splitting asks."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physiology.noise.event_by_event import trace

from whytwitch.physiology import Axon, PhysiologyError
from whytwitch.physiology.axon import SPIKE_MV, advance, rest_of, tables_of
from whytwitch.physiology.noise import MarkovNode, Patch, direct, rest_state
from whytwitch.physiology.noise._random import seeded
from whytwitch.physiology.noise._runs import record
from whytwitch.physiology.splitting import BACK, REACHED, UNDECIDED


@cache
def noisy() -> MarkovNode:
    """It fires some tens of times a second."""
    return MarkovNode(Patch(Axon(gate_shift_mv=-10.0, slow_potassium=0.5), 0.05))


@given(st.floats(1e-3, 10.0), st.floats(0.1, 10.0))
@settings(max_examples=30, deadline=None)
def test_counts_are_in_proportion_to_area(area: float, factor: float) -> None:
    tables = tables_of(Axon())
    one = Patch(Axon()).counts(tables)
    some = Patch(Axon(), area, factor).counts(tables)
    assert np.all(some == np.floor(some))
    assert np.all((some > 0) == (one > 0))
    assert np.all(np.abs(some - one * area * factor) <= 1.0 + 0.5 * area * factor)


def test_injured_channels_are_a_population_of_their_own() -> None:
    whole, injured = Axon(), Axon(sodium_left_shift_mv=10.0, sodium_left_shift_fraction=0.25)
    before, after = Patch(whole).counts(tables_of(whole)), Patch(injured).counts(tables_of(injured))
    assert np.count_nonzero(after) == np.count_nonzero(before) + 2
    assert after[:2] == pytest.approx([0.75 * before[0], 0.25 * before[0]], abs=1)
    assert after[2:4] == pytest.approx([0.75 * before[1], 0.25 * before[1]], abs=1)


def test_blocked_channels_are_not_there() -> None:
    axon = Axon(fast_potassium=0.0, slow_inactivation=0.5)
    counts = Patch(axon).counts(tables_of(axon))
    normal = Patch(Axon()).counts(tables_of(Axon()))
    assert counts[0] == pytest.approx(normal[0] / 2, abs=1)
    assert counts[2] == 0
    sizes = [MarkovNode(Patch(a)).record(1.0, 1, settle=False).shape[1] for a in (axon, Axon())]
    assert sizes[0] == sizes[1] - 5


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Patch(Axon(), 0.0), "area_fraction is 0.0"),
        (lambda: Patch(Axon(), 1.0, math.nan), "channel_factor is nan"),
        (lambda: MarkovNode(Patch(Axon(gate_shift_mv=-15.0))), "cannot fire"),
        (lambda: MarkovNode(Patch(Axon()), quiet_ms=0.0), "quiet_ms is 0.0"),
        (lambda: noisy().shoot(np.zeros((2, 25)), np.zeros(3, np.uint64), -80, -60, 10), r"shape \(2, 25\)"),
        (lambda: noisy().follow(np.zeros((2, 7)), np.zeros(2, np.uint64)), r"shape \(2, 7\)"),
        (lambda: direct(noisy(), -1.0), "duration_s is -1.0"),
    ],
)
def test_errors_say_what_and_why(make: object, says: str) -> None:
    with pytest.raises(PhysiologyError, match=says):
        make()  # type: ignore[operator]


def test_channels_are_kept_and_digits_repeat() -> None:
    states = noisy().record(30.0, 5, every=20)
    m = noisy().membrane
    assert states[:, 0].max() > SPIKE_MV, "a spike shall be in it"
    for k in np.flatnonzero(m.total):
        counts = states[:, m.start[k] : m.opened[k] + 1]
        assert np.all((counts >= 0) & (counts == np.floor(counts)))
        assert np.all(counts.sum(axis=1) == m.total[k])
    assert np.array_equal(states, noisy().record(30.0, 5, every=20))
    assert not np.array_equal(states[-1], noisy().record(30.0, 6, every=20)[-1])


def test_many_channels_are_the_axon_without_chance() -> None:
    rest, current = rest_of(Axon()), 150.0
    still = rest.state.copy()
    advance(still, rest.tables, 0, 200, current)
    spread = []
    for area in (1.0, 100.0):
        node = MarkovNode(Patch(Axon(), area))
        ends = np.array(
            [node.record(1.0, seed, every=200, current_pa=current, settle=False)[0, :2] for seed in range(40)]
        )
        error = ends.std(axis=0, ddof=1) / math.sqrt(40)
        # The mean differs by the curvature of the currents, too: as 1 / channels.
        assert np.all(np.abs(ends.mean(axis=0) - still[:2]) < 4.5 * error + 0.02 / area)
        spread.append(ends[:, 0].std(ddof=1))
    assert math.log(spread[0] / spread[1] / 10) == pytest.approx(0.0, abs=4.5 * math.sqrt(2 / (2 * 39)))


def test_potential_has_the_law_of_the_exact_process() -> None:
    node = MarkovNode(Patch(Axon(slow_potassium=1.5), 0.01))
    found, exact = [], []
    for seed in range(60):
        for rows, one in (
            (found, node.record(30.0, seed, every=10, settle=False)[:, 0]),
            (exact, trace(node, 30.0, 0.0005, 100, 1000 + seed)),
        ):
            late = one[one.size // 5 :]
            rows.append(
                [late.mean(), late.var(), np.mean(late > -78.0), np.mean(np.abs(np.diff(late[::10])))]
            )
    a, b = np.array(found), np.array(exact)
    error = np.sqrt((a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)) / 60)
    assert np.all(np.abs(a.mean(axis=0) - b.mean(axis=0)) < 4 * error)


def test_shots_stop_where_they_should() -> None:
    node = MarkovNode(noisy().patch, lead_ms=0.0)
    leave = node.rest.node_mv
    basin = node.basin(2, 40_000, leave, np.array([leave + 5, SPIKE_MV]))
    assert basin.steps == 40_000
    assert basin.cost_steps > basin.steps
    assert basin.counts[0] == len(basin.entrances) > basin.counts[1] > 0
    assert np.all(basin.entrances[:, 0] >= leave + 5)
    seeds = np.arange(len(basin.entrances), dtype=np.uint64)
    near = node.shoot(basin.entrances, seeds, leave, leave + 10, 100_000)
    far = node.shoot(basin.entrances, seeds, leave, SPIKE_MV, 100_000)
    assert set(near.outcomes) == {BACK, REACHED}
    assert np.all(far.highest >= near.highest)
    assert np.all((far.outcomes == REACHED) <= (near.outcomes == REACHED))
    failed = near.outcomes == BACK
    assert np.array_equal(near.ends[failed], far.ends[failed])
    assert np.all(near.ends[failed, 0] < leave)
    at_once = node.shoot(near.ends, seeds, leave, leave + 10, 100_000)
    assert at_once.cost_steps == 0
    assert np.array_equal(at_once.outcomes, near.outcomes)
    short = node.shoot(basin.entrances, seeds, -math.inf, 100.0, 7)
    assert np.all(short.outcomes == UNDECIDED)
    assert short.cost_steps == 7 * seeds.size


def test_bursts_are_the_spikes_of_the_trajectory() -> None:
    basin = noisy().basin(3, 80_000, noisy().rest.node_mv, np.array([SPIKE_MV]))
    starts, seeds = basin.entrances[:6], np.arange(6, dtype=np.uint64)
    bursts = noisy().follow(starts, seeds)
    assert bursts.ended.all()
    for k in range(6):
        kept = np.empty((40_000, starts.shape[1]))
        record(starts[k].copy(), noisy().membrane, seeded(seeds[k]), 0.0, 1, kept)
        armed, times = False, [0]
        for n, mv in enumerate(kept[:, 0], 1):
            if mv < -50.0:
                armed = True
                if n - times[-1] >= 10_000 and mv < noisy().rest.node_mv:
                    break
            elif armed and mv >= SPIKE_MV:
                armed = False
                times.append(n)
        assert bursts.spikes_ms[k] == pytest.approx(np.array(times) * noisy().step_ms)
    assert bursts.sizes.sum() - 6 == bursts.intervals_ms.size
    assert np.all(bursts.intervals_ms > 1.0)


def test_counting_by_hand_and_by_the_run_at_rest_agree() -> None:
    watched = direct(noisy(), 2.0, seed=1)
    assert watched.state == "rests"
    assert watched.burst_sizes.sum() == watched.spikes_ms.size
    assert watched.low_hz < watched.rate_hz < watched.high_hz
    basin = noisy().basin(9, 400_000, SPIKE_MV, np.array([SPIKE_MV]))
    other = basin.counts[0] / (basin.steps * noisy().step_ms * 1e-3)
    error = math.sqrt(watched.rate_hz + other) / math.sqrt(2.0)
    assert abs(watched.rate_hz - other) < 4 * error


def test_a_membrane_that_does_not_calm_down_is_said() -> None:
    hurried = MarkovNode(Patch(Axon(), 0.01), quiet_ms=50.0, longest_ms=50.0)
    found = direct(hurried, 10.0, seed=3)
    assert found.state in {"fires", "blocked"}
    assert found.episodes == 1
    assert found.rest_s < 10.0
    with pytest.raises(PhysiologyError, match="after a spike the node"):
        hurried.basin(3, 2_000_000, SPIKE_MV, np.array([SPIKE_MV]))


def test_rest_state_has_channels_as_they_are_at_rest() -> None:
    patch = Patch(Axon())
    node = MarkovNode(patch)
    states = np.array([rest_state(patch, node.rest, seed=seed) for seed in range(200)])
    assert np.all(states[:, :2] == node.rest.state[:2])
    m, tables = node.membrane, node.rest.tables
    for k in range(4):
        share = node.rest.state[2 + tables.first[k]] ** tables.power[k]
        if tables.second[k] >= 0:
            share *= node.rest.state[2 + tables.second[k]]
        mean, error = m.total[k] * share, math.sqrt(m.total[k] * share / 200)
        assert abs(states[:, m.opened[k]].mean() - mean) < 4.5 * error + 1e-3 * mean
