"""Where a case comes from: words, standard input, a file, or the example."""

from __future__ import annotations

import json
import os
import select
import stat
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from whytwitch.case import MAX_BYTES, Case, CaseError, read_case, read_data, read_text
from whytwitch.knowledge import Catalogue, Setting

EXAMPLE: Final = "My left eyelid has twitched for three days, five coffees a day, little sleep"
STDIN: Final = "standard input"
PATIENCE_S: Final = 2.0
"""Seconds of silence on standard input after which the user is told that it is read."""


@dataclass(frozen=True)
class Source:
    """A case, and whether it is only the example."""

    case: Case
    is_example: bool = False


def gather(
    words: Sequence[str],
    corrections: Iterable[str],
    setting: Setting | None,
    catalogue: Catalogue,
    *,
    example: bool = True,
) -> Source:
    """Read the case that the command line stands for.

    Args:
        words: what was typed, or the name of a file.
        corrections: ``ID=STATUS``.
        setting: where the question is asked.
        catalogue: the vocabulary to understand it with.
        example: whether to explain the example where nothing was said; else nothing is known.

    Raises:
        CaseError: what is wrong, where, and how to mend it.
    """
    source = _read(words, setting or "public", catalogue)
    if source.is_example and not example:
        source = Source(Case(setting=setting or "public"))
    case = source.case
    for correction in corrections:
        from whytwitch.app import correct

        key, equals, value = correction.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise CaseError(
                f"--correct {correction!r}: write it as ID=present, ID=absent, ID=unsure or ID=unknown"
            )
        case = correct(case, key.strip(), value.strip(), catalogue)
    if setting is not None:
        case = case.model_copy(update={"setting": setting})
    return Source(case, source.is_example)


def _read(words: Sequence[str], setting: Setting, catalogue: Catalogue) -> Source:
    if not words:
        if is_nobody_writing():
            return Source(read_text(EXAMPLE, catalogue, setting=setting), is_example=True)
        return Source(_from_stdin(setting, catalogue))
    if list(words) == ["-"]:
        return Source(_from_stdin(setting, catalogue))
    if len(words) == 1 and (path := as_path(words[0])) is not None:
        return Source(_from_file(path, setting, catalogue))
    return Source(read_text(_printable(" ".join(words)), catalogue, setting=setting))


def as_path(word: str) -> Path | None:
    """The file that an argument names, if it names one: by its ending, or because it is there."""
    if not word.strip() or len(word) > 1000 or "\n" in word:
        return None
    path = Path(word)
    looks = path.suffix.lower() in (".txt", ".toml", ".json") and len(word.split()) == 1
    try:
        there = path.exists() and (path.is_file() or os.sep in word)
    except (OSError, ValueError):
        there = False
    return path if looks or there else None


def is_nobody_writing() -> bool:
    """Whether standard input is a terminal, closed or empty by design, rather than a pipe or a file."""
    if sys.stdin is None:
        return True
    try:
        return stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):
        return False


def read_stdin() -> str:
    """All of standard input, up to a little more than the longest text that is read.

    Raises:
        CaseError: it is not text.
    """
    _say_that_it_waits()
    raw = sys.stdin.buffer.read(4 * MAX_BYTES + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(raw) > MAX_BYTES:
            return raw.decode("utf-8", "replace")
        raise CaseError(f"{STDIN}: not UTF-8 text; convert it first") from error


def _say_that_it_waits() -> None:
    """Where nothing arrives for a while, tell what is awaited instead of seeming dead."""
    try:
        ready = select.select([sys.stdin], [], [], PATIENCE_S)[0]
    except (OSError, ValueError, TypeError):
        return
    if not ready:
        sys.stderr.write("Waiting for words on standard input; end them with Ctrl-D.\n")


def _from_stdin(setting: Setting, catalogue: Catalogue) -> Case:
    text = read_stdin()
    if text.lstrip().startswith("{"):
        try:
            data: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CaseError(f"{STDIN}: begins like JSON but is not valid JSON ({error})") from error
        return _from_data(text, data, setting, catalogue)
    return read_text(text, catalogue, setting=setting)


def _from_file(path: Path, setting: Setting, catalogue: Catalogue) -> Case:
    if path.is_dir():
        raise CaseError(f"{path}: is a directory; give a .txt, .toml or .json file")
    if not path.exists():
        raise CaseError(f"{path}: there is no such file; check the name, or put words in quotes")
    if path.suffix.lower() == ".json" and (saved := saved_interview(path)) is not None:
        from whytwitch.app import restore

        return restore(saved, catalogue)[0].case
    return read_case(path, catalogue, setting=setting)


def saved_interview(path: Path) -> str | None:
    """The text of a file that ``ask --save`` wrote; None if it is something else."""
    from whytwitch.app import is_saved_interview

    try:
        text = path.read_text("utf-8-sig") if path.stat().st_size < 1_000_000 else ""
        return text if is_saved_interview(json.loads(text)) else None
    except (OSError, ValueError, RecursionError):
        return None


def _from_data(text: str, data: object, setting: Setting, catalogue: Catalogue) -> Case:
    from whytwitch.app import is_saved_interview, restore

    if is_saved_interview(data):
        return restore(text, catalogue)[0].case
    return read_data(cast("dict[str, Any]", data), catalogue, setting=setting)


def _printable(text: str) -> str:
    """Words from the command line; bytes that are not UTF-8 become a visible sign."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
