"""What typed lines mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whytwitch.app import Command, Problem, Reply, interpret
from whytwitch.case import Case
from whytwitch.knowledge import Catalogue, load
from whytwitch.reasoning import Question, QuestionItem

IDS = ("weakness", "tremor", "fatigue", "seizures")
LIST = Question(
    id="ask:x", kind="checklist", text="?", why="", items=tuple(QuestionItem(id=i, text=i) for i in IDS)
)
ONE = LIST.model_copy(update={"kind": "yes-no", "items": LIST.items[:1]})
AGE, SEX, DURATION = (Question(id=k, kind=k, text="?", why="") for k in ("age", "sex", "duration"))


def say(line: str, question: Question, case: Case | None = None) -> Reply | Command | Problem:
    return interpret(line, question, case or Case(), load())


def letters(reply: Reply | Command | Problem) -> str:
    assert isinstance(reply, Reply), reply
    assert tuple(key for key, _ in reply.answers) == IDS
    return "".join(status[0] for _, status in reply.answers)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 3", "papa"),
        ("1,3", "papa"),
        ("1 and 3", "papa"),
        ("  3  1 ", "papa"),
        ("none", "aaaa"),
        ("No", "aaaa"),
        ("n", "aaaa"),
        ("0", "aaaa"),
        ("all", "pppp"),
        ("2-4", "appp"),
        ("1 unsure", "uaaa"),
        ("1?", "uaaa"),
        ("1 ? 2", "upaa"),
        ("1 2? 4", "puap"),
        ("1 yes 2 no 3 maybe", "paua"),
        ("yes 2", "apaa"),
    ],
)
def test_checklists(line: str, expected: str) -> None:
    assert letters(say(line, LIST)) == expected


@pytest.mark.parametrize(
    "line", ["5", "0 5", "1 9", "1 1", "4-9", "weak", "y", "1 banana", "unsure 1", "99999999"]
)
def test_a_line_that_makes_no_sense_is_asked_again(line: str) -> None:
    said = say(line, LIST)
    assert isinstance(said, Problem)
    assert said.text.endswith(("unsure.", "."))


@pytest.mark.parametrize(
    ("line", "status"),
    [("y", "present"), ("YES", "present"), ("1", "present"), ("n", "absent"), ("none", "absent")],
)
def test_yes_and_no(line: str, status: str) -> None:
    said = say(line, ONE)
    assert isinstance(said, Reply)
    assert said.answers == (("weakness", status),)


def test_no_to_something_measured_may_mean_that_nobody_looked() -> None:
    ids = ("emg_normal", "tremor", "low_calcium")
    mixed = LIST.model_copy(update={"items": tuple(QuestionItem(id=i, text=i) for i in ids)})
    said = say("none", mixed)
    assert isinstance(said, Reply)
    assert said.answers == (("tremor", "absent"),)
    assert said.passed == ("emg_normal", "low_calcium")
    said = say("1 3 no", mixed)
    assert isinstance(said, Reply)
    assert dict(said.answers) == {"emg_normal": "present", "tremor": "absent", "low_calcium": "absent"}
    said = say("n", mixed.model_copy(update={"kind": "yes-no", "items": mixed.items[:1]}))
    assert isinstance(said, Reply)
    assert said.answers == ()


@pytest.mark.parametrize(
    ("line", "verb"),
    [("b", "back"), ("s", "skip"), ("u", "unsure"), ("?", "unsure"), ("w", "why"), ("r", "ranking"),
     ("q", "quit"), ("h", "help"), ("Don’t know", "unsure")],
)  # fmt: skip
def test_keys_work_at_every_question(line: str, verb: str) -> None:
    for question in (LIST, ONE, AGE, SEX, DURATION):
        assert say(line, question) == Command(verb)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("34", 34),
        ("34 years", 34),
        ("aged 34", 34),
        ("I'm 34", 34),
        ("6 months", 0.5),
        ("34.5", 34.5),
        ("0", 0),
    ],
)
def test_ages(line: str, years: float) -> None:
    said = say(line, AGE)
    assert isinstance(said, Reply)
    assert said.age_years == pytest.approx(years)


@pytest.mark.parametrize("line", ["121", "-3", "old", "thirty-ish", "1e9", "9999", "34 35", ""])
def test_impossible_ages_are_asked_again(line: str) -> None:
    assert isinstance(say(line, AGE), Problem)


@pytest.mark.parametrize(
    ("line", "sex"), [("f", "female"), ("Woman", "female"), ("m", "male"), ("male", "male")]
)
def test_sex(line: str, sex: str) -> None:
    said = say(line, SEX)
    assert isinstance(said, Reply)
    assert said.sex == sex
    assert isinstance(say("x", SEX), Problem)


@pytest.mark.parametrize(
    ("line", "days"),
    [("3 days", 3), ("2 weeks", 14), ("since yesterday", 1), ("a year", 365.25), ("three weeks", 21)],
)
def test_durations(line: str, days: float) -> None:
    said = say(line, DURATION)
    assert isinstance(said, Reply)
    assert said.duration_days == pytest.approx(days)


@pytest.mark.parametrize("line", ["3", "long", "banana", "-3 days ago?!", "x" * 5000])
def test_a_number_without_a_unit_is_asked_back(line: str) -> None:
    said = say(line, DURATION)
    assert isinstance(said, Problem | Reply)
    if isinstance(said, Reply):
        assert said.duration_days is not None
        assert line.startswith("-")
    else:
        assert "2 weeks" in said.text


def test_nothing_lasts_longer_than_the_person_lives() -> None:
    assert isinstance(say("30 years", DURATION, Case(age_years=20)), Problem)
    assert isinstance(say("20", AGE, Case(duration_days=30 * 365.25)), Problem)
    assert isinstance(say("20 years", DURATION, Case(age_years=20)), Reply)


@given(st.text(max_size=60), st.sampled_from([LIST, ONE, AGE, SEX, DURATION]))
def test_no_line_crashes(line: str, question: Question) -> None:
    said = say(line, question)
    if isinstance(said, Reply):
        assert said.question == question.id


def test_a_reply_to_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no item 'rash'"):
        Reply.to(LIST, {"rash": "present"})


def test_what_is_not_answered_is_passed_over() -> None:
    assert Reply.to(LIST, {"tremor": "unsure"}).passed == ("weakness", "fatigue", "seizures")
    assert Reply.skip(LIST).passed == ("ask:x", *IDS)
    assert Reply.unsure(AGE).passed == ("age",)


def test_items_of_the_test_exist(catalogue: Catalogue) -> None:
    assert set(IDS) <= set(catalogue.findings)
