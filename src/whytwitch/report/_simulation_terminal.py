"""A simulated cause in a terminal: what changes along the motor unit, calm first, numbers on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from whytwitch.knowledge import Catalogue, load_mechanics
from whytwitch.physiology.effects import State
from whytwitch.report._clean import capital
from whytwitch.report._paint import GAP, Brush, Sections, bullets
from whytwitch.report._simulation import (
    LIMITS,
    MODEL_ONLY,
    TITLE,
    IndexRow,
    Simulated,
    View,
    dose_name,
    view,
)

STYLES: Final[dict[State, str]] = {
    "unchanged": "dim", "slight": "dim", "changed": "yellow", "fires": "bold red", "silenced": "bold blue",
    "unknown": "magenta",
}  # fmt: skip


class SimulationReport(Sections):
    """A rich renderable of what a cause does; it adapts to the width it is given."""

    def __init__(self, shown: Simulated, catalogue: Catalogue, *, expert: bool = False) -> None:
        self.shown = view(shown, catalogue, expert=expert)
        self.expert = expert

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        shown = self.shown
        yield _answer(shown, brush)
        yield _along(shown, brush, expert=self.expert)
        yield from _nerve(shown, brush)
        yield from _indices("Nerve excitability test", shown.axon, brush, expert=self.expert)
        yield from _indices("The same at the ends of the nerve", shown.terminal, brush, expert=self.expert)
        yield from _recorded(shown, brush)
        yield _known(shown, brush, expert=self.expert)
        if self.expert:
            yield Group(brush.heading("What the model leaves out"), bullets(LIMITS, brush.sign("•", "*")))
        more = "" if self.expert else " More: --expert, --html FILE."
        yield Text.assemble((MODEL_ONLY, "bold"), (more, "dim"))


def simulation_report(shown: Simulated, catalogue: Catalogue, *, expert: bool = False) -> SimulationReport:
    """What a cause does as a rich renderable: ``Console().print(simulation_report(...))``."""
    return SimulationReport(shown, catalogue, expert=expert)


def _answer(shown: View, brush: Brush) -> RenderableType:
    lines = [Text(capital(shown.name), style="bold"), Text(shown.what, style="dim"), Text(shown.headline)]
    return Panel(
        Group(*(line for line in lines if line.plain)), title=TITLE, title_align="left",
        box=box.ROUNDED, border_style="cyan", padding=(0, 1) if brush.narrow else (1, 2),
    )  # fmt: skip


def _along(shown: View, brush: Brush, *, expert: bool) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", width=None if brush.narrow else 28)
    table.add_column(overflow="fold")
    for stop in shown.stops:
        mark = brush.sign("●", "*") if stop.acts else brush.sign("○", "o")
        told = Text()
        if stop.state == "unchanged":
            told.append(stop.plain, style="dim")
        else:
            told.append(capital(stop.word) + ". ", style=STYLES[stop.state]).append(stop.plain)
        for line in stop.precise if expert else ():
            told.append("\n" + line, style="dim")
        table.add_row(Text(mark, style="cyan" if stop.acts else "dim"), Text(stop.name), told)
    parts: list[RenderableType] = [brush.heading("Along the motor unit"), table]
    acts = "the cause acts here" if any(stop.acts for stop in shown.stops) else ""
    key = f"{brush.sign('●', '*')} {acts}" if acts else "The cause acts on the fluid around all of them."
    if acts or shown.fluid:
        parts.append(Text(key, style="dim"))
    if shown.fluid:
        fluid = "; ".join(f"{name} {now} (normal {usual})" for name, now, usual in shown.fluid)
        parts.append(Text(f"Fluid: {fluid}.", style="dim"))
    return Group(*parts)


def _nerve(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.nerve:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", overflow="fold", width=None if brush.narrow else 36)
    for head in ("normal", "changed"):
        table.add_column(head, justify="right", no_wrap=not brush.narrow, overflow="fold")
    for name, normal, changed in shown.nerve:
        table.add_row(Text(name), Text(normal), Text(changed, style="" if changed == normal else "cyan"))
    where = "ends of the nerve fiber" if shown.terminal else "nerve fiber"
    yield Group(brush.heading(f"The {where} in numbers"), table)


def _indices(title: str, rows: Iterable[IndexRow], brush: Brush, *, expert: bool) -> Iterator[RenderableType]:
    rows = tuple(rows)
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("index", overflow="fold")
    for head in ("normal", "changed", "z", "moved"):
        table.add_column(head, justify="right", no_wrap=True)
    if not brush.narrow:
        table.add_column("in people", no_wrap=True)
    for row in rows:
        name = f"{row.name} ({row.unit})" if row.unit else row.name
        cells = [Text(name), Text(row.normal), Text(row.changed), Text(row.z), Text(row.moved, style="cyan")]
        if not brush.narrow:
            cells.append(Text(row.word, style="" if row.word == "normal" else "yellow"))
        table.add_row(*cells)
    note = "z: from healthy people, moved: from the normal model, both in standard deviations of people."
    if not expert:
        note += " Only what moved most."
    yield Group(brush.heading(title), table, Text(note, style="dim"))


def _recorded(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.recorded:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in shown.recorded:
        table.add_row(name, Text(value))
    yield Group(brush.heading("Recorded"), table, bullets(shown.notes, brush.sign("•", "*"), style="dim"))


def _known(shown: View, brush: Brush, *, expert: bool) -> RenderableType:
    parts: list[RenderableType] = [brush.heading("How well this is known"), Text(shown.grade_words)]
    if shown.plain:
        parts.append(Text(shown.plain))
    if expert:
        parts.append(bullets(shown.provenance, brush.sign("•", "*"), style="dim"))
    for citation, address in shown.sources if expert else ():
        parts.append(Text(f"{citation} {address or ''}".rstrip(), style="dim"))
    return Group(*parts)


class SimulableReport:
    """The causes that can be simulated, with their readings, doses and grades."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render one entry a cause, one line a reading; then those that cannot be simulated."""
        brush = Brush(options)
        narrowed = options.update_width(brush.width)
        mechanics, absent = load_mechanics(), []
        for key, entry in mechanics.causes.items():
            if not entry.scenarios:
                absent.append(key)
                continue
            table = Table.grid(padding=(0, 2, 0, 0))
            table.add_column(overflow="fold", width=None if brush.narrow else 24)
            table.add_column(overflow="fold", ratio=1)
            for scenario in entry.scenarios:
                dose = scenario.dose
                told = Text(scenario.name)
                told.append(
                    f"\n{dose_name(scenario)} {dose.low:g} to {dose.high:g} {dose.unit}, normal "
                    f"{dose.normal:g}, shown {dose.typical:g}; {scenario.grade}",
                    style="dim",
                )
                table.add_row(Text(f"  {scenario.id}"), told)
            yield from console.render(Text(key, style="bold"), narrowed)
            yield from console.render(table, narrowed)
        yield GAP
        without = f"Not simulated, for want of a mechanism in the motor unit: {', '.join(absent)}."
        yield from console.render(Text(without, style="dim"), narrowed)


def simulable_report() -> SimulableReport:
    """What can be simulated as a rich renderable."""
    return SimulableReport()


__all__ = ["SimulationReport", "simulable_report", "simulation_report"]
