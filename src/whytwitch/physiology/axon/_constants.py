"""The normal human motor axon: amounts of channels, capacitances, and where they come from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.channels import INTERNODE, NODE
from whytwitch.physiology.ions import Bath

_GATES = {gate.name for channel in (*NODE, *INTERNODE) for gate in channel.gates}
_FREE = {"rest_mv", "gate_shift_mv", "gate_speed", "gate_steepness"}


@dataclass(frozen=True, slots=True)
class Constants:
    """What a normal axon is made of (one node and the internode beside it).

    Args:
        transient_sodium_e9_cm3_s, persistent_sodium_e9_cm3_s: permeabilities of the node.
        nodal_*_ns, internodal_*_ns, ih_ns: largest conductances.
        barrett_barrett_ns: conductance through and under the myelin (Barrett & Barrett 1982).
        *_capacitance_pf: of the node's membrane, of the myelin, of the membrane under it.
        internal_sodium_mmol_l, internal_potassium_mmol_l: inside, held constant.
        rest_mv: resting potential in the normal bath, of node and internode alike; it fixes how much of
            each leak is sodium, once the pump is taken to balance the resting sodium current.
        gate_shift_mv, gate_speed, gate_steepness: how far the fit moved a gate from its published
            kinetics, by the gate's name (0, 1 and 1 where absent).
        conditioning: the supramaximal stimulus of the recovery cycle, in thresholds.

    Raises:
        PhysiologyError: a value is out of range.
    """

    transient_sodium_e9_cm3_s: float
    persistent_sodium_e9_cm3_s: float
    nodal_fast_potassium_ns: float
    nodal_slow_potassium_ns: float
    nodal_leak_ns: float
    internodal_fast_potassium_ns: float
    internodal_slow_potassium_ns: float
    internodal_leak_ns: float
    ih_ns: float
    barrett_barrett_ns: float
    nodal_capacitance_pf: float
    myelin_capacitance_pf: float
    internodal_capacitance_pf: float
    rest_mv: float
    internal_sodium_mmol_l: float = 9.0
    internal_potassium_mmol_l: float = 155.0
    conditioning: float = 1.75
    gate_shift_mv: MappingProxyType[str, float] = field(default_factory=lambda: MappingProxyType({}))
    gate_speed: MappingProxyType[str, float] = field(default_factory=lambda: MappingProxyType({}))
    gate_steepness: MappingProxyType[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.name not in _FREE:
                check_range(item.name, getattr(self, item.name), 1e-6, 1e5)
        check_range("rest_mv", self.rest_mv, -110.0, -50.0, "mV")
        for kind in ("gate_shift_mv", "gate_speed", "gate_steepness"):
            if unknown := sorted(set(getattr(self, kind)) - _GATES):
                raise PhysiologyError(f"{kind} names {', '.join(unknown)}; gates are {sorted(_GATES)}")
        for name, value in self.gate_shift_mv.items():
            check_range(f"gate_shift_mv[{name!r}]", value, -60.0, 60.0, "mV")
        for kind in ("gate_speed", "gate_steepness"):
            for name, value in getattr(self, kind).items():
                check_range(f"{kind}[{name!r}]", value, 0.05, 20.0)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, item.name) for item in fields(self) if item.name not in _FREE))


NORMAL_BATH = Bath()
"""Where the normal axon lies, and in which its pump balances its sodium."""


def constants_from(values: dict[str, object]) -> Constants:
    """The constants of a mapping, as a JSON file holds them.

    Raises:
        PhysiologyError: a name is missing or unknown, or a value out of range.
    """
    known = {item.name for item in fields(Constants)}
    if unknown := sorted(set(values) - known):
        raise PhysiologyError(
            f"constants of an axon: unknown {', '.join(unknown)}; known are {sorted(known)}"
        )
    ready = {k: MappingProxyType(dict(v)) if isinstance(v, dict) else v for k, v in values.items()}
    try:
        return Constants(**ready)  # type: ignore[arg-type]
    except TypeError as error:
        raise PhysiologyError(f"constants of an axon: {error}") from None


@cache
def normal_constants() -> Constants:
    """The normal axon, as fitted to 280 people (``data/normal.json``; benchmarks/simulation/calibrate.py)."""
    text = files("whytwitch.physiology.axon").joinpath("data/normal.json").read_text(encoding="utf-8")
    return constants_from(json.loads(text)["constants"])
