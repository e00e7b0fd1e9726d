from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from recording_builders import make_signature, make_twitches
from rich.cells import cell_len

from whytwitch.recording import Problem
from whytwitch.report import recording_report

Show = Callable[..., str]
CASES: dict[str, dict[str, Any]] = {
    "usual": {},
    "nothing": {"n_units": 0},
    "one channel": {"n_channels": 1, "calibrated": False},
    "many units": {"n_units": 40, "n_events": 400, "kinds": ("fasciculation", "train", "fibrillation")},
    "unusable": {"n_units": 0, "voluntary_s": ((0.0, 300.0),)},
}


def flat(text: str) -> str:
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("expert", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(show: Show, case: str, expert: bool, width: int) -> None:
    twitches = make_twitches(**CASES[case])
    text = show(recording_report(twitches, make_signature(twitches), expert=expert), width)
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= min(width, 100)


def test_order(show: Show) -> None:
    twitches = make_twitches()
    text = flat(show(recording_report(twitches, make_signature(twitches))))
    parts = (
        "110 twitches were seen, about 23 a minute", "What this recording shows",
        "biceps brachii · 16 electrodes", "Could be used", "Healthy people",
        "This recording: 23 (may be 19 to 28)", "Tamborska 2020",
        "The motor units behind it", "What it may mean", "What it does not mean", "What cannot be said",
        "This tool informs; it does not diagnose.",
    )  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_few_seconds_make_no_rate_for_a_headline(show: Show) -> None:
    twitches = make_twitches()
    short = make_signature(twitches, clean_minutes=0.1, fasciculations=3)
    text = flat(show(recording_report(twitches, short)))
    assert "3 twitches were seen in 6 seconds" in text
    assert "a minute There is" not in text


def test_what_is_not_known_is_said_once(show: Show) -> None:
    """The measures and the report both know that sizes are missing."""
    twitches = make_twitches(calibrated=False)
    sentence = "The file does not say how large its signals are. So sizes are left out."
    told = make_signature(twitches, muscle="", norm=None, cannot_say=(sentence,))
    text = flat(show(recording_report(twitches, told), 100))
    assert text.count("how large its signals are") == 1
    assert "The muscle is not named. Healthy people differ" in text


def test_experts_get_every_number(show: Show) -> None:
    twitches = make_twitches()
    text = flat(show(recording_report(twitches, make_signature(twitches), expert=True), 100))
    for part in (
        "95 % interval 19 to 28",
        "Median interval (ms)",
        "4,100 to 6,600",
        "Awaji",
        "cannot be said",
    ):
        assert part in text.replace("\u00a0", " ")


def test_marks_do_not_overtake_the_scale(show: Show) -> None:
    """The dot lies left of the norm's end where the rate is lower."""
    twitches = make_twitches(n_events=8)
    norm = {"muscle": "x", "healthy": "few", "highest_per_min": 14.0, "verdict": "within", "source": "s"}
    lines = show(recording_report(twitches, make_signature(twitches, norm=norm)), 80).splitlines()
    healthy = next(line for line in lines if line.startswith("Healthy people"))
    here = next(line for line in lines if line.startswith("This recording "))
    assert here.index("●") < healthy.index("┫")


def test_plain_letters_suffice(show: Show) -> None:
    class Ascii:
        encoding = "ascii"

        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None:
            pass

    from rich.console import Console

    out: Any = Ascii()
    twitches = make_twitches(calibrated=False)
    Console(file=out, width=80).print(recording_report(twitches, make_signature(twitches)))
    drawn = set(out.text) & set("█▁▂▃▄▅▆▇━┫●·╭│")
    assert not drawn


def test_names_cannot_restyle_the_terminal(show: Show) -> None:
    evil = "[bold red]x[/]\x1b[31m\u202e"
    twitches = make_twitches(names=(evil,), muscle=evil, name=evil, problems=(Problem(evil, evil),))
    text = show(recording_report(twitches, make_signature(twitches)), force_terminal=True)
    assert "\x1b[31m" not in text
    assert "\u202e" not in text
    assert "[bold red]x[/]" in text


def test_uncalibrated_has_no_microvolts(show: Show) -> None:
    twitches = make_twitches(calibrated=False)
    for expert in (False, True):
        assert "µV" not in show(recording_report(twitches, make_signature(twitches), expert=expert))
