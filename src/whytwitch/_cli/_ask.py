"""``whytwitch ask``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from whytwitch._cli._console import out
from whytwitch._cli._explain import Delivery, deliver, note
from whytwitch._cli._files import check_target, write_whole
from whytwitch.app import Interview, dump, restore
from whytwitch.app.terminal import Stopped, Terminal
from whytwitch.case import CaseError
from whytwitch.knowledge import Catalogue, Setting, load


def ask(
    words: Sequence[str], setting: Setting | None, save: Path | None, resume: Path | None, delivery: Delivery
) -> None:
    """Interview the person, then report."""
    delivery.check()
    target = save or resume
    if target is not None:
        check_target(target)
    if resume is not None and words:
        raise CaseError("--resume takes up an interview that has begun; leave out the words")
    catalogue = load()
    terminal = Terminal(console=out(), read=_read_line, save=_saver(target))
    try:
        interview = _begin(terminal, words, setting, resume, catalogue)
    except Stopped:
        note("Nothing was asked.")
        return
    except KeyboardInterrupt:
        note(f"\nStopped. {_where(target)}")
        raise
    _deliver(interview, catalogue, delivery, target)


def _begin(
    terminal: Terminal,
    words: Sequence[str],
    setting: Setting | None,
    resume: Path | None,
    catalogue: Catalogue,
) -> Interview:
    """Start or take up the interview, and lead it to its end."""
    if resume is not None:
        return terminal.run(_resumed(terminal, resume, setting, catalogue))
    text = " ".join(words) if words else None
    return terminal.run(terminal.begin(text, setting or "public", catalogue))


def _resumed(terminal: Terminal, path: Path, setting: Setting | None, catalogue: Catalogue) -> Interview:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not a text file; give a file written by `whytwitch ask --save`") from error
    try:
        interview, unknown = restore(text, catalogue)
    except CaseError as error:
        raise CaseError(f"{path}: {error}") from error
    if unknown:
        note(f"Left out, since this version does not know them: {', '.join(unknown)}")
    if setting is not None:
        interview = replace(interview, opening=interview.opening.model_copy(update={"setting": setting}))
    return terminal.take_up(interview)


def _saver(target: Path | None) -> Callable[[Interview], None]:
    """Puts the interview away after each step, so that a killed terminal loses nothing."""
    if target is None:
        return lambda _: None
    return lambda interview: write_whole(target, dump(interview))


def _read_line(prompt: str) -> str | None:
    """One line of standard input; None when there is no more."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        sys.stdout.write(f"{line.rstrip()}\n")
    return line if line else None


def _deliver(interview: Interview, catalogue: Catalogue, delivery: Delivery, target: Path | None) -> None:
    console = out()
    emergency = interview.state == "emergency"
    if emergency:
        console.print("I stop asking here. What you said can need help at once.", style="bold red")
    console.print()
    deliver(interview.assessment, catalogue, delivery)
    if emergency:
        again = f"--resume {target}" if target else ""
        console.print(f"If one of your answers was a slip: whytwitch ask {again}".rstrip(), style="dim")
    if target is not None:
        note(f"Your answers are in {target}")


def _where(target: Path | None) -> str:
    if target is None:
        return "Nothing was saved."
    return f"Go on with: whytwitch ask --resume {target}"
