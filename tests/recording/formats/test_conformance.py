"""What holds for every reader, whatever the format."""

from __future__ import annotations

import hashlib
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.recording.formats.builders import MAKERS, Made

from whytwitch import Recording, RecordingError, read


@pytest.fixture(params=MAKERS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    return MAKERS[request.param](tmp_path)


@pytest.fixture
def recording(made: Made) -> Recording:
    return read(made.path, **made.how)


def test_samples_are_what_was_written(made: Made, recording: Recording) -> None:
    found = recording.read()
    assert found.dtype == np.float32
    assert found.shape == made.samples.shape
    np.testing.assert_allclose(found, made.samples, atol=made.within, rtol=1e-5)


def test_rate_length_and_kind(made: Made, recording: Recording) -> None:
    assert recording.sampling_rate_hz == pytest.approx(made.rate)
    assert recording.n_samples == made.samples.shape[1]
    assert len(recording.emg) >= 1
    assert all(recording.channels[i].calibrated == made.calibrated for i in recording.emg)


def test_what_is_not_calibrated_is_told(made: Made, recording: Recording) -> None:
    told = [problem for problem in recording.problems if "amplitudes are withheld" in problem.what]
    assert bool(told) != made.calibrated


def test_blocks_are_the_whole(recording: Recording) -> None:
    whole = recording.read()
    rows = np.array([len(recording.channels) - 1, 0])
    for start, stop in ((0, 1), (99, 101), (1, 333), (600, 700), (350, 350)):
        np.testing.assert_array_equal(recording.read(start, stop), whole[:, start:stop])
        np.testing.assert_array_equal(recording.read(start, stop, rows), whole[rows, start:stop])


def test_bounds_are_checked(recording: Recording) -> None:
    for start, stop in ((-1, 5), (5, 4), (0, recording.n_samples + 1)):
        with pytest.raises(RecordingError, match="outside"):
            recording.read(start, stop)
    with pytest.raises(RecordingError, match="channels"):
        recording.read(0, 1, np.array([len(recording.channels)]))


def test_the_hash_is_of_the_bytes(made: Made, recording: Recording) -> None:
    parts = [made.path, made.path.with_suffix(".dat")] if made.path.suffix == ".hea" else [made.path]
    assert recording.sha256 == hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def test_limits_enclose_the_samples(recording: Recording) -> None:
    for channel, row in zip(recording.channels, recording.read(), strict=True):
        if channel.low is not None and channel.high is not None:
            assert channel.low - 1e-3 <= row.min() <= row.max() <= channel.high + 1e-3


def test_content_goes_before_the_name(made: Made, recording: Recording, tmp_path: Path) -> None:
    if made.path.suffix in (".hea", ".otb+", ".otb4"):
        pytest.skip("goes by the name")
    strange = tmp_path / "strange.xyz"
    shutil.copy(made.path, strange)
    np.testing.assert_array_equal(read(strange, **made.how).read(), recording.read())


def test_what_the_caller_says_is_believed(made: Made) -> None:
    how = {**made.how, "sampling_rate_hz": 1234.5, "electrode": "needle", "muscle": "soleus", "channels": [1]}
    found = read(made.path, **how)
    assert found.sampling_rate_hz == pytest.approx(1234.5)
    assert found.electrode == "needle"
    assert [channel.muscle for channel in found.channels] == ["soleus"]
    assert found.channels[0].kind == "emg"


def test_a_gain_is_applied_to_the_numbers_of_the_file(made: Made) -> None:
    one = read(made.path, **{**made.how, "gain": 1.0}).read()
    two = read(made.path, **{**made.how, "gain": 2.0, "unit": "mV"})
    emg = two.emg
    assert all(two.channels[i].calibrated for i in emg)
    np.testing.assert_allclose(two.read()[emg], 2000 * one[emg], rtol=1e-5, atol=1e-2)


def test_it_travels_between_processes(recording: Recording) -> None:
    copy = pickle.loads(pickle.dumps(recording))
    np.testing.assert_array_equal(copy.read(10, 20), recording.read(10, 20))


def test_gains_of_otb(tmp_path: Path) -> None:
    """The gain of the file counts; that it is not the maker's is told; an unknown device is not scaled."""
    made = MAKERS["otb_plus"](tmp_path)
    raw = made.path.read_bytes()
    made.path.write_bytes(raw.replace(b'Gain="150"', b'Gain="300"'))
    found = read(made.path)
    np.testing.assert_allclose(found.read(), made.samples / 2, rtol=1e-5)
    assert any("maker's table 150" in problem.what for problem in found.problems)
    assert found.start == "2024-03-02T10:11:12"
    assert "Nobody" not in repr(found)
    made.path.write_bytes(raw.replace(b"QUATTROCENTO", b"SOMETHINGNEW"))
    assert not any(channel.calibrated for channel in read(made.path).channels)
