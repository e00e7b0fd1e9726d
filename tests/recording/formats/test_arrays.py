"""NumPy and MATLAB: which array is the signal, and what the others say of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat
from tests.recording.formats.builders import noise

from whytwitch import RecordingError, read
from whytwitch.recording.formats._mat_v5 import MatFile


def test_times_give_the_rate(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", biceps=noise(1)[0], time=np.arange(700) / 2048)
    found = read(tmp_path / "a.npz")
    assert found.sampling_rate_hz == pytest.approx(2048)
    assert [channel.name for channel in found.channels] == ["biceps"]


def test_other_arrays_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", emg=noise(), force=np.zeros(5000), fs=2000.0)
    found = read(tmp_path / "a.npz")
    assert found.n_samples == 700
    assert [p.where for p in found.problems if "several arrays" in p.what] == ["force"]


def test_labels_and_units(tmp_path: Path) -> None:
    savemat(
        tmp_path / "a.mat",
        {"data": noise(), "fs": 2000.0, "labels": ["EMG 1", "ECG", "Force"], "units": ["mV", "mV", "N"]},
    )
    found = read(tmp_path / "a.mat")
    assert [(c.name, c.kind, c.calibrated) for c in found.channels] == [
        ("EMG 1", "emg", True), ("ECG", "ecg", True), ("Force", "other", False),
    ]  # fmt: skip
    np.testing.assert_allclose(found.read()[0], noise()[0] * 1000)


def test_grids_in_cells(tmp_path: Path) -> None:
    cells = np.empty((2, 2), dtype=object)
    for i, row in enumerate(noise(4)):
        cells[i % 2, i // 2] = row[None, :]
    savemat(tmp_path / "a.mat", {"SIG": cells, "fsamp": 2048})
    found = read(tmp_path / "a.mat")
    np.testing.assert_array_equal(found.read(), noise(4))
    assert found.sampling_rate_hz == 2048


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
@pytest.mark.parametrize("packed", [True, False])
def test_scipy_reads_the_same(kind: str, packed: bool, tmp_path: Path) -> None:
    x = np.abs(noise()).clip(0, 120).astype(kind)
    inside = {
        "emg": x,
        "s": {"a": {"b": x[:1]}, "text": "hello"},
        "words": np.array(["a", "bcd"], dtype=object),
        "one": 5,
    }
    savemat(tmp_path / "a.mat", inside, do_compression=packed, oned_as="row")
    ours, theirs = MatFile(tmp_path / "a.mat").variables, loadmat(tmp_path / "a.mat")
    np.testing.assert_array_equal(ours["emg"], theirs["emg"])
    np.testing.assert_array_equal(ours["s/a/b"], theirs["s"]["a"][0, 0]["b"][0, 0])
    assert ours["s/text"] == "hello"
    assert (ours["words/1"], ours["words/2"]) == ("a", "bcd")
    assert float(ours["one"].reshape(-1)[0]) == 5


def test_what_is_no_signal(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, 4, 500)))
    np.save(tmp_path / "b.npy", np.zeros(500, dtype=complex))
    np.save(tmp_path / "c.npy", np.array(["a"] * 500))
    for name in "abc":
        with pytest.raises(RecordingError, match=r"dimensions|no array of numbers"):
            read(tmp_path / f"{name}.npy", sampling_rate_hz=1000)


def test_eeglab_is_left_to_mne(tmp_path: Path) -> None:
    savemat(tmp_path / "a.set", {"EEG": {"data": noise(), "srate": 100.0}})
    with pytest.raises(RecordingError, match=r"pip install|cannot be read"):
        read(tmp_path / "a.set")
