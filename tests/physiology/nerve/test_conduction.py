"""What a nerve does, healthy and not: directions, orders, and limits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.nerve import (
    Branch,
    Demyelination,
    Nerve,
    Pulse,
    conduct,
    conduct_all,
    conduction_velocity,
    train,
)


def focal(count: int = 4, **changes: float) -> Nerve:
    return Nerve(demyelination=tuple(Demyelination(internode=8 + k, **changes) for k in range(count)))


def test_thicker_and_warmer_fibers_are_faster() -> None:
    by_size = conduction_velocity([5.7, 8.7, 11.5, 16.0])
    assert np.all(np.diff(by_size) > 0)
    by_temperature = [conduction_velocity([10.0], temperature_c=t)[0] for t in (20.0, 30.0, 37.0)]
    assert np.all(np.diff(by_temperature) > 0)


def test_fitted_dimensions_agree_with_the_table_they_were_fitted_to() -> None:
    diameters = [7.3, 10.0, 12.8, 15.0]
    table, fitted = (conduction_velocity(diameters, geometry=g) for g in ("mcintyre", "gaines"))
    np.testing.assert_allclose(fitted, table, rtol=0.05)


def test_a_spike_goes_both_ways_at_one_speed() -> None:
    nerve = Nerve()
    down, up = (conduct(nerve, [Pulse(node=n)]) for n in (0, 20))
    assert down.velocity_m_s == pytest.approx(up.velocity_m_s, rel=1e-6)
    middle = conduct(nerve, [Pulse(node=10)])
    assert [s.size for s in middle.spikes_ms] == [1] * 21
    assert middle.spikes_ms[0][0] == pytest.approx(middle.spikes_ms[20][0], abs=1e-6)


def test_colliding_spikes_end_each_other() -> None:
    """Two spikes that met and passed would each have fired every node: twice in all."""
    found = conduct(Nerve(), [Pulse(node=0), Pulse(node=20)])
    assert [s.size for s in found.spikes_ms] == [1] * 21
    late = conduct(Nerve(), [Pulse(node=0), Pulse(node=20, start_ms=1.2)])
    first = [float(s[0]) for s in late.spikes_ms]
    met = int(np.argmax(first))
    assert 10 < met < 20
    assert first[:met] == sorted(first[:met])
    assert first[met:] == sorted(first[met:], reverse=True)


def test_the_fewer_lamellae_the_slower_until_nothing_passes() -> None:
    left = (1.0, 0.5, 0.2, 0.1, 0.05)
    speeds = [c.velocity_m_s for c in conduct_all([focal(lamellae_fraction=f) for f in left])]
    assert all(a is not None and b is not None and a > b for a, b in pairwise(speeds))
    blocked = conduct(focal(lamellae_fraction=0.02))
    assert not blocked.arrived
    assert blocked.velocity_m_s is None
    assert blocked.spikes_ms[8].size == 1
    assert blocked.spikes_ms[20].size == 0


def test_cold_lifts_a_block() -> None:
    """Slower sodium channels give more charge: why weakness of demyelinated nerves eases in the cold."""
    block = tuple(Demyelination(internode=8 + k, lamellae_fraction=0.03) for k in range(4))
    warm, cold = (
        conduct(Nerve(demyelination=block, temperature_c=t), duration_ms=20.0) for t in (37.0, 25.0)
    )
    assert not warm.arrived
    assert cold.arrived


def test_leaky_lamellae_and_loose_paranodes_slow_too() -> None:
    healthy, leaky, loose = (
        c.velocity_m_s for c in conduct_all([Nerve(), focal(leak_factor=20.0), focal(seal_fraction=0.01)])
    )
    assert healthy is not None
    assert leaky is not None
    assert loose is not None
    assert leaky < 0.97 * healthy
    assert loose < 0.97 * healthy


def test_a_branch_point_fails_at_high_rates_first() -> None:
    branches = (Branch(fiber_diameter_um=10.0, nodes=4),) * 3
    nerve = Nerve(nodes=11, sodium_fraction=0.6, branches=branches)
    slow, fast = (
        conduct(nerve, train(hz, 6), duration_ms=6e3 / hz + 5, settle_ms=5.0) for hz in (50.0, 400.0)
    )
    assert slow.spikes_at_ends == (6, 6, 6)
    assert fast.spikes_ms[9].size == 6
    assert max(fast.spikes_at_ends) < 6
    unbranched = conduct(Nerve(nodes=15, sodium_fraction=0.6), train(400.0, 6), duration_ms=20.0)
    assert unbranched.spikes_at_ends == (6,)


def test_depolarization_blocks() -> None:
    found = conduct(Nerve(potassium_reversal_mv=-65.0, leak_reversal_mv=-65.0), record_nodes=[10])
    assert found.traces_mv[0, 0] > -60
    assert not found.arrived


def test_a_nerve_at_rest_stays_there() -> None:
    found = conduct(Nerve(), (), record_nodes=[0, 10, 20], record_interval_us=100.0)
    assert found.trace_times_ms.size == 101
    assert np.ptp(found.traces_mv) < 0.05
    assert not any(s.size for s in found.spikes_ms)


def test_threads_and_record_do_not_change_the_answer() -> None:
    nerves = [Nerve(fiber_diameter_um=5.7 + 0.3 * k) for k in range(18)]
    one = conduct_all(nerves, duration_ms=3.0, settle_ms=0.0, threads=1)
    two = conduct_all(nerves, duration_ms=3.0, settle_ms=0.0, threads=2, record_nodes=[3])
    for a, b in zip(one, two, strict=True):
        for x, y in zip(a.spikes_ms, b.spikes_ms, strict=True):
            np.testing.assert_array_equal(x, y)


def test_the_error_shrinks_with_the_step() -> None:
    """Backward Euler is of first order: so is the error of the velocity."""
    coarse, half, fine = (conduct(Nerve(), dt_us=dt, settle_ms=0.0).velocity_m_s for dt in (5.0, 2.5, 1.0))
    assert coarse is not None
    assert half is not None
    assert fine is not None
    assert coarse == pytest.approx(fine, rel=0.08)
    assert (fine - coarse) / (fine - half) == pytest.approx((5 - 1) / (2.5 - 1), rel=0.25)


@settings(max_examples=15)
@given(
    diameter=st.floats(4.0, 20.0),
    temperature=st.floats(10.0, 42.0),
    sodium=st.floats(0.0, 20.0),
    potassium=st.floats(-120.0, -40.0),
    lamellae=st.floats(0.005, 1.0),
    amplitude=st.floats(-1e3, 1e3),
    dt=st.floats(0.5, 20.0),
)
def test_whatever_is_allowed_gives_finite_numbers(
    diameter: float,
    temperature: float,
    sodium: float,
    potassium: float,
    lamellae: float,
    amplitude: float,
    dt: float,
) -> None:
    nerve = Nerve(
        fiber_diameter_um=diameter,
        geometry="gaines",
        nodes=5,
        temperature_c=temperature,
        sodium_fraction=sodium,
        potassium_reversal_mv=potassium,
        demyelination=(Demyelination(internode=1, lamellae_fraction=lamellae),),
    )
    pulse = Pulse(amplitude_na=amplitude, duration_ms=1.0)
    found = conduct(nerve, [pulse], duration_ms=3.0, settle_ms=1.0, dt_us=dt, record_nodes=range(5))
    assert np.isfinite(found.traces_mv).all()
    assert all(np.isfinite(s).all() and np.all(np.diff(s) > 0) for s in found.spikes_ms)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Nerve(fiber_diameter_um=3.0), "fiber_diameter_um"),
        (lambda: Nerve(fiber_diameter_um=float("nan")), "fiber_diameter_um"),
        (lambda: Nerve(geometry="other"), "geometry is 'other'"),  # pyright: ignore[reportArgumentType]
        (lambda: Nerve(nodes=1), "nodes is 1"),
        (lambda: Nerve(nodes=100, branches=(Branch(fiber_diameter_um=10.0, nodes=40),)), "140 nodes"),
        (lambda: Nerve(temperature_c=50.0), "temperature_c"),
        (lambda: Nerve(demyelination=(Demyelination(internode=20),)), "internode 20"),
        (lambda: Nerve(demyelination=(Demyelination(internode=2),) * 2), "twice"),
        (lambda: Nerve(branches=(Branch(fiber_diameter_um=10.0, length_fraction=0.06),)), "no room"),
        (lambda: Demyelination(internode=0, lamellae_fraction=0.0), "lamellae_fraction"),
        (lambda: Pulse(duration_ms=0.0), "duration_ms"),
        (lambda: train(0.0, 3), "rate_hz"),
        (lambda: conduct(Nerve(), [Pulse(node=21)]), "node 21"),
        (lambda: conduct(Nerve(), record_nodes=[-1]), "node -1"),
        (lambda: conduct(Nerve(), dt_us=50.0), "dt_us"),
        (lambda: conduct(Nerve(), threads=0), "threads"),
        (lambda: conduction_velocity([5.0]), "fiber_diameter_um"),
    ],
)
def test_what_it_refuses(make: Any, message: str) -> None:
    with pytest.raises(PhysiologyError, match=message):
        make()
