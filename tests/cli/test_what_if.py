"""``whytwitch what-if``: against a stand-in whose rates are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.reasoning.rates import StandIn
from typer.testing import Result

from whytwitch.case import Case, DrugUse, LabResult
from whytwitch.reasoning import what_if
from whytwitch.report import what_if_html

Call = Callable[..., Result]
Complaint = Callable[[Result], str]

REVIEWED = Path(__file__).parent / "what_if.txt"
WORDS = "My calves twitch. I take hydrochlorothiazide. Potassium 5.2 mmol/L. Six coffees a day."


@pytest.fixture(autouse=True)
def _known_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch.reasoning._what_if.shipped_rates", StandIn)
    monkeypatch.setenv("COLUMNS", "100")


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def flat(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    return " ".join(result.stdout.replace("│", " ").split())


def test_the_machine_contract(call: Call) -> None:
    found = answer(call("what-if", WORDS, "--set", "potassium=4.2", "--json"))
    assert found["today"]["over_normal"]["log10"] == pytest.approx(1.0)
    assert found["change"]["ratio"] == pytest.approx(0.1)
    assert {"low", "high", "low_log10", "high_log10"} <= found["change"].keys()
    (share,) = found["shares"]
    assert share["factor"] == "potassium"
    (factor,) = found["factors"]
    assert (factor["grade"], factor["value"], factor["after"]) == ("measured", 5.2, 4.2)
    (curve,) = found["curves"]
    assert len(curve["at"]) == len(curve["log10"])
    assert {one["cause"] for one in found["unknown"]} == {"caffeine_excess", "thiazide_diuretic"}
    assert "case" not in found
    assert found["words"]


def test_the_answer_in_words(call: Call) -> None:
    told = flat(
        call("what-if", WORDS, "--set", "potassium=4.2", "--caffeine", 0, "--per-minute", "20 a minute")
    )
    assert "Today the model says: about 10 times as often as a normal muscle." in told
    assert "With the change it would twitch about 10 times less often than today." in told
    assert "Counted: 20 a minute. After the change it would be about 2 a minute" in told
    assert "Too much caffeine. You asked about this." in told
    assert "This is a calculation, not advice. Talk to the person who prescribed a drug" in told


def test_stopping_a_drug_gives_no_number_and_no_advice(call: Call) -> None:
    result = call("what-if", WORDS.replace("5.2", "3.2"), "--stop", "hydrochlorothiazide")
    told = flat(result)
    assert "What was asked for moves no number." in told
    assert "What these become without hydrochlorothiazide is not known, so they stay as measured." in told
    assert "Hydrochlorothiazide can push it this way." in told
    assert "Talk to the person who prescribed a drug before you change it." in told


@pytest.mark.parametrize("potassium", [2.3, 2.9, 6.6])
def test_red_flags_come_first(potassium: float, call: Call) -> None:
    result = call("what-if", f"Twitching. Potassium {potassium} mmol/L", "--set", "potassium=4.2")
    first = " ".join(result.stdout.replace("┃", " ").split()[:60])
    assert "How soon somebody should look" in first
    assert "doctor" in first or "help now" in first
    assert "Fewer twitches are not the aim here." in flat(result)


def test_a_calmer_nerve_is_no_good_news(call: Call) -> None:
    told = flat(call("what-if", "Twitching. Potassium 2.9 mmol/L"))
    assert "In the model this value calms the nerve. It can still harm" in told
    assert "Low potassium mostly brings weakness and cramps." in told


def test_a_nerve_that_fires_by_itself_has_no_number(call: Call) -> None:
    told = flat(call("what-if", "Twitching. Potassium 8.4 mmol/L", "--set", "potassium=5"))
    assert "the nerve in the model fires by itself, over and over" in told
    assert "After the change, beside a normal muscle: about 6.3 times as often." in told
    assert "With the change it would twitch" not in told


def test_nothing_to_simulate_is_said_kindly(call: Call) -> None:
    told = flat(call("what-if", "My left eyelid has twitched for three days"))
    assert "Nothing in what was said can be put into numbers yet." in told
    assert "These blood values would help: potassium, calcium" in told
    assert answer(call("what-if", "My eyelid twitches", "--json"))["today"] is None


@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("expert", [(), ("--expert",)])
def test_it_fits_the_terminal(
    width: int, expert: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = call("what-if", WORDS, "--set", "ionized_calcium=1.0", *expert)
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width


def test_experts_see_numbers(call: Call) -> None:
    told = flat(call("what-if", WORDS, "--expert"))
    assert "Rate over normal, today: 10 (90 % interval" in told
    assert "log10 +1.00" in told
    assert "Evidence grade" in told


def test_the_page(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = call("what-if", WORDS, "--set", "potassium=4.2", "--html", page)
    assert result.exit_code == 0, result.stderr
    html = page.read_text("utf-8")
    assert html.count("<figure>") == 1
    assert 'class="now"' in html
    assert 'class="range"' in html
    assert "about 10 times as often as a normal muscle" in html
    assert "<script" not in html
    assert "NaN" not in html
    assert html.index('id="soon"') < html.index('id="answer"')


def test_a_page_escapes_what_was_written() -> None:
    case = Case(
        labs=(LabResult(analyte="potassium", value=3.1, unit="mmol/L", value_si=3.1),),
        drugs=(DrugUse(drug="hydrochlorothiazide", name="<b>pill</b>"),),
    )
    page = what_if_html(what_if(case, rates=StandIn()))
    assert "<b>pill" not in page
    assert "&lt;b&gt;pill" in page


def test_the_whole_answer_reads_as_reviewed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read ``what_if.txt`` aloud before changing it."""
    monkeypatch.setenv("COLUMNS", "90")
    text = "My calves twitch. I take hydrochlorothiazide. Potassium 2.9 mmol/L, calcium 1.9 mmol/L. Stress."
    result = call("what-if", text, "--set", "potassium=4.2", "--caffeine", 0, "--per-minute", 20)
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert "\n".join(lines) + "\n" == REVIEWED.read_text("utf-8")


def test_cases_come_from_files_and_standard_input(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text('text = "My calves twitch."\n[labs]\npotassium = "5.2 mmol/L"\n', "utf-8")
    wanted = answer(call("what-if", "Potassium 5.2 mmol/L", "--json"))["today"]
    assert answer(call("what-if", file, "--json"))["today"] == wanted
    assert answer(call("what-if", "-", "--json", given="Potassium 5.2 mmol/L"))["today"] == wanted


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--set", "potasium=4"), "did you mean potassium?"),
        (("--set", "potassium=40"), "1 to 11 mmol/L"),
        (("--set", "potassium"), "--set potassium=4.0"),
        (("--set", "potassium=lots"), "potassium"),
        (("--stop", "aspirin"), "there are: hydrochlorothiazide"),
        (("--caffeine", "99"), "0 to 30"),
        (("--per-minute", "often"), "--per-minute 20"),
        (("--per-minute", "0"), "a minute"),
    ],
)
def test_bad_input_is_one_clear_line(
    options: tuple[str, ...], told: str, call: Call, complaint: Complaint
) -> None:
    assert told in complaint(call("what-if", WORDS, *options))


@pytest.mark.parametrize(
    ("said", "per_min"), [("20", 20), ("20/min", 20), ("120 an hour", 2), ("0.5 per second", 30)]
)
def test_a_rate_comes_in_many_forms(said: str, per_min: float, call: Call) -> None:
    found = answer(call("what-if", WORDS, "--per-minute", said, "--json"))
    assert found["anchor"]["per_min"] == pytest.approx(per_min)


def test_without_words_it_is_marked_an_example(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whytwitch._cli._source.is_nobody_writing", lambda: True)
    result = call("what-if", "--json")
    assert answer(result)["today"]["over_normal"]["log10"] > 0
    assert "EXAMPLE, not about you" in result.stderr
