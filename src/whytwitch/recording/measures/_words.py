"""What a recording cannot say, in plain sentences."""

from __future__ import annotations

from typing import Final

from whytwitch.knowledge import Catalogue
from whytwitch.recording._signature import Estimate
from whytwitch.recording._twitches import Twitches

POTENTIALS_ALONE: Final = (
    "Twitches in a recording do not show which illness somebody has, or that there is one. By "
    "themselves they meet neither the Awaji nor the Gold Coast criteria for ALS. Those also need an "
    "examination and signs of nerve loss."
)
ONE_MUSCLE: Final = "This is one place at one time. Other muscles, and other days, can be different."
NOT_A_READING: Final = "A computer found these twitches. A trained person must look at the trace."
UNCALIBRATED: Final = "The file does not say how large its signals are. So sizes are left out."
POOR: Final = 0.5
"""Quality below which the recording is called poor (judgment)."""
MANY_DOUBTFUL: Final = 0.2
CLUMPED: Final = 2.0
"""Share of doubtful potentials, and clumping, from which a sentence is said (judgments)."""
FEW_CHANNELS: Final = 16
"""Channels below which units are told apart poorly (judgment)."""


def cannot_say(
    twitches: Twitches, rate: Estimate, clean_s: float, *, norm: bool, catalogue: Catalogue
) -> tuple[str, ...]:
    """Every limit that applies, the general ones first."""
    return (
        POTENTIALS_ALONE,
        NOT_A_READING,
        ONE_MUSCLE,
        *_about_time(rate, clean_s, catalogue.recording.watch.seconds),
        *_about_signal(twitches, clean_s),
        *_about_muscle(twitches, norm=norm),
    )


def about_count(count: int, doubtful: float, clumped: float | None) -> list[str]:
    """How far the count itself may be trusted."""
    said: list[str] = []
    if count and doubtful >= MANY_DOUBTFUL * count:
        said.append(f"About {max(doubtful, 1.0):.0f} of the {count} twitches found may be noise.")
    if clumped is not None and clumped > CLUMPED:
        said.append("The twitches come in clusters. Another recording can differ more than the range shows.")
    return said


def _about_time(rate: Estimate, clean_s: float, needed_s: float) -> list[str]:
    if clean_s <= 0.0 or rate.high is None:
        return ["There was no clean stretch, so nothing can be said of how often the muscle twitches."]
    said: list[str] = []
    if rate.n == 0:
        said.append(
            f"No twitch was seen in {_span(clean_s)}. That is not the same as none: up to "
            f"{_figure(rate.high)} a minute could have been missed by chance."
        )
    if clean_s < needed_s:
        said.append(
            f"The clean part of the recording lasted only {_span(clean_s)}. At least {needed_s:.0f} seconds "
            "are needed before a muscle may be called quiet."
        )
    return said


def _about_signal(twitches: Twitches, clean_s: float) -> list[str]:
    source, quality = twitches.source, twitches.quality
    said: list[str] = []
    if not source.calibrated:
        said.append(UNCALIBRATED)
    if clean_s > 0.0 and quality.overall < POOR:
        said.append("The signal is poor. Small twitches may be missed, and noise may be taken for a twitch.")
    if quality.lost.get("voluntary", 0.0) > clean_s:
        said.append(
            "The muscle was in use for much of the time. Use can look like twitching, so please record "
            "again with the muscle at rest."
        )
    if source.electrode == "surface":
        said.append(
            "Electrodes on the skin cannot see fibrillations, the finest sign of nerve loss. That takes "
            "a needle."
        )
    if len(source.channels) < FEW_CHANNELS:
        said.append("With so few electrodes, two motor units can look like one, or one like two.")
    return said


def _about_muscle(twitches: Twitches, *, norm: bool) -> list[str]:
    if not twitches.source.muscle:
        return ["It is not known which muscle this is, so the rate cannot be compared with anybody's."]
    if not norm:
        return ["No study is known here of how often this muscle twitches in healthy people."]
    return []


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120.0 else f"{seconds / 60.0:.0f} minutes"


def _figure(rate: float) -> str:
    return f"{rate:.1f}" if rate < 10.0 else f"{rate:.0f}"
