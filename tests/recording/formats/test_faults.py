"""What is no recording, or means harm: one clear error, soon, and without memory."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.recording.formats.builders import edf

from whytwitch import RecordingError, read

MOST_BYTES = 64 << 20


def refused(path: Path, match: str, **how: object) -> str:
    """The error, which must come without large allocations."""
    tracemalloc.start()
    try:
        with pytest.raises(RecordingError, match=match) as caught:
            read(path, **how).read(0, 1)  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    text = str(caught.value)
    assert "\n" not in text
    assert ";" in text, "an error names the remedy"
    return text


def test_nothing_there(tmp_path: Path) -> None:
    refused(tmp_path / "a.edf", "no such file")
    refused(tmp_path / "bad\0name", "no such file|looked up")


def test_an_empty_file(tmp_path: Path) -> None:
    for ending in (".edf", ".csv", ".wav", ".npy", ".hea", ".x"):
        (tmp_path / f"a{ending}").write_bytes(b"")
        refused(tmp_path / f"a{ending}", "is empty")


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, "no BIDS dataset")
    (tmp_path / "dataset_description.json").write_text("{}")
    refused(tmp_path, "no EMG recording")


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = edf(tmp_path).path
    path.chmod(0)
    refused(path, "rights")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.edf")
    refused(tmp_path / "a.edf", "neither a file nor a folder")


def test_garbage_under_every_name(tmp_path: Path) -> None:
    garbage = np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    for ending in (
        ".edf",
        ".bdf",
        ".wav",
        ".npy",
        ".npz",
        ".mat",
        ".h5",
        ".otb+",
        ".otb4",
        ".hea",
        ".csv",
        ".txt",
        ".x",
        "",
    ):
        (tmp_path / f"a{ending}").write_bytes(garbage)
        refused(tmp_path / f"a{ending}", "a")


def test_a_text_that_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Dear doctor,\nmy calf twitches.\n" * 50)
    refused(tmp_path / "a.txt", "no format|no table")


def test_no_rate_says_how_to_give_one(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 500)))
    assert "--rate" in refused(tmp_path / "a.npy", "samples a second")
    (tmp_path / "a.csv").write_text("1,2\n" * 20)
    assert "--rate" in refused(tmp_path / "a.csv", "samples a second")


@pytest.mark.parametrize("rate", [0.0, -5.0, float("nan"), float("inf"), 1e9])
def test_impossible_rates(rate: float, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 500)))
    refused(tmp_path / "a.npy", "impossible", sampling_rate_hz=rate)


def test_options_that_cannot_be(tmp_path: Path) -> None:
    path = edf(tmp_path).path
    refused(path, "no unit of voltage", unit="kg")
    refused(path, "impossible", gain=0.0)
    refused(path, "no channel 'soleus'", channels=["soleus"])
    refused(path, "no channel", channels=[4])


def npy_header(shape: str, dtype: str = "<f8") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    "shape", ["(64, 99999999999)", "(-1, 5)", "(99999999999999999999, 3)", "()", "(0, 5)", "(5, 0)"]
)
def test_arrays_of_impossible_size(shape: str, tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(npy_header(shape) + bytes(64))
    refused(tmp_path / "a.npy", "a.npy", sampling_rate_hz=1000.0)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("emg.npy", npy_header(shape) + bytes(64))
    refused(tmp_path / "a.npz", "a.npz", sampling_rate_hz=1000.0)


def test_objects_are_not_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    refused(tmp_path / "a.npy", "Python objects", sampling_rate_hz=1000.0)


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whytwitch.recording.formats import _numpy

    monkeypatch.setattr(_numpy, "MOST_IN_MEMORY", 1 << 22)
    np.savez_compressed(tmp_path / "a.npz", emg=np.zeros((1, 1 << 21)))
    refused(tmp_path / "a.npz", "more than 1 GiB", sampling_rate_hz=1000.0)


def test_a_zip_with_a_lying_directory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.otb4", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Tracks_000.xml", "<a/>" + " " * 100_000)
    raw = (tmp_path / "a.otb4").read_bytes()
    (tmp_path / "a.otb4").write_bytes(
        raw.replace(struct.pack("<I", 100_004), struct.pack("<I", 4_000_000_000))
    )
    refused(tmp_path / "a.otb4", "more than 1 GiB|damaged|wrong size")


def matlab(*elements: bytes) -> bytes:
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + b"".join(elements)


def test_a_matlab_file_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whytwitch.recording.formats import _mat_v5

    monkeypatch.setattr(_mat_v5, "MOST_IN_MEMORY", 1 << 22)
    packed = zlib.compress(bytes(1 << 24), 9)
    (tmp_path / "a.mat").write_bytes(matlab(struct.pack("<II", 15, len(packed)) + packed))
    refused(tmp_path / "a.mat", "more than 1 GiB", sampling_rate_hz=1000.0)


def test_a_matlab_file_of_cells_within_cells(tmp_path: Path) -> None:
    inner = b""
    for _ in range(3000):
        body = (
            struct.pack("<IIII", 6, 8, 1, 0)
            + struct.pack("<IIii", 5, 8, 1, 1)
            + struct.pack("<II", 1, 0)
            + inner
        )
        inner = struct.pack("<II", 14, len(body)) + body
    (tmp_path / "a.mat").write_bytes(matlab(inner))
    refused(tmp_path / "a.mat", "no array of numbers")


def test_a_matlab_array_of_impossible_size(tmp_path: Path) -> None:
    body = struct.pack("<IIII", 6, 8, 6, 0) + struct.pack("<IIii", 5, 8, 2_000_000_000, 2_000_000_000)
    body += struct.pack("<II4s4x", 1, 3, b"emg\0") + struct.pack("<IId", 9, 8, 1.0)
    (tmp_path / "a.mat").write_bytes(matlab(struct.pack("<II", 14, len(body)) + body))
    refused(tmp_path / "a.mat", "no array of numbers", sampling_rate_hz=1000.0)


LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Device>&b;</Device>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Device>&a;</Device>'


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE, LAUGHS.encode("utf-16"), "<Device>" * 5000, "no xml", ""])
def test_xml_that_means_harm(xml: str | bytes, tmp_path: Path) -> None:
    text = xml.encode() if isinstance(xml, str) else xml
    with tarfile.open(tmp_path / "a.otb+", "w") as archive:
        for name, data in (("x.sig", bytes(100)), ("x.xml", text)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    refused(tmp_path / "a.otb+", "document type|too deep|no XML|channels")


def test_archives_are_not_unpacked(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with tarfile.open(inside / "a.otb+", "w") as archive:
        for name in ("../../evil.sig", "/tmp/evil.xml"):
            entry = tarfile.TarInfo(name)
            entry.size = 4
            archive.addfile(entry, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("x.sig")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    refused(inside / "a.otb+", "no XML|no stream")
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "a.otb+"]


def test_an_archive_that_promises_more_than_it_has(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("x.sig")
    entry.size = 8_000_000_000
    (tmp_path / "a.otb+").write_bytes(entry.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    refused(tmp_path / "a.otb+", "no stream|tar")


def ten_thousand(folder: Path) -> Path:
    """A header of EDF with nearly ten thousand signals, and no samples."""
    n = 9999
    columns = [
        (16, "E"),
        (80, ""),
        (8, "uV"),
        (8, "-1"),
        (8, "1"),
        (8, "-9"),
        (8, "9"),
        (80, ""),
        (8, "2000"),
        (32, ""),
    ]
    fixed = b"0".ljust(8) + b" " * 160 + b"01.01.8500.00.00" + str(256 * (n + 1)).encode().ljust(8)
    fixed += b" " * 44 + b"1".ljust(8) + b"1".ljust(8) + str(n).encode().ljust(4)
    (folder / "a.edf").write_bytes(fixed + b"".join(text.encode().ljust(size) * n for size, text in columns))
    return folder / "a.edf"


def test_ten_thousand_channels_without_samples(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="promises records of 39996000 bytes"):
        read(ten_thousand(tmp_path))


def test_ten_thousand_channels(tmp_path: Path) -> None:
    path = ten_thousand(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"2000    ", b"2       ") + bytes(4 * 9999))
    found = read(path)
    assert len(found.channels) == 9999
    assert found.read(0, 1).shape == (9999, 1)


def test_hdf5_that_promises_more_than_it_has(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("emg", shape=(64, 10**10), dtype="f4", chunks=(1, 10**6), compression="gzip")
    refused(tmp_path / "a.h5", "larger than what the file holds", sampling_rate_hz=1000.0)


def test_hdf5_does_not_lead_to_other_files(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["emg"] = np.zeros((2, 500))
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["emg"] = h5py.ExternalLink(str(tmp_path / "b.h5"), "/emg")
        file["loop"] = h5py.SoftLink("/loop")
    refused(tmp_path / "a.h5", "no array of numbers", sampling_rate_hz=1000.0)


@pytest.mark.parametrize("make", [lambda: b"1" * (9 << 20), lambda: b"1\n" + b"2," * (5 << 20)])
def test_a_line_without_an_end(make: Callable[[], bytes], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(make())
    refused(tmp_path / "a.csv", "a.csv", sampling_rate_hz=1000.0)


def test_a_compressed_file(tmp_path: Path) -> None:
    (tmp_path / "a.edf.gz").write_bytes(gzip.compress(edf(tmp_path).path.read_bytes()))
    refused(tmp_path / "a.edf.gz", "no format")


def test_missing_libraries_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whytwitch.recording.formats import _hdf5, _others

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(_hdf5, "import_module", missing)
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(600))
    assert 'pip install "whytwitch[hdf5]"' in refused(tmp_path / "a.h5", "h5py")
    monkeypatch.setattr(_others, "find_spec", lambda name: None)
    (tmp_path / "a.rhd").write_bytes(b"\xc6\x91\x27\x69" + bytes(600))
    assert 'pip install "whytwitch[formats]"' in refused(tmp_path / "a.rhd", "neo")


@pytest.mark.parametrize("n", [1, 2])
def test_next_to_no_samples(n: int, tmp_path: Path) -> None:
    from whytwitch.recording import ArraySignal, Channel, Recording, glance, write_edf

    x = np.ones((2, n), dtype=np.float32)
    path = write_edf(
        Recording("x", "", 1000.0, n, (Channel("a"), Channel("b")), ArraySignal(x)), tmp_path / "a.edf"
    )
    found = read(path)
    assert found.read().shape == (2, n)
    assert glance(found).channels
