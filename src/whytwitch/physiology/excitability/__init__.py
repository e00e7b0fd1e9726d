"""Nerve excitability as the clinic measures it: curves, their indices and what is normal."""

from whytwitch.physiology.excitability._curves import STANDARD_DELAYS, Curves
from whytwitch.physiology.excitability._indices import UNITS, indices
from whytwitch.physiology.excitability._measured import Measured, read_excitability
from whytwitch.physiology.excitability._norms import (
    Cohort,
    Normal,
    normal_curves,
    normal_indices,
    normal_mean_curves,
    z_scores,
)

__all__ = [
    "STANDARD_DELAYS",
    "UNITS",
    "Cohort",
    "Curves",
    "Measured",
    "Normal",
    "indices",
    "normal_curves",
    "normal_indices",
    "normal_mean_curves",
    "read_excitability",
    "z_scores",
]
