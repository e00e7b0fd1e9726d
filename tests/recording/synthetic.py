"""Fast made-up signals with known potentials: traveling two- and three-phase waves on noise.

numpy only; a minute of eight channels takes some hundredths of a second. Realistic recordings are in
``benchmarks/detection``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Synthetic:
    """samples (n_channels, n) in µV; one row of time_s, unit and kind a true potential."""

    samples: NDArray[np.float32]
    fs: float
    positions_mm: NDArray[np.float64]
    time_s: NDArray[np.float64]
    unit: NDArray[np.int64]
    kind: NDArray[np.str_]
    templates: NDArray[np.float32]  # (n_units, n_channels, n_times)
    best_channel: NDArray[np.int64]
    voluntary_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))


def positions(channels: int, pitch_mm: float = 8.0) -> NDArray[np.float64]:
    """The squarest grid of so many electrodes, row by row."""
    width = int(np.ceil(np.sqrt(channels)))
    k = np.arange(channels)
    return np.c_[k % width, k // width] * pitch_mm


def template(
    rng: np.random.Generator, where: NDArray, fs: float, ptp_uv: float, *, width_ms: float = 3.0
) -> tuple[NDArray[np.float32], int, int]:
    """A wave that spreads over the grid; (n_channels, n_times), its largest sample, its best channel."""
    n = int(0.05 * fs)
    t = (np.arange(n) - n // 2) / fs * 1000
    low, high = where.min(0), where.max(0)
    source = low + rng.random(2) * (high - low)
    distance = np.hypot(*(where - source).T)
    gain = 1 / (1 + (distance / rng.uniform(10, 20)) ** 2)
    delay = (where[:, 1] - source[1]) / rng.uniform(3.5, 5.0) * rng.choice([-1, 1])
    s = (t[None] - delay[:, None]) / (width_ms * rng.uniform(0.8, 1.3))
    skew = rng.uniform(-0.7, 0.7)
    wave = gain[:, None] * ((1 - 1.6 * s**2) + skew * s) * np.exp(-(s**2)) * rng.choice([-1.0, 1.0])
    best = int(np.ptp(wave, axis=1).argmax())
    wave *= ptp_uv / np.ptp(wave[best])
    return wave.astype(np.float32), int(np.abs(wave[best]).argmax()), best


def synthetic(
    seed: int = 0,
    *,
    channels: int = 8,
    fs: float = 1000.0,
    seconds: float = 30.0,
    ptp_uv: tuple[float, ...] = (300.0, 150.0, 80.0),
    per_min: float = 30.0,
    noise_uv: float = 5.0,
    mains_uv: float = 0.0,
    mains_hz: float = 50.0,
    heart_uv: float = 0.0,
    doublet_ms: float | None = None,
    voluntary_s: tuple[float, float] | None = None,
    width_ms: float = 3.0,
    apart_s: float = 0.12,
) -> Synthetic:
    """Units of the given amplitudes, ``per_min`` each, at least ``apart_s`` from each other.

    With ``doublet_ms`` every fifth potential is followed by another of its unit; with ``voluntary_s`` a pool
    of eight units fires at 8 to 20 Hz in that stretch (and no fasciculation does). For a needle: one
    channel, fs 10000 or more and ``width_ms`` near 0.7.
    """
    rng = np.random.default_rng(seed)
    n = int(seconds * fs)
    where = positions(channels)
    x = noise_uv * rng.standard_normal((channels, n), dtype=np.float32)
    t = np.arange(n) / fs
    if mains_uv:
        phase = rng.uniform(0, 2 * np.pi, (channels, 1))
        wave = np.sin(2 * np.pi * mains_hz * t + phase) + 0.2 * np.sin(6 * np.pi * mains_hz * t + 2 * phase)
        x += (mains_uv * rng.uniform(0.5, 1.5, (channels, 1)) * wave).astype(np.float32)
    if heart_uv:
        pulse = np.zeros(n)
        shape = np.exp(-((np.arange(-0.06, 0.06, 1 / fs) / 0.012) ** 2))
        for beat in np.arange(0.4, seconds - 0.3, 0.85) + rng.normal(0, 0.02):
            pulse[int((beat - 0.06) * fs) :][: len(shape)] += shape
        x += (heart_uv * rng.uniform(0.8, 1.2, (channels, 1)) * pulse).astype(np.float32)

    made = [template(rng, where, fs, p, width_ms=width_ms) for p in ptp_uv]
    rows: list[tuple[float, int, str]] = []
    total = int(len(ptp_uv) * per_min * seconds / 60)
    slots = rng.permutation(int((seconds - 1.0) / (2 * apart_s)))[:total]
    for k, slot in enumerate(slots):
        at = 0.5 + (2 * slot + rng.random()) * apart_s
        if voluntary_s and voluntary_s[0] - 0.4 < at < voluntary_s[1] + 0.4:
            continue
        rows.append((at, k % len(ptp_uv), "fasciculation"))
        if doublet_ms and k % 5 == 0:
            rows.append((at + doublet_ms / 1000, k % len(ptp_uv), "fasciculation"))
    if voluntary_s:
        for _ in range(8):
            made.append(template(rng, where, fs, rng.uniform(60, 300), width_ms=width_ms))
            # Some 400 discharges are more than any stretch needs.
            steps = np.clip(rng.normal(1, 0.15, 400), 0.4, 2) / rng.uniform(8, 20)
            times = voluntary_s[0] + np.cumsum(steps)
            rows += [(float(at), len(made) - 1, "voluntary") for at in times[times < voluntary_s[1]]]
    rows.sort()
    true = []
    for at, unit, kind in rows:
        wave, peak, _ = made[unit]
        i = round(at * fs) - peak
        if i < 0 or i + wave.shape[1] > n:
            continue
        x[:, i : i + wave.shape[1]] += wave * np.float32(rng.normal(1, 0.03))
        true.append(((i + peak) / fs, unit + 1, kind))
    return Synthetic(
        samples=x,
        fs=fs,
        positions_mm=where,
        time_s=np.array([r[0] for r in true]),
        unit=np.array([r[1] for r in true], dtype=np.int64),
        kind=np.array([r[2] for r in true], dtype="<U13"),
        templates=np.array([m[0] for m in made]),
        best_channel=np.array([m[2] for m in made]),
        voluntary_s=np.array([voluntary_s]) if voluntary_s else np.zeros((0, 2)),
    )
