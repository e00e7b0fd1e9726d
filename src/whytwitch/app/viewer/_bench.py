"""The recordings that lie on the bench: where each one is, how far its work has come, what came of it."""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._edits import Change, Log, Reviewed, Turn, review
from whytwitch.app.viewer._pictures import Picture, Pictures
from whytwitch.app.viewer._pyramid import Pyramid
from whytwitch.knowledge import Catalogue
from whytwitch.recording import Recording, Twitches

if TYPE_CHECKING:
    from whytwitch.app.viewer._take_over import Taken
    from whytwitch.recording import CloseUp, Signature

_LOG: Final = logging.getLogger("whytwitch.page")

State = Literal["waiting", "working", "ready", "stopped", "failed"]

MOST: Final = 50
"""Recordings on the bench."""


@dataclass(frozen=True)
class Progress:
    """How far the work on a recording has come.

    Attributes:
        stage: what is being done; a key of ``STAGES``.
        share: of that stage, 0 to 1.
        trouble: why it failed, in the reader's own words.
    """

    state: State = "waiting"
    stage: str = "open"
    share: float = 0.0
    trouble: str = ""

    @property
    def done(self) -> float:
        """Share of the whole work, roughly."""
        if self.state == "ready":
            return 1.0
        begin, end = say.STAGES[self.stage][1:] if self.stage in say.STAGES else (0.0, 0.0)
        return begin + min(max(self.share, 0.0), 1.0) * (end - begin)


@dataclass(frozen=True)
class Found:
    """What detection gave, with what was decided about it since.

    Attributes:
        kept: the log as it was last saved, or read from a file.
        taken: what came of the file that was read last.
    """

    twitches: Twitches
    close_up: CloseUp
    log: Log
    reviewed: Reviewed
    signature: Signature
    kept: Log = field(default_factory=Log)
    taken: Taken | None = None

    @property
    def unsaved(self) -> int:
        """Decisions that would be lost if the program ended now."""
        return self.log.since(self.kept)

    def with_log(self, log: Log, catalogue: Catalogue) -> Found:
        """The same detection under another log, every number made anew."""
        from whytwitch.recording import measure

        reviewed = review(self.twitches, log)
        signature = measure(reviewed.twitches, catalogue=catalogue)
        return replace(self, log=log, reviewed=reviewed, signature=signature)


@dataclass(eq=False)
class Item:
    """One recording. What the worker writes and requests read is replaced whole, never changed."""

    key: str
    name: str
    path: Path
    """The file to read."""
    folder: Path
    """For what is made of it; goes with it."""
    is_example: bool = False
    muscle: str = ""
    progress: Progress = field(default_factory=Progress)
    stop: threading.Event = field(default_factory=threading.Event)
    recording: Recording | None = None
    pyramid: Pyramid | None = None
    pictures: Pictures | None = None
    """Of the signal as filters show it."""
    found: Found | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def drawn(self) -> Pyramid:
        """The levels to draw from.

        Raises:
            Problem: they are not there yet.
        """
        if self.pyramid is None:
            raise Problem(409, say.NOT_YET, say.NOT_YET_TEXT)
        return self.pyramid

    def seen(self, band: str) -> Picture:
        """The levels to draw from under a filter; as recorded where none is named.

        Raises:
            Problem: they are not there yet, or there is no such filter.
        """
        drawn = self.drawn()
        if not band:
            return Picture(drawn, 1.0)
        if self.pictures is None:
            raise Problem(409, say.NOT_YET, say.NOT_YET_TEXT)
        return self.pictures.named(band, self.found.twitches if self.found else None)

    def result(self) -> Found:
        """What was found.

        Raises:
            Problem: nothing yet.
        """
        if self.found is None:
            raise Problem(409, say.NOT_YET, say.NOT_YET_TEXT)
        return self.found

    def edit(self, change: Callable[[Reviewed], Change | Turn], catalogue: Catalogue) -> Found:
        """One more line in the log, and every number made anew.

        Args:
            change: told what there is, says what to do.
            catalogue: for norms.
        """
        with self.lock:
            before = self.result()
            log = before.log.with_(change(before.reviewed))
            if log is not before.log:
                self.found = before.with_log(log, catalogue)
            return self.result()

    def take(self, content: bytes, catalogue: Catalogue, *, replacing: bool) -> Found:
        """Go on with a review out of a file, instead of the one at hand.

        Args:
            content: of the file.
            catalogue: for norms.
            replacing: whether decisions that are not saved may go.

        Raises:
            Problem: they would go, or the file cannot be used.
        """
        # Only here: the shape of the file takes long to import.
        from whytwitch.app.viewer._review_file import loaded
        from whytwitch.app.viewer._take_over import take_over

        with self.lock:
            before, recording = self.result(), self.drawn().recording
            if before.unsaved and not replacing:
                raise Problem(409, say.NOT_SAVED, say.NOT_SAVED_LOAD.format(said=say.unsaved(before.unsaved)))
            saved = loaded(content)
            log, taken = take_over(saved, self.name, recording, before.twitches, before.close_up)
            self.found = replace(before.with_log(log, catalogue), kept=log, taken=taken)
            return self.found

    def keep(self, log: Log) -> None:
        """A log was saved."""
        with self.lock:
            self.found = replace(self.result(), kept=log)

    @property
    def unsaved(self) -> int:
        """Decisions that would be lost if the program ended now."""
        return self.found.unsaved if self.found is not None else 0


class Bench:
    """All recordings, by a key that nobody can guess; thread-safe."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch / "recordings"
        self._items: dict[str, Item] = {}
        self._lock = threading.Lock()
        # However the program ends: with its last breath it says what went with it.
        weakref.finalize(self, _farewell, self._items)

    def folder(self) -> Path:
        """A new folder of its own for files that come in."""
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self._scratch / secrets.token_urlsafe(9)
        made.mkdir(mode=0o700)
        return made

    def lay(self, path: Path, *, name: str = "", is_example: bool = False, muscle: str = "") -> Item:
        """Put a file on the bench.

        Raises:
            Problem: there are too many already.
        """
        with self._lock:
            if len(self._items) >= MOST:
                raise Problem(409, say.FULL, say.FULL_TEXT.format(most=MOST))
            key = secrets.token_urlsafe(9)
            item = Item(key, name or path.name, path, self.folder(), is_example=is_example, muscle=muscle)
            self._items[key] = item
            return item

    def get(self, key: str) -> Item:
        """A recording by its key.

        Raises:
            Problem: there is none (any more).
        """
        with self._lock:
            if key not in self._items:
                raise Problem(404, say.GONE, say.GONE_TEXT)
            return self._items[key]

    def items(self) -> list[Item]:
        """All, in the order they came."""
        with self._lock:
            return list(self._items.values())

    def drop(self, key: str) -> None:
        """Take a recording off, with all that was made of it. Files that were not uploaded stay."""
        item = self.get(key)
        item.stop.set()
        if item.pictures is not None:
            item.pictures.close()
        with self._lock:
            self._items.pop(key, None)
            shared = {other.path.parent for other in self._items.values()}
        shutil.rmtree(item.folder, ignore_errors=True)
        home = item.path.parent
        if home.parent == self._scratch and home not in shared:
            shutil.rmtree(home, ignore_errors=True)


def _farewell(items: dict[str, Item]) -> None:
    """Name what was decided and not saved."""
    lost = [f"{item.name} ({item.unsaved})" for item in items.values() if item.unsaved]
    if lost:
        _LOG.warning(say.LOST, ", ".join(lost))


__all__ = ["Bench", "Found", "Item", "Progress", "State"]
