"""How the interview looks: rich renderables for any width, readable without color."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from whytwitch.app._reply import Reply
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment, Question, Understood, in_words

KEYS = "b back · s skip · u unsure · w why this? · r ranking · q stop now"
LONG_HELP = (
    "b takes back your last answer. s skips this question. u says that you are not sure. w tells why "
    "this is asked. r shows the ranking so far. q stops and shows the report with what is known so far."
)
_HINTS = {
    "checklist": "Type what fits: 1 3 · not sure of 2: 2? · or none",
    "yes-no": "Type y for yes or n for no",
    "age": "Type the years: 34",
    "sex": "Type f for female or m for male",
    "duration": "Type a length of time: 3 days · 2 weeks · since yesterday",
}
_SAID = {"present": "yes", "absent": "no", "unsure": "unsure", "value": ""}


def question_view(question: Question, number: int) -> RenderableType:
    """One question with what can be typed."""
    parts: list[RenderableType] = [
        Text(""),
        Rule(Text(f"Question {number}", style="bold"), align="left", style="dim", characters="─"),
        Text(question.text, style="bold red" if question.red_flags else "bold"),
    ]
    if question.kind == "checklist":
        rows = (_with_help(item.text, item.help) for item in question.items)
        parts.append(numbered(rows))
    elif question.kind == "yes-no" and question.items[0].help:
        parts.append(Text(question.items[0].help, style="dim"))
    parts += [Text(""), Text(_HINTS[question.kind], style="cyan"), Text(KEYS, style="dim")]
    return Group(*parts)


def _with_help(text: str, help_: str) -> Text:
    return Text.assemble(text, *((f" {help_}", "dim"),) if help_ else ())


def numbered(rows: Iterable[Text]) -> Table:
    """Rows with a number before each."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", style="bold cyan", width=3)
    table.add_column()
    for number, row in enumerate(rows, 1):
        table.add_row(str(number), row)
    return table


def noted(reply: Reply, catalogue: Catalogue) -> Text:
    """What was taken from an answer, in words, so that a slip is seen at once."""
    if not reply.answers and not reply.facts():
        is_skip = reply.question in reply.passed
        return Text("Skipped." if is_skip else "Noted: none that you know of.", style="dim")
    if reply.duration_days is not None:
        return Text(f"Noted: for {in_words(reply.duration_days)}.", style="dim")
    if reply.facts():
        said = reply.sex or f"age {reply.age_years:.3g}"
        return Text(f"Noted: {said}.", style="dim")
    by_status: dict[str, list[str]] = {"present": [], "unsure": [], "absent": []}
    for key, status in reply.answers:
        by_status[status].append(catalogue.findings[key].plain)
    parts = [f"{_SAID[status]} to {', '.join(names)}" for status, names in by_status.items() if names]
    if len(by_status["absent"]) > 2:
        parts[-1] = "no to the rest" if len(parts) > 1 else "none of these"
    if reply.passed:
        parts.append("nothing known of the rest")
    return Text("Noted: " + "; ".join(parts) + ".", style="dim")


def ranking_line(assessment: Assessment) -> Text:
    """The three likeliest causes in one breath."""
    line = Text("So far, chance in 1,000: ", style="dim")
    for index, ranked in enumerate(assessment.ranking[:3]):
        line.append(" · " if index else "", style="dim")
        line.append(f"{ranked.plain_name} ")
        line.append(in_thousand(ranked.probability), style="bold cyan")
    return line


def ranking_view(assessment: Assessment, width: int) -> RenderableType:
    """The causes so far, with a bar each."""
    bar = 16 if width >= 60 else 6
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", style="bold cyan")
    table.add_column(width=bar, no_wrap=True, style="cyan")
    table.add_column()
    for ranked in assessment.ranking[:8]:
        filled = round(bar * ranked.probability)
        table.add_row(in_thousand(ranked.probability), "█" * filled + "·" * (bar - filled), ranked.plain_name)
    note = "Chance in 1,000. Several causes can be at work together, and this changes with every answer."
    return Group(table, Text(note, style="dim"))


def in_thousand(p: float) -> str:
    """A chance as a count out of 1,000, never more exact than it is."""
    count = p * 1000.0
    if count < 1.0:
        return "<1"
    step = 1 if count < 9.5 else 5 if count < 97.5 else 10
    return str(min(int(step * int(count / step + 0.5)), 990))


def stated(assessment: Assessment) -> list[Understood]:
    """What the person said outright, in the order in which it is numbered on the screen."""
    return [row for row in assessment.understood if row.implied_by is None]


def understood_view(assessment: Assessment) -> RenderableType:
    """What was understood of the person's own words, and what was not."""
    parts: list[RenderableType] = [Text("\nThis is what I understood:", style="bold")]
    parts.append(numbered(_understood(row) for row in stated(assessment)))
    if assessment.not_understood:
        quotes = ", ".join(f"“{_short(text)}”" for text in assessment.not_understood[:6])
        parts.append(Text(f"I could not use: {quotes}.", style="dim"))
    parts += [Text(f"Not clear: {question}", style="yellow") for question in assessment.doubts[:3]]
    return Group(*parts)


def _understood(row: Understood) -> Text:
    said = _SAID[row.status]
    text = Text(f"{said}: " if said else "", style="bold" if row.status != "present" else "")
    text.append(row.plain, style="not bold")
    if row.detail:
        text.append(f" ({row.detail})", style="not bold dim")
    return text


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
