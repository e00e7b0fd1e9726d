"""Habits of the code that no linter of ours holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parents[2] / "src/whytwitch"
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = {folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()}
DOOR = ("cli.py", "_cli", "__main__.py")
BELOW_THE_DOOR = [m for m in MODULES if m.relative_to(SOURCE).parts[0] not in DOOR]

LONGEST_MODULE = 800
MEDIAN_MODULE = 200
LONGEST_FUNCTION = 100
SHARE_OF_SHORT_FUNCTIONS = 0.95
SHORT_FUNCTION = 60


def name(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), str(module))


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_room_is_entered_by_its_door(module: Path) -> None:
    """Private modules are private to their room: others import from its ``__init__``."""
    own = module.relative_to(SOURCE).parts[0].replace("cli.py", "_cli")
    for target in imported(module):
        parts = target.split(".")
        if len(parts) > 2 and parts[0] == "whytwitch" and parts[1] in ROOMS - {own}:
            assert not parts[2].startswith("_"), f"{name(module)} imports {target}; use whytwitch.{parts[1]}"


@pytest.mark.parametrize("module", BELOW_THE_DOOR, ids=name)
def test_only_the_command_line_talks_to_the_terminal(module: Path) -> None:
    calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    assert not {f.id for f in calls if isinstance(f, ast.Name)} & {"print", "input"}


def test_modules_are_small() -> None:
    lengths = {name(m): len(m.read_text("utf-8").splitlines()) for m in MODULES}
    too_long = {key: n for key, n in lengths.items() if n > LONGEST_MODULE}
    assert not too_long, f"longer than {LONGEST_MODULE} lines: {too_long}"
    assert median(lengths.values()) <= MEDIAN_MODULE


def test_functions_are_short() -> None:
    lengths = {
        f"{name(m)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for m in MODULES
        for node in ast.walk(tree(m))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    too_long = {key: n for key, n in lengths.items() if n > LONGEST_FUNCTION}
    assert not too_long, f"longer than {LONGEST_FUNCTION} lines: {too_long}"
    short = sum(n <= SHORT_FUNCTION for n in lengths.values()) / len(lengths)
    assert short >= SHARE_OF_SHORT_FUNCTIONS
