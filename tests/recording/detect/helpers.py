"""From made-up signals to recordings, and from what was found to two shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tests.recording.synthetic import Synthetic

from whytwitch.recording import ArraySignal, Channel, Events, Recording, Twitches, detect

TOLERANCE_S = 0.010


def channels_of(x: Synthetic, *, positions: bool = True) -> tuple[Channel, ...]:
    places = x.positions_mm if positions else [None] * len(x.samples)
    return tuple(
        Channel(f"C{k + 1}", position_mm=None if p is None else (float(p[0]), float(p[1])))
        for k, p in enumerate(places)
    )


def recording_of(
    x: Synthetic, samples: NDArray | None = None, *, positions: bool = True, electrode: str | None = "surface"
) -> Recording:
    samples = x.samples if samples is None else samples
    channels = channels_of(x, positions=positions)
    extra = tuple(Channel(f"extra {k}") for k in range(len(samples) - len(channels)))
    return Recording(
        name="made",
        format="array",
        sampling_rate_hz=x.fs,
        n_samples=samples.shape[1],
        channels=(*channels, *extra),
        signal=ArraySignal(samples.astype(np.float32)),
        electrode=electrode,  # pyright: ignore[reportArgumentType]
    )


def found_in(x: Synthetic, samples: NDArray | None = None, **how: object) -> Twitches:
    return detect(recording_of(x, samples, **how))  # pyright: ignore[reportArgumentType]


def times(events: Events, kind: str = "fasciculation") -> NDArray[np.float64]:
    return events.onset_s[events.kind == kind]


def pairs(true: NDArray, found: NDArray, tolerance: float = TOLERANCE_S) -> list[tuple[int, int]]:
    """Partners in two sorted lists, one to one, in order of time."""
    i = j = 0
    out: list[tuple[int, int]] = []
    while i < len(true) and j < len(found):
        gap = found[j] - true[i]
        if abs(gap) <= tolerance:
            out.append((i, j))
            i, j = i + 1, j + 1
        elif gap < 0:
            j += 1
        else:
            i += 1
    return out


def shares(true: NDArray, found: NDArray) -> tuple[float, float]:
    """Sensitivity and precision."""
    hits = len(pairs(np.sort(true), np.sort(found)))
    return hits / max(len(true), 1), hits / max(len(found), 1)


def same_partition(a: NDArray, b: NDArray) -> bool:
    """Whether two labelings of the same events group them alike."""
    return len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(set(a.tolist())) == len(set(b.tolist()))
