"""Potentials on the skin: muscle, fat and skin as parallel layers.

In the plane of spatial frequencies (kx, kz) the layers are a chain: potential and normal current are
continuous at each border and no current leaves the skin (Farina and Merletti 2001, doi 10.1109/10.923782).
The response to a point source is tabulated for depths 1 mm apart; the axial currents of a unit's fibers are
summed in cells 1 mm wide, so that a unit costs one product of matrices, however many fibers it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import j1

from whytwitch.physiology.muscle._electrodes import Layout
from whytwitch.physiology.muscle._muscle import Tissue
from whytwitch.physiology.muscle._source import SUPPORT_MM, core_s_mm, inside
from whytwitch.physiology.muscle._units import Fibers

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

CELL_MM: Final = 1.0
STEP_MM: Final = 0.5
SPAN_MM: Final = (384.0, 768.0)
"""Period of the table across and along; images of a source beyond it are that far away."""
SHALLOWEST_MM: Final = 0.5


@dataclass(frozen=True)
class SkinTable:
    """Slope along the fiber of the potential on the skin, mV per mA·mm, of point sources.

    Attributes:
        slope: (n_depths, n_across, n_along) for distances from 0 in steps of ``STEP_MM``; even across, odd
            along the fibers.
        depths_mm: of the sources, ``CELL_MM`` apart.
    """

    slope: Singles
    depths_mm: Floats


def skin_table(tissue: Tissue, contact_radius_mm: float, deepest_mm: float) -> SkinTable:
    """Tabulate the response of the tissue below a round contact, at least to some depth."""
    return _table(tissue, contact_radius_mm, 10.0 * np.ceil(deepest_mm / 10.0))


@lru_cache(maxsize=2)
def _table(tissue: Tissue, contact_radius_mm: float, deepest_mm: float) -> SkinTable:
    depths = np.arange(SHALLOWEST_MM, deepest_mm + 2 * CELL_MM, CELL_MM)
    n = [round(span / STEP_MM) for span in SPAN_MM]
    kx = 2 * np.pi * np.fft.fftfreq(n[0], STEP_MM)[:, None]
    kz = 2 * np.pi * np.fft.rfftfreq(n[1], STEP_MM)[None, :]
    across, along = tissue.muscle_across_s_per_m * 1e-3, tissue.muscle_along_s_per_m * 1e-3
    k, km = np.hypot(kx, kz), np.hypot(kx, np.sqrt(along / across) * kz)
    # The mean over the plane has no slope; any finite value does.
    k[0, 0], km[0, 0] = 1.0, 1.0
    seen = _through_layers(tissue, k, across * km) * _disc(k * contact_radius_mm) * 1j * kz
    seen[0, 0] = 0.0
    keep = (round(min(SPAN_MM[0] / 2, 130.0) / STEP_MM), n[1] // 2)
    out = np.empty((len(depths), *keep), np.float32)
    for i, depth in enumerate(depths):
        plane = np.fft.irfft2(seen * np.exp(-km * depth), s=(n[0], n[1])) / STEP_MM**2
        out[i] = plane[: keep[0], : keep[1]]
    return SkinTable(out, depths)


def _through_layers(tissue: Tissue, k: Floats, admittance: Floats) -> Floats:
    """Potential on the skin of a unit source at the border of the muscle, for each spatial frequency.

    From the skin inward: with potential 1 and no current on the outside, each layer changes potential and
    current as cosh and sinh of its thickness. A common factor exp(-k thickness) keeps both finite.
    """
    potential, current, decay = np.ones_like(k), np.zeros_like(k), np.zeros_like(k)
    for thickness, s_per_m in ((tissue.skin_mm, tissue.skin_s_per_m), (tissue.fat_mm, tissue.fat_s_per_m)):
        y = s_per_m * 1e-3 * k
        c = 0.5 * (1 + np.exp(-2 * k * thickness))
        s = 0.5 * (1 - np.exp(-2 * k * thickness))
        potential, current = potential * c + current / y * s, current * c + potential * y * s
        decay += k * thickness
    return np.exp(-decay) / (admittance * potential + current)


def _disc(kr: Floats) -> Floats:
    """Mean over a round contact."""
    return 2 * j1(kr) / kr if np.any(kr) else np.ones_like(kr)


@dataclass(frozen=True)
class Patch:
    """Cells that a unit's fibers lie in, and how strongly every contact sees each.

    Attributes:
        cells: (n_cells, 2): column across and row of depth. ``z_mm``: of the planes along the fibers.
        index: (4, n_fibers): the cells at the corners around each fiber.
        seen: (n_contacts, n_cells * n_z).
    """

    cells: NDArray[np.int64]
    index: NDArray[np.int64]
    z_mm: Floats
    seen: Singles


def patch_of(table: SkinTable, layout: Layout, fibers: Fibers) -> Patch:
    """Prepare the contacts' view of one unit."""
    column = np.floor(fibers.x_mm / CELL_MM).astype(int)
    row = np.clip(np.floor((fibers.depth_mm - SHALLOWEST_MM) / CELL_MM), 0, len(table.depths_mm) - 2).astype(
        int
    )
    corners = [np.stack([column + a, row + b], axis=1) for a in (0, 1) for b in (0, 1)]
    cells, index = np.unique(np.concatenate(corners), axis=0, return_inverse=True)
    z = np.arange(np.floor(fibers.down_mm.min()) - 1, np.ceil(fibers.up_mm.max()) + 2) * 1.0
    seen = np.empty((len(layout.contacts_mm), len(cells) * len(z)), np.float32)
    _look_up(table.slope, cells, z, layout.contacts_mm, seen)
    return Patch(cells, index.reshape(4, -1), z, seen)


@njit(cache=True, nogil=True, error_model="numpy")
def _look_up(table: Singles, cells: NDArray[np.int64], z: Floats, contacts: Floats, seen: Singles) -> None:
    """Fill what every contact sees of every cell and plane, between the table's nodes linearly."""
    n_across, n_along = table.shape[1], table.shape[2]
    for e in range(len(contacts)):
        for c in range(len(cells)):
            u = min(abs(contacts[e, 0] - cells[c, 0] * CELL_MM) / STEP_MM, n_across - 1.001)
            i = int(u)
            a = u - i
            plane = table[cells[c, 1]]
            for j in range(len(z)):
                d = (contacts[e, 2] - z[j]) / STEP_MM
                w = min(abs(d), n_along - 1.001)
                m = int(w)
                b = w - m
                value = (1 - a) * ((1 - b) * plane[i, m] + b * plane[i, m + 1]) + a * (
                    (1 - b) * plane[i + 1, m] + b * plane[i + 1, m + 1]
                )
                seen[e, c * len(z) + j] = value if d >= 0 else -value


def skin_potential(
    table: SkinTable, patch: Patch, fibers: Fibers, which: NDArray[np.bool_], begins_ms: Floats, n_times: int,
    rate_hz: float,
) -> Singles:  # fmt: skip
    """Potential on every contact, µV, (n_contacts, n_times), of some fibers of a unit.

    ``begins_ms`` (n_fibers,) is when each fiber's end-plate fires.
    """
    weights = _weights(table, fibers)
    axial = np.zeros((len(patch.cells) * len(patch.z_mm), n_times), np.float32)
    chosen = np.flatnonzero(which)
    _deposit(
        axial, patch.index, weights, chosen, fibers.zone_mm, fibers.down_mm, fibers.up_mm, fibers.diameter_um,
        fibers.velocity_m_per_s, begins_ms, patch.z_mm[0], len(patch.z_mm), 1000.0 / rate_hz,
    )  # fmt: skip
    return patch.seen @ axial


def _weights(table: SkinTable, fibers: Fibers) -> Floats:
    """How each fiber is shared among its four corners, (4, n_fibers)."""
    a = fibers.x_mm / CELL_MM - np.floor(fibers.x_mm / CELL_MM)
    deep = (fibers.depth_mm - SHALLOWEST_MM) / CELL_MM
    b = np.clip(deep - np.clip(np.floor(deep), 0, len(table.depths_mm) - 2), 0, 1)
    return np.stack([(1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b])


@njit(cache=True, nogil=True, error_model="numpy")
def _deposit(
    axial: Singles, index: NDArray[np.int64], weights: Floats, chosen: NDArray[np.int64], zone: Floats,
    down: Floats, up: Floats, diameter: Floats, velocity: Floats, begins: Floats, z0: float, n_z: int,
    step_ms: float,
) -> None:  # fmt: skip
    """Add the axial currents (in µA·mm, so that potentials come out in µV) of fibers to their cells.

    Within a plane's millimeter the axial current sums to the difference of the inside potential between its
    two sides, whatever part of it the fiber fills.
    """
    n_t = axial.shape[1]
    before, after = np.empty(n_t), np.empty(n_t)
    for i in range(len(chosen)):
        f = int(chosen[i])
        for side in (-1.0, 1.0):
            core = -side * 1000.0 * core_s_mm(float(diameter[f]))
            length = up[f] - zone[f] if side > 0 else zone[f] - down[f]
            j = int(np.floor(zone[f] - z0 + 0.5))
            near = 0.0
            for t in range(n_t):
                before[t] = inside(float(velocity[f] * (t * step_ms - begins[f])))
            while near < length:
                border = side * (z0 + j + 0.5 * side - zone[f])
                far = min(max(border, near), length)
                begin = max(0, int(np.ceil((begins[f] + near / velocity[f]) / step_ms)))
                end = min(n_t, int((begins[f] + (far + SUPPORT_MM) / velocity[f]) / step_ms) + 1)
                for t in range(begin, end):
                    after[t] = inside(float(velocity[f] * (t * step_ms - begins[f]) - far))
                for q in range(4):
                    row = axial[index[q, f] * n_z + j]
                    share = core * weights[q, f]
                    for t in range(begin, end):
                        row[t] += share * (before[t] - after[t])
                for t in range(begin, end):
                    before[t] = after[t]
                near = far
                j += int(side)
