"""The adaptive questionnaire: the same interview as everywhere, its whole state in the resource."""

from __future__ import annotations

import copy
import json
import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whytwitch import load
from whytwitch.app import Interview, Reply
from whytwitch.app.api._adaptive import next_step
from whytwitch.case import Case, CaseError, Status, fhir_terms, read_data

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the library's own, on import
    from fhir.resources.R4B.capabilitystatement import CapabilityStatement
    from fhir.resources.R4B.questionnaire import Questionnaire
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

Call = Callable[..., Any]
NEXT = "/fhir/Questionnaire/$next-question"
START: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "status": "in-progress",
    "questionnaire": fhir_terms.QUESTIONNAIRE,
}
DECLINED = {"valueCoding": {"system": fhir_terms.ABSENT_REASON, "code": "asked-declined"}}
CATALOGUE = load()


def step(response: dict[str, Any]) -> dict[str, Any]:
    return next_step(response, CATALOGUE, "public")


def groups(response: dict[str, Any]) -> list[dict[str, Any]]:
    return response["contained"][0]["item"]


def findings(group: dict[str, Any]) -> list[str]:
    return [row["linkId"] for row in group.get("item", []) if row["type"] == "choice"]


def coded(code: str) -> dict[str, Any]:
    return {"valueCoding": {"system": fhir_terms.ANSWERS, "code": code}}


def filled(response: dict[str, Any], given_: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The response as a client sends it back, with answers to the last question put in."""
    rows = [{"linkId": key, "answer": [answer]} for key, answer in given_.items()]
    group = groups(response)[-1]
    new = rows if group["linkId"] in given_ else [{"linkId": group["linkId"], "item": rows}]
    return json.loads(json.dumps({**response, "item": [*response.get("item", []), *new]}))


def replied(group: dict[str, Any], choose: random.Random) -> dict[str, dict[str, Any]]:
    match group["linkId"]:
        case "age":
            return {"age": {"valueDecimal": 34}}
        case "sex":
            return {"sex": coded("female")}
        case "duration":
            return {"duration": {"valueQuantity": {"value": 3, "code": "wk"}}}
        case _:
            words = (
                ("no", "no", "no", "unsure") if "screen" in group["linkId"] else ("yes", "no", "no", "unsure")
            )
            return {key: coded(choose.choice(words)) for key in findings(group)}


STATUSES: dict[str, Status] = {"yes": "present", "no": "absent", "unsure": "unsure"}


def taken(twin: Interview, group: dict[str, Any], answer: dict[str, dict[str, Any]]) -> Interview:
    """The same answer, given to the interview itself."""
    question = twin.question
    assert question is not None
    assert (group["linkId"], findings(group)) == (question.id, [item.id for item in question.items])
    facts = {"age": {"age_years": 34.0}, "sex": {"sex": "female"}, "duration": {"duration_days": 21.0}}
    if group["linkId"] in facts:
        return twin.answer(Reply.model_validate({"question": question.id, **facts[group["linkId"]]}))
    said = {key: STATUSES[row["valueCoding"]["code"]] for key, row in answer.items()}
    return twin.answer(Reply.to(question, said))


def test_it_is_the_interview_that_a_terminal_runs() -> None:
    choose = random.Random(1)
    twin = Interview(Case())
    response = step(START)
    assert groups(response)[0]["linkId"] == "story"
    kinds: list[str] = []
    while response["status"] == "in-progress" and len(kinds) < 7:
        group = groups(response)[-1]
        kinds.append(group["linkId"].split(":")[0])
        answer = replied(group, choose)
        twin = taken(twin, group, answer)
        response = step(filled(response, answer))
    assert (response["status"] == "in-progress") == (twin.state == "asking")
    assert kinds == sorted(kinds, key=["screen", "duration", "age", "sex", "ask"].index)
    assert response["extension"][0]["valueCode"] == twin.assessment.urgency.level
    assert read_data(response, CATALOGUE).observations == twin.case.observations


def screened() -> dict[str, Any]:
    """Warning signs denied."""
    response = step(START)
    while groups(response)[-1]["linkId"].startswith("screen:"):
        response = step(filled(response, {key: coded("no") for key in findings(groups(response)[-1])}))
    return response


def test_it_ends_when_nothing_is_worth_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch.reasoning._questions.WORTH", 1e9)
    response = screened()
    for _ in range(3):
        assert response["status"] == "in-progress"
        response = step(filled(response, replied(groups(response)[-1], random.Random(0))))
    assert response["status"] == "completed"
    assert groups(response)[-1]["linkId"] == "what-to-do"
    assert "does not diagnose" in groups(response)[-1]["text"]


def test_after_many_questions_it_asks_whether_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    response = screened()
    monkeypatch.setattr("whytwitch.app._interview.PATIENCE", len(groups(response)) - 2)
    response = step(filled(response, replied(groups(response)[-1], random.Random(0))))
    assert groups(response)[-1]["linkId"] == "go-on:1"
    assert step(response)["status"] == "completed"
    assert step(filled(response, {"go-on:1": coded("no")}))["status"] == "completed"
    on = step(filled(response, {"go-on:1": coded("yes")}))
    assert on["status"] == "in-progress"
    assert groups(on)[-1]["linkId"] in ("age", "sex", "duration")


def test_what_comes_is_valid_for_somebody_elses_models() -> None:
    response = step(START)
    for _ in range(8):
        QuestionnaireResponse.model_validate(response)
        keys = [row["linkId"] for group in groups(response) for row in (group, *group.get("item", []))]
        assert len(set(keys)) == len(keys)
        response = step(filled(response, replied(groups(response)[-1], random.Random(1))))


def test_it_follows_the_profiles_of_the_guide() -> None:
    """sdc-questionnaire-adapt: no url, no version, one derivedFrom; the response refers to it by #."""
    response = step(START)
    inside = response["contained"][0]
    assert inside["derivedFrom"] == [fhir_terms.QUESTIONNAIRE]
    assert not {"url", "version"} & inside.keys()
    assert response["questionnaire"] == f"#{inside['id']}"
    assert response["authored"]


def test_the_start_as_the_guide_shows_it_and_in_parameters(call: Call) -> None:
    inside = {
        "resourceType": "Questionnaire",
        "id": "q",
        "status": "active",
        "derivedFrom": [f"{fhir_terms.QUESTIONNAIRE}|1"],
    }
    start = {
        "resourceType": "QuestionnaireResponse",
        "status": "in-progress",
        "questionnaire": "#q",
        "contained": [inside],
    }
    wrapped = {
        "resourceType": "Parameters",
        "parameter": [{"name": "questionnaire-response", "resource": start}],
    }
    for body in (start, wrapped):
        answer = call("POST", NEXT, json=body)
        assert answer.headers["content-type"] == "application/fhir+json"
        assert answer.json()["contained"][0]["id"] == "q"
        assert groups(answer.json())[-1]["linkId"].startswith("screen:")


def test_an_emergency_ends_it_at_once_and_says_what_to_do() -> None:
    response = step(START)
    first = findings(groups(response)[-1])
    done = step(filled(response, {"weakness_sudden_one_side": coded("yes")}))
    assert len(first) > 1  # the other warning signs need no answer any more
    assert done["status"] == "completed"
    assert done["extension"][0] == {"url": fhir_terms.URGENCY, "valueCode": "emergency"}
    told = groups(done)[-1]
    assert (told["linkId"], told["type"]) == ("what-to-do", "display")
    assert "Call your local emergency number now." in told["text"]
    assert step(done)["contained"] == done["contained"]


def test_warning_signs_wait_for_their_answers_and_may_be_declined() -> None:
    response = step(START)
    group = groups(response)[-1]
    again = step(filled(response, {findings(group)[0]: coded("no")}))
    assert groups(again) == groups(response)
    assert all(row["required"] for row in group["item"] if row["type"] == "choice")
    on = step(filled(response, dict.fromkeys(findings(group), DECLINED)))
    assert groups(on)[-1]["linkId"] != group["linkId"]


def test_what_has_no_answer_is_passed_over_and_does_not_come_back() -> None:
    response = screened()
    seen = [groups(response)[-1]["linkId"]]
    for _ in range(5):
        response = step(json.loads(json.dumps(response)))
        seen.append(groups(response)[-1]["linkId"])
    assert len(set(seen)) == len(seen)


def test_the_persons_own_words_spare_questions() -> None:
    words = "My left calf twitches for three weeks. I am 34, male. No weakness, no trouble swallowing."
    response = step({**START, "item": [{"linkId": "story", "answer": [{"valueString": words}]}]})
    while groups(response)[-1]["linkId"].startswith("screen:"):
        response = step(filled(response, {key: coded("no") for key in findings(groups(response)[-1])}))
    asked = {group["linkId"] for group in groups(response)}
    assert not asked & {"age", "sex", "duration"}


def test_of_something_measured_it_is_asked_whether_anybody_looked() -> None:
    from whytwitch.app.api._adaptive import _group
    from whytwitch.reasoning import Question, QuestionItem

    item = QuestionItem(id="low_magnesium", text="Was magnesium low?")
    group = _group(
        Question(id="ask:low_magnesium", kind="yes-no", text="?", items=(item,), why="."), CATALOGUE
    )
    codes = [row["valueCoding"]["code"] for row in group["item"][1]["answerOption"]]
    assert codes == ["yes", "no", "not-performed", "asked-declined"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({**START, "questionnaire": "http://example.org/PHQ9"}, "not the interview of this program"),
        ({**START, "questionnaire": "#nix", "contained": []}, "not the interview of this program"),
        ({"resourceType": "Parameters", "parameter": [{"name": "other"}]}, "questionnaire-response"),
        ({**START, "item": [{"linkId": "cramps", "answer": [coded("perhaps")]}]}, "'perhaps' is no answer"),
        ({**START, "contained": 3}, "contained: must be a list"),
        ({"resourceType": "Patient"}, "Input should be"),
    ],
)
def test_errors_come_as_an_operation_outcome(call: Call, body: dict[str, Any], says: str) -> None:
    answer = call("POST", NEXT, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/fhir+json"
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert says in outcome["issue"][0]["diagnostics"]


def test_what_the_server_says_of_itself(call: Call) -> None:
    CapabilityStatement.model_validate(call("GET", "/fhir/metadata").json())
    base = call("GET", "/fhir/Questionnaire/whytwitch").json()
    Questionnaire.model_validate(base)
    assert "item" not in base  # sdc-questionnaire-adapt-srch
    assert base["url"] == fhir_terms.QUESTIONNAIRE


def test_fhir_in_fhir_out(call: Call) -> None:
    answer = call(
        "POST", "/fhir/$explain", json={"resourceType": "Condition", "code": {"text": "Muscle twitching"}}
    )
    kinds = [entry["resource"]["resourceType"] for entry in answer.json()["entry"]]
    assert kinds == ["Patient", "QuestionnaireResponse", "RiskAssessment"]


SPOIL = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just("x")
    | st.just([])
    | st.just({})
    | st.just([3])
    | st.just("#asked")
)


@settings(max_examples=25)
@given(st.data())
def test_a_spoiled_response_is_answered_or_refused(data: st.DataObject) -> None:
    response = copy.deepcopy(GOOD)
    spots: list[tuple[Any, Any]] = []
    waiting: list[Any] = [response]
    while waiting:
        at = waiting.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        spots += [(at, key) for key in keys]
        waiting += [at[key] for key in keys]
    holder, key = data.draw(st.sampled_from(spots))
    holder[key] = data.draw(SPOIL)
    try:
        step(response)
    except CaseError as error:
        assert str(error)


_ONE = step(START)
GOOD = filled(_ONE, {key: coded("no") for key in findings(groups(_ONE)[-1])})
