"""The expert's part of the terminal report: numbers, rules, codes and sources."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from whytwitch.knowledge import Catalogue
from whytwitch.report import _phrases as say
from whytwitch.report._clean import capital
from whytwitch.report._numbers import decimal, ratio
from whytwitch.report._paint import GAP, Brush, bullets, indented
from whytwitch.report._view import CauseView, Page


def expert_sections(page: Page, catalogue: Catalogue, brush: Brush) -> Iterator[RenderableType]:
    """What replaces the lay reasons and advice."""
    yield _numbers(page, brush)
    for view in page.top:
        yield _cause(view, page, brush)
    yield from _rules(page, brush)
    yield _method(page, catalogue, brush)
    yield _sources(page, brush)


def _numbers(page: Page, brush: Brush) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("Cause", overflow="fold")
    for column in ("P", "90 % range") if brush.narrow else ("P", "90 % range", "Prior"):
        table.add_column(column, no_wrap=True, justify="right")
    if not brush.narrow:
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Urgency", no_wrap=True)
    for ranked in (*(v.ranked for v in page.top), *page.others, *page.grave):
        row = [ranked.name, decimal(ranked.probability), f"{decimal(ranked.low)}–{decimal(ranked.high)}"]
        table.add_row(
            *row, *([] if brush.narrow else [decimal(ranked.prior), ranked.verdict, ranked.urgency])
        )
    none = f"P(none of the catalogue's causes) = {decimal(page.assessment.none_of_these)}"
    return Group(brush.heading("Posterior"), table, Text(none, style="dim"))


def _cause(view: CauseView, page: Page, brush: Brush) -> RenderableType:
    cause, ranked = view.cause, view.ranked
    numbers = {key: cited.number for cited in page.sources for key in cited.ids}
    title = f"{cause.name} ({decimal(ranked.probability)}; prior {decimal(ranked.prior)})"
    parts: list[RenderableType] = [brush.heading(title)]
    if cause.codes:
        parts.append(Text(" · ".join(f"{k.upper()} {v}" for k, v in cause.codes.items()), style="dim"))
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=True, header_style="dim")
    table.add_column("Answer", overflow="fold")
    table.add_column("Δ log odds", no_wrap=True, justify="right")
    table.add_column("LR", no_wrap=True, justify="right")
    for reason in (*view.reasons_for, *view.reasons_against):
        style = "green" if reason.log_odds > 0 else "red"
        table.add_row(
            reason.text, Text(f"{reason.log_odds:+.2f}", style), Text(ratio(reason.log_odds), style)
        )
    parts.append(indented(table) if table.row_count else Text("No contribution above ±0.15.", style="dim"))
    if view.fits:
        parts.append(Text(f"{say.FITS} {', '.join(view.fits)}.", style="dim"))
    mechanism = " ".join(cause.mechanism.precise.split())
    verdict = f"{cause.verdict.answer}: {' '.join(cause.verdict.precise.split())}"
    for label, text, sources in (
        (f"Mechanism ({cause.mechanism.support})", mechanism, cause.mechanism.sources),
        ("Verdict", verdict, cause.verdict.sources),
    ):
        parts.append(Text.assemble((f"{label}: ", "bold"), text, (_marks(sources, numbers), "dim")))
    parts += [
        Text("Tests", style="bold"),
        bullets((f"{t.name}: {t.shows}" for t in cause.tests), "·", indent=1),
    ]
    parts += [
        Text("Action", style="bold"),
        bullets((" ".join(a.split()) for a in cause.action.precise), "·", indent=1),
    ]
    if view.changes:
        rows = (
            f"{c.text}: {decimal(c.if_yes)} if present, {decimal(c.if_no)} if absent" for c in view.changes
        )
        parts += [Text("Would change it", style="bold"), bullets(rows, "·", indent=1)]
    return Group(*parts)


def _marks(keys: tuple[str, ...], numbers: dict[str, int]) -> str:
    found = [str(numbers[key]) for key in keys if key in numbers]
    return f" [{', '.join(found)}]" if found else ""


def _rules(page: Page, brush: Brush) -> Iterator[RenderableType]:
    verdict = page.assessment.urgency
    numbers = {key: cited.number for cited in page.sources for key in cited.ids}
    lines = [f"Level {verdict.level}: rules say {verdict.from_rules}, ranking says {verdict.from_ranking}."]
    for flag in verdict.flags:
        unsure = ", unsure answer" if flag.unsure else ""
        lines.append(
            f"{flag.id} ({flag.level}, {flag.basis}{unsure}): {flag.precise}"
            f" Fired by {', '.join(flag.items)}.{_marks(flag.sources, numbers)}"
        )
    if verdict.not_ruled_out:
        lines.append("Not ruled out: " + ", ".join(verdict.not_ruled_out) + ".")
    yield Group(brush.heading("Urgency rules"), bullets(lines, "·"))


def _method(page: Page, catalogue: Catalogue, brush: Brush) -> RenderableType:
    answer = page.assessment
    lines = [
        capital(say.METHODS[answer.method]),
        f"Setting (part of the prior): {answer.setting}.",
        "Ranges: central 90 % over redrawn table entries. Contributions: with the answer minus without it.",
        say.VERSIONS.format(catalogue=catalogue.version, schema=answer.schema_version),
    ]
    return Group(brush.heading(say.HOW), bullets(lines, "·"))


def _sources(page: Page, brush: Brush) -> RenderableType:
    if not page.sources:
        return GAP
    rows = [f"{c.citation}{f' {c.link}' if c.link else ''}" for c in page.sources]
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, justify="right", style="dim")
    table.add_column(overflow="fold")
    for cited, row in zip(page.sources, rows, strict=True):
        table.add_row(f"{cited.number}.", Text(row))
    return Group(brush.heading(say.SOURCES), table)
