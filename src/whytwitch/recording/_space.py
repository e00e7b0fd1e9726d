"""Spatial components in which noise is white and potentials stand out.

Noise of neighboring electrodes is alike (a shared reference, the power line, the heart), and so a
combination of channels can be quiet where each channel is not. Channels are combined so that the
quiet signal becomes white; of the combinations, those are kept in which energetic stretches have
most, filled up with the smoothest patterns on the grid, since potentials under the skin are smooth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import oaconvolve

from whytwitch.recording._fourier import backward, fast_length, forward, frequencies
from whytwitch.recording._model import Channel, Samples

PIECE_S: Final = 0.05
"""Length of the pieces that are judged quiet or not."""

QUIET: Final = 1.3
"""A piece is quiet when its rms is below this many times that of the quietest tenth."""

RIDGE: Final = 0.02
"""Share of its own variance added to each channel, so that no combination is trusted blindly."""

COMMON: Final = 9.0
"""Variance, relative to the channels', ascribed to what all channels of a grid share. The reference, the
heart and the leads move all electrodes together; a motor unit does not."""

LIFT: Final = 4.0
"""Most by which the whitening filter raises or lowers a frequency."""

WHITENER_S: Final = 0.04
"""Length of that filter."""

CLOSE_MM: Final = 15.0
"""Electrodes nearer than this see the same potentials under the skin."""

GRID: Final = 8
"""Channels from which a recording is taken for a grid with a common reference."""


@dataclass(frozen=True)
class Space:
    """The combinations: ``components = mix @ channels``.

    Attributes:
        mix: (n_components, n_channels); zero for unusable channels.
        taps: filter that makes the quiet components white in time too, symmetric, of odd length.
        noise: rms of each channel's quiet signal, (n_channels,).
        usable: channels that take part, (n_channels,).
    """

    mix: Samples
    taps: Samples
    noise: Samples
    usable: NDArray[np.bool_]

    def components(self, fast: Samples) -> Samples:
        """White components of a cleaned stretch, (n_components, n)."""
        mixed = self.mix @ fast
        return oaconvolve(mixed, self.taps[None], mode="same", axes=1).astype(np.float32)


def find_space(
    windows: list[Samples],
    channels: tuple[Channel, ...],
    usable: NDArray[np.bool_],
    rate_hz: float,
    band_hz: tuple[float, float],
    most: int,
) -> Space:
    """Learn the components from stretches of cleaned signal.

    Args:
        windows: each (n_channels, n), in the band of potentials.
        channels: for their positions.
        usable: channels that are not dead or drowned in noise.
        rate_hz: of the windows.
        band_hz: of the windows.
        most: components to keep, at most.
    """
    good = np.flatnonzero(usable)
    pieces = _pieces([w[good] for w in windows], max(4, round(PIECE_S * rate_hz)))
    power = (pieces**2).mean(axis=2)  # (n_pieces, n_good)
    scale = np.maximum(np.quantile(power, 0.25, axis=0), 1e-20)
    level = np.sqrt((power / scale).mean(axis=1))
    quiet = level <= QUIET * np.quantile(level, 0.10)
    noise = np.sqrt(power[quiet].mean(axis=0) + 1e-20)

    flat = np.concatenate(list(pieces[quiet]), axis=1) / noise[:, None]
    covariance = (flat @ flat.T) / flat.shape[1] + RIDGE * np.eye(len(good), dtype=np.float32)
    if len(good) >= GRID:
        covariance += COMMON / len(good)
    values, vectors = np.linalg.eigh(covariance.astype(np.float64))
    whiten = (vectors / np.sqrt(np.maximum(values, 1e-9))) @ vectors.T / noise

    keep = np.eye(len(good))
    if len(good) > most:
        keep = _directions(pieces[~quiet], whiten, [channels[i] for i in good], most)
    mix = np.zeros((len(keep), len(channels)), np.float32)
    mix[:, good] = keep @ whiten
    everywhere = np.zeros(len(channels), np.float32)
    everywhere[good] = noise
    return Space(mix, _whitener(mix[:, good] @ pieces[quiet], rate_hz, band_hz), everywhere, usable)


def _whitener(quiet: Samples, rate_hz: float, band_hz: tuple[float, float]) -> Samples:
    """A filter that evens out the spectrum of quiet components inside the band, (n_taps,).

    It keeps the variance at one and never lifts one frequency over another by more than ``LIFT``.
    """
    n = quiet.shape[2]
    size = fast_length(4 * n)
    power = (np.abs(forward(quiet * np.hanning(n).astype(np.float32), size)) ** 2).mean(axis=(0, 1))
    frequency = frequencies(size, rate_hz)
    inside = (frequency >= band_hz[0]) & (frequency <= min(band_hz[1], 0.45 * rate_hz))
    smooth = uniform_filter1d(power, max(1, round(0.02 * len(power))))
    gain = np.sqrt(np.median(smooth[inside]) / np.maximum(smooth, 1e-12 * smooth.max()))
    gain = np.clip(gain, 1.0 / LIFT, LIFT)
    gain[~inside] = np.minimum(gain[~inside], 1.0)
    length = max(9, round(WHITENER_S * rate_hz) | 1)
    taps = np.roll(backward(gain, size), length // 2)[:length] * np.hanning(length + 2)[1:-1]
    response = np.abs(forward(taps, size)) ** 2
    return (taps / np.sqrt((response * power).sum() / power.sum())).astype(np.float32)


def _pieces(windows: list[Samples], length: int) -> Samples:
    """All whole pieces of all windows, (n_pieces, n_channels, length)."""
    # Before an amplifier is switched on all is zero, which is no noise to learn from.
    cut = [
        w[:, : w.shape[1] // length * length].reshape(w.shape[0], -1, length).transpose(1, 0, 2)
        for w in windows
        if w.shape[1] >= length
    ]
    every = np.concatenate(cut) if cut else np.zeros((0, windows[0].shape[0], length), np.float32)
    live = (every != 0.0).any(axis=(1, 2))
    return every[live] if live.any() else every


def _directions(
    energetic: Samples, whiten: NDArray[np.float64], channels: list[Channel], most: int
) -> NDArray[np.float64]:
    """Orthonormal rows: where energetic pieces stand out of the white noise, then smooth patterns."""
    rows = np.zeros((0, len(channels)))
    if len(energetic) >= 4:
        white = np.einsum("ij,pjt->pit", whiten.astype(np.float32), energetic)
        size = np.sqrt((white**2).sum(axis=(1, 2), keepdims=True))
        # The size of a piece counts by its root, so that one tug at a lead does not choose the space.
        white = white / np.sqrt(size)
        covariance = np.einsum("pit,pjt->ij", white, white)
        _, vectors = np.linalg.eigh(covariance.astype(np.float64))
        rows = vectors[:, ::-1].T[: 2 * most // 3]
    smooth = smooth_patterns(channels, most) @ np.linalg.pinv(whiten)
    for row in smooth:
        rest = row - rows.T @ (rows @ row)
        norm = np.linalg.norm(rest)
        if norm > 0.1 * np.linalg.norm(row) and len(rows) < most:
            rows = np.vstack((rows, rest / norm))
    return rows


def smooth_patterns(channels: list[Channel], most: int) -> NDArray[np.float64]:
    """Low spatial frequencies on the electrodes, (n_patterns, n_channels), smoothest first."""
    if any(c.position_mm is None for c in channels):
        return np.zeros((0, len(channels)))
    place = np.array([c.position_mm for c in channels], dtype=float)
    group = np.array([c.group for c in channels])
    apart = np.linalg.norm(place[:, None] - place[None], axis=2)
    apart[group[:, None] != group[None]] = np.inf
    np.fill_diagonal(apart, np.inf)
    pitch = float(np.median(apart.min(axis=1)))
    if not np.isfinite(pitch) or pitch <= 0:
        return np.zeros((0, len(channels)))
    joined = np.where(
        apart < 1.6 * pitch, np.exp(-((np.where(np.isfinite(apart), apart, 0) / pitch) ** 2)), 0.0
    )
    laplacian = np.diag(joined.sum(axis=1)) - joined
    _, vectors = np.linalg.eigh(laplacian)
    return vectors.T[:most]


def is_grid(channels: tuple[Channel, ...], usable: NDArray[np.bool_]) -> bool:
    """Whether channels are so near each other that a potential cannot be on one alone."""
    few = [c for c, good in zip(channels, usable, strict=True) if good]
    if len(few) < 8:
        return False
    if any(c.position_mm is None for c in few):
        return len(few) >= 16
    place = np.array([c.position_mm for c in few], float)
    apart = np.linalg.norm(place[:, None] - place[None], axis=2)
    groups = np.array([c.group for c in few])
    apart[groups[:, None] != groups[None]] = np.inf
    np.fill_diagonal(apart, np.inf)
    return float(np.median(apart.min(axis=1))) <= CLOSE_MM


__all__ = ["Space", "find_space", "is_grid", "smooth_patterns"]
