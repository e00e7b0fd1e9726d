"""``whytwitch serve`` as a process."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

SERVE = [sys.executable, "-m", "whytwitch.cli", "serve", "--no-browser"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_it_says_where_answers_there_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    env = {**os.environ, "XDG_DATA_HOME": str(home), "TMPDIR": str(scratch), "COLUMNS": "200"}
    env.pop("WHYTWITCH_TOKEN", None)
    with subprocess.Popen(
        SERVE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as server:
        assert server.stdout is not None
        told = server.stdout.readline() + server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/\?token=([\w-]{20,})", told)
        assert address, told
        request = urllib.request.Request(
            address[0].partition("?")[0], headers={"Authorization": f"Bearer {address[1]}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert "Tell me about your twitch" in answer.read().decode()
        assert any(scratch.glob("whytwitch-*"))
        server.send_signal(signal.SIGINT)
        assert server.wait(20) in (0, 130)
        assert server.stderr is not None
        assert "Traceback" not in server.stderr.read()
    assert not any(scratch.glob("whytwitch-*"))
    assert not home.exists(), "nothing is kept unless somebody asks for it"


def refused(*arguments: str) -> str:
    done = subprocess.run([*SERVE, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "fault in the program" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refused("--port", port)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nowhere.edf"], "nowhere.edf"), (["--token", "a b"], "token"), (["--upload-mb", "999999"], "upload")],
)
def test_what_cannot_be_is_told_at_the_start(arguments: list[str], told: str) -> None:
    assert told in refused(*arguments)
