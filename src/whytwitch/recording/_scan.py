"""The pass over the whole signal: components to disk, candidates, quality, activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._blocks import Block
from whytwitch.recording._candidates import TICK_S, height, peaks
from whytwitch.recording._frontend import Cleaned
from whytwitch.recording._model import Samples
from whytwitch.recording._survey import Survey

SLOW_REACH_S: Final = 0.100
"""Movement is looked for within so much of a candidate."""

EPOCH_TICKS: Final = 100


@dataclass(frozen=True)
class Candidates:
    """Peaks of energy, with what tells potentials from artifacts; all (n,).

    Attributes:
        time: sample at the working rate.
        height: above the noise, in its standard deviations.
        slow: movement around it, relative to its own size on the channels where it is largest.
        alone: share of its energy on one channel.
        common: share of its energy that all channels have alike.
    """

    time: NDArray[np.int64]
    height: Samples
    slow: Samples
    alone: Samples
    common: Samples

    def __len__(self) -> int:
        """Number of candidates."""
        return len(self.time)

    def pick(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Candidates:
        """Some of them."""
        return Candidates(*(getattr(self, name)[which] for name in FIELDS))


FIELDS: Final = ("time", "height", "slow", "alone", "common")


@dataclass(frozen=True)
class Ticks:
    """The recording in steps of ``TICK_S``.

    Attributes:
        height: highest energy above the noise, (n_ticks,).
        fast: peak to peak of the band of potentials on the larger channels, (n_ticks,).
        slow: peak to peak of movement around, on the same channels, (n_ticks,).
        noise: rms of each channel in the quieter ticks of each epoch, (n_channels, n_epochs).
        bad: share of samples that are saturated or dropped, (2, n_channels, n_epochs).
        envelope: rms of each channel, (n_channels, n_steps).
    """

    height: Samples
    fast: Samples
    slow: Samples
    noise: Samples
    bad: Samples
    envelope: Samples


@dataclass(frozen=True)
class Scanned:
    """What one block gives besides its components."""

    candidates: Candidates
    ticks: Ticks


def scan_block(
    block: Block,
    cleaned: Cleaned,
    components: Samples,
    found: Survey,
    envelope_ticks: int = 10,
) -> Scanned:
    """What stands out in a block.

    Args:
        block: where it lies.
        cleaned: its core.
        components: of the core.
        found: the survey.
        envelope_ticks: step of the envelope in ticks.
    """
    settings, rate = found.settings, found.frontend.rate_hz
    high = height(components, rate, settings.smooth_s, found.reference)
    places = peaks(high, settings.candidate_sigma, round(settings.apart_s * rate))
    parts = [_describe(int(p), cleaned, found) for p in places]
    told = np.array(parts, np.float32).reshape(-1, 3)
    candidates = Candidates(places + block.first, high[places], told[:, 0], told[:, 1], told[:, 2])
    return Scanned(candidates, _ticks(cleaned, high, found, envelope_ticks))


def _describe(place: int, cleaned: Cleaned, found: Survey) -> tuple[float, float, float]:
    rate, settings = found.frontend.rate_hz, found.settings
    begin = max(0, place - round(settings.before_s / 2 * rate))
    piece = cleaned.fast[:, begin : place + round(settings.after_s / 2 * rate) + 1]
    size = np.ptp(piece, axis=1)
    usable = found.space.usable
    slow = slow_around(place, cleaned, rate)
    largest = np.argsort(-np.where(usable, size, -1.0))[: max(1, int(usable.sum()) // 8)]
    ratio = float(np.median(slow[largest]) / max(float(np.median(size[largest])), 1e-9))
    power = np.maximum(
        ((piece[usable] / found.space.noise[usable, None]) ** 2).sum(axis=1) - piece.shape[1], 0.0
    )
    total = max(float(power.sum()), 1e-9)
    scaled = piece[usable]
    common = float(scaled.shape[0] * (scaled.mean(axis=0) ** 2).sum() / max(float((scaled**2).sum()), 1e-9))
    return ratio, float(power.max() / total) if found.grid else 0.0, common if found.grid else 0.0


def slow_around(place: int, cleaned: Cleaned, rate_hz: float) -> Samples:
    """Peak to peak of the movement band around a sample, (n_channels,)."""
    pace = cleaned.slow.shape[1] / max(1, cleaned.fast.shape[1])
    reach = SLOW_REACH_S * rate_hz
    begin = min(max(0, int((place - reach) * pace)), cleaned.slow.shape[1] - 1)
    piece = cleaned.slow[:, begin : max(begin + 1, int((place + reach) * pace) + 1)]
    return np.ptp(piece, axis=1)


def _ticks(cleaned: Cleaned, high: Samples, found: Survey, envelope_ticks: int) -> Ticks:
    rate = found.frontend.rate_hz
    n = cleaned.fast.shape[1]
    count = max(1, round(n / rate / TICK_S))
    edges = np.linspace(0, n, count + 1).astype(int)[:-1]
    usable = np.flatnonzero(found.space.usable)
    fast = np.maximum.reduceat(cleaned.fast, edges, axis=1) - np.minimum.reduceat(cleaned.fast, edges, axis=1)
    length = np.diff(np.append(edges, n))
    power = np.add.reduceat(cleaned.fast**2, edges, axis=1) / length
    slow = cleaned.slow
    pace = slow.shape[1] / count
    reach = SLOW_REACH_S / TICK_S * pace
    begins = np.clip(((np.arange(count) + 0.5) * pace - reach).astype(int), 0, slow.shape[1] - 1)
    ends = np.clip(((np.arange(count) + 0.5) * pace + reach).astype(int) + 1, 1, slow.shape[1])
    pieces = [np.ptp(slow[:, b:e], axis=1) for b, e in zip(begins, ends, strict=True)]
    swing = np.array(pieces).T
    some = max(1, len(usable) // 8)
    order = np.argpartition(-fast[usable], some - 1, axis=0)[:some]
    epochs = np.arange(0, count, EPOCH_TICKS)
    whole = np.append(edges, n)
    bad = np.stack(
        [_share(mask, whole[np.append(epochs, count)]) for mask in (cleaned.saturated, cleaned.dropped)]
    )
    quiet = [np.quantile(power[:, e : e + EPOCH_TICKS], 0.3, axis=1) for e in epochs]
    steps = np.arange(0, count, envelope_ticks)
    wide = np.diff(np.append(steps, count))
    return Ticks(
        height=np.maximum.reduceat(high, edges),
        fast=np.median(np.take_along_axis(fast[usable], order, axis=0), axis=0),
        slow=np.median(np.take_along_axis(swing[usable], order, axis=0), axis=0),
        noise=np.sqrt(np.array(quiet, np.float32).T),
        bad=bad,
        envelope=np.sqrt(np.add.reduceat(power, steps, axis=1) / wide),
    )


def _share(mask: NDArray[np.bool_], edges: NDArray[np.intp]) -> Samples:
    """Share of set samples between edges, (n_channels, n_edges - 1)."""
    if not mask.any():
        return np.zeros((mask.shape[0], len(edges) - 1), np.float32)
    return (np.add.reduceat(mask, edges[:-1], axis=1, dtype=np.float32) / np.diff(edges)).astype(np.float32)


def join(parts: list[Scanned]) -> tuple[Candidates, Ticks]:
    """The blocks of a recording in one."""
    candidates = Candidates(*(np.concatenate([getattr(p.candidates, f) for p in parts]) for f in FIELDS))
    ticks = Ticks(
        height=np.concatenate([p.ticks.height for p in parts]),
        fast=np.concatenate([p.ticks.fast for p in parts]),
        slow=np.concatenate([p.ticks.slow for p in parts]),
        noise=np.concatenate([p.ticks.noise for p in parts], axis=1),
        bad=np.concatenate([p.ticks.bad for p in parts], axis=2),
        envelope=np.concatenate([p.ticks.envelope for p in parts], axis=1),
    )
    return candidates, ticks


__all__ = ["EPOCH_TICKS", "TICK_S", "Candidates", "Scanned", "Ticks", "join", "scan_block"]
