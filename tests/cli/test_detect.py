"""``whytwitch detect``: what it writes, what it refuses, and that it goes on where it was stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.recording.synthetic import synthetic
from typer.testing import Result

import whytwitch
from whytwitch.recording import ArraySignal, Channel, Recording, read, write_edf

Call = Callable[..., Result]
Complaint = Callable[[Result], str]
EXAMPLE = Path(whytwitch.__file__).parent / "recording/data/example.edf"
TEXT = Path(__file__).parents[1] / "recording/data/SOURCE.md"
COLUMNS = ("onset_s", "unit", "kind", "confidence", "amplitude_uv")


def made(path: Path, *, seconds: float = 20.0, channels: int = 4, **more: Any) -> Path:
    """A small recording of known twitches, as EDF."""
    s = synthetic(3, channels=channels, seconds=seconds, **more)
    named = tuple(Channel(f"EMG {i + 1}") for i in range(channels))
    whole = Recording(
        "made", "x", s.fs, s.samples.shape[1], named, ArraySignal(s.samples), electrode="surface"
    )
    return write_edf(whole, path)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Unfinished work is kept where the test can see it."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return made(tmp_path / "made.edf")


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if ".part" in path.name or path.name.startswith(".")]


# --- what comes out -------------------------------------------------------------------------------


def test_everything_at_once(call: Call, file: Path, tmp_path: Path, cache: Path) -> None:
    names = {"events": "e.csv", "json": "s.json", "html": "r.html", "edf": "marked.edf", "bids": "set"}
    targets = {option: tmp_path / name for option, name in names.items()}
    options = [part for option, path in targets.items() for part in (f"--{option}", path)]
    result = call("detect", file, *options, "--muscle", "Biceps brachii", "--electrode", "surface")
    assert result.exit_code == 0, result.stderr
    assert "What this recording shows" in result.stdout
    assert all(str(path) in result.stderr for path in targets.values())
    assert not leftovers(tmp_path)
    assert not list((cache / "whytwitch/detect").iterdir()), "finished work is not kept"

    found = list(csv.DictReader(io.StringIO(targets["events"].read_text("utf-8"))))
    assert tuple(found[0])[: len(COLUMNS)] == COLUMNS
    onset = [float(row["onset_s"]) for row in found]
    assert onset == sorted(onset)
    assert all(0 <= float(row["confidence"]) <= 1 and float(row["amplitude_uv"]) > 0 for row in found)
    assert all(int(row["unit"]) >= 0 and row["kind"] and row["channel"].startswith("EMG") for row in found)

    measures = json.loads(targets["json"].read_text("utf-8"))
    assert (measures["muscle"], measures["electrode"]) == ("biceps_brachii", "surface")
    assert measures["fasciculations"] == sum(row["kind"] == "fasciculation" for row in found)
    keys = {"rate_per_min", "units", "quality", "cannot_say", "problems", "settings", "version"}
    assert keys <= set(measures)

    page = targets["html"].read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert not re.search(r"<script|<link|@import|(?:src|href)=[\"'](?:https?:)?//", page)
    assert len(re.findall("single ones", page)) >= 1, "examples of potentials are drawn"

    marked = read(targets["edf"])
    assert len(marked.annotations) == len(found)
    np.testing.assert_allclose(marked.read(0, 100), read(file).read(0, 100), atol=0.1)
    events = targets["bids"] / "sub-01/emg/sub-01_task-rest_events.tsv"
    assert len(events.read_text("utf-8").splitlines()) == len(found) + 1


def test_it_finds_what_was_put_in(call: Call, tmp_path: Path) -> None:
    file = made(tmp_path / "made.edf", seconds=30.0)
    true = synthetic(3, channels=4, seconds=30.0).time_s
    rows = csv.DictReader(io.StringIO(call("detect", file, "--events", "-").stdout))
    found = np.array([float(row["onset_s"]) for row in rows])
    near = np.abs(found[:, None] - true[None]).min(axis=1)
    assert (near < 0.01).mean() > 0.9
    assert len(found) > 0.8 * len(true)


def test_json_on_standard_output_is_json_alone(call: Call, file: Path) -> None:
    result = call("detect", file, "--json", "-")
    assert json.loads(result.stdout)["recording"] == "made.edf"
    assert result.stderr == ""


def test_two_files_at_one_pipe_are_refused(call: Call, complaint: Complaint, file: Path) -> None:
    assert "standard output" in complaint(call("detect", file, "--json", "-", "--events", "-"))


def test_quiet(call: Call, file: Path, tmp_path: Path) -> None:
    result = call("detect", file, "--quiet", "--events", tmp_path / "e.csv")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / "e.csv").exists()


def test_parquet(call: Call, file: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert call("detect", file, "--events", tmp_path / "e.parquet").exit_code == 0
    assert parquet.read_table(tmp_path / "e.parquet").column_names[: len(COLUMNS)] == list(COLUMNS)


def test_parquet_without_its_library_is_said_at_once(
    call: Call, complaint: Complaint, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whytwitch._cli._detect.find_spec", lambda name: None)
    assert "whytwitch[parquet]" in complaint(call("detect", file, "--events", tmp_path / "e.parquet"))


def test_only_some_channels(call: Call, file: Path) -> None:
    assert json.loads(call("detect", file, "--json", "-", "--channels", "2-3").stdout)["n_channels"] == 2


def test_sizes_that_are_not_known_are_empty(call: Call, file: Path, tmp_path: Path) -> None:
    samples = read(file).read()
    np.save(tmp_path / "bare.npy", samples)
    result = call("detect", tmp_path / "bare.npy", "--rate", "1000", "--events", "-")
    assert result.exit_code == 0, result.stderr
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert found
    assert all(row["amplitude_uv"] == "" for row in found)
    told = call("detect", tmp_path / "bare.npy", "--rate", "1000", "--unit", "uV", "--events", "-")
    assert all(row["amplitude_uv"] for row in csv.DictReader(io.StringIO(told.stdout)))


# --- the example ----------------------------------------------------------------------------------


def test_the_example_says_so(call: Call, tmp_path: Path) -> None:
    result = call("detect", "--html", tmp_path / "r.html")
    assert result.exit_code == 0, result.stderr
    first = " ".join(result.stdout.split("What this recording shows")[0].split())
    assert "EXAMPLE" in first
    assert "made up" in first
    assert "EXAMPLE, made up" in (tmp_path / "r.html").read_text("utf-8")
    beside = call("detect", "--json", "-")
    assert beside.stderr.startswith("EXAMPLE")
    measures = json.loads(beside.stdout)
    assert "EXAMPLE" in measures["recording"]
    assert measures["muscle"] == "biceps_brachii"
    assert measures["fasciculations"] > 5


def test_a_named_file_is_no_example(call: Call) -> None:
    result = call("detect", EXAMPLE)
    assert "EXAMPLE" not in result.stdout + result.stderr


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no_such.edf",), "no such file"),
        (("FOLDER",), "no BIDS dataset"),
        ((TEXT,), "no format"),
        (("FILE", "--events", "none/e.csv"), "no directory none"),
        (("FILE", "--events", "e.txt"), "ends with .csv or .parquet"),
        (("FILE", "--json", "FILE"), "ends with .json"),
        (("FILE", "--json", "FOLDER"), "is a directory"),
        (("FILE", "--edf", "FILE"), "belongs to the recording"),
        (("FILE", "--edf", "OTHER"), "is there already"),
        (("FILE", "--events", "a.csv", "--html", "./x.html", "--json", "a.csv"), "ends with .json"),
        (("FILE", "--html", "x.html", "--json", "x.json", "--edf", "x.edf", "--events", "x.csv",
          "--bids", "FILLED"), "not empty"),
        (("FILE", "--bids", "set", "--subject", "Jane Roe"), "label of a subject"),
        (("FILE", "--muscle", "bicep_brachii"), "did you mean biceps_brachii"),
        (("FILE", "--channels", "9"), "no channel"),
        (("FILE", "--unit", "kg"), "no unit of voltage"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(
    arguments: tuple[Any, ...], said: str, call: Call, complaint: Complaint, file: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "filled").mkdir()
    (tmp_path / "filled/thesis.txt").write_text("mine")
    (tmp_path / "other.edf").write_text("mine")
    names = {"FILE": "made.edf", "FOLDER": "folder", "OTHER": "other.edf", "FILLED": "filled"}
    before = file.read_bytes()
    assert said in complaint(call("detect", *(names.get(a, a) for a in arguments)))
    assert file.read_bytes() == before
    assert (tmp_path / "other.edf").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == [
        "filled", "folder", "made.edf", "other.edf"
    ]  # fmt: skip


def test_two_names_of_one_file(call: Call, complaint: Complaint, file: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("old")
    (tmp_path / "b.html").symlink_to("a.html")
    os.link(file, tmp_path / "linked.edf")
    assert "belongs to the recording" in complaint(call("detect", file, "--edf", tmp_path / "linked.edf"))
    targets = {"html": tmp_path / "a.html", "json": tmp_path / "a.json"}
    (tmp_path / "a.json").symlink_to("a.html")
    options = [part for option, path in targets.items() for part in (f"--{option}", path)]
    assert "name the same file" in complaint(call("detect", file, *options))


def test_sidecars_of_the_recording_stay(call: Call, complaint: Complaint, file: Path, tmp_path: Path) -> None:
    assert call("detect", file, "-q", "--bids", tmp_path / "set").exit_code == 0
    signal_file = tmp_path / "set/sub-01/emg/sub-01_task-rest_emg.bdf"
    for target in (signal_file.with_suffix(".json"), tmp_path / "set/x.json"):
        source = signal_file if target.parent == signal_file.parent else tmp_path / "set"
        assert "belongs to the recording" in complaint(call("detect", source, "--json", target))
    again = ("detect", signal_file, "-q", "--bids", tmp_path / "set")
    assert "there already" in complaint(call(*again))
    assert "belongs to the recording" in complaint(call(*again, "--overwrite"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_folder_that_may_not_be_written(
    call: Call, complaint: Complaint, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "may not write" in complaint(call("detect", file, "--json", tmp_path / "closed/s.json"))


def test_a_failed_write_leaves_the_old(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "s.json"
    target.write_text("old")

    def full(path: Path, text: str, **options: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    result = call("detect", file, "-q", "--json", target)
    assert result.exit_code == 2
    assert target.read_text() == "old"
    assert not leftovers(tmp_path)


def test_without_a_place_for_unfinished_work_it_runs_all_the_same(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    result = call("detect", file, "--json", "-")
    assert json.loads(result.stdout)["recording"] == "made.edf"
    assert "cannot be kept" in result.stderr


# --- stopping and going on ------------------------------------------------------------------------


def test_stopped_work_is_gone_on_with(
    call: Call, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped half way through the signal, it scans only the rest, and the answer is the same."""
    import whytwitch._cli._detect as command

    file = made(tmp_path / "long.edf", seconds=120.0, channels=2)
    whole = call("detect", file, "--json", "-", "--no-resume")
    assert not (cache / "whytwitch").exists()
    find = command.find
    scanned: list[float] = []

    def stopped(*arguments: Any, **options: Any) -> Any:
        def tell(stage: str, share: float) -> None:
            if stage == "scan":
                scanned.append(share)
                if stop and share > 0.6:
                    raise KeyboardInterrupt

        return find(*arguments, **{**options, "progress": tell})

    monkeypatch.setattr(command, "find", stopped)
    stop = True
    first = call("detect", file, "--json", tmp_path / "s.json")
    assert first.exit_code == 130
    assert first.stderr == "Stopped. The same command goes on from here.\n"
    assert first.stdout == ""
    assert not (tmp_path / "s.json").exists()
    assert not leftovers(tmp_path)
    before = len(scanned)
    stop = False
    second = call("detect", file, "--json", "-")
    assert len(scanned) - before < before
    assert second.stdout == whole.stdout
    assert not list((cache / "whytwitch/detect").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_stopped(how: signal.Signals, call: Call, tmp_path: Path, cache: Path) -> None:
    file = made(tmp_path / "long.edf", seconds=120.0, channels=2)
    command = [
        sys.executable,
        "-m",
        "whytwitch.cli",
        "detect",
        str(file),
        "--events",
        str(tmp_path / "e.csv"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(cache.rglob("scanned-*.npz")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(how)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert stdout == ""
    assert stderr == ("Stopped. The same command goes on from here.\n" if how is signal.SIGINT else "")
    assert not (tmp_path / "e.csv").exists()
    kept = list((cache / "whytwitch/detect").iterdir())
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o077 == 0, "for the owner's eyes only"
    assert call("detect", file, "-q", "--events", tmp_path / "e.csv").exit_code == 0
    assert call("detect", file, "-q", "--events", tmp_path / "whole.csv", "--no-resume").exit_code == 0
    assert (tmp_path / "e.csv").read_text() == (tmp_path / "whole.csv").read_text()


def test_two_at_once_do_not_disturb_each_other(file: Path, call: Call, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "whytwitch.cli", "detect", str(file), "--json", "-"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=90) for process in both]
    assert said[0] == said[1]
    assert said[0][1] == b""
    assert json.loads(said[0][0])["recording"] == "made.edf"


def test_work_that_was_given_up_is_dropped(call: Call, file: Path, cache: Path) -> None:
    old, young = cache / "whytwitch/detect/old", cache / "whytwitch/detect/young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    assert call("detect", file, "-q").exit_code == 0
    assert [path.name for path in old.parent.iterdir()] == ["young"]


# --- pipes and terminals --------------------------------------------------------------------------


def test_a_reader_who_leaves_is_no_trouble(file: Path) -> None:
    command = [sys.executable, "-m", "whytwitch.cli", "detect", str(file), "--events", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


def test_colors_that_are_forced_draw_no_bar_into_a_pipe(spawn: Callable[..., Any], file: Path) -> None:
    done = spawn("detect", file, "--json", "-", env={"FORCE_COLOR": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["recording"] == "made.edf"


def test_a_plain_terminal(spawn: Callable[..., Any], file: Path) -> None:
    done = spawn("detect", file, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()


def test_the_bar_goes_forward_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    import whytwitch._cli._detect as command

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Screen()
    monkeypatch.setattr(command, "err", lambda: Console(file=shown, force_terminal=True, width=80))
    with command._progress(quiet=False) as tell:
        for stage, share in (("survey", 0.0), ("scan", 1.0), ("sort", 0.5), ("sort", 0.2), ("measure", 1.0)):
            tell(stage, share)
            time.sleep(0.12)
    percents = [int(p) for p in re.findall(r"(\d+)%", shown.getvalue())]
    assert percents == sorted(percents)
    assert "Sorting potentials" in shown.getvalue()
    with command._progress(quiet=True) as tell:
        tell("scan", 0.5)
