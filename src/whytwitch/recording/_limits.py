"""What could not be cleaned or concluded, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from whytwitch.recording._model import Problem, Recording
from whytwitch.recording._survey import Survey
from whytwitch.recording._twitches import Quality

if TYPE_CHECKING:
    from whytwitch.recording._events import Assembled

SLOW_RATE_HZ: Final = 1000.0
"""Below this, shapes of surface potentials are coarse."""


def limits(recording: Recording, found: Survey, quality: Quality, events: Assembled) -> Iterator[Problem]:
    """Say what limits the result."""
    names = [recording.channels[i].name for i in found.channels]
    dead = [name for name, bad in zip(names, found.dead, strict=True) if bad]
    loud = [name for name, bad in zip(names, found.loud, strict=True) if bad]
    if dead:
        yield Problem(
            f"{_count(dead, 'channel')} without a signal left out: {_list(dead)}.", "Check the electrodes."
        )
    if loud:
        yield Problem(
            f"{_count(loud, 'channel')} drowned in noise left out: {_list(loud)}.",
            "Check contact and skin preparation.",
        )
    if recording.sampling_rate_hz < SLOW_RATE_HZ:
        yield Problem(
            f"Sampled at {recording.sampling_rate_hz:g} Hz: potentials may be missed, and shapes are coarse.",
            "Record at 2,000 Hz or more.",
        )
    if recording.electrode is None:
        yield Problem(
            f"The file does not say by what it was recorded; it looks like a {found.settings.electrode}.",
            "Give --electrode surface or needle if that is wrong.",
        )
    if quality.heart_rate_per_min is not None:
        yield Problem(
            f"The heart is in the signal ({quality.heart_rate_per_min:.0f} beats a minute). It was "
            "recognized by its rhythm and left out; a potential that falls on a beat may be missed."
        )
    if events.artifacts:
        yield Problem(
            f"{events.artifacts} deflections that look like movement or loose electrodes were left out."
        )
    if quality.clean_s < 1.0:
        yield Problem(
            "No clean stretch at rest was found, so nothing can be said about how often potentials come.",
            "Record again with the muscle at rest.",
        )


def _count(some: list[str], what: str) -> str:
    return f"{len(some)} {what}{'s' if len(some) != 1 else ''}"


def _list(some: list[str]) -> str:
    return ", ".join(some[:8]) + (f" and {len(some) - 8} more" if len(some) > 8 else "")


__all__ = ["limits"]
