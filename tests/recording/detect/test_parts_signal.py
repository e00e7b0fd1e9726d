"""The small parts before sorting: power line, faults, height above the noise, store, workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.recording.detect.helpers import recording_of, times
from tests.recording.synthetic import synthetic

from whytwitch.recording import Channel, RecordingError, detect
from whytwitch.recording._candidates import height, peaks, reference_of
from whytwitch.recording._faults import AROUND_S, find_faults, find_rails, mend, widen
from whytwitch.recording._kinds import hysteresis
from whytwitch.recording._mains import find_mains, remove_mains
from whytwitch.recording._store import Store
from whytwitch.recording._workspace import key_of, workspace

FS = 2000.0


def line(hz: float, seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * FS)) / FS
    waves = [a * np.sin(2 * np.pi * hz * h * t + h) for h, a in ((1, 80.0), (2, 10.0), (3, 25.0), (5, 12.0))]
    return np.sum(waves, axis=0)[None].repeat(2, axis=0).astype(np.float32)


@pytest.mark.parametrize("hz", [49.97, 60.02])
def test_the_power_line_is_taken_out(hz: float) -> None:
    noise = np.random.default_rng(0).standard_normal((2, round(6 * FS))).astype(np.float32)
    wave = line(hz, 6.0)
    mains = find_mains([(wave + noise)[:, k : k + 4000] for k in (0, 4000, 8000)], FS)
    assert mains is not None
    assert mains.frequency_hz == pytest.approx(hz, abs=0.05)
    assert {1, 2, 3, 5} <= set(mains.harmonics)
    left = remove_mains(wave + noise, FS, mains) - noise
    inside = left[:, round(0.2 * FS) : -round(0.2 * FS)]
    assert 20 * np.log10(wave.std() / inside.std()) >= 30.0


def test_a_potential_survives_it() -> None:
    wave = line(50.0, 4.0)
    t = np.arange(round(4 * FS)) / FS
    potential = 200.0 * (1 - 2 * ((t - 2.0) / 0.003) ** 2) * np.exp(-(((t - 2.0) / 0.003) ** 2))
    mains = find_mains([wave[:, :4000], wave[:, 4000:]], FS)
    assert mains is not None
    # What matters is what the subtraction does to a potential, so it is looked at without the line.
    left = remove_mains((wave + potential).astype(np.float32), FS, mains) - remove_mains(wave, FS, mains)
    around = slice(round(1.98 * FS), round(2.02 * FS))
    assert np.ptp(left[0, around]) == pytest.approx(np.ptp(potential), rel=0.02)


def test_without_a_line_none_is_found() -> None:
    noise = np.random.default_rng(1).standard_normal((4, round(4 * FS))).astype(np.float32)
    assert find_mains([noise], FS) is None
    assert find_mains([noise[:, :100]], FS) is None


def faulty() -> tuple[np.ndarray, tuple[Channel, ...]]:
    x = 20 * np.random.default_rng(2).standard_normal((3, 4000)).astype(np.float32)
    x[0, 1000:1040] = 500.0
    x[1, 2000:2100] = x[1, 2000]
    x[2, 3000:3050] = np.nan
    return x, (Channel("a", low=-500.0, high=500.0), Channel("b"), Channel("c"))


def test_faults_are_found_where_they_are() -> None:
    x, channels = faulty()
    saturated, dropped = find_faults(x, find_rails([x], channels, FS))
    assert saturated[0, 1000:1040].all()
    assert saturated.sum() == 40
    assert dropped[1, 2000:2100].all()
    assert dropped[2, 3000:3050].all()
    assert dropped.sum() == 150


def test_a_coarse_recorder_at_rest_is_no_fault() -> None:
    x = np.round(np.random.default_rng(3).standard_normal((1, 20000)) / 1.5).astype(np.float32)
    assert (x[:, 1:] == x[:, :-1]).mean() > 0.3
    saturated, dropped = find_faults(x, find_rails([x], (Channel("a"),), FS))
    assert (saturated | dropped).mean() < 1e-3


def test_an_unknown_limit_is_learned_from_plateaus() -> None:
    x = 100 * np.random.default_rng(4).standard_normal((1, 8000)).astype(np.float32).cumsum(axis=1) / 30
    limit = np.float32(0.5 * x.max())
    clipped = np.minimum(x, limit)
    rails = find_rails([clipped], (Channel("a"),), FS)
    assert rails.high[0] == limit
    assert np.isinf(rails.low[0])


def test_bad_samples_are_bridged_and_widened() -> None:
    x = np.arange(100, dtype=np.float32)[None].copy()
    bad = np.zeros((1, 100), bool)
    bad[0, 40:50] = True
    x[0, 40:50] = np.nan
    assert mend(x, bad)[0] == pytest.approx(np.arange(100))
    wide = widen(bad, 500.0)
    reach = round(AROUND_S * 500.0)
    assert np.flatnonzero(wide[0]).tolist() == list(range(40 - reach, 50 + reach))
    none = np.zeros((1, 10), bool)
    assert widen(none, 500.0) is none


def test_hysteresis() -> None:
    level = np.array([0.0, 0.4, 0.9, 0.4, 0.0, 0.4, 0.4, 0.0, 0.9])
    assert hysteresis(level, 0.8, 0.3).tolist() == [False, True, True, True, False, False, False, False, True]
    assert not hysteresis(np.zeros(5), 0.8, 0.3).any()


def white(seconds: float, seed: int, n: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, round(seconds * FS))).astype(np.float32)


def test_height_of_noise_is_that_of_a_gaussian() -> None:
    reference = reference_of([white(2.0, k) for k in range(8)], FS, 0.012)
    high = height(white(20.0, 99), FS, 0.012, reference)
    assert abs(np.median(high)) < 0.3
    assert 0.7 < np.quantile(high, 0.84) < 1.3


@pytest.mark.parametrize("step", [1.5, 3.0])
def test_louder_noise_is_followed(step: float) -> None:
    """A second after the noise has stepped up, it stands out no more than before."""
    reference = reference_of([white(2.0, k) for k in range(8)], FS, 0.012)
    x = white(20.0, 100)
    x[:, round(10 * FS) :] *= np.float32(step)
    high = height(x, FS, 0.012, reference)
    late = high[round(12 * FS) :]
    assert np.median(late) < 0.5
    assert len(peaks(late, 5.0, 30)) <= 2


def test_a_potential_stands_out_of_it() -> None:
    reference = reference_of([white(2.0, k) for k in range(8)], FS, 0.012)
    x = white(8.0, 101)
    x[:, 8000:8020] += 6.0
    high = height(x, FS, 0.012, reference)
    assert abs(int(high.argmax()) - 8010) < 12
    assert high.max() > 10.0


def test_peaks_are_the_highest_of_their_surroundings() -> None:
    level = np.zeros(100, np.float32)
    level[[10, 14, 50, 51, 90]] = [3.0, 5.0, 4.0, 4.0, 1.0]
    assert peaks(level, 2.0, 6).tolist() == [14, 50]
    assert peaks(np.zeros(10, np.float32), 1.0, 3).tolist() == []


def test_store_returns_what_it_was_given(tmp_path: Path) -> None:
    x = np.random.default_rng(5).standard_normal((3, 1000)).astype(np.float32)
    store = Store(tmp_path / "c", 3, 1000)
    for first in range(0, 1000, 300):
        store.write(first, x[:, first : first + 300])
    assert store.read(0, 1000) == pytest.approx(x, abs=2e-3)
    assert store.read(-5, 5)[:, :5].tolist() == np.zeros((3, 5)).tolist()
    assert store.read(995, 1005)[:, 5:].tolist() == np.zeros((3, 5)).tolist()
    assert store.windows(np.array([0, 500, 999]), 10, 20).shape == (3, 3, 30)
    store.write(0, np.full((3, 1), 1e9, np.float32))
    assert np.isfinite(store.read(0, 1)).all()
    store.close()


class StoppedError(Exception):
    pass


def test_an_interrupted_detection_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch.recording._detect.SAVE_EVERY", 1)
    monkeypatch.setattr("whytwitch.recording._blocks.BLOCK_S", 4.0)
    x = synthetic(31, channels=1, fs=1000.0, seconds=32.0, ptp_uv=(300.0, 150.0))
    whole = detect(recording_of(x))

    seen: list[float] = []

    def stop(stage: str, share: float) -> None:
        if stage == "scan":
            seen.append(share)
            if share > 0.6:
                raise StoppedError

    recording = replace(recording_of(x), sha256="0" * 64)
    with pytest.raises(StoppedError):
        detect(recording, work=tmp_path, progress=stop)
    assert list(tmp_path.rglob("scanned-*.npz"))
    rest: list[float] = []
    again = detect(
        recording,
        work=tmp_path,
        progress=lambda stage, share: rest.append(share) if stage == "scan" else None,
    )
    assert min(rest) > 0.5
    assert np.array_equal(times(again.events), times(whole.events))
    assert not list(tmp_path.rglob("scanned-*.npz"))


def test_no_room_says_where(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="make room"), workspace(tmp_path, "key", 1 << 60):
        pass
    assert key_of("a", 1) != key_of("a", 2)
