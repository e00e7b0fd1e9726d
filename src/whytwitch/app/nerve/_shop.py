"""Work that takes seconds: one piece after the other in the background, remembered for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final

KEPT: Final = 40
Tell = Callable[[float], None]


@dataclass
class Job:
    """One piece of work.

    Attributes:
        share: of it that is done.
        result: what came of it; None before the end.
        error: why nothing came of it; empty otherwise.
        done: whether it has ended.
    """

    share: float = 0.0
    result: Any = None
    error: str = ""
    done: bool = False


class Shop:
    """Does what is asked for, each thing once, in one thread of its own."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._waiting: SimpleQueue[tuple[Job, Callable[[Tell], Any]]] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def ask(self, key: Hashable, work: Callable[[Tell], Any]) -> Job:
        """The job of a key; it is queued when it is first asked for."""
        with self._lock:
            if key not in self._jobs:
                self._jobs[key] = job = Job()
                self._waiting.put((job, work))
                self._forget()
            if self._thread is None:
                self._thread = Thread(target=self._run, name="simulator", daemon=True)
                self._thread.start()
            self._jobs.move_to_end(key)
            return self._jobs[key]

    def look(self, key: Hashable) -> Job | None:
        """The job of a key, if it was asked for."""
        with self._lock:
            return self._jobs.get(key)

    def _forget(self) -> None:
        for key in [key for key, job in self._jobs.items() if job.done][: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[key]

    def _run(self) -> None:
        while True:
            job, work = self._waiting.get()
            try:
                job.result = work(lambda share, job=job: setattr(job, "share", share))
            except Exception as error:  # noqa: BLE001
                # Whatever went wrong is told on the page; the next piece of work goes on.
                job.error = str(error) or type(error).__name__
            job.done = True


__all__ = ["Job", "Shop", "Tell"]
