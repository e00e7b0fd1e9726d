"""Potentials of motor units on the skin.

Two independent models of the same thing:

``layered``: muscle (anisotropic half-space), fat and skin as parallel layers. The potential of a point
current is found layer by layer in the plane of spatial frequencies (boundary conditions: potential and
normal current are continuous, no current leaves the skin) and tabulated for each depth. The fiber is a core
conductor of finite length with sealed ends: the action potential runs from the end-plate to both tendons,
the membrane current is the divergence of the axial current, so that it always sums to zero and potentials
of generation and extinction arise by themselves.

``tripole``: three point currents run along each half fiber and stop one after the other at its end; an
anisotropic half-space with fat as added distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.signal import butter, sosfiltfilt
from scipy.special import j1

DX, DZ = 1.0, 0.5  # mm, of the tables
NX, NZ = 256, 1024


@dataclass(frozen=True)
class Tissue:
    """Thickness in mm and conductivity in S/m."""

    fat_mm: float = 4.0
    skin_mm: float = 1.2
    across: float = 0.1
    along: float = 0.45
    fat: float = 0.045
    skin: float = 0.8
    electrode_mm: float = 1.5  # radius


@dataclass(frozen=True)
class UnitShape:
    """A motor unit under the skin: what is drawn at random for each."""

    x_mm: float
    y_mm: float  # end-plate zone, along the fibers
    depth_mm: float  # below the fat
    n_fibers: int = 24
    radius_mm: float = 3.0
    half_mm: tuple[float, float] = (60.0, 60.0)
    velocity: float = 4.0  # mm/ms
    zone_mm: float = 3.0  # scatter of end-plates
    delay_ms: float = 0.35  # scatter of arrival at the end-plates
    spike_mm: float = 3.5  # how long the membrane stays depolarized
    late: tuple[tuple[float, float], ...] = ()  # (share of fibers, delay in ms): satellites


@lru_cache(maxsize=64)
def _table(tissue: Tissue, depth: float) -> NDArray[np.float32]:
    """Potential on the skin of a unit current, over (across, along) distance."""
    kx = 2 * np.pi * np.fft.fftfreq(NX, DX)[:, None]
    kz = 2 * np.pi * np.fft.rfftfreq(NZ, DZ)[None, :]
    k = np.sqrt(kx**2 + kz**2)
    k[0, 0] = k[0, 1]
    km = np.sqrt(kx**2 + tissue.along / tissue.across * kz**2)
    km[0, 0] = km[0, 1]
    potential, current = np.ones_like(k), np.zeros_like(k)
    for thickness, sigma in ((tissue.skin_mm, tissue.skin), (tissue.fat_mm, tissue.fat)):
        c, s = np.cosh(k * thickness), np.sinh(k * thickness)
        potential, current = (
            potential * c + current / (sigma * k) * s,
            current * c + potential * sigma * k * s,
        )
    h = np.exp(-km * depth) / (tissue.across * km * potential + current)
    x = k * tissue.electrode_mm
    h *= 2 * j1(x) / x
    return np.fft.fftshift(np.fft.irfft2(h, s=(NX, NZ))).astype(np.float32)


def _depolarization(s: NDArray[np.float64], spike_mm: float) -> NDArray[np.float64]:
    """Membrane potential at s mm behind the front: fast rise, slower fall, shallow afterpotential."""
    behind = np.clip(s, 0, None)
    rise = 1 / (1 + np.exp(-np.clip((s - 2.0) / 0.45, -40, 40)))
    return rise * (np.exp(-((behind / spike_mm) ** 1.5)) + 0.06 * np.exp(-behind / 22.0))


def _fiber_layered(
    contacts: NDArray, t: NDArray, tissue: Tissue, f: tuple[float, ...], spike_mm: float
) -> NDArray[np.float64]:
    x, depth, y, delay, v, up, down = f
    z = np.arange(-down, up + DZ / 2, DZ)
    inside = _depolarization(v * (t[None, :] - delay) - np.abs(z)[:, None], spike_mm)
    axial = np.diff(inside, axis=0)
    membrane = np.diff(axial, axis=0, prepend=0, append=0)
    table = _table(tissue, round(depth * 2) / 2)
    ix = (contacts[:, 0] - x)[:, None] / DX + NX / 2 + np.zeros_like(z)
    iz = ((contacts[:, 1] - y)[:, None] - z[None, :]) / DZ + NZ / 2
    h = map_coordinates(table, [ix, iz], order=1, mode="constant")
    return h @ membrane


def _fiber_tripole(
    contacts: NDArray, t: NDArray, tissue: Tissue, f: tuple[float, ...], spike_mm: float
) -> NDArray[np.float64]:
    x, depth, y, delay, v, up, down = f
    b, a = 2.6 * spike_mm, 0.55 * spike_mm  # distance from the first to the third and second pole
    first = 1.0
    third = first * a / (b - a)  # so that the dipole moments cancel, too
    out = np.zeros((len(contacts), len(t)))
    off = (contacts[:, 0] - x) ** 2
    r0 = 4.5 * (off + (depth + tissue.skin_mm) ** 2) + (2.2 * tissue.fat_mm) ** 2
    for sign, length in ((1, up), (-1, down)):
        for strength, behind in ((first, 0.0), (-first - third, a), (third, b)):
            at = y + sign * np.clip(v * (t - delay) - behind, 0, length)
            out += strength / np.sqrt(r0[:, None] + (contacts[:, 1][:, None] - at[None, :]) ** 2 + 4.0)
    return out


MODELS = {"layered": _fiber_layered, "tripole": _fiber_tripole}


def potential(
    rng: np.random.Generator,
    contacts: NDArray,
    rate: float,
    unit: UnitShape,
    tissue: Tissue,
    *,
    model: str = "layered",
    seconds: float = 0.07,
) -> NDArray[np.float64]:
    """The unit's potential on every contact, arbitrary units: (1 + n_late, n_contacts, n_times).

    Time zero of the nerve's arrival is at 20 % of the length.
    """
    n = int(seconds * rate)
    t = (np.arange(n) - 0.2 * n) / rate * 1000.0
    parts = np.zeros((1 + len(unit.late), len(contacts), n))
    shares = np.cumsum([0.0] + [share for share, _ in unit.late])
    fiber = MODELS[model]
    for _ in range(unit.n_fibers):
        r, a = unit.radius_mm * np.sqrt(rng.random()), rng.uniform(0, 2 * np.pi)
        which = rng.random()
        part = next((i + 1 for i in range(len(unit.late)) if shares[i] <= which < shares[i + 1]), 0)
        late = unit.late[part - 1][1] if part else 0.0
        f = (
            unit.x_mm + r * np.cos(a),
            max(1.0, unit.depth_mm + r * np.sin(a)),
            unit.y_mm + rng.normal(0, unit.zone_mm),
            rng.normal(0, unit.delay_ms) + late,
            unit.velocity * rng.normal(1, 0.035),
            max(15.0, unit.half_mm[0] * rng.normal(1, 0.05)),
            max(15.0, unit.half_mm[1] * rng.normal(1, 0.05)),
        )
        parts[part] += fiber(contacts, t, tissue, f, unit.spike_mm)
    # What precedes and follows is at rest.
    edge = n // 12
    window = np.ones(n)
    window[:edge] = np.sin(np.linspace(0, np.pi / 2, edge)) ** 2
    window[-edge:] = window[:edge][::-1]
    parts -= parts[:, :, :1]
    high = butter(1, 2.0, "highpass", fs=rate, output="sos")
    return sosfiltfilt(high, parts, axis=2, padtype=None) * window


def draw_unit(
    rng: np.random.Generator, extent_mm: tuple[float, float], *, depth: tuple[float, float] = (3.0, 16.0)
) -> UnitShape:
    """A plausible unit somewhere below (or beside) electrodes that cover ``extent_mm``."""
    width, length = extent_mm
    return UnitShape(
        x_mm=rng.uniform(-8, width + 8),
        y_mm=length / 2 + rng.normal(0, max(6.0, length / 5)),
        depth_mm=rng.uniform(*depth),
        n_fibers=int(rng.integers(14, 30)),
        radius_mm=rng.uniform(1.5, 5.5),
        half_mm=(rng.uniform(40, 85), rng.uniform(40, 85)),
        velocity=rng.uniform(3.1, 5.0),
        zone_mm=rng.uniform(0.8, 5.0),
        delay_ms=rng.uniform(0.15, 0.7),
        spike_mm=rng.uniform(2.5, 5.0),
    )
