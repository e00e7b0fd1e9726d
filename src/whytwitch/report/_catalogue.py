"""The catalogue, readable: the list of causes, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from whytwitch.knowledge import Catalogue, Cause, Link, Source
from whytwitch.report import _phrases as say
from whytwitch.report._clean import capital, link, sentences, small
from whytwitch.report._paint import GAP, LEVEL_STYLE, Brush, bullets


class CausesReport:
    """Many causes as a table: by family, or by how well they match a search."""

    def __init__(self, causes: Sequence[Cause], catalogue: Catalogue, *, query: str, expert: bool) -> None:
        self.causes = causes
        self.catalogue = catalogue
        self.query = query.strip()
        self.expert = expert

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render one table a family, or one for a search."""
        brush = Brush(options)
        narrowed = options.update_width(brush.width)
        for part in self._parts(brush):
            yield from console.render(part, narrowed)

    def _parts(self, brush: Brush) -> Iterator[RenderableType]:
        if self.query:
            yield Text(say.FOUND.format(query=self.query, count=len(self.causes)), style="dim")
            yield GAP
            yield self._table(self.causes, brush)
        else:
            for family in self.catalogue.families.values():
                members = [cause for cause in self.causes if cause.family == family.id]
                if members:
                    yield brush.heading(f"{family.plain} ({len(members)})")
                    yield self._table(members, brush)
                    yield GAP
        yield Text(say.ONE_CAUSE, style="dim")

    def _table(self, causes: Sequence[Cause], brush: Brush) -> Table:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", width=None if brush.narrow else 30)
        if not brush.narrow:
            table.add_column(overflow="fold", ratio=1)
        for cause in causes:
            table.add_row(
                *(cell if isinstance(cell, Text) else Text(cell) for cell in self._row(cause, brush))
            )
        return table

    def _row(self, cause: Cause, brush: Brush) -> list[Text | str]:
        name = Text(cause.plain_name, style="bold")
        name.append(f"\n{cause.id}", style="not bold dim")
        if self.expert:
            name.append(f"\n{cause.name}", style="not bold")
        tags = Text(say.VERDICTS[cause.verdict.answer], style="italic")
        tags.append(f" {brush.sign('·', '-')} ", style="not italic dim")
        level = say.LEVELS[cause.urgency.level].label
        tags.append(level, style=LEVEL_STYLE[cause.urgency.level].replace("bold", "not italic"))
        line = Text((sentences(" ".join(cause.summary.split())) or [""])[0] + "\n").append_text(tags)
        if brush.narrow:
            return [Text("\n").join((name, line)).append("\n")]
        return [name, line.append("\n")]


class CauseReport:
    """One cause of the catalogue, with its sources."""

    def __init__(self, cause: Cause, catalogue: Catalogue, *, expert: bool) -> None:
        self.cause = cause
        self.catalogue = catalogue
        self.expert = expert
        self.numbers: dict[str, int] = {}
        """Source key -> number, in order of first use."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render section by section; sources come last, numbered as they were cited."""
        brush = Brush(options)
        narrowed = options.update_width(brush.width)
        self.numbers = {}
        for section in (*self._sections(brush), self._sources(brush)):
            yield from console.render(section, narrowed)
            yield GAP
        yield from console.render(Text(say.DISCLAIMER, style="bold"), narrowed)

    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        cause, bullet = self.cause, brush.sign("•", "*")
        yield self._head(brush)
        yield self._said(
            brush, say.CAUSE_VERDICT, cause.verdict.plain, cause.verdict.precise, cause.verdict.sources
        )
        yield self._said(
            brush, say.CAUSE_HOW, cause.mechanism.plain, cause.mechanism.precise, cause.mechanism.sources,
            note=say.SUPPORTS[cause.mechanism.support],
        )  # fmt: skip
        yield from self._common(brush)
        yield self._said(brush, say.CAUSE_COURSE, cause.course.plain, "", cause.course.sources)
        yield self._said(brush, say.CAUSE_URGENCY, cause.urgency.plain, "", cause.urgency.sources)
        if cause.red_flags:
            yield Group(brush.heading(say.WATCH), bullets(cause.red_flags, bullet, "yellow"))
        steps = cause.action.precise if self.expert else cause.action.plain
        marks = Text(self._marks(cause.action.sources).strip(), style="dim")
        yield Group(brush.heading(say.DO), bullets((_flat(step) for step in steps), bullet), marks)
        if cause.self_care and not self.expert:
            cares = [
                f"{_flat(c.advice)} {say.SUPPORT} {small(_flat(c.support)).rstrip('.')}."
                for c in cause.self_care
            ]
            yield Group(brush.heading(say.SELF_CARE), bullets(cares, bullet))
        if cause.tests:
            tests = [f"{test.name}: {_flat(test.shows)}" for test in cause.tests]
            yield Group(brush.heading(say.CAUSE_TESTS), bullets(tests, bullet))
        yield self._typical(brush)

    def _head(self, brush: Brush) -> RenderableType:
        cause = self.cause
        family = self.catalogue.families[cause.family]
        title = cause.name if self.expert else cause.plain_name
        other = cause.plain_name if self.expert else cause.name
        also = ", ".join(dict.fromkeys(n for n in (other, *cause.synonyms) if n.lower() != title.lower()))
        facts = [f"{cause.id} {brush.sign('·', '-')} {family.plain}"]
        facts += [f"{say.CAUSE_ALSO} {also}"] if also else []
        if self.expert and cause.codes:
            facts.append(" ".join(f"{key.upper()} {code}" for key, code in cause.codes.items()))
        return Group(
            Text(title, style="bold underline"),
            Text("\n".join(facts), style="dim"),
            Text(_flat(cause.summary)),
        )

    def _said(
        self, brush: Brush, title: str, plain: str, precise: str, sources: tuple[str, ...], note: str = ""
    ) -> RenderableType:
        text = Text(_flat(precise if self.expert and precise else plain))
        text.append(f" {note}" if note else "", style="dim")
        text.append(self._marks(sources), style="dim")
        return Group(brush.heading(title), text)

    def _common(self, brush: Brush) -> Iterator[RenderableType]:
        if self.cause.prevalence:
            rows = [
                f"{_flat(p.text)} ({_flat(p.population)}){self._marks(p.sources)}"
                for p in self.cause.prevalence
            ]
            yield Group(brush.heading(say.CAUSE_COMMON), bullets(rows, brush.sign("•", "*")))

    def _typical(self, brush: Brush) -> RenderableType:
        """What it makes people notice; for experts every link with its strength and grade."""
        cause, catalogue = self.cause, self.catalogue
        ordered = sorted(cause.findings, key=lambda item: -catalogue.probability(item.p))
        if not self.expert:
            usual = [item for item in ordered if catalogue.probability(item.p) >= 0.5]
            names = [capital(catalogue.findings[item.id].plain) for item in usual[:10]]
            return Group(brush.heading(say.CAUSE_TYPICAL), bullets(names, brush.sign("•", "*")))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        for column in ("Finding or context", "P", "Grade"):
            table.add_column(column, overflow="fold")
        for item in (*ordered, *cause.context):
            table.add_row(
                Text(catalogue.findings[item.id].name), _strength(item), f"{item.grade}, {item.basis}"
            )
        return Group(brush.heading(say.CAUSE_TYPICAL), table)

    def _marks(self, keys: tuple[str, ...]) -> str:
        """``[1, 2]`` for the sources of a statement, numbered as they appear."""
        known = [key for key in keys if key in self.catalogue.sources]
        found = [str(self.numbers.setdefault(key, len(self.numbers) + 1)) for key in known]
        return f" [{', '.join(found)}]" if found else ""

    def _sources(self, brush: Brush) -> RenderableType:
        if not self.numbers:
            return Text(say.NO_SOURCES, style="dim")
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(no_wrap=True, justify="right", style="dim")
        table.add_column(overflow="fold")
        for key, number in self.numbers.items():
            table.add_row(f"{number}.", Text(_cited(self.catalogue.sources[key])))
        return Group(brush.heading(say.SOURCES), table)


def causes_report(
    causes: Sequence[Cause], catalogue: Catalogue, *, query: str = "", expert: bool = False
) -> CausesReport:
    """Causes as a list: name, what it is, verdict, urgency; by family where nothing was searched for."""
    return CausesReport(causes, catalogue, query=query, expert=expert)


def cause_report(cause: Cause, catalogue: Catalogue, *, expert: bool = False) -> CauseReport:
    """One cause, readable, with its sources."""
    return CauseReport(cause, catalogue, expert=expert)


def _strength(item: Link) -> str:
    return item.p if isinstance(item.p, str) else f"{item.p:g}" + (f" (n={item.n})" if item.n else "")


def _cited(source: Source) -> str:
    address = link(source)
    return f"{_flat(source.citation)}{f' {address}' if address else ''}"


def _flat(text: str) -> str:
    return " ".join(text.split())
