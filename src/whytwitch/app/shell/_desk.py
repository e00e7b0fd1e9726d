"""The open cases, in memory and nowhere else."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from whytwitch.app.shell._problem import Problem

if TYPE_CHECKING:
    from whytwitch.app._interview import Interview

MOST: Final = 500
"""Open cases; beyond this the one left alone longest is forgotten."""


class Desk:
    """Interviews by key. Interviews are values, so a step is one exchange under the lock."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._open: OrderedDict[str, Interview] = OrderedDict()
        self._lock = Lock()

    def open(self, interview: Interview) -> str:
        """Lay a new interview down; returns its key, which nobody can guess."""
        key = secrets.token_urlsafe(12)
        self.put(key, interview)
        return key

    def get(self, key: str) -> Interview:
        """The interview of a key.

        Raises:
            Problem: there is none (any more).
        """
        with self._lock:
            if key not in self._open:
                raise Problem(
                    404,
                    "This case is no longer open",
                    "It was closed, or the program was started anew. "
                    "Open a case that you saved, or begin again.",
                )
            self._open.move_to_end(key)
            return self._open[key]

    def put(self, key: str, interview: Interview) -> None:
        """Keep an interview under its key."""
        with self._lock:
            self._open[key] = interview
            self._open.move_to_end(key)
            while len(self._open) > self._most:
                self._open.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget an interview; one that is not there is forgotten already."""
        with self._lock:
            self._open.pop(key, None)


__all__ = ["Desk"]
