"""The stream says what the file would, soon, with bounded memory, whatever comes in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.recording.detect.helpers import channels_of, pairs, shares
from tests.recording.synthetic import Synthetic, synthetic

from whytwitch.recording import UNSORTED, Channel, LiveDetector, LiveEvent, RecordingError


def streamed(
    detector: LiveDetector, samples: np.ndarray, push: int
) -> tuple[dict[int, LiveEvent], dict[int, tuple[LiveEvent, int]]]:
    """Events as they stand at the end, and as they were first said and after how many samples."""
    last: dict[int, LiveEvent] = {}
    first: dict[int, tuple[LiveEvent, int]] = {}
    for begin in range(0, samples.shape[1], push):
        for event in detector.push(samples[:, begin : begin + push]):
            first.setdefault(event.number, (event, min(begin + push, samples.shape[1])))
            last[event.number] = event
    for event in detector.finish():
        first.setdefault(event.number, (event, samples.shape[1]))
        last[event.number] = event
    return last, first


def onsets(events: dict[int, LiveEvent], kind: str = "fasciculation") -> np.ndarray:
    return np.sort([e.onset_s for e in events.values() if e.kind == kind and e.confidence > 0.0])


@cache
def signal() -> Synthetic:
    return synthetic(41, channels=8, fs=1000.0, seconds=36.0, ptp_uv=(300.0, 150.0), per_min=40.0)


@cache
def run() -> tuple[LiveDetector, dict[int, LiveEvent], dict[int, tuple[LiveEvent, int]]]:
    detector = LiveDetector(channels_of(signal()), 1000.0, electrode="surface")
    return detector, *streamed(detector, signal().samples, 100)


def test_it_finds_what_is_there() -> None:
    detector, last, _ = run()
    sensitivity, precision = shares(signal().time_s, onsets(last))
    assert sensitivity >= 0.9
    assert precision >= 0.95
    assert detector.clean_s >= 33.0
    rate = detector.rate_per_min
    assert rate.value == pytest.approx(80.0, rel=0.1)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < 80.0 < rate.high
    assert rate.n == pytest.approx(len(last), abs=3)


def test_units_keep_their_numbers() -> None:
    _, last, _ = run()
    rows = sorted(last.values(), key=lambda e: e.onset_s)
    partners = pairs(signal().time_s, np.array([e.onset_s for e in rows]))
    true = np.array([signal().unit[i] for i, _ in partners])
    said = np.array([rows[j].unit for _, j in partners])
    for unit in (1, 2):
        counts = np.bincount(said[true == unit])
        assert counts.max() >= 0.9 * (true == unit).sum()
        assert counts.argmax() != UNSORTED


def test_it_says_so_soon() -> None:
    detector, _, first = run()
    settled = [(e, heard / 1000.0) for e, heard in first.values() if e.onset_s > 10.5]
    assert settled
    assert detector.latency_s <= 0.5
    # A push of a tenth of a second adds up to as much.
    assert max(heard - e.onset_s for e, heard in settled) <= detector.latency_s + 0.1 + 1e-6


def test_before_it_has_settled_it_says_nothing() -> None:
    detector = LiveDetector(channels_of(signal()), 1000.0, settle_s=8.0)
    assert not detector.push(signal().samples[:, :7900])
    assert not detector.is_ready
    assert detector.rate_per_min.value is None
    assert detector.problems
    told = detector.push(signal().samples[:, 7900:8000])
    assert detector.is_ready
    assert min(e.onset_s for e in told) < 4.0


@pytest.mark.parametrize("push", [37, 5000])
def test_the_size_of_pushes_changes_nothing(push: int) -> None:
    detector = LiveDetector(channels_of(signal()), 1000.0, electrode="surface")
    # Whatever the pushes, the first stretch must be the same.
    told = {e.number: e for e in detector.push(signal().samples[:, :10000])}
    last, _ = streamed(detector, signal().samples[:, 10000:], push)
    assert told | last == run()[1]


def test_amplitudes_are_in_microvolts() -> None:
    _, last, _ = run()
    big = [e.amplitude for e in last.values() if e.amplitude > 220.0]
    assert np.median(big) == pytest.approx(300.0, rel=0.1)


def test_a_contraction_is_voluntary() -> None:
    x = synthetic(43, channels=8, fs=1000.0, seconds=36.0, ptp_uv=(300.0, 150.0), voluntary_s=(18.0, 23.0))
    last, _ = streamed(LiveDetector(channels_of(x), 1000.0, electrode="surface"), x.samples, 100)
    found = onsets(last)
    assert ((found > 18.0) & (found < 23.0)).sum() <= 2
    sensitivity, precision = shares(x.time_s[x.kind == "fasciculation"], found)
    assert sensitivity >= 0.85
    assert precision >= 0.85


def test_noise_and_heart_are_nothing() -> None:
    x = synthetic(43, channels=4, fs=1000.0, seconds=40.0, ptp_uv=(), heart_uv=120.0, mains_uv=20.0)
    detector = LiveDetector(channels_of(x), 1000.0, electrode="surface")
    last, _ = streamed(detector, x.samples, 100)
    assert len(onsets(last)) <= 1
    assert any("heart" in problem.what for problem in detector.problems)
    assert (detector.rate_per_min.value or 0.0) <= 2.0


def test_lost_samples_and_a_dead_channel() -> None:
    samples = signal().samples.copy()
    samples[3] = 0.0
    samples[:, 20000:21500] = np.nan
    samples[5, 25000:] = np.nan
    detector = LiveDetector(channels_of(signal()), 1000.0, electrode="surface")
    last, _ = streamed(detector, samples, 100)
    true, found = (t[(t < 19.9) | (t > 21.6)] for t in (signal().time_s, onsets(last)))
    sensitivity, precision = shares(true, found)
    assert sensitivity >= 0.85
    assert precision >= 0.9
    assert any("C4" in problem.what for problem in detector.problems)


def test_nothing_connected_then_something() -> None:
    detector = LiveDetector(channels_of(signal()), 1000.0, settle_s=4.0, electrode="surface")
    assert not detector.push(np.zeros((8, 9000), np.float32))
    assert not detector.is_ready
    assert "signal" in detector.problems[0].what
    last, _ = streamed(detector, signal().samples[:, :20000], 100)
    # Half: the survey settles first, and each unit must fire twice before it is known.
    sensitivity, _ = shares(signal().time_s[signal().time_s < 19.0] + 9.0, onsets(last))
    assert sensitivity >= 0.5


@pytest.mark.parametrize(("channels", "rate"), [(1, 200.0), (1, 25000.0), (64, 500.0), (256, 250.0)])
def test_any_rate_and_number_of_channels(channels: int, rate: float) -> None:
    x = synthetic(44, channels=channels, fs=rate, seconds=6.0, ptp_uv=(400.0,), per_min=60.0)
    detector = LiveDetector(channels_of(x), rate, electrode="surface", settle_s=4.0)
    last, _ = streamed(detector, x.samples, round(0.1 * rate))
    assert detector.is_ready
    assert all(np.isfinite(e.amplitude) and e.onset_s <= 6.0 for e in last.values())


def test_other_channels_are_left_alone() -> None:
    channels = (Channel("trigger", kind="trigger"), *channels_of(signal()))
    samples = np.concatenate((np.zeros((1, 16000), np.float32), signal().samples[:, :16000]))
    last, _ = streamed(LiveDetector(channels, 1000.0, electrode="surface"), samples, 200)
    assert len(last) > 10
    assert {e.channel for e in last.values()} <= set(range(1, 9))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(RecordingError, match="EMG"):
        LiveDetector((Channel("x", kind="ecg"),), 1000.0)
    with pytest.raises(RecordingError, match="200"):
        LiveDetector((Channel("x"),), 100.0)
    with pytest.raises(RecordingError, match="settle_s"):
        LiveDetector((Channel("x"),), 1000.0, settle_s=0.1)
    detector = LiveDetector((Channel("x"),), 1000.0)
    with pytest.raises(RecordingError, match="a row a channel"):
        detector.push(np.zeros((2, 10), np.float32))
    assert detector.finish() == []
    assert detector.finish() == []
    with pytest.raises(RecordingError, match="finished"):
        detector.push(np.zeros((1, 10), np.float32))
