from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment
from whytwitch.report import Document, document, json_schema, to_json
from whytwitch.report._numbers import per_thousand

Show = Callable[..., Any]


def test_it_says_what_the_contract_promises(answer: Assessment, catalogue: Catalogue) -> None:
    said = json.loads(to_json(answer, catalogue))
    assert said["urgency"] == answer.urgency.level
    assert said["schema_version"] == "1"
    assert {"red_flags", "understood", "next_question", "not_understood", "doubts"} <= said.keys()
    for given, ranked in zip(said["ranking"], answer.ranking, strict=True):
        assert given["id"] == ranked.id
        assert given["probability"] == pytest.approx(ranked.probability, rel=1e-5)
        assert (given["low"], given["high"]) == pytest.approx((ranked.low, ranked.high), rel=1e-5)
        assert given["chance_per_1000"] == per_thousand(ranked.probability)


def test_it_survives_a_round_trip(answer: Assessment, catalogue: Catalogue) -> None:
    text = to_json(answer, catalogue)
    assert Document.model_validate_json(text) == document(answer, catalogue)
    assert to_json(answer, catalogue) == text
    assert "\n" not in to_json(answer, catalogue, indent=None)


def test_flags_carry_their_sources(emergency: Assessment, catalogue: Catalogue) -> None:
    flags = json.loads(to_json(emergency, catalogue))["red_flags"]
    assert [f["id"] for f in flags] == ["throat_spasm", "hand_foot_spasm"]
    for given, flag in zip(flags, emergency.urgency.flags, strict=True):
        assert [s["id"] for s in given["sources"]] == list(flag.sources)
        assert {"level", "title", "plain", "action", "items"} <= given.keys()


def test_open_signs_say_how_grave_they_are(eyelid: Assessment, catalogue: Catalogue) -> None:
    signs = json.loads(to_json(eyelid, catalogue))["urgency_detail"]["not_ruled_out"]
    assert {s["id"]: s["level"] for s in signs}["weakness_rapid"] == "emergency"


def test_the_schema_describes_the_object(eyelid: Assessment, catalogue: Catalogue) -> None:
    schema = json_schema()
    said = json.loads(to_json(eyelid, catalogue))
    assert set(schema["required"]) == set(schema["properties"]) == set(said)
    assert schema["properties"]["schema_version"]["const"] == said["schema_version"]
    json.dumps(schema)
