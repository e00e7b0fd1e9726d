"""What a format must be able to do, and what it hands over. To add one, write a module beside this.

Every module of this package is imported before the first read, and each subclass of :class:`Reader` in
them takes part: nothing else has to be edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from whytwitch.recording._model import Annotation, ChannelKind, Electrode, Problem, RecordingError
from whytwitch.recording.formats._stores import Store

MOST_IN_MEMORY: Final = 1 << 30
"""Most bytes that a format which cannot be read in pieces may take, unpacked."""


@dataclass(frozen=True)
class Options:
    """What the caller knows better than the file."""

    sampling_rate_hz: float | None = None
    unit: str | None = None
    gain: float | None = None
    electrode: Electrode | None = None
    channels: Sequence[str | int] | None = None
    muscle: str | None = None


@dataclass(frozen=True)
class Given:
    """What is to be read: a file (or folder), its first bytes, and what the caller says of it."""

    path: Path
    head: bytes
    options: Options


@dataclass
class Track:
    """One channel as the file describes it. A number n of the file is ``n * gain + offset`` ``unit``.

    Attributes:
        unit: as the file spells it; empty where it says nothing, and then the numbers are handed out
            as they are.
        kind: where the file says; otherwise it is inferred from label and unit.
        limits: least and largest number that the recorder can give.
    """

    label: str
    unit: str = ""
    gain: float = 1.0
    offset: float = 0.0
    kind: ChannelKind | None = None
    limits: tuple[float, float] | None = None
    position_mm: tuple[float, float] | None = None
    group: str = ""
    muscle: str = ""


@dataclass
class Found:
    """What a file holds.

    Attributes:
        format: its name, for people.
        store: where the numbers are; its rows are the tracks.
        sampling_rate_hz: None where the file does not say; then the caller must.
        sources: the files whose bytes are hashed, in order.
    """

    format: str
    store: Store
    tracks: list[Track]
    sampling_rate_hz: float | None
    sources: tuple[Path, ...]
    start: str = ""
    electrode: Electrode | None = None
    reference: str = ""
    power_line_hz: float | None = None
    task: str = ""
    annotations: list[Annotation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Reader(ABC):
    """One format.

    Class attributes:
        name: for people.
        order: readers are asked from low to high; the more certain their mark, the lower.
        marks: what a file begins with, if that is certain.
        extensions: with the dot, lower case; where no content is recognized, the extension decides.
    """

    name: ClassVar[str]
    order: ClassVar[int] = 50
    extensions: ClassVar[tuple[str, ...]] = ()
    marks: ClassVar[tuple[bytes, ...]] = ()

    def recognizes(self, given: Given) -> bool:
        """Whether the first bytes (or the folder) are surely of this format."""
        return given.head.startswith(self.marks)

    @abstractmethod
    def open(self, given: Given) -> Found:
        """Read the description of a file, and no more of its samples than is needed for that.

        No number of the file may size an allocation before it is checked against the file's size.

        Raises:
            RecordingError: it cannot be read; the message says what is wrong and how to mend it.
        """


def broken(
    path: Path, what: str, remedy: str = "check that the file is complete, or export it again"
) -> RecordingError:
    """An error to raise where a file is not what it seems."""
    return RecordingError(f"{path.name}: {what}; {remedy}")


__all__ = ["MOST_IN_MEMORY", "Found", "Given", "Options", "Reader", "Track", "broken"]
