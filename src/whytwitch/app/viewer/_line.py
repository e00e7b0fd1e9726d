"""The work on recordings, one at a time in a thread of its own, with a way to stop it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path
from typing import Final

from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Found, Item, Progress
from whytwitch.app.viewer._edits import Log, review
from whytwitch.app.viewer._pictures import Pictures
from whytwitch.app.viewer._pyramid import build
from whytwitch.knowledge import Catalogue
from whytwitch.recording import Recording, RecordingError, Twitches

_LOG: Final = logging.getLogger("whytwitch.page")

EXAMPLE_MUSCLE: Final = "biceps_brachii"


class Stopped(Exception):  # noqa: N818 (somebody's wish, not a fault)
    """The person does not want it any more."""


class Line:
    """Recordings wait here for their turn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._waiting: deque[Item] = deque()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def join(self, item: Item) -> None:
        """Put a recording at the end of the line; one that is there already, or done, stays as it is."""
        with self._change:
            if item.progress.state == "ready" or item in self._waiting or item.progress.state == "working":
                return
            item.stop.clear()
            item.progress = Progress()
            self._waiting.append(item)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)
                self._thread.start()
            self._change.notify()

    def leave(self, item: Item) -> None:
        """Stop the work on a recording, or take it out of the line."""
        with self._change:
            item.stop.set()
            if item in self._waiting:
                self._waiting.remove(item)
                item.progress = Progress("stopped")

    def place(self, item: Item) -> int:
        """How many are before it; 0 where it is its turn."""
        with self._change:
            ahead = next((i for i, one in enumerate(self._waiting) if one is item), None)
        return 0 if ahead is None else ahead + 1

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: len(self._waiting) > 0)
                item = self._waiting.popleft()
                item.progress = Progress("working")
            item.progress = _done(item, self._catalogue)


def _done(item: Item, catalogue: Catalogue) -> Progress:
    """Do all the work on a recording; how it ended. Nothing that a file holds may end the thread."""
    try:
        _open(item)
        _search(item, catalogue)
    except Stopped:
        return Progress("stopped", item.progress.stage, item.progress.share)
    except RecordingError as error:
        return Progress("failed", item.progress.stage, trouble=str(error))
    except OSError as error:
        trouble = say.NO_ROOM.format(name=item.name, why=error.strerror or error)
        return Progress("failed", item.progress.stage, trouble=trouble)
    except Exception as error:  # noqa: BLE001  a file can be broken in ways that nobody has thought of
        if item.stop.is_set():
            return Progress("stopped", item.progress.stage)
        _LOG.exception("the work on a recording failed")
        return Progress("failed", item.progress.stage, trouble=say.FAULT.format(kind=type(error).__name__))
    return Progress("ready", "measure", 1.0)


def _tell(item: Item, stage: str, share: float) -> None:
    if item.stop.is_set():
        raise Stopped
    item.progress = Progress("working", stage, share)


def _open(item: Item) -> None:
    """Read the description of the file, and make what pictures are drawn from."""
    if item.pyramid is not None:
        return
    from whytwitch.recording import read

    _tell(item, "open", 0.0)
    recording = read(item.path)
    item.recording = recording
    item.muscle = item.muscle or _muscle_in(recording)
    levels = item.folder / "levels"
    levels.mkdir(exist_ok=True)
    made = build(recording, levels, lambda share: _tell(item, "draw", share))
    item.pictures = Pictures(recording, item.folder)
    item.pyramid = made


def _search(item: Item, catalogue: Catalogue) -> None:
    """Find the potentials and measure them."""
    from whytwitch.recording import detect

    recording = item.recording
    if recording is None:
        raise Stopped
    muscle = catalogue.muscle(item.muscle) if item.muscle else None
    item.muscle = muscle.id if muscle is not None else ""
    twitches = detect(
        recording, muscle=item.muscle, progress=lambda stage, share: _tell(item, stage, 0.9 * share)
    )
    item.found = found_in(recording, twitches, catalogue)


def found_in(recording: Recording, twitches: Twitches, catalogue: Catalogue) -> Found:
    """A detection before anybody has decided anything about it."""
    from whytwitch.recording import CloseUp, measure

    log = Log()
    signature = measure(twitches, catalogue=catalogue)
    return Found(twitches, CloseUp(recording, twitches), log, review(twitches, log), signature)


def _muscle_in(recording: Recording) -> str:
    """The one muscle that the file names; empty where there is no such."""
    names = {recording.channels[i].muscle for i in recording.emg} - {""}
    return names.pop() if len(names) == 1 else ""


def example_path() -> Path:
    """The built-in recording; made up, no person's."""
    from whytwitch import recording

    return Path(recording.__file__).parent / "data/example.edf"


__all__ = ["EXAMPLE_MUSCLE", "Line", "Stopped", "example_path", "found_in"]
