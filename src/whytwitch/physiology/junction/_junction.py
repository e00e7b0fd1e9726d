"""The junction: what diseases and poisons move in it, and its constants."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import check_range
from whytwitch.physiology.ions import Bath
from whytwitch.physiology.junction import _kernel as k

CALCIUM_HALF_MMOL_L = 0.3
MAGNESIUM_HALF_MMOL_L = 1.4
"""Half-saturation of the release site by either ion in the scheme of Dodge and Rahamimoff 1967 (doi
10.1113/jphysiol.1967.sp008367: calcium and magnesium compete for a site of which four must hold calcium).
The two values are a judgment."""

# Judgments, chosen so that a healthy junction has a safety factor of 3 and keeps it at 50 Hz, and so that the
# published patterns of the diseases appear; see docs/junction-fiber-force.md. No human measurement of any of
# them was at hand.
_CONSTANTS: dict[int, float] = {
    k.REFILL_RATE: 1.0 / 4000.0,
    k.REFILL_PER_RESIDUE: 6e-4,
    k.REFILL_PER_BOOST: 6e-5,
    k.RESIDUE_MS: 150.0,
    k.FACILITATION: 0.08,
    k.AUGMENTATION_MS: 8000.0,
    k.AUGMENTATION: 8e-4,
    k.REBINDING_RATE: 0.6,
    k.DESENSITIZATION_RATE: 4e-4,
    k.RESENSITIZATION_RATE: 1.0 / 2000.0,
    k.GAIN: 0.025,
    k.REVERSAL_MV: 80.0,
    k.MEMBRANE_MS: 2.0,
    k.REFRACTORY_MS: 3.5,
    k.RECOVERY_MS: 4.0,
    k.ACCOMMODATION: 0.9,
    k.ACCOMMODATION_MS: 20.0,
    k.TERMINAL_SENSE_MS: 2.0,
    k.TERMINAL_REFRACTORY_MS: 3.0,
    k.TERMINAL_TIRING_RATE: 1.5e-3,
    k.TERMINAL_REST_RATE: 1.0 / 500.0,
    k.COLLISION_MS: 5.0,
}
HYDROLYSIS_PER_MS = 5.0
DIFFUSION_PER_MS = 0.1
CLOSING_PER_MS = 1.0
TERMINAL_THRESHOLD_QUANTA = 12.0
RELEASE_PROBABILITY = 0.1

_RANGES: dict[str, tuple[float, float, str]] = {
    "acetylcholinesterase_fraction": (0.0, 2.0, ""),
    "receptor_fraction": (0.0, 5.0, ""),
    "quantal_content_fraction": (0.0, 10.0, ""),
    "prejunctional_excitability": (0.0, 50.0, ""),
    "calcium_channel_fraction": (0.0, 2.0, ""),
    "channel_open_time_fraction": (0.1, 20.0, ""),
    "spontaneous_rate_hz": (0.0, 20_000.0, "Hz"),
    "quantal_content": (1.0, 400.0, "quanta"),
    "threshold_mv": (2.0, 40.0, "mV"),
}


@dataclass(frozen=True, slots=True)
class Junction:
    """A human neuromuscular junction. The defaults are a healthy one's.

    Args:
        acetylcholinesterase_fraction: activity left; organophosphates and carbamates lower it.
        receptor_fraction: acetylcholine receptors relative to normal. 0.7 over 2.1 million a junction in the
            deltoid in myasthenia gravis (Pestronk, Drachman and Self 1985).
        quantal_content_fraction: release by one impulse relative to normal; botulinum toxin lowers it.
        prejunctional_excitability: readiness of the terminal to fire back when acetylcholine lingers.
        calcium_channel_fraction: calcium entry relative to normal; Lambert-Eaton syndrome lowers it. Release
            goes with its fourth power.
        channel_open_time_fraction: how long receptors stay open, relative to normal; slow-channel syndrome.
        spontaneous_rate_hz: quanta released without impulses, from a full store. Black widow venom raises it.
        quantal_content: quanta an impulse releases from a full store in normal fluid. Judgment.
        threshold_mv: depolarization at which the fiber fires. Judgment: with the quantal content it makes the
            safety factor 3, of the published 3 to 5 (Wood and Slater 2001).

    Raises:
        PhysiologyError: a value outside what the model takes.
    """

    acetylcholinesterase_fraction: float = 1.0
    receptor_fraction: float = 1.0
    quantal_content_fraction: float = 1.0
    prejunctional_excitability: float = 1.0
    calcium_channel_fraction: float = 1.0
    channel_open_time_fraction: float = 1.0
    spontaneous_rate_hz: float = 0.2
    quantal_content: float = 40.0
    threshold_mv: float = 10.0

    def __post_init__(self) -> None:
        for field in fields(self):
            low, high, unit = _RANGES[field.name]
            check_range(field.name, getattr(self, field.name), low, high, unit)


def relative_release(bath: Bath) -> float:
    """Release by an impulse from an untouched terminal, relative to that in normal fluid."""
    return (_bound(bath) / _bound(Bath())) ** 4


def _bound(bath: Bath) -> float:
    calcium = bath.ionized_calcium_mmol_l / CALCIUM_HALF_MMOL_L
    return calcium / (1.0 + calcium + bath.ionized_magnesium_mmol_l / MAGNESIUM_HALF_MMOL_L)


def parameters(junction: Junction, bath: Bath) -> NDArray[np.float64]:
    """A junction in a bath, as the compiled code wants it."""
    p = np.zeros(k.PARAMETERS)
    for place, value in _CONSTANTS.items():
        p[place] = value
    drive = -math.log1p(-RELEASE_PROBABILITY) * junction.quantal_content_fraction
    p[k.RELEASE_DRIVE] = drive * junction.calcium_channel_fraction**4 * relative_release(bath)
    p[k.SITES] = junction.quantal_content / RELEASE_PROBABILITY
    p[k.SPONTANEOUS_RATE] = junction.spontaneous_rate_hz / 1000.0
    p[k.REMOVAL_RATE] = HYDROLYSIS_PER_MS * junction.acetylcholinesterase_fraction + DIFFUSION_PER_MS
    p[k.CLOSING_RATE] = CLOSING_PER_MS / junction.channel_open_time_fraction
    p[k.RECEPTORS] = junction.receptor_fraction
    p[k.THRESHOLD_MV] = junction.threshold_mv
    # A terminal that cannot be excited has a threshold beyond all reach.
    p[k.TERMINAL_THRESHOLD] = TERMINAL_THRESHOLD_QUANTA / max(junction.prejunctional_excitability, 1e-9)
    return p
