"""Electrodes on the skin and in the muscle: where their contacts are and how channels are made of them.

Coordinates in mm: ``x`` across the fibers, ``z`` along them (0 at the mean innervation zone), depth below
the surface of the muscle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle._counts import check_count

Montage = Literal["monopolar", "single_differential"]
Floats = NDArray[np.float64]

CORE_MM: Final = (0.29, 0.075)
"""Half axes of a concentric core (0.07 mm², cut at 15°): along the shaft and across it."""
CANNULA_MM: Final = (0.5, 15.0)
"""Stretch of the cannula, above the tip, whose mean potential is the reference (judgment)."""
MONOPOLAR_MM: Final = 0.4
"""Bare length of a monopolar tip (judgment: about 0.3 mm² on a cone)."""


@dataclass(frozen=True)
class SurfaceGrid:
    """A grid on the skin: rows along the fibers, columns across.

    Attributes:
        spacing_mm: between the centers of neighbors.
        montage: each contact against a remote reference, or against the next one along its column.
        x_mm, z_mm: center of the grid.
        turn_deg: turned against the fibers.
        contact_radius_mm: of each round contact.

    Raises:
        PhysiologyError: a value is out of range.
    """

    rows: int = 8
    columns: int = 8
    spacing_mm: float = 8.0
    montage: Montage = "monopolar"
    x_mm: float = 0.0
    z_mm: float = 0.0
    turn_deg: float = 0.0
    contact_radius_mm: float = 1.5

    def __post_init__(self) -> None:
        least = 2 if self.montage == "single_differential" else 1
        check_count("rows of the grid", self.rows, least, 64)
        check_count("columns of the grid", self.columns, 1, 64)
        check_range("spacing_mm of the grid", self.spacing_mm, 1.0, 50.0, "mm")
        check_range("contact_radius_mm", self.contact_radius_mm, 0.1, 0.5 * self.spacing_mm, "mm")
        _check_place(self.x_mm, self.z_mm, self.turn_deg)
        if self.montage not in ("monopolar", "single_differential"):
            raise PhysiologyError(
                f"montage is {self.montage!r}: a grid takes 'monopolar' or 'single_differential'"
            )


@dataclass(frozen=True)
class SurfaceBipolar:
    """A pair of contacts on the skin along the fibers; the channel is the first less the second.

    Attributes:
        distance_mm: between their centers.
        x_mm, z_mm: middle of the pair. Over the innervation zone (0) a pair sees little: it stands 25 mm off.
        turn_deg: turned against the fibers.
        contact_radius_mm: of each.

    Raises:
        PhysiologyError: a value is out of range.
    """

    distance_mm: float = 20.0
    x_mm: float = 0.0
    z_mm: float = 25.0
    turn_deg: float = 0.0
    contact_radius_mm: float = 5.0

    def __post_init__(self) -> None:
        check_range("distance_mm of the pair", self.distance_mm, 2.0, 100.0, "mm")
        check_range("contact_radius_mm", self.contact_radius_mm, 0.1, 0.5 * self.distance_mm, "mm")
        _check_place(self.x_mm, self.z_mm, self.turn_deg)


@dataclass(frozen=True)
class _Needle:
    """Where the tip of a needle is.

    Attributes:
        x_mm, z_mm: across and along the fibers.
        depth_mm: below the surface of the muscle.

    Raises:
        PhysiologyError: a value is out of range.
    """

    x_mm: float = 0.0
    z_mm: float = 20.0
    depth_mm: float = 10.0

    def __post_init__(self) -> None:
        _check_place(self.x_mm, self.z_mm, 0.0)
        check_range("depth_mm of the needle", self.depth_mm, 0.5, 60.0, "mm")


@final
@dataclass(frozen=True)
class ConcentricNeedle(_Needle):
    """A concentric needle: the core against its own cannula; ``x_mm``, ``z_mm``, ``depth_mm`` of its tip."""


@final
@dataclass(frozen=True)
class MonopolarNeedle(_Needle):
    """A monopolar needle: its bare tip against a remote reference; ``x_mm``, ``z_mm``, ``depth_mm`` of it."""


Electrode = SurfaceGrid | SurfaceBipolar | ConcentricNeedle | MonopolarNeedle


@dataclass(frozen=True)
class Layout:
    """Contacts and channels of an electrode.

    Attributes:
        contacts_mm: (n_contacts, 3): x, depth, z; depth is not used on the skin.
        mix: (n_channels, n_contacts): channels as sums of contacts.
        positions_mm: (n_channels, 2): x and z.
        names: of the channels.
        contact_radius_mm: of contacts on the skin.
    """

    contacts_mm: Floats
    mix: Floats
    positions_mm: Floats
    names: tuple[str, ...]
    reference: str
    contact_radius_mm: float = 0.0


def is_needle(electrode: Electrode) -> bool:
    """Whether it lies in the muscle."""
    return isinstance(electrode, ConcentricNeedle | MonopolarNeedle)


def layout_of(electrode: Electrode) -> Layout:
    """Where its contacts are."""
    if isinstance(electrode, SurfaceGrid):
        return _grid(electrode)
    if isinstance(electrode, SurfaceBipolar):
        return _pair(electrode)
    return _needle(electrode)


def _grid(grid: SurfaceGrid) -> Layout:
    row, column = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    flat = np.stack([column - (grid.columns - 1) / 2, row - (grid.rows - 1) / 2], axis=1) * grid.spacing_mm
    placed = _turned(flat, grid.turn_deg) + np.array([grid.x_mm, grid.z_mm])
    if grid.montage == "monopolar":
        mix, reference = np.eye(len(placed)), "remote"
        names = [f"R{r + 1}C{c + 1}" for r, c in zip(row, column, strict=True)]
    else:
        first = np.flatnonzero(row < grid.rows - 1)
        mix = np.zeros((len(first), len(placed)))
        mix[np.arange(len(first)), first] = 1.0
        mix[np.arange(len(first)), first + grid.columns] = -1.0
        names, reference = (
            [f"R{row[k] + 1}-{row[k] + 2}C{column[k] + 1}" for k in first],
            "next along the column",
        )
    return Layout(_on_skin(placed), mix, np.abs(mix) @ placed / np.abs(mix).sum(1)[:, None], tuple(names),
                  reference, grid.contact_radius_mm)  # fmt: skip


def _pair(pair: SurfaceBipolar) -> Layout:
    half = pair.distance_mm / 2
    placed = _turned(np.array([[0.0, -half], [0.0, half]]), pair.turn_deg) + np.array([pair.x_mm, pair.z_mm])
    middle = np.array([[pair.x_mm, pair.z_mm]])
    return Layout(_on_skin(placed), np.array([[1.0, -1.0]]), middle, ("EMG",), "second contact of the pair",
                  pair.contact_radius_mm)  # fmt: skip


def _needle(needle: ConcentricNeedle | MonopolarNeedle) -> Layout:
    """A needle goes straight down, so its contacts share x; the bevel of the core looks along x."""
    tip = np.array([needle.x_mm, needle.depth_mm, needle.z_mm])
    if isinstance(needle, MonopolarNeedle):
        up = np.linspace(0.0, MONOPOLAR_MM, 5)
        contacts, mix = tip - up[:, None] * [0.0, 1.0, 0.0], np.full((1, 5), 0.2)
        reference = "remote"
    else:
        spots = np.array([[0, 0], [0.7, 0], [-0.7, 0], [0, 0.7], [0, -0.7], [0.5, 0.5], [-0.5, 0.5],
                          [0.5, -0.5], [-0.5, -0.5]])  # fmt: skip
        core = tip + np.stack([0 * spots[:, 0], spots[:, 0] * CORE_MM[0], spots[:, 1] * CORE_MM[1]], axis=1)
        up = np.linspace(*CANNULA_MM, 16)
        shaft = tip - up[:, None] * [0.0, 1.0, 0.0]
        contacts = np.concatenate([core, shaft])
        mix = np.concatenate([np.full(len(core), 1 / len(core)), np.full(len(shaft), -1 / len(shaft))])[None]
        reference = "cannula of the needle"
    return Layout(contacts, mix, tip[None, [0, 2]], ("EMG needle",), reference)


def _turned(flat: Floats, degrees: float) -> Floats:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return flat @ np.array([[c, s], [-s, c]])


def _on_skin(placed: Floats) -> Floats:
    return np.stack([placed[:, 0], np.zeros(len(placed)), placed[:, 1]], axis=1)


def _check_place(x_mm: float, z_mm: float, turn_deg: float) -> None:
    check_range("x_mm of the electrode", x_mm, -100.0, 100.0, "mm")
    check_range("z_mm of the electrode", z_mm, -150.0, 150.0, "mm")
    check_range("turn_deg of the electrode", turn_deg, -180.0, 180.0, "degrees")
