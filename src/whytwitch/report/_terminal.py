"""The report in a terminal: plain words first, numbers for experts on request."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Flag, Ranked
from whytwitch.report import _phrases as say
from whytwitch.report._build import page
from whytwitch.report._clean import capital, clean, small
from whytwitch.report._numbers import chance, span
from whytwitch.report._paint import (
    GAP,
    LEVEL_STYLE,
    MARK_STYLE,
    MARKS,
    Brush,
    Sections,
    bullets,
    indented,
    numbered,
)
from whytwitch.report._terminal_expert import expert_sections
from whytwitch.report._view import Banner, CauseView, Page, Reason


class TerminalReport(Sections):
    """A rich renderable of an assessment; it adapts to the width it is given."""

    def __init__(self, assessment: Assessment, catalogue: Catalogue, *, expert: bool = False) -> None:
        self.page = page(assessment, catalogue)
        self.catalogue = catalogue
        self.expert = expert

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        yield _banner(self.page.banner, brush)
        yield from _understood(self.page, brush)
        yield _likely(self.page, brush, expert=self.expert)
        if self.expert:
            yield from expert_sections(self.page, self.catalogue, brush)
        else:
            if not self.page.urgent:
                yield _why(self.page, brush)
            yield from _advice(self.page, brush)
            yield from _watch(self.page, brush)
        yield from _beliefs(self.page, brush)
        yield from _next(self.page, brush)
        yield _footer(self.page)


def terminal_report(assessment: Assessment, catalogue: Catalogue, *, expert: bool = False) -> TerminalReport:
    """The assessment as a rich renderable: ``Console().print(terminal_report(...))``."""
    return TerminalReport(assessment, catalogue, expert=expert)


# --- how soon -------------------------------------------------------------------------------------


def _banner(banner: Banner, brush: Brush) -> RenderableType:
    style = LEVEL_STYLE[banner.level]
    headline = banner.text.headline.upper() if banner.level == "emergency" else banner.text.headline
    parts: list[RenderableType] = [Text(headline, style=style), GAP]
    parts += [Text(banner.lead), GAP, Text(say.STEPS_HEADING, style="bold"), _steps(banner.steps)]
    if banner.level == "emergency":
        parts += [GAP, Text(say.EMERGENCY_NUMBERS, style="dim")]
    if banner.flags:
        parts += [GAP, Text(say.FLAGS_HEADING, style="bold")]
        parts.append(bullets((_flag(f) for f in banner.flags), brush.sign("•", "*")))
    parts += list(_holds(banner, brush))
    heavy = banner.level in ("emergency", "urgent")
    return Panel(
        Group(*parts),
        box=box.HEAVY if heavy else box.ROUNDED,
        border_style=style.removeprefix("bold "),
        padding=(0, 1) if brush.narrow else (1, 2),
        title=Text(banner.text.label, style=style) if heavy else None,
        title_align="left",
    )


def _steps(steps: tuple[str, ...]) -> RenderableType:
    return Text(steps[0], style="bold") if len(steps) == 1 else numbered(steps)


def _flag(flag: Flag) -> Text:
    text = Text(f"{flag.title}. ", style="bold")
    text.append(flag.plain, style="not bold")
    if flag.unsure:
        text.append(f" {say.UNSURE_FLAG}", style="not bold dim")
    return text


def _holds(banner: Banner, brush: Brush) -> Iterator[RenderableType]:
    if not banner.holds:
        return
    yield GAP
    calm = banner.level in ("reassurance", "routine")
    yield Text(say.HOLDS if calm else say.SOONER, style="bold")
    for holds in banner.holds:
        yield Text(holds.heading, style=LEVEL_STYLE[holds.level].removeprefix("bold "))
        yield bullets((capital(item) for item in holds.items), brush.sign("•", "*"), indent=1)


# --- what was understood --------------------------------------------------------------------------


def _understood(page: Page, brush: Brush) -> Iterator[RenderableType]:
    parts: list[RenderableType] = [brush.heading(say.UNDERSTOOD)]
    if not page.understood:
        parts.append(Text(say.NOTHING_UNDERSTOOD))
    for group in page.understood:
        mark = MARKS[group.mark][brush.ascii]
        parts += [
            Text(group.heading, style="dim"),
            bullets(group.items, mark, MARK_STYLE[group.mark], indent=1),
        ]
    if page.doubts:
        parts.append(Text(say.DOUBTS, style="yellow"))
        parts.append(bullets(page.doubts, "?", "yellow", indent=1))
    if page.not_understood:
        parts.append(Text(say.NOT_UNDERSTOOD, style="dim"))
        parts.append(
            bullets((f"“{text}”" for text in page.not_understood), MARKS["value"][brush.ascii], indent=1)
        )
    yield Group(*parts)


# --- what fits ------------------------------------------------------------------------------------


def _likely(page: Page, brush: Brush, *, expert: bool) -> RenderableType:
    parts: list[RenderableType] = [brush.heading(say.LIKELY), Text(page.heading), GAP]
    if page.urgent and not expert:
        # No chances here: a small number beside a grave cause could keep somebody from calling.
        return Group(*parts, bullets((v.ranked.plain_name for v in page.top), brush.sign("•", "*")))
    shown = [view.ranked for view in page.top]
    parts.append(_bars((*shown, *page.others), brush, numbers=True))
    parts.append(
        indented(Text(say.NONE_OF_THESE.format(chance=chance(page.assessment.none_of_these)), "dim"), 0)
    )
    if page.grave and not page.urgent:
        parts += [GAP, Text(say.GRAVE, style="bold"), Text(say.GRAVE_LEAD, style="dim")]
        parts.append(_bars(page.grave, brush, numbers=False))
    parts += [GAP, Text(say.LIKELY_NOTE, style="dim")]
    return Group(*parts)


def _bars(rows: tuple[Ranked, ...], brush: Brush, *, numbers: bool) -> RenderableType:
    width = brush.width - 4 if brush.narrow else 24
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold", ratio=1)
    if not brush.narrow:
        table.add_column(no_wrap=True, width=width)
        table.add_column(no_wrap=True)
    for number, ranked in enumerate(rows, 1):
        label = Text(f"{number}" if numbers else brush.sign("•", "*"), style="dim")
        bar = brush.bar(ranked.probability, ranked.low, ranked.high, width)
        odds = Text(chance(ranked.probability))
        reach = Text(span(ranked.low, ranked.high), style="dim")
        name = Text(ranked.plain_name, style="bold")
        if brush.narrow:
            table.add_row(label, Group(name, Text.assemble(odds, ", " if reach else "", reach), bar))
        else:
            table.add_row(label, name, bar, Group(odds, reach) if reach else odds)
    return table


# --- reasons and advice ---------------------------------------------------------------------------


def _why(page: Page, brush: Brush) -> RenderableType:
    parts: list[RenderableType] = [brush.heading(say.WHY)]
    for number, view in enumerate(page.top, 1):
        parts += [GAP] if number > 1 else []
        parts.append(Text(f"{number}. {view.ranked.plain_name}", style="bold"))
        parts.append(indented(Group(*_cause(view, brush)), 3))
    return Group(*parts)


def _cause(view: CauseView, brush: Brush) -> Iterator[RenderableType]:
    if view.note:
        yield Text(view.note)
    yield Text(" ".join(view.cause.summary.split()), style="dim")
    if not view.reasons_for and not view.reasons_against and not view.fits:
        yield Text(say.NO_REASON)
    for heading, found, style, mark in (
        (say.FOR, view.reasons_for[:4], "green", "+"),
        (say.AGAINST, view.reasons_against[:3], "red", brush.sign("−", "-")),
    ):
        if found:
            yield Text(heading + ":")
            yield bullets((_reason(reason) for reason in found), mark, style, indent=1)
    if view.fits:
        yield Text(f"{say.FITS} {', '.join(view.fits)}.")


def _reason(reason: Reason) -> Text:
    text = Text(capital(reason.text))
    text.append(f" ({say.STRENGTHS[reason.strength]})", style="dim")
    return text


def _advice(page: Page, brush: Brush) -> Iterator[RenderableType]:
    bullet = brush.sign("•", "*")
    parts: list[RenderableType] = [brush.heading(say.DO)]
    if page.banner.level in ("emergency", "urgent", "soon"):
        parts.append(Text(say.DO_FIRST, style="bold"))
    for view in page.advice:
        parts.append(Text(view.ranked.plain_name, style="bold"))
        parts.append(bullets(view.cause.action.plain, bullet, indent=1))
    yield Group(*parts)
    cared = [view for view in page.advice if view.cause.self_care]
    if page.urgent or not cared:
        return
    parts = [brush.heading(say.SELF_CARE)]
    advised: set[str] = set()
    for care in (care for view in cared for care in view.cause.self_care):
        if care.advice not in advised:
            advised.add(care.advice)
            text = Text(care.advice)
            text.append(f"\n{say.SUPPORT} {small(clean(care.support, 600)).rstrip('.')}.", style="dim")
            parts.append(bullets([text], bullet))
    yield Group(*parts)


def _watch(page: Page, brush: Brush) -> Iterator[RenderableType]:
    if page.watch and not page.urgent:
        lead = Text(say.WATCH_LEAD)
        yield Group(brush.heading(say.WATCH), lead, bullets(page.watch, brush.sign("•", "*"), "yellow"))


def _beliefs(page: Page, brush: Brush) -> Iterator[RenderableType]:
    found = [view for view in page.top if view.belief]
    if not found or page.urgent:
        return
    parts: list[RenderableType] = [brush.heading(say.BELIEF), Text(say.BELIEF_LEAD, style="dim")]
    for view in found:
        text = Text(f"{view.ranked.plain_name}: ", style="bold")
        text.append(f"{say.VERDICTS[view.ranked.verdict]}. ", style="not bold italic")
        text.append(" ".join(view.belief.split()), style="not bold")
        parts.append(bullets([text], brush.sign("•", "*")))
    yield Group(*parts)


def _next(page: Page, brush: Brush) -> Iterator[RenderableType]:
    question = page.question
    if question is None:
        return
    parts: list[RenderableType] = [brush.heading(say.NEXT), Text(clean(question.text, 400), style="bold")]
    if len(question.items) > 1:
        parts.append(bullets((item.text for item in question.items), brush.sign("□", "[ ]"), indent=1))
    parts.append(Text(f"{say.NEXT_WHY} {question.why}", style="dim"))
    yield Group(*parts)


def _footer(page: Page) -> RenderableType:
    where = say.SETTING.format(setting=say.SETTINGS[page.assessment.setting])
    text = Text(say.DISCLAIMER, style="bold")
    text.append(f" {say.DISCLAIMER_MORE} {where}", style="not bold dim")
    return text


__all__ = ["TerminalReport", "terminal_report"]
