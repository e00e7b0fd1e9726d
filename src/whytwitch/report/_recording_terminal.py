"""A recording's report in a terminal: a calm summary, with all numbers on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from whytwitch.recording import Signature, Twitches
from whytwitch.report import _phrases
from whytwitch.report._paint import GAP, Brush, Sections, bullets
from whytwitch.report._recording_gauge import gauge
from whytwitch.report._recording_numbers import measures
from whytwitch.report._recording_view import View, view
from whytwitch.report._recording_words import number

LISTED: Final = 12
"""Units that fit on a screen; the page and the JSON list more."""

STEPS: Final = "▁▂▃▄▅▆▇█"


class RecordingReport(Sections):
    """A rich renderable of what was found in a recording; it adapts to the width it is given."""

    def __init__(self, twitches: Twitches, signature: Signature, *, expert: bool = False) -> None:
        self.shown = view(twitches, signature, expert=expert)

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        shown = self.shown
        yield _answer(shown, brush)
        yield _recorded(shown, brush)
        yield from _how_often(shown, brush)
        yield from _units(shown, brush)
        yield _points(shown.say.MAY, shown.may, brush)
        yield _points(shown.say.MAY_NOT, shown.may_not, brush)
        yield from _limits(shown, brush)
        if shown.say.expert:
            yield _numbers(shown, brush)
        yield Text.assemble((_phrases.DISCLAIMER, "bold"), " ", (shown.say.LIMIT, "dim"))


def recording_report(twitches: Twitches, signature: Signature, *, expert: bool = False) -> RecordingReport:
    """What was found as a rich renderable: ``Console().print(recording_report(...))``."""
    return RecordingReport(twitches, signature, expert=expert)


def _answer(shown: View, brush: Brush) -> RenderableType:
    return Panel(
        Group(Text(shown.headline, style="bold"), Text(shown.lead)),
        box=box.ROUNDED,
        border_style="cyan",
        padding=(0, 1) if brush.narrow else (1, 2),
    )


# --- what was recorded ----------------------------------------------------------------------------


def _recorded(shown: View, brush: Brush) -> RenderableType:
    say = shown.say
    width = brush.width // 3 if brush.narrow else 30
    solid, empty = brush.sign("█", "#"), brush.sign("·", ".")
    full = round(shown.used * width)
    bar = Text(solid * full, style="cyan").append(empty * (width - full), style="dim")
    used, signal = shown.facts[1], shown.facts[3]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    what = shown.what if not brush.ascii else shown.what.replace("·", "-")
    table.add_row(say.RECORDED, Text(f"{shown.name}\n{what}"))
    table.add_row(say.USED, Text.assemble(bar, f" {used.value} {used.note}"))
    if shown.losses:
        lost = ", ".join(f"{loss.reason[:1].lower()}{loss.reason[1:]} {loss.time}" for loss in shown.losses)
        table.add_row(say.LOST_SHORT, Text(lost))
    table.add_row(say.SIGNAL, Text(f"{signal.value}{', ' if signal.note else ''}{signal.note}"))
    return Group(brush.heading(say.TITLE), table)


# --- how often ------------------------------------------------------------------------------------


def _how_often(shown: View, brush: Brush) -> Iterator[RenderableType]:
    say = shown.say
    fact = shown.facts[0]
    parts: list[RenderableType] = [brush.heading(say.RATE), *_scale(shown, brush)]
    note = f"{fact.value} ({fact.note})" if fact.note else say.UNSAID
    parts.append(Text.assemble((f"{say.NORM_HERE}: ", "dim"), note))
    healthy, source = shown.norm
    parts.append(Text(healthy or say.NORM_NONE))
    if source:
        parts.append(Text(f"{say.NORM_SOURCE} {source}", style="dim"))
    if not brush.ascii:
        parts += _over_time(shown)
    yield Group(*parts)


def _scale(shown: View, brush: Brush) -> Iterator[RenderableType]:
    """Two bars on one scale, and the scale."""
    found = gauge(shown)
    if found is None:
        return
    say = shown.say
    labels = (say.NORM_HEALTHY, say.NORM_HERE)
    gutter = max(map(len, labels)) + 1
    width = min(brush.width - gutter - 1, 70)

    def at(place: float) -> int:
        return min(width - 1, round(place / 100 * (width - 1)))

    bar, end = brush.sign("━", "="), brush.sign("┫", "|")
    if found.norm is not None:
        cells = bar * at(found.norm) + end
        yield Text.assemble((labels[0].ljust(gutter), "dim"), (cells, "green"))
    line = [" "] * width
    for i in range(at(found.low), at(found.high) + 1):
        line[i] = bar
    line[at(found.value)] = brush.sign("●", "O")
    yield Text.assemble((labels[1].ljust(gutter), "dim"), ("".join(line).rstrip(), "bold cyan"))
    ticks = [" "] * width
    for place, label in found.ticks:
        start = min(at(place), width - len(label))
        if all(cell == " " for cell in ticks[max(0, start - 1) : start + len(label)]):
            ticks[start : start + len(label)] = label
    yield Text(" " * gutter + "".join(ticks).rstrip(), style="dim")


def _over_time(shown: View) -> list[RenderableType]:
    """The rate in ten stretches, as letters of different height."""
    found = shown.signature.rate_over_time
    known = [part.value for part in found if part.value is not None]
    if len(known) < 2 or max(known) <= 0:
        return []
    top = max(known)
    letters = "".join(
        "·" if part.value is None else STEPS[min(7, int(part.value / top * 7.999))] for part in found
    )
    ends = shown.say.OVER_TIME_ENDS.format(low=number(min(known)), high=number(top))
    return [Text.assemble((f"{shown.say.OVER_TIME} ", "dim"), (letters, "cyan"), f" {ends}")]


# --- units, meaning, limits -----------------------------------------------------------------------


def _units(shown: View, brush: Brush) -> Iterator[RenderableType]:
    say, rows = shown.say, shown.rows
    if not rows:
        return
    sized = shown.signature.calibrated
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    wide, expert = not brush.narrow, say.expert and brush.width >= 95
    heads = [say.UNIT, say.KIND, say.COUNT, say.PER_MIN] + ([say.RANGE] if wide else [])
    heads += ([say.SIZE] if sized else []) + ([say.LENGTH, say.BEST_SHORT] if wide else [])
    heads += [say.LIKENESS, "Isolated"] if expert else []
    for head in heads:
        left = head in (say.UNIT, say.KIND, say.BEST_SHORT)
        table.add_column(head, justify="left" if left else "right", no_wrap=not left, overflow="fold")
    for row in rows[:LISTED]:
        cells = [str(row.unit), row.kind, row.n, row.rate] + ([row.reach] if wide else [])
        cells += ([row.size] if sized else []) + ([row.duration, row.channel] if wide else [])
        cells += [row.likeness, row.isolated]
        table.add_row(*(Text(cell) for cell in cells[: len(heads)]))
    parts: list[RenderableType] = [
        brush.heading(say.UNITS_HEADING),
        Text(say.UNITS_LEAD, style="dim"),
        GAP,
        table,
    ]
    more = len(shown.signature.units) - LISTED
    notes = [say.UNITS_MORE.format(n=more)] if more > 0 else []
    notes += [say.UNSORTED_NOTE.format(n=shown.unsorted)] if shown.unsorted else []
    if notes:
        parts.append(Text(" ".join(notes), style="dim"))
    yield Group(*parts)


def _points(heading: str, points: tuple[str, ...], brush: Brush) -> RenderableType:
    return Group(brush.heading(heading), bullets(points, brush.sign("•", "*")))


def _limits(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.limits:
        return
    items = []
    for what, remedy in shown.limits:
        text = Text(what)
        if remedy:
            text.append(f" {shown.say.REMEDY} {remedy}", style="dim")
        items.append(text)
    yield Group(brush.heading(shown.say.LIMITS), bullets(items, brush.sign("•", "*")))


def _numbers(shown: View, brush: Brush) -> RenderableType:
    say = shown.say
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(say.MEASURE, overflow="fold")
    for head in (say.VALUE, say.RANGE, say.BASIS):
        table.add_column(head, justify="right", overflow="fold")
    for measure in measures(shown):
        table.add_row(*map(Text, (measure.name(expert=True), measure.value, measure.range, measure.n)))
    return Group(brush.heading(say.NUMBERS), Text(say.NUMBERS_NOTE, style="dim"), table)


__all__ = ["RecordingReport", "recording_report"]
