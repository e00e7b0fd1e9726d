"""CDS Hooks: cards where a record says that something twitches, silence elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
PATH = "/cds-services/whytwitch"
REQUEST = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/1", "patientId": "1"},
}
PATIENT = {"resourceType": "Patient", "id": "1", "gender": "female", "birthDate": "1990-01-01"}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def condition(text: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "code": {"text": text}, **more}


def potassium(value: float) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]}
    quantity = {"value": value, "code": "mmol/L"}
    return {"resourceType": "Observation", "status": "final", "code": code, "valueQuantity": quantity}


def cards(call: Call, **prefetch: Any) -> list[dict[str, Any]]:
    answer = call("POST", PATH, json={**REQUEST, "prefetch": prefetch})
    assert answer.status_code == 200, answer.text
    return answer.json()["cards"]


def test_discovery(call: Call) -> None:
    (service,) = call("GET", "/cds-services").json()["services"]
    assert (service["id"], service["hook"]) == ("whytwitch", "patient-view")
    assert service["description"]
    assert service["prefetch"]["patient"] == "Patient/{{context.patientId}}"


def test_how_soon_comes_first_and_then_the_causes(call: Call) -> None:
    first, second = cards(
        call, patient=PATIENT, conditions=bundle(condition("Muscle twitching")), labs=bundle(potassium(2.8))
    )
    assert first["indicator"] == "warning"
    assert "today" in first["summary"]
    assert "potassium" in first["detail"].lower()
    assert second["indicator"] == "info"
    assert "in 1,000" in second["summary"]
    assert "Amyotrophic lateral sclerosis" in second["detail"]
    for card in (first, second):
        assert len(card["summary"]) < 140
        assert card["source"]["label"] == "whytwitch"
        assert card["source"]["topic"]["code"] == "muscle-twitching"
        assert card["links"] == [
            {"label": "Open whytwitch", "url": "http://127.0.0.1:8799/", "type": "absolute"}
        ]
        assert all(reason["display"] for reason in card["overrideReasons"])
        assert not [value for value in card.values() if value in (None, "", [], {})]


def test_an_emergency_is_critical(call: Call) -> None:
    told = bundle(condition("Muscle twitching"), condition("Sudden weakness of one side of the body"))
    assert cards(call, conditions=told)[0]["indicator"] == "critical"


def test_calm_is_said_with_its_condition(call: Call) -> None:
    card = cards(call, conditions=condition("Muscle twitching"))[0]
    assert card["indicator"] == "info"
    assert "This holds only if none of these is true" in card["detail"]


def test_what_could_not_be_used_is_on_the_card(call: Call) -> None:
    told = bundle(condition("Muscle twitching"), condition("Zorblax <b>syndrome</b>"))
    detail = cards(call, conditions=told)[0]["detail"]
    assert "Could not be used" in detail
    assert "<b>" not in detail.replace("\\<b", "")


@pytest.mark.parametrize(
    "prefetch",
    [
        {"patient": PATIENT},
        {"conditions": bundle(condition("Hypothyroidism")), "labs": bundle(potassium(2.3))},
        {"conditions": None, "labs": {"resourceType": "Bundle", "type": "searchset", "total": 0}},
        {"patient": {"resourceType": "Patient"}, "conditions": None},
        {"conditions": condition("Muscle twitching", verificationStatus={"coding": [{"code": "refuted"}]})},
    ],
)
def test_silence_where_nothing_twitches(call: Call, prefetch: dict[str, Any]) -> None:
    assert cards(call, **prefetch) == []


@pytest.mark.parametrize("prefetch", [{}, {"something": PATIENT}])
def test_without_data_it_is_412(call: Call, prefetch: dict[str, Any]) -> None:
    answer = call("POST", PATH, json={**REQUEST, "prefetch": prefetch})
    assert answer.status_code == 412
    assert "conditions" in answer.json()["detail"]


def test_what_a_client_adds_is_passed_over(call: Call) -> None:
    more = {"extension": {"x": 1}, "fhirServer": "https://example.org/fhir", "prefetch": {"patient": PATIENT}}
    assert call("POST", PATH, json={**REQUEST, **more}).json() == {"cards": []}


@pytest.mark.parametrize("spoiled", [{"hook": "order-sign"}, {"hookInstance": "1"}, {"context": {}}])
def test_another_hook_is_refused(call: Call, spoiled: dict[str, Any]) -> None:
    assert call("POST", PATH, json={**REQUEST, **spoiled}).status_code == 422


def test_feedback_as_the_standard_shows_it(call: Call) -> None:
    one = {
        "card": "9368d37b-283f-44a0-93ea-547cebab93ed",
        "outcome": "overridden",
        "overrideReason": {"reason": {"code": "known", "system": "x"}, "userComment": "seen before"},
        "outcomeTimestamp": "2026-11-28T10:05:31Z",
    }
    answer = call("POST", f"{PATH}/feedback", json={"feedback": [one]})
    assert answer.status_code == 200
    for spoiled in ({"outcome": "liked"}, {"outcomeTimestamp": "yesterday"}):
        assert call("POST", f"{PATH}/feedback", json={"feedback": [{**one, **spoiled}]}).status_code == 422


def test_the_page_lists_every_call_and_loads_nothing_from_elsewhere(call: Call) -> None:
    page = call("GET", "/").text
    for path in call("GET", "/openapi.json").json()["paths"]:
        assert path in page
    assert "<script>" not in page
    assert " style=" not in page
    links = [part.split('"')[0] for part in (*page.split('src="')[1:], *page.split('href="')[1:])]
    assert all(link.startswith(("/", "#", "http://127.0.0.1:8799/")) for link in links)


def test_the_description_has_words_for_everything(call: Call) -> None:
    schema = call("GET", "/openapi.json").json()
    calls = [call_ for row in schema["paths"].values() for call_ in row.values()]
    assert all(one["summary"] and one["description"] for one in calls)
    assert all(model.get("description") for model in schema["components"]["schemas"].values())
    assert "HTTPValidationError" not in json.dumps(schema)
