"""Where discharges may arise: the last branches of a motor axon, and its nodes.

No recording from a human motor terminal's membrane exists. The terminal here is the fitted axon with the
differences that anatomy and animal work name, in sizes that are judgments:

- its last internode is short, so node and internode share less membrane and less current;
- its end carries potassium channels that no myelin hides (Brigant & Mallart 1982, doi
  10.1113/jphysiol.1982.sp014472: in the mouse, potassium channels sit at the terminal, sodium channels before
  it);
- its membrane is small, so chance weighs more.

Together with the spread between terminals they were chosen so that a healthy muscle is nearly silent. How
often one healthy muscle twitches was not found; so absolute rates are no prediction, and ratios are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.axon import Axon, Constants, normal_constants
from whytwitch.physiology.noise import Patch
from whytwitch.physiology.scenario import ChangedSystem

SiteName = Literal["terminal", "node"]
SITES: Final[tuple[SiteName, ...]] = ("terminal", "node")

TERMINAL: Final = MappingProxyType(
    {
        "nodal_fast_potassium_ns": 25.0,
        "nodal_slow_potassium_ns": 0.7,
        "internodal_fast_potassium_ns": 0.2,
        "internodal_slow_potassium_ns": 0.2,
        "internodal_leak_ns": 0.2,
        "ih_ns": 0.2,
        "barrett_barrett_ns": 0.2,
        "myelin_capacitance_pf": 0.2,
        "internodal_capacitance_pf": 0.2,
    }
)
"""Amounts of the terminal, as multiples of the node's and internode's, before its size (judgments)."""
TERMINAL_REST_MV: Final = -79.0
"""Where the terminal rests (judgment): 2 mV less negative than the axon, having less slow potassium."""
TERMINAL_AREA: Final = 0.6
"""Membrane of the last node and the end beyond it over that of a node of the trunk (judgment): a branch is
thinner than the trunk, whose nodes are constricted."""

ACETYLCHOLINE_POLARIZATION: Final = 0.02
"""Steady depolarization of the terminal, in thresholds, for each multiple of the normal amount of lingering
acetylcholine beyond the first (judgment; that anticholinesterases make motor nerve endings fire back: Blaber
& Bowman 1963, Br J Pharmacol 20:326)."""
_HYDROLYSIS_SHARE: Final = 50.0
"""Acetylcholine broken down over that diffusing away, in a healthy junction (as in the junction's model)."""


@dataclass(frozen=True, slots=True)
class Pool:
    """How many places of each kind a muscle has, and how they differ.

    Args:
        units: motor units of the muscle.
        terminals_per_unit: fibers, and so terminals, of a unit (judgment: between a small hand muscle
            and the calf).
        nodes_per_unit: nodes of Ranvier of one axon and its branches (judgment: half a meter in steps of a
            millimeter).
        spread_mv: standard deviation between terminals, as a shift of their gates (judgment).

    Raises:
        PhysiologyError: a value is out of range.
    """

    units: int = 100
    terminals_per_unit: int = 200
    nodes_per_unit: int = 500
    spread_mv: float = 1.0

    def __post_init__(self) -> None:
        for name, high in (("units", 10_000), ("terminals_per_unit", 20_000), ("nodes_per_unit", 20_000)):
            check_range(name, getattr(self, name), 1, high)
        check_range("spread_mv", self.spread_mv, 0.0, 4.0, "mV")

    def count(self, site: SiteName) -> int:
        """Places of one kind in one motor unit."""
        return self.terminals_per_unit if site == "terminal" else self.nodes_per_unit


@cache
def terminal_constants() -> Constants:
    """What a normal terminal is made of, before its size."""
    normal = normal_constants()
    amounts = {name: getattr(normal, name) * times for name, times in TERMINAL.items()}
    return replace(normal, rest_mv=TERMINAL_REST_MV, **amounts)


def site_patch(
    system: ChangedSystem, site: SiteName, *, shift_mv: float = 0.0, channel_factor: float = 1.0
) -> Patch:
    """One place of a changed motor unit, with its channels counted.

    Args:
        system: what is changed.
        site: of which kind.
        shift_mv: how much its gates differ from the typical place's.
        channel_factor: channels over the number assumed, at the same conductance.

    Raises:
        PhysiologyError: no such site, or a value leaves its range.
    """
    if site not in SITES:
        raise PhysiologyError(f"there is no site {site!r}; choose from: {', '.join(SITES)}")
    if site == "node":
        changes, constants, area = dict(system.axon), normal_constants(), 1.0
    else:
        changes, constants, area = dict(system.axon_at_terminal), terminal_constants(), TERMINAL_AREA
        push = acetylcholine_polarization(system)
        changes["polarization"] = min(0.9, changes.get("polarization", 0.0) + push)
    changes["gate_shift_mv"] = changes.get("gate_shift_mv", 0.0) + shift_mv
    axon = Axon(bath=system.bath, constants=constants).changed(changes)
    return Patch(axon, area_fraction=area, channel_factor=channel_factor)


def acetylcholine_polarization(system: ChangedSystem) -> float:
    """Steady depolarization of the terminal by acetylcholine that lingers, in thresholds; 0 is normal."""
    left = system.junction.get("acetylcholinesterase_fraction", 1.0)
    ready = system.junction.get("prejunctional_excitability", 1.0)
    amount = (1 + _HYDROLYSIS_SHARE) / (1 + _HYDROLYSIS_SHARE * left)
    return ACETYLCHOLINE_POLARIZATION * ready * (amount - 1)
