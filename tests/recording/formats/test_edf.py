"""EDF and BDF: headers that lie, rates that differ, notes, interruptions, and what is never told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.recording.formats.builders import RATE, edf, edf_plus, noise

from whytwitch import RecordingError, read
from whytwitch.recording import Problem

DATA = Path(__file__).parents[1] / "data"


def field(raw: bytes, at: int, size: int, text: str) -> bytes:
    return raw[:at] + text.encode("latin-1").ljust(size) + raw[at + size :]


def whats(problems: tuple[Problem, ...]) -> str:
    return " ".join(problem.what for problem in problems)


def test_notes_unit_and_electrode(tmp_path: Path) -> None:
    found = read(edf_plus(tmp_path).path)
    assert found.format == "EDF+"
    assert [(m.onset_s, m.duration_s, m.text) for m in found.annotations] == [
        (0.1, 0.0, "start"),
        (0.2, 0.05, "müde"),
    ]
    assert read(edf(tmp_path).path).electrode == "surface"


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    made = edf(tmp_path)
    raw = made.path.read_bytes()
    made.path.write_bytes(raw[: len(raw) - 700])
    found = read(made.path)
    assert found.n_samples == 500
    assert "cut off" in whats(found.problems)
    np.testing.assert_allclose(found.read(), made.samples[:, :500], atol=0.02)


@pytest.mark.parametrize(
    ("at", "size", "text", "said"),
    [
        (252, 4, "0", "number of signals"),
        (252, 4, "9999", "speaks of 9999 signals"),
        (252, 4, "-3", "number of signals"),
        (252, 4, "", "number of signals"),
        (244, 8, "0", "how long a record"),
        (244, 8, "-1", "how long a record"),
        (244, 8, "1e-9", "impossible"),
        (256 + 3 * 216, 8, "99999999", "promises records"),
        (256 + 3 * 216, 8, "-5", "samples a record of signal 1"),
        (256 + 3 * 216, 8, "many", "samples a record of signal 1"),
    ],
)
def test_headers_that_lie(at: int, size: int, text: str, said: str, tmp_path: Path) -> None:
    path = edf(tmp_path).path
    path.write_bytes(field(path.read_bytes(), at, size, text))
    with pytest.raises(RecordingError, match=said) as caught:
        read(path)
    assert "a.edf" in str(caught.value)


@pytest.mark.parametrize(("text", "samples"), [("-1", 700), ("0", 700), ("3", 300), ("900", 700)])
def test_the_number_of_records_is_checked(text: str, samples: int, tmp_path: Path) -> None:
    path = edf(tmp_path).path
    path.write_bytes(field(path.read_bytes(), 236, 8, text))
    found = read(path)
    assert found.n_samples == samples
    assert found.problems or text == "0"


def test_no_scale_means_no_amplitudes(tmp_path: Path) -> None:
    path = edf(tmp_path).path
    raw = path.read_bytes()
    first = 256 + 3 * (16 + 80 + 8)
    path.write_bytes(field(field(raw, first, 8, "0"), first + 24, 8, "0"))
    found = read(path)
    assert [channel.calibrated for channel in found.channels] == [False, True, True]
    assert "withheld" in whats(found.problems)
    assert read(path, gain=2.0).channels[0].calibrated


def test_rates_that_differ(tmp_path: Path) -> None:
    import edfio

    x = noise(3)
    signals = [edfio.EdfSignal(x[0], RATE, label="EMG left", physical_dimension="uV"),
               edfio.EdfSignal(x[1, ::10], RATE / 10, label="Resp", physical_dimension="uV"),
               edfio.EdfSignal(x[2], RATE, label="EMG right", physical_dimension="uV")]  # fmt: skip
    edfio.Edf(signals, data_record_duration=0.05).write(tmp_path / "a.edf")
    found = read(tmp_path / "a.edf")
    assert [channel.name for channel in found.channels] == ["EMG left", "EMG right"]
    assert found.sampling_rate_hz == RATE
    assert [p.where for p in found.problems if "another sampling rate" in p.what] == ["Resp"]
    np.testing.assert_allclose(found.read(), x[[0, 2]], atol=0.02)


def test_interruptions_are_closed_and_told(tmp_path: Path) -> None:
    from whytwitch.recording import Annotation, ArraySignal, Channel, Recording, write_edf

    n = 4000
    x = np.arange(n, dtype=np.float32)[None] % 97
    whole = Recording(
        "x", "", 1000.0, n, (Channel("EMG"),), ArraySignal(x), annotations=(Annotation(3.5, 0, "later"),)
    )
    path = write_edf(whole, tmp_path / "a.edf")
    raw = path.read_bytes().replace(b"EDF+C", b"EDF+D", 1)
    for second, shown in ((2, 12), (3, 13)):
        raw = raw.replace(f"+{second}\x14\x14\x00".encode(), f"+{shown}\x14\x14".encode(), 1)
    raw = raw.replace(b"+3.5\x14later\x14\x00", b"+13.5\x14late\x14\x00", 1)
    path.write_bytes(raw)
    found = read(path)
    assert found.n_samples == n
    assert "interrupted: 10.0 s" in whats(found.problems)
    assert found.annotations[0].onset_s == pytest.approx(3.5)


def test_names_and_birthdays_are_not_told(tmp_path: Path) -> None:
    path = edf(tmp_path).path
    raw = field(path.read_bytes(), 8, 80, "MCH-01 F 02-MAY-1951 Jane_Roe")
    path.write_bytes(field(raw, 88, 80, "Startdate 02-MAR-2024 X Dr_Doe Machine"))
    told = repr(read(path))
    assert "Roe" not in told
    assert "1951" not in told
    assert "Doe" not in told


def test_kinds_are_inferred(tmp_path: Path) -> None:
    import edfio

    names = {"EMG RT Tib": "emg", "ECG I": "ecg", "Status": "trigger", "ACC X": "accelerometer",
             "EEG Fp1": "other", "L biceps": "emg"}  # fmt: skip
    signals = [edfio.EdfSignal(noise(1)[0], RATE, label=name, physical_dimension="uV") for name in names]
    edfio.Edf([*signals, edfio.EdfSignal(noise(1)[0], RATE, label="Force", physical_dimension="N")],
              data_record_duration=0.05).write(tmp_path / "a.edf")  # fmt: skip
    kinds = {channel.name: channel.kind for channel in read(tmp_path / "a.edf").channels}
    assert kinds == {**names, "Force": "other"}


def test_one_long_record_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import edfio

    from whytwitch.recording.formats import _stores

    reach: dict[str, Any] = {"physical_dimension": "uV", "physical_range": (-600, 600)}
    signals = [edfio.EdfSignal(row, RATE, label=f"EMG {i}", **reach)
               for i, row in enumerate(noise())]  # fmt: skip
    edfio.Edf(signals, data_record_duration=0.35).write(tmp_path / "a.edf")
    monkeypatch.setattr(_stores, "PIECE", 64)
    np.testing.assert_allclose(read(tmp_path / "a.edf").read(13, 655), noise()[:, 13:655], atol=0.02)


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    found = read(edf(tmp_path).path)
    (tmp_path / "a.edf").write_bytes(b"0       ")
    with pytest.raises(RecordingError, match="ends too early"):
        found.read()
    (tmp_path / "a.edf").unlink()
    with pytest.raises(RecordingError, match="cannot be read any more"):
        found.read()


def test_the_broken_example_has_one_clear_error() -> None:
    with pytest.raises(RecordingError, match="number of signals"):
        read(DATA / "bids/emg_Multimodal")


def test_mne_reads_the_same(tmp_path: Path) -> None:
    mne = pytest.importorskip("mne")
    path = edf_plus(tmp_path).path
    raw = mne.io.read_raw_edf(path, preload=True, verbose="ERROR")
    np.testing.assert_allclose(read(path).read(), raw.get_data() * 1e6, rtol=1e-5, atol=1e-3)
