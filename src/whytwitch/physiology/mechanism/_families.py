"""The mechanisms that are told apart, as data: what changes in the axon, how far, and from where that is
known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon import Axon
from whytwitch.physiology.excitability import PRIORS
from whytwitch.physiology.ions import Bath

NORMAL: Final = "normal"
LEAST_DOSE: Final = 0.2
"""A mechanism counts as present from this share of its range on (judgment): below, it is normal in all but
name, and no test could tell."""

_LINEAR: Final = frozenset({"polarization", "gate_shift_mv", "sodium_left_shift_mv", "slow_inactivation",
                            "sodium_left_shift_fraction", "potassium_mmol_l", "temperature_c"})  # fmt: skip
_BATH: Final = frozenset({"potassium_mmol_l", "temperature_c"})


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way in which an axon can differ.

    Attributes:
        id, name: what it is called. plain: the same in words for everybody.
        full: the value of each quantity at the largest dose; in between it follows a straight line, or one
            of logarithms for amounts (``Axon``; potassium and temperature of ``Bath``).
        stepped: quantities of ``full`` that are there in full at any dose.
        also: quantities that do nearly the same alone, with the value that counts as a full dose; they are
            not simulated, and tell which causes of the catalogue belong here.
        origin: where the range comes from. Every range is a judgment around what is cited.
        sources: ids of the catalogue's sources, or DOIs.
        next_test: what would tell more.
    """

    id: str
    name: str
    plain: str
    full: Mapping[str, float]
    origin: str
    next_test: str
    sources: tuple[str, ...] = ()
    stepped: frozenset[str] = frozenset()
    also: Mapping[str, float] = field(default_factory=dict)

    def values(self, dose: float) -> dict[str, float]:
        """Every changed quantity at a dose of 0 (normal) to 1 (the full range).

        Raises:
            PhysiologyError: the dose is not within 0 and 1.
        """
        check_range(f"dose of {self.id}", dose, 0.0, 1.0)
        found = {}
        for name, full in self.full.items():
            normal = normal_value(name)
            if name in self.stepped:
                found[name] = full
            elif name in _LINEAR:
                found[name] = normal + (full - normal) * dose
            else:
                found[name] = normal * (full / normal) ** dose
        return found

    def share(self, name: str, value: float) -> float:
        """What share of the full dose a value of one quantity is; negative the other way, 0 if it is none."""
        full = self.full.get(name, self.also.get(name))
        if full is None:
            return 0.0
        normal = normal_value(name)
        if name in _LINEAR:
            return (value - normal) / (full - normal)
        return math.log(max(value, 1e-6) / normal) / math.log(full / normal)


def normal_value(name: str) -> float:
    """Of a quantity of axon or bath."""
    return float(getattr(Bath() if name in _BATH else Axon(), name))


def axon_of(mechanism: Mechanism | None, dose: float, person: Mapping[str, float]) -> Axon:
    """The axon of somebody with a mechanism at work.

    Args:
        mechanism: None for nobody's.
        dose: 0 to 1.
        person: how this person's amounts differ anyway: factors and shifts by the fields of ``PRIORS``.

    Raises:
        PhysiologyError: the model does not take these values.
    """
    changed = mechanism.values(dose) if mechanism else {}
    bath = Bath(**{name: changed.pop(name) for name in _BATH & changed.keys()})
    for name, amount in person.items():
        before = changed.get(name, normal_value(name))
        changed[name] = before * amount if PRIORS[name][0] == "log" else before + amount
    return Axon(bath=bath).changed(changed)


def person_of(unknowns: NDArray[np.float64], scale: float) -> dict[str, float]:
    """Somebody's factors and shifts from standard normal unknowns, (len(PRIORS),)."""
    return {
        name: float(math.exp(scale * sd * u) if kind == "log" else scale * sd * u)
        for (name, (kind, sd)), u in zip(PRIORS.items(), unknowns, strict=True)
    }


_CHANNELS: Final = (
    "transient_sodium", "persistent_sodium", "fast_potassium", "slow_potassium", "internodal_fast_potassium",
    "internodal_slow_potassium", "ih", "nodal_leak", "internodal_leak",
)  # fmt: skip

_TABLE: Final = (
    Mechanism(
        "potassium_high", "High potassium outside", "too much potassium around the nerve",
        {"potassium_mmol_l": 6.5},
        "4.2 to 6.5 mmol/L; in kidney failure before dialysis the nerve behaves so (Krishnan et al. 2005)",
        "Serum potassium and kidney function, on the day of the test.", ("ph_krishnan2005",),
    ),
    Mechanism(
        "potassium_low", "Low potassium outside", "too little potassium around the nerve",
        {"potassium_mmol_l": 2.2},
        "4.2 to 2.2 mmol/L, the clinical range",
        "Serum potassium, magnesium and bicarbonate, on the day of the test.",
    ),
    Mechanism(
        "depolarized", "Depolarized by a current or a weak pump", "the nerve's resting charge is lowered",
        {"polarization": 0.25},
        "up to a quarter of threshold: beyond, more and more axons fire by themselves",
        "Blood flow to the limb, glucose and kidney function; the test again after rest and warming.",
        also={"pump": 0.3},
    ),
    Mechanism(
        "hyperpolarized", "Hyperpolarized by a current or a strong pump",
        "the nerve's resting charge is raised",
        {"polarization": -0.4},
        "down to 40 % of threshold; one minute of maximal effort comes to about 24 % (Vagg et al. 1998)",
        "The test again after an hour of rest; nerve conduction with a search for block.",
        ("ph_vagg1998",), also={"pump": 2.6},
    ),
    Mechanism(
        "persistent_sodium_up", "More persistent sodium current",
        "sodium channels that do not close as they should",
        {"persistent_sodium": 1.8},
        "up to 1.8 times; the catalogue's scenarios of ALS take 1.6",
        "Needle EMG of several regions; the test again in some months.", ("ph_park2017",),
    ),
    Mechanism(
        "sodium_down", "Fewer sodium channels available", "fewer sodium channels that can open",
        {"slow_inactivation": 0.5},
        "up to half of them blocked or inactivated",
        "Drugs and toxins that block sodium channels: medication list, levels.",
        also={"transient_sodium": 0.5},
    ),
    Mechanism(
        "sodium_inactivation_slow", "Sodium channels inactivate slowly",
        "sodium channels that close too slowly",
        {"sodium_inactivation_rate": 0.5},
        "down to half the rate; oxaliplatin is represented by 0.8",
        "Exposure: oxaliplatin within days, venom, cold.", ("ph_oxaliplatin_motor",),
    ),
    Mechanism(
        "sodium_left_shift", "Injured, left-shifted sodium channels",
        "sodium channels of an injured membrane",
        {"sodium_left_shift_mv": 20.0, "sodium_left_shift_fraction": 0.12},
        "up to 12 % of the channels shifted by 20 mV (Yu et al. 2012, in their model up to 26.5 mV)",
        "Imaging and conduction studies of the nerve for a place of pressure or injury.",
        ("10.1371/journal.pcbi.1002664",), stepped=frozenset({"sodium_left_shift_mv"}),
    ),
    Mechanism(
        "fast_potassium_lost", "Fast potassium channels (Kv1) lost", "fast potassium channels are missing",
        {"fast_potassium": 0.15, "internodal_fast_potassium": 0.15},
        "down to 15 %; the catalogue's scenarios take 30 to 50 %",
        "Antibodies to CASPR2 and LGI1, KCNA1; after-discharges on nerve conduction.",
    ),
    Mechanism(
        "slow_potassium_lost", "Slow potassium channels (Kv7) lost", "slow potassium channels are missing",
        {"slow_potassium": 0.35, "internodal_slow_potassium": 0.35},
        "down to 35 %",
        "KCNQ2; drugs that block these channels.",
    ),
    Mechanism(
        "ih_less", "Less Ih (HCN)", "fewer of the channels that counter a raised charge",
        {"ih": 0.2},
        "down to a fifth; after stroke a loss of 30 % was modelled",
        "The test with stronger hyperpolarizing currents (-70 and -100 %).", ("ph_jankelowitz2007",),
    ),
    Mechanism(
        "ih_more", "More Ih (HCN)", "more of the channels that counter a raised charge",
        {"ih": 2.5},
        "up to 2.5 times; the catalogue's scenarios take 1.2 to 1.3",
        "The test with stronger hyperpolarizing currents (-70 and -100 %).",
    ),
    Mechanism(
        "leak_more", "More leak", "a leakier nerve membrane",
        {"internodal_leak": 3.0, "nodal_leak": 1.4},
        "up to 3 times under the myelin and 1.4 times at the node",
        "Conduction studies; the test again, to see whether it stays.",
    ),
    Mechanism(
        "leak_less", "Less leak", "a less leaky nerve membrane",
        {"internodal_leak": 0.2},
        "down to a fifth under the myelin; after stroke a loss of 77 % was modelled",
        "Examination for an injury of brain or cord.", ("ph_jankelowitz2007",),
    ),
    Mechanism(
        "channels_fewer", "All channels fewer", "fewer channels of every kind",
        dict.fromkeys(_CHANNELS, 0.55),
        "down to 55 %; single axons in ALS were modelled so",
        "Needle EMG of several regions; motor unit counts over months.", ("ph_howells2018",),
    ),
    Mechanism(
        "demyelination", "Stripped or loosened myelin", "damaged insulation of the nerve",
        {"myelin_capacitance": 2.0, "barrett_barrett": 1.6},
        "capacitance up to twice, conductance through the myelin up to 1.6 times",
        "Nerve conduction studies of several nerves.", also={"myelin_capacitance": 2.0},
    ),
    Mechanism(
        "colder", "A cold nerve", "a cold nerve",
        {"temperature_c": 28.0},
        "33 down to 28 °C; skin of 280 healthy people 32.8 ± 0.9 °C",
        "Warm the limb to 32 °C or more and test again.", ("ph_howells2013",),
    ),
    Mechanism(
        "warmer", "A warm nerve", "a warm nerve",
        {"temperature_c": 37.0},
        "33 up to 37 °C",
        "Note the temperature and test again at 32 to 34 °C.", ("ph_howells2013",),
    ),
    Mechanism(
        "gates_easier", "Gates open more easily (low calcium or magnesium, alkalosis)",
        "channels that open more easily, as with low calcium",
        {"gate_shift_mv": -5.0},
        "down to -5 mV",
        "Ionized calcium, magnesium and a blood gas, on the day of the test.",
    ),
    Mechanism(
        "gates_harder", "Gates open less easily (high calcium or magnesium)",
        "channels that open less easily, as with high calcium",
        {"gate_shift_mv": 6.0},
        "up to 6 mV",
        "Ionized calcium, magnesium and parathyroid hormone.",
    ),
)  # fmt: skip

MECHANISMS: Final[Mapping[str, Mechanism]] = MappingProxyType({m.id: m for m in _TABLE})
"""Every mechanism but ``normal``, in the order of the table."""


def mechanism(name: str) -> Mechanism:
    """One of ``MECHANISMS``.

    Raises:
        PhysiologyError: there is no such mechanism.
    """
    if name not in MECHANISMS:
        raise PhysiologyError(f"there is no mechanism {name!r}; there are {', '.join(MECHANISMS)}")
    return MECHANISMS[name]
