"""The command as a process: pipes, interrupts, faults, speed of the start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WHYTWITCH = [sys.executable, "-m", "whytwitch.cli"]
WORDS = "My left eyelid has twitched for three days"


def start(*arguments: str, **settings: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*WHYTWITCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings
    )


@pytest.mark.parametrize(
    "arguments", [["causes"], ["explain", WORDS], ["explain", "--json", WORDS], ["schema", "report"]]
)
def test_a_reader_who_leaves_is_no_trouble(arguments: list[str]) -> None:
    with start(*arguments, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
        assert process.wait(60) == 0
    assert stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_is_quiet() -> None:
    process = start("explain", "-", stdin=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stdout == ""
    assert "Traceback" not in stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_interview_says_how_to_go_on(tmp_path: Path) -> None:
    kept = tmp_path / "answers.json"
    process = start("ask", "--save", str(kept), stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write("\nnone\n")
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"whytwitch ask --resume {kept}" in stderr
    assert "Traceback" not in stderr


def test_a_killed_interview_loses_nothing(tmp_path: Path, spawn: Callable[..., Any]) -> None:
    kept = tmp_path / "answers.json"
    process = start("ask", "--save", str(kept), stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write("\nnone\n")
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.kill()
    process.communicate(timeout=60)
    done = spawn("ask", "--resume", kept, given="q\n")
    assert done.returncode == 0
    assert "1 answer)" in done.stdout


def test_a_fault_of_the_program_is_one_line(spawn: Callable[..., Any], tmp_path: Path) -> None:
    code = (
        "import whytwitch.knowledge as k\n"
        "def broken(): raise ZeroDivisionError('boom')\n"
        "k.load = broken\n"
        "from whytwitch.cli import main\n"
        "import sys; sys.argv = ['whytwitch', 'explain', 'My eye twitches']\n"
        "main()\n"
    )
    for debug, lines in (("", 1), ("1", 2)):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path,
            env={**os.environ, "WHYTWITCH_DEBUG": debug}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 1
        assert "boom" in done.stderr
        assert ("Traceback" in done.stderr) == (lines == 2)


def test_bytes_that_are_no_text_do_not_break_it() -> None:
    done = subprocess.run(
        [*map(os.fsencode, WHYTWITCH), b"explain", b"--json", WORDS.encode() + b" \xff\xfe"],
        capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_ascii_terminal_gets_an_answer(spawn: Callable[..., Any]) -> None:
    done = spawn("explain", WORDS, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    assert "eyelid" in done.stdout


def test_help_is_shown_without_the_heavy_libraries() -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from whytwitch.cli import app\n"
        "for words in ([], ['explain'], ['ask'], ['causes'], ['evaluate'], ['schema'], ['detect']):\n"
        "    assert CliRunner().invoke(app, [*words, '--help']).exit_code == 0\n"
        "print(sorted({'numpy', 'jinja2', 'rich', 'scipy'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_json_does_not_load_the_screen() -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from whytwitch.cli import app\n"
        f"assert CliRunner().invoke(app, ['explain', '--json', {WORDS!r}]).exit_code == 0\n"
        "print(sorted({'rich', 'jinja2', 'scipy', 'whytwitch.recording._detect'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
