"""The nouns: a nerve fiber, what is wrong with its myelin, its branches, and a pulse of current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.nerve._geometry import (
    DIAMETER_RANGE_UM,
    NODE_LENGTH_UM,
    PARANODE_LENGTH_UM,
    Geometry,
    dimensions,
)
from whytwitch.physiology.nerve._kernel import MOST_NODES


@dataclass(frozen=True, kw_only=True)
class Demyelination:
    """What is wrong with the myelin of one internode. Every factor is 1 in a healthy one.

    Attributes:
        internode: which, from 0; that between nodes k and k + 1 of the trunk is number k.
        lamellae_fraction: lamellae left. Fewer raise the myelin's capacitance and conductance alike.
        leak_factor: conductance of each lamella.
        seal_fraction: resistance of the space under the attached paranodes at both ends.

    Raises:
        PhysiologyError: a value is out of range.
    """

    internode: int
    lamellae_fraction: float = 1.0
    leak_factor: float = 1.0
    seal_fraction: float = 1.0

    def __post_init__(self) -> None:
        _check_count("internode", self.internode, 0, MOST_NODES)
        check_range("lamellae_fraction", self.lamellae_fraction, 0.005, 1.0)
        check_range("leak_factor", self.leak_factor, 0.01, 1e4)
        check_range("seal_fraction", self.seal_fraction, 1e-3, 1.0)


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A daughter fiber that begins at the trunk's last node.

    Attributes:
        fiber_diameter_um: outer diameter; the dimensions follow from it as the trunk's do.
        nodes: nodes of its own, beyond the one it shares.
        length_fraction: length of its internodes, of that usual for the diameter; near the terminal
            they are shorter than along the nerve.

    Raises:
        PhysiologyError: a value is out of range.
    """

    fiber_diameter_um: float
    nodes: int = 5
    length_fraction: float = 1.0

    def __post_init__(self) -> None:
        _check_count("nodes of a branch", self.nodes, 1, MOST_NODES - 2)
        check_range("length_fraction", self.length_fraction, 0.05, 2.0)


@dataclass(frozen=True, kw_only=True)
class Nerve:
    """A myelinated human-sized motor axon as a double cable, and whether it divides.

    Nodes of the trunk are numbered from 0, those of the branches after them, branch by branch.

    Attributes:
        fiber_diameter_um: outer diameter, of myelin.
        nodes: nodes of the trunk.
        geometry: "mcintyre" takes the published table (between its rows, linearly), "gaines" the
            functions fitted to it, which also go beyond.
        temperature_c: of the gates. Passive properties stay those of 37 °C.
        sodium_fraction, persistent_sodium_fraction, slow_potassium_fraction, nodal_leak_fraction:
            conductance of all nodes, of the normal one.
        potassium_reversal_mv, leak_reversal_mv: at the nodes. Higher ones depolarize.
        demyelination: internodes of the trunk whose myelin is not normal.
        branches: daughters that begin at the trunk's last node.

    Raises:
        PhysiologyError: a value is out of range, an internode does not exist or is named twice, or the
            nerve has more nodes than the model takes.
    """

    fiber_diameter_um: float = 10.0
    nodes: int = 21
    geometry: Geometry = "mcintyre"
    temperature_c: float = 37.0
    sodium_fraction: float = 1.0
    persistent_sodium_fraction: float = 1.0
    slow_potassium_fraction: float = 1.0
    nodal_leak_fraction: float = 1.0
    potassium_reversal_mv: float = -90.0
    leak_reversal_mv: float = -90.0
    demyelination: tuple[Demyelination, ...] = ()
    branches: tuple[Branch, ...] = ()

    def __post_init__(self) -> None:
        if self.geometry not in get_args(Geometry):
            raise PhysiologyError(
                f"geometry is {self.geometry!r}: it is one of {', '.join(get_args(Geometry))}"
            )
        _check_count("nodes", self.nodes, 2, MOST_NODES)
        check_range("temperature_c", self.temperature_c, 10.0, 42.0, "°C")
        for name in ("sodium", "persistent_sodium", "slow_potassium", "nodal_leak"):
            check_range(f"{name}_fraction", getattr(self, f"{name}_fraction"), 0.0, 20.0)
        for name in ("potassium_reversal_mv", "leak_reversal_mv"):
            check_range(name, getattr(self, name), -120.0, -40.0, "mV")
        self._check_fibers()
        self._check_internodes()
        if self.total_nodes > MOST_NODES:
            raise PhysiologyError(
                f"the nerve has {self.total_nodes} nodes with its branches: the model takes {MOST_NODES}"
            )

    @property
    def total_nodes(self) -> int:
        """Nodes of the trunk and all branches."""
        return self.nodes + sum(b.nodes for b in self.branches)

    @property
    def end_nodes(self) -> tuple[int, ...]:
        """The last node of every branch; without branches, of the trunk."""
        ends, n = [], self.nodes
        for branch in self.branches:
            n += branch.nodes
            ends.append(n - 1)
        return tuple(ends) or (self.nodes - 1,)

    def _check_fibers(self) -> None:
        low, high = DIAMETER_RANGE_UM[self.geometry]
        for fiber, length in (
            (self.fiber_diameter_um, 1.0),
            *((b.fiber_diameter_um, b.length_fraction) for b in self.branches),
        ):
            check_range(f"fiber_diameter_um (of the {self.geometry} geometry)", fiber, low, high, "µm")
            d = dimensions(fiber, self.geometry)
            shortest = NODE_LENGTH_UM + 2 * (PARANODE_LENGTH_UM + d.flank_length_um)
            if d.spacing_um * length <= shortest:
                raise PhysiologyError(
                    f"length_fraction is {length:g}: at {fiber:g} µm an internode has no room for its "
                    f"paranodes below {shortest / d.spacing_um:.2f}"
                )

    def _check_internodes(self) -> None:
        named = [d.internode for d in self.demyelination]
        if len(set(named)) < len(named):
            raise PhysiologyError(f"demyelination names an internode twice: {sorted(named)}")
        if named and max(named) > self.nodes - 2:
            raise PhysiologyError(
                f"demyelination names internode {max(named)}: a trunk of {self.nodes} nodes has 0 to "
                f"{self.nodes - 2}"
            )


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A rectangular current into the inside of one node; positive depolarizes.

    Raises:
        PhysiologyError: a value is out of range.
    """

    node: int = 0
    start_ms: float = 1.0
    duration_ms: float = 0.1
    amplitude_na: float = 4.0

    def __post_init__(self) -> None:
        _check_count("node of a pulse", self.node, 0, MOST_NODES)
        check_range("start_ms", self.start_ms, 0.0, 1e7, "ms")
        check_range("duration_ms", self.duration_ms, 1e-3, 1e7, "ms")
        check_range("amplitude_na", self.amplitude_na, -1e3, 1e3, "nA")


def train(
    rate_hz: float, pulses: int, *, node: int = 0, start_ms: float = 1.0, amplitude_na: float = 4.0
) -> tuple[Pulse, ...]:
    """Equal pulses of 0.1 ms at a constant rate.

    Raises:
        PhysiologyError: a value is out of range.
    """
    check_range("rate_hz", rate_hz, 0.001, 2000.0, "Hz")
    _check_count("pulses", pulses, 1, 100_000)
    return tuple(
        Pulse(node=node, start_ms=start_ms + k * 1e3 / rate_hz, amplitude_na=amplitude_na)
        for k in range(pulses)
    )


def _check_count(name: str, value: int, low: int, high: int) -> None:
    if not (isinstance(value, int) and low <= value <= high):
        raise PhysiologyError(f"{name} is {value!r}: give a whole number from {low} to {high}")
