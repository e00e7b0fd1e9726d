"""EDF+ and BDF+ as they are written: exact, complete or not there, and readable by others."""

from __future__ import annotations

from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recording.builders import make_twitches

from whytwitch import Recording, RecordingError, read
from whytwitch.recording import Annotation, ArraySignal, Channel, Signal, write_edf

DATA = Path(__file__).parents[1] / "data"


def made(x: np.ndarray, rate: float = 1000.0, **more: object) -> Recording:
    channels = tuple(Channel(f"EMG {i}") for i in range(len(x)))
    return Recording("made", "x", rate, x.shape[1], channels, ArraySignal(x.astype(np.float32)), **more)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(
    n=st.integers(1, 3000),
    rate=st.sampled_from([1000.0, 2048.0, 1925.9259259, 1111.1111, 512.0, 4000.0, 333.3333333, 2222.2222]),
    ending=st.sampled_from(["edf", "bdf"]),
    size=st.floats(1e-3, 1e5),
)
def test_round_trip(
    n: int, rate: float, ending: str, size: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    x = np.random.default_rng(n).normal(size=(2, n)) * size
    path = write_edf(made(x, rate), tmp_path_factory.mktemp("w") / f"a.{ending}")
    found = read(path)
    assert found.n_samples == n
    assert found.sampling_rate_hz == pytest.approx(rate, rel=1e-6)
    steps = 2.0**16 if ending == "edf" else 2.0**23
    reach = np.ptp(x) + 1e-3 * np.abs(x).max() if n > 1 else 2 + size
    np.testing.assert_allclose(found.read(), x, atol=1.5 * reach / steps + 2e-6 * size)
    assert not found.problems


@pytest.mark.parametrize("ending", ["edf", "bdf"])
def test_edfio_reads_the_same(ending: str, tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(3, 2500)) * 40
    marks = (Annotation(0.5, 0.25, "Zuckung links"), Annotation(1.0, 0, "µ"))
    path = write_edf(
        made(x, annotations=marks, electrode="needle", start="2024-03-02T10:11:12"), tmp_path / f"a.{ending}"
    )
    theirs = edfio.read_edf(path) if ending == "edf" else edfio.read_bdf(path)
    np.testing.assert_allclose(
        np.stack([signal.data for signal in theirs.signals]), read(path).read(), atol=1e-3
    )
    assert [(a.onset, a.duration, a.text) for a in theirs.annotations] == [
        (0.5, 0.25, "Zuckung links"),
        (1.0, None, "µ"),
    ]
    assert str(theirs.startdate) == "2024-03-02"
    assert theirs.signals[0].transducer_type == "needle electrode"


def test_the_recorders_numbers_survive(tmp_path: Path) -> None:
    whole = read(DATA / "emg_healthy")
    found = read(write_edf(whole, tmp_path / "a.edf"))
    np.testing.assert_allclose(found.read(), whole.read(), atol=3e-4)


def test_missing_samples_are_marked(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(2, 20_000)) * 40
    x[1, 5000:6000] = np.nan
    x[0, 7990:8010] = np.nan
    found = read(write_edf(made(x), tmp_path / "a.edf"))
    marks = [(round(m.onset_s, 3), round(m.duration_s, 3)) for m in found.annotations if m.text == "BAD_lost"]
    assert marks == [(5.0, 1.0), (7.99, 0.02)]
    assert abs(found.read()[1, 5000:6000]).max() < 0.01


def test_potentials_become_notes(tmp_path: Path) -> None:
    twitches = make_twitches([(0.5, 1, "fasciculation"), (0.9, 0, "fasciculation")])
    found = read(write_edf(made(np.zeros((1, 2000))), tmp_path / "a.edf", events=twitches))
    assert [mark.text for mark in found.annotations] == ["fasciculation unit 1", "fasciculation"]


def test_many_notes_in_one_place(tmp_path: Path) -> None:
    marks = [Annotation(0.001 * i, 0, f"n{i}") for i in range(2000)]
    found = read(write_edf(made(np.zeros((1, 5000))), tmp_path / "a.edf", events=marks))
    assert [mark.text for mark in found.annotations] == [f"n{i}" for i in range(2000)]


def test_long_and_equal_names(tmp_path: Path) -> None:
    names = ["flexor carpi radialis 1", "flexor carpi radialis 2", "µ", "", "x\ny"]
    whole = Recording(
        "a", "x", 1000.0, 10, tuple(Channel(n) for n in names), ArraySignal(np.zeros((5, 10), np.float32))
    )
    labels = [channel.name for channel in read(write_edf(whole, tmp_path / "a.edf")).channels]
    assert len(set(labels)) == 5


def test_nothing_half_written(tmp_path: Path) -> None:
    class Breaks(Signal):
        def read(self, start: int, stop: int, channels: np.ndarray) -> np.ndarray:
            if start > 0:
                raise RecordingError("the disk is gone; replace it")
            return np.zeros((len(channels), stop - start), np.float32)

    (tmp_path / "a.edf").write_bytes(b"the old one")
    whole = Recording("a", "x", 1000.0, 100_000, (Channel("a"),), Breaks())
    with pytest.raises(RecordingError, match="the disk is gone"):
        write_edf(whole, tmp_path / "a.edf")
    assert [path.name for path in tmp_path.iterdir()] == ["a.edf"]
    assert (tmp_path / "a.edf").read_bytes() == b"the old one"


def test_places_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="neither"):
        write_edf(made(np.zeros((1, 10))), tmp_path / "a.txt")
    with pytest.raises(RecordingError, match="cannot be written"):
        write_edf(made(np.zeros((1, 10))), tmp_path / "no" / "a.edf")


def test_mne_reads_what_is_written(tmp_path: Path) -> None:
    mne = pytest.importorskip("mne")
    x = np.random.default_rng(0).normal(size=(2, 2500)) * 40
    path = write_edf(made(x), tmp_path / "a.edf", events=[Annotation(0.5, 0.1, "go")])
    raw = mne.io.read_raw_edf(path, preload=True, verbose="ERROR")
    np.testing.assert_allclose(raw.get_data() * 1e6, x, atol=0.01)
    assert list(raw.annotations.description) == ["go"]
