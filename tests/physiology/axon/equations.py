"""The axon once more, as differential equations: nothing here is shared with the kernel but the definitions
of the channels, so that a slip in the tables, the balance or the stepping shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from whytwitch.physiology.axon import Axon
from whytwitch.physiology.channels import INTERNODE, NODE, Channel, Gate
from whytwitch.physiology.ions import Bath, surface_shift_mv

Floats = NDArray[np.float64]
FARADAY, GAS = 96485.33212, 8.314462618


def warmth_mv(celsius: float) -> float:
    return 1e3 * GAS * (celsius + 273.15) / FARADAY


@dataclass(frozen=True)
class Part:
    """One population of channels in one place."""

    channel: Channel
    amount: float
    shift_mv: float


@dataclass(frozen=True)
class Equations:
    """The right-hand side for an axon: potentials, then gates in the order of ``parts``."""

    axon: Axon

    @property
    def bath(self) -> Bath:
        return self.axon.bath

    def potassium_mv(self, bath: Bath) -> float:
        inside = self.axon.constants.internal_potassium_mmol_l
        return warmth_mv(bath.temperature_c) * math.log(bath.potassium_mmol_l / inside)

    def sodium_mv(self, bath: Bath) -> float:
        inside = self.axon.constants.internal_sodium_mmol_l
        return warmth_mv(bath.temperature_c) * math.log(bath.sodium_mmol_l / inside)

    def cation_mv(self, bath: Bath, share: float) -> float:
        c = self.axon.constants
        outside = bath.potassium_mmol_l + share * bath.sodium_mmol_l
        inside = c.internal_potassium_mmol_l + share * c.internal_sodium_mmol_l
        return warmth_mv(bath.temperature_c) * math.log(outside / inside)

    def drive(self, channel: Channel, v: float, bath: Bath) -> float:
        """pA for each nS, or for each 1e-9 cm³/s of sodium, by the constant-field equation."""
        if channel.ion == "potassium":
            return v - self.potassium_mv(bath)
        if channel.ion == "cation":
            return v - self.cation_mv(bath, channel.sodium_permeability)
        u = v / warmth_mv(bath.temperature_c)
        inside, outside = self.axon.constants.internal_sodium_mmol_l, bath.sodium_mmol_l
        field = inside - outside if abs(u) < 1e-9 else u * (inside - outside * math.exp(-u)) / -math.expm1(-u)
        return FARADAY * 1e-3 * field

    def rates(self, gate: Gate, v: float, bath: Bath, shift_mv: float, speed: float) -> tuple[float, float]:
        c = self.axon.constants
        at = v - shift_mv - c.gate_shift_mv.get(gate.name, 0.0)
        at = gate.pivot_mv + c.gate_steepness.get(gate.name, 1.0) * (at - gate.pivot_mv)
        pace = speed * c.gate_speed.get(gate.name, 1.0)
        pace *= gate.q10 ** ((bath.temperature_c - gate.reference_c) / 10)
        where = np.array([at])
        return pace * float(gate.opening(where)[0]), pace * float(gate.closing(where)[0])

    def settled(self, gate: Gate, v: float, bath: Bath, shift_mv: float) -> float:
        opening, closing = self.rates(gate, v, bath, shift_mv, 1.0)
        return opening / (opening + closing)

    def speed(self, gate: Gate) -> float:
        inactivates = gate.name == "transient_sodium_inactivation"
        return self.axon.sodium_inactivation_rate if inactivates else 1.0

    @cached_property
    def parts(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Node, internode."""
        a, c = self.axon, self.axon.constants
        shift = a.gate_shift_mv + surface_shift_mv(a.bath)
        node, internode = [], []
        amounts = (
            c.transient_sodium_e9_cm3_s * a.transient_sodium,
            c.persistent_sodium_e9_cm3_s * a.persistent_sodium,
            c.nodal_fast_potassium_ns * a.fast_potassium,
            c.nodal_slow_potassium_ns * a.slow_potassium,
        )
        for channel, amount in zip(NODE, amounts, strict=True):
            if channel.ion == "sodium":
                amount *= 1 - a.slow_inactivation
                hurt = a.sodium_left_shift_fraction
                node.append(Part(channel, amount * (1 - hurt), shift))
                node.append(Part(channel, amount * hurt, shift - a.sodium_left_shift_mv))
            else:
                node.append(Part(channel, amount, shift))
        amounts = (
            c.internodal_fast_potassium_ns * a.internodal_fast_potassium,
            c.internodal_slow_potassium_ns * a.internodal_slow_potassium,
            c.ih_ns * a.ih,
        )
        for channel, amount in zip(INTERNODE, amounts, strict=True):
            moved = shift + (a.ih_half_shift_mv if channel.ion == "cation" else 0.0)
            internode.append(Part(channel, amount, moved))
        return tuple(node), tuple(internode)

    @cached_property
    def even(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """(sodium leak in nS, pump in pA) of node and internode in the normal bath, normal channels."""
        c, bath = self.axon.constants, Bath()
        normal = Equations(Axon(constants=c))
        answers = []
        for parts, leak in zip(normal.parts, (c.nodal_leak_ns, c.internodal_leak_ns), strict=True):
            net = sodium = 0.0
            for part in parts:
                opened = part.amount
                for gate in part.channel.gates:
                    opened *= self.settled(gate, c.rest_mv, bath, part.shift_mv) ** gate.power
                flow = opened * self.drive(part.channel, c.rest_mv, bath)
                net += flow
                if part.channel.ion == "sodium":
                    sodium += flow
                elif part.channel.ion == "cation":
                    # Conductances of the two ions add up to the whole and turn at its potential.
                    turn = self.cation_mv(bath, part.channel.sodium_permeability)
                    ek, ena = self.potassium_mv(bath), self.sodium_mv(bath)
                    sodium += opened * (turn - ek) / (ena - ek) * (c.rest_mv - ena)
            to_k, to_na = c.rest_mv - self.potassium_mv(bath), c.rest_mv - self.sodium_mv(bath)

            # For a sodium leak x and a pump y: net + (leak - x) to_k + x to_na + y = 0 and
            # sodium + x to_na + 3 y = 0.
            matrix = np.array([[to_na - to_k, 1.0], [to_na, 3.0]])
            x, y = np.linalg.solve(matrix, [-net - leak * to_k, -sodium])
            answers.append((float(x), float(y)))
        return answers[0], answers[1]

    def outward(self, place: int, v: float, gates: Floats) -> float:
        """Net current of a place in pA, with the pump; ``gates`` in order."""
        a, c = self.axon, self.axon.constants
        total, k = 0.0, 0
        for part in self.parts[place]:
            opened = part.amount
            for gate in part.channel.gates:
                opened *= gates[k] ** gate.power
                k += 1
            total += opened * self.drive(part.channel, v, self.bath)
        normal, factor = (
            (c.nodal_leak_ns, a.nodal_leak) if place == 0 else (c.internodal_leak_ns, a.internodal_leak)
        )
        sodium_ns, pump_pa = self.even[place]
        share = sodium_ns / normal
        ek, ena = self.potassium_mv(self.bath), self.sodium_mv(self.bath)
        total += normal * factor * ((1 - share) * (v - ek) + share * (v - ena))
        return total + pump_pa * a.pump * 2.0 ** ((self.bath.temperature_c - 33.0) / 10)

    def gates(self, place: int) -> list[tuple[Gate, float]]:
        return [(gate, part.shift_mv) for part in self.parts[place] for gate in part.channel.gates]

    def all_settled(self, place: int, v: float) -> Floats:
        return np.array([self.settled(gate, v, self.bath, shift) for gate, shift in self.gates(place)])

    def rest(self) -> tuple[float, float]:
        """Potentials at which nothing changes, near where the normal axon rests."""
        coupling = self.axon.constants.barrett_barrett_ns * self.axon.barrett_barrett

        def node_at(internode: float) -> float:
            return internode + self.outward(1, internode, self.all_settled(1, internode)) / coupling

        def unbalanced(internode: float) -> float:
            node = node_at(internode)
            return self.outward(0, node, self.all_settled(0, node)) + coupling * (node - internode)

        internode = float(brentq(unbalanced, -100.0, -66.0, xtol=1e-10))  # type: ignore[arg-type]
        return node_at(internode), internode

    def change(self, state: Floats, current_pa: float) -> Floats:
        a, c = self.axon, self.axon.constants
        node, internode = float(state[0]), float(state[1])
        count = len(self.gates(0))
        coupling = c.barrett_barrett_ns * a.barrett_barrett * (node - internode)
        cn = c.nodal_capacitance_pf * a.node_capacitance
        cm = c.myelin_capacitance_pf * a.myelin_capacitance
        ci = c.internodal_capacitance_pf * a.internodal_capacitance
        into_node = current_pa - self.outward(0, node, state[2 : 2 + count]) - coupling
        into_inter = coupling - self.outward(1, internode, state[2 + count :])
        slopes = np.linalg.solve(np.array([[cn + cm, -cm], [-cm, ci + cm]]), [into_node, into_inter])
        moved = []
        k = 2
        for place, v in ((0, node), (1, internode)):
            for gate, shift in self.gates(place):
                opening, closing = self.rates(gate, v, self.bath, shift, self.speed(gate))
                moved.append(opening * (1 - state[k]) - closing * state[k])
                k += 1
        return np.concatenate([slopes, moved]).astype(np.float64)

    def solve(self, pieces: list[tuple[float, float]], at_ms: Floats) -> Floats:
        """(n, 2) potentials at given times; ``pieces`` are (duration in ms, current in pA), from rest."""
        node, internode = self.rest()
        state = np.concatenate([[node, internode], self.all_settled(0, node), self.all_settled(1, internode)])
        out = np.empty((at_ms.size, 2))
        start = 0.0
        for duration, current in pieces:
            end = start + duration
            inside = (at_ms > start + 1e-9) & (at_ms <= end + 1e-9)
            times = np.unique(np.append(np.minimum(at_ms[inside], end), end))
            done = solve_ivp(
                lambda _, y, pa=current: self.change(y, pa),
                (start, end), state, method="LSODA", t_eval=times, rtol=1e-6, atol=1e-7,
            )  # fmt: skip
            assert done.success
            out[inside] = done.y[:2, : np.count_nonzero(inside)].T
            state, start = done.y[:, -1], end
        return out
