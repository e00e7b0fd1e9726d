"""Small building blocks of the terminal report: headings, bullets, bars."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whytwitch.knowledge import Urgency

NARROW: Final = 66
"""Columns below which everything is stacked."""

WIDEST: Final = 100
"""Lines are never longer than this, however wide the terminal: they would be hard to read."""

LEVEL_STYLE: Final[dict[Urgency, str]] = {
    "emergency": "bold red",
    "urgent": "bold dark_orange3",
    "soon": "bold blue",
    "routine": "bold cyan",
    "reassurance": "bold green",
}

MARKS: Final = {"present": ("✓", "+"), "absent": ("✗", "-"), "unsure": ("?", "?"), "value": ("·", "*")}
MARK_STYLE: Final = {"present": "green", "absent": "dim", "unsure": "yellow", "value": "dim"}


class Brush:
    """What the terminal at hand can do."""

    def __init__(self, options: ConsoleOptions) -> None:
        self.width = min(options.max_width, WIDEST)
        self.ascii = options.ascii_only
        self.narrow = self.width < NARROW

    def sign(self, fine: str, plain: str) -> str:
        """A character, or its stand-in where the terminal knows only ASCII."""
        return plain if self.ascii else fine

    def bar(self, p: float, low: float, high: float, width: int) -> Text:
        """A bar up to ``p`` that is solid up to ``low`` and fades out towards ``high``."""
        solid, likely, possible, empty = "#=-." if self.ascii else "█▓░·"
        ends = [round(share * width) for share in (low, p, high)]
        cells = "".join(
            solid if i < ends[0] else likely if i < ends[1] else possible if i < ends[2] else empty
            for i in range(width)
        )
        text = Text(cells, no_wrap=True)
        text.stylize("cyan", 0, max(ends))
        text.stylize("dim", max(ends), width)
        return text

    def heading(self, title: str) -> Text:
        """A section's title above a rule of its own length."""
        text = Text(title, style="bold")
        text.append("\n" + self.sign("─", "-") * min(len(title), self.width), style="dim")
        return text


class Sections(ABC):
    """A rich renderable of sections with a blank line between; it adapts to the width it is given."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render section by section."""
        brush = Brush(options)
        narrowed = options.update_width(brush.width)
        for number, section in enumerate(self._sections(brush)):
            if number:
                yield GAP
            yield from console.render(section, narrowed)

    @abstractmethod
    def _sections(self, brush: Brush) -> Iterator[RenderableType]:
        """What is shown, from the top."""


def bullets(items: Iterable[str | Text], mark: str, style: str = "", indent: int = 0) -> RenderableType:
    """A list whose lines hang under their text, not under the bullet."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in items:
        table.add_row(Text(mark, style=style), item if isinstance(item, Text) else Text(item))
    return Padding(table, (0, 0, 0, indent))


def numbered(items: Iterable[str], style: str = "bold") -> RenderableType:
    """Steps in their order."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for number, item in enumerate(items, 1):
        table.add_row(Text(f"{number}.", style=style), Text(item))
    return table


def indented(renderable: RenderableType, by: int = 2) -> Padding:
    """Move something to the right."""
    return Padding(renderable, (0, 0, 0, by))


GAP: Final = Text("")
