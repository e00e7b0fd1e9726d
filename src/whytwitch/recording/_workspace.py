"""Where a long detection keeps what it has done, so that a second start goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from whytwitch.recording._model import RecordingError
from whytwitch.recording._scan import FIELDS, Candidates, Scanned, Ticks

try:
    import fcntl
except ImportError:  # pragma: no cover  Windows
    fcntl = None

TICK_FIELDS: Final = ("height", "fast", "slow", "noise", "bad", "envelope")
SAVE_EVERY: Final = 8
"""Blocks after which progress is put on disk."""

KEPT_DAYS: Final = 30
"""Days after which work that nobody went on with is thrown away."""

LAYOUT: Final = 1
"""To be raised when what is kept changes, so that another version's work is not gone on with."""


def default_folder() -> Path:
    """The user's cache folder for unfinished work."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "whytwitch" / "detect"


def key_of(*parts: object) -> str:
    """A name for one recording and one set of settings."""
    return hashlib.sha256(json.dumps([str(p) for p in (LAYOUT, *parts)]).encode()).hexdigest()[:24]


@dataclass
class Workspace:
    """A folder with the components and the scanned blocks of one detection."""

    folder: Path

    @property
    def components(self) -> Path:
        """The file of the components."""
        return self.folder / "components.f2"

    def load(self) -> list[Scanned]:
        """Blocks that an earlier start has scanned, in order; none where anything is amiss."""
        parts: list[Scanned] = []
        for path in sorted(self.folder.glob("scanned-*.npz")):
            try:
                with np.load(path, allow_pickle=False) as held:
                    count = int(held["count"])
                    for place in range(count):
                        candidates = Candidates(*(held[f"{place}-{f}"] for f in FIELDS))
                        parts.append(
                            Scanned(candidates, Ticks(*(held[f"{place}-ticks-{f}"] for f in TICK_FIELDS)))
                        )
            except (OSError, ValueError, KeyError, EOFError):
                break
        return parts

    def save(self, first: int, parts: list[Scanned]) -> None:
        """Put blocks on disk, whole or not at all."""
        arrays: dict[str, np.ndarray] = {"count": np.array(len(parts))}
        for place, part in enumerate(parts):
            arrays |= {f"{place}-{f}": getattr(part.candidates, f) for f in FIELDS}
            arrays |= {f"{place}-ticks-{f}": getattr(part.ticks, f) for f in TICK_FIELDS}
        target = self.folder / f"scanned-{first:08d}.npz"
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(file.name).replace(target)


@contextmanager
def workspace(folder: Path | None, key: str, needed_bytes: int) -> Iterator[Workspace]:
    """A place to work in. It is removed when the work is done, and stays when it is interrupted.

    Args:
        folder: where to keep it so that it can be found again; None for a temporary one, which is also
            used while another process works on the same.
        key: names the work.
        needed_bytes: free space it takes.

    Raises:
        RecordingError: there is no room.
    """
    lock = _hold(folder, key) if folder is not None else None
    if folder is None or lock is None:
        with tempfile.TemporaryDirectory(prefix="whytwitch-") as temporary:
            _check_room(Path(temporary), needed_bytes)
            yield Workspace(Path(temporary))
        return
    with lock:
        place = folder / key
        _check_room(place, needed_bytes)
        yield Workspace(place)
        shutil.rmtree(place, ignore_errors=True)


def _hold(folder: Path, key: str) -> IO[bytes] | None:
    """A place for this process alone, until the file is closed; None where another one works there."""
    place = folder / key
    _forget_old(folder, place)
    # For its owner's eyes only: it is a measurement of somebody's body.
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (place / "lock").open("wb")
    if fcntl is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
    return lock


def _forget_old(folder: Path, but: Path) -> None:
    """Throw away work that was given up."""
    for old in folder.glob("*") if folder.is_dir() else ():
        if old != but and old.is_dir() and time.time() - old.stat().st_mtime > KEPT_DAYS * 86400:
            shutil.rmtree(old, ignore_errors=True)


def _check_room(place: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(place).free
    if free < 1.1 * needed_bytes:
        raise RecordingError(
            f"{place}: {needed_bytes / 1e9:.1f} GB of work space are needed and {free / 1e9:.1f} GB are "
            "free; make room, or set XDG_CACHE_HOME (or TMPDIR) to a larger disk"
        )


__all__ = ["Workspace", "default_folder", "key_of", "workspace"]
