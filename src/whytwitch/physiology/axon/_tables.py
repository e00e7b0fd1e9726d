"""From an axon to the tables of the kernel: rates, driving forces, leaks that balance at rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.axon._axon import Axon
from whytwitch.physiology.axon._constants import NORMAL_BATH, Constants
from whytwitch.physiology.axon._kernel import FIRST_GATE, GRID, GRID_MV, LOWEST_MV, Tables
from whytwitch.physiology.axon._walk import check_rows
from whytwitch.physiology.channels import INTERNODE, NODE, Channel, Gate
from whytwitch.physiology.ions import Bath, ghk_current_pa, nernst_mv, surface_shift_mv

Floats = NDArray[np.float64]

SHORT_MS: Final = 0.005
LONG_MS: Final = 0.025
PUMP_Q10: Final = 2.0
"""How the pump warms: a judgment, within the two- to threefold of enzymes."""
SODIUM_PER_CURRENT: Final = 3.0
"""Sodium ions moved out for each net charge: the pump exchanges 3 Na for 2 K."""

_AMOUNTS = {
    ("node", "transient_sodium"): ("transient_sodium_e9_cm3_s", "transient_sodium"),
    ("node", "persistent_sodium"): ("persistent_sodium_e9_cm3_s", "persistent_sodium"),
    ("node", "fast_potassium"): ("nodal_fast_potassium_ns", "fast_potassium"),
    ("node", "slow_potassium"): ("nodal_slow_potassium_ns", "slow_potassium"),
    ("internode", "fast_potassium"): ("internodal_fast_potassium_ns", "internodal_fast_potassium"),
    ("internode", "slow_potassium"): ("internodal_slow_potassium_ns", "internodal_slow_potassium"),
    ("internode", "ih"): ("ih_ns", "ih"),
}
"""Which constant, and which factor of an axon, says how much of a channel there is."""

_BEYOND: Final = 2400
"""Points of the grid by which rows that can be shifted reach beyond it on either side: 120 mV."""
_WIDE: Final[Floats] = LOWEST_MV + GRID_MV * np.arange(-_BEYOND, GRID.size + _BEYOND, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Balance:
    """What makes the normal axon rest where it does.

    Attributes:
        nodal_leak_sodium, internodal_leak_sodium: share of sodium in each leak conductance.
        nodal_pump_pa, internodal_pump_pa: pump currents, outward, at the temperature of the normal bath.
    """

    nodal_leak_sodium: float
    internodal_leak_sodium: float
    nodal_pump_pa: float
    internodal_pump_pa: float


@dataclass(frozen=True, slots=True)
class Reversals:
    """Potentials in mV at which each kind of current turns."""

    potassium_mv: float
    sodium_mv: float
    cation_mv: dict[float, float]

    @classmethod
    def of(cls, bath: Bath, constants: Constants, permeabilities: set[float]) -> Reversals:
        """Nernst and Goldman potentials in a bath."""
        ko, ki = bath.potassium_mmol_l, constants.internal_potassium_mmol_l
        nao, nai = bath.sodium_mmol_l, constants.internal_sodium_mmol_l
        t = bath.temperature_c
        cation = {p: nernst_mv(1, ko + p * nao, ki + p * nai, t) for p in permeabilities}
        return cls(nernst_mv(1, ko, ki, t), nernst_mv(1, nao, nai, t), cation)


@lru_cache(maxsize=64)
def balance(constants: Constants) -> Balance:
    """Leaks and pump of the normal axon, from its resting potential.

    At rest no net current flows in node or internode, and the pump carries out all the sodium that comes in:
    two conditions for each, linear in the leak's share of sodium and the pump current.
    """
    rest = constants.rest_mv
    turns = _reversals(NORMAL_BATH, constants)
    answers = []
    for place, leak_ns in (("node", constants.nodal_leak_ns), ("internode", constants.internodal_leak_ns)):
        total, sodium = 0.0, 0.0
        for channel in NODE if place == "node" else INTERNODE:
            amount = getattr(constants, _AMOUNTS[place, channel.name][0])
            at = np.array([rest])
            for gate in channel.gates:
                opening, closing = _rates(gate, at, NORMAL_BATH, constants, 0.0, 1.0)
                amount *= float((opening / (opening + closing))[0]) ** gate.power
            flow = amount * float(_force(channel, at, NORMAL_BATH, constants, turns)[0])
            total += flow
            if channel.ion == "sodium":
                sodium += flow
            elif channel.ion == "cation":
                part = (turns.cation_mv[channel.sodium_permeability] - turns.potassium_mv) / (
                    turns.sodium_mv - turns.potassium_mv
                )
                sodium += amount * part * (rest - turns.sodium_mv)
        to_potassium, to_sodium = rest - turns.potassium_mv, rest - turns.sodium_mv
        share = (total - sodium / SODIUM_PER_CURRENT + leak_ns * to_potassium) / (
            leak_ns * (to_potassium - to_sodium * (1 - 1 / SODIUM_PER_CURRENT))
        )
        pump = -(sodium + leak_ns * share * to_sodium) / SODIUM_PER_CURRENT
        answers.append((share, pump))
    (node_share, node_pump), (inter_share, inter_pump) = answers
    return Balance(node_share, inter_share, node_pump, inter_pump)


def tables_of(axon: Axon, short_ms: float = SHORT_MS, long_ms: float = LONG_MS) -> Tables:
    """The kernel's tables of an axon, without its polarizing current.

    Raises:
        PhysiologyError: the fluid, the axon and its injury together shift gates by more than 120 mV.
    """
    constants, bath = axon.constants, axon.bath
    turns = _reversals(bath, constants)
    even = balance(constants)
    shift = axon.gate_shift_mv + surface_shift_mv(bath)
    build = _Builder((short_ms, long_ms))
    available = 1.0 - axon.slow_inactivation
    for place, index, channels in (("node", 0, NODE), ("internode", 1, INTERNODE)):
        for channel in channels:
            constant, factor = _AMOUNTS[place, channel.name]
            amount = getattr(constants, constant) * getattr(axon, factor)
            force = _force(channel, GRID, bath, constants, turns)
            parts = [(amount, 0.0)]
            if channel.ion == "sodium":
                injured = axon.sodium_left_shift_fraction
                parts = [(amount * available * (1 - injured), 0.0)]
                if injured > 0:
                    parts.append((amount * available * injured, -axon.sodium_left_shift_mv))
            for part, extra in parts:
                moved = shift + extra + (axon.ih_half_shift_mv if channel.name == "ih" else 0.0)
                gates = [
                    (gate, _rows(gate, bath, constants, moved, _speed(axon, gate), build.steps_ms))
                    for gate in channel.gates
                ]
                build.current(index, part, force, gates)
    share = even.nodal_leak_sodium, even.internodal_leak_sodium
    leaks = constants.nodal_leak_ns * axon.nodal_leak, constants.internodal_leak_ns * axon.internodal_leak
    for index in (0, 1):
        turn = turns.potassium_mv + share[index] * (turns.sodium_mv - turns.potassium_mv)
        build.current(index, leaks[index], GRID - turn, [])
    warm = PUMP_Q10 ** ((bath.temperature_c - NORMAL_BATH.temperature_c) / 10)
    pumps = np.array([even.nodal_pump_pa, even.internodal_pump_pa]) * axon.pump * warm
    capacitances = np.array(
        [
            constants.nodal_capacitance_pf * axon.node_capacitance,
            constants.myelin_capacitance_pf * axon.myelin_capacitance,
            constants.internodal_capacitance_pf * axon.internodal_capacitance,
        ]
    )
    return build.finish(capacitances, constants.barrett_barrett_ns * axon.barrett_barrett, -pumps)


def polarized(tables: Tables, current_pa: float) -> Tables:
    """The same with a constant current more into the node."""
    return tables._replace(steady_pa=tables.steady_pa + np.array([current_pa, 0.0]))


def at_rest(tables: Tables, node_mv: float, internode_mv: float) -> Floats:
    """A state at given potentials with every gate where it would settle."""
    state = np.empty(FIRST_GATE + tables.gate_place.size)
    state[0], state[1] = node_mv, internode_mv
    for gate, place in enumerate(tables.gate_place):
        state[FIRST_GATE + gate] = np.interp(state[place], GRID, tables.steady[gate])
    return state


class _Builder:
    """Collects currents and gates into the arrays of ``Tables``."""

    def __init__(self, steps_ms: tuple[float, float]) -> None:
        self.steps_ms = steps_ms
        self.gates: list[Floats] = []
        self.gate_place: list[int] = []
        self.rows: list[tuple[int, float, int, int, int, int]] = []
        self.force: list[Floats] = []

    def current(self, place: int, amount: float, force: Floats, gates: list[tuple[Gate, Floats]]) -> None:
        """One current: its amount, its driving force on the grid, and at most two gates with their rows,
        of which the second multiplies once.
        """
        indices = []
        for _, rows in gates:
            self.gates.append(rows)
            indices.append(len(self.gate_place))
            self.gate_place.append(place)
        first, second = ([*indices, -1, -1])[:2]
        power = gates[0][0].power if gates else 0
        self.rows.append((place, amount, len(self.force), first, power, second))
        self.force.append(force)

    def finish(self, capacitance_pf: Floats, coupling_ns: float, steady_pa: Floats) -> Tables:
        """The arrays, contiguous."""
        place, amount, drive, first, power, second = zip(*self.rows, strict=True)
        gates_of = [(a >= 0) + (b >= 0) for a, b in zip(first, second, strict=True)]
        check_rows(zip(place, power, gates_of, strict=True))
        force, gates = np.array(self.force), np.stack(self.gates, axis=1)
        slope = np.empty_like(force)
        np.subtract(force[:, 1:], force[:, :-1], out=slope[:, :-1])
        slope[:, -1] = 0.0
        slope /= GRID_MV
        return Tables(
            steps_ms=np.array(self.steps_ms),
            steady=gates[0],
            decay=gates[1:],
            gate_place=np.array(self.gate_place, np.int64),
            place=np.array(place, np.int64),
            amount=np.array(amount, np.float64),
            drive=np.array(drive, np.int64),
            first=np.array(first, np.int64),
            power=np.array(power, np.int64),
            second=np.array(second, np.int64),
            force=force,
            slope=slope,
            capacitance_pf=capacitance_pf,
            coupling_ns=float(coupling_ns),
            steady_pa=np.array(steady_pa, np.float64),
        )


def _reversals(bath: Bath, constants: Constants) -> Reversals:
    return Reversals.of(bath, constants, {c.sodium_permeability for c in INTERNODE if c.ion == "cation"})


def _speed(axon: Axon, gate: Gate) -> float:
    return axon.sodium_inactivation_rate if gate.name == "transient_sodium_inactivation" else 1.0


def _rates(
    gate: Gate, membrane_mv: Floats, bath: Bath, constants: Constants, shift_mv: float, speed: float
) -> tuple[Floats, Floats]:
    """Rates of a gate with the adjustments of the fit and those asked for."""
    return gate.rates(
        membrane_mv,
        bath.temperature_c,
        constants.gate_shift_mv.get(gate.name, 0.0) + shift_mv,
        constants.gate_speed.get(gate.name, 1.0) * speed,
        constants.gate_steepness.get(gate.name, 1.0),
    )


def _rows(
    gate: Gate, bath: Bath, constants: Constants, shift_mv: float, speed: float,
    steps_ms: tuple[float, float],
) -> Floats:  # fmt: skip
    """Where a gate goes, and the share of the way left after a step of either length: (3, grid).

    A shift moves the rows and changes nothing else, so they are worked out once for each warmth.
    """
    shift = constants.gate_shift_mv.get(gate.name, 0.0) + shift_mv
    wide = _wide_rows(
        gate, bath.temperature_c, constants.gate_speed.get(gate.name, 1.0) * speed,
        constants.gate_steepness.get(gate.name, 1.0), steps_ms,
    )  # fmt: skip
    steps = -shift / GRID_MV
    whole = math.floor(steps)
    if not abs(whole) < _BEYOND - 2:
        raise PhysiologyError(f"gates are shifted by {shift:.0f} mV: the model goes to 120 mV either way")
    t = steps - whole
    # Lagrange through the four nearest points: exact to 1e-9, and at whole steps the row itself.
    weights = np.array(
        [-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2,
         (t + 1) * t * (t - 1) / 6]
    )  # fmt: skip
    return _shifted(wide, _BEYOND + whole - 1, weights)


@lru_cache(maxsize=64)
def _wide_rows(
    gate: Gate, temperature_c: float, speed: float, steepness: float, steps_ms: tuple[float, float]
) -> Floats:
    """The rows of a gate without a shift, on a grid that reaches far enough to be shifted: (3, wide)."""
    opening, closing = gate.rates(_WIDE, temperature_c, 0.0, speed, steepness)
    rate = opening + closing
    return np.stack([opening / rate, *(np.exp(-step * rate) for step in steps_ms)])


@njit(cache=True, nogil=True, error_model="numpy")
def _shifted(wide: Floats, start: int, weights: Floats) -> Floats:
    """Rows read between their points: (3, grid)."""
    count = wide.shape[1] - 2 * _BEYOND
    out = np.empty((wide.shape[0], count))
    for row in range(wide.shape[0]):
        for k in range(count):
            at = start + k
            out[row, k] = (
                weights[0] * wide[row, at]
                + weights[1] * wide[row, at + 1]
                + weights[2] * wide[row, at + 2]
                + weights[3] * wide[row, at + 3]
            )
    return out


def _force(
    channel: Channel, membrane_mv: Floats, bath: Bath, constants: Constants, turns: Reversals
) -> Floats:
    """Current in pA for each unit of amount (1e-9 cm³/s or nS) with every gate open."""
    if channel.ion == "sodium":
        inside, warmth = constants.internal_sodium_mmol_l, bath.temperature_c
        if membrane_mv is GRID:
            return _sodium_force(bath.sodium_mmol_l, inside, warmth)
        return _constant_field(membrane_mv, bath.sodium_mmol_l, inside, warmth)
    if channel.ion == "potassium":
        return membrane_mv - turns.potassium_mv
    return membrane_mv - turns.cation_mv[channel.sodium_permeability]


@lru_cache(maxsize=64)
def _sodium_force(outside_mmol_l: float, inside_mmol_l: float, temperature_c: float) -> Floats:
    """On the grid."""
    return _constant_field(GRID, outside_mmol_l, inside_mmol_l, temperature_c)


def _constant_field(
    membrane_mv: Floats, outside_mmol_l: float, inside_mmol_l: float, temperature_c: float
) -> Floats:
    return ghk_current_pa(
        membrane_mv,
        permeability_pl_s=1.0,
        z=1,
        outside_mmol_l=outside_mmol_l,
        inside_mmol_l=inside_mmol_l,
        temperature_c=temperature_c,
    )
