"""Where the diary lies: a file of the person's own, or any database they name."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from whytwitch.app.diary._entry import DiaryError

if TYPE_CHECKING:
    from sqlalchemy import URL

FILE: Final = "diary.sqlite"
BESIDE: Final = ("-journal", "-wal", "-shm")
"""What SQLite may leave beside a database."""


def data_folder(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder in which programs keep a user's data on this platform; it need not exist yet."""
    home = Path.home()
    if platform == "win32":
        return _absolute(environment, "LOCALAPPDATA", home / "AppData" / "Local") / "whytwitch"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "whytwitch"
    return _absolute(environment, "XDG_DATA_HOME", home / ".local" / "share") / "whytwitch"


def _absolute(environment: Mapping[str, str], name: str, otherwise: Path) -> Path:
    """The XDG rule: a relative path is as good as none."""
    named = environment.get(name, "")
    return Path(named) if named and Path(named).is_absolute() else otherwise


def address(url: str) -> URL:
    """The database's address; empty means the file in the data folder.

    Raises:
        DiaryError: it is no SQLAlchemy address, or SQLite without a file.
    """
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    if not url:
        return URL.create("sqlite", database=str(data_folder() / FILE))
    try:
        made = make_url(url)
        name = made.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise DiaryError(
            "diary: the address cannot be read; give one such as sqlite:////full/path/diary.sqlite"
        ) from error
    if name == "sqlite" and (made.database or ":memory:").startswith((":memory:", "file:")):
        raise DiaryError(
            "diary: a diary in memory would be lost; name a file, sqlite:////full/path/diary.sqlite"
        )
    return made


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for any other. The default needs no library to be known.

    Raises:
        DiaryError: as :func:`address`.
    """
    if not url:
        return data_folder() / FILE
    made = address(url)
    return Path(made.database or "").absolute() if made.get_backend_name() == "sqlite" else None


def make_private(path: Path) -> None:
    """Create the folder and the empty file so that no other user can read them.

    A file or folder that is there already stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    if os.name == "posix":
        # A new name in a folder survives a power cut only once the folder is on the disk.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def remove(path: Path) -> None:
    """Remove the database and all that lies beside it."""
    for name in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        name.unlink(missing_ok=True)


__all__ = ["address", "data_folder", "file_of", "make_private", "remove"]
