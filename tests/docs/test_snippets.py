"""The documentation is executed: every code block is a file of docs/snippets, and every file runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SNIPPETS = ROOT / "docs/snippets"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w+)[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.M | re.S)
INCLUDE = re.compile(r'^\s*--8<-- "(?P<path>[^"]+)"\s*$')
EXECUTED = {"bash", "sh", "shell", "console", "python", "toml", "json"}
RUN = sorted(p for p in SNIPPETS.glob("*") if p.suffix in (".sh", ".py"))
DATA = sorted(p for p in SNIPPETS.glob("*") if p.suffix in (".toml", ".json", ".jsonl", ".txt"))


def text_of(block: re.Match[str]) -> str:
    indent = block["indent"]
    return "".join(line.removeprefix(indent) for line in block["body"].splitlines(keepends=True)).strip()


def blocks() -> list[tuple[str, str]]:
    return [
        (page.relative_to(ROOT).as_posix(), text_of(block))
        for page in PAGES
        for block in BLOCK.finditer(page.read_text("utf-8"))
        if block["language"] in EXECUTED
    ]


def test_every_block_is_a_snippet() -> None:
    known = {path.read_text("utf-8").strip() for path in SNIPPETS.rglob("*") if path.is_file()}
    for page, body in blocks():
        include = INCLUDE.match(body)
        if include:
            assert (ROOT / include["path"]).is_file(), f"{page} includes {include['path']}, which is missing"
        else:
            assert body in known, f"{page}: this block is no file of docs/snippets:\n{body}"


def test_every_snippet_is_shown() -> None:
    shown = "\n".join(page.read_text("utf-8") for page in PAGES)
    for path in SNIPPETS.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            body, name = path.read_text("utf-8").strip(), path.relative_to(ROOT).as_posix()
            assert name in shown or body in shown, f"{name} is shown on no page"


@pytest.mark.parametrize("snippet", RUN, ids=lambda p: p.name)
def test_snippet_runs(snippet: Path, tmp_path: Path) -> None:
    """Run it as a reader would: beside the data files, with this environment's whytwitch."""
    for path in DATA:
        shutil.copy(path, tmp_path)
    bin_folder = Path(sys.executable).parent
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("COV_", "PYTEST_"))},
        "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "COLUMNS": "100",
        "PYTHONUTF8": "1",
    }
    shell = ["bash", "-euo", "pipefail"] if snippet.suffix == ".sh" else [sys.executable]
    done = subprocess.run(
        [*shell, str(snippet)], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.strip(), "an example should show something"


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.name)
def test_data_snippet_is_well_formed(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.suffix == ".toml":
        tomllib.loads(text)
    elif path.suffix == ".json":
        json.loads(text)
    elif path.suffix == ".jsonl":
        for line in text.splitlines():
            json.loads(line)
    assert text.strip()
