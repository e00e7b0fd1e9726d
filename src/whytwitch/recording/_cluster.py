"""Sort candidate potentials by shape in space and time, whatever the timing of their discharges.

In white components the distance of two potentials of one unit is known in advance: noise with as
many degrees of freedom as there are dimensions, plus a share of the potential's own energy by which
units vary. So the number of units need not be guessed. The largest unexplained candidate becomes a
center, all that lie within that distance of it join, and so on; candidates are slid along each
other, since the largest deflection of a potential may change between repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Samples

VARIES: Final = 0.15
"""Share of its energy by which a potential may differ from its unit's mean (expert estimate: jitter,
blocking of single fibers and fatigue; two potentials that correlate by 0.92)."""

SLIDE_S: Final = 0.010
"""How far candidates are slid along a center, surface; a fifth of the window elsewhere."""

DIMENSIONS: Final = 40
CAP: Final = 30.0
"""Norm above which a candidate has no more say in the choice of dimensions."""


@dataclass(frozen=True)
class Clusters:
    """Candidates by class.

    Attributes:
        label: class of each candidate, -1 for none, (n_candidates,).
        shift: samples to add to each candidate's time so that members of a class lie over each other.
        centers: (n_classes, n_dimensions).
    """

    label: NDArray[np.intp]
    shift: NDArray[np.intp]
    centers: Samples


def dimensions(windows: Samples, quiet: Samples, waves: int, most: int = DIMENSIONS) -> Samples:
    """Directions in which candidates differ more than noise does, (n_dimensions, n_features).

    Windows are first described by slow waves, in which noise is measured and made white; of their
    principal directions those are kept that noise alone would not give (the edge of the spectrum of a
    random matrix: Marchenko and Pastur 1967, doi:10.1070/SM1967v001n04ABEH001994).

    Args:
        windows: (n_candidates, n_components, n_times).
        quiet: windows of the same shape at random quiet times, to measure the noise.
        waves: slow waves (cosines) that describe a window.
        most: directions, at most.

    Returns:
        Rows that have unit variance in noise; empty where nothing stands out.
    """
    n, n_components, n_times = windows.shape
    table = cosines(n_times, min(waves, n_times))
    noise = np.sqrt(((quiet @ table) ** 2).mean(axis=0) + 1e-6)
    flat = ((windows @ table) / noise).reshape(n, -1)
    norm = np.linalg.norm(flat, axis=1, keepdims=True)
    ceiling = CAP + np.sqrt(flat.shape[1])
    flat = flat * np.minimum(1.0, ceiling / np.maximum(norm, 1e-9))
    edge = (np.sqrt(n) + np.sqrt(flat.shape[1])) ** 2
    if n < flat.shape[1]:
        values, left = np.linalg.eigh(flat @ flat.T)
        order = np.argsort(values)[::-1][:most]
        order = order[values[order] > edge]
        vectors = (left[:, order].T @ flat) / np.sqrt(np.maximum(values[order], 1e-9))[:, None]
    else:
        values, right = np.linalg.eigh(flat.T @ flat)
        order = np.argsort(values)[::-1][:most]
        vectors = right[:, order[values[order] > edge]].T
    shape = vectors.reshape(len(vectors), n_components, table.shape[1])
    into = ((shape / noise) @ table.T).reshape(len(vectors), n_components * n_times)
    return np.ascontiguousarray(into)


def cosines(n_times: int, waves: int) -> Samples:
    """Orthonormal cosines from the slowest on, (n_times, waves)."""
    time = (np.arange(n_times) + 0.5) / n_times
    table = np.cos(np.pi * time[:, None] * np.arange(waves))
    return (table / np.linalg.norm(table, axis=0)).astype(np.float32)


def features(wide: Samples, basis: Samples, slide: int) -> Samples:
    """Candidates in few dimensions at every shift.

    Args:
        wide: windows with ``slide`` samples more on both sides, (n_candidates, n_components, n).
        basis: from :func:`dimensions`.
        slide: largest shift in samples.

    Returns:
        (n_candidates, 2 * slide + 1, n_dimensions).
    """
    n_shifts = 2 * slide + 1
    length = wide.shape[2] - 2 * slide
    out = np.empty((len(wide), n_shifts, len(basis)), np.float32)
    for begin in range(0, len(wide), 256):
        some = wide[begin : begin + 256]
        for place in range(n_shifts):
            flat = some[:, :, place : place + length].reshape(len(some), -1)
            out[begin : begin + 256, place] = flat @ basis.T
    return out


def cluster(
    points: Samples, least_amplitude: float, most_amplitude: float, most_classes: int = 400
) -> Clusters:
    """Sort candidates.

    Args:
        points: (n_candidates, n_shifts, n_dimensions), noise white with unit variance.
        least_amplitude: size of a member relative to its center, at least.
        most_amplitude: the same, at most.
        most_classes: after so many the rest stays unsorted.
    """
    n, n_shifts, n_dim = points.shape
    power = (points**2).sum(axis=2)
    noise = n_dim + 4.0 * np.sqrt(2.0 * n_dim)
    middle = n_shifts // 2
    label = np.full(n, -1, np.intp)
    shift = np.full(n, middle, np.intp)
    centers: list[Samples] = []
    for seed in np.argsort(-power[:, middle]):
        if label[seed] >= 0 or len(centers) >= most_classes:
            continue
        center = points[seed, middle]
        free = label < 0
        fits, place = np.zeros(int(free.sum()), bool), np.zeros(int(free.sum()), np.intp)
        for _ in range(3):
            fits, place, _ = _fit(points[free], power[free], center, noise, least_amplitude, most_amplitude)
            if fits.sum() < 2:
                break
            members = points[free][fits, place[fits]]
            center = members.mean(axis=0)
        index = np.flatnonzero(free)
        label[index[fits]] = len(centers)
        shift[index[fits]] = place[fits]
        label[seed] = len(centers)
        centers.append(center)
    return _refine(points, power, np.array(centers, np.float32), noise, least_amplitude, most_amplitude)


def _fit(
    points: Samples, power: Samples, center: Samples, noise: float, least: float, most: float
) -> tuple[NDArray[np.bool_], NDArray[np.intp], Samples]:
    """Which candidates belong to a center, at which shift, and what is left of them."""
    match = points @ center
    place = match.argmax(axis=1)
    rows = np.arange(len(points))
    size = max(float(center @ center), 1e-9)
    best, whole = match[rows, place], power[rows, place]
    amplitude = best / size
    left = whole - best**2 / size
    widest = power.max(axis=1)
    fits = (
        (left <= noise + VARIES * whole)
        & (amplitude >= least)
        & (amplitude <= most)
        & (whole >= 0.6 * widest)
    )
    return fits, place, np.where(fits, left, np.inf)


def _refine(
    points: Samples, power: Samples, centers: Samples, noise: float, least: float, most: float
) -> Clusters:
    """Give every candidate to its best center, renew the centers, drop the empty ones; twice."""
    n = len(points)
    label = np.full(n, -1, np.intp)
    shift = np.zeros(n, np.intp)
    for _ in range(2):
        if not len(centers):
            break
        left = np.full(n, np.inf, np.float32)
        label[:] = -1
        for number, center in enumerate(centers):
            fits, place, rest = _fit(points, power, center, noise, least, most)
            better = fits & (rest < left)
            label[better], shift[better], left[better] = number, place[better], rest[better]
        used = np.unique(label[label >= 0])
        rows = np.arange(n)
        centers = np.array(
            [points[rows[label == c], shift[label == c]].mean(axis=0) for c in used], np.float32
        ).reshape(len(used), points.shape[2])
        label = np.where(label >= 0, np.searchsorted(used, label), -1)
    middle = points.shape[1] // 2
    return Clusters(label, np.where(label >= 0, shift - middle, 0), centers)


__all__ = ["SLIDE_S", "Clusters", "cluster", "cosines", "dimensions", "features"]
