"""``whytwitch explain``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whytwitch._cli._files import check_target, write_whole
from whytwitch._cli._source import EXAMPLE, Source, gather
from whytwitch.case import CaseError
from whytwitch.knowledge import Catalogue, Setting, load
from whytwitch.reasoning import Assessment
from whytwitch.reasoning import explain as explain_case

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Delivery:
    """How the answer is to be given."""

    json: bool = False
    expert: bool = False
    html: Path | None = None
    save: Path | None = None

    def check(self) -> None:
        """Refuse targets that cannot be written, before any work is done.

        Raises:
            CaseError: names the target.
        """
        for path in (self.html, self.save):
            if path is not None:
                check_target(path)
        if self.html is not None and self.save is not None and self.html.resolve() == self.save.resolve():
            raise CaseError("--html and --save name the same file; give two names")


def explain(
    words: Sequence[str],
    corrections: Sequence[str],
    setting: Setting | None,
    delivery: Delivery,
    *,
    recordings: Sequence[Path] = (),
    muscles: Sequence[str] = (),
) -> None:
    """Read a case and the recordings that go with it, explain it, deliver the answer."""
    delivery.check()
    catalogue = load()
    source = gather(words, corrections, setting, catalogue, example=not recordings)
    if recordings or muscles:
        from whytwitch._cli._recordings import add_recordings

        source = Source(add_recordings(source.case, recordings, muscles, catalogue), source.is_example)
    assessment = explain_case(source.case, catalogue=catalogue)
    if source.is_example:
        _mark_example(delivery)
    if delivery.save is not None:
        write_whole(delivery.save, source.case.model_dump_json(indent=1, exclude_defaults=True))
        note(f"Case saved in {delivery.save}")
    deliver(assessment, catalogue, delivery)


def deliver(assessment: Assessment, catalogue: Catalogue, delivery: Delivery) -> None:
    """Write the answer where it is wanted."""
    if delivery.html is not None:
        from whytwitch.report import to_html

        write_whole(delivery.html, to_html(assessment, catalogue, expert=delivery.expert))
        note(f"Report written to {delivery.html}")
    if delivery.json:
        from whytwitch.report import to_json

        sys.stdout.write(to_json(assessment, catalogue) + "\n")
        return
    from whytwitch._cli._console import out
    from whytwitch.report import terminal_report

    console = out()
    console.print(terminal_report(assessment, catalogue, expert=delivery.expert))
    if assessment.urgency.level in ("emergency", "urgent"):
        _repeat_first_step(assessment, catalogue, console)


def _repeat_first_step(assessment: Assessment, catalogue: Catalogue, console: Console) -> None:
    """Say once more what comes first: the top of a long report has left the screen by now."""
    from rich.text import Text

    from whytwitch.report import document

    urgency = document(assessment, catalogue).urgency_detail
    style = "bold red" if urgency.level == "emergency" else "bold"
    text = Text(f"\n{urgency.headline}. ", style=style)
    text.append(" ".join(urgency.steps), style="not bold")
    console.print(text, width=min(console.width, 100))


def note(text: str) -> None:
    """Say something beside the answer."""
    sys.stderr.write(text + "\n")


def _mark_example(delivery: Delivery) -> None:
    """Say, where the answer goes, that it is not about the reader."""
    if delivery.json:
        note(f"EXAMPLE, not about you. No words were given, so this was explained: “{EXAMPLE}”")
        return
    from rich.panel import Panel
    from rich.text import Text

    from whytwitch._cli._console import out

    text = Text("This is not about you. No words were given, so these are explained:\n")
    text.append(f"“{EXAMPLE}”\n", style="italic")
    text.append("Now try your own: ")
    text.append('whytwitch explain "what you notice"', style="bold")
    text.append(" or answer questions: ")
    text.append("whytwitch ask", style="bold")
    console = out()
    width = min(console.width, 100)
    console.print(Panel(text, title="EXAMPLE", title_align="left", border_style="magenta", width=width))
