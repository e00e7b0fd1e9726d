"""Answers to the interview as a FHIR QuestionnaireResponse: one item a finding, and facts of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from whytwitch.case._fhir_node import Node
from whytwitch.case._fhir_record import Record
from whytwitch.case._fhir_terms import (
    ABSENT_EXTENSION,
    DETAIL,
    DURATION_DAYS,
    GO_ON,
    LEFT_OVER,
    PLACE,
    QUESTIONNAIRE,
    STORY,
    WORDS,
)
from whytwitch.case._json_shape import check_json
from whytwitch.case._model import CaseError, Observation, Place, Span, Status
from whytwitch.case._person import OLDEST, Sex
from whytwitch.knowledge import Catalogue

LONGEST_DAYS: Final = OLDEST * 366.0

_STATUS: Final[Mapping[str, Status]] = {
    "yes": "present", "no": "absent", "unsure": "unsure", "y": "present", "n": "absent",
    "unknown": "unsure", "asked-unknown": "unsure", "temp-unknown": "unsure",
}  # fmt: skip
_PASSED: Final = frozenset(
    ("asked-declined", "not-asked", "not-performed", "not-applicable", "masked", "unsupported", "skipped")
)
_SEXES: Final[Mapping[str, Sex]] = {"female": "female", "male": "male", "f": "female", "m": "male"}


@dataclass(slots=True)
class Answered:
    """What a QuestionnaireResponse of ours says.

    Attributes:
        statuses: finding -> status.
        passed: items whose answer is that there is none: declined, or nobody has looked.
        age_years, sex, duration_days: facts, as far as given.
        story: words still to be read.
        words: words that were read already.
        left_over: stretches of those that could not be used.
        places, details: what is said of a finding besides.
        went_on: how often the person chose to go on after many questions.
        strange: items that this catalogue does not have, with what was said.
    """

    statuses: dict[str, Status] = field(default_factory=dict[str, Status])
    passed: set[str] = field(default_factory=set[str])
    age_years: float | None = None
    sex: Sex | None = None
    duration_days: float | None = None
    story: str = ""
    words: str = ""
    left_over: list[str] = field(default_factory=list[str])
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict[str, tuple[Place, ...]])
    details: dict[str, str] = field(default_factory=dict[str, str])
    went_on: int = 0
    strange: list[str] = field(default_factory=list[str])


def fhir_answers(response: Mapping[str, Any], catalogue: Catalogue) -> Answered:
    """Read a QuestionnaireResponse of ours.

    Args:
        response: the resource as parsed JSON.
        catalogue: whose findings the items name.

    Raises:
        CaseError: it is none of ours, or an answer cannot be one.
    """
    check_json(response, "FHIR")
    node = Node(response, "QuestionnaireResponse")
    if node.kind != "QuestionnaireResponse":
        raise CaseError("QuestionnaireResponse: this is another kind of resource")
    if not is_ours(node):
        raise CaseError(
            "QuestionnaireResponse.questionnaire: not the interview of this program; it must be "
            f"{QUESTIONNAIRE}, or #ID of a contained Questionnaire derived from it"
        )
    return _answered(node, catalogue)


def is_ours(node: Node) -> bool:
    """Whether a QuestionnaireResponse answers the interview of this program."""
    named = node.text("questionnaire")
    if named.startswith("#"):
        inside = [one for one in node.children("contained") if f"#{one.text('id')}" == named]
        return any(QUESTIONNAIRE in _bases(one) for one in inside)
    return named.partition("|")[0] == QUESTIONNAIRE


def _bases(questionnaire: Node) -> list[str]:
    listed = questionnaire.data.get("derivedFrom")
    rows = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [row.partition("|")[0] for row in rows if isinstance(row, str)]


def read_answers(node: Node, record: Record) -> None:
    """Take in a QuestionnaireResponse; one that is not ours is kept as not understood, answer by answer."""
    if node.text("status") == "entered-in-error":
        record.unused("answers to a questionnaire", "entered in error")
        return
    if not is_ours(node):
        for item in _items(node):
            for answer in item.children("answer"):
                said = _plain(answer)
                record.unused(f"{item.text('text') or item.text('linkId')}: {said}", "another questionnaire")
        return
    found = _answered(node, record.catalogue)
    if found.story:
        record.story(found.story)
    if found.words:
        start = record.line(found.words).start
        for text in found.left_over:
            at = found.words.find(text)
            if at >= 0:
                record.unread.append(Span(start=start + at, end=start + at + len(text), text=text))
    for key, status in found.statuses.items():
        places, detail = found.places.get(key, ()), found.details.get(key, "")
        record.settle(Observation(id=key, status=status, places=places, detail=detail))
    record.age_years = record.age_years if found.age_years is None else found.age_years
    record.sex = found.sex or record.sex
    record.duration_days = record.duration_days if found.duration_days is None else found.duration_days
    for said in found.strange:
        record.unused(said, "no such item in this catalogue")


def _items(node: Node) -> list[Node]:
    """All items, however they are nested, in order."""
    found: list[Node] = []
    waiting = list(reversed(node.children("item")))
    while waiting:
        item = waiting.pop()
        found.append(item)
        inner = [*item.children("item"), *(i for a in item.children("answer") for i in a.children("item"))]
        waiting += reversed(inner)
    return found


def _answered(node: Node, catalogue: Catalogue) -> Answered:
    found = Answered()
    for item in _items(node):
        key, answers = item.text("linkId"), item.children("answer")
        if key in (STORY, WORDS):
            words = "\n".join(answer.text("valueString") for answer in answers)
            setattr(found, key, words.strip())
        elif key == LEFT_OVER:
            found.left_over += [answer.text("valueString") for answer in answers]
        elif key in _FACTS:
            if answers:
                _FACTS[key](found, answers[0])
        elif key.startswith(GO_ON):
            found.went_on += any(_code(answer) == "yes" for answer in answers)
        elif key in catalogue.findings:
            _status(found, key, answers, catalogue)
        elif answers:
            said = f"{item.text('text') or key}: {'; '.join(_plain(answer) for answer in answers)}"
            found.strange.append(said)
    return found


def _status(found: Answered, key: str, answers: list[Node], catalogue: Catalogue) -> None:
    if not answers:
        return
    answer = answers[0]
    code = _code(answer)
    if code in _PASSED:
        found.passed.add(key)
        return
    if code not in _STATUS:
        raise CaseError(f"{answer.path}: {code or 'nothing'!r} is no answer; give yes, no or unsure")
    found.statuses[key] = _STATUS[code]
    if detail := answer.extension(DETAIL):
        found.details[key] = detail.text("valueString")[:500]
    named = [row for row in answer.children("extension") if row.text("url") == PLACE]
    places = [_place(row.text("valueString"), catalogue) for row in named]
    found.places[key] = tuple(place for place in places if place is not None)


def _place(written: str, catalogue: Catalogue) -> Place | None:
    """``hand|left``; None where this catalogue has no such site."""
    site, _, side = written.partition("|")
    sides: dict[str, Literal["left", "right", "both"]] = {"left": "left", "right": "right", "both": "both"}
    return Place(site=site, side=sides.get(side)) if site in catalogue.sites else None


def _code(answer: Node) -> str:
    """What an answer to a closed question says, as a code in small letters."""
    truth = answer.flag("valueBoolean")
    if truth is not None:
        return "yes" if truth else "no"
    if coding := answer.child("valueCoding"):
        return (coding.text("code") or coding.text("display")).lower()
    if absent := answer.extension(ABSENT_EXTENSION):
        return absent.text("valueCode").lower()
    return answer.text("valueString").lower()


def _plain(answer: Node) -> str:
    """An answer to some other question, for people to read."""
    if quantity := answer.child("valueQuantity"):
        return f"{quantity.number('value')} {quantity.text('unit') or quantity.text('code')}"
    for name in ("valueDecimal", "valueInteger"):
        if (number := answer.number(name)) is not None:
            return f"{number:g}"
    return _code(answer) or answer.text("valueDate") or answer.text("valueDateTime") or "an answer"


# --- facts of the person --------------------------------------------------------------------------


def _age(found: Answered, answer: Node) -> None:
    days = _length(answer, per_bare_number=DURATION_DAYS["a"])
    if days is None:
        return
    years = round(days / DURATION_DAYS["a"], 3)
    if not 0 <= years <= OLDEST:
        raise CaseError(f"{answer.path}: {years:g} cannot be a person's age; give years, 0 to {OLDEST}")
    found.age_years = years


def _sex(found: Answered, answer: Node) -> None:
    code = _code(answer)
    if code in _PASSED or code in ("unsure", "unknown", "asked-unknown"):
        return
    if code not in _SEXES:
        raise CaseError(f"{answer.path}: {code!r} is no answer; give female or male")
    found.sex = _SEXES[code]


def _duration(found: Answered, answer: Node) -> None:
    days = _length(answer, per_bare_number=1.0)
    if days is None:
        return
    if not 0 <= days <= LONGEST_DAYS:
        raise CaseError(
            f"{answer.path}: {days:g} days is no length of an illness; give 0 to {LONGEST_DAYS:g}"
        )
    found.duration_days = days


def _length(answer: Node, *, per_bare_number: float) -> float | None:
    """A length of time in days; None where the question was passed over."""
    quantity = answer.child("valueQuantity")
    if quantity is not None:
        return days_of(quantity)
    for name in ("valueDecimal", "valueInteger"):
        if (number := answer.number(name)) is not None:
            return number * per_bare_number
    code = _code(answer)
    if code in _PASSED or code in _STATUS:
        return None
    raise CaseError(f"{answer.path}: give a number, or a quantity with a unit of time")


def days_of(quantity: Node) -> float | None:
    """A quantity of time in days; None where it has no value.

    Raises:
        CaseError: it has another unit.
    """
    value = quantity.number("value")
    code = quantity.text("code") or quantity.text("unit")
    short = _TIME_WORDS.get(code.lower().rstrip("s"), code)
    if value is None:
        return None
    if short not in DURATION_DAYS:
        raise CaseError(f"{quantity.path}: {code!r} is no unit of time; give {', '.join(DURATION_DAYS)}")
    return value * DURATION_DAYS[short]


_TIME_WORDS: Final = {"hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a", "yr": "a", "y": "a"}
_FACTS: Final = {"age": _age, "sex": _sex, "duration": _duration}

__all__ = ["Answered", "days_of", "fhir_answers", "read_answers"]
