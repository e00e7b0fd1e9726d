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
