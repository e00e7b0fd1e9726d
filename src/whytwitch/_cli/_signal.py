"""Recordings on the command line: the options that say what a file leaves unsaid."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from whytwitch.recording import Recording, read


@dataclass(frozen=True)
class SignalOptions:
    """What the caller knows better than the file."""

    rate: float | None = None
    unit: str | None = None
    gain: float | None = None
    electrode: Literal["surface", "needle"] | None = None
    channels: list[str] = field(default_factory=list)
    muscle: str | None = None


def open_recording(path: Path, options: SignalOptions) -> Recording:
    """Read a recording with the options given."""
    return read(
        path,
        sampling_rate_hz=options.rate,
        unit=options.unit,
        gain=options.gain,
        electrode=options.electrode,
        channels=_channels(options.channels) or None,
        muscle=options.muscle,
    )


def _channels(given: list[str]) -> list[str]:
    """``1-3,EMG*`` as ``1``, ``2``, ``3`` and ``EMG*``."""
    wanted: list[str] = []
    for part in (part.strip() for text in given for part in text.split(",")):
        span = re.fullmatch(r"(\d{1,5})-(\d{1,5})", part)
        if span:
            wanted += [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
        elif part:
            wanted.append(part)
    return wanted
