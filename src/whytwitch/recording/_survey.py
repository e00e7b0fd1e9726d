"""A first look at a recording: which electrode, which channels, what noise.

A few dozen short stretches spread over the whole recording are read; everything that must be known
before the first block is cleaned is learned from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._candidates import Reference, reference_of
from whytwitch.recording._faults import find_faults, find_rails
from whytwitch.recording._frontend import Frontend
from whytwitch.recording._mains import Mains, find_mains
from whytwitch.recording._model import Channel, Electrode, Recording, RecordingError, Samples
from whytwitch.recording._settings import BY_ELECTRODE, MARGIN_S, Settings
from whytwitch.recording._space import Space, find_space, is_grid

WINDOW_S: Final = 2.0
MOST_WINDOWS: Final = 64
MOST_VALUES: Final = 16_000_000
"""Values (channels times samples) held at once: 64 MB."""

LOUD: Final = 12.0
"""A channel whose quiet noise is so many times that of the others is left out."""

NEEDLE_RATE_HZ: Final = 3500.0
"""Surface recordings are rarely made faster, needle recordings rarely slower."""

SHORT_MS: Final = 0.9
"""Median width of the largest deflections below which a recording is taken for a needle's."""


@dataclass(frozen=True)
class Survey:
    """What is known before the first block.

    Attributes:
        channels: indices of the EMG channels in the recording.
        dead: EMG channels without signal, (n_channels,).
        loud: EMG channels drowned in noise, (n_channels,).
        grid: whether electrodes are so near each other that a potential cannot be on one alone.
        reference: the noise where it is quiet.
    """

    channels: NDArray[np.intp]
    settings: Settings
    frontend: Frontend
    space: Space
    dead: NDArray[np.bool_]
    loud: NDArray[np.bool_]
    grid: bool
    reference: Reference

    @property
    def mains(self) -> Mains | None:
        """The power line, where there is one."""
        return self.frontend.mains


def survey(recording: Recording, electrode: Electrode | None = None) -> Survey:
    """Look a recording over.

    Args:
        recording: to be searched.
        electrode: what it was made with. Default: what the file says, else what the signal looks like.

    Raises:
        RecordingError: there is no EMG channel, none with a signal, or the sampling is too slow.
    """
    chosen = recording.emg
    if not len(chosen):
        raise RecordingError(f"{recording.name}: holds no EMG channel; name them with --channels")
    if recording.sampling_rate_hz < 200.0:
        raise RecordingError(
            f"{recording.name}: {recording.sampling_rate_hz:g} samples a second are too few for EMG "
            "(at least 200, better 1,000); check the rate"
        )
    windows = _windows(recording, chosen)
    return learn(
        windows,
        tuple(recording.channels[i] for i in chosen),
        recording.sampling_rate_hz,
        electrode or recording.electrode,
        channels=chosen,
        told_mains_hz=recording.power_line_hz,
        name=recording.name,
    )


def learn(
    windows: list[Samples],
    described: tuple[Channel, ...],
    sampling_rate_hz: float,
    electrode: Electrode | None = None,
    *,
    channels: NDArray[np.intp] | None = None,
    told_mains_hz: float | None = None,
    name: str = "the signal",
) -> Survey:
    """Learn from stretches of raw signal, each (n_channels, n).

    Raises:
        RecordingError: no channel has a signal.
    """
    chosen = np.arange(len(described)) if channels is None else channels
    rails = find_rails(windows, described, sampling_rate_hz)
    faults = [np.logical_or(*find_faults(w, rails)) for w in windows]
    dead = np.mean([f.mean(axis=1) for f in faults], axis=0) > 0.9
    dead |= np.max([np.nanstd(np.nan_to_num(w), axis=1) for w in windows], axis=0) == 0.0
    if dead.all():
        raise RecordingError(
            f"{name}: no EMG channel carries a signal (constant, missing or at the recorder's limit "
            "throughout); check the electrodes and the file"
        )
    whole = [
        np.where(f, 0.0, np.nan_to_num(w)).astype(np.float32) for f, w in zip(faults, windows, strict=True)
    ]
    mains = find_mains([w[~dead] for w in whole], sampling_rate_hz, told_mains_hz)
    settings = BY_ELECTRODE[electrode or _guess(windows, sampling_rate_hz, dead)]
    thinning = max(1, int(sampling_rate_hz // settings.work_rate_hz))
    reach = -(-round(MARGIN_S * sampling_rate_hz) // thinning) * thinning
    frontend = Frontend(sampling_rate_hz, settings, rails, mains, thinning, reach)
    cleaned = [_inside(frontend.clean(w).fast, frontend) for w in windows]
    loud = _loud(cleaned, dead)
    space = find_space(
        cleaned,
        described,
        ~(dead | loud),
        frontend.rate_hz,
        (settings.low_hz, settings.high_hz),
        settings.components,
    )
    reference = reference_of([space.components(w) for w in cleaned], frontend.rate_hz, settings.smooth_s)
    grid = is_grid(described, space.usable)
    return Survey(chosen, settings, frontend, space, dead, loud, grid, reference)


def _inside(fast: Samples, frontend: Frontend) -> Samples:
    edge = min(round(0.1 * frontend.rate_hz), fast.shape[1] // 4)
    return fast[:, edge : fast.shape[1] - edge]


def _windows(recording: Recording, chosen: NDArray[np.intp]) -> list[Samples]:
    length = min(recording.n_samples, round(WINDOW_S * recording.sampling_rate_hz))
    count = int(
        min(MOST_WINDOWS, max(1, MOST_VALUES // (length * len(chosen))), recording.n_samples // length)
    )
    begins = np.linspace(0, recording.n_samples - length, max(1, count)).astype(int)
    return [recording.read(int(b), int(b) + length, chosen) for b in begins]


def _loud(windows: list[Samples], dead: NDArray[np.bool_]) -> NDArray[np.bool_]:
    level = np.quantile([np.sqrt((w**2).mean(axis=1)) for w in windows], 0.2, axis=0)
    if (~dead).sum() < 4:
        return np.zeros(len(dead), bool)
    return ~dead & (level > LOUD * np.median(level[~dead]))


def _guess(windows: list[Samples], sampling_rate_hz: float, dead: NDArray[np.bool_]) -> Electrode:
    """Needle or surface, from the rate and from how sharp the largest deflections are."""
    if sampling_rate_hz < NEEDLE_RATE_HZ or (~dead).sum() > 16:
        return "surface"
    widths: list[float] = []
    for window in windows:
        for row in np.flatnonzero(~dead):
            x = np.nan_to_num(window[row]) - np.nanmedian(window[row])
            peak = int(np.abs(x).argmax())
            above = np.abs(x[max(0, peak - 2000) : peak + 2000]) > 0.5 * abs(x[peak])
            at = min(peak, 2000)
            left = at - int(np.argmin(above[at::-1]))
            right = at + int(np.argmin(above[at:])) if not above[at:].all() else len(above)
            widths.append((right - left) / sampling_rate_hz * 1000.0)
    return "needle" if np.median(widths) < SHORT_MS else "surface"


def with_settings(found: Survey, **changes: float) -> Survey:
    """The same survey with other thresholds."""
    settings = replace(found.settings, **changes)
    return replace(found, settings=settings, frontend=replace(found.frontend, settings=settings))


__all__ = ["Survey", "learn", "survey", "with_settings"]
