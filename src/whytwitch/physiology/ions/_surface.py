"""Charge on the outer face of the membrane, and what calcium, magnesium, salt and acid do to it.

Fixed negative charge draws positive ions to the membrane, so the field inside it differs from what
electrodes measure. Less calcium or magnesium, or less acid, lets the surface become more negative, and
all gates then act as if the membrane were less polarized.

The model is that of Hille, Woodhull and Shapiro (1975, Phil Trans R Soc B 270:301, doi
10.1098/rstb.1975.0011): three kinds of sites under a diffuse double layer (Grahame's equation).
It was fitted to sodium channels of frog nerve; no such measurement in human axons is known.
That potassium and Ih gates move by the same amount is an assumption.
"""

from __future__ import annotations

import math
from functools import lru_cache

from whytwitch.physiology.ions._bath import Bath
from whytwitch.physiology.ions._flux import GAS_J_MOL_K, ZERO_CELSIUS_K, thermal_mv
from whytwitch.physiology.ions._root import bisect

ACIDS = ((2.88, 0.90), (4.58, 0.58))
"""pKa and density (1/nm²) of sites that are negative unless they hold H+ or Ca2+."""
BASE = (6.28, 0.33)
"""pKa and density (1/nm²) of sites that are positive while they hold H+."""
CALCIUM_DISSOCIATION_MOL_L = 28.0
"""Of Ca2+ from an acid site. Magnesium screens and does not bind here, so that it does less than calcium."""

ELEMENTARY_CHARGE_C = 1.602176634e-19
VACUUM_F_M = 8.8541878128e-12
BRACKET = (-16.0, 12.0)
"""In units of RT/F, 24 to 27 mV."""


def surface_shift_mv(bath: Bath) -> float:
    """How far all gates move along the voltage axis, in mV, relative to normal fluid at the same warmth.

    Negative: they open at more negative voltages (low calcium, alkalosis). 0 for the normal ions.
    """
    return surface_potential_mv(bath) - _normal_mv(bath.temperature_c)


@lru_cache(maxsize=1024)
def surface_potential_mv(bath: Bath) -> float:
    """Potential of the outer surface relative to the fluid far away, in mV.

    The one potential at which the charge on the sites equals what the double layer holds. Their
    difference falls steadily with the potential, so the root is unique and lies in the bracket.
    """
    kt_mv = thermal_mv(bath.temperature_c)
    return kt_mv * bisect(lambda u: _sites_nm2(u, bath) - _double_layer_nm2(u, bath), *BRACKET)


def _normal_mv(temperature_c: float) -> float:
    return surface_potential_mv(Bath(temperature_c=temperature_c))


def _sites_nm2(u: float, bath: Bath) -> float:
    """Charge of the sites; ions at the surface are concentrated by the Boltzmann factor."""
    hydrogen = 10.0**-bath.ph * math.exp(-u)
    bound = bath.ionized_calcium_mmol_l * 1e-3 * math.exp(-2.0 * u) / CALCIUM_DISSOCIATION_MOL_L
    charge = 0.0
    for pka, density in ACIDS:
        # Free: -1. With H+: 0. With Ca2+: +1.
        charge += density * (bound - 1.0) / (1.0 + hydrogen * 10.0**pka + bound)
    held = hydrogen * 10.0 ** BASE[0]
    return charge + BASE[1] * held / (1.0 + held)


def _double_layer_nm2(u: float, bath: Bath) -> float:
    """Grahame's equation. Anions are monovalent and make the fluid neutral, whatever the chloride."""
    monovalent = bath.sodium_mmol_l + bath.potassium_mmol_l
    divalent = bath.ionized_calcium_mmol_l + bath.ionized_magnesium_mmol_l
    excess = (
        monovalent * math.expm1(-u)
        + divalent * math.expm1(-2.0 * u)
        + (monovalent + 2.0 * divalent) * math.expm1(u)
    )
    kelvin = bath.temperature_c + ZERO_CELSIUS_K
    squared = 2.0 * _permittivity(bath.temperature_c) * VACUUM_F_M * GAS_J_MOL_K * kelvin * max(excess, 0.0)
    return math.copysign(math.sqrt(squared) / ELEMENTARY_CHARGE_C * 1e-18, u)


def _permittivity(temperature_c: float) -> float:
    """Of water (Malmberg and Maryott 1956, doi 10.6028/jres.056.001)."""
    t = temperature_c
    return 87.740 - 0.40008 * t + 9.398e-4 * t**2 - 1.410e-6 * t**3
