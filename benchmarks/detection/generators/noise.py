"""What an electrode at rest records: thermal and electrode noise, the power line, the heart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d

Signal = NDArray[np.float32]


def shaped(
    rng: np.random.Generator, channels: int, n: int, fs: float, slope: float, *, corner: float = 2.0
) -> Signal:
    """Power falls as 1/f**slope above the corner; unit rms."""
    m = fft.next_fast_len(n, real=True)
    weight = (1 / np.maximum(fft.rfftfreq(m, 1 / fs), corner) ** (slope / 2)).astype(np.float32)
    weight[0] = 0
    out = np.empty((channels, n), np.float32)
    for c in range(channels):
        x = fft.irfft(fft.rfft(rng.standard_normal(m, dtype=np.float32)) * weight, m)[:n]
        out[c] = x / x.std()
    return out


def heavy(rng: np.random.Generator, channels: int, n: int, fs: float, dof: float) -> Signal:
    """Student-t innovations through a short smoother, unit rms of the bulk: now and then a spike."""
    width = max(1.0, fs / 3000)
    out = np.empty((channels, n), np.float32)
    for c in range(channels):
        x = gaussian_filter1d(rng.standard_t(dof, n).astype(np.float32), width, mode="wrap")
        out[c] = x / (1.4826 * np.median(np.abs(x)))
    return out


def wandering(rng: np.random.Generator, channels: int, n: int, fs: float, depth: float, steps: int) -> Signal:
    """A gain about 1 that drifts (log-sd ``depth``) and jumps ``steps`` times."""
    slow = 0.5
    m = int(n / fs / slow) + 2
    log = depth * np.stack([_slow(rng, m, 12) for _ in range(channels)])
    for at in rng.integers(1, m, steps):
        some = rng.random(channels) < rng.uniform(0.2, 1.0)
        log[some, at:] += rng.normal(0, 0.5)
    grid = np.arange(n) / fs
    return np.stack([np.interp(grid, np.arange(m) * slow, row) for row in np.exp(log)]).astype(np.float32)


def mixing(positions: NDArray, reach_mm: float, common: float) -> NDArray[np.float32]:
    """Channels to channels: neighbors share, all share ``common`` (a noisy reference)."""
    d2 = ((positions[:, None] - positions[None]) ** 2).sum(-1)
    a = np.exp(-d2 / (2 * reach_mm**2)) if reach_mm > 0 else np.eye(len(positions))
    a /= np.linalg.norm(a, axis=1, keepdims=True)
    return np.c_[np.sqrt(1 - common**2) * a, np.full((len(a), 1), common)].astype(np.float32)


def background(
    rng: np.random.Generator,
    positions: NDArray,
    n: int,
    fs: float,
    *,
    rms: float | NDArray = 5.0,
    slope: float = 0.0,
    white: float = 0.5,
    reach_mm: float = 0.0,
    common: float = 0.0,
    dof: float | None = None,
    drift: float = 0.0,
    steps: int = 0,
) -> Signal:
    """Noise of all channels in µV; ``rms`` is of the whole band."""
    c = len(positions)
    x = shaped(rng, c + 1, n, fs, slope)
    if dof is not None:
        x = 0.6 * x + 0.8 * heavy(rng, c + 1, n, fs, dof)
    x = mixing(positions, reach_mm, common) @ x
    if white:
        x = np.sqrt(1 - white**2) * x + white * rng.standard_normal((c, n), dtype=np.float32)
    if drift or steps:
        x *= wandering(rng, c, n, fs, drift, steps)
    level = np.asarray(rms) * np.exp(rng.normal(0, 0.15, c)) if np.ndim(rms) == 0 else np.asarray(rms)
    return (x * level.astype(np.float32)[:, None]).astype(np.float32)


def mains(
    rng: np.random.Generator,
    channels: int,
    n: int,
    fs: float,
    *,
    hz: float = 50.0,
    amplitude: float = 10.0,
    harmonics: int = 5,
    wobble: float = 0.02,
    swell: float = 0.3,
    jumps: int = 0,
    same_phase: float = 0.5,
) -> Signal:
    """The power line: frequency wobbles slowly (sd in Hz), amplitude swells, channels differ."""
    knots = int(n / fs) + 3
    t = np.arange(n) / fs
    hz_t = hz + rng.normal(0, 0.03) + wobble * _slow(rng, knots, 10)
    phase = 2 * np.pi * np.cumsum(np.interp(t, np.arange(knots), hz_t)) / fs
    size = np.exp(swell * _slow(rng, knots, 8))
    for at in rng.integers(2, max(3, knots - 2), jumps):  # a hand touches the cable
        size[at:] *= np.exp(rng.normal(0, 0.5))
    size = np.clip(size, 0.2, 4.0)
    size_t = np.interp(t, np.arange(knots), size)
    out = np.zeros((channels, n), np.float32)
    for k in range(1, harmonics + 1):
        if k * hz > 0.48 * fs:
            break
        strength = amplitude * (1.0 if k == 1 else rng.uniform(0.05, 0.45) / (k if k % 2 else 2 * k))
        gain = strength * np.exp(rng.normal(0, 0.4, channels))
        angle = rng.uniform(0, 2 * np.pi) + (1 - same_phase) * rng.uniform(-np.pi, np.pi, channels)
        s, c = (
            (size_t * np.sin(k * phase)).astype(np.float32),
            (size_t * np.cos(k * phase)).astype(np.float32),
        )
        out += (gain * np.cos(angle)).astype(np.float32)[:, None] * s
        out += (gain * np.sin(angle)).astype(np.float32)[:, None] * c
    return out


def _slow(rng: np.random.Generator, knots: int, width: float) -> NDArray[np.float64]:
    """About 0 with a standard deviation of 1 over much longer than ``width`` knots."""
    lead = 4 * int(width)
    x = gaussian_filter1d(rng.standard_normal(knots + 2 * lead + 400), width)
    return (x / x.std())[lead : lead + knots]


# Center and width in seconds of P, Q, R, S, T, and their sizes along three axes.
_WAVES = np.array([[-0.17, 0.022], [-0.026, 0.008], [0.0, 0.0095], [0.027, 0.010], [0.27, 0.055]])
_AXES = np.array(
    [[0.09, -0.10, 1.0, -0.22, 0.25], [0.04, -0.25, 0.35, -0.45, 0.12], [0.0, 0.1, -0.3, 0.25, 0.05]]
)


def heart(
    rng: np.random.Generator,
    positions: NDArray,
    n: int,
    fs: float,
    *,
    amplitude: float = 40.0,
    rate: float = 70.0,
    sway: float = 0.06,
    ectopic: float = 0.0,
    spread: float = 0.4,
) -> tuple[Signal, NDArray[np.float64]]:
    """Heartbeats: the R wave is about ``amplitude``; channels see different projections of a loop."""
    beats, t = [], rng.uniform(0, 1)
    breath = rng.uniform(0.2, 0.32)
    while t < n / fs - 0.6:
        if t > 0.4:
            beats.append(t)
        rr = 60 / rate * (1 + sway * np.sin(2 * np.pi * breath * t) + rng.normal(0, 0.02))
        t += rr * (rng.choice([0.65, 1.0, 1.0, 1.0]) if rng.random() < ectopic else 1.0)
    k = np.arange(int(-0.35 * fs), int(0.55 * fs)) / fs
    waves = np.exp(-(((k[None] - _WAVES[:, :1]) / _WAVES[:, 1:]) ** 2))
    axes = _AXES @ waves
    wide = _AXES[:, [2, 3]] @ np.exp(-(((k[None] - [[0.0], [0.06]]) / [[0.035], [0.05]]) ** 2)) * 1.3
    center = positions.mean(0)
    slope = rng.normal(0, 1, (3, 2)) * spread / max(20.0, np.ptp(positions, axis=0).max())
    project = rng.normal(0, 0.35, 3)[:, None] + np.array([[1.0], [0.25], [0.15]])
    project = project + slope @ (positions - center).T + rng.normal(0, 0.08 * spread, (3, len(positions)))
    out = np.zeros((len(positions), n), np.float32)
    for beat in beats:
        i = round(beat * fs) + int(-0.35 * fs)
        if i < 0 or i + len(k) > n:
            continue
        shape = wide if rng.random() < ectopic else axes
        breathing = 1 + 0.08 * np.sin(2 * np.pi * breath * beat)
        out[:, i : i + len(k)] += (amplitude * breathing * (project.T @ shape)).astype(np.float32)
    return out, np.array(beats)
