"""Tables in plain characters: separators, decimals, headings, units, times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from whytwitch import RecordingError, read


def rows(n: int = 50) -> list[tuple[float, float]]:
    return [((i * 37 % 101) / 8, -(i * 11 % 53) / 4) for i in range(n)]


def table(separator: str, comma: bool, heading: str = "") -> str:
    lines = [separator.join(f"{v:.3f}".replace(".", "," if comma else ".") for v in row) for row in rows()]
    return "\n".join(([heading] if heading else []) + lines) + "\n"


@pytest.mark.parametrize(
    ("separator", "comma"),
    [(",", False), (";", False), (";", True), ("\t", False), ("\t", True), (" ", False), ("  ", True)],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_spelling_of_a_table(
    separator: str, comma: bool, encoding: str, newline: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(table(separator, comma).replace("\n", newline).encode(encoding))
    found = read(tmp_path / "a.txt", sampling_rate_hz=1000)
    np.testing.assert_allclose(found.read().T, rows())


@pytest.mark.parametrize(
    ("heading", "names", "factor"),
    [
        ("EMG 1 (mV),EMG 2 (mV)", ["EMG 1", "EMG 2"], 1000.0),
        ('"Biceps [uV]","Triceps [µV]"', ["Biceps", "Triceps"], 1.0),
        ("L Biceps: EMG 1 [V],R: EMG 2 [V]", ["L Biceps: EMG 1", "R: EMG 2"], 1e6),
        ("emg_mV,emg2_mV", ["emg", "emg2"], 1000.0),
        ("# one (nV), two (nV)", ["one", "two"], 1e-3),
    ],
)
def test_headings_give_names_and_units(heading: str, names: list[str], factor: float, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(",", False, heading), encoding="utf-8")
    found = read(tmp_path / "a.csv", sampling_rate_hz=1000)
    assert [channel.name for channel in found.channels] == names
    assert all(channel.calibrated for channel in found.channels)
    np.testing.assert_allclose(found.read().T, np.array(rows()) * factor, rtol=1e-6)


@pytest.mark.parametrize(
    ("heading", "step", "rate"),
    [
        ("time (s),emg", 0.0005, 2000.0),
        ("Time [ms];emg".replace(";", ","), 0.25, 4000.0),
        ("t,emg", 1 / 2048, 2048.0),
        ("X [s],emg", 27 / 52000, 52000 / 27),
        ("", 0.001, 1000.0),
    ],
)
def test_times_give_the_rate(heading: str, step: float, rate: float, tmp_path: Path) -> None:
    lines = [f"{i * step:.7f},{i % 7}" for i in range(2000)]
    (tmp_path / "a.csv").write_text("\n".join(([heading] if heading else []) + lines))
    found = read(tmp_path / "a.csv")
    assert found.sampling_rate_hz == pytest.approx(rate, rel=1e-4)
    assert len(found.channels) == 1
    assert not [problem for problem in found.problems if "regular" in problem.what]


def test_times_with_a_gap_are_told(tmp_path: Path) -> None:
    times = [i / 1000 + (5 if i > 500 else 0) for i in range(1000)]
    (tmp_path / "a.csv").write_text("time,emg\n" + "\n".join(f"{t:.4f},{i % 5}" for i, t in enumerate(times)))
    found = read(tmp_path / "a.csv")
    assert found.sampling_rate_hz == 1000
    assert [problem for problem in found.problems if "regular" in problem.what]


@pytest.mark.parametrize(
    ("line", "rate"),
    [("Sampling rate: 2048 Hz", 2048.0), ("# Sampling Rate (Hz):= 1000.00", 1000.0), ("fs=2 kHz", 2000.0),
     ("Sample Frequency;4000", 4000.0)],
)  # fmt: skip
def test_the_lines_above_may_give_the_rate(line: str, rate: float, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Recorder 7\n{line}\n\n" + "\n".join(f"{i % 9}" for i in range(99)))
    assert read(tmp_path / "a.txt").sampling_rate_hz == rate


def test_counters_and_text_are_no_signals(tmp_path: Path) -> None:
    lines = [f"{i},{i % 5 - 2},label,{i % 3}" for i in range(60)]
    (tmp_path / "a.csv").write_text("sample,emg (uV),what,trigger\n" + "\n".join(lines))
    found = read(tmp_path / "a.csv", sampling_rate_hz=1000)
    assert [(channel.name, channel.kind) for channel in found.channels] == [
        ("emg", "emg"),
        ("trigger", "trigger"),
    ]


def test_empty_cells_and_odd_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,\nNaN,6\n7,8\n9\n10,11\n")
    found = read(tmp_path / "a.csv", sampling_rate_hz=1000)
    np.testing.assert_array_equal(found.read(), [[1, 3, np.nan, 7, 10], [2, np.nan, 6, 8, 11]])
    assert any("left out" in problem.what for problem in found.problems)


def test_numbers_that_are_none_are_told(tmp_path: Path) -> None:
    x = np.ones((2, 5000))
    x[1, :5000] = np.inf
    x[0, 0] = np.nan
    np.save(tmp_path / "a.npy", x)
    found = read(tmp_path / "a.npy", sampling_rate_hz=1000)
    assert [p.where for p in found.problems if "no numbers" in p.what] == ["channel 1, channel 2"]
    assert np.isnan(found.read(0, 10)[1]).all()


def test_what_emgworks_writes(tmp_path: Path) -> None:
    said = "Label: {} Sampling frequency: {} Number of points: 9 start: 0.0 Unit: {} Domain Unit: s"
    lines = [
        said.format("Sensor 1: EMG 1", "1.925926e+003", "V"),
        said.format("Sensor 1: ACC.X 1", "1.481481e+002", "g"),
        "",
        'X[s],"Sensor 1: EMG 1",X[s],"Sensor 1: ACC.X 1"',
    ]
    rate = 52000 / 27
    for i in range(200):
        slow = f"{i * 13 / rate:.7f},1" if i < 16 else ","
        lines.append(f"{i / rate:.7f},{i % 7 * 1e-6:.7f},{slow}")
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = read(tmp_path / "a.csv")
    assert found.sampling_rate_hz == pytest.approx(rate, rel=1e-6)
    assert [(channel.name, channel.calibrated) for channel in found.channels] == [("Sensor 1: EMG 1", True)]
    np.testing.assert_allclose(found.read()[0], np.arange(200) % 7, atol=1e-4)
    assert [p.where for p in found.problems] == ["Sensor 1: ACC.X 1"]


def test_only_times(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,t\n" + "\n".join(f"{i / 1000},{i / 1000}" for i in range(99)))
    with pytest.raises(RecordingError, match="no signal"):
        read(tmp_path / "a.csv")
