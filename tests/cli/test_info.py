"""``whytwitch info`` and ``whytwitch convert``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from whytwitch import read

DATA = Path(__file__).parents[1] / "recording/data"
GRIDS = DATA / "bids/emg_TwoHDsEMG"


def test_what_is_inside(call) -> None:
    result = call("info", DATA / "emg_healthy.hea")
    assert result.exit_code == 0, result.stderr
    for part in ("WFDB", "12.71 s", "4000 Hz", "needle", "c9c869f7a18e2ffd", "Nothing is wrong"):
        assert part in result.stdout


def test_many_channels_are_summarized(call) -> None:
    result = call("info", GRIDS)
    assert "EMG1 … EMG64" in result.stdout
    assert len(result.stdout.splitlines()) < 40
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_problems_come_with_remedies(call) -> None:
    result = call("info", DATA / "biosppy_emg.txt")
    assert "amplitudes are withheld" in result.stdout
    assert "--gain" in result.stdout
    assert "give --electrode" in result.stdout


def test_options_are_believed(call) -> None:
    result = call(
        "info", DATA / "bmc_emg.csv", "--unit", "mV", "--electrode", "surface", "--muscle", "soleus", "--json"
    )
    found = json.loads(result.stdout)
    assert (found["electrode"], found["problems"]) == ("surface", [])
    assert [(c["calibrated"], c["muscle"]) for c in found["channels"]] == [(True, "soleus")]


def test_json(call) -> None:
    found = json.loads(call("info", GRIDS, "--json", "--channels", "1-3,EMG100").stdout)
    assert [channel["name"] for channel in found["channels"]] == ["EMG1", "EMG2", "EMG3", "EMG100"]
    assert (found["sampling_rate_hz"], found["n_samples"], found["schema_version"]) == (2000.0, 1000, "1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((DATA / "bids/emg_Multimodal",), "number of signals"),
        (("no_such_file.edf",), "no such file"),
        ((DATA / "SOURCE.md",), "no format"),
        ((DATA,), "no BIDS dataset|EMG recordings"),
        ((DATA / "emg_healthy.hea", "--channels", "9"), "has no channel '9'"),
        ((DATA / "emg_healthy.hea", "--unit", "kg"), "no unit of voltage"),
        ((DATA / "emg_healthy.hea", "--rate", "-1"), "impossible"),
    ],
)
def test_bad_input_is_one_line(arguments, said: str, call, complaint) -> None:
    import re

    assert re.search(said, complaint(call("info", *arguments)))


def test_a_process_of_its_own(spawn) -> None:
    done = spawn(
        "info", DATA / "emg_healthy.hea", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["a.edf", "a.bdf", "folder"])
def test_convert(name: str, call, tmp_path: Path) -> None:
    result = call("convert", DATA / "emg_healthy.hea", tmp_path / name)
    assert result.exit_code == 0, result.stderr
    found = read(tmp_path / name)
    np.testing.assert_allclose(found.read(), read(DATA / "emg_healthy").read(), atol=1e-3)
    assert found.electrode == "needle"


def test_convert_replaces_nothing_unasked(call, complaint, tmp_path: Path) -> None:
    (tmp_path / "a.edf").write_text("mine")
    assert "there already" in complaint(call("convert", DATA / "emg_healthy.hea", tmp_path / "a.edf"))
    assert call("convert", DATA / "emg_healthy.hea", tmp_path / "a.edf", "--overwrite").exit_code == 0
    assert "only .edf" in complaint(call("convert", DATA / "emg_healthy.hea", tmp_path / "a.txt"))
    assert "label of a subject" in complaint(
        call("convert", DATA / "emg_healthy.hea", tmp_path / "x", "--subject", "Jane Roe")
    )
