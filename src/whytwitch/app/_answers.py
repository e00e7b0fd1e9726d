"""What a typed line means as an answer to a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from whytwitch.app._reply import Reply
from whytwitch.case import Case, CaseError, Status, read_text
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Question

Verb = Literal["back", "skip", "unsure", "why", "ranking", "quit", "help"]

KEYS: Final[dict[str, Verb]] = {
    "b": "back", "back": "back", "s": "skip", "skip": "skip", "u": "unsure", "unsure": "unsure",
    "not sure": "unsure", "don't know": "unsure", "dont know": "unsure", "?": "unsure",
    "maybe": "unsure", "w": "why", "why": "why", "r": "ranking", "ranking": "ranking", "q": "quit",
    "quit": "quit", "stop": "quit", "exit": "quit", "h": "help", "help": "help",
}  # fmt: skip

MEASURED: Final = frozenset({"sign", "lab", "test", "emg", "imaging"})
"""Kinds of findings of which a plain "no" leaves open whether anybody has looked."""

YES: Final = frozenset({"y", "yes", "yeah", "yep", "yup", "true", "present"})
NO: Final = frozenset({"n", "no", "none", "nope", "nothing", "0", "neither", "false", "absent"})
_MARKS: Final[dict[str, Status]] = {
    "?": "unsure", "u": "unsure", "unsure": "unsure", "maybe": "unsure",
    "y": "present", "yes": "present", "n": "absent", "no": "absent",
}  # fmt: skip
_TOKEN: Final = re.compile(r"\d+\s*[-–]\s*\d+|\d+|[a-z']+|\?|[^\s,;.&+]")
_AGE: Final = re.compile(
    r"(?:age[d:]?|i(?:'| a)?m)?\s*(\d{1,4}(?:[.,]\d+)?)\s*"
    r"(y|yo|yrs?|years?|mo|months?|weeks?|days?)?\.?(?:\s*old)?\.?"
)
_PER_YEAR: Final = {"mo": 12.0, "we": 52.18, "da": 365.25}
SEXES: Final[dict[str, Literal["female", "male"]]] = {
    "f": "female", "female": "female", "woman": "female", "girl": "female",
    "m": "male", "male": "male", "man": "male", "boy": "male",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """A key that steers the interview."""

    verb: Verb


@dataclass(frozen=True)
class Problem:
    """A line that is no answer, and how to mend it."""

    text: str


def interpret(line: str, question: Question, case: Case, catalogue: Catalogue) -> Reply | Command | Problem:
    """Say what a typed line means: an answer, a key, or neither."""
    said = " ".join(line.lower().replace("’", "'").split())
    if not said:
        return Problem("Please type an answer, or s to skip this one.")
    if said in KEYS:
        return Command(KEYS[said])
    match question.kind:
        case "checklist":
            return _checklist(said, question, catalogue)
        case "yes-no":
            return _yes_no(said, question, catalogue)
        case "age":
            return _age(said, question, case)
        case "sex":
            sex = SEXES.get(said)
            hint = "Type f for female or m for male, or s to skip."
            return Reply(question=question.id, sex=sex) if sex else Problem(hint)
        case "duration":
            return _duration(said, question, case, catalogue)


def _yes_no(said: str, question: Question, catalogue: Catalogue) -> Reply | Problem:
    key = question.items[0].id
    if said in YES or said == "1":
        return Reply.to(question, {key: "present"})
    if said in NO:
        return Reply.to(question, denied([key], catalogue))
    return Problem("Type y for yes, n for no or u for unsure.")


def _checklist(said: str, question: Question, catalogue: Catalogue) -> Reply | Problem:
    ids = [item.id for item in question.items]
    if said in NO:
        return Reply.to(question, denied(ids, catalogue))
    if said == "all":
        return Reply.to(question, dict.fromkeys(ids, "present"))
    marked = _numbers(said, len(ids))
    if isinstance(marked, Problem):
        return marked
    named: dict[str, Status] = {ids[number - 1]: status for number, status in marked.items()}
    return Reply.to(question, {**denied(ids, catalogue), **named})


def denied(ids: Iterable[str], catalogue: Catalogue) -> dict[str, Status]:
    """What "no" says of items: absent; of something measured it may only mean "not measured"."""
    return {key: "absent" for key in ids if catalogue.findings[key].kind not in MEASURED}


def _numbers(said: str, count: int) -> dict[int, Status] | Problem:
    """``1 3? 4-6 2 no`` as statuses by number; what is not named is left out."""
    hint = f"Type the numbers that fit (1 to {count}), none, or 2? where you are unsure."
    marked: dict[int, Status] = {}
    latest: list[int] = []
    for token in _TOKEN.findall(said):
        if token[0].isdecimal():
            ends = [int(part) for part in re.split(r"\s*[-–]\s*", token) if len(part) < 5] or [0]
            latest = list(range(ends[0], min(ends[-1], count + 1) + 1)) or [0]
            if not all(1 <= number <= count for number in latest):
                return Problem(f"There is no number {token} here. {hint}")
            if any(number in marked for number in latest):
                return Problem(f"Number {token} is named twice. {hint}")
            marked.update(dict.fromkeys(latest, "present"))
        elif token in _MARKS and latest:
            marked.update(dict.fromkeys(latest, _MARKS[token]))
            latest = []
        elif token not in ("and", "yes", "y"):
            return Problem(hint)
    return marked or Problem(hint)


def _age(said: str, question: Question, case: Case) -> Reply | Problem:
    try:
        years = age_in_years(said)
    except CaseError as error:
        return Problem(str(error))
    if outlasts(case.duration_days, years):
        return Problem("That is younger than this has been going on. Please check, or type b to go back.")
    return Reply(question=question.id, age_years=years)


def _duration(said: str, question: Question, case: Case, catalogue: Catalogue) -> Reply | Problem:
    try:
        days = duration_in_days(said, catalogue)
    except CaseError as error:
        return Problem(str(error))
    if outlasts(days, case.age_years):
        return Problem("That is longer than the age you gave allows. Please check, or type b to go back.")
    return Reply(question=question.id, duration_days=days)


def outlasts(days: float | None, years: float | None) -> bool:
    """Whether the complaint is older than the person (a year of rounding is forgiven)."""
    return days is not None and years is not None and days / 365.25 > years + 1.0


def age_in_years(words: str) -> float:
    """The age that is meant by ``34``, ``aged 34`` or ``8 months``.

    Raises:
        CaseError: no age, or one that nobody reaches.
    """
    found = _AGE.fullmatch(words.strip().lower())
    if found is None:
        raise CaseError("Type the age in years, such as 34. For a baby, type 8 months.")
    years = float(found[1].replace(",", ".")) / _PER_YEAR.get((found[2] or "")[:2], 1.0)
    if years > 120:
        raise CaseError(f"Nobody is {years:g} years old. Type the age in years, from 0 to 120.")
    return round(years, 3)


def duration_in_days(words: str, catalogue: Catalogue) -> float:
    """The length of time that is meant by ``3 days``, ``two weeks`` or ``since yesterday``.

    Raises:
        CaseError: no length of time.
    """
    try:
        days = read_text(f"Twitching for {words}.", catalogue).duration_days if len(words) <= 80 else None
    except CaseError:
        days = None
    if days is None:
        raise CaseError("Type a length of time, such as 3 days, 2 weeks or since yesterday.")
    return days
