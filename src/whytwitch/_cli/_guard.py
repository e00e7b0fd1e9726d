"""One place where errors become a clear line and an exit code. Standard library and typer only."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Final, ParamSpec

import typer

BAD_INPUT: Final = 2
BROKEN: Final = 1
INTERRUPTED: Final = 130

P = ParamSpec("P")


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command end with 0 (answered), 2 (bad input) or 130 (Ctrl-C), and never with a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError as error:
            drop_output()
            raise typer.Exit(0) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        except OSError as error:
            fail(_about_file(error))
        except (typer.Exit, SystemExit):
            raise
        except Exception as error:  # noqa: BLE001  the last resort: a fault is told, not traced
            _explain(error)

    return run


def fail(message: str, code: int = BAD_INPUT) -> None:
    """Say on one line what is wrong and how to mend it, and end.

    Raises:
        Exit: always.
    """
    flat = " ".join(message.split())
    sys.stderr.write(f"whytwitch: {flat}\n")
    raise typer.Exit(code)


def drop_output() -> None:
    """Nobody reads on: what is still to be written goes nowhere, so that the end is quiet."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _explain(error: Exception) -> None:
    """Bad input has a message of its own; anything else is a fault of the program."""
    if isinstance(error, ValueError):
        from whytwitch.case import CaseError
        from whytwitch.knowledge import CatalogueError
        from whytwitch.physiology import PhysiologyError
        from whytwitch.recording import RecordingError

        if isinstance(error, CaseError | CatalogueError | PhysiologyError | RecordingError):
            fail(str(error))
    if os.environ.get("WHYTWITCH_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {error}"
    fail(f"a fault in the program ({what}); please report it; WHYTWITCH_DEBUG=1 shows where", BROKEN)


def _about_file(error: OSError) -> str:
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}; check the name and your rights to it"
