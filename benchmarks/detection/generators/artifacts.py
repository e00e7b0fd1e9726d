"""What goes wrong in a recording. Every function adds to ``x`` in place and returns intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generators.noise import shaped

Spans = list[tuple[float, float]]


def _smooth_gain(rng: np.random.Generator, positions: NDArray, floor: float = 0.1) -> NDArray[np.float32]:
    """How strongly channels see a movement: a slope over the grid, with some electrodes looser."""
    p = positions - positions.mean(0)
    p = p / max(1.0, np.abs(p).max())
    g = 0.6 + p @ rng.normal(0, 0.35, 2) + rng.normal(0, 0.15, len(p))
    g *= np.where(rng.random(len(p)) < 0.08, rng.uniform(1.5, 4, len(p)), 1.0)
    return np.maximum(np.abs(g), floor).astype(np.float32)


def movement(
    rng: np.random.Generator,
    x: NDArray,
    positions: NDArray,
    fs: float,
    *,
    per_min: float,
    size: tuple[float, float] = (80, 500),
) -> Spans:
    """Slow swings, sliding electrodes, swinging cables."""
    n, spans = x.shape[1], []
    for _ in range(rng.poisson(per_min * n / fs / 60)):
        length = rng.uniform(0.3, 3.0)
        start = rng.uniform(0.5, max(0.6, n / fs - length - 0.5))
        i, m = int(start * fs), int(length * fs)
        t = np.arange(m) / fs
        style = rng.integers(3)
        if style == 0:  # skin stretches
            y = shaped(rng, 1, m, fs, 3.2, corner=0.7)[0] * np.sin(np.pi * t / length) ** 1.5
        elif style == 1:  # a cable swings and comes to rest
            f = rng.uniform(2.0, 18.0)
            y = np.sin(2 * np.pi * f * t * (1 + 0.05 * t)) * np.exp(-t / (0.3 * length))
            y = y * np.minimum(1, t / 0.03)
        else:  # an electrode slides, the amplifier recovers
            y = np.exp(-t / rng.uniform(0.08, 0.5)) * np.minimum(1, t / rng.uniform(0.005, 0.05))
        amount = np.exp(rng.uniform(np.log(size[0]), np.log(size[1]))) * rng.choice([-1, 1])
        part = x[:, i : i + m]
        part += (_smooth_gain(rng, positions)[:, None] * (amount * y)[: part.shape[1]]).astype(np.float32)
        spans.append((start, start + length))
    return spans


def taps(
    rng: np.random.Generator,
    x: NDArray,
    positions: NDArray,
    fs: float,
    *,
    per_min: float,
    size: tuple[float, float] = (60, 400),
) -> Spans:
    """Somebody taps the electrode or bumps the table: a damped jolt of 15 to 80 ms, on all channels."""
    n, spans = x.shape[1], []
    m = int(0.4 * fs)
    t = np.arange(m) / fs
    for _ in range(rng.poisson(per_min * n / fs / 60)):
        f, tau = rng.uniform(12, 60), rng.uniform(0.008, 0.035)
        y = np.sin(2 * np.pi * f * t + rng.uniform(0, 1)) * np.exp(-t / tau) * np.minimum(1, t / 0.003)
        start = rng.uniform(0.5, n / fs - 1)
        i = int(start * fs)
        amount = np.exp(rng.uniform(np.log(size[0]), np.log(size[1]))) * rng.choice([-1, 1])
        gain = _smooth_gain(rng, positions, 0.3)[:, None]
        x[:, i : i + m] += (gain * amount * y / np.abs(y).max()).astype(np.float32)
        spans.append((start, start + 0.15))
    return spans


def pops(
    rng: np.random.Generator,
    x: NDArray,
    fs: float,
    *,
    per_min: float,
    size: tuple[float, float] = (50, 900),
    channels_each: int = 1,
) -> Spans:
    """The potential of an electrode jumps; it decays, or is gone within milliseconds, or crackles."""
    n, spans = x.shape[1], []
    for _ in range(rng.poisson(per_min * n / fs / 60)):
        start = rng.uniform(0.5, n / fs - 1)
        i, m = int(start * fs), int(0.4 * fs)
        t = np.arange(m) / fs
        style = rng.integers(3)
        if style == 0:
            y = np.exp(-t / rng.uniform(0.01, 0.1))
        elif style == 1:
            y = ((t < rng.uniform(0.0005, 0.004)) * 1.0) - 0.4 * (t > 0.002) * np.exp(-t / 0.008)
        else:
            y = rng.standard_normal(m) * np.exp(-t / rng.uniform(0.01, 0.06))
        amount = np.exp(rng.uniform(np.log(size[0]), np.log(size[1]))) * rng.choice([-1, 1])
        for c in rng.choice(len(x), min(len(x), channels_each), replace=False):
            x[c, i : i + m] += (amount * y * rng.uniform(0.5, 1)).astype(np.float32)
        spans.append((start, start + 0.1))
    return spans


def dead(rng: np.random.Generator, x: NDArray, fs: float, count: int, *, style: str = "mixed") -> NDArray:
    """Channels that record nothing of use: flat, noise of an open input, or hum."""
    which = rng.choice(len(x), count, replace=False)
    t = np.arange(x.shape[1]) / fs
    for j, c in enumerate(which):
        kind = ("flat", "noise", "hum")[j % 3] if style == "mixed" else style
        if kind == "flat":
            x[c] = rng.normal(0, 2)
        elif kind == "noise":
            x[c] = shaped(rng, 1, x.shape[1], fs, 1.0)[0] * rng.uniform(100, 600)
        else:
            x[c] += (rng.uniform(400, 1500) * np.sin(2 * np.pi * 50.01 * t)).astype(np.float32)
    return which


def dropouts(
    rng: np.random.Generator, x: NDArray, fs: float, *, per_min: float, longest_s: float = 1.5
) -> Spans:
    """Telemetry loses packets: zeros on all channels."""
    n, spans = x.shape[1], []
    for _ in range(rng.poisson(per_min * n / fs / 60)):
        length = rng.uniform(0.02, longest_s)
        start = rng.uniform(0.2, n / fs - length - 0.2)
        x[:, int(start * fs) : int((start + length) * fs)] = 0
        spans.append((start, start + length))
    return spans


def surges(
    rng: np.random.Generator, x: NDArray, fs: float, *, per_min: float, limit: float, share: float = 0.3
) -> Spans:
    """Some channels are driven into the limit for a second or so and come back slowly."""
    n, spans = x.shape[1], []
    for _ in range(rng.poisson(per_min * n / fs / 60)):
        length = rng.uniform(0.3, 2.0)
        start = rng.uniform(0.2, n / fs - length - 2.2)
        i, j, k = (int(s * fs) for s in (start, start + length, start + length + 2.0))
        y = np.r_[np.full(j - i, 3.0), 3.0 * np.exp(-np.arange(k - j) / (0.4 * fs))] * limit
        some = np.flatnonzero(rng.random(len(x)) < share)
        some = some if len(some) else np.array([0])
        x[some, i:k] += (y * rng.choice([-1, 1])).astype(np.float32)
        spans.append((start, start + length + 2.0))
    return spans


def quantize(x: NDArray, step_uv: float, limit_uv: float | None) -> None:
    """What the converter makes of it."""
    if limit_uv is not None:
        np.clip(x, -limit_uv, limit_uv, out=x)
    if step_uv:
        np.divide(x, step_uv, out=x)
        np.round(x, out=x)
        np.multiply(x, np.float32(step_uv), out=x)
