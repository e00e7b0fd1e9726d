"""WFDB: ways of packing, several files, segments, checksums; against the wfdb package where it is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.recording.formats.builders import N, noise, packed, wfdb

from whytwitch import RecordingError, read
from whytwitch.recording.formats._stores import Source
from whytwitch.recording.formats._wfdb_packed import room, unpack

DATA = Path(__file__).parents[1] / "data"
FORMATS = {16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 1001])
def test_every_way_of_packing(form: int, n: int, tmp_path: Path) -> None:
    half = 1 << (FORMATS[form] - 1)
    x = np.random.default_rng(n).integers(-half, half, n)
    (tmp_path / "a").write_bytes(packed(x, form))
    source = Source(tmp_path / "a")
    assert room(form, source.size) >= n
    np.testing.assert_array_equal(unpack(source, form, 0, n), x)
    np.testing.assert_array_equal(unpack(source, form, n // 2, n), x[n // 2 :])


@pytest.mark.parametrize("form", [16, 24, 32, 61, 80, 160, 212, 310, 311])
def test_records_of_every_format(form: int, tmp_path: Path) -> None:
    scaled = np.clip(noise() / 5, -100, 100).astype(int)
    (tmp_path / "a.dat").write_bytes(packed(scaled.T.reshape(-1), form))
    lines = [
        f"a 3 2000 {N}",
        *(f"a.dat {form} 1/uV 0 0 0 {scaled[i].sum() % 65536} 0 E{i}" for i in range(3)),
    ]
    (tmp_path / "a.hea").write_text("\n".join(lines))
    found = read(tmp_path / "a")
    np.testing.assert_array_equal(found.read(), scaled)
    assert not found.problems


def test_differences(tmp_path: Path) -> None:
    x = np.cumsum(np.random.default_rng(1).integers(-100, 100, (500, 2)), axis=0)
    steps = np.diff(np.vstack([[7, -3], x]), axis=0)
    keep = np.abs(steps[0]).max() < 128
    x = x if keep else x - x[0] + [7, -3]
    steps = np.diff(np.vstack([[7, -3], x]), axis=0)
    (tmp_path / "a.dat").write_bytes(steps.astype("i1").tobytes())
    (tmp_path / "a.hea").write_text("a 2 1000 500\na.dat 8 1/uV 12 0 7 0 0 A\na.dat 8 1/uV 12 0 -3 0 0 B\n")
    np.testing.assert_array_equal(read(tmp_path / "a.hea").read(), x.T)


def test_signals_in_several_files_and_rates(tmp_path: Path) -> None:
    fast, slow = np.arange(40) % 17, np.arange(10)
    mixed = np.concatenate([np.array([*fast[i * 4 : i * 4 + 4], slow[i]]) for i in range(10)])
    (tmp_path / "a.dat").write_bytes(mixed.astype("<i2").tobytes())
    (tmp_path / "b.dat").write_bytes((fast * 2).astype("<i2").tobytes())
    (tmp_path / "a.hea").write_text(
        "a 3 500 10\na.dat 16x4 1/uV 0 0 0 0 0 EMG\na.dat 16 1/uV 0 0 0 0 0 resp\n"
        "b.dat 16x4 1/uV 0 0 0 0 0 EMG2\n"
    )
    found = read(tmp_path / "a.hea")
    assert found.sampling_rate_hz == 2000
    np.testing.assert_array_equal(found.read(), [fast, fast * 2])
    assert any("another sampling rate" in problem.what for problem in found.problems)


def test_segments_with_gaps_and_a_layout(tmp_path: Path) -> None:
    for name, rows in (("s1", [[1, 2, 3]]), ("s2", [[4, 5], [6, 7]])):
        (tmp_path / f"{name}.dat").write_bytes(np.array(rows).T.astype("<i2").tobytes())
        lines = [f"{name} {len(rows)} 1000 {len(rows[0])}"]
        lines += [f"{name}.dat 16 1/uV 0 0 0 {sum(row)} 0 E{i}" for i, row in enumerate(rows)]
        (tmp_path / f"{name}.hea").write_text("\n".join(lines))
    (tmp_path / "m.hea").write_text("m/4 2 1000 8\nlay 0\ns1 3\n~ 3\ns2 2\n")
    found = read(tmp_path / "m.hea").read()
    nan = np.nan
    np.testing.assert_array_equal(found, [[1, 2, 3, nan, nan, nan, 4, 5], [nan] * 6 + [6, 7]])


def test_segments_within_segments_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.hea").write_text("m/1 1 1000 8\nm 8\n")
    with pytest.raises(RecordingError, match="segments itself"):
        read(tmp_path / "m.hea")


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    made = wfdb(tmp_path)
    raw = bytearray((tmp_path / "a.dat").read_bytes())
    raw[100] ^= 1
    (tmp_path / "a.dat").write_bytes(raw)
    problems = read(made.path).problems
    assert [p.where for p in problems if "checksum" in p.what] == ["EMG 2"]


def test_the_mark_for_no_sample(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(np.array([5, -32768, 7], dtype="<i2").tobytes())
    (tmp_path / "a.hea").write_text("a 1 1000 3\na.dat 16 1/uV 0 0 0 0 0 E\n")
    np.testing.assert_array_equal(read(tmp_path / "a.hea").read(), [[5, np.nan, 7]])


@pytest.mark.parametrize("name", ["../a.dat", "/etc/hostname", "sub/a.dat", "..", "-"])
def test_only_files_beside_the_header_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.hea").write_text(f"a 1 1000 3\n{name} 16 1/uV 0 0 0 0 0 E\n")
    with pytest.raises(RecordingError, match=r"beside|signal line"):
        read(tmp_path / "a.hea")


def test_a_record_without_a_gain_is_not_calibrated(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(np.arange(9).astype("<i2").tobytes())
    (tmp_path / "a.hea").write_text("a 1 1000\na.dat 16\n")
    found = read(tmp_path / "a.hea")
    assert not found.channels[0].calibrated
    assert any("withheld" in problem.what for problem in found.problems)
    assert read(tmp_path / "a.hea", gain=0.5).read()[0, 8] == 4


def test_discharges_of_emglab(tmp_path: Path) -> None:
    made = wfdb(tmp_path)
    (tmp_path / "a.eaf").write_text(
        '<?xml version="1.0"?><emglab_annotation_file><emglab_version>1.0</emglab_version>'
        "<emglab_spike_header>"
        "<time></time><unit></unit><chan></chan></emglab_spike_header><emglab_spike_events>\n"
        "0.0105 2 1\n0.25 1 1\n</emglab_spike_events></emglab_annotation_file>"
    )
    marks = read(made.path).annotations
    assert [(mark.onset_s, mark.text) for mark in marks] == [(0.0105, "unit 2"), (0.25, "unit 1")]
    (tmp_path / "a.eaf").write_text('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert any("annotations beside it" in problem.what for problem in read(made.path).problems)


def test_samples_without_their_header(tmp_path: Path) -> None:
    shutil.copy(DATA / "emg_healthy.dat", tmp_path)
    with pytest.raises(RecordingError, match=r"\.hea"):
        read(tmp_path / "emg_healthy.dat")


@pytest.mark.filterwarnings("ignore")
def test_the_wfdb_package_reads_the_same(tmp_path: Path) -> None:
    theirs = pytest.importorskip("wfdb")
    record = theirs.rdrecord(str(DATA / "emg_healthy"))
    np.testing.assert_allclose(
        read(DATA / "emg_healthy").read()[0], record.p_signal[:, 0] * 1000, rtol=1e-5, atol=1e-3
    )
    x = noise(2).T / 100
    for form in ("16", "24", "32", "80", "212"):
        theirs.wrsamp(f"r{form}", 1000, ["mV", "mV"], ["a", "b"], x, fmt=[form] * 2, write_dir=str(tmp_path))
        ours = read(tmp_path / f"r{form}")
        again = theirs.rdrecord(str(tmp_path / f"r{form}")).p_signal.T * 1000
        np.testing.assert_allclose(ours.read(), again, rtol=1e-5, atol=1e-2)
        assert not ours.problems
