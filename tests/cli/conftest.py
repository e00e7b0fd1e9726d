"""Run the command line, inside this process or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from whytwitch.cli import app

Call = Callable[..., Result]
Spawn = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def call() -> Call:
    """Call a command in this process."""

    def run(*arguments: object, given: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments], input=given)

    return run


@pytest.fixture
def spawn(tmp_path: Path) -> Spawn:
    """Run ``whytwitch`` as a process, with nothing on standard input unless given."""

    def run(*arguments: object, given: str | bytes | None = None, **settings: Any) -> Any:
        stdin: dict[str, Any] = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        environment = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1", **settings.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "whytwitch.cli", *(str(a) for a in arguments)],
            capture_output=True, text=not isinstance(given, bytes), cwd=tmp_path, env=environment,
            timeout=120, check=False, **stdin, **settings,
        )  # fmt: skip

    return run


@pytest.fixture
def complaint() -> Callable[[Result], str]:
    """Check that a result is one clear line about bad input, and return it."""

    def check(result: Result) -> str:
        assert result.exit_code == 2, (result.stdout, result.stderr)
        assert result.stdout == ""
        line = result.stderr.strip()
        assert "\n" not in line, line
        assert line.startswith("whytwitch: "), line
        return line.removeprefix("whytwitch: ")

    return check
