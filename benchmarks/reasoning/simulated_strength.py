"""What it does to accuracy to let the simulated nerve say how strongly a measured value explains twitching.

    python benchmarks/reasoning/simulated_strength.py

Every set of labelled development cases is ranked both ways; held-out sets are left alone, since the switch is
set by what is found here. Results go to ``benchmarks/results/simulated_strength.json``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from whytwitch.cohort import Evaluation, Outcome, evaluate, read_labelled
from whytwitch.knowledge import Setting

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


def main() -> None:
    """Rank every set both ways."""
    found: dict[str, Any] = {}
    for run in RUNS:
        cases = read_labelled(CASES / run.file)
        off, on = (
            evaluate(cases, setting=run.setting, source=run.source, simulated=simulated)
            for simulated in (False, True)
        )
        name = f"{run.file} ({run.source})"
        found[name] = {"off": summary(off), "on": summary(on), "moved": moved(off.outcomes, on.outcomes)}
        print(name)
        for side in ("off", "on"):
            row = found[name][side]
            print(f"  {side:3}", ", ".join(f"{key} {value:.4g}" for key, value in row.items()))
        for row in found[name]["moved"]:
            print("   ", row)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
