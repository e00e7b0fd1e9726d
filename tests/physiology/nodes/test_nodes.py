"""Nodes beside NEURON's, beside theory, and beside themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.physiology import PhysiologyError
from whytwitch.physiology.nodes import CurrentNoise, NodePopulation, NodeRun, simulate_nodes

CURRENTS = (5.0, 6.5, 8.0, 10.0, 15.0, 20.0, 40.0, 80.0)
DURATION_MS = 400.0
# A square of 100 µm² of membrane, so that 1 nA is 1000 µA/cm². The built-in table of rates is left off.
NEURON = """
import json, sys, math
from neuron import h
h.load_file("stdrun.hoc")
currents, tstop, celsius = json.loads(sys.argv[1])
h.usetable_hh = 0
side = math.sqrt(100 / math.pi)
keep, spikes, traces = [], [], []
for i in currents:
    s = h.Section(); s.L = s.diam = side; s.nseg = 1; s.insert("hh")
    clamp = h.IClamp(s(0.5)); clamp.delay, clamp.dur, clamp.amp = 0, 1e9, i * 1e-3
    counter, times = h.NetCon(s(0.5)._ref_v, None, sec=s), h.Vector()
    counter.threshold = 0; counter.record(times)
    trace = h.Vector().record(s(0.5)._ref_v, 0.025)
    keep.append((s, clamp, counter)); spikes.append(times); traces.append(trace)
h.celsius, h.dt, h.steps_per_ms = celsius, 0.005, 200
h.finitialize(-65)
while h.t < tstop - 1e-9: h.fadvance()
print("RESULT" + json.dumps([[list(x) for x in spikes], [list(x) for x in traces]]))
"""


def neuron(currents: tuple[float, ...], duration_ms: float, celsius: float = 6.3) -> tuple[Any, Any]:
    pytest.importorskip("neuron")
    asked = json.dumps([currents, duration_ms, celsius])
    done = subprocess.run([sys.executable, "-c", NEURON, asked], capture_output=True, text=True, check=True)
    spikes, traces = json.loads(done.stdout.rpartition("RESULT")[2])
    return [np.array(s) for s in spikes], np.array(traces)


def ours(currents: tuple[float, ...], duration_ms: float, celsius: float = 6.3) -> NodeRun:
    return simulate_nodes(
        NodePopulation(count=len(currents), temperature_c=celsius),
        duration_ms,
        noise=CurrentNoise(mean_ua_cm2=np.array(currents)),
        trace_interval_us=25.0,
    )


@pytest.mark.parametrize("celsius", [6.3, 16.3])
def test_traces_and_spike_times_are_those_of_neuron(celsius: float) -> None:
    spikes, traces = neuron(CURRENTS, 60.0, celsius)
    found = ours(CURRENTS, 60.0, celsius)
    np.testing.assert_allclose(found.traces_mv[:, : traces.shape[1]], traces, atol=0.5)
    assert traces.shape[1] >= 2400
    for k, theirs in enumerate(spikes):
        mine = found.spike_times_ms[found.spike_nodes == k]
        assert mine.size == theirs.size
        np.testing.assert_allclose(mine, theirs, atol=0.005 + 1e-6)


def test_rate_by_current_is_that_of_neuron() -> None:
    spikes, _ = neuron(CURRENTS, DURATION_MS)
    found = ours(CURRENTS, DURATION_MS)
    rates = []
    for k, theirs in enumerate(spikes):
        mine = found.spike_times_ms[found.spike_nodes == k]
        assert mine.size == theirs.size
        if mine.size > 3:
            rates.append(1e3 * (mine.size - 1) / (mine[-1] - mine[0]))
            expected = 1e3 * (theirs.size - 1) / (theirs[-1] - theirs[0])
            assert rates[-1] == pytest.approx(expected, rel=0.01)
    assert len(rates) >= 5
    assert rates == sorted(rates)


def test_rest_is_where_currents_balance() -> None:
    found = simulate_nodes(NodePopulation(count=3), 200.0, trace_interval_us=1000.0)
    assert found.counts.sum() == 0
    # Hodgkin and Huxley's resting potential of 0 is -65 mV here; the leak was chosen to that end.
    np.testing.assert_allclose(found.traces_mv, -65.0, atol=0.1)


def test_current_is_an_ornstein_uhlenbeck_process() -> None:
    """A passive membrane driven by it has a variance in closed form."""
    leak, tau, sd = 1.0, 3.0, 2.0
    passive = NodePopulation(
        count=2000, sodium_ms_cm2=0.0, potassium_ms_cm2=0.0, leak_ms_cm2=leak, leak_reversal_mv=-65.0
    )
    noise = CurrentNoise(mean_ua_cm2=1.5, sd_ua_cm2=sd, correlation_ms=tau)
    found = simulate_nodes(passive, 40.0, noise=noise, seed=5, trace_interval_us=1000.0)
    v = found.traces_mv[:, 20:].astype(np.float64) + 65.0
    membrane_ms = 1.0 / leak
    assert v.mean() == pytest.approx(1.5, abs=0.05)
    assert v.var() == pytest.approx((sd / leak) ** 2 * tau / (tau + membrane_ms), rel=0.05)


def test_rate_with_noise_is_that_of_other_programs() -> None:
    """The workload on which simulators are compared: 55 to 56 spikes a node and second in each of them."""
    noise = CurrentNoise(mean_ua_cm2=4.0, sd_ua_cm2=5.0, correlation_ms=2.0)
    found = simulate_nodes(NodePopulation(count=200), 1000.0, noise=noise, seed=2)
    standard_error = found.counts.std() / np.sqrt(found.counts.size)
    assert found.rates_hz.mean() == pytest.approx(55.6, abs=0.3 + 4 * standard_error)


@given(count=st.integers(1, 300), threads=st.integers(1, 5), seed=st.integers(0, 2**64 - 1))
@settings(max_examples=15)
def test_a_seed_gives_the_same_digits_on_any_number_of_threads(count: int, threads: int, seed: int) -> None:
    noise = CurrentNoise(mean_ua_cm2=8.0, sd_ua_cm2=5.0)
    run = [
        simulate_nodes(
            NodePopulation(count=n), 20.0, noise=noise, seed=seed, threads=t, trace_interval_us=100.0
        )
        for n, t in ((count, 1), (count, threads), (count + 9, threads))
    ]
    for other in run[1:]:
        np.testing.assert_array_equal(other.traces_mv[:count], run[0].traces_mv)
        mine = other.spike_nodes < count
        np.testing.assert_array_equal(other.spike_times_ms[mine], run[0].spike_times_ms)
        np.testing.assert_array_equal(other.spike_nodes[mine], run[0].spike_nodes)


def test_a_full_list_of_spikes_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = CurrentNoise(mean_ua_cm2=15.0, sd_ua_cm2=5.0)
    whole = simulate_nodes(NodePopulation(count=30), 200.0, noise=noise)
    monkeypatch.setattr("whytwitch.physiology.nodes._simulate._SPIKES_AT_ONCE", 70)
    pieces = simulate_nodes(NodePopulation(count=30), 200.0, noise=noise)
    np.testing.assert_array_equal(whole.spike_times_ms, pieces.spike_times_ms)
    np.testing.assert_array_equal(whole.counts, np.bincount(whole.spike_nodes, minlength=30))


@settings(max_examples=20)
@given(
    sodium=st.floats(0.0, 1000.0),
    potassium=st.floats(0.0, 1000.0),
    temperature=st.floats(0.0, 25.0),
    mean=st.floats(-1e3, 1e3),
    sd=st.floats(0.0, 1e3),
    start=st.floats(-100.0, 60.0),
    dt=st.floats(0.5, 25.0),
)
def test_whatever_is_allowed_gives_finite_numbers(
    sodium: float, potassium: float, temperature: float, mean: float, sd: float, start: float, dt: float
) -> None:
    population = NodePopulation(
        count=9,
        sodium_ms_cm2=sodium,
        potassium_ms_cm2=potassium,
        temperature_c=temperature,
        initial_mv=start,
    )
    noise = CurrentNoise(mean_ua_cm2=mean, sd_ua_cm2=sd)
    found = simulate_nodes(population, 5.0, noise=noise, dt_us=dt, trace_interval_us=dt)
    assert np.isfinite(found.traces_mv).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: NodePopulation(count=0), "count is 0"),
        (lambda: NodePopulation(count=2, sodium_ms_cm2=float("nan")), "sodium_ms_cm2 is nan"),
        (lambda: NodePopulation(count=2, leak_ms_cm2=np.ones(3)), "shape"),
        (lambda: NodePopulation(count=2, leak_ms_cm2="much"), "leak_ms_cm2"),  # pyright: ignore[reportArgumentType]
        (lambda: NodePopulation(count=2, temperature_c=37.0), "temperature_c is 37"),
        (lambda: run_with(noise=CurrentNoise(sd_ua_cm2=-1.0)), "sd_ua_cm2 is -1"),
        (lambda: run_with(dt_us=50.0), "dt_us"),
        (lambda: run_with(seed=-1), "seed"),
        (lambda: run_with(threads=0), "threads"),
        (lambda: run_with(trace_interval_us=1.0), "trace_interval_us"),
        (lambda: simulate_nodes(NodePopulation(count=2), float("inf")), "duration_ms"),
        (
            lambda: simulate_nodes(NodePopulation(count=1_000_000), 1e5, trace_interval_us=5.0),
            "8 GiB",
        ),
    ],
)
def test_what_it_refuses(make: Any, message: str) -> None:
    with pytest.raises(PhysiologyError, match=message):
        make()


def run_with(**settings: Any) -> NodeRun:
    return simulate_nodes(NodePopulation(count=2), 1.0, **settings)
