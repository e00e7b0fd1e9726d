from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Understood, UrgencyVerdict
from whytwitch.report import _phrases as say
from whytwitch.report import terminal_report
from whytwitch.report._numbers import chance, decimal, span
from whytwitch.report._steps import steps_of

Build = Callable[..., Assessment]
Show = Callable[..., str]


def flat(text: str) -> str:
    """What is read, without frames and line breaks."""
    return " ".join(re.sub(r"[│┃╭╮╰╯━─┏┓┗┛|]", " ", text).split())


@pytest.mark.parametrize("expert", [False, True])
@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(
    answer: Assessment, catalogue: Catalogue, show: Show, width: int, expert: bool
) -> None:
    text = show(terminal_report(answer, catalogue, expert=expert), width)
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= min(width, 100)


def test_urgency_comes_first(answer: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(answer, catalogue)))
    headline = say.LEVELS[answer.urgency.level].headline
    first = text[:120].lower()
    assert headline.lower() in first or say.TOO_LITTLE.headline.lower() in first
    assert text.index(say.STEPS_HEADING) < text.index(say.UNDERSTOOD) < text.index(say.LIKELY)


def test_an_emergency_says_what_to_do_and_stops_asking(
    emergency: Assessment, catalogue: Catalogue, show: Show
) -> None:
    text = flat(show(terminal_report(emergency, catalogue)))
    assert "GET MEDICAL HELP NOW" in text
    assert "Call your local emergency number now." in text
    assert text.index("Call your local") < text.index(say.UNDERSTOOD)
    assert say.NEXT not in text
    assert say.SELF_CARE not in text


@pytest.mark.parametrize("width", [50, 90])
def test_every_number_is_the_assessment_s(
    eyelid: Assessment, catalogue: Catalogue, show: Show, width: int
) -> None:
    text = flat(show(terminal_report(eyelid, catalogue), width))
    known = {chance(r.probability) for r in eyelid.ranking} | {chance(eyelid.none_of_these), chance(0.42)}
    for shown in re.findall(r"(?:about|less than|more than) \d+ in 1,000", text):
        assert shown in known
    for ranked in eyelid.ranking:
        assert chance(ranked.probability) in text
        assert span(ranked.low, ranked.high) in text


def test_calm_answers_are_conditional(eyelid: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(eyelid, catalogue)))
    assert say.HOLDS in text
    held = text[text.index(say.HOLDS) : text.index(say.UNDERSTOOD)]
    assert "Seizures" in held
    assert catalogue.findings["muscle_wasting"].plain in held.lower()
    assert catalogue.findings["hand_wasting"].plain not in held.lower(), "the broader sign covers it"
    assert catalogue.findings["weakness_rapid"].plain not in held.lower(), "weakness was said to be absent"


def test_nothing_said_is_not_reassured(empty: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(empty, catalogue)))
    assert say.TOO_LITTLE.headline in text
    assert say.LEVELS["reassurance"].headline not in text


def test_rare_grave_causes_are_named_with_their_chance(
    eyelid: Assessment, als: Assessment, catalogue: Catalogue, show: Show
) -> None:
    text = flat(show(terminal_report(eyelid, catalogue)))
    grave = text[text.index(say.GRAVE) :]
    assert re.search(r"ALS \(motor neuron disease\).*?less than 1 in 1,000", grave)
    second = flat(show(terminal_report(als, catalogue)))
    assert say.UNLIKELY.format(rest="about 940 of 1,000") in second
    assert say.LIKELY_GRAVE in second


def test_lay_text_has_no_jargon(answer: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = show(terminal_report(answer, catalogue)).lower()
    for word in ("probability", "posterior", "likelihood", "log odds", "prior ", "confidence"):
        assert word not in text
    assert "you have this" not in text


def test_experts_see_the_numbers(als: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(als, catalogue, expert=True), 120))
    for ranked in als.ranking:
        assert decimal(ranked.probability) in text
        assert ranked.name in text
    assert "+1.90" in text
    assert "×6.7" in text
    assert "twitching_with_wasting" in text
    assert say.METHODS["approximate"] in text
    assert catalogue.version in text
    assert "https://" in text


def test_reasons_are_words(eyelid: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(eyelid, catalogue)))
    assert "A twitching eyelid (clearly)" in text
    assert "No muscle weakness (a little)" in text
    assert "How long it has lasted (3 days) (a little)" in text
    assert "A lot of coffee or other caffeine (strongly)" in text


def test_an_emergency_names_causes_without_chances_or_reasons(
    emergency: Assessment, catalogue: Catalogue, show: Show
) -> None:
    text = flat(show(terminal_report(emergency, catalogue)))
    assert say.LIKELY_EMERGENCY in text
    assert "in 1,000" not in text
    assert say.WHY not in text


def test_a_pipe_gets_plain_text(answer: Assessment, catalogue: Catalogue, show: Show) -> None:
    assert "\x1b" not in show(terminal_report(answer, catalogue))


def test_no_color_is_heeded(eyelid: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = show(terminal_report(eyelid, catalogue), force_terminal=True, no_color=True)
    assert not re.search(r"\x1b\[[0-9;]*(3[0-7]|9[0-7]|38;)", text)


def test_the_person_s_words_are_not_markup(hostile: Assessment, catalogue: Catalogue, show: Show) -> None:
    for expert in (False, True):
        text = show(terminal_report(hostile, catalogue, expert=expert))
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[bold red]" in flat(text)


def test_what_was_not_understood_is_shown(eyelid: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(eyelid, catalogue)))
    assert "“since my aunt's party”" in text
    assert "Is the potassium of 3.3 in mmol/L?" in text
    assert "A twitching eyelid (the left eyelid)" in text
    assert say.DISCLAIMER in text


def test_reasons_against_are_told(eyelid: Assessment, catalogue: Catalogue, show: Show) -> None:
    text = flat(show(terminal_report(eyelid, catalogue)))
    first = text[text.index("1. A twitching eyelid") : text.index("2. Too much caffeine")]
    assert say.AGAINST in first
    assert first.index(say.AGAINST) < first.index("− A lot of coffee or other caffeine (a little)")


def test_what_follows_from_the_words_is_not_open(build: Build, catalogue: Catalogue, show: Show) -> None:
    """Thin hands are thin muscles, so "muscles getting thinner" is not an open sign."""
    answer = build(
        understood=(
            Understood(id="hand_wasting", plain="thin hand muscles", status="present", kind="symptom"),
        ),
        urgency=UrgencyVerdict(
            level="routine", from_rules="routine", from_ranking="routine", flags=(), actions=(),
            not_ruled_out=("muscle_wasting", "seizures"),
        ),
    )  # fmt: skip
    text = flat(show(terminal_report(answer, catalogue)))
    assert "Seizures" in text
    assert catalogue.findings["muscle_wasting"].plain not in text.lower()


def test_steps_are_said_once_and_the_call_comes_first() -> None:
    actions = ("Bring your results. Call your local emergency number now.",
               "Call your local emergency number or go to an emergency department now. Bring your results.",
               "If you faint, call your local emergency number now.")  # fmt: skip
    assert steps_of(actions) == (
        "Call your local emergency number now.",
        "Bring your results.",
        "If you faint, call your local emergency number now.",
    )
