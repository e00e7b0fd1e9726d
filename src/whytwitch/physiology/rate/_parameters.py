"""The quantities that decide how often a terminal fires, in the form that the emulator knows.

Many causes meet in few quantities: calcium, magnesium and acid act through the shift of the gates, sodium
channels that are inactivated as if they were not there. So a patch is reduced to nineteen numbers before
it is looked up, and can be rebuilt from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.axon import Axon
from whytwitch.physiology.ions import Bath, surface_shift_mv
from whytwitch.physiology.noise import Patch
from whytwitch.physiology.rate._sites import TERMINAL_AREA, terminal_constants

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One quantity of the emulator.

    Attributes:
        low, high: its domain. normal: its usual value.
        by: whether it is compared by ratio (on a logarithmic scale) or by difference.
    """

    low: float
    high: float
    normal: float = 1.0
    by: Literal["ratio", "difference"] = "ratio"


PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        "potassium_mmol_l": Parameter(2.0, 9.0, 4.2),
        "sodium_mmol_l": Parameter(105.0, 175.0, 140.0, "difference"),
        "temperature_c": Parameter(25.0, 41.0, 33.0, "difference"),
        "shift_mv": Parameter(-20.0, 8.0, 0.0, "difference"),
        "transient_sodium": Parameter(0.4, 1.8),
        "persistent_sodium": Parameter(0.0, 6.0, 1.0, "difference"),
        "fast_potassium": Parameter(0.0, 1.5, 1.0, "difference"),
        "internodal_fast_potassium": Parameter(0.0, 1.5, 1.0, "difference"),
        "slow_potassium": Parameter(0.3, 2.0),
        "internodal_slow_potassium": Parameter(0.3, 2.0),
        "nodal_leak": Parameter(0.4, 2.5),
        "internodal_leak": Parameter(0.2, 2.5),
        "ih": Parameter(0.0, 2.0, 1.0, "difference"),
        "pump": Parameter(0.0, 3.0, 1.0, "difference"),
        "barrett_barrett": Parameter(0.3, 3.0),
        "myelin_capacitance": Parameter(0.3, 3.0),
        "sodium_inactivation_rate": Parameter(0.5, 1.5),
        "polarization": Parameter(-1.0, 0.6, 0.0, "difference"),
        "channel_factor": Parameter(0.25, 4.0),
    }
)
NAMES: Final = tuple(PARAMETERS)
_SODIUM: Final = ("transient_sodium", "persistent_sodium")
_OF_BATH: Final = ("potassium_mmol_l", "sodium_mmol_l", "temperature_c")
_FREE: Final = {"bath", "constants", "gate_shift_mv", "slow_inactivation"}


def reduced(patch: Patch) -> tuple[Floats, tuple[str, ...]]:
    """A terminal's numbers, (19,) in the order of ``NAMES``, and what of it they cannot say.

    The second holds quantities that are not among them and differ from normal, and those out of their domain.
    """
    axon = patch.axon
    available = 1.0 - axon.slow_inactivation
    values = {name: getattr(axon.bath, name) for name in _OF_BATH}
    values["shift_mv"] = axon.gate_shift_mv + surface_shift_mv(axon.bath)
    values["channel_factor"] = patch.channel_factor
    for name in NAMES:
        if name not in values:
            values[name] = getattr(axon, name) * (available if name in _SODIUM else 1.0)
    unknown = [
        item.name
        for item in fields(axon)
        if item.name not in _FREE and item.name not in NAMES and getattr(axon, item.name) != item.default
    ]
    out = [
        name for name, value in values.items() if not PARAMETERS[name].low <= value <= PARAMETERS[name].high
    ]
    return np.array([values[name] for name in NAMES]), tuple(unknown + out)


def rebuilt(numbers: Floats) -> Patch:
    """A terminal with these numbers: (19,) in the order of ``NAMES``.

    Raises:
        PhysiologyError: a value that no axon takes.
    """
    values = dict(zip(NAMES, map(float, numbers), strict=True))
    bath = Bath(**{name: values.pop(name) for name in _OF_BATH})
    factor = values.pop("channel_factor")
    shift = values.pop("shift_mv") - surface_shift_mv(bath)
    axon = Axon(bath=bath, constants=terminal_constants()).changed({**values, "gate_shift_mv": shift})
    return Patch(axon, area_fraction=TERMINAL_AREA, channel_factor=factor)


def scaled(numbers: Floats) -> Floats:
    """The numbers on scales of their own: 0 is normal, 1 the far end of the domain; (n, 19) -> (n, 19)."""
    out = np.empty_like(numbers)
    for k, known in enumerate(PARAMETERS.values()):
        if known.by == "ratio":
            reach = max(np.log(known.high / known.normal), np.log(known.normal / known.low))
            out[:, k] = np.log(numbers[:, k] / known.normal) / reach
        else:
            reach = max(known.high - known.normal, known.normal - known.low)
            out[:, k] = (numbers[:, k] - known.normal) / reach
    return out
