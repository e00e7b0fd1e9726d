"""``whytwitch evaluate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from whytwitch._cli._console import err, out
from whytwitch.cohort import evaluate as evaluate_cases
from whytwitch.cohort import read_labelled
from whytwitch.knowledge import Setting, load


def evaluate(
    path: Path, *, source: Literal["text", "structured"], setting: Setting, hide_labs: bool, json: bool
) -> None:
    """Run labelled cases and print how it went."""
    cases = read_labelled(path)
    with _progress(len(cases)) as advance:
        result = evaluate_cases(
            cases, setting=setting, source=source, hide_labs=hide_labs, catalogue=load(), progress=advance
        )
    if json:
        sys.stdout.write(result.model_dump_json(indent=2) + "\n")
        return
    from whytwitch.report import evaluation_report

    out().print(evaluation_report(result))


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error, where somebody is looking at it."""
    console = err()
    if not console.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Cases"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[last]}", style="dim"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("cases", total=total, last="")
        yield lambda key: bar.update(task, advance=1, last=key[:20])
