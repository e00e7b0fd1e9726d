"""How good the signal was: by electrode, over time, and by reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from whytwitch.report._clean import clean
from whytwitch.report._recording_png import gray_png
from whytwitch.report._recording_scale import Axis, columns, gathered, mean, time_axis
from whytwitch.report._recording_view import View
from whytwitch.report._recording_words import number, share

GOOD: Final = 0.5
"""A judgment: epochs with a lower score count as poor."""


@final
@dataclass(frozen=True)
class QualityView:
    """The picture of scores, and the same as a table."""

    heat: str
    heat_px: int
    heat_width: float
    axis: Axis
    labels: tuple[str, ...]
    """Each channel's name where they fit, else the first and the last."""
    notes: tuple[str, ...]
    alt: str
    heads: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


def quality_view(shown: View) -> QualityView:
    """Draw the quality."""
    quality, say = shown.twitches.quality, shown.say
    names = [clean(channel.name, 24) for channel in shown.twitches.source.channels]
    worst = np.argsort(mean(quality.score, axis=1), kind="stable")[:3].tolist()
    rows = " ".join(f"{names[i]}: {mean(quality.score[i]):.2f}." for i in worst)
    sized = shown.signature.calibrated
    scores = columns(quality.score, np.add)
    return QualityView(
        heat=gray_png(scores) if scores.size else "",
        heat_width=scores.shape[1] * gathered(quality.score.shape[1])[1] / 10,
        heat_px=int(np.clip((3 if len(names) > 16 else 14) * len(names), 22, 260)),
        axis=time_axis(shown.twitches.source.duration_s),
        labels=tuple(names) if len(names) <= 12 else (names[0], names[-1]),
        notes=tuple(_notes(shown)),
        alt=say.QUALITY_ALT.format(rows=f"{say.QUALITY_WORST} {rows}"),
        heads=(say.ELECTRODE, say.SCORE, say.POOR, *((f"{say.NOISE} (µV rms)",) if sized else ())),
        table=tuple(_row(i, name, shown) for i, name in enumerate(names)),
    )


def _row(i: int, name: str, shown: View) -> tuple[str, ...]:
    quality = shown.twitches.quality
    score = quality.score[i]
    noise = quality.noise[i][np.isfinite(quality.noise[i])]
    cells = (name, f"{mean(score):.2f}", share(float(mean(score < GOOD)), expert=shown.say.expert))
    if not shown.signature.calibrated:
        return cells
    return (*cells, number(float(np.median(noise)) if noise.size else None))


def _notes(shown: View) -> list[str]:
    quality, say = shown.twitches.quality, shown.say
    notes = []
    if quality.mains_hz is not None:
        hertz = number(quality.mains_hz)
        sized = shown.signature.calibrated and quality.mains_amplitude > 0
        notes.append(
            say.MAINS_SIZE.format(hz=hertz, size=number(quality.mains_amplitude))
            if sized
            else say.MAINS.format(hz=hertz)
        )
    if quality.heart_rate_per_min is not None:
        notes.append(say.HEART.format(rate=f"{quality.heart_rate_per_min:.0f}"))
    return notes


__all__ = ["QualityView", "quality_view"]
