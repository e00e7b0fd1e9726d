"""What is simulated: a population of nodes, the current into them, and what came out."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from whytwitch.physiology._errors import PhysiologyError

Values = float | npt.NDArray[np.float64]
"""One number for all nodes, or one a node."""

_MOST_NODES = 10_000_000


def per_node(name: str, value: Values, count: int, low: float, high: float) -> npt.NDArray[np.float64]:
    """A value a node, float64 of shape (count,), all finite and within [low, high].

    Raises:
        PhysiologyError: it is neither one number nor one a node, or out of range.
    """
    try:
        given = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise PhysiologyError(f"{name} is {value!r}: give a number, or one a node") from None
    if given.shape not in ((), (count,)):
        raise PhysiologyError(f"{name} has shape {given.shape}: give one number, or {count}, one a node")
    wrong = ~((given >= low) & (given <= high))
    if wrong.any():
        worst = float(given[wrong].flat[0])
        raise PhysiologyError(f"{name} is {worst:g}: the model takes {low:g} to {high:g}")
    return np.broadcast_to(given, (count,))


@dataclass(frozen=True, eq=False, kw_only=True)
class NodePopulation:
    """Nodes with the membrane of the squid axon.

    The model is that of Hodgkin and Huxley (1952, doi 10.1113/jphysiol.1952.sp004764). Each node is one
    compartment, apart from the others. Every field but ``count`` is one number for all nodes or an array of
    shape (count,). Conductances are the largest possible; voltages are inside minus outside.

    Raises:
        PhysiologyError: a value is not finite, out of range, or of another shape.
    """

    count: int
    sodium_ms_cm2: Values = 120.0
    potassium_ms_cm2: Values = 36.0
    leak_ms_cm2: Values = 0.3
    sodium_reversal_mv: Values = 50.0
    potassium_reversal_mv: Values = -77.0
    leak_reversal_mv: Values = -54.3
    capacitance_uf_cm2: Values = 1.0
    temperature_c: Values = 6.3
    initial_mv: Values = -65.0

    def __post_init__(self) -> None:
        if not (isinstance(self.count, int) and 1 <= self.count <= _MOST_NODES):
            raise PhysiologyError(f"count is {self.count!r}: the model takes 1 to {_MOST_NODES} nodes")
        for field in fields(self)[1:]:
            self.values(field.name)

    def values(self, name: str) -> npt.NDArray[np.float64]:
        """The field ``name`` for every node, float64 of shape (count,)."""
        return per_node(name, getattr(self, name), self.count, *_RANGES[name])


_RANGES = {
    "sodium_ms_cm2": (0.0, 1000.0),
    "potassium_ms_cm2": (0.0, 1000.0),
    "leak_ms_cm2": (0.001, 100.0),
    "sodium_reversal_mv": (-50.0, 150.0),
    "potassium_reversal_mv": (-150.0, 50.0),
    "leak_reversal_mv": (-150.0, 50.0),
    "capacitance_uf_cm2": (0.1, 10.0),
    # Above, gates are faster than the longest step resolves, and the model fires no more.
    "temperature_c": (0.0, 25.0),
    "initial_mv": (-100.0, 60.0),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class CurrentNoise:
    """Current into each node: a constant, and about it an Ornstein–Uhlenbeck process of its own.

    Positive depolarizes. Each field is one number or one a node. The process starts from its stationary
    distribution.

    Raises:
        PhysiologyError: by ``simulate_nodes``, where a value is out of range or of another shape.
    """

    mean_ua_cm2: Values = 0.0
    sd_ua_cm2: Values = 0.0
    correlation_ms: Values = 2.0

    def values(self, name: str, count: int) -> npt.NDArray[np.float64]:
        """The field ``name`` for every node, float64 of shape (count,)."""
        ranges = {"mean_ua_cm2": (-1e3, 1e3), "sd_ua_cm2": (0.0, 1e3), "correlation_ms": (0.01, 1e4)}
        return per_node(name, getattr(self, name), count, *ranges[name])


@dataclass(frozen=True, eq=False)
class NodeRun:
    """What a simulation of nodes gave.

    Attributes:
        spike_times_ms: float64 (spikes,), ascending; the end of the step in which the threshold was crossed.
        spike_nodes: int64 (spikes,), which node.
        counts: int64 (nodes,).
        duration_ms: simulated time.
        trace_times_ms: float64 (samples,); empty where no trace was asked for.
        traces_mv: float32 (nodes, samples), membrane potential.
    """

    spike_times_ms: npt.NDArray[np.float64]
    spike_nodes: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    duration_ms: float
    trace_times_ms: npt.NDArray[np.float64]
    traces_mv: npt.NDArray[np.float32]

    @property
    def rates_hz(self) -> npt.NDArray[np.float64]:
        """Spikes a second of each node, shape (nodes,)."""
        return self.counts / (self.duration_ms * 1e-3)
