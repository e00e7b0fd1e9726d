"""Where there is no fasciculation, none is reported."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recording.detect.helpers import found_in, shares, times
from tests.recording.synthetic import synthetic

from whytwitch.recording._kinds import Activity, with_unresolved


@pytest.mark.parametrize(("channels", "rate"), [(1, 1000.0), (8, 2048.0), (16, 2000.0)])
@pytest.mark.parametrize("seed", [1, 2])
def test_noise(channels: int, rate: float, seed: int) -> None:
    x = synthetic(seed, channels=channels, fs=rate, seconds=30.0, ptp_uv=())
    assert len(times(found_in(x).events)) <= 1


def test_noise_of_a_needle() -> None:
    x = synthetic(3, channels=1, fs=20000.0, seconds=15.0, ptp_uv=(), noise_uv=8.0)
    assert len(times(found_in(x, electrode="needle").events)) <= 1


@pytest.mark.parametrize("hz", [50.0, 60.0])
@pytest.mark.parametrize("channels", [1, 8])
def test_the_power_line_with_harmonics(hz: float, channels: int) -> None:
    x = synthetic(4, channels=channels, fs=2000.0, seconds=20.0, ptp_uv=(), mains_uv=60.0, mains_hz=hz)
    twitches = found_in(x)
    assert len(times(twitches.events)) <= 1
    assert twitches.quality.mains_hz == pytest.approx(hz, abs=0.2)


@pytest.mark.parametrize("channels", [1, 8])
def test_the_heart(channels: int) -> None:
    x = synthetic(5, channels=channels, fs=1000.0, seconds=40.0, ptp_uv=(), heart_uv=150.0)
    twitches = found_in(x)
    assert len(times(twitches.events)) <= 1
    assert twitches.quality.heart_rate_per_min == pytest.approx(60 / 0.85, abs=2.0)


def test_fasciculations_beside_the_heart() -> None:
    x = synthetic(
        6, channels=8, fs=1000.0, seconds=40.0, ptp_uv=(250.0, 150.0), heart_uv=100.0, mains_uv=20.0
    )
    sensitivity, precision = shares(x.time_s, times(found_in(x).events))
    assert sensitivity >= 0.85
    assert precision >= 0.9


@pytest.mark.parametrize("channels", [1, 8])
def test_a_contraction(channels: int) -> None:
    x = synthetic(7, channels=channels, fs=1000.0, seconds=30.0, ptp_uv=(), voluntary_s=(10.0, 16.0))
    twitches = found_in(x)
    assert len(times(twitches.events)) <= 1
    covered = sum(min(b, 16.0) - max(a, 10.0) for a, b in twitches.voluntary_s if b > 10.0 and a < 16.0)
    assert covered >= 4.5


def test_a_contraction_among_fasciculations() -> None:
    x = synthetic(8, channels=8, fs=2000.0, seconds=40.0, ptp_uv=(300.0, 150.0), voluntary_s=(15.0, 20.0))
    events = found_in(x).events
    inside = (events.onset_s > 15.1) & (events.onset_s < 19.9)
    assert (events.kind[inside] != "fasciculation").mean() >= 0.97
    fasciculations = x.time_s[x.kind == "fasciculation"]
    sensitivity, precision = shares(fasciculations, times(events))
    assert sensitivity >= 0.9
    assert precision >= 0.9


def test_a_unit_that_is_kept_firing() -> None:
    x = synthetic(9, channels=8, fs=2000.0, seconds=30.0, ptp_uv=(200.0,), per_min=0.0, noise_uv=5.0)
    rng = np.random.default_rng(9)
    samples, wave = x.samples.copy(), x.templates[0]
    at = 5.0 + np.cumsum(rng.normal(0.12, 0.012, 150))
    for time in at[at < 25.0]:
        begin = round(time * x.fs)
        samples[:, begin : begin + wave.shape[1]] += wave
    events = found_in(x, samples).events
    assert (events.kind == "voluntary").sum() >= 0.9 * (at < 25.0).sum()
    assert len(times(events)) <= 2


def covered(stretches: np.ndarray, begin: float, end: float) -> float:
    return float(np.maximum(np.minimum(stretches[:, 1], end) - np.maximum(stretches[:, 0], begin), 0.0).sum())


@pytest.mark.parametrize("channels", [1, 16])
@pytest.mark.parametrize("stop_s", [16.0, 28.5])
def test_a_contraction_that_fills_the_recording(channels: int, stop_s: float) -> None:
    x = synthetic(12, channels=channels, fs=2000.0, seconds=30.0, ptp_uv=(), voluntary_s=(1.5, stop_s))
    twitches = found_in(x)
    assert len(times(twitches.events)) <= 2
    assert covered(twitches.voluntary_s, 1.5, stop_s) >= 0.8 * (stop_s - 1.5)


@pytest.mark.parametrize("at_s", [0.001, 5.0, 9.999])
def test_one_peak_at_the_edge_is_no_contraction(at_s: float) -> None:
    rest = Activity(np.zeros(1000, bool), np.zeros(1000, bool))
    assert not with_unresolved(rest, np.array([at_s])).full.any()
