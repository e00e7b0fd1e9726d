"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whytwitch.case import CaseError


def check_target(path: Path) -> None:
    """Refuse, before any work is done, a file that cannot be written.

    Raises:
        CaseError: the path is a directory or lies in none.
    """
    if path.is_dir():
        raise CaseError(f"{path}: is a directory; give the name of a file in it")
    if path.exists() and not path.is_file():
        raise CaseError(f"{path}: is not a regular file; give another name")
    if not path.parent.is_dir():
        raise CaseError(f"{path}: there is no directory {path.parent}; create it first")
    if not os.access(path.parent, os.W_OK):
        raise CaseError(f"{path}: you may not write in {path.parent}; give another place")


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` into a file: the old content stays until the new is complete.

    The file is for its owner's eyes only: it tells of somebody's health.
    """
    with replacing(path) as part:
        part.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8", newline="\n")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to be filled that takes the place of ``path`` when all went well, and else is removed."""
    check_target(path)
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(temporary)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def same_file(one: Path, other: Path) -> bool:
    """Whether two names are of one file, whether it is there or not."""
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:
        return False
