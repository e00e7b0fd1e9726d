"""What MNE and neo read, where they are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.recording.formats.builders import noise

from whytwitch import RecordingError, read


@pytest.mark.filterwarnings("ignore")
def test_what_mne_reads(tmp_path: Path) -> None:
    mne = pytest.importorskip("mne")
    info = mne.create_info(["EMG 1", "heart", "trigger"], 2000.0, ["emg", "ecg", "stim"])
    raw = mne.io.RawArray(noise() * 1e-6, info, verbose="ERROR")
    raw.set_annotations(mne.Annotations([0.1], [0.05], ["go"]))
    raw.save(tmp_path / "a_raw.fif", verbose="ERROR")
    found = read(tmp_path / "a_raw.fif")
    assert [channel.kind for channel in found.channels] == ["emg", "ecg", "trigger"]
    np.testing.assert_allclose(found.read()[0], noise()[0], atol=1e-3)
    np.testing.assert_allclose(found.read(5, 9, np.array([1, 0])), found.read()[[1, 0], 5:9])
    assert [mark.text for mark in found.annotations] == ["go"]


@pytest.mark.parametrize("ending", [".rhd", ".smr", ".vhdr", ".trc", ".plx", ".abf", ".ns5", ".set"])
def test_garbage_for_other_libraries(ending: str, tmp_path: Path) -> None:
    (tmp_path / f"a{ending}").write_bytes(np.random.default_rng(0).bytes(3000))
    with pytest.raises(RecordingError, match=r"pip install|cannot be read|no format"):
        read(tmp_path / f"a{ending}")


def brainvision(folder: Path) -> Path:
    """Three channels of 16 bits, half a µV a count."""
    (folder / "a.eeg").write_bytes((noise().T * 2).astype("<i2").tobytes())
    (folder / "a.vmrk").write_text(
        "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nDataFile=a.eeg\n"
        "[Marker Infos]\nMk1=New Segment,,1,1,0\nMk2=Comment,go,201,1,0\n"
    )
    (folder / "a.vhdr").write_text(
        "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nCodepage=UTF-8\nDataFile=a.eeg\n"
        "MarkerFile=a.vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\nNumberOfChannels=3\n"
        "SamplingInterval=500\n[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\n"
        "Ch1=EMG1,,0.5,µV\nCh2=EMG2,,0.5,µV\nCh3=EMG3,,0.5,µV\n",
        encoding="utf-8",
    )
    return folder / "a.vhdr"


@pytest.mark.filterwarnings("ignore")
def test_brainvision_by_mne(tmp_path: Path) -> None:
    pytest.importorskip("mne")
    found = read(brainvision(tmp_path))
    assert (found.format, found.sampling_rate_hz) == ("VHDR (read by MNE)", 2000.0)
    np.testing.assert_allclose(found.read(), noise(), atol=1e-3)
    assert any("go" in mark.text for mark in found.annotations)


@pytest.mark.filterwarnings("ignore")
def test_brainvision_by_neo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("neo")
    from whytwitch.recording.formats import _others

    monkeypatch.setattr(_others, "_MNE", ())
    monkeypatch.setattr(_others, "_NEO", (".vhdr",))
    found = read(brainvision(tmp_path))
    assert (found.format, found.sampling_rate_hz) == ("VHDR (read by neo)", 2000.0)
    np.testing.assert_allclose(found.read(), noise(), atol=1e-3)
    np.testing.assert_allclose(found.read(5, 9, np.array([2, 0])), noise()[[2, 0], 5:9], atol=1e-3)
