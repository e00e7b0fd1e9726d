"""The interview as a state machine: steps, exact undo, saving and resuming, ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whytwitch.app import Interview, Reply, ask, dump, is_saved_interview, restore
from whytwitch.app._interview import PATIENCE
from whytwitch.case import Case, CaseError, Observation, Status, read_text
from whytwitch.knowledge import Catalogue, load
from whytwitch.reasoning import Question

STATUSES: list[Status] = ["present", "absent", "unsure"]
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def replies_to(question: Question) -> st.SearchStrategy[Reply]:
    """Any reply that a person, or a web page, could give to a question."""
    if question.kind == "age":
        return st.floats(0, 120).map(lambda x: Reply(question="age", age_years=round(x, 2)))
    if question.kind == "sex":
        return st.sampled_from(["female", "male"]).map(lambda x: Reply(question="sex", sex=x))
    if question.kind == "duration":
        return st.floats(0, 40000).map(lambda x: Reply(question="duration", duration_days=round(x, 2)))
    ids = [item.id for item in question.items]
    calm = st.dictionaries(st.sampled_from(ids), st.sampled_from(STATUSES[1:]))
    return st.one_of(calm, st.dictionaries(st.sampled_from(ids), st.sampled_from(STATUSES))).map(
        lambda answers: Reply.to(question, answers)
    )


def none_of(question: Question) -> Reply:
    if not question.items:
        return Reply.skip(question)
    return Reply.to(question, {item.id: "absent" for item in question.items})


def finish(interview: Interview, reply: Any = none_of, limit: int = 200) -> Interview:
    for _ in range(limit):
        question = interview.question
        if question is None:
            return interview
        interview = interview.answer(reply(question))
    raise AssertionError("the interview does not end")


@FEW
@given(st.data())
def test_random_answers_never_crash_and_back_undoes_exactly(data: st.DataObject) -> None:
    interview = Interview()
    for _ in range(7):
        question = interview.question
        if question is None:
            break
        step = data.draw(st.sampled_from(["answer", "answer", "answer", "skip", "unsure", "back"]))
        if step == "back":
            before, interview = interview, interview.back()
            assert len(interview.replies) == max(len(before.replies) - 1, 0)
            continue
        reply = {"skip": Reply.skip, "unsure": Reply.unsure}.get(step, lambda _: None)(question)
        after = interview.answer(reply or data.draw(replies_to(question)))
        undone = after.back()
        assert undone == interview
        assert undone.case == interview.case
        assert undone.skipped == interview.skipped
        again, unknown = restore(dump(after), load())
        assert (again, unknown) == (after, ())
        assert again.case == after.case
        assert again.skipped == after.skipped
        interview = after
    assert interview.state in ("asking", "emergency", "finished", "pause")
    assert Interview(interview.opening, interview.replies).question == interview.question


@FEW
@given(st.data())
def test_what_was_asked_does_not_come_back(data: st.DataObject) -> None:
    interview, seen = Interview(), set[str]()
    for _ in range(7):
        question = interview.question
        if question is None:
            break
        items = {item.id for item in question.items} or {question.id}
        assert not items & seen
        seen |= items
        interview = interview.answer(data.draw(replies_to(question)))


def test_red_flags_come_first() -> None:
    interview, order = Interview(), list[bool]()
    for _ in range(8):
        question = interview.question
        assert question is not None
        order.append(question.red_flags)
        interview = interview.answer(none_of(question))
    assert order[0]
    assert order == sorted(order, reverse=True)


def test_an_emergency_ends_the_questions_at_once() -> None:
    question = Interview().question
    assert question is not None
    for item in question.items:
        after = Interview().answer(Reply.to(question, {item.id: "present"}))
        grave = after.assessment.urgency.level == "emergency"
        assert (after.state == "emergency") == grave
        assert (after.question is None) == grave
    assert any(
        Interview().answer(Reply.to(question, {item.id: "present"})).state == "emergency"
        for item in question.items
    )


def test_it_ends_by_itself_or_pauses_when_everything_is_denied() -> None:
    interview = finish(Interview())
    assert interview.state in ("finished", "pause")
    if interview.state == "pause":
        assert len(interview.replies) == PATIENCE
        assert interview.extend().state in ("asking", "finished")


@pytest.mark.slow
def test_skipping_everything_ends() -> None:
    interview = Interview(extensions=99)
    assert finish(interview, Reply.skip, limit=400).state == "finished"


def test_back_at_the_start_stays_there() -> None:
    assert Interview().back() == Interview()


def test_a_reply_to_another_question_is_refused() -> None:
    with pytest.raises(ValueError, match="the open question is"):
        Interview().answer(Reply(question="age", age_years=3))


def test_opening_words_count(catalogue: Catalogue) -> None:
    opening = read_text("My left eyelid has twitched for three days. I am 30.", catalogue)
    interview = Interview(opening, catalogue=catalogue)
    assert interview.case.duration_days == pytest.approx(3)
    asked = []
    while (question := interview.question) is not None and len(asked) < 12:
        asked.append(question.kind)
        interview = interview.answer(none_of(question))
    assert "duration" not in asked
    assert "age" not in asked
    assert any(o.id == "twitching" for o in interview.case.observations)


def test_a_late_answer_replaces_an_opening_word(catalogue: Catalogue) -> None:
    opening = Case(observations=(Observation(id="tremor"),))
    reply = Reply(question="ask:tremor", answers=(("tremor", "absent"),))
    case = Interview(opening, (reply,), catalogue=catalogue).case
    assert [o.status for o in case.observations if o.id == "tremor"] == ["absent"]


# --- saved interviews -----------------------------------------------------------------------------


def saved(**changes: object) -> str:
    data = json.loads(dump(Interview(Case(observations=(Observation(id="tremor"),)))))
    return json.dumps({**data, **changes})


def test_a_saved_interview_says_what_it_is() -> None:
    data = json.loads(saved())
    assert is_saved_interview(data)
    assert data["version"] == 1
    assert not is_saved_interview({"observations": []})
    assert not is_saved_interview([1])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not valid JSON"),
        ("[1]", "not a saved interview"),
        ('{"observations": []}', "not a saved interview"),
        (saved(version=2), "version"),
        (saved(replies=[{"question": "age", "age_years": 400}]), "replies.0.age_years"),
        (saved(opening={"age_years": -1}), "opening.age_years"),
        (saved(surprise=1), "surprise"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_damaged_file_is_named_so(text: str, complaint: str, catalogue: Catalogue) -> None:
    with pytest.raises(CaseError, match=complaint):
        restore(text, catalogue)


def test_answers_this_version_does_not_know_are_left_out_and_named(catalogue: Catalogue) -> None:
    text = saved(
        opening={
            "observations": [{"id": "moon_phase"}, {"id": "tremor", "places": [{"site": "antenna"}]}],
            "labs": [{"analyte": "unobtainium"}],
            "drugs": [{"drug": "panacea", "name": "Panacea"}],
        },
        replies=[{"question": "ask:x", "answers": [["aura", "present"], ["fatigue", "absent"]]}],
    )
    interview, unknown = restore(text, catalogue)
    assert set(unknown) == {"moon_phase", "antenna", "unobtainium", "panacea", "aura"}
    assert {o.id for o in interview.case.observations if o.implied_by is None} == {"tremor", "fatigue"}
    assert interview.assessment.ranking


def test_ask_is_the_stateless_form() -> None:
    first = ask(Case())
    assert first is not None
    assert first == Interview().question
    second = ask(Case(), skipped=Reply.skip(first).passed)
    assert second is not None
    assert second != first


def test_a_correction_holds_against_an_earlier_reply(catalogue: Catalogue) -> None:
    interview = Interview(catalogue=catalogue)
    question = interview.question
    assert question is not None
    key = question.items[0].id
    answered = interview.answer(Reply.to(question, {key: "unsure"}))
    status = {o.id: o.status for o in answered.corrected(key, "absent").case.observations}
    assert status[key] == "absent"
    withdrawn = answered.corrected(key, "unknown")
    assert key not in {o.id for o in withdrawn.case.observations}
    assert key in withdrawn.skipped, "what was taken back is not asked again"


def test_more_words_join_what_was_said(catalogue: Catalogue) -> None:
    interview = Interview(read_text("My left eyelid twitches.", catalogue), catalogue=catalogue)
    more = interview.add(read_text("My right eyelid twitches. I am 50.", catalogue))
    places = {(p.site, p.side) for o in more.case.observations if o.id == "twitch_eyelid" for p in o.places}
    assert places == {("eyelid", "left"), ("eyelid", "right")}
    assert more.case.age_years == 50
    assert "left" in more.case.text
    assert "right" in more.case.text


def test_a_glance_ranks_as_the_whole_answer_does(catalogue: Catalogue) -> None:
    interview = Interview(read_text("My left eyelid twitches.", catalogue), catalogue=catalogue)
    glance, whole = interview.glance, interview.assessment
    assert [r.id for r in glance.ranking] == [r.id for r in whole.ranking]
    assert glance.next_question == whole.next_question
    assert glance.urgency == whole.urgency
