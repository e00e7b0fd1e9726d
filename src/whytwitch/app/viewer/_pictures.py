"""Pictures of the filtered signal: levels to draw from, made beside everything else when first asked for."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._filters import Band, Filtered, bands
from whytwitch.app.viewer._pyramid import Pyramid, build
from whytwitch.recording import Recording, RecordingError

if TYPE_CHECKING:
    from whytwitch.recording import Twitches

_LOG: Final = logging.getLogger("whytwitch.page")


class _Gone(Exception):  # noqa: N818 (somebody's wish, not a fault)
    """The recording was taken off."""


@dataclass(eq=False)
class Picture:
    """What is drawn from under one filter; its levels come when they are made.

    Attributes:
        share: of the levels that is made.
        trouble: why they cannot be.
    """

    pyramid: Pyramid
    share: float = 0.0
    trouble: str = ""


class Pictures:
    """The filtered pictures of one recording, each made when it is first asked for; thread-safe."""

    def __init__(self, recording: Recording, folder: Path) -> None:
        self._recording = recording
        self._folder = folder
        self._made: dict[Band, Picture] = {}
        self._lock = threading.Lock()
        self._gone = threading.Event()

    def named(self, key: str, twitches: Twitches | None) -> Picture:
        """A picture that is there, or on its way.

        Args:
            key: of one of the :func:`bands` of the recording.
            twitches: tell its mains.

        Raises:
            Problem: there is no such filter.
        """
        there = {band.key: band for band in bands(self._recording, twitches)}
        if key not in there:
            known = ", ".join(there)
            raise Problem(422, say.WRONG_VIEW, say.NO_BAND.format(band=key[:40], known=known))
        return self._of(there[key])

    def _of(self, band: Band) -> Picture:
        with self._lock:
            if band not in self._made:
                filtered = replace(self._recording, signal=Filtered(self._recording, band))
                self._made[band] = Picture(Pyramid(filtered, ()))
                work = threading.Thread(target=self._make, args=(band, self._made[band]), daemon=True)
                work.start()
            return self._made[band]

    def close(self) -> None:
        """Nothing more is made."""
        self._gone.set()

    def _make(self, band: Band, picture: Picture) -> None:
        def tell(share: float) -> None:
            if self._gone.is_set():
                raise _Gone
            picture.share = share

        folder = self._folder / f"band-{band.key}-{band.mains_hz or 0:g}"
        try:
            folder.mkdir(exist_ok=True)
            picture.pyramid = build(picture.pyramid.recording, folder, tell)
        except _Gone:
            return
        except (OSError, RecordingError) as error:
            picture.trouble = say.NO_ROOM.format(name=self._recording.name, why=error)
        except Exception as error:  # noqa: BLE001  a thread must not end without a word
            if not self._gone.is_set():
                _LOG.exception("a filtered picture failed")
            picture.trouble = say.FAULT.format(kind=type(error).__name__)


__all__ = ["Picture", "Pictures"]
