"""``whytwitch rate``: what it says, what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from whytwitch._cli._rate import many_times, per_time
from whytwitch.cli import app

RUN = CliRunner()


def answer(*arguments: str) -> str:
    found = RUN.invoke(app, ["rate", *arguments])
    assert found.exit_code == 0, found.output
    return found.output


def test_a_normal_muscle_is_said_to_be_nearly_silent() -> None:
    said = answer("--method", "emulator")
    assert "How often would this muscle twitch by itself?" in said
    assert "an hour" in said
    assert "may be wrong by decades" in " ".join(said.split())


def test_a_changed_one_is_beside_the_normal() -> None:
    said = answer("--ionized-calcium", "0.9", "--method", "emulator", "--expert")
    assert "times as often as a normal muscle" in said
    assert "set by hand" in said


def test_json_has_what_scripts_need() -> None:
    found = json.loads(answer("hypocalcemia", "--method", "emulator", "--json"))
    assert found["method"] == "emulator"
    assert found["node_steps"] == 0
    assert found["low_hz"] < found["rate_hz"] < found["high_hz"]
    assert found["emulator"]["over_normal"] > 10
    assert found["changes"] == {"bath.ionized_calcium_mmol_l": 0.8}


@pytest.mark.slow
def test_simulated_and_written_whole(tmp_path: Path) -> None:
    """Few channels, so that it is quick: some discharges a second at every place."""
    target = tmp_path / "rate.json"
    answer(
        "--set", "axon.persistent_sodium=4", "--ionized-calcium", "0.6", "--spread", "0.3", "--error", "0.6",
        "--steps", "8000000", "--json", str(target), "--quiet",
    )  # fmt: skip
    found = json.loads(target.read_text("utf-8"))
    assert found["method"] == "splitting"
    assert found["node_steps"] > 0
    assert found["origin"]["terminal"] == pytest.approx(1.0)
    assert len(found["terminals"]) == 3
    assert all(place["state"] in {"rests", "fires", "blocked"} for place in found["terminals"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dose", "0.8"], "name one"),
        (["nonsense"], "there is no cause 'nonsense'"),
        (["--set", "axon.ears=1"], "there is no target 'axon.ears'"),
        (["--potassium", "400"], "potassium"),
        (["--spread", "9"], "spread_mv"),
        (["--units", "0"], "units"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: list[str], said: str) -> None:
    found = RUN.invoke(app, ["rate", *arguments, "--method", "emulator"])
    assert found.exit_code != 0
    assert said in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("hz", "said"),
    [
        (0.0, "practically never"), (5000.0, "over 1,000 a second"), (2.5, "2.5 a second"),
        (0.1, "6 a minute"), (0.001, "3.6 an hour"), (1e-5, "once in 1.2 days"), (1e-9, "once in 32 years"),
    ],
)  # fmt: skip
def test_rates_in_the_unit_in_which_one_counts(hz: float, said: str) -> None:
    assert per_time(hz) == said


@pytest.mark.parametrize(
    ("log10", "said"),
    [(0.0, "About"), (1.0, "10 times"), (4.2, "16,000 times"), (8.0, "Millions of times"), (-1.0, "1/10"),
     (-9.0, "A millionth or less")],
)  # fmt: skip
def test_ratios_in_words(log10: float, said: str) -> None:
    assert many_times(log10) == said
