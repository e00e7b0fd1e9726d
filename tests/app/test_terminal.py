"""The interview in a terminal: what is shown, what is read, how it ends."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from rich.console import Console

from whytwitch.app import Interview
from whytwitch.app.terminal import Stopped, Terminal
from whytwitch.case import CaseError
from whytwitch.knowledge import Catalogue


class Talk:
    """A terminal with somebody's lines in it."""

    def __init__(self, lines: Iterable[str], width: int = 80) -> None:
        self.lines = iter(lines)
        self.screen = io.StringIO()
        self.saved: list[Interview] = []
        console = Console(file=self.screen, width=width, highlight=False, markup=False, color_system=None)
        self.terminal = Terminal(console=console, read=self.read, save=self.saved.append)

    def read(self, prompt: str) -> str | None:
        self.screen.write(prompt + "\n")
        return next(self.lines, None)

    @property
    def shown(self) -> str:
        return self.screen.getvalue()

    @property
    def flat(self) -> str:
        return " ".join(self.shown.split())


@pytest.mark.parametrize("width", [40, 80, 140])
def test_nothing_is_wider_than_the_terminal(width: int, catalogue: Catalogue) -> None:
    talk = Talk(["none", "r", "w", "h", "2?", "banana", "b", "s", "u"], width)
    talk.terminal.run(Interview(catalogue=catalogue))
    assert max(map(len, talk.shown.splitlines())) <= min(width, 100)


def test_keys(catalogue: Catalogue) -> None:
    talk = Talk(["b", "w", "r", "banana", "none", "s", "b", "h", "q", "never read"])
    end = talk.terminal.run(Interview(catalogue=catalogue))
    assert len(end.replies) == 1
    for text in ("nothing to take back", "Each of these alone", "Chance in 1,000", "Type the numbers",
                 "none of these", "Skipped.", "Took back", "takes back your last answer"):  # fmt: skip
        assert text in talk.flat, text


def test_the_ranking_is_shown_after_each_answer(catalogue: Catalogue) -> None:
    talk = Talk(["none", "s", "u"])
    talk.terminal.run(Interview(catalogue=catalogue))
    assert talk.flat.count("So far, chance in 1,000") == 3


def test_every_step_is_saved(catalogue: Catalogue) -> None:
    talk = Talk(["none", "s", "b", "none"])
    end = talk.terminal.run(Interview(catalogue=catalogue))
    assert [len(i.replies) for i in talk.saved] == [1, 2, 1, 2]
    assert talk.saved[-1] == end


def test_an_emergency_stops_the_questions(catalogue: Catalogue) -> None:
    question = Interview(catalogue=catalogue).question
    assert question is not None
    number = next(n for n, item in enumerate(question.items, 1) if item.id == "weakness_sudden_one_side")
    talk = Talk([str(number), "none", "none"])
    end = talk.terminal.run(Interview(catalogue=catalogue))
    assert end.state == "emergency"
    assert talk.flat.count("Question") == 1


def test_the_opening(catalogue: Catalogue) -> None:
    talk = Talk(["Mi párpado tiembla desde hace tres días y no sé por qué", "My hands shake and twitch.", ""])
    interview = talk.terminal.begin(None, "public", catalogue)
    assert any(o.id == "tremor" for o in interview.case.observations)
    assert "This is what I understood" in talk.flat


def test_an_empty_opening_goes_straight_to_the_questions(catalogue: Catalogue) -> None:
    interview = Talk([""]).terminal.begin(None, "neurology", catalogue)
    assert interview.opening.observations == ()
    assert interview.opening.setting == "neurology"


def test_what_was_misunderstood_is_taken_back(catalogue: Catalogue) -> None:
    talk = Talk(["99", "x", "1", ""])
    words = "My hands shake and I have had muscle cramps for three days."
    whole = Interview(Talk([""]).terminal.begin(words, "public", catalogue).opening, catalogue=catalogue)
    interview = talk.terminal.begin(words, "public", catalogue)
    assert talk.flat.count("Type numbers from 1 to") == 2
    assert whole.opening.duration_days == pytest.approx(3)
    assert interview.opening.duration_days is None


def test_opening_words_that_cannot_be_read(catalogue: Catalogue) -> None:
    with pytest.raises(CaseError):
        Talk([]).terminal.begin("   ", "public", catalogue)


@pytest.mark.parametrize("lines", [[], ["q"], ["My hands shake.", "q"]])
def test_stopping_before_the_first_question(lines: list[str], catalogue: Catalogue) -> None:
    with pytest.raises(Stopped):
        Talk(lines).terminal.begin(None, "public", catalogue)


def paused(catalogue: Catalogue) -> Interview:
    """An interview that has reached its pause (or its natural end)."""
    interview = Interview(catalogue=catalogue)
    while (question := interview.question) is not None:
        from whytwitch.app import Reply

        interview = interview.answer(Reply.skip(question))
    return interview


def test_the_pause(catalogue: Catalogue) -> None:
    interview = paused(catalogue)
    assert interview.state == "pause"
    assert Talk(["what", "n"]).terminal.run(interview) == interview
    assert len(Talk(["b"]).terminal.run(interview).replies) == len(interview.replies) - 1
    assert Talk(["y", "q"]).terminal.run(interview).extensions == 1


def test_a_slip_into_an_emergency_can_be_taken_back_when_resumed(catalogue: Catalogue) -> None:
    question = Interview(catalogue=catalogue).question
    assert question is not None
    number = next(n for n, item in enumerate(question.items, 1) if item.id == "weakness_sudden_one_side")
    end = Talk([str(number)]).terminal.run(Interview(catalogue=catalogue))
    assert Talk([""]).terminal.take_up(end) == end
    assert Talk(["b"]).terminal.take_up(end) == Interview(catalogue=catalogue)
