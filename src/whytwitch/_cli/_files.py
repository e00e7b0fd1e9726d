"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
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
    check_target(path)
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
