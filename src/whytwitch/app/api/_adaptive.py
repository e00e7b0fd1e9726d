"""The interview as an adaptive questionnaire of the SDC guide: the whole state is in the resource.

The client sends a QuestionnaireResponse with a contained Questionnaire, which holds what was asked so
far, one group a question. The server takes the answers, lets the same :class:`Interview` decide that a
terminal or a page runs on, and adds the next group; or it completes the response and says what to do.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

from whytwitch.app._answers import MEASURED
from whytwitch.app._correct import FACT_OF
from whytwitch.app._interview import PATIENCE, Interview
from whytwitch.app._reply import Reply
from whytwitch.case import (
    Answered,
    Case,
    CaseError,
    Observation,
    Status,
    check_json,
    complete,
    fhir_answers,
    fhir_terms,
    read_text,
)
from whytwitch.knowledge import Catalogue, Setting
from whytwitch.reasoning import Question, QuestionItem
from whytwitch.report import banner_of, coded_answer, urgency_lines

ADAPTIVE: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
UNIT_OPTION: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
INSIDE: Final = "asked"
"""Id of the contained Questionnaire."""
TITLE: Final = "What makes this muscle twitch?"
OUTCOME: Final = "what-to-do"
_FACTS: Final = ("duration", "age", "sex")
_ASKING: Final = ("screen:", "ask:", fhir_terms.GO_ON)
_STORY_TEXT: Final = "In your own words: what do you notice, where, and since when? (may be left out)"
_PAUSE_TEXT: Final = f"That were {PATIENCE} questions. There are more that may help. Go on?"
_UNITS: Final = (("d", "days"), ("wk", "weeks"), ("mo", "months"), ("a", "years"))
_YES_NO: Final = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))
_MEASURED: Final = (("yes", "Yes"), ("no", "It was looked for and not found"))
_NOT_LOOKED: Final = ("not-performed", "Nobody has looked for it, or I do not know")
_SKIP: Final = ("asked-declined", "I would rather not say")


def next_step(resource: Mapping[str, Any], catalogue: Catalogue, setting: Setting) -> dict[str, Any]:
    """The response with what to ask next, or completed.

    Args:
        resource: a QuestionnaireResponse, or Parameters that hold one as ``questionnaire-response``.
        catalogue: the knowledge to ask with.
        setting: where the question is asked.

    Raises:
        CaseError: it is none, it is not ours, or an answer cannot be one.
    """
    check_json(resource, "FHIR")
    response = copy.deepcopy(dict(_response(resource)))
    answered = fhir_answers(response, catalogue)
    asked = _asked(response)
    replies = tuple(_reply(group, answered) for group in asked if not _is_aside(group["linkId"]))
    opening = _opening(answered, asked, catalogue, setting)
    interview = Interview(opening, replies, answered.went_on, catalogue)
    banner = banner_of(interview.glance, catalogue)
    if interview.state == "asking" and _is_unanswered(asked[-1:], answered):
        return _written(response, asked, "in-progress", banner.level)
    if interview.state == "pause" and not _is_pause(asked[-1]["linkId"]):
        pause = _pause(answered.went_on + 1)
        return _written(response, [*asked, pause], "in-progress", banner.level)
    if interview.question is None:
        outcome = _item(OUTCOME, "display", "\n".join(urgency_lines(banner)))
        return _written(response, [*asked, outcome], "completed", banner.level)
    groups = [_group(interview.question, catalogue)]
    if not asked:
        groups.insert(0, _item(fhir_terms.STORY, "text", _STORY_TEXT))
    return _written(response, [*asked, *groups], "in-progress", banner.level)


def base_questionnaire(catalogue: Catalogue) -> dict[str, Any]:
    """The Questionnaire that every interview is derived from; as the guide says, it has no items."""
    return {
        "resourceType": "Questionnaire",
        "id": "whytwitch",
        "extension": [{"url": ADAPTIVE, "valueBoolean": True}],
        "url": fhir_terms.QUESTIONNAIRE,
        "version": catalogue.version,
        "name": "WhyTwitch",
        "title": TITLE,
        "status": "active",
        "experimental": True,
        "subjectType": ["Patient"],
        "description": "Warning signs first, then age, sex and duration, then whatever tells the causes of "
        "muscle twitching apart best. It informs and does not diagnose.",
    }


# --- what came in ---------------------------------------------------------------------------------


def _response(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """The QuestionnaireResponse, whether it came alone or in Parameters."""
    found: Any = resource
    if resource.get("resourceType") == "Parameters":
        rows = _rows(resource, "parameter")
        found = next(
            (row.get("resource") for row in rows if row.get("name") == "questionnaire-response"), None
        )
    if not isinstance(found, Mapping):
        found = {}
    response = cast("Mapping[str, Any]", found)
    if response.get("resourceType") != "QuestionnaireResponse":
        raise CaseError(
            "Parameters.parameter: give one parameter named questionnaire-response with a "
            "QuestionnaireResponse as its resource, or the QuestionnaireResponse itself"
        )
    return response


def _rows(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects.

    Raises:
        CaseError: it is something else.
    """
    rows = holder.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in cast("list[Any]", rows)):
        raise CaseError(f"{holder.get('resourceType', 'item')}.{name}: must be a list of objects")
    return cast("list[dict[str, Any]]", rows)


def _asked(response: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of the contained Questionnaire, as the server made them; anything else in it goes."""
    groups = [row for row in _rows(_contained(response), "item") if _is_question(row.get("linkId"))]
    return list({row["linkId"]: row for row in groups}.values())


def _is_aside(key: str) -> bool:
    """Whether an item is none of the interview's own questions."""
    return key == fhir_terms.STORY or _is_pause(key)


def _is_pause(key: str) -> bool:
    return key.startswith(fhir_terms.GO_ON)


def _is_question(key: object) -> bool:
    return isinstance(key, str) and (key in (*_FACTS, fhir_terms.STORY) or key.startswith(_ASKING))


def _contained(response: dict[str, Any]) -> dict[str, Any]:
    """The contained Questionnaire; an empty one at the start of an interview."""
    named = [row for row in _rows(response, "contained") if f"#{row.get('id')}" == response["questionnaire"]]
    return named[0] if named else {}


def _members(group: Mapping[str, Any]) -> list[str]:
    """Ids of the findings that a group asks for."""
    keys = [row.get("linkId") for row in _rows(group, "item") if row.get("type") != "display"]
    return [key for key in keys if isinstance(key, str)]


def _is_unanswered(last: list[dict[str, Any]], answered: Answered) -> bool:
    """Whether warning signs were asked last and one of them still waits for an answer."""
    told = answered.statuses.keys() | answered.passed
    return any(g["linkId"].startswith("screen:") and not told >= set(_members(g)) for g in last)


def _reply(group: Mapping[str, Any], answered: Answered) -> Reply:
    key: str = group["linkId"]
    if key in _FACTS:
        known: dict[str, Any] = {FACT_OF[key]: getattr(answered, FACT_OF[key])}
        return Reply.model_validate({"question": key, "passed": _nothing(key, known[FACT_OF[key]]), **known})
    members, statuses = _members(group), answered.statuses
    passed = tuple(member for member in members if member not in statuses)
    given: list[tuple[str, Status]] = [(one, statuses[one]) for one in members if one in statuses]
    return Reply(question=key, answers=tuple(given), passed=passed if given else (key, *passed))


def _nothing(key: str, value: object) -> tuple[str, ...]:
    return (key,) if value is None else ()


def _opening(answered: Answered, asked: list[dict[str, Any]], catalogue: Catalogue, setting: Setting) -> Case:
    """What was known before the first question: the person's words, and answers filled in beforehand."""
    case = Case(setting=setting)
    if answered.story:
        case = read_text(answered.story, catalogue, setting=setting)
    members = {member for group in asked for member in _members(group)}
    told = {seen.id: seen for seen in case.observations}
    for key, status in answered.statuses.items():
        if key not in members:
            told[key] = Observation(id=key, status=status, places=answered.places.get(key, ()))
    facts = {"age_years": answered.age_years, "sex": answered.sex, "duration_days": answered.duration_days}
    known = {name: value for name, value in facts.items() if value is not None}
    return complete(case.model_copy(update={"observations": tuple(told.values()), **known}), catalogue)


# --- what goes out --------------------------------------------------------------------------------


def _written(
    response: dict[str, Any], groups: list[dict[str, Any]], status: str, urgency: str
) -> dict[str, Any]:
    """The response with its contained Questionnaire brought up to date."""
    old = _contained(response)
    others = [row for row in _rows(response, "contained") if row is not old]
    inside = {
        "resourceType": "Questionnaire",
        "id": old.get("id") or INSIDE,
        "extension": [{"url": ADAPTIVE, "valueBoolean": True}],
        "title": TITLE,
        "derivedFrom": [fhir_terms.QUESTIONNAIRE],
        "status": "active",
        "subjectType": ["Patient"],
        "item": groups,
    }
    marks = [row for row in _rows(response, "extension") if row.get("url") != fhir_terms.URGENCY]
    return {
        **response,
        "extension": [*marks, {"url": fhir_terms.URGENCY, "valueCode": urgency}],
        "contained": [inside, *others],
        "questionnaire": f"#{inside['id']}",
        "status": status,
        "authored": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _group(question: Question, catalogue: Catalogue) -> dict[str, Any]:
    if question.kind == "age":
        return _item("age", "decimal", f"{question.text} (in years)")
    if question.kind == "sex":
        options = [coded_answer("female", "Female"), coded_answer("male", "Male"), _absent(*_SKIP)]
        return _item("sex", "choice", question.text, answerOption=options)
    if question.kind == "duration":
        units = [
            {"url": UNIT_OPTION, "valueCoding": {"system": fhir_terms.UCUM, "code": code, "display": name}}
            for code, name in _UNITS
        ]
        return _item("duration", "quantity", question.text, extension=units)
    why = _item(f"why:{question.id}", "display", question.why)
    rows = [_choice(item, catalogue, required=question.red_flags) for item in question.items]
    return _item(question.id, "group", question.text, item=[why, *rows])


def _pause(number: int) -> dict[str, Any]:
    """Whether to go on; anything but a yes ends it."""
    options = [coded_answer(code, text) for code, text in _YES_NO[:2]]
    return _item(f"{fhir_terms.GO_ON}{number}", "choice", _PAUSE_TEXT, answerOption=options)


def _choice(item: QuestionItem, catalogue: Catalogue, *, required: bool) -> dict[str, Any]:
    """One thing to answer; of something measured also whether anybody has looked for it at all."""
    measured = catalogue.findings[item.id].kind in MEASURED
    options = [coded_answer(code, text) for code, text in (_MEASURED if measured else _YES_NO)]
    options += [_absent(*_NOT_LOOKED)] if measured else []
    options += [_absent(*_SKIP)]
    text = f"{item.text} {item.help}".strip()
    return _item(item.id, "choice", text, required=required, answerOption=options)


def _absent(code: str, display: str) -> dict[str, Any]:
    return {"valueCoding": {"system": fhir_terms.ABSENT_REASON, "code": code, "display": display}}


def _item(key: str, kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"linkId": key, "text": text, "type": kind, **more}


__all__ = ["OUTCOME", "base_questionnaire", "next_step"]
