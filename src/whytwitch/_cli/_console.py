"""The consoles that commands write to."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class QuietConsole(Console):
    """A console that leaves a broken pipe to the caller."""

    def on_broken_pipe(self) -> NoReturn:
        """Nobody reads on."""
        self.quiet = True
        raise BrokenPipeError


def out() -> Console:
    """Standard output: no colors for numbers and quotes, words kept whole."""
    return QuietConsole(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """Standard error, for progress and notes."""
    return QuietConsole(stderr=True, highlight=False, markup=False, emoji=False)
