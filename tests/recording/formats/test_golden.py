"""Published recordings, and the numbers that have always come out of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from whytwitch import read
from whytwitch.recording import glance

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize(
    ("name", "form", "rate", "n", "total", "at_100", "calibrated", "electrode"),
    [
        ("emg_healthy", "WFDB", 4000.0, 50860, 10163.4, 321.7, True, "needle"),
        ("emg_healthy.dat", "WFDB", 4000.0, 50860, 10163.4, 321.7, True, "needle"),
        ("plux_bursts.h5", "OpenSignals", 1000.0, 28519, 935553184.0, 32889.0, False, None),
        ("biosppy_emg.txt", "text", 1000.0, 5000, 10200856.0, 2040.0, False, None),
        ("bmc_emg.csv", "CSV", 1000.0, 3360, 0.87404, -0.00488, False, None),
    ],
)
def test_numbers(
    name: str,
    form: str,
    rate: float,
    n: int,
    total: float,
    at_100: float,
    calibrated: bool,
    electrode: str | None,
) -> None:
    if name.endswith(".h5"):
        pytest.importorskip("h5py")
    found = read(DATA / name)
    samples = found.read().astype(np.float64)
    assert (found.format, found.sampling_rate_hz, found.n_samples, found.electrode) == (
        form,
        rate,
        n,
        electrode,
    )
    assert samples.sum() == pytest.approx(total, rel=1e-5)
    assert samples[0, 100] == pytest.approx(at_100, rel=1e-5)
    assert found.channels[0].calibrated == calibrated


def test_the_hash_of_a_published_record() -> None:
    assert read(DATA / "emg_healthy").sha256.startswith("c9c869f7a18e2ffd")


def test_a_unit_given_by_hand() -> None:
    found = read(DATA / "bmc_emg.csv", unit="mV")
    assert found.channels[0].calibrated
    assert found.read()[0, 100] == pytest.approx(-4.88, rel=1e-5)
    assert not found.problems


def test_a_glance_sees_hum_and_dead_channels() -> None:
    from whytwitch.recording import ArraySignal, Channel, Recording

    rng = np.random.default_rng(0)
    t = np.arange(20_000) / 2000
    x = np.stack([rng.normal(size=t.size) * 5, rng.normal(size=t.size) + 8 * np.sin(2 * np.pi * 50 * t),
                  np.full(t.size, 3.0), np.clip(rng.normal(size=t.size) * 50, -60, 60)])  # fmt: skip
    x[0, :700] = np.nan
    channels = tuple(Channel(name) for name in ("fine", "hums", "dead", "clips"))
    seen = glance(Recording("x", "x", 2000.0, t.size, channels, ArraySignal(x.astype(np.float32))))
    where = {problem.what.split(" ")[0]: problem.where for problem in seen.problems}
    assert where == {"Nothing": "dead", "The": "clips", "Samples": "fine", "Hum": "hums"}
    hums = seen.channels[1]
    assert hums.hum_hz == 50
    assert hums.hum_share == pytest.approx(32 / 33, abs=0.02)
    assert seen.channels[0].rms == pytest.approx(5, rel=0.05)
