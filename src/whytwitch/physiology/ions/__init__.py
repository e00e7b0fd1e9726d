"""The fluid around nerve and muscle: its ions, what drives them, and the charge of the membrane's surface."""

from whytwitch.physiology.ions._bath import Bath
from whytwitch.physiology.ions._flux import ghk_current_pa, ghk_slope_ns, nernst_mv, thermal_mv
from whytwitch.physiology.ions._serum import ionized_calcium, ionized_magnesium
from whytwitch.physiology.ions._surface import surface_potential_mv, surface_shift_mv

__all__ = [
    "Bath",
    "ghk_current_pa",
    "ghk_slope_ns",
    "ionized_calcium",
    "ionized_magnesium",
    "nernst_mv",
    "surface_potential_mv",
    "surface_shift_mv",
    "thermal_mv",
]
