"""The axon at the door: what may differ from normal, in which bath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon._constants import Constants, normal_constants
from whytwitch.physiology.ions import Bath

FACTORS = (
    "transient_sodium",
    "persistent_sodium",
    "fast_potassium",
    "slow_potassium",
    "nodal_leak",
    "internodal_fast_potassium",
    "internodal_slow_potassium",
    "internodal_leak",
    "ih",
    "pump",
    "barrett_barrett",
    "sodium_inactivation_rate",
    "node_capacitance",
    "myelin_capacitance",
    "internodal_capacitance",
)
"""Fields of an axon that multiply a normal amount; 1 is normal."""

_RANGES: dict[str, tuple[float, float, str]] = {
    **dict.fromkeys(FACTORS, (0.0, 20.0, "times normal")),
    "sodium_inactivation_rate": (0.05, 20.0, "times normal"),
    **dict.fromkeys(
        ("node_capacitance", "myelin_capacitance", "internodal_capacitance"), (0.05, 20.0, "times normal")
    ),
    "ih_half_shift_mv": (-40.0, 40.0, "mV"),
    "gate_shift_mv": (-30.0, 30.0, "mV"),
    "sodium_left_shift_mv": (0.0, 40.0, "mV"),
    "sodium_left_shift_fraction": (0.0, 1.0, ""),
    "slow_inactivation": (0.0, 0.95, ""),
    "polarization": (-2.0, 0.9, "of threshold"),
}


@dataclass(frozen=True, slots=True)
class Axon:
    """A human motor axon: one node of Ranvier and its internode, in a bath.

    Amounts are multiples of normal:

    Args:
        transient_sodium: permeability of the node's transient sodium channels.
        persistent_sodium: permeability of its persistent ones.
        fast_potassium: conductance of the node's fast potassium channels (Kv1).
        slow_potassium: conductance of the node's slow ones (Kv7).
        nodal_leak: conductance of the node's leak.
        internodal_fast_potassium: fast potassium conductance under the myelin.
        internodal_slow_potassium: slow potassium conductance under the myelin.
        internodal_leak: leak conductance under the myelin.
        ih: conductance of the channels that hyperpolarization opens (HCN).
        pump: current of the sodium pump.
        barrett_barrett: conductance through and under the myelin.
        sodium_inactivation_rate: speed of the gate that inactivates transient sodium channels.
        node_capacitance: of the node's membrane.
        myelin_capacitance: of the myelin.
        internodal_capacitance: of the membrane under it.
        ih_half_shift_mv: moves the half-activation of Ih.
        gate_shift_mv: moves every gate along the axis of potential (negative: more excitable).
        sodium_left_shift_mv: how much more negative the gates of injured sodium channels sit (Yu, Morris,
            Joós & Longtin 2012, doi 10.1371/journal.pcbi.1002664).
        sodium_left_shift_fraction: share of the sodium channels that are so injured.
        slow_inactivation: share of sodium channels not available.
        polarization: a constant current, in thresholds of the unpolarized axon (positive depolarizes).
        bath: ions and temperature outside.
        constants: what a normal axon is made of.

    Raises:
        PhysiologyError: a value is out of its range.
    """

    transient_sodium: float = 1.0
    persistent_sodium: float = 1.0
    fast_potassium: float = 1.0
    slow_potassium: float = 1.0
    nodal_leak: float = 1.0
    internodal_fast_potassium: float = 1.0
    internodal_slow_potassium: float = 1.0
    internodal_leak: float = 1.0
    ih: float = 1.0
    pump: float = 1.0
    barrett_barrett: float = 1.0
    sodium_inactivation_rate: float = 1.0
    node_capacitance: float = 1.0
    myelin_capacitance: float = 1.0
    internodal_capacitance: float = 1.0
    ih_half_shift_mv: float = 0.0
    gate_shift_mv: float = 0.0
    sodium_left_shift_mv: float = 0.0
    sodium_left_shift_fraction: float = 0.0
    slow_inactivation: float = 0.0
    polarization: float = 0.0
    bath: Bath = field(default_factory=Bath)
    constants: Constants = field(default_factory=normal_constants)

    def __post_init__(self) -> None:
        for name, (low, high, unit) in _RANGES.items():
            check_range(name, getattr(self, name), low, high, unit)

    def changed(self, changes: Mapping[str, float]) -> Axon:
        """The same axon with some fields of another value.

        Raises:
            PhysiologyError: a name is no field that can be changed, or a value is out of range.
        """
        known = [item.name for item in fields(self) if item.name not in {"bath", "constants"}]
        if unknown := sorted(set(changes) - set(known)):
            raise PhysiologyError(f"an axon has no {', '.join(unknown)}; it has {', '.join(known)}")
        return replace(self, **changes)
