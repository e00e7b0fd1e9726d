"""Every view is what brute force makes of the raw samples."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch.app.viewer._pyramid import (
    FACTOR,
    LEAST_BINS,
    Pyramid,
    ViewError,
    build,
    edges,
)
from whytwitch.recording import ArraySignal, Channel, Recording

RATE = 500.0


def recording(samples: np.ndarray) -> Recording:
    channels = tuple(Channel(f"c{i}") for i in range(len(samples)))
    return Recording("made", "made", RATE, samples.shape[1], channels, ArraySignal(samples))


def signal(n_channels: int, n: int, seed: int, gap: tuple[int, int] | None = None) -> np.ndarray:
    random = np.random.default_rng(seed)
    made = random.standard_normal((n_channels, n)).astype(np.float32).cumsum(axis=1)
    if gap:
        made[:, gap[0] : gap[1]] = np.nan
    return made


@pytest.fixture(scope="module")
def pyramids(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[np.ndarray, Pyramid]]:
    """Lengths that are no power of four, one shorter than a block and one longer, one with a gap."""
    made = []
    for seed, (channels, n, gap) in enumerate(
        [(3, 50_003, None), (64, 200_001, None), (2, 9_999, (800, 3_000))]
    ):
        samples = signal(channels, n, seed, gap)
        made.append((samples, build(recording(samples), tmp_path_factory.mktemp("levels"), lambda _: None)))
    return made


def brute_force(samples: np.ndarray, start_s: float, stop_s: float, columns: int) -> np.ndarray:
    """Least and largest between the edges that are promised, one column at a time."""
    level, cuts = edges(start_s * RATE, stop_s * RATE, columns)
    out = np.full((len(samples), 2, columns), np.nan, np.float32)
    for i in range(columns):
        part = samples[:, int(cuts[i]) * FACTOR**level : int(cuts[i + 1]) * FACTOR**level]
        for row in range(len(part)):
            known = part[row][np.isfinite(part[row])]
            if len(known):
                out[row, :, i] = known.min(), known.max()
    return out


@settings(max_examples=120)
@given(data=st.data())
def test_every_view_equals_brute_force(
    pyramids: list[tuple[np.ndarray, Pyramid]], data: st.DataObject
) -> None:
    samples, pyramid = data.draw(st.sampled_from(pyramids))
    whole = samples.shape[1] / RATE
    start_s = data.draw(st.floats(0.0, whole * 0.999))
    columns = data.draw(st.integers(1, 300))
    # From a little more than a sample a column to far beyond the end.
    wide = data.draw(
        st.floats(np.log(1.001 * columns / RATE), np.log(max(2.0 * whole, 2.1 * columns / RATE)))
    )
    stop_s = start_s + float(np.exp(wide))
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(samples) - 1), min_size=1, max_size=3))))
    view = pyramid.view(start_s, stop_s, columns, chosen)
    assert view.values.shape == (len(chosen), 2, columns)
    np.testing.assert_array_equal(view.values, brute_force(samples[chosen], start_s, stop_s, columns))


@given(start=st.floats(0, 1e6), columns=st.integers(1, 2000), each=st.floats(1.0001, 1e5))
def test_edges_are_near_those_of_equal_columns(start: float, columns: int, each: float) -> None:
    """They rise, and are off by an eighth of a column at most (by half a sample where a column has few)."""
    level, cuts = edges(start, start + columns * each, columns)
    step = FACTOR**level
    assert (np.diff(cuts) > 0).all()
    exact = np.linspace(start, start + columns * each, columns + 1)
    assert np.abs(cuts * step - exact).max() <= max(0.5, each / (2 * LEAST_BINS)) * (1 + 1e-6) + 1e-6


def test_few_samples_are_given_as_they_are(pyramids: list[tuple[np.ndarray, Pyramid]]) -> None:
    samples, pyramid = pyramids[0]
    view = pyramid.view(2.0009, 2.5, 1000, np.array([1]))
    first = round(view.first_s * RATE)
    assert first == 1000, "one more before, so that the line leaves the picture"
    np.testing.assert_array_equal(view.values[0, 0], samples[1, 1000:1251])
    assert view.step_s == 1 / RATE


def test_packed_numbers_can_be_unpacked(pyramids: list[tuple[np.ndarray, Pyramid]]) -> None:
    _, pyramid = pyramids[0]
    view = pyramid.view(1.0, 9.0, 100, np.array([0, 2]))
    packed = view.packed()
    magic, rows, channels, columns, first_s, step_s = struct.unpack("<4sIIIdd", packed[:32])
    assert (magic, rows, channels, columns, first_s, step_s) == (b"WTv1", 2, 2, 100, 1.0, 0.08)
    np.testing.assert_array_equal(np.frombuffer(packed[32:], "<f4").reshape(2, 2, 100), view.values)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 15, 16, 17, 255])
def test_tiny_recordings_have_levels_too(n: int) -> None:
    samples = signal(1, n, n)
    with tempfile.TemporaryDirectory() as folder:
        told: list[float] = []
        pyramid = build(recording(samples), Path(folder), told.append)
        assert told[-1] == 1.0
        view = pyramid.view(0.0, 8.0 * n / RATE, 1, np.array([0]))
        values = view.values[0, :, 0]
        assert values.min() == samples.min()
        assert values.max() == samples.max()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"start_s": -0.1}, "start_s"), ({"start_s": 1e9}, "start_s"), ({"stop_s": 1.0}, "stop_s"),
        ({"stop_s": 1e9}, "stop_s"), ({"columns": 0}, "columns"), ({"columns": 10**6}, "columns"),
        ({"channels": np.array([3])}, "channels"), ({"channels": np.array([], int)}, "channels"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_named(
    pyramids: list[tuple[np.ndarray, Pyramid]], change: dict, named: str
) -> None:
    asked = {"start_s": 1.0, "stop_s": 5.0, "columns": 10, "channels": np.array([0]), **change}
    with pytest.raises(ViewError, match=named):
        pyramids[0][1].view(**asked)
