"""What is looked at can be filtered; what is found and saved cannot."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal
from tests.app.viewer.conftest import WAIT_S, Opened

from whytwitch.app.shell import Problem
from whytwitch.app.viewer._filters import PAD, Band, Filtered, bands, sections
from whytwitch.app.viewer._pictures import Pictures
from whytwitch.app.viewer._pyramid import FACTOR, Pyramid, build, edges
from whytwitch.recording import ArraySignal, Channel, Recording

RATE_HZ = 2000.0
N = 61_003
BANDS = (Band("10", 10.0), Band("20", 20.0, 500.0), Band("20-mains", 20.0, 500.0, 50.0))


def made(seed: int = 1, kind: str = "emg") -> tuple[np.ndarray, Recording]:
    """Noise of all colors with a drift and mains."""
    random = np.random.default_rng(seed)
    t = np.arange(N) / RATE_HZ
    samples = random.normal(0.0, 20.0, (3, N)) + 0.5 * random.normal(0.0, 5.0, (3, N)).cumsum(axis=1)
    samples = (samples + 200.0 + 30.0 * np.sin(2 * np.pi * 50.0 * t)).astype(np.float32)
    channels = (Channel("a"), Channel("b"), Channel("c", kind=kind))  # pyright: ignore[reportArgumentType]
    return samples, Recording("made", "made", RATE_HZ, N, channels, ArraySignal(samples))


def filtered(recording: Recording, band: Band) -> Recording:
    return replace(recording, signal=Filtered(recording, band))


def whole(samples: np.ndarray, band: Band) -> np.ndarray:
    """All of it filtered at once."""
    return signal.sosfiltfilt(sections(band, RATE_HZ), samples.astype(float), axis=1, padlen=PAD)


def loss_db(band: Band, hz: float) -> float:
    """Forwards and back."""
    z = np.exp(-2j * np.pi * hz / RATE_HZ) ** np.arange(3)
    once = np.prod([(part[:3] @ z) / (part[3:] @ z) for part in sections(band, RATE_HZ)])
    return -2.0 * 20.0 * float(np.log10(abs(once)))


@pytest.mark.parametrize("band", BANDS)
def test_filters_cut_where_they_say(band: Band) -> None:
    assert loss_db(band, band.low_hz) == pytest.approx(3.01, abs=0.1)
    assert loss_db(band, band.low_hz / 10.0) > 60.0
    assert loss_db(band, 150.0) < 0.5
    if band.high_hz:
        assert loss_db(band, band.high_hz) == pytest.approx(3.01, abs=0.1)
    if band.mains_hz:
        assert loss_db(band, band.mains_hz + 0.02) > 60.0
        assert loss_db(band, band.mains_hz + 5.0) < 1.0


@settings(max_examples=25)
@given(band=st.sampled_from(BANDS), first=st.integers(0, N - 1), length=st.integers(0, 9000))
def test_a_piece_is_the_piece_of_the_whole(band: Band, first: int, length: int) -> None:
    samples, recording = made()
    last = min(N, first + length)
    piece = filtered(recording, band).read(first, last)
    expected = whole(samples, band)
    # A hundredth of a microvolt, of a signal of some hundred.
    np.testing.assert_allclose(piece, expected[:, first:last], atol=0.01, rtol=0)


@pytest.mark.parametrize("band", BANDS)
def test_every_view_is_what_brute_force_makes_of_the_filtered_signal(band: Band, tmp_path: Path) -> None:
    samples, recording = made()
    expected = whole(samples, band)
    pyramid = build(filtered(recording, band), tmp_path, lambda _: None)
    for start_s, stop_s, columns in ((0.0, 30.0, 512), (3.3, 9.7, 100), (12.0, 13.0, 512), (20.0, 20.2, 999)):
        view = pyramid.view(start_s, stop_s, columns, np.arange(3))
        if view.values.shape[1] == 1:
            first = round(view.first_s * RATE_HZ)
            np.testing.assert_allclose(
                view.values[:, 0], expected[:, first : first + view.values.shape[2]], atol=0.02
            )
            continue
        level, cuts = edges(start_s * RATE_HZ, stop_s * RATE_HZ, columns)
        for i in range(columns):
            part = expected[:, int(cuts[i]) * FACTOR**level : int(cuts[i + 1]) * FACTOR**level]
            np.testing.assert_allclose(view.values[:, 0, i], part.min(axis=1), atol=0.02)
            np.testing.assert_allclose(view.values[:, 1, i], part.max(axis=1), atol=0.02)


def test_nothing_moves_in_time() -> None:
    samples = np.zeros((1, N), np.float32)
    samples[0, 30_000] = 1000.0
    recording = Recording("made", "made", RATE_HZ, N, (Channel("a"),), ArraySignal(samples))
    for band in BANDS:
        seen = filtered(recording, band).read()[0]
        assert int(seen.argmax()) == 30_000
        np.testing.assert_allclose(seen[29_000:30_000], seen[31_000:30_000:-1], atol=1e-3)


def test_gaps_stay_gaps_and_ring_nowhere() -> None:
    samples, _ = made()
    samples[0, 20_000:23_000] = np.nan
    samples[1] = np.nan
    recording = Recording("gaps", "made", RATE_HZ, N, made()[1].channels, ArraySignal(samples))
    seen = filtered(recording, BANDS[1]).read()
    assert np.isnan(seen[0, 20_000:23_000]).all()
    assert np.isnan(seen[1]).all()
    known = np.delete(seen[0], np.s_[20_000:23_000])
    assert np.isfinite(known).all()
    assert np.abs(known).max() < 200.0, "of noise of 20 and a step of some hundred beside the gap"


def test_only_the_emg_is_filtered() -> None:
    samples, recording = made(kind="accelerometer")
    seen = filtered(recording, BANDS[1]).read(100, 200, np.array([2, 0]))
    np.testing.assert_array_equal(seen[0], samples[2, 100:200])
    assert abs(float(seen[1].mean())) < 100.0 < float(samples[0, 100:200].mean())


@pytest.mark.parametrize(
    ("rate_hz", "mains_hz", "words"),
    [
        (2000.0, 50.0, ["over 10 Hz", "20 to 500 Hz", "20 to 500 Hz, no mains (50 Hz)"]),
        (2000.0, None, ["over 10 Hz", "20 to 500 Hz"]),
        (1000.0, 60.0, ["over 10 Hz", "over 20 Hz", "over 20 Hz, no mains (60 Hz)"]),
        (100.0, 50.0, ["over 10 Hz", "over 20 Hz"]),
        (50.0, None, ["over 10 Hz"]),
        (10.0, None, []),
    ],
)
def test_filters_that_make_sense(rate_hz: float, mains_hz: float | None, words: list[str]) -> None:
    _, recording = made()
    there = bands(replace(recording, sampling_rate_hz=rate_hz, power_line_hz=mains_hz), None)
    assert [band.words for band in there] == words
    for band in there:
        seen = replace(recording, sampling_rate_hz=rate_hz)
        assert np.isfinite(filtered(seen, band).read(0, 5)).all()


def test_a_short_recording_can_be_filtered() -> None:
    for n in (1, 2, 50):
        samples = np.ones((1, n), np.float32)
        recording = Recording("short", "made", RATE_HZ, n, (Channel("a"),), ArraySignal(samples))
        assert np.isfinite(filtered(recording, BANDS[2]).read()).all()


def test_close_views_are_there_at_once_and_wide_ones_once_their_levels_are(tmp_path: Path) -> None:
    samples, recording = made()
    pictures = Pictures(replace(recording, power_line_hz=50.0), tmp_path)
    shown = pictures.named("20-mains", None)
    close = Pyramid(shown.pyramid.recording, ()).view(1.0, 1.1, 500, np.array([1]))
    first = round(close.first_s * RATE_HZ)
    expected = whole(samples, BANDS[2])[1, first : first + close.values.shape[2]]
    np.testing.assert_allclose(close.values[0, 0], expected, atol=0.01)
    until = time.monotonic() + WAIT_S
    while not shown.pyramid.levels and time.monotonic() < until:
        time.sleep(0.01)
    assert shown.pyramid.view(0.0, 30.0, 64, np.array([1])).values.shape == (1, 2, 64)
    assert pictures.named("20-mains", None) is shown
    with pytest.raises(Problem, match="20"):
        pictures.named("30", None)


def test_the_page_filters_the_picture_alone(opened: Opened) -> None:
    """Also: a wide view is promised first, then there."""
    events = opened.page.get(f"{opened.address}/data").json()["events"]
    before = tables(opened)
    keys = [band["key"] for band in opened.page.get(f"{opened.address}/data").json()["bands"]]
    assert keys[:2] == ["10", "20"]
    asked = {"start_s": 0.0, "stop_s": 24.0, "columns": 200, "channels": "0-5"}
    raw = opened.page.get(f"{opened.address}/traces", params=asked).content
    until = time.monotonic() + WAIT_S
    while True:
        answer = opened.page.get(f"{opened.address}/traces", params={**asked, "band": "20"})
        if answer.status_code == 200 or time.monotonic() > until:
            break
        assert answer.status_code == 202
        assert 0.0 <= answer.json()["done"] <= 1.0
    assert len(answer.content) == len(raw)
    assert answer.content != raw
    assert opened.page.get(f"{opened.address}/traces", params=asked).content == raw
    assert opened.page.get(f"{opened.address}/data").json()["events"] == events
    assert tables(opened) == before
    wrong = opened.page.get(f"{opened.address}/traces", params={**asked, "band": "<b>"})
    assert wrong.status_code == 422


def tables(opened: Opened) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(opened.page.get(f"{opened.address}/events.zip").content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}
