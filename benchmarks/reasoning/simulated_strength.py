"""What it does to accuracy to let the simulated nerve say how strongly a measured value explains twitching.

    python benchmarks/reasoning/simulated_strength.py

Every set of labelled development cases is ranked with and without; held-out sets are left alone, since the
switch is set by what is found here. "both ways" also lets the nerve weaken what calms it, as low
potassium does; the product never does so. Results go to ``benchmarks/results/simulated_strength.json``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from unittest.mock import patch

from whytwitch.cohort import Evaluation, Labelled, Outcome, evaluate, read_labelled
from whytwitch.knowledge import Setting
from whytwitch.reasoning import _strength

CASES: Final = Path(__file__).parents[1] / "cases"
RESULTS: Final = Path(__file__).parents[1] / "results" / "simulated_strength.json"


class Run(NamedTuple):
    """One set of cases, read one way."""

    file: str
    setting: Setting
    source: Literal["text", "structured"] = "text"


RUNS: Final = (
    Run("dev.jsonl", "neurology"),
    Run("dev.jsonl", "neurology", "structured"),
    Run("written_reports.jsonl", "neurology"),
    Run("fresh_reports_seen.jsonl", "neurology"),
    Run("lay_dev.jsonl", "public"),
    Run("written_lay.jsonl", "public"),
)


def summary(of: Evaluation) -> dict[str, Any]:
    """What is compared."""
    keys = (
        "n",
        "top1",
        "top3",
        "top5",
        "urgency_in_band",
        "under_triaged",
        "emergencies_called_safe",
        "brier",
    )
    mean = sum(outcome.probability for outcome in of.outcomes) / len(of.outcomes)
    return {key: getattr(of, key) for key in keys} | {"mean_probability_of_right": mean}


def moved(off: tuple[Outcome, ...], on: tuple[Outcome, ...]) -> list[dict[str, Any]]:
    """Cases whose right cause got another rank or another chance (by a hundredth or more)."""
    return [
        {
            "id": a.id,
            "right": a.right,
            "rank": [a.rank, b.rank],
            "probability": [a.probability, b.probability],
        }
        for a, b in zip(off, on, strict=True)
        if a.rank != b.rank or abs(a.probability - b.probability) >= 0.01
    ]


def _ranked(cases: list[Labelled], run: Run, *, simulated: bool) -> Evaluation:
    return evaluate(cases, setting=run.setting, source=run.source, simulated=simulated)


def main() -> None:
    """Rank every set both ways."""
    found: dict[str, Any] = {}
    for run in RUNS:
        cases = read_labelled(CASES / run.file)
        off, on = (_ranked(cases, run, simulated=simulated) for simulated in (False, True))
        with patch.object(_strength, "AGREED_LOG10", -math.inf):
            weakened = _ranked(cases, run, simulated=True)
        name = f"{run.file} ({run.source})"
        found[name] = {
            "off": summary(off), "on": summary(on), "both ways": summary(weakened),
            "moved": moved(off.outcomes, on.outcomes),
            "moved both ways": moved(off.outcomes, weakened.outcomes),
        }  # fmt: skip
        print(name)
        for side in ("off", "on", "both ways"):
            row = found[name][side]
            print(f"  {side:9}", ", ".join(f"{key} {value:.4g}" for key, value in row.items()))
        for row in found[name]["moved both ways"]:
            print("   ", row)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
