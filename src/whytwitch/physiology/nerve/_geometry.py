"""Dimensions of a myelinated motor axon, and what follows from them electrically.

The axon of McIntyre, Richardson and Grill (2002, doi 10.1152/jn.00353.2001; ModelDB 3810): between two
nodes lie a paranode attached to the myelin, a paranode beside it (here flank), six stretches of internode,
a flank and an attached paranode, each with its axolemma, a space about it, and myelin around that. Gaines
and colleagues (2018, doi 10.1007/s10827-018-0689-5; ModelDB 243841) give the dimensions as functions of the
diameter.

Electrical units here are mV, ms, nA, µS and nF.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Geometry = Literal["mcintyre", "gaines"]
"""Where the dimensions come from: the published table, or the functions fitted to it."""

Array = npt.NDArray[np.float64]

_TABLE = np.array(
    [
        # fiber, axon, node, distance between nodes, flank length (µm), lamellae
        [5.7, 3.4, 1.9, 500.0, 35.0, 80.0],
        [7.3, 4.6, 2.4, 750.0, 38.0, 100.0],
        [8.7, 5.8, 2.8, 1000.0, 40.0, 110.0],
        [10.0, 6.9, 3.3, 1150.0, 46.0, 120.0],
        [11.5, 8.1, 3.7, 1250.0, 50.0, 130.0],
        [12.8, 9.2, 4.2, 1350.0, 54.0, 135.0],
        [14.0, 10.4, 4.7, 1400.0, 56.0, 140.0],
        [15.0, 11.5, 5.0, 1450.0, 58.0, 145.0],
        [16.0, 12.7, 5.5, 1500.0, 60.0, 150.0],
    ]
)
PUBLISHED_DIAMETERS_UM = tuple(float(d) for d in _TABLE[:, 0])
DIAMETER_RANGE_UM: dict[str, tuple[float, float]] = {
    "mcintyre": (5.7, 16.0),
    # Fitted from 5.7 to 16; below about 4 the fitted axon would be thinner than its node.
    "gaines": (4.0, 20.0),
}

NODE_LENGTH_UM = 1.0
PARANODE_LENGTH_UM = 3.0
_AXOPLASM_OHM_CM = 70.0
_SPACE_WIDTH_UM = {"paranode": 0.002, "flank": 0.004, "internode": 0.004}
_AXOLEMMA_UF_CM2 = 2.0
_LEAK_S_CM2 = {"paranode": 0.001, "flank": 0.0001, "internode": 0.0001}
_MYELIN_UF_CM2, _MYELIN_S_CM2 = 0.1, 0.001  # of one membrane; a lamella has two, in series
_PARTS = ("paranode", "flank", *("internode",) * 6, "flank", "paranode")
COMPARTMENTS = len(_PARTS)

# Areas in µm², specific values a cm².
_UF_CM2_TO_NF, _S_CM2_TO_US = 1e-5, 1e-2


@dataclass(frozen=True)
class Dimensions:
    """Lengths and diameters of one fiber, µm, and the number of its lamellae."""

    fiber_um: float
    axon_um: float
    node_um: float
    spacing_um: float
    flank_length_um: float
    lamellae: float


def dimensions(fiber_um: float, geometry: Geometry) -> Dimensions:
    """Dimensions for a fiber's outer diameter; between rows of the table, linearly."""
    if geometry == "mcintyre":
        columns = (float(np.interp(fiber_um, _TABLE[:, 0], c)) for c in _TABLE[:, 1:].T)
        return Dimensions(fiber_um, *columns)
    log = float(np.log(fiber_um))
    return Dimensions(
        fiber_um,
        axon_um=0.889 * fiber_um - 1.9104,
        node_um=0.3449 * fiber_um - 0.1484,
        spacing_um=969.3 * log - 1144.6,
        flank_length_um=2.5811 * fiber_um + 19.59,
        lamellae=65.897 * log - 32.666,
    )


@dataclass(frozen=True)
class Myelin:
    """How one internode's myelin differs from normal, and how long it is: factors, all 1 normally."""

    lamellae: float = 1.0
    leak: float = 1.0
    seal: float = 1.0
    length: float = 1.0


def node_area_um2(d: Dimensions) -> float:
    """Membrane of one node."""
    return float(np.pi * d.node_um * NODE_LENGTH_UM)


@dataclass(frozen=True)
class Cable:
    """One internode as a linear system: ``capacitance`` dx/dt = -``conductance`` x + what its ends give.

    x are the voltages inside the axon (first half) and in the space under the myelin, less their values at
    rest. ``near_us`` and ``far_us`` lead from the first and last compartment to the middle of the nodes.
    """

    capacitance: Array
    conductance: Array
    near_us: float
    far_us: float
    length_um: float


def cable(d: Dimensions, myelin: Myelin, *, joins_branch_point: bool = False) -> Cable:
    """The internode of a fiber; one that ``joins_branch_point`` begins in the middle of its first node."""
    spacing = d.spacing_um * myelin.length
    stretch = (spacing - NODE_LENGTH_UM - 2 * PARANODE_LENGTH_UM - 2 * d.flank_length_um) / 6
    lengths = {"paranode": PARANODE_LENGTH_UM, "flank": d.flank_length_um, "internode": stretch}
    length = np.array([lengths[p] for p in _PARTS])
    inner = np.array([d.node_um if p == "paranode" else d.axon_um for p in _PARTS])
    leak = np.array([_LEAK_S_CM2[p] for p in _PARTS])
    membrane, sheath = np.pi * inner * length, np.pi * d.fiber_um * length
    membranes = 2 * d.lamellae * myelin.lamellae
    inside = _axial_mohm(inner, length)
    space = np.array([_space_mohm(i, p, n) for i, p, n in zip(inner, _PARTS, length, strict=True)])
    space[[0, -1]] *= myelin.seal
    node_inside = float(_axial_mohm(np.array(d.node_um), np.array(NODE_LENGTH_UM)))
    node_space = _space_mohm(d.node_um, "paranode", NODE_LENGTH_UM)
    near = 0.0 if joins_branch_point else 1.0
    us, nf = _S_CM2_TO_US, _UF_CM2_TO_NF
    return Cable(
        capacitance=_two_layers(
            membrane * _AXOLEMMA_UF_CM2 * nf, np.diag(sheath * _MYELIN_UF_CM2 / membranes * nf)
        ),
        conductance=_two_layers(
            membrane * leak * us,
            np.diag(sheath * _MYELIN_S_CM2 * myelin.leak / membranes * us)
            + _chain(space, near * node_space, node_space),
            _chain(inside, near * node_inside, node_inside),
        ),
        near_us=float(2 / (near * node_inside + inside[0])),
        far_us=float(2 / (node_inside + inside[-1])),
        length_um=spacing,
    )


def _axial_mohm(diameter: Array, length: Array) -> Array:
    return 1e-2 * _AXOPLASM_OHM_CM * length / (np.pi * diameter**2 / 4)


def _space_mohm(diameter: float, part: str, length: float) -> float:
    """Resistance along the thin space around an axon of the given diameter."""
    ring = np.pi * ((diameter / 2 + _SPACE_WIDTH_UM[part]) ** 2 - (diameter / 2) ** 2)
    return float(1e-2 * _AXOPLASM_OHM_CM * length / ring)


def _chain(resistance: Array, before: float, after: float) -> Array:
    """Conductance matrix of compartments in a row, whose ends lead to nodes with the given resistances."""
    half = np.concatenate([[before], resistance, [after]]) / 2
    link = 1 / (half[:-1] + half[1:])
    return np.diag(link[:-1] + link[1:]) - np.diag(link[1:-1], 1) - np.diag(link[1:-1], -1)


def _two_layers(across: Array, outer: Array, inner: Array | None = None) -> Array:
    """Matrix of two layers joined by ``across`` at every compartment."""
    between = np.diag(across)
    within = between if inner is None else between + inner
    return np.block([[within, -between], [-between, between + outer]])
