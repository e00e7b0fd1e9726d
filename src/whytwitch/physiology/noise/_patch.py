"""How many channels a piece of nodal membrane has, and the state in which it rests.

No count of the channels of a human node was found. Here they are amounts over that of one channel:

- sodium: 8.85 ± 0.7 pS (standard error) in frog nodes at 13 °C, by analysis of noise (Conti, Neumcke, Nonner
  & Stämpfli 1980, doi 10.1113/jphysiol.1980.sp013469). The axon's amount is a constant-field permeability;
  one channel's is taken where both laws give the same current at -45 mV, amid the potentials of those
  records, with 110 mmol/L sodium outside and 10 inside (a judgment).
- slow potassium: 9.0 pS, of KCNQ2/3 channels in cells that express them (Selyanko, Hadley & Brown 2001,
  J Physiol 534:15-24; Tatulian & Brown 2003, doi 10.1113/jphysiol.2003.039842, found 7.6), taken as at 22 °C.
- fast potassium: 20 pS at the axon's temperature, a judgment.

Both measured ones are warmed to 33 °C by 1.4 for each 10 °C (a judgment, as of diffusion in water). That
gives 20,000 transient sodium channels a node, beside 700,000 a node by binding of saxitoxin in the rabbit
(Ritchie & Rogart 1977, doi 10.1073/pnas.74.1.211), which is an upper bound. How far the true number may be
off is a judgment, too: a factor of 3 or so; ``channel_factor`` is there to try it. Warming the bath changes
no count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.axon import GRID, Axon, Rest, Tables, rest_of
from whytwitch.physiology.channels import NODE
from whytwitch.physiology.ions import ghk_current_pa, nernst_mv
from whytwitch.physiology.noise._kernel import SLOW_EVERY, Floats, Membrane

SLOW_MS: Final = 0.15
"""Gates with a longer time constant at rest have their turn only every ``SLOW_EVERY`` steps."""
_Q10: Final = 1.4
_AXON_C: Final = 33.0
_SODIUM_NS, _SODIUM_C, _SODIUM_AT_MV = 8.85e-3, 13.0, -45.0
_SODIUM_OUT, _SODIUM_IN = 110.0, 10.0
_SLOW_POTASSIUM_NS, _SLOW_POTASSIUM_C = 9.0e-3, 22.0
_FAST_POTASSIUM_NS: Final = 20.0e-3


def _warmed(amount: float, measured_c: float) -> float:
    return amount * _Q10 ** ((_AXON_C - measured_c) / 10)


def _sodium_permeability() -> float:
    """Of one channel at 13 °C, in 1e-9 cm³/s."""
    whole = ghk_current_pa(
        _SODIUM_AT_MV,
        permeability_pl_s=1.0,
        z=1,
        outside_mmol_l=_SODIUM_OUT,
        inside_mmol_l=_SODIUM_IN,
        temperature_c=_SODIUM_C,
    )
    return _SODIUM_NS * (_SODIUM_AT_MV - nernst_mv(1, _SODIUM_OUT, _SODIUM_IN, _SODIUM_C)) / float(whole)


ONE_CHANNEL: Final = {
    "transient_sodium": _warmed(_sodium_permeability(), _SODIUM_C),
    "persistent_sodium": _warmed(_sodium_permeability(), _SODIUM_C),
    "fast_potassium": _FAST_POTASSIUM_NS,
    "slow_potassium": _warmed(_SLOW_POTASSIUM_NS, _SLOW_POTASSIUM_C),
}
"""Amount of one channel, in the unit of its current: 1e-9 cm³/s for sodium, nS for potassium."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of nodal membrane with its channels counted, and its internode.

    Args:
        axon: its densities, and so all that it would do without chance.
        area_fraction: its area over that of a full-size node; counts are in proportion, 1e-4 to 100.
        channel_factor: channels over the number assumed here, each carrying as much less, 0.01 to 100.

    Raises:
        PhysiologyError: a value is out of range.
    """

    axon: Axon
    area_fraction: float = 1.0
    channel_factor: float = 1.0

    def __post_init__(self) -> None:
        check_range("area_fraction", self.area_fraction, 1e-4, 100.0)
        check_range("channel_factor", self.channel_factor, 0.01, 100.0)

    def counts(self, tables: Tables) -> Floats:
        """Channels behind each current of the axon's tables, float64 (n_currents,).

        Whole numbers, 1 at least where there is any current; 0 for leaks and for the internode, whose
        channels are so many more that they are not counted.
        """
        counts = np.zeros(tables.place.size)
        for k, name in zip(_nodal(tables), self._names(), strict=True):
            if tables.amount[k] > 0:
                wanted = tables.amount[k] / ONE_CHANNEL[name] * self.area_fraction * self.channel_factor
                counts[k] = max(1.0, round(wanted))
        return counts

    def _names(self) -> list[str]:
        """The channel of each gated nodal current, in the order of the tables."""
        injured = self.axon.sodium_left_shift_fraction > 0
        return [
            channel.name for channel in NODE for _ in range(2 if injured and channel.ion == "sodium" else 1)
        ]


def _nodal(tables: Tables) -> list[int]:
    return [int(k) for k in np.flatnonzero((tables.place == 0) & (tables.first >= 0))]


def membrane_of(patch: Patch, rest: Rest) -> Membrane:
    """What the kernel needs, for the patch's axon at rest."""
    tables = rest.tables
    totals = patch.counts(tables)
    nodal_gates = np.flatnonzero(tables.gate_place == 0)
    column = np.full(tables.gate_place.size, -1)
    column[nodal_gates] = 2 * np.arange(nodal_gates.size)
    slot = np.full(tables.gate_place.size, -1)
    others = np.flatnonzero(tables.gate_place != 0)
    slot[others] = 2 + np.arange(others.size)
    turn = np.empty((GRID.size, 2 * nodal_gates.size))
    slow = _slow(tables, rest.node_mv)
    for gate in nodal_gates:
        goes = 1.0 - tables.decay[0, gate] ** (SLOW_EVERY if slow[gate] else 1.0)
        turn[:, column[gate]] = tables.steady[gate] * goes
        turn[:, column[gate] + 1] = (1.0 - tables.steady[gate]) * goes
    start, opened = np.full(totals.size, -1), np.full(totals.size, -1)
    unit, at = tables.amount.copy(), 2 + others.size
    push, usual = np.zeros(totals.size), np.zeros(totals.size)
    for k in np.flatnonzero(totals):
        size = (int(tables.power[k]) + 1) * (2 if tables.second[k] >= 0 else 1)
        start[k], opened[k] = at, at + size - 1
        unit[k] = tables.amount[k] / totals[k]
        flow = unit[k] * np.interp(rest.node_mv, GRID, tables.force[tables.drive[k]])
        push[k] = -flow / (tables.capacitance_pf[0] + tables.capacitance_pf[1])
        usual[k] = totals[k] * state_chances(tables, int(k), rest.node_mv)[-1]
        at += size
    return Membrane(tables, turn, slow, column, slot, start, opened, totals, unit, push, usual)


def _slow(tables: Tables, node_mv: float) -> NDArray[np.bool_]:
    """Which gates take long, at a potential, to follow it."""
    left = np.array([np.interp(node_mv, GRID, row) for row in tables.decay[0]])
    return -tables.steps_ms[0] / np.log(np.clip(left, 1e-300, 1 - 1e-12)) > SLOW_MS


def rest_state(
    patch: Patch, rest: Rest | None = None, *, seed: int = 0, at_mv: float | None = None
) -> Floats:
    """A state at rest: the potentials of rest without chance, and channels drawn as they are there.

    Args:
        patch: of which.
        rest: of its axon, if already known.
        seed: of the draw.
        at_mv: draw nodal channels and start the node at this potential instead.

    Returns:
        float64 (d,): node mV, internode mV, gates of the internode, counts of the nodal channels by state,
        and 0, the steps since slow gates had their turn.
    """
    rest = rest or rest_of(patch.axon)
    tables, random = rest.tables, np.random.default_rng(seed)
    node = float(rest.state[0] if at_mv is None else at_mv)
    parts = [np.array([node, rest.state[1]]), rest.state[2:][tables.gate_place != 0]]
    for k, total in enumerate(patch.counts(tables)):
        if total:
            parts.append(random.multinomial(int(total), state_chances(tables, k, node)).astype(np.float64))
    return np.concatenate([*parts, [0.0]])


def state_chances(tables: Tables, current: int, node_mv: float) -> Floats:
    """How likely a channel is in each of its states once the potential has long stood still: (states,)."""
    from scipy.stats import binom

    power = int(tables.power[current])
    first = np.interp(node_mv, GRID, tables.steady[tables.first[current]])
    chances = binom.pmf(np.arange(power + 1), power, first)
    if tables.second[current] < 0:
        return chances / chances.sum()
    second = np.interp(node_mv, GRID, tables.steady[tables.second[current]])
    chances = np.concatenate([(1 - second) * chances, second * chances])
    return chances / chances.sum()
