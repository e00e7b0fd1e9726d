"""From nerves to the numbers of the inner loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from whytwitch.physiology.nerve import _kernel as kernel
from whytwitch.physiology.nerve._geometry import (
    Dimensions,
    Geometry,
    Myelin,
    cable,
    dimensions,
    node_area_um2,
)
from whytwitch.physiology.nerve._kernel import LANES_TOGETHER, MODES, PITCH, REST_MV, ROW
from whytwitch.physiology.nerve._model import Nerve
from whytwitch.physiology.nerve._modes import Modes, modes

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SODIUM_S_CM2, _PERSISTENT_S_CM2, _POTASSIUM_S_CM2, _LEAK_S_CM2 = 3.0, 0.01, 0.08, 0.007
_SODIUM_MV = 50.0
_CAPACITANCE_UF_CM2 = 2.0


@dataclass(frozen=True)
class Part:
    """An internode with the node at its far end: what it is made of."""

    fiber_um: float
    geometry: Geometry
    myelin: Myelin
    joins_branch_point: bool


@dataclass(frozen=True)
class Layout:
    """The tree of one nerve: for each node but the first, its parent and the internode between.

    Attributes:
        parent: int64 (nodes,); that of node 0 is 0.
        parts: for nodes 1 and on.
        dimensions: of every node.
        positions_mm: (nodes,) way from node 0.
    """

    parent: Ints
    parts: tuple[Part, ...]
    dimensions: tuple[Dimensions, ...]
    positions_mm: Array


def layout(nerve: Nerve) -> Layout:
    """Lay out a nerve as a tree of nodes."""
    changed = {
        d.internode: Myelin(lamellae=d.lamellae_fraction, leak=d.leak_factor, seal=d.seal_fraction)
        for d in nerve.demyelination
    }
    parents = [0, *range(nerve.nodes - 1)]
    parts = [
        Part(nerve.fiber_diameter_um, nerve.geometry, changed.get(k, Myelin()), joins_branch_point=False)
        for k in range(nerve.nodes - 1)
    ]
    for branch in nerve.branches:
        first = len(parents)
        parents += [nerve.nodes - 1, *range(first, first + branch.nodes - 1)]
        myelin = Myelin(length=branch.length_fraction)
        parts += [
            Part(branch.fiber_diameter_um, nerve.geometry, myelin, joins_branch_point=k == 0)
            for k in range(branch.nodes)
        ]
    positions = np.zeros(len(parents))
    for n, part in enumerate(parts, 1):
        length_um = dimensions(part.fiber_um, part.geometry).spacing_um * part.myelin.length
        positions[n] = positions[parents[n]] + length_um * 1e-3
    fibers = [nerve.fiber_diameter_um, *(p.fiber_um for p in parts)]
    sizes = tuple(dimensions(f, nerve.geometry) for f in fibers)
    return Layout(np.array(parents, np.int64), tuple(parts), sizes, positions)


@lru_cache(maxsize=512)
def _modes(part: Part, dt_ms: float) -> Modes:
    return modes(
        cable(
            dimensions(part.fiber_um, part.geometry), part.myelin, joins_branch_point=part.joins_branch_point
        ),
        dt_ms,
    )


@dataclass(frozen=True)
class Block:
    """Up to WIDEST nerves of one topology, in the inner loop's arrays (see its arguments)."""

    parent: Ints
    kind: Ints
    coefficients: Array
    link: Array
    modes: Array
    memory: Array
    lanes: int


def block(nerves: Sequence[Nerve], dt_ms: float) -> Block:
    """Lay nerves side by side; spare lanes repeat the last, so that they compute something harmless."""
    filled = [*nerves, *[nerves[-1]] * (-len(nerves) % LANES_TOGETHER)]
    lanes = len(filled)
    layouts = [layout(n) for n in filled]
    parent = layouts[0].parent
    nodes = parent.size
    # Internodes that are alike in every lane share their numbers, so that these stay in the nearest cache.
    columns = list(zip(*(lay.parts for lay in layouts), strict=True))
    kinds = {column: k for k, column in enumerate(dict.fromkeys(columns))}
    kind = np.array([0, *(kinds[c] for c in columns)], np.int64)
    solved = [[_modes(part, dt_ms) for part in column] for column in kinds]
    coefficients = np.array([[[m.near, m.far, m.kept] for m in column] for column in solved])
    link = np.array([[m.link_us for m in column] for column in solved])
    memory = np.zeros((kernel.MEMORY // ROW, ROW))
    rows = memory[:, : nodes * lanes].reshape(-1, nodes, lanes)
    for lane, (nerve, lay) in enumerate(zip(filled, layouts, strict=True)):
        _fill_nodes(rows[:, :, lane], nerve, lay, dt_ms)
        for n in range(1, nodes):
            m = solved[kind[n]][lane]
            rows[kernel.COUPLING // ROW, [parent[n], n], lane] += m.near_us, m.far_us
    spare = ((0, 0), (0, 0), (0, 0), (0, PITCH - lanes))
    done = Block(
        parent,
        kind,
        # From (kind, lane, weight, mode) to (kind, mode, weight, lane).
        np.pad(coefficients.transpose(0, 3, 2, 1), spare).ravel(),
        link.ravel(),
        np.zeros(nodes * MODES * PITCH),
        memory.ravel(),
        lanes,
    )
    kernel.prepare(nodes * lanes, done.memory)
    return done


def _fill_nodes(rows: Array, nerve: Nerve, lay: Layout, dt_ms: float) -> None:
    """The rows (rows, nodes) of one nerve's nodes."""
    area = np.array([node_area_um2(d) for d in lay.dimensions])
    us, nf = area * 1e-2, area * 1e-5
    t = nerve.temperature_c
    fast, inactivation, slow = 2.2 ** ((t - 20) / 10), 2.9 ** ((t - 20) / 10), 3.0 ** ((t - 36) / 10)
    for row, values in (
        *zip((kernel.M, kernel.H, kernel.P, kernel.S), steady_gates(REST_MV), strict=True),
        (kernel.SODIUM, _SODIUM_S_CM2 * nerve.sodium_fraction * us),
        (kernel.PERSISTENT, _PERSISTENT_S_CM2 * nerve.persistent_sodium_fraction * us),
        (kernel.POTASSIUM, _POTASSIUM_S_CM2 * nerve.slow_potassium_fraction * us),
        (kernel.LEAK, _LEAK_S_CM2 * nerve.nodal_leak_fraction * us),
        (kernel.INERTIA, _CAPACITANCE_UF_CM2 * nf / dt_ms),
        (kernel.SODIUM_MV, _SODIUM_MV - REST_MV),
        (kernel.POTASSIUM_MV, nerve.potassium_reversal_mv - REST_MV),
        (kernel.LEAK_MV, nerve.leak_reversal_mv - REST_MV),
        (kernel.FAST_STEP, dt_ms * fast),
        (kernel.INACTIVATION_STEP, dt_ms * inactivation),
        (kernel.SLOW_STEP, dt_ms * slow),
    ):
        rows[row // ROW] = values


def steady_gates(v: float) -> tuple[float, float, float, float]:
    """Steady m, h, p and s at a voltage (mV).

    Rates as in the source's node (McIntyre et al. 2002). It gives 21.4 mV in the opening rate of m, where
    later versions of the model have 20.4; here it is the former.
    """

    def saturating(x: float, k: float) -> float:
        z = x / k if abs(x / k) > 1e-9 else 1e-9
        return k * z / -np.expm1(-z)

    pairs = (
        (1.86 * saturating(v + 21.4, 10.3), 0.086 * saturating(-(v + 25.7), 9.16)),
        (0.062 * saturating(-(v + 114), 11), 2.3 / (1 + np.exp(-(v + 31.8) / 13.4))),
        (0.01 * saturating(v + 27, 10.2), 0.00025 * saturating(-(v + 34), 10)),
        (0.3 / (np.exp(-(v + 53) / 5) + 1), 0.03 / (np.exp(-(v + 90)) + 1)),
    )
    m, h, p, s = (float(a / (a + b)) for a, b in pairs)
    return m, h, p, s
