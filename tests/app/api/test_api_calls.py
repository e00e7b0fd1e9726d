"""The calls about one person and the catalogue: the same answers as the functions, and one clear error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch import load
from whytwitch.case import read_data, read_text
from whytwitch.reasoning import explain
from whytwitch.report import to_json

Call = Callable[..., Any]
WORDS = (
    "My calves twitch for three weeks. I am 34. No weakness. Potassium 2.9 mmol/L. "
    "I take hydrochlorothiazide."
)
CASE = {
    "age_years": 34,
    "findings": {"present": ["twitch_calf"], "absent": ["weakness"]},
    "labs": {"potassium": "2.9 mmol/L"},
}
BUNDLE = {
    "resourceType": "Bundle",
    "entry": [{"resource": {"resourceType": "Condition", "code": {"text": "Muscle twitching of the calf"}}}],
}


def test_explain_is_what_the_function_says(call: Call) -> None:
    answer = call("POST", "/explain", json={"text": WORDS})
    assert answer.status_code == 200
    assert answer.text == to_json(explain(read_text(WORDS, load())), load(), indent=None)


@pytest.mark.parametrize("body", [{"case": CASE}, {"fhir": BUNDLE}, {"case": BUNDLE}])
def test_cases_of_every_form(call: Call, body: dict[str, Any]) -> None:
    answer = call("POST", "/explain", json=body)
    held = next(iter(body.values()))
    expected = explain(read_data(held, load()))
    assert answer.json()["ranking"][0]["id"] == expected.ranking[0].id
    assert answer.json()["urgency"] == expected.urgency.level


def test_the_setting_counts_and_a_file_keeps_its_own(call: Call) -> None:
    assert (
        call("POST", "/explain", json={"text": WORDS, "setting": "neurology"}).json()["setting"]
        == "neurology"
    )
    own = {**CASE, "setting": "neurology"}
    assert call("POST", "/explain", json={"case": own}).json()["setting"] == "neurology"
    assert (
        call("POST", "/explain", json={"case": own, "setting": "emergency"}).json()["setting"] == "emergency"
    )


def test_what_was_read_can_be_sent_back(call: Call) -> None:
    read = call("POST", "/read", json={"text": WORDS + " Xylophone quargle brimstone."}).json()
    assert read["not_understood"] == ["Xylophone quargle brimstone"]
    assert {row["id"] for row in read["understood"]} >= {"twitch_calf", "potassium", "age"}
    again = call("POST", "/explain", json={"case": read["case"]}).json()
    first = call("POST", "/explain", json={"text": WORDS + " Xylophone quargle brimstone."}).json()
    assert again == first


def test_an_interview_keeps_its_state_with_the_client(call: Call) -> None:
    skipped: list[str] = []
    asked: list[str] = []
    for _ in range(6):
        answer = call("POST", "/next-question", json={"text": WORDS, "skipped": skipped}).json()
        assert answer["state"] == "asking"
        question = answer["question"]
        asked.append(question["id"])
        skipped += [question["id"], *(item["id"] for item in question["items"])]
    assert len(set(asked)) == len(asked)
    assert asked[0].startswith("screen:")


def test_an_emergency_asks_nothing_and_says_what_to_do(call: Call) -> None:
    body = {"text": "My leg twitches. One side of my body suddenly went weak an hour ago and I cannot speak."}
    answer = call("POST", "/next-question", json=body).json()
    assert (answer["state"], answer["question"], answer["urgency"]) == ("emergency", None, "emergency")
    assert answer["steps"][0].startswith("Call your local emergency number")


def test_what_if(call: Call) -> None:
    told = {"text": "My calves twitch. Ionized calcium 0.95 mmol/L"}
    answer = call("POST", "/what-if", json={**told, "changes": {"values": {"ionized_calcium": 1.2}}}).json()
    assert answer["change"]["ratio"] < 1
    assert answer["limits"]
    assert "case" not in answer
    bare = call("POST", "/what-if", json=told).json()
    assert bare["change"] is None
    assert bare["anchor"] is None


def test_causes_and_findings(call: Call) -> None:
    every = call("GET", "/causes").json()
    assert [row["id"] for row in every] == list(load().causes)
    best = call("GET", "/causes", params={"q": "low calcium", "limit": 1}).json()
    assert [row["id"] for row in best] == ["hypocalcemia"]
    one = call("GET", "/causes/hypocalcemia").json()
    assert set(one["cause"]["mechanism"]["sources"]) <= one["sources"].keys()
    found = call("GET", "/catalogue/findings", params={"q": "twitch eyelid", "kind": "symptom"}).json()
    assert "twitch_eyelid" in [row["id"] for row in found]
    assert {row["kind"] for row in found} == {"symptom"}


def test_version_and_health(call: Call) -> None:
    assert call("GET", "/version").json()["catalogue"] == load().version
    assert call("GET", "/health").json() == {"status": "ok", "causes": len(load().causes)}


# --- errors ---------------------------------------------------------------------------------------

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "more", "status", "says"),
    [
        ("/explain", {"json": {}}, 422, "exactly one of text, case and fhir, not none"),
        ("/explain", {"json": {"text": "x", "case": {}}}, 422, "not text and case"),
        ("/explain", {"json": {"text": None}}, 422, "text is null; leave it out"),
        ("/explain", {"json": {"txt": "x"}}, 422, "txt: unknown field"),
        ("/explain", {"json": {"text": "  "}}, 422, "text: it is empty"),
        ("/explain", {"json": {"text": "x", "setting": "moon"}}, 422, "setting"),
        ("/explain", {"json": {"fhir": {"entry": []}}}, 422, "no resourceType"),
        ("/explain", {"json": {"case": {"findings": ["twich_calf"]}}}, 422, "did you mean 'twitch_calf'"),
        ("/explain", {"content": b'{"text": ', "headers": JSON}, 422, "not valid JSON"),
        ("/explain", {"content": b'\xff{"text"', "headers": JSON}, 422, "JSON"),
        ("/explain", {"content": b"[" * 200_000, "headers": JSON}, 422, "JSON"),
        ("/explain", {"content": b'{"text": "\\ud800 twitch"}', "headers": JSON}, 422, "unicode"),
        ("/explain", {"content": b'{"case": {"age_years": NaN}}', "headers": JSON}, 422, "finite"),
        ("/explain", {"content": b'{"case": {"duration_days": 1e999}}', "headers": JSON}, 422, "finite"),
        ("/explain", {"content": b"text=x", "headers": {"Content-Type": "text/plain"}}, 415, "Content-Type"),
        ("/explain", {"content": b"{}"}, 415, "Content-Type"),
        ("/explain", {"content": b" " * 1_000_001, "headers": JSON}, 413, "1 MB"),
        ("/what-if", {"json": {"text": WORDS, "changes": {"values": {"nix": 1}}}}, 422, "no quantity 'nix'"),
        ("/what-if", {"json": {"text": WORDS, "changes": {"caffeine_cups": 99}}}, 422, "caffeine_cups"),
        ("/what-if", {"json": {"text": WORDS, "changes": {"stop": ["aspirin"]}}}, 422, "aspirin"),
    ],
)  # fmt: skip
def test_one_clear_problem(call: Call, path: str, more: dict[str, Any], status: int, says: str) -> None:
    answer = call("POST", path, **more)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"title", "status", "detail"}
    assert problem["status"] == status
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/causes/nix", 404), ("GET", "/nix", 404), ("PUT", "/explain", 405)],
)
def test_unknown_addresses(call: Call, method: str, path: str, status: int) -> None:
    answer = call(method, path)
    assert answer.status_code == status == answer.json()["status"]
    assert (answer.headers.get("allow") == "POST") == (status == 405)


def test_a_body_of_unknown_length_is_cut_off(app: Any) -> None:
    read: list[int] = []
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        read.append(65_536)
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/explain", "raw_path": b"/explain", "query_string": b"",
        "headers": [(b"content-type", b"application/json")], "scheme": "http", "server": ("127.0.0.1", 1),
        "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 413
    assert sum(read) <= 1_100_000


FIELDS = (
    "age_years", "sex", "duration_days", "observations", "labs", "drugs", "recordings", "text",
    "findings", "id", "status", "places", "site", "side", "analyte", "value", "unit", "value_si", "flag",
    "drug", "name", "dose", "span", "start", "end", "implied_by", "doubts", "question", "not_understood",
    "setting", "symptoms_present", "exam", "age", "duration", "resourceType", "muscle", "clean_s",
    "quality", "fasciculations", "detail"
)  # fmt: skip
GOOD = (
    "twitching", "weakness", "present", "absent", "potassium", "mmol/L", "lithium", "taking", "calf",
    "left", "male", "low", "public", "Bundle", "biceps_brachii", "", "age", "fever", "39.4 °C"
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.sampled_from(GOOD) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
)
STATUSES = st.sampled_from(["present", "absent", "unsure"])
PLACES = st.lists(st.fixed_dictionaries({"site": st.sampled_from(["calf", "nix"])}), max_size=2)
OBSERVATIONS = st.fixed_dictionaries(
    {"id": st.sampled_from(["twitching", "weakness", "fever", "nix"])},
    optional={
        "status": STATUSES,
        "detail": st.sampled_from(GOOD),
        "places": PLACES,
        "implied_by": st.sampled_from(GOOD),
    },
)
LABS = st.fixed_dictionaries(
    {"analyte": st.sampled_from(["potassium", "calcium_total", "ck", "tsh"])},
    optional={
        "value_si": st.floats(),
        "low": st.floats(),
        "high": st.floats(),
        "flag": st.sampled_from(["low", "high", "normal"]),
    },
)
SAVED = st.fixed_dictionaries(
    {"observations": st.lists(OBSERVATIONS, max_size=4)},
    optional={"labs": st.lists(LABS, max_size=3), "age_years": st.floats(), "duration_days": st.floats()},
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6) | SAVED)
def test_any_case_is_answered_or_refused(call: Call, data: dict[str, Any]) -> None:
    answer = call("POST", "/explain", content=json.dumps({"case": data}).encode(), headers=JSON)
    assert answer.status_code in (200, 422), answer.text
