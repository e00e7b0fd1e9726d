"""Look at sorted units on the electrodes: their potential, where it is largest, whether it is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._blocks import window
from whytwitch.recording._model import Recording, Samples
from whytwitch.recording._shape import measure_shape
from whytwitch.recording._survey import Survey, with_settings

REPEATS: Final = 40
"""Discharges that a unit's potential is averaged from, at most."""

WIDE_LOW_HZ: Final = {"surface": 10.0, "needle": 20.0}
"""Lower end of the band in which potentials are measured; wider than that in which they are sought."""

SLOW_REACH: Final = 10
"""Samples of the movement band (64 a second) on both sides of a potential."""

SLOW_MOST: Final = 0.8
"""Movement that goes along with a potential, relative to its size, above which it is an artifact."""

ALONE_MOST: Final = 0.6
"""Share of the energy on one electrode of a grid above which it is that electrode's."""

COMMON_MOST: Final = 0.97
"""Share of the energy that all electrodes have alike above which it is the reference's."""

SLOW_ONCE: Final = 0.4
ALONE_ONCE: Final = 0.35
COMMON_ONCE: Final = 0.6
SHARP_ONCE: Final = 0.64
"""Stricter limits for what is seen only once; the last is of mobility relative to the noise."""

TAIL_MS: Final = 50.0
TAIL_PHASES: Final = 3
TAIL_SLOW: Final = 0.15
"""A surface deflection that lasts so long in so few phases, with movement along, is an electrode's: long
potentials have many phases."""

STANDS_OUT: Final = 3.0
"""Peak to peak in noise rms from which a potential stands out on a channel, noise of the mean apart."""


@dataclass(frozen=True)
class Look:
    """A potential on all EMG channels.

    Attributes:
        wave: (n_channels, n) in µV where calibrated.
        zero: column of the reference time.
        best: channel with the largest peak-to-peak amplitude.
        peak: column of the largest deflection on it.
        slow: movement that goes along, relative to its size.
        alone: share of its energy on one channel of a grid; 0 where channels are far apart.
        common: share of its energy that all channels of a grid have alike.
        spread: share of channels on which it stands out.
        sharp: mobility relative to that of white noise in the band.
        tail_ms: from the first to the last deflection that counts, on the best channel.
        phases: of it.
        on_grid: whether neighbors saw it too, so that its shape in space tells it from a click.
    """

    wave: Samples
    zero: int
    best: int
    peak: int
    slow: float
    alone: float
    common: float
    spread: float
    sharp: float
    tail_ms: float
    phases: int
    on_grid: bool

    @property
    def is_plain(self) -> bool:
        """Whether it would be taken for a muscle's even if seen only once: nothing speaks against it."""
        return (
            self.slow < SLOW_ONCE
            and self.alone < ALONE_ONCE
            and self.common < COMMON_ONCE
            and (self.on_grid or self.sharp < SHARP_ONCE)
        )

    @property
    def is_artifact(self) -> bool:
        """Whether it is movement, an electrode or the reference rather than a muscle."""
        lingers = self.tail_ms > TAIL_MS and self.phases <= TAIL_PHASES and self.slow > TAIL_SLOW
        return lingers or self.slow > SLOW_MOST or self.alone > ALONE_MOST or self.common > COMMON_MOST


class Viewer:
    """Reads potentials off the recording in the wider band."""

    def __init__(self, recording: Recording, found: Survey) -> None:
        self.recording = recording
        self.found = with_settings(found, low_hz=WIDE_LOW_HZ[found.settings.electrode])
        self.channels = tuple(recording.channels[i] for i in found.channels)
        self.grid = found.grid
        self.before = round(1.25 * found.settings.before_s * found.frontend.rate_hz)
        self.after = round(1.25 * found.settings.after_s * found.frontend.rate_hz)

    def look(self, times: NDArray[np.int64], sizes: Samples | None = None) -> Look | None:
        """Average a unit's potential over some of its discharges.

        Args:
            times: samples at the working rate.
            sizes: relative sizes of the discharges, to average like with like.

        Returns:
            None where the recording has no room around any of them.
        """
        some = times[:: max(1, len(times) // REPEATS)][:REPEATS]
        weights = np.ones(len(times)) if sizes is None else np.asarray(sizes, float)
        chosen = weights[:: max(1, len(times) // REPEATS)][:REPEATS]
        waves: list[Samples] = []
        slows: list[Samples] = []
        for time, weight in zip(some, chosen, strict=True):
            got = self._one(int(time))
            if got is not None:
                waves.append(got[0] / np.float32(max(weight, 0.2)))
                slows.append(got[1] / np.float32(max(weight, 0.2)))
        if not waves:
            return None
        mean = np.median(waves, axis=0) if len(waves) >= 5 else np.mean(waves, axis=0)
        return self._describe(mean.astype(np.float32), np.mean(slows, axis=0), len(waves))

    def _one(self, time: int) -> tuple[Samples, Samples] | None:
        half = max(self.before, self.after)
        cleaned, place = window(self.recording, self.found, time, half)
        n = cleaned.fast.shape[1]
        if n < self.before + self.after:
            return None
        begin = min(max(0, place - self.before), n - self.before - self.after)
        wave = cleaned.fast[:, begin : begin + self.before + self.after]
        if begin != place - self.before:
            shift = begin - (place - self.before)
            wave = np.roll(wave, shift, axis=1)
        # The movement band around, always of one length, zero beyond the ends.
        pace = cleaned.slow.shape[1] / n
        fixed = np.zeros((len(wave), 2 * SLOW_REACH), np.float32)
        index = round(place * pace) + np.arange(-SLOW_REACH, SLOW_REACH)
        inside = (index >= 0) & (index < cleaned.slow.shape[1])
        fixed[:, inside] = cleaned.slow[:, index[inside]]
        return wave, fixed

    def _describe(self, wave: Samples, slow: Samples, n: int) -> Look:
        usable = self.found.space.usable
        size = np.where(usable, np.ptp(wave, axis=1), 0.0)
        best = int(size.argmax())
        noise = np.maximum(self.found.space.noise, 1e-9)
        power = np.where(
            usable, np.maximum(((wave / noise[:, None]) ** 2).sum(axis=1) - wave.shape[1] / n, 0.0), 0.0
        )
        largest = np.argsort(-size)[: max(1, int(usable.sum()) // 8)]
        ratio = np.median(np.ptp(slow, axis=1)[largest]) / max(float(np.median(size[largest])), 1e-9)
        mean = wave[usable].mean(axis=0)
        common = float(usable.sum() * (mean**2).sum() / max(float((wave[usable] ** 2).sum()), 1e-9))
        shape = measure_shape(wave[best], self.found.frontend.rate_hz, float(noise[best]) / np.sqrt(n))
        return Look(
            wave=wave,
            zero=self.before,
            best=best,
            peak=int(np.abs(wave[best]).argmax()),
            slow=float(ratio),
            alone=float(power.max() / max(float(power.sum()), 1e-9)) if self.grid else 0.0,
            common=common if self.grid else 0.0,
            tail_ms=shape.duration_ms if self.found.settings.electrode == "surface" else 0.0,
            phases=shape.phases,
            on_grid=self.grid,
            sharp=_sharpness(wave[best], self.found.frontend.rate_hz, self.found.settings.high_hz),
            spread=float((size[usable] > noise[usable] * (STANDS_OUT + 4.0 / np.sqrt(n))).mean()),
        )


def _sharpness(wave: Samples, rate_hz: float, high_hz: float) -> float:
    """Mobility of a wave relative to that of noise that is white up to ``high_hz``."""
    core = wave - wave.mean()
    mobility = float(np.sqrt((np.diff(core) ** 2).sum() / max(float((core**2).sum()), 1e-12)))
    top = min(high_hz, 0.45 * rate_hz)
    return mobility / (2.0 * np.pi * top / rate_hz / np.sqrt(3.0))


def on_channel(viewer: Viewer, channel: int) -> Viewer:
    """A viewer of one channel, for reading many discharges quickly."""
    found = viewer.found
    one = np.array([channel])
    rails = replace(
        found.frontend.rails,
        low=found.frontend.rails.low[one],
        high=found.frontend.rails.high[one],
        stuck=found.frontend.rails.stuck[one],
    )
    space = replace(found.space, noise=found.space.noise[one], usable=found.space.usable[one])
    narrowed = replace(
        found, channels=found.channels[one], frontend=replace(found.frontend, rails=rails), space=space
    )
    return Viewer(viewer.recording, narrowed)


__all__ = ["Look", "Viewer", "on_channel"]
