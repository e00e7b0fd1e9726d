"""Evaluate every set of labelled cases and write the table that the documentation shows.

    python benchmarks/evaluation/run.py [--write-docs]

Results go to ``benchmarks/results/evaluation.json``; with ``--write-docs`` the block between the
RESULTS marks of ``docs/evaluation.md`` is replaced by them, so that no figure is typed by hand.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Final, Literal, NamedTuple

from whytwitch.cohort import Evaluation, evaluate, read_labelled
from whytwitch.knowledge import Setting, load

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
RESULTS = HERE.parent / "results" / "evaluation.json"
DOCS = HERE.parent.parent / "docs" / "evaluation.md"


class Run(NamedTuple):
    """One set of cases, read one way, in one setting."""

    name: str
    file: str
    setting: Setting
    source: Literal["text", "structured"] = "text"
    hide_labs: bool = False


RUNS: Final = (
    Run("published, development (text)", "dev.jsonl", "neurology"),
    Run("published, development (structured)", "dev.jsonl", "neurology", "structured"),
    Run(
        "published, development (laboratory values hidden)", "dev.jsonl", "neurology", "text", hide_labs=True
    ),
    Run("written in the style of reports, development", "written_reports.jsonl", "neurology"),
    Run("published, fresh, half seen", "fresh_reports_seen.jsonl", "neurology"),
    Run("published, fresh, other half", "fresh_reports_rest.jsonl", "neurology"),
    Run("published, held out", "held_out_reports.jsonl", "neurology"),
    Run("everyday, development", "lay_dev.jsonl", "public"),
    Run("everyday, development, more", "written_lay.jsonl", "public"),
    Run("everyday, fresh, half seen", "fresh_lay.jsonl", "public"),
    Run("everyday, held out", "held_out_lay.jsonl", "public"),
)


def row(name: str, result: Evaluation) -> str:
    """One line of the table."""
    low, high = wilson(result.top3, result.n)
    return (
        f"| {name} | {result.n} | {result.top1:.0%} | {result.top3:.0%} ({low:.0%} to {high:.0%}) "
        f"| {result.top5:.0%} "
        f"| {result.urgency_in_band:.0%} | {result.under_triaged} / {result.over_triaged} "
        f"| {result.emergencies_called_safe} | {result.brier:.2f} |"
    )


def wilson(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, doi 10.1080/01621459.1927.10502953)."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def reliability(results: list[Evaluation]) -> str:
    """How often the first cause was right, by the probability it was given, over several sets."""
    bins: dict[tuple[float, float], list[tuple[float, bool]]] = {}
    for result in results:
        for edge in result.reliability:
            bins.setdefault((edge.low, edge.high), [])
        for outcome in result.outcomes:
            for (low, high), members in bins.items():
                if low <= outcome.first_probability < high or high == 1.0 == outcome.first_probability:
                    members.append((outcome.first_probability, outcome.rank == 1))
    lines = ["| probability given | cases | mean given | right |", "| --- | --- | --- | --- |"]
    for (low, high), members in sorted(bins.items()):
        if members:
            said = sum(p for p, _ in members) / len(members)
            right = sum(ok for _, ok in members) / len(members)
            lines.append(f"| {low:.0%} to {high:.0%} | {len(members)} | {said:.0%} | {right:.0%} |")
    return "\n".join(lines)


def main() -> None:
    """Run all sets; print and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write-docs", action="store_true")
    options = parser.parse_args()
    results = {}
    for run in RUNS:
        cases = read_labelled(CASES / run.file)
        results[run.name] = evaluate(cases, setting=run.setting, source=run.source, hide_labs=run.hide_labs)
    lines = [
        f"Catalogue {load().version}. Made by `python benchmarks/evaluation/run.py --write-docs`.",
        "",
        "| cases | n | top 1 | top 3 (95 % interval) | top 5 | urgency in band | under / over "
        "| emergencies called safe | Brier |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row(name, result) for name, result in results.items()),
        "",
        "How often the first cause was right, by the probability it was given (held-out sets together):",
        "",
        reliability([result for name, result in results.items() if "held out" in name]),
    ]
    text = "\n".join(lines)
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    summary = {name: result.model_dump(exclude={"outcomes"}) for name, result in results.items()}
    RESULTS.write_text(json.dumps(summary, indent=1) + "\n", "utf-8")
    if options.write_docs:
        page = DOCS.read_text("utf-8")
        block = re.compile(r"(<!-- RESULTS BEGIN[^>]*-->\n).*?(\n<!-- RESULTS END)", re.DOTALL)
        DOCS.write_text(block.sub(lambda m: f"{m[1]}\n{text}\n{m[2]}", page), "utf-8")


if __name__ == "__main__":
    main()
