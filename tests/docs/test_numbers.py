"""Numbers that the documentation repeats are those of the code and the catalogue."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from whytwitch import load

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


CONSTANTS = re.findall(r"^\| `(_\w+)\.(\w+)` \| (\S+) \|", page("docs/reasoning.md"), re.M)
LEVELS = re.findall(r"^ +\| `(\w+)` \| (\S+) \|", page("docs/urgency.md"), re.M)
WORDS = re.findall(r"^\| ([a-z ]+) \| (0\.\d+) \| (0\.\d+) to (0\.\d+) \|", page("docs/catalogue.md"), re.M)


@pytest.mark.parametrize(("module", "name", "value"), CONSTANTS)
def test_constants_of_the_reasoning(module: str, name: str, value: str) -> None:
    held = getattr(importlib.import_module(f"whytwitch.reasoning.{module}"), name)
    assert f"{held:g}" == value, f"docs/reasoning.md says {value} for {module}.{name}; it is {held:g}"


SETTINGS = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \|$", page("docs/detection.md"), re.M)


def test_settings_of_the_detection() -> None:
    held = importlib.import_module("whytwitch.recording._settings").BY_ELECTRODE
    assert len(SETTINGS) >= 10
    for name, surface, needle in SETTINGS:
        said = (f"{getattr(held['surface'], name):g}", f"{getattr(held['needle'], name):g}")
        assert said == (surface, needle), f"docs/detection.md says otherwise for {name}"


def test_levels_of_the_ranking() -> None:
    enough = importlib.import_module("whytwitch.reasoning._urgency").ENOUGH
    assert {level: f"{p:g}" for level, p in enough.items()} == dict(LEVELS)


def test_graded_words() -> None:
    words = load().words
    assert {w: (s.p, s.low, s.high) for w, s in words.items()} == {
        word: (float(p), float(low), float(high)) for word, p, low, high in WORDS
    }


def test_number_of_causes() -> None:
    said = re.search(r"ranks (\d+) causes", page("README.md"))
    assert said
    assert int(said[1]) == len(load().causes)
