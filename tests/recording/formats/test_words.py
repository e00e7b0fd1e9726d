"""What labels and units say."""

from __future__ import annotations

import pytest

from whytwitch.recording.formats._kinds import electrode_of, is_brain_site, kind_of
from whytwitch.recording.formats._units import microvolts, split_unit


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("EMG Chin", "emg"), ("L Biceps: EMG 1", "emg"), ("HDsEMG_1", "emg"), ("iEMG", "emg"),
        ("EMG1:ACC.X", "accelerometer"), ("acc_x", "accelerometer"), ("ACC1", "accelerometer"),
        ("EKG", "ecg"), ("ECG1", "ecg"), ("Heart rate", "ecg"), ("TRIGGER", "trigger"), ("DI", "trigger"),
        ("Status", "trigger"), ("Sync", "trigger"), ("Resp", "other"), ("Load cell", "other"),
        ("AUX1", "other"), ("Gyro X", "other"), ("IMU1", "other"), ("Control signal", "other"),
        ("Ch 12", None), ("Triceps", None), ("Temporalis L", None), ("Adductor magnus", None),
        ("Flexor digitorum", None),
        ("Accessorius", None),
    ],
)  # fmt: skip
def test_kinds(label: str, kind: str | None) -> None:
    assert kind_of(label) == kind


def test_units_tell_kinds() -> None:
    assert kind_of("Ch 1", "N") == "other"
    assert kind_of("Ch 1", "g") == "accelerometer"
    assert kind_of("EMG 1", "counts") == "emg"
    assert kind_of("Ch 1", "mV") is None


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("mV", 1e3), ("mv", 1e3), ("uV", 1), ("µV", 1), ("μV", 1), ("Âµv", 1), ("microV", 1), ("Microvolts", 1),
     ("volts", 1e6), ("V", 1e6), ("nV", 1e-3), ("[mV]", 1e3), ("", None), ("kg", None),
     ("uV/count", None), ("%", None)],
)  # fmt: skip
def test_voltages(unit: str, factor: float | None) -> None:
    assert microvolts(unit) == factor


@pytest.mark.parametrize(
    ("heading", "parts"),
    [("EMG (mV)", ("EMG", "mV")), ("EMG", ("EMG", "")), ("Biceps [µV]", ("Biceps", "µV")),
     ("emg_uV", ("emg", "uV")), ("mV", ("", "mV")), ("Force (N)", ("Force", "N")), ("X [s]", ("X", "s"))],
)  # fmt: skip
def test_headings(heading: str, parts: tuple[str, str]) -> None:
    assert split_unit(heading) == parts


def test_electrodes() -> None:
    assert electrode_of("25mm concentric needle electrode") == "needle"
    assert electrode_of("AgAgCl surface electrode") == "surface"
    assert electrode_of("needle and surface") is None
    assert electrode_of("") is None


def test_places_of_the_brain() -> None:
    assert all(map(is_brain_site, ("Fp1", "C3-A2", "Cz", "O2", "F7:M2")))
    assert not any(map(is_brain_site, ("Biceps", "Ch1", "FCR", "TA", "E1")))
