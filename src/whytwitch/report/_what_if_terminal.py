"""A what-if in a terminal: danger first, then the number, then its parts and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from whytwitch.reasoning import Curve, WhatIf
from whytwitch.report import _what_if_phrases as say
from whytwitch.report._clean import capital
from whytwitch.report._paint import GAP, LEVEL_STYLE, Brush, Sections, bullets, indented
from whytwitch.report._what_if import View, marks, title, what_if_view

BLOCKS: Final = ("▁▂▃▄▅▆▇█", ".:-=+*#@")
GONE: Final = ("·", " ")
SIGNS: Final = {"person": "^", "after": ">", "normal": "|"}


class WhatIfReport(Sections):
    """A rich renderable of a what-if; it adapts to the width it is given."""

    def __init__(self, found: WhatIf, *, expert: bool = False) -> None:
        self.shown = what_if_view(found, expert=expert)
        self.expert = expert

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        shown = self.shown
        yield _how_soon(shown)
        yield _answer(shown, brush)
        if shown.rate:
            yield Group(brush.heading(say.RATE), *(Text(line) for line in shown.rate))
        yield from _parts(shown, brush)
        yield from _curves(shown, brush)
        yield from _unknown(shown, brush)
        if self.expert:
            yield Group(brush.heading("What the model leaves out"), bullets(say.LIMITS, brush.sign("•", "*")))
        more = "" if self.expert else " More: --expert, --html FILE."
        yield Text.assemble((say.SAFETY, "bold"), (f" {say.MODEL}{more}", "dim"))


def what_if_report(found: WhatIf, *, expert: bool = False) -> WhatIfReport:
    """A what-if as a rich renderable: ``Console().print(what_if_report(...))``."""
    return WhatIfReport(found, expert=expert)


def _how_soon(shown: View) -> RenderableType:
    style = LEVEL_STYLE[shown.level]
    first, rest = shown.how_soon[0], shown.how_soon[1:]
    text = Text(first, style=style)
    for line in rest:
        text.append(f" {line}", style="not bold default")
    if shown.level not in ("emergency", "urgent"):
        return text
    return Panel(
        text, title=say.HOW_SOON, title_align="left", box=box.HEAVY,
        border_style=style.removeprefix("bold "), padding=(0, 1),
    )  # fmt: skip


def _answer(shown: View, brush: Brush) -> RenderableType:
    lines: list[RenderableType] = []
    if shown.asked:
        lines.append(Text(f"{capital(shown.asked)}.", style="dim"))
    lines += [Text(line, style="bold" if k == 0 else "") for k, line in enumerate(shown.headline)]
    lines += [Text(line, style="dim") for line in shown.details]
    return Panel(
        Group(*lines), title=say.TITLE, title_align="left", box=box.ROUNDED, border_style="cyan",
        padding=(0, 1) if brush.narrow else (1, 2),
    )  # fmt: skip


def _parts(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.rows:
        return
    parts: list[RenderableType] = [brush.heading(say.SHARES)]
    if shown.rows_note:
        parts.append(Text(shown.rows_note, style="dim"))
    for row in shown.rows:
        text = Text(row.name, style="bold")
        text.append(f" {row.value}".rstrip(), style="not bold")
        if row.part:
            text.append(f": {row.part}", style="not bold cyan").append(
                f" ({row.reach})", style="not bold dim"
            )
        text.append(f"\n{say.GRADE_LEAD}: {row.known}.", style="not bold dim")
        for note in row.notes:
            text.append(f" {note}", style="not bold dim")
        parts.append(bullets([text], brush.sign("•", "*")))
    yield Group(*parts)


def _curves(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.curves:
        return
    parts: list[RenderableType] = [brush.heading(say.CURVES)]
    for curve in shown.curves:
        cells, below = spark(curve, ascii_only=brush.ascii)
        unit = f" {curve.unit}" if curve.unit and curve.unit != "pH" else ""
        parts.append(Text(f"{title(curve.factor)}, {curve.at[0]:g} to {curve.at[-1]:g}{unit}"))
        parts.append(indented(Text(f"{cells}\n{below}", style="cyan", no_wrap=True)))
        said = {"person": say.OWN, "after": say.OWN_AFTER, "normal": say.USUAL_VALUE}
        key = ", ".join(f"{SIGNS[side]} {said[side].format(value=f'{v:.4g}')}" for side, v in marks(curve))
        parts.append(indented(Text(key, style="dim")))
    yield Group(*parts)


def spark(curve: Curve, *, ascii_only: bool = False) -> tuple[str, str]:
    """A curve as one row of blocks on a logarithmic scale, and a row of marks below it."""
    blocks, gone = BLOCKS[ascii_only], GONE[ascii_only]
    known = [value for value in curve.log10 if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = max(high - low, 1e-9)
    cells = "".join(
        gone if value is None else blocks[min(int((value - low) / span * len(blocks)), len(blocks) - 1)]
        for value in curve.log10
    )
    below = [" "] * len(curve.at)
    # Own values are drawn over the normal one where they fall on one place.
    for side, value in reversed(list(marks(curve))):
        below[min(range(len(curve.at)), key=lambda i: abs(curve.at[i] - value))] = SIGNS[side]
    return cells, "".join(below)


def _unknown(shown: View, brush: Brush) -> Iterator[RenderableType]:
    if not shown.unknown:
        return
    parts: list[RenderableType] = [brush.heading(say.UNKNOWN), Text(say.UNKNOWN_LEAD, style="dim")]
    for row in shown.unknown:
        text = Text(f"{row.name}. ", style="bold")
        text.append(" ".join(row.lines), style="not bold")
        parts.append(bullets([text], brush.sign("•", "*")))
    parts.append(GAP)
    yield Group(*parts[:-1])


__all__ = ["WhatIfReport", "spark", "what_if_report"]
