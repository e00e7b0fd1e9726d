"""One potential is one event, and two discharges are two."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recording.detect.helpers import found_in, pairs, shares, times
from tests.recording.synthetic import synthetic


@pytest.mark.parametrize("interval_ms", [8.0, 15.0, 35.0])
def test_doublets_are_two(interval_ms: float) -> None:
    x = synthetic(
        21, channels=8, fs=2048.0, seconds=30.0, ptp_uv=(300.0, 150.0), per_min=40.0,
        doublet_ms=interval_ms, width_ms=1.5, apart_s=0.2,
    )  # fmt: skip
    events = found_in(x).events
    found = times(events)
    second = np.flatnonzero(np.diff(x.time_s) < interval_ms / 1000 + 0.004) + 1
    assert len(second) >= 4
    hit = {i for i, _ in pairs(x.time_s, found, tolerance=0.004)}
    assert np.mean([i in hit for i in second]) >= 0.8
    sensitivity, precision = shares(x.time_s, found)
    assert sensitivity >= 0.9
    assert precision >= 0.9


def slow_wave(fs: float, delay_ms: float, late_share: float) -> np.ndarray:
    """A potential, and a late part of it."""
    t = np.arange(round(0.06 * fs)) / fs * 1000
    first = (1 - 1.6 * ((t - 12) / 2.0) ** 2) * np.exp(-(((t - 12) / 2.0) ** 2))
    late = np.exp(-(((t - 12 - delay_ms) / 1.5) ** 2))
    return (first + late_share * late).astype(np.float32)


def test_a_satellite_is_part_of_its_potential() -> None:
    x = synthetic(22, channels=4, fs=2000.0, seconds=30.0, ptp_uv=())
    samples, wave = x.samples.copy(), 250.0 * slow_wave(x.fs, 14.0, 0.4)
    rng = np.random.default_rng(22)
    at = 1.0 + np.cumsum(rng.uniform(0.4, 1.6, 28))
    for time in at[at < 29.0]:
        begin = round(time * x.fs)
        samples[:, begin : begin + len(wave)] += np.array([[1.0], [0.7], [0.5], [0.3]]) * wave
    found = times(found_in(x, samples).events)
    assert (np.diff(found) > 0.1).all()
    assert len(found) == pytest.approx((at < 29.0).sum(), abs=1)


def test_a_wave_that_travels_is_one() -> None:
    """Along 10 cm at 4 m/s the last electrode sees it 25 ms after the first."""
    x = synthetic(23, channels=8, fs=2000.0, seconds=30.0, ptp_uv=())
    samples = x.samples.copy()
    rng = np.random.default_rng(23)
    at = 1.0 + np.cumsum(rng.uniform(0.4, 1.6, 28))
    at = at[at < 28.0]
    wave = 150.0 * slow_wave(x.fs, 0.0, 0.0)
    for time in at:
        for channel in range(8):
            begin = round((time + channel * 0.0034) * x.fs)
            samples[channel, begin : begin + len(wave)] += wave
    found = times(found_in(x, samples).events)
    assert len(found) == pytest.approx(len(at), abs=1)
    assert (np.diff(found) > 0.1).all()
