"""Contexts, drugs and test results are read however they are worded, and not from look-alike words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from whytwitch.case import read_text
from whytwitch.knowledge import load

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "paraphrases_contexts.toml").read_text("utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_wording_is_read_as_meant(case: dict[str, Any]) -> None:
    read = {o.id: o.status for o in read_text(case["text"], load()).observations}
    assert [i for i in case.get("present", ()) if read.get(i) != "present"] == []
    assert [i for i in case.get("never", ()) if read.get(i) == "present"] == []
