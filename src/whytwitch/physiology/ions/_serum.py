"""From what a laboratory reports to what a nerve sees: free calcium and free magnesium.

Calcium is shared among itself, proteins and small anions by mass action, with hydrogen competing for
the same places on the proteins: so alkalosis lowers free calcium with the total unchanged. Constants of
the proteins: Takano et al. 2012, Anal Chem Insights 7:23 (doi 10.4137/ACI.S9681), table of stability
constants.
"""

from __future__ import annotations

from functools import lru_cache

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.ions._root import bisect

SITE_PKA = 7.55
ALBUMIN_L_MOL = 10.0**2.38
ALBUMIN_SITES_MMOL_G = 0.17
GLOBULIN_L_MOL = 10.0**2.55
GLOBULIN_SITES_MMOL_L = 0.73
"""0.26 mmol/L of sites per 10 g/L, at 28 g/L of globulin (a usual amount: judgment)."""
COMPLEXED = 0.2
"""Calcium held by small anions, per free calcium: about 10 % against 50 % of the total
(acutecaretesting.org, Ionized calcium, 2007)."""


@lru_cache(maxsize=1024)
def ionized_calcium(total_mmol_l: float, albumin_g_l: float = 43.0, ph: float = 7.40) -> float:
    """Free calcium in serum, in mmol/L.

    An estimate: with other proteins or much citrate or phosphate it can be wrong by a tenth and more;
    a measured value is to be preferred.

    Args:
        total_mmol_l: total calcium, 0.1 to 10.
        albumin_g_l: albumin, 0 to 80.
        ph: of the blood, 6.5 to 8.

    Raises:
        PhysiologyError: a value is out of range.
    """
    check_range("total_mmol_l", total_mmol_l, 0.1, 10.0, "mmol/L")
    check_range("albumin_g_l", albumin_g_l, 0.0, 80.0, "g/L")
    check_range("ph", ph, 6.5, 8.0)
    hindered = 1.0 + 10.0 ** (SITE_PKA - ph)
    pools = (
        (ALBUMIN_SITES_MMOL_G * albumin_g_l, ALBUMIN_L_MOL),
        (GLOBULIN_SITES_MMOL_L, GLOBULIN_L_MOL),
    )

    def unexplained(free: float) -> float:
        held = ((sites, affinity * free * 1e-3) for sites, affinity in pools)
        bound = sum(sites * pull / (hindered + pull) for sites, pull in held)
        return total_mmol_l - free * (1.0 + COMPLEXED) - bound

    return bisect(unexplained, 0.0, total_mmol_l)


def ionized_magnesium(total_mmol_l: float) -> float:
    """Free magnesium in mmol/L from total magnesium: 0.66 × total + 0.039 (Koch et al., intensive care).

    Fitted between totals of 0.57 and 1.08; below, proportional to the total, so that none gives none.

    Raises:
        PhysiologyError: the total is not within 0 to 10 mmol/L.
    """
    check_range("total_mmol_l", total_mmol_l, 0.0, 10.0, "mmol/L")
    knee = 0.57
    return (0.66 * max(total_mmol_l, knee) + 0.039) * min(total_mmol_l / knee, 1.0)
