"""What must not change what is found: gain, sign, order of channels, a shift in time, chance, a dead lead."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.recording.detect.helpers import channels_of, found_in, pairs, same_partition, times
from tests.recording.synthetic import Synthetic, synthetic

from whytwitch.recording import ArraySignal, Events, Recording, Twitches, detect


@cache
def signal() -> Synthetic:
    return synthetic(11, channels=8, fs=2000.0, seconds=20.0, ptp_uv=(250.0, 150.0, 90.0), per_min=30.0)


@cache
def plain() -> Twitches:
    return found_in(signal())


def partners(a: Events, b: Events, shift_s: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Indices of partners; nearly all events have one."""
    got = pairs(a.onset_s + shift_s, b.onset_s, tolerance=0.002)
    assert len(got) >= 0.97 * max(len(a), len(b))
    i, j = np.array(got).T
    return i, j


def test_gain() -> None:
    events = found_in(signal(), 3.0 * signal().samples).events
    i, j = partners(plain().events, events)
    assert events.amplitude[j] == pytest.approx(3.0 * plain().events.amplitude[i], rel=0.01)
    assert same_partition(plain().events.unit[i], events.unit[j])


def test_polarity() -> None:
    events = found_in(signal(), -signal().samples).events
    i, j = partners(plain().events, events)
    assert events.amplitude[j] == pytest.approx(plain().events.amplitude[i], rel=0.01)
    assert same_partition(plain().events.unit[i], events.unit[j])


def test_order_of_channels() -> None:
    order = np.random.default_rng(0).permutation(8)
    x = signal()
    channels = channels_of(x)
    shuffled = Recording(
        "made", "array", x.fs, x.samples.shape[1], tuple(channels[k] for k in order),
        ArraySignal(x.samples[order]), electrode="surface",
    )  # fmt: skip
    events = detect(shuffled).events
    i, j = partners(plain().events, events)
    assert same_partition(plain().events.unit[i], events.unit[j])
    assert (order[events.channel[j]] == plain().events.channel[i]).mean() >= 0.95


def test_shift_in_time() -> None:
    x, shift = signal(), 1234
    quiet = 5.0 * np.random.default_rng(1).standard_normal((8, shift)).astype(np.float32)
    events = found_in(x, np.concatenate((quiet, x.samples), axis=1)).events
    i, j = partners(plain().events, events, shift / x.fs)
    assert same_partition(plain().events.unit[i], events.unit[j])


def test_once_more() -> None:
    again = found_in(signal())
    for name in ("onset_s", "unit", "kind", "confidence", "amplitude", "channel", "duration_ms"):
        assert np.array_equal(getattr(again.events, name), getattr(plain().events, name)), name
    assert again.settings == plain().settings


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_dead_channel_more(value: float) -> None:
    dead = np.full((1, signal().samples.shape[1]), value, np.float32)
    twitches = found_in(signal(), np.concatenate((signal().samples, dead)))
    assert len(pairs(plain().events.onset_s, twitches.events.onset_s)) >= 0.97 * len(plain().events)
    assert len(twitches.events) <= 1.03 * len(plain().events)
    assert any("without a signal" in problem.what for problem in twitches.problems)


def test_missing_samples_cost_what_they_cover() -> None:
    x = signal()
    holed = x.samples.copy()
    holed[:, 16000:18000] = np.nan
    events = found_in(x, holed).events
    outside = (x.time_s < 7.9) | (x.time_s > 9.1)
    found = times(events)
    assert len(pairs(x.time_s[outside], found)) >= 0.9 * outside.sum()
    assert not ((found > 8.05) & (found < 8.95)).any()


def test_an_offset_and_a_slow_drift() -> None:
    x = signal()
    n = x.samples.shape[1]
    drift = 4000.0 + 800.0 * np.sin(np.linspace(0, 3, n)).astype(np.float32)
    events = found_in(x, x.samples + drift).events
    partners(plain().events, events)
