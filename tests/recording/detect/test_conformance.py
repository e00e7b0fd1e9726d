"""Strong units in clean signals are found, whatever the electrodes and the rate."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recording.detect.helpers import found_in, pairs, shares, times
from tests.recording.synthetic import synthetic

LAYOUTS = {"one": 1, "two": 2, "eight": 8, "4x4": 16, "8x8": 64}
RATES = (1000.0, 2048.0, 4000.0, 10240.0)
SECONDS = {64: 12.0, 16: 16.0}


def cases() -> list:
    # Every layout and every rate at least twice; not every pair, since grids at 10 kHz take seconds.
    wanted = [(layout, rate) for layout in ("one", "eight") for rate in RATES]
    wanted += [
        ("two", 1000.0),
        ("two", 4000.0),
        ("4x4", 2048.0),
        ("4x4", 10240.0),
        ("8x8", 1000.0),
        ("8x8", 2048.0),
    ]
    return [pytest.param(layout, rate, id=f"{layout}-{rate:.0f}") for layout, rate in wanted]


@pytest.mark.parametrize(("layout", "rate"), cases())
def test_strong_units_are_found(layout: str, rate: float) -> None:
    channels = LAYOUTS[layout]
    seconds = SECONDS.get(channels, 20.0)
    x = synthetic(3, channels=channels, fs=rate, seconds=seconds, ptp_uv=(300.0, 150.0, 90.0), per_min=40.0)
    events = found_in(x).events
    sensitivity, precision = shares(x.time_s, times(events))
    assert sensitivity >= 0.9
    assert precision >= 0.9


@pytest.mark.parametrize("channels", [8, 16])
def test_positions_are_not_needed(channels: int) -> None:
    x = synthetic(4, channels=channels, fs=2000.0, seconds=20.0, per_min=40.0)
    events = found_in(x, positions=False).events
    sensitivity, precision = shares(x.time_s, times(events))
    assert sensitivity >= 0.9
    assert precision >= 0.9


@pytest.mark.parametrize("told", [True, False])
def test_needle(told: bool) -> None:
    x = synthetic(
        5,
        channels=1,
        fs=20000.0,
        seconds=15.0,
        ptp_uv=(600.0, 300.0),
        per_min=60.0,
        noise_uv=8.0,
        width_ms=0.7,
    )
    twitches = found_in(x, electrode="needle" if told else None)
    assert twitches.source.electrode == "needle"
    sensitivity, precision = shares(x.time_s, times(twitches.events))
    assert sensitivity >= 0.9
    assert precision >= 0.9


def test_units_are_told_apart_on_a_grid() -> None:
    x = synthetic(6, channels=16, fs=2048.0, seconds=30.0, ptp_uv=(300.0, 200.0, 150.0, 100.0), per_min=25.0)
    events = found_in(x).events
    partners = pairs(x.time_s, events.onset_s)
    true = np.array([x.unit[i] for i, _ in partners])
    found = np.array([events.unit[j] for _, j in partners])
    for unit in np.unique(true):
        counts = np.bincount(found[true == unit])
        assert counts.max() >= 0.9 * (true == unit).sum()
    assert len(np.unique(found[found > 0])) == len(np.unique(true))


def test_times_are_those_of_the_largest_deflection() -> None:
    x = synthetic(7, channels=8, fs=2048.0, seconds=20.0, ptp_uv=(300.0, 200.0))
    found = times(found_in(x).events)
    lag = np.array([found[j] - x.time_s[i] for i, j in pairs(x.time_s, found)])
    assert np.quantile(np.abs(lag), 0.95) <= 0.0015


def test_shapes_are_measured() -> None:
    x = synthetic(8, channels=4, fs=2048.0, seconds=20.0, ptp_uv=(300.0,), noise_uv=3.0)
    twitches = found_in(x)
    events = twitches.events
    assert np.median(events.amplitude) == pytest.approx(300.0, rel=0.1)
    assert (events.channel == x.best_channel[0]).mean() > 0.9
    assert np.isfinite(events.duration_ms).all()
    assert (events.phases >= 1).all()
    assert len(twitches.units) == 1
    assert twitches.quality.clean_s >= 18.0


def test_a_unit_of_half_the_size_of_another_like_it() -> None:
    x = synthetic(1, channels=1, fs=1000.0, seconds=60.0)
    found = times(found_in(x).events)
    assert len(pairs(x.time_s, found)) >= 0.9 * len(x.time_s)


def test_an_amplifier_that_is_switched_on_late() -> None:
    x = synthetic(9, channels=8, fs=1000.0, seconds=20.0, ptp_uv=(300.0, 150.0), per_min=40.0)
    off = np.zeros((8, 30000), np.float32)
    found = times(found_in(x, np.concatenate((off, x.samples), axis=1)).events)
    assert len(pairs(x.time_s + 30.0, found)) >= 0.9 * len(x.time_s)
