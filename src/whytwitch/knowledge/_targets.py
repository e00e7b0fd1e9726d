"""What a cause may change in the simulated motor unit: the closed list of targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One quantity of the forward model."""

    normal: float
    low: float
    high: float
    unit: str
    meaning: str
    factor: bool = False
    """Whether several changes multiply (a factor, normal 1) or add up (normal 0)."""


def _factor(meaning: str, high: float = 20.0, low: float = 0.0) -> Target:
    return Target(1.0, low, high, "× normal", meaning, factor=True)


def _amount(low: float, high: float, unit: str, meaning: str) -> Target:
    return Target(0.0, low, high, unit, meaning)


_BATH = {
    "potassium_mmol_l": Target(4.2, 0.5, 40.0, "mmol/L", "potassium outside"),
    "sodium_mmol_l": Target(140.0, 5.0, 300.0, "mmol/L", "sodium outside"),
    "chloride_mmol_l": Target(102.0, 5.0, 300.0, "mmol/L", "chloride outside"),
    "ionized_calcium_mmol_l": Target(1.2, 0.0, 50.0, "mmol/L", "free calcium outside"),
    "ionized_magnesium_mmol_l": Target(0.55, 0.0, 50.0, "mmol/L", "free magnesium outside"),
    "ph": Target(7.4, 5.0, 9.5, "pH", "acidity outside"),
    "temperature_c": Target(33.0, 0.0, 45.0, "°C", "temperature of the nerve"),
}

_AXON = {
    "transient_sodium": _factor("transient sodium permeability of the node"),
    "persistent_sodium": _factor("persistent sodium current"),
    "fast_potassium": _factor("fast potassium conductance of the node (Kv1)"),
    "slow_potassium": _factor("slow potassium conductance of the node (Kv7)"),
    "nodal_leak": _factor("leak conductance of the node"),
    "internodal_leak": _factor("leak conductance of the internode"),
    "internodal_fast_potassium": _factor("fast potassium conductance of the internode (Kv1)"),
    "internodal_slow_potassium": _factor("slow potassium conductance of the internode (Kv7)"),
    "ih": _factor("hyperpolarization-activated conductance (HCN)"),
    "pump": _factor("sodium pump current"),
    "barrett_barrett": _factor("conductance through and under the myelin (Barrett and Barrett)"),
    "sodium_inactivation_rate": _factor("rate at which sodium channels inactivate", low=0.05),
    "ih_half_shift_mv": _amount(-40.0, 40.0, "mV", "shift of the half-activation of Ih"),
    "gate_shift_mv": _amount(-30.0, 30.0, "mV", "shift of all gates, beyond that of the fluid"),
    "sodium_left_shift_mv": _amount(0.0, 40.0, "mV", "left shift of damaged sodium channels"),
    "sodium_left_shift_fraction": _amount(0.0, 1.0, "share", "share of sodium channels so damaged"),
    "slow_inactivation": _amount(0.0, 0.95, "share", "share of sodium channels in slow inactivation"),
    "polarization": _amount(-2.0, 0.9, "of threshold", "steady current, depolarizing above 0"),
    "node_capacitance": _factor("capacitance of the node", low=0.05),
    "myelin_capacitance": _factor("capacitance of the myelin", low=0.05),
    "internodal_capacitance": _factor("capacitance of the internodal axolemma", low=0.05),
}

_JUNCTION = {
    "acetylcholinesterase_fraction": _factor("acetylcholinesterase left at the junction", 2.0),
    "receptor_fraction": _factor("acetylcholine receptors", 5.0),
    "quantal_content_fraction": _factor("quanta released by an impulse"),
    "prejunctional_excitability": _factor("readiness of the terminal to fire back", 50.0),
}

_FIBER = {
    "chloride_conductance_fraction": _factor("chloride conductance of the fiber (ClC-1)", 3.0),
    "persistent_sodium_fraction": Target(
        0.001, 0.0, 0.03, "share", "share of the fiber's sodium channels that do not inactivate"
    ),
    "pump_fraction": _factor("sodium pump of the fiber", 3.0),
    "leak_conductance_fraction": _factor("leak conductance of the fiber", 3.0, low=0.5),
}

_UNITS = {
    "survival_fraction": Target(1.0, 0.0, 1.0, "share", "motor units left", factor=True),
    "reinnervation": _amount(0.0, 1.0, "share", "share of orphaned fibers taken over by other units"),
    "fiber_fraction": Target(1.0, 0.0, 1.0, "share", "fibers left in a unit", factor=True),
    "jitter_us": Target(25.0, 0.0, 500.0, "µs", "jitter between fibers of a unit"),
    "conduction_block": _amount(0.0, 1.0, "share", "share of axons that do not conduct"),
}

_DRIVE = {
    "voluntary": _amount(0.0, 1.0, "of maximum", "steady drive from the spinal cord"),
    "tremor_hz": _amount(0.0, 15.0, "Hz", "rhythm of the drive; 0 is none"),
    "burst": _amount(0.0, 1.0, "of the pool", "share of the motor units that one burst recruits"),
}

PARTS: dict[str, dict[str, Target]] = {
    "bath": _BATH,
    "axon": _AXON,
    "terminal": _AXON,
    "junction": _JUNCTION,
    "fiber": _FIBER,
    "units": _UNITS,
    "drive": _DRIVE,
}
"""Part of the motor unit -> quantity -> what it is. ``axon`` is the whole motor axon with its terminal,
``terminal`` its last branches only. Normal jitter is below the limit of 30 µs for the mean of a healthy
muscle (Stålberg 2016, doi 10.1002/mus.24750)."""

TARGETS: dict[str, Target] = {
    f"{part}.{name}": target for part, quantities in PARTS.items() for name, target in quantities.items()
}
"""The same under full names, as the catalogue writes them: ``axon.slow_potassium``."""
