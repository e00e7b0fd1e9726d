"""What a recording holds besides muscle: amplifier, noise, power line, heart, movement, bad electrodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, freqz_sos, lfilter, sosfilt

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle._truth import Artifact

Singles = NDArray[np.float32]

PINK: Final = (
    (0.049922035, -0.095993537, 0.050612699, -0.004408786),
    (1.0, -2.494956002, 2.017265875, -0.522189400),
)
"""A filter of third order whose power falls as 1/f over the band of interest, within 0.5 dB."""


@dataclass(frozen=True)
class Amplifier:
    """Causal Butterworth filters of second order.

    Attributes:
        high_pass_hz, low_pass_hz: corners. ``None`` takes 10 to 500 Hz on the skin, 10 Hz to 10 kHz at a
            needle, and never more than 0.45 of the sampling rate.

    Raises:
        PhysiologyError: a corner is out of range.
    """

    high_pass_hz: float | None = None
    low_pass_hz: float | None = None

    def __post_init__(self) -> None:
        if self.high_pass_hz is not None:
            check_range("high_pass_hz", self.high_pass_hz, 0.1, 1000, "Hz")
        if self.low_pass_hz is not None:
            check_range("low_pass_hz", self.low_pass_hz, 20, 50_000, "Hz")

    def sections(self, rate_hz: float, *, needle: bool) -> NDArray[np.float64]:
        """Second-order sections.

        Raises:
            PhysiologyError: the corners do not leave a band.
        """
        low = 10.0 if self.high_pass_hz is None else self.high_pass_hz
        high = (10_000.0 if needle else 500.0) if self.low_pass_hz is None else self.low_pass_hz
        high = min(high, 0.45 * rate_hz)
        if low >= high:
            raise PhysiologyError(f"high_pass_hz is {low:g}: it must lie below {high:g} Hz, the low-pass")
        return np.concatenate([
            np.asarray(butter(2, low, "highpass", fs=rate_hz, output="sos")),
            np.asarray(butter(2, high, "lowpass", fs=rate_hz, output="sos")),
        ])  # fmt: skip


@dataclass(frozen=True)
class Background:
    """Noise and artifacts; noise is on by default, everything else is off.

    Attributes:
        noise_uv: rms of the amplifier and the skin within the passband. None: 3 µV on the skin, 5 µV at a
            needle (judgments).
        pink_share: share of the noise's power that falls as 1/f.
        mains_uv: amplitude of the power line on the median channel. ``mains_hz``: 50 or 60; it drifts.
        ecg_uv: peak of the heart's R wave. ``heart_per_min``: its rate.
        movement_per_min, movement_uv: slow swings of cables and skin, on neighboring channels together.
        pops_per_min, pop_uv: sudden steps of one electrode that decay.
        bad_channels: rows of channels with lost contact: noise ten times as strong, little signal.

    Raises:
        PhysiologyError: a value is out of range.
    """

    noise_uv: float | None = None
    pink_share: float = 0.5
    mains_uv: float = 0.0
    mains_hz: float = 50.0
    ecg_uv: float = 0.0
    heart_per_min: float = 66.0
    movement_per_min: float = 0.0
    movement_uv: float = 300.0
    pops_per_min: float = 0.0
    pop_uv: float = 400.0
    bad_channels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.noise_uv is not None:
            check_range("noise_uv", self.noise_uv, 0, 1000, "µV")
        check_range("pink_share", self.pink_share, 0, 1)
        for name in ("mains_uv", "ecg_uv", "movement_uv", "pop_uv"):
            check_range(name, getattr(self, name), 0, 20_000, "µV")
        check_range("mains_hz", self.mains_hz, 45, 65, "Hz")
        check_range("heart_per_min", self.heart_per_min, 30, 220, "a minute")
        check_range("movement_per_min", self.movement_per_min, 0, 120, "a minute")
        check_range("pops_per_min", self.pops_per_min, 0, 600, "a minute")


class Contamination:
    """Adds the background to one stretch of signal after the other, in order.

    Args:
        background: what to add.
        n_channels: of the recording.
        rate_hz: of the recording.
        duration_s: of the whole recording.
        rng: drawn from for everything here.
        sections: of the amplifier; noise is given by what it lets pass.
        needle: which noise is the default.

    Raises:
        PhysiologyError: a bad channel does not exist.
    """

    def __init__(
        self, background: Background, n_channels: int, rate_hz: float, duration_s: float,
        rng: np.random.Generator, sections: NDArray[np.float64], *, needle: bool,
    ) -> None:  # fmt: skip
        bad = np.array(background.bad_channels, dtype=int)
        if bad.size and not (bad.min() >= 0 and bad.max() < n_channels):
            raise PhysiologyError(
                f"bad_channels has {list(bad)}: the recording has rows 0 to {n_channels - 1}"
            )
        self._plan, self._rate, self._rng = background, rate_hz, rng
        self._white, self._pink = _noise_gains(background.pink_share, sections)
        self._gain = np.ones(n_channels, np.float32)
        self._gain[bad] = 0.1
        noise = (5.0 if needle else 3.0) if background.noise_uv is None else background.noise_uv
        self._noise = np.full(n_channels, noise, np.float32) * rng.uniform(0.8, 1.25, n_channels)
        self._noise[bad] *= 10
        self._pink_state = np.zeros((n_channels, 3))
        self._hertz, self._mains_phase = background.mains_hz, 0.0
        self._mains = self._mains_shape(n_channels)
        self._heart = self._heart_shape(n_channels)
        self._beats = self._heart_beats(duration_s)
        self._bumps, self.artifacts = self._draw_bumps(n_channels, duration_s)

    def add(self, piece: Singles, start: int) -> None:
        """Add to samples (n_channels, n) that begin at sample ``start``."""
        piece *= self._gain[:, None]
        self._add_noise(piece)
        if self._plan.mains_uv:
            self._add_mains(piece)
        if self._plan.ecg_uv:
            for beat in self._beats:
                self._add_shape(piece, start, beat, self._heart)
        for onset, shape in self._bumps:
            self._add_shape(piece, start, onset, shape)

    def _add_noise(self, piece: Singles) -> None:
        n_channels, n = piece.shape
        total = self._white * self._rng.standard_normal((n_channels, n), np.float32)
        if self._pink:
            pink, state = lfilter(
                *PINK, self._rng.standard_normal((n_channels, n), np.float32), axis=1, zi=self._pink_state
            )
            self._pink_state[...] = state
            total += self._pink * pink.astype(np.float32)
        piece += self._noise[:, None].astype(np.float32) * total

    def _mains_shape(self, n_channels: int) -> NDArray[np.complexfloating]:
        """Complex amplitude of the power line and its harmonics on every channel, (3, n_channels)."""
        size = self._plan.mains_uv * np.array([1.0, 0.12, 0.25])[:, None]
        phase = np.exp(
            1j * (self._rng.uniform(0, 2 * np.pi, (3, 1)) + self._rng.normal(0, 0.3, (3, n_channels)))
        )
        return np.asarray(size * self._rng.lognormal(0, 0.4, n_channels), dtype=complex) * phase

    def _add_mains(self, piece: Singles) -> None:
        n = piece.shape[1]
        # The frequency wanders smoothly, by some hundredths of a hertz in a stretch.
        after = self._plan.mains_hz + 0.7 * (self._hertz - self._plan.mains_hz) + self._rng.normal(0, 0.02)
        steps = 2 * np.pi / self._rate * np.linspace(self._hertz, after, n)
        angle = self._mains_phase + np.cumsum(steps)
        self._hertz, self._mains_phase = after, float(angle[-1])
        turns = np.arange(1, 4)[:, None] * angle[None]
        size, phase = np.abs(self._mains).T, np.angle(self._mains).T
        waves = (size * np.cos(phase)) @ np.cos(turns) - (size * np.sin(phase)) @ np.sin(turns)
        piece += waves.astype(np.float32)

    def _heart_shape(self, n_channels: int) -> Singles:
        """P, QRS and T at the muscle, which is far from the heart: much the same on every channel."""
        t = np.arange(0, 0.7, 1 / self._rate)
        waves = ((0.10, 0.15, 0.022), (-0.12, 0.265, 0.010), (1.0, 0.285, 0.011), (-0.2, 0.308, 0.011),
                 (0.28, 0.52, 0.045))  # fmt: skip
        wave = sum(a * np.exp(-0.5 * ((t - c) / w) ** 2) for a, c, w in waves)
        gain = self._plan.ecg_uv * self._rng.normal(1, 0.15, n_channels)
        return (gain[:, None] * np.asarray(wave)).astype(np.float32)

    def _heart_beats(self, duration_s: float) -> NDArray[np.float64]:
        mean = 60 / self._plan.heart_per_min
        n = int(duration_s / mean * 1.5) + 10
        breath = 0.04 * np.sin(2 * np.pi * 0.25 * mean * np.arange(n))
        return np.cumsum(mean * (1 + breath + 0.015 * self._rng.normal(size=n))) - mean

    def _draw_bumps(
        self, n_channels: int, duration_s: float
    ) -> tuple[list[tuple[float, Singles]], list[Artifact]]:
        """Movements and pops: when, and their shape on every channel."""
        bumps: list[tuple[float, Singles]] = []
        told: list[Artifact] = []
        place = np.arange(n_channels)
        for onset in np.sort(self._rng.uniform(0, duration_s, self._rng.poisson(
            self._plan.movement_per_min * duration_s / 60
        ))):  # fmt: skip
            length = self._rng.uniform(0.3, 1.5)
            t = np.arange(0, length, 1 / self._rate)
            slow = sum(self._rng.normal() * np.sin(2 * np.pi * f * t + self._rng.uniform(0, 6.3)) / f**0.5
                       for f in (1.5, 3.0, 6.0, 11.0, 19.0))  # fmt: skip
            wave = np.asarray(slow) * np.hanning(len(t))
            reach = np.exp(-0.5 * ((place - self._rng.uniform(0, n_channels)) / (0.3 * n_channels + 1)) ** 2)
            bumps.append((float(onset), (self._plan.movement_uv * reach[:, None] * wave).astype(np.float32)))
            told.append(Artifact(float(onset), float(length), "movement"))
        for onset in np.sort(self._rng.uniform(0, duration_s, self._rng.poisson(
            self._plan.pops_per_min * duration_s / 60
        ))):  # fmt: skip
            t = np.arange(0, 0.4, 1 / self._rate)
            wave = (
                self._rng.choice([-1, 1])
                * self._plan.pop_uv
                * self._rng.lognormal(0, 0.4)
                * np.exp(-t / 0.06)
            )
            shape = np.zeros((n_channels, len(t)), np.float32)
            shape[self._rng.integers(n_channels)] = wave
            bumps.append((float(onset), shape))
            told.append(Artifact(float(onset), 0.4, "pop"))
        return bumps, sorted(told, key=lambda a: a.onset_s)

    def _add_shape(self, piece: Singles, start: int, onset_s: float, shape: Singles) -> None:
        first = round(onset_s * self._rate) - start
        low, high = max(first, 0), min(first + shape.shape[1], piece.shape[1])
        if low < high:
            piece[:, low:high] += shape[:, low - first : high - first]


def _noise_gains(pink_share: float, sections: NDArray[np.float64]) -> tuple[np.float32, np.float32]:
    """Strength of white and of pink noise whose sum has an rms of 1 after the amplifier."""
    angle, passed = freqz_sos(sections, worN=8192)
    back = np.exp(-1j * np.asarray(angle))
    pink = np.polyval(PINK[0][::-1], back) / np.polyval(PINK[1][::-1], back)
    white_power, pink_power = np.mean(np.abs(passed) ** 2), np.mean(np.abs(passed * pink) ** 2)
    return np.float32(np.sqrt((1 - pink_share) / white_power)), np.float32(np.sqrt(pink_share / pink_power))


def filtered(piece: Singles, sections: NDArray[np.float64], state: NDArray[np.float64]) -> Singles:
    """One stretch through the amplifier; ``state`` (n_sections, n_channels, 2) is carried on in place."""
    out, after = sosfilt(sections, piece, axis=1, zi=state)
    state[...] = after
    return out.astype(np.float32)
