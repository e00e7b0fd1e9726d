"""What a gate and a channel are: rates as functions of the potential, and how they carry current."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rate = Callable[[Floats], Floats]
Ion = Literal["sodium", "potassium", "cation"]


def linoid(x_mv: Floats, slope_mv: float) -> Floats:
    """``x / (1 - exp(-x / slope))``, with its limit at 0: the rate that grows linearly when it is far out."""
    ratio = x_mv / slope_mv
    small = np.abs(ratio) < 1e-6
    safe = np.where(small, 1.0, ratio)
    return np.where(small, slope_mv * (1 + ratio / 2), x_mv / -np.expm1(-safe))


@dataclass(frozen=True, slots=True)
class Gate:
    """A two-state particle: closed to open at ``opening``, open to closed at ``closing``.

    Attributes:
        opening, closing: rates per ms at ``reference_c``, as functions of the potential in mV (arrays).
        reference_c: the temperature of the rates, in °C.
        q10: how many times faster 10 °C warmer.
        power: how many such particles must be open.
        pivot_mv: the potential about which the dependence may be made steeper or flatter.
    """

    name: str
    opening: Rate
    closing: Rate
    reference_c: float
    q10: float
    power: int = 1
    pivot_mv: float = 0.0

    def rates(
        self,
        membrane_mv: Floats,
        temperature_c: float,
        shift_mv: float = 0.0,
        speed: float = 1.0,
        steepness: float = 1.0,
    ) -> tuple[Floats, Floats]:
        """Opening and closing rates per ms at a temperature, moved by ``shift_mv`` along the axis of
        potential, ``speed`` times as fast and ``steepness`` times as steep.
        """
        factor = speed * self.q10 ** ((temperature_c - self.reference_c) / 10)
        moved = membrane_mv - shift_mv
        if steepness != 1.0:
            moved = self.pivot_mv + steepness * (moved - self.pivot_mv)
        return factor * self.opening(moved), factor * self.closing(moved)


@dataclass(frozen=True, slots=True)
class Channel:
    """A population of channels: which gates, and which ions pass.

    Attributes:
        ion: ``sodium`` flows by the constant-field equation (its amount is a permeability, in 1e-9 cm³/s);
            ``potassium`` is ohmic with its Nernst potential; ``cation`` is ohmic with a Goldman potential of
            potassium and ``sodium_permeability`` times as much sodium (amounts in nS).
        gates: all must be open; an empty tuple is a leak.
        source: where the kinetics come from.
    """

    name: str
    ion: Ion
    gates: tuple[Gate, ...]
    source: str
    sodium_permeability: float = 0.0
