"""The lines that Delsys EMGworks writes above a table: one for each channel, with its rate and unit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._kinds import kind_of
from whytwitch.recording.formats._reader import Found
from whytwitch.recording.formats._stores import JoinedStore

_LINE: Final = re.compile(
    r"^Label:\s*(?P<label>.+?)\s+Sampling frequency:\s*(?P<rate>[\d.,]+(?:[eE][+-]?\d+)?)\s"
    r".*?\bUnit:\s*(?P<unit>\S+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _Said:
    rate: float
    unit: str


def describe_trigno(found: Found, preamble: str) -> None:
    """Put units into what was found, and keep the channels of the rate that most EMG channels have.

    Each channel has times of its own there, so that slower ones end earlier in the table.
    """
    said = {line["label"]: _Said(_number(line["rate"]), line["unit"]) for line in _LINE.finditer(preamble)}
    if not any(track.label in said for track in found.tracks):
        return
    for track in found.tracks:
        if track.label in said and not track.unit:
            track.unit = said[track.label].unit
    emg = [t.label for t in found.tracks if t.label in said and kind_of(t.label, t.unit) == "emg"]
    counts = Counter(said[label].rate for label in emg or list(said))
    rate = max(counts, key=lambda r: (counts[r], r))
    kept = [i for i, t in enumerate(found.tracks) if t.label not in said or said[t.label].rate == rate]
    others = [track.label for i, track in enumerate(found.tracks) if i not in set(kept)]
    if others:
        some = ", ".join(others[:6]) + (f" and {len(others) - 6} more" if len(others) > 6 else "")
        found.problems.append(
            Problem(f"{len(others)} channels have another sampling rate and were left out.", "", some)
        )
    found.store = JoinedStore([(found.store, i) for i in kept])
    found.tracks = [found.tracks[i] for i in kept]
    found.sampling_rate_hz = rate or found.sampling_rate_hz


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


__all__ = ["describe_trigno"]
