"""How good the answers are, as tables and a plot of letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from whytwitch.reasoning import LEVELS
from whytwitch.report._paint import Brush, Sections
from whytwitch.report._result import Evaluation, Outcome

MISSES: Final = 10
"""Misses that are listed; the rest is in the JSON."""


class EvaluationReport(Sections):
    """A rich renderable of an evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        yield _ranking(self.evaluation, brush)
        yield _urgency(self.evaluation, brush)
        yield reliability_plot(self.evaluation, brush)
        yield _speed(self.evaluation, brush)
        yield from _misses(self.evaluation, brush)


def evaluation_report(evaluation: Evaluation) -> EvaluationReport:
    """An evaluation as a rich renderable: ``Console().print(evaluation_report(...))``."""
    return EvaluationReport(evaluation)


def _ranking(result: Evaluation, brush: Brush) -> RenderableType:
    hidden = ", laboratory values hidden" if result.labs_hidden else ""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Right cause in the", no_wrap=True)
    table.add_column("all cases", justify="right")
    table.add_column("mean over causes", justify="right")
    table.add_row("top 1", _percent(result.top1), _percent(result.macro_top1))
    table.add_row("top 3", _percent(result.top3), _percent(result.macro_top3))
    table.add_row("top 5", _percent(result.top5), "")
    title = f"{result.n} cases, setting {result.setting}, from {result.source}{hidden}"
    return Group(brush.heading(title), table)


def _urgency(result: Evaluation, brush: Brush) -> RenderableType:
    worst = result.emergencies_called_safe
    lines = Text.assemble(
        f"In the acceptable band: {_percent(result.urgency_in_band)}. ",
        (f"Called too late: {result.under_triaged}. ", "red" if result.under_triaged else "green"),
        f"Called too early: {result.over_triaged}.\n",
        (
            f"Emergencies called routine or reassurance: {worst} (must be 0).",
            "bold red" if worst else "bold green",
        ),
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("true ↓  said →" if not brush.ascii else "true, said")
    for level in LEVELS:
        table.add_column(level[:4] if brush.narrow else level, justify="right")
    for row, truth in enumerate(LEVELS):
        counts = result.urgency_confusion.get(truth, {})
        cells = [_cell(counts.get(said, 0), column - row) for column, said in enumerate(LEVELS)]
        table.add_row(truth, *cells)
    return Group(brush.heading("Urgency"), lines, table)


def _cell(count: int, off: int) -> Text:
    """A count: the diagonal stands out, too late is red, too early yellow."""
    if not count:
        return Text("·" if off else "0", style="dim")
    return Text(str(count), style="red" if off < 0 else "yellow" if off > 0 else "bold green")


def reliability_plot(result: Evaluation, brush: Brush) -> RenderableType:
    """Said against seen, one row a bin: a bar for what was seen, a mark where it should end."""
    width = 20 if brush.narrow else 40
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("said", no_wrap=True, justify="right")
    table.add_column("seen", no_wrap=True, justify="right")
    table.add_column("0" + "1".rjust(width), no_wrap=True)
    table.add_column("cases", no_wrap=True, justify="right")
    full, mark, empty = ("#", "|", ".") if brush.ascii else ("█", "┃", "·")
    for part in result.reliability:
        end, target = round(part.seen * width), round(part.said * width)
        cells = Text("".join(full if i < end else empty for i in range(width + 1)), style="cyan")
        cells = Text.assemble(cells[:target], (mark, "bold yellow"), cells[target + 1 :])
        table.add_row(_percent(part.said), _percent(part.seen), cells, str(part.n))
    note = f"Brier score of the first cause: {result.brier:.3f} (0 is perfect). Bar: seen; {mark}: said."
    return Group(
        brush.heading("Reliability of the first cause's probability"), table, Text(note, style="dim")
    )


def _speed(result: Evaluation, brush: Brush) -> RenderableType:
    median, slowest = result.seconds_median * 1000, result.seconds_slowest * 1000
    text = f"Median {median:.0f} ms a case; slowest {result.slowest} with {slowest:.0f} ms."
    unread = Text(f" {result.errors} could not be read.", style="red") if result.errors else Text("")
    return Group(brush.heading("Time"), Text(text).append_text(unread))


def _misses(result: Evaluation, brush: Brush) -> Iterator[RenderableType]:
    missed = sorted(
        (o for o in result.outcomes if o.rank is None or o.rank > 5), key=lambda o: -(o.rank or 10**6)
    )
    if not missed:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for column in ("case", "right", "rank") if brush.narrow else ("case", "right", "rank", "said instead"):
        table.add_column(column, overflow="fold")
    for outcome in missed[:MISSES]:
        table.add_row(*_miss(outcome)[: 3 if brush.narrow else 4])
    more = len(missed) - MISSES
    note = Text(f"and {more} more; all are in the JSON" if more > 0 else "", style="dim")
    yield Group(brush.heading("Right cause not among the first five"), table, note)


def _miss(outcome: Outcome) -> list[Text]:
    said = outcome.error or ", ".join(outcome.top[:3])
    return [Text(t) for t in (outcome.id, ", ".join(outcome.right), str(outcome.rank or "-"), said)]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
