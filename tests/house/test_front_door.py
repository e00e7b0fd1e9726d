"""The public API is a short list, and it is what the documentation says."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import whytwitch

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8")


def test_the_page_lists_exactly_the_front_door() -> None:
    listed = re.findall(r"^::: whytwitch\.(\w+)$", PAGE, re.M)
    assert len(listed) == len(set(listed))
    assert set(listed) == set(whytwitch.__all__) - {"__version__"}


@pytest.mark.parametrize("name", whytwitch.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    assert getattr(whytwitch, name).__doc__
    assert name in dir(whytwitch)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        whytwitch.no_such_name  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("room", ["knowledge", "case", "reasoning", "report", "cohort", "app"])
def test_every_room_lists_its_exports(room: str) -> None:
    module = importlib.import_module(f"whytwitch.{room}")
    assert module.__doc__
    assert len(module.__all__) == len(set(module.__all__))
    assert all(hasattr(module, name) for name in module.__all__)


def test_importing_the_package_is_cheap() -> None:
    """The command line must start fast, so the front door opens rooms only on use."""
    code = "import sys, whytwitch; print(sorted({'numpy', 'pydantic', 'rich', 'typer'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
