"""What was found in a recording, as marks in time that files can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whytwitch.recording._model import Annotation
from whytwitch.recording._twitches import UNSORTED, Twitches

Events = Twitches | Iterable[Annotation] | None


@dataclass(frozen=True)
class Mark:
    """One row of a table of events. What plain annotations do not have is None."""

    onset_s: float
    duration_s: float
    kind: str
    unit: int | None = None
    confidence: float | None = None
    amplitude: float | None = None
    channel: int | None = None
    """Row of the EMG channels."""

    @property
    def text(self) -> str:
        """For formats that hold text alone."""
        return self.kind if self.unit is None else f"{self.kind} unit {self.unit}"


def marks_of(events: Events) -> list[Mark]:
    """Potentials or annotations as marks, in order of time."""
    if events is None:
        return []
    if isinstance(events, Twitches):
        found = events.events
        marks = [
            Mark(
                float(found.onset_s[i]), float(found.duration_ms[i]) / 1000, str(found.kind[i]),
                None if found.unit[i] == UNSORTED else int(found.unit[i]), float(found.confidence[i]),
                float(found.amplitude[i]) if events.source.calibrated else None, int(found.channel[i]),
            )
            for i in range(len(found))
        ]  # fmt: skip
    else:
        marks = [Mark(mark.onset_s, mark.duration_s, mark.text) for mark in events]
    return sorted(marks, key=lambda mark: mark.onset_s)


__all__ = ["Events", "Mark", "marks_of"]
