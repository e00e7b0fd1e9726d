"""The whole recording at a glance: potentials, strength of the signal, use on purpose, quality."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import EPOCH_S, KINDS, Twitches
from whytwitch.report._clean import clean
from whytwitch.report._recording_png import gray_png
from whytwitch.report._recording_scale import (
    WIDTH,
    Axis,
    band,
    blocks,
    columns,
    gathered,
    mean,
    tick_path,
    time_axis,
)
from whytwitch.report._recording_view import View
from whytwitch.report._recording_words import brief, clock, length, number

FEW: Final = 8
"""Channels up to which each gets a trace of its own; more become one picture, a line each."""

TRACE_PX: Final = 44
MARK_PX: Final = 22
STRETCHES: Final = 10
QUIET: Final = 0.6
"""A judgment: this part of the picture is background and stays without color."""

LEAST_REACH: Final = 4.0
"""A judgment: the strongest color stands for at least this many times the quiet level."""


@final
@dataclass(frozen=True)
class Marks:
    """The potentials of one kind."""

    kind: str
    label: str
    n: int
    path: str


@final
@dataclass(frozen=True)
class Trace:
    """One channel: the area between the mirrored strengths of its signal."""

    label: str
    path: str


@final
@dataclass(frozen=True)
class Overview:
    """All that the picture is drawn from."""

    axis: Axis
    marks: tuple[Marks, ...]
    traces: tuple[Trace, ...]
    heat: str
    heat_px: int
    heat_width: float
    first: str
    last: str
    quiet: str
    strong: str
    purpose: tuple[tuple[float, float], ...]
    usable: str
    quality: str
    alt: str
    table: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]


def overview(shown: View) -> Overview:
    """Draw the whole recording."""
    twitches, say = shown.twitches, shown.say
    duration = twitches.source.duration_s
    names = [clean(channel.name, 24) for channel in twitches.source.channels]
    level, floor, top = _level(twitches)
    table, heads = _table(shown)
    few = len(names) <= FEW
    marks = _marks(shown)
    scale = twitches.source.calibrated
    return Overview(
        axis=time_axis(duration),
        marks=marks,
        traces=tuple(Trace(n, _trace(row, twitches)) for n, row in zip(names, level, strict=False))
        if few
        else (),
        heat="" if few or not level.size else gray_png(level),
        heat_px=int(np.clip(3 * len(names), 90, 260)),
        heat_width=_envelope_width(twitches),
        first=names[0] if names else "",
        last=names[-1] if names else "",
        quiet=f"{number(floor)} µV" if scale else "",
        strong=f"{number(top)} µV" if scale else "",
        purpose=_purpose(twitches),
        usable=_usable(twitches.quality.clean),
        quality=_quality(twitches.quality.score),
        alt=say.WHOLE_ALT.format(time=length(duration), rows=_said(shown, marks)),
        table=table,
        columns=heads,
    )


def _level(twitches: Twitches) -> tuple[NDArray[np.float64], float, float]:
    """Strength from 0 (the quiet level) to 1 on a log scale, with the two ends."""
    strength = columns(twitches.envelope)
    positive = strength[strength > 0]
    if not positive.size:
        return np.zeros_like(strength), 0.0, 0.0
    floor, top = (float(v) for v in np.quantile(positive, (QUIET, 0.999)))
    top = max(top, LEAST_REACH * floor)
    with np.errstate(divide="ignore"):
        return np.clip(np.log(strength / floor) / np.log(top / floor), 0, 1), floor, top


def _envelope_width(twitches: Twitches) -> float:
    """Per cent of the time that the envelope covers."""
    n = twitches.envelope.shape[-1]
    step, _ = gathered(n)
    covered = math.ceil(n / step) * step * twitches.envelope_step_s
    return 100 * covered / twitches.source.duration_s


def _trace(level: NDArray[np.float64], twitches: Twitches) -> str:
    if not len(level):
        return ""
    middle = TRACE_PX / 2
    reach = 0.6 + level * (middle - 3)
    x = (np.arange(len(level)) + 0.5) * WIDTH / len(level) * _envelope_width(twitches) / 100
    x = np.minimum(x, WIDTH)
    return band(x, middle + reach, middle - reach)


def _marks(shown: View) -> tuple[Marks, ...]:
    events, duration = shown.twitches.events, shown.twitches.source.duration_s
    found = []
    for kind in KINDS:
        at = events.onset_s[events.kind == kind]
        if len(at):
            path = tick_path(at, duration, MARK_PX - 6, 3)
            found.append(Marks(kind, shown.say.KINDS_MANY[kind], len(at), path))
    return tuple(found)


def _purpose(twitches: Twitches) -> tuple[tuple[float, float], ...]:
    """Start and width of stretches of use on purpose, in columns."""
    scale = WIDTH / twitches.source.duration_s
    stretches = twitches.voluntary_s.reshape(-1, 2)
    return tuple((round(a * scale, 1), round(max(1.0, (b - a) * scale), 1)) for a, b in stretches.tolist())


def _usable(is_clean: NDArray[np.bool_]) -> str:
    usable = columns(is_clean[None].astype(np.float32), np.add)[0] >= 0.5
    return blocks(usable, gathered(len(is_clean))[1], 12, 3)


def _quality(score: NDArray[np.floating]) -> str:
    level = columns(mean(score, axis=0)[None], np.add)[0]
    if not len(level):
        return ""
    x = np.minimum(np.repeat(np.arange(len(level) + 1), 2)[1:-1] * gathered(score.shape[1])[1], WIDTH)
    top = 26 - 24 * np.repeat(level, 2)
    return band(x, np.full_like(top, 27.0), top)


def _said(shown: View, marks: tuple[Marks, ...]) -> str:
    say, duration = shown.say, shown.twitches.source.duration_s
    parts = [f"{mark.label}: {mark.n:,}." for mark in marks]
    purpose = float(np.diff(shown.twitches.voluntary_s.reshape(-1, 2)).sum())
    parts.append(f"{say.ON_PURPOSE}: {brief(purpose)}.")
    parts.append(f"{say.CLEAN}: {brief(min(duration, 60 * shown.signature.clean_minutes))}.")
    return " ".join(parts)


def _table(shown: View) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The picture in ten rows."""
    twitches, say = shown.twitches, shown.say
    events, quality = twitches.events, twitches.quality
    edges = np.linspace(0, twitches.source.duration_s, STRETCHES + 1)
    kinds = [kind for kind in KINDS if (events.kind == kind).any()]
    counts = [np.histogram(events.onset_s[events.kind == kind], edges)[0] for kind in kinds]
    epochs = (np.arange(len(quality.clean)) + 0.5) * EPOCH_S
    seconds = np.histogram(epochs, edges, weights=quality.clean * EPOCH_S)[0]
    totals = np.maximum(np.histogram(epochs, edges)[0], 1)
    score = np.histogram(epochs, edges, weights=mean(quality.score, axis=0))[0] / totals
    purpose = [_overlap(twitches.voluntary_s, a, b) for a, b in itertools.pairwise(edges)]
    rows = tuple(
        (
            f"{clock(edges[i])} – {clock(edges[i + 1])}",
            *(f"{c[i]:,}" for c in counts),
            brief(purpose[i]),
            brief(seconds[i]),
            f"{score[i]:.2f}",
        )
        for i in range(STRETCHES)
    )
    heads = (say.STRETCH, *(say.KINDS_MANY[kind] for kind in kinds), say.ON_PURPOSE, say.CLEAN, say.SCORE)
    return rows, heads


def _overlap(stretches: NDArray[np.float64], start: float, stop: float) -> float:
    begin, end = stretches.reshape(-1, 2).T
    shared = np.minimum(end, stop) - np.maximum(begin, start)
    return float(np.clip(shared, 0, None).sum())


__all__ = ["Overview", "overview"]
