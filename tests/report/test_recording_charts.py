"""What is drawn is what was measured."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from recording_builders import make_signature, make_twitches

from whytwitch.recording import Estimate
from whytwitch.report._recording_gauge import gauge
from whytwitch.report._recording_overview import overview
from whytwitch.report._recording_png import gray_png
from whytwitch.report._recording_scale import (
    blocks,
    columns,
    gathered,
    nice_ticks,
    thin,
    tick_path,
    time_axis,
)
from whytwitch.report._recording_times import gaps, raster, rates
from whytwitch.report._recording_units import unit_views
from whytwitch.report._recording_view import View, view
from whytwitch.report._recording_words import brief, clock, length, number, reach, share


def shown(**parts: Any) -> View:
    changes = parts.pop("changes", {})
    twitches = make_twitches(**parts)
    return view(twitches, make_signature(twitches, **changes), expert=False)


def decoded(uri: str) -> NDArray[np.uint8]:
    data = base64.b64decode(uri.removeprefix("data:image/png;base64,"), validate=True)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    return np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width + 1)[:, 1:]


def test_a_gray_picture_is_its_values() -> None:
    values = np.random.default_rng(3).uniform(-0.2, 1.2, (7, 33))
    found = decoded(gray_png(values)) / 255
    assert np.abs(found - np.clip(values, 0, 1)).max() <= 0.5 / 23 + 1 / 255


@pytest.mark.parametrize("n", [1, 999, 1000, 1001, 1200, 36_000, 144_001])
def test_columns_gather_alike(n: int) -> None:
    values = np.random.default_rng(4).uniform(size=(2, n))
    step, width = gathered(n)
    most, mean = columns(values), columns(values, np.add)
    assert most.shape == mean.shape == (2, -(-n // step))
    assert most.shape[1] <= 1000
    assert (most.shape[1] - 1) * width < 1000 <= most.shape[1] * width + 1e-6
    assert most[0, 0] == pytest.approx(values[0, :step].max(), rel=1e-6)
    assert mean[1, -1] == pytest.approx(values[1, (most.shape[1] - 1) * step :].mean(), rel=1e-5)


def test_what_is_no_number_is_drawn_as_nothing() -> None:
    assert columns(np.array([[np.nan, np.inf, 1.0]])).tolist() == [[0, 0, 1]]


def test_marks_stand_where_the_potentials_are() -> None:
    at = np.array([0.0, 15.0, 15.001, 59.99])
    assert tick_path(at, 60.0, 10, 2) == "M0 2v10M250 2v10M1000 2v10"


def test_crowded_marks_grow_with_their_number() -> None:
    at = np.concatenate([np.full(2, 15.0), np.full(8, 30.0)])
    assert tick_path(at, 60.0, 8) == "M250 4v4M500 0v8"


def test_blocks_cover_runs() -> None:
    assert blocks(np.array([1, 0, 1, 1], bool), 250.0, 5) == "M0 0H250v5H0zM500 0H1000v5H500z"


def test_peaks_survive_thinning() -> None:
    y = np.zeros(1000)
    y[123], y[777] = 5.0, -7.0
    kept, values = thin(y, 40)
    assert {123, 777} <= set(kept.tolist())
    assert (values.max(), values.min()) == (5.0, -7.0)


@pytest.mark.parametrize(
    ("seconds", "unit", "last"),
    [(0.5, "s", "0.5"), (60, "s", "60"), (1800, "min", "30"), (36_000, "h", "10")],
)
def test_time_axes(seconds: float, unit: str, last: str) -> None:
    axis = time_axis(seconds)
    assert axis.unit == unit
    assert axis.ticks[0].at == 0
    assert axis.ticks[-1].label == last
    assert 2 <= len(axis.ticks) <= 7


def test_round_ticks() -> None:
    assert nice_ticks(-130, 95, 4) == [-100, 0]
    assert nice_ticks(0, 103, 4) == [0, 50, 100]


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0, "0"), (0.0123, "0.012"), (0.42, "0.42"), (3.14, "3.1"), (9.96, "9.96"), (15.26, "15.3"),
     (56.2, "56"), (99.7, "100"), (1280.4, "1,280"), (float("nan"), "–")],
)  # fmt: skip
def test_numbers(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(63.1, 80.04, "63 to 80"), (13.0, 21.3, "13 to 21"), (4.7, 10.3, "4.7 to 10.3"),
     (0.0, 0.787, "0 to 0.79"), (0.1, 0.31, "0.10 to 0.31"), (3.0, 3.0, "3"),
     (0.001, 0.02, "0.001 to 0.02"), (4100, 6600, "4,100 to 6,600")],
)  # fmt: skip
def test_ranges(low: float, high: float, said: str) -> None:
    assert reach(Estimate(value=low, low=low, high=high)) == said
    assert reach(Estimate(value=None, low=low, high=high)) == ""


def test_times_in_words() -> None:
    assert [length(s) for s in (0.5, 1, 45, 119, 120, 750, 7170, 36_000)] == [
        "0.5 seconds", "1 second", "45 seconds", "119 seconds", "2 minutes",
        "12.5 minutes", "2 hours", "10 hours",
    ]  # fmt: skip
    assert [brief(s) for s in (45, 750, 36_000)] == ["45 s", "12.5 min", "10 h"]
    assert [clock(s) for s in (0, 65.9, 3723)] == ["0:00", "1:05", "1:02:03"]
    assert (share(0.354, expert=False), share(0.004, expert=False)) == ("35 of 100", "under 1 of 100")


def test_the_gauge_keeps_order() -> None:
    found = gauge(shown())
    assert found is not None
    assert found.norm is not None
    assert 0 < found.norm < found.low < found.value < found.high <= 100
    assert [label for _, label in found.ticks] == ["0", "1", "3", "10", "30"]
    assert "may be 19 to 28" in found.alt
    assert gauge(shown(n_units=0, voluntary_s=((0.0, 300.0),))) is None


def test_the_overview_counts_everything() -> None:
    page = shown(kinds=("fasciculation", "train"), n_channels=16)
    found = overview(page)
    events = page.twitches.events
    assert {m.kind: m.n for m in found.marks} == {
        k: int((events.kind == k).sum()) for k in ("fasciculation", "train")
    }
    column = found.columns.index("Twitches")
    assert sum(int(row[column]) for row in found.table) == int((events.kind == "fasciculation").sum())
    assert found.purpose == ((200.0, 33.3),)
    assert decoded(found.heat).shape == (16, 600)
    assert not found.traces


def test_few_channels_get_traces() -> None:
    found = overview(shown(n_channels=3))
    assert [trace.label for trace in found.traces] == ["E1", "E2", "E3"]
    assert not found.heat


def test_rates_over_time_are_the_signature_s() -> None:
    page = shown()
    found = rates(page)
    assert found is not None
    given = page.signature.rate_over_time
    assert [row[1] for row in found.table] == [number(part.value) for part in given]
    heights = [part.value for part in found.stretches]
    assert np.argmin(np.array(heights, float)) == np.argmax([part.value or 0 for part in given])
    for part in found.stretches:
        assert part.value is not None
        assert part.low >= part.value >= part.high


def test_the_raster_is_capped_and_complete() -> None:
    page = shown(n_units=40, n_events=400)
    unit = page.twitches.events.unit.copy()
    unit[:5] = 0
    events = replace(page.twitches.events, unit=unit)
    found = raster(replace(page, twitches=replace(page.twitches, events=events)))
    assert found is not None
    assert len(found.lines) == 24 + 2
    assert found.lines[-1].n == 5
    assert sum(line.n for line in found.lines) == 400


def test_the_histogram_is_the_signature_s() -> None:
    page = shown()
    found = gaps(page)
    assert found is not None
    counts = [n for n in page.signature.intervals.histogram if n]
    assert [int(row[1]) for row in found.table] == counts
    assert found.n == sum(counts)
    tallest = max(bar.height for bar in found.bars)
    assert [round(bar.height / tallest * max(counts)) for bar in found.bars] == counts
    assert found.echo is not None
    assert found.alone is not None
    assert found.echo[0] < found.echo[1] < found.alone


def test_grids_are_drawn_as_they_lie() -> None:
    page = shown(n_channels=16)
    across = unit_views(page, None)[0].across
    assert across is not None
    assert across.placed
    assert len(across.cells) == 16
    first, last = across.cells[0], across.cells[-1]
    assert (first.x, last.y) == (0.0, 0.0), "x to the right, y upward"
    assert first.y > last.y
    assert last.x > first.x
    best = [cell for cell in across.cells if cell.best]
    assert [cell.strength for cell in best] == [1.0]
    assert across.strongest.startswith(best[0].label)


def test_channels_without_places_lie_below_each_other() -> None:
    across = unit_views(shown(n_channels=12, placed=False), None)[0].across
    assert across is not None
    assert not across.placed
    assert len(across.cells) == 8
    assert sum(cell.best for cell in across.cells) == 1


def test_one_channel_has_no_map() -> None:
    assert unit_views(shown(n_channels=1), None)[0].across is None


def test_the_mean_is_drawn_between_its_ends() -> None:
    shape = unit_views(shown(), None)[0].shape
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", shape.mean)]
    assert len(heights) == 60
    assert min(heights) >= 0
    assert max(heights) <= 150
    assert any(tick.label == "0" for tick in shape.rise)


@pytest.mark.parametrize(
    ("verdict", "n_events", "drawn"),
    [("within", 8, True), ("within", 400, False), ("above", 400, True), ("above", 8, False),
     ("uncertain", 70, True), ("unknown", 8, False)],
)  # fmt: skip
def test_no_line_contradicts_the_verdict(verdict: str, n_events: int, drawn: bool) -> None:
    """The verdict may rest on large potentials only; the picture counts all of them."""
    norm = {"muscle": "x", "healthy": "few", "highest_per_min": 14.0, "verdict": verdict, "source": "s"}
    page = shown(n_events=n_events, changes={"norm": norm})
    scale, over_time = gauge(page), rates(page)
    assert scale is not None
    assert over_time is not None
    assert (scale.norm is not None) == drawn
    assert ("14 a minute" in page.norm[0]) == drawn
    assert drawn or over_time.norm is None
