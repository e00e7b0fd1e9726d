"""The interview in a terminal: show, read a line, take the step, until there is nothing left to ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console, RenderableType
from rich.text import Text

from whytwitch.app import _screen
from whytwitch.app._answers import NO, YES, Command, Problem, interpret
from whytwitch.app._correct import UNKNOWN, correct
from whytwitch.app._interview import Interview
from whytwitch.app._reply import Reply
from whytwitch.case import Case, CaseError, read_text
from whytwitch.knowledge import Catalogue, Setting
from whytwitch.reasoning import Question

NOTHING = frozenset({"", "s", "skip", "none", "no", "n"})
WIDEST = 100
"""Lines are not longer than this, however wide the terminal."""

OK = frozenset({"", "y", "yes", "ok", "okay", "right", "none", "s", "skip"})


class Stopped(Exception):  # noqa: N818 (a turn of the talk, not a fault)
    """The person asked to stop, or the answers ran out."""


@dataclass
class Terminal:
    """One person at one terminal.

    Attributes:
        console: where to write.
        read: reads one line; None when there is no more.
        save: called after each step with the interview as it stands.
    """

    console: Console
    read: Callable[[str], str | None]
    save: Callable[[Interview], None]

    # --- the flow ---------------------------------------------------------------------------------

    def begin(self, words: str | None, setting: Setting, catalogue: Catalogue) -> Interview:
        """Start from the person's own words; asks for them where there are none.

        Raises:
            CaseError: the words given cannot be read.
            Stopped: the person stopped before the first question.
        """
        if words is not None:
            opening = read_text(words, catalogue, setting=setting)
        else:
            opening = self._opening(catalogue, setting)
        interview = Interview(opening, catalogue=catalogue)
        return self._checked(interview) if opening.text else interview

    def take_up(self, interview: Interview) -> Interview:
        """Go on with a saved interview; a slip that led to an emergency can be taken back here."""
        count = len(interview.replies)
        self._say(f"Taking up where you stopped ({count} {'answer' if count == 1 else 'answers'}).", "dim")
        if interview.state == "emergency" and interview.replies:
            self._say("Your answers so far point to an emergency.", "bold red")
            self._say("Press Enter for what to do now. Type b only if your last answer was a slip.")
            if self._ask().lower() in ("b", "back"):
                return interview.back()
        return interview

    def run(self, interview: Interview) -> Interview:
        """Ask until nothing is left, an emergency shows, or the person stops."""
        try:
            while True:
                match interview.state:
                    case "emergency" | "finished":
                        return interview
                    case "pause":
                        interview = self._pause(interview)
                    case "asking":
                        interview = self._turn(interview)
                self.save(interview)
        except Stopped:
            return interview

    # --- the opening ------------------------------------------------------------------------------

    def _opening(self, catalogue: Catalogue, setting: Setting) -> Case:
        self._say("In your own words: what twitches, since when, and what else do you notice?", "bold")
        self._say("Press Enter to go straight to the questions.", "dim")
        while True:
            line = self._ask()
            if line.lower() in NOTHING:
                return Case(setting=setting)
            if line.lower() in ("q", "quit"):
                raise Stopped
            try:
                return read_text(line, catalogue, setting=setting)
            except CaseError as error:
                self._say(f"{error}. Press Enter to go straight to the questions.", "yellow")

    def _checked(self, interview: Interview) -> Interview:
        """Show what was understood and let it be put right."""
        self.save(interview)
        while rows := _screen.stated(interview.assessment):
            if interview.state == "emergency":
                return interview
            self._show(_screen.understood_view(interview.assessment))
            self._say("Press Enter if this is right. If not, type the numbers that are wrong.")
            line = self._ask().lower()
            if line in OK:
                break
            if line in ("q", "quit"):
                raise Stopped
            numbers = [int(n) for n in re.findall(r"\d{1,3}", line)]
            if not numbers or not all(1 <= n <= len(rows) for n in numbers):
                self._say(f"Type numbers from 1 to {len(rows)}, or press Enter.", "yellow")
                continue
            case = interview.opening
            for number in numbers:
                case = correct(case, rows[number - 1].id, UNKNOWN, interview.catalogue)
            interview = replace(interview, opening=case)
        else:
            self._say("I could not use anything in these words yet. Let me ask.", "yellow")
        self._show(_screen.ranking_line(interview.assessment))
        self.save(interview)
        return interview

    # --- one question -----------------------------------------------------------------------------

    def _turn(self, interview: Interview) -> Interview:
        """Show the open question and read until it is answered or left."""
        question = interview.question
        if question is None:
            return interview
        self._show(_screen.question_view(question, len(interview.replies) + 1))
        while True:
            said = interpret(self._ask(), question, interview.case, interview.catalogue)
            if isinstance(said, Reply):
                return self._take(interview, said)
            if isinstance(said, Problem):
                self._say(said.text, "yellow")
                continue
            step = self._command(said, interview, question)
            if step is not None:
                return step

    def _take(self, interview: Interview, reply: Reply) -> Interview:
        after = interview.answer(reply)
        self._show(_screen.noted(reply, interview.catalogue))
        if after.state != "emergency":
            self._show(_screen.ranking_line(after.assessment))
        return after

    def _command(self, command: Command, interview: Interview, question: Question) -> Interview | None:
        """Carry out a key; None when the same question stays open."""
        match command.verb:
            case "quit":
                raise Stopped
            case "skip":
                return self._take(interview, Reply.skip(question))
            case "unsure":
                return self._take(interview, Reply.unsure(question))
            case "back" if interview.replies:
                self._say("Took back your last answer.", "dim")
                return interview.back()
            case "back":
                self._say("This is the first question; there is nothing to take back.", "yellow")
            case "why":
                self._say(question.why)
            case "ranking":
                self._show(_screen.ranking_view(interview.assessment, self.console.width))
            case "help":
                self._say(_screen.LONG_HELP)
        return None

    def _pause(self, interview: Interview) -> Interview:
        count = len(interview.replies)
        self._say(f"That was {count} questions. There are more that could help a little.", "bold")
        while True:
            self._say("Go on? Type y to go on, n for the report, or b to take back your last answer.")
            line = self._ask().lower()
            if line in YES:
                return interview.extend()
            if line in ("b", "back"):
                return interview.back()
            if line in NO or line in ("", "q", "quit", "s", "skip"):
                raise Stopped

    # --- reading and writing ----------------------------------------------------------------------

    def _ask(self) -> str:
        line = self.read("> ")
        if line is None:
            raise Stopped
        return line.strip()

    def _show(self, what: RenderableType) -> None:
        self.console.print(what, width=min(self.console.width, WIDEST))

    def _say(self, text: str, style: str = "") -> None:
        self._show(Text(text, style=style))


__all__ = ["Stopped", "Terminal"]
