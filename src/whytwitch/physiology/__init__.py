"""The nerve and muscle in which twitches arise: the forward model and its protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.physiology._errors import PhysiologyError
    from whytwitch.physiology.axon import Axon
    from whytwitch.physiology.excitability import Curves, Excitability, excite, fit, read_excitability
    from whytwitch.physiology.ions import Bath
    from whytwitch.physiology.muscle import Muscle, Simulation, simulate

_HOMES = {
    "Axon": "axon",
    "Bath": "ions",
    "Curves": "excitability",
    "Excitability": "excitability",
    "Muscle": "muscle",
    "PhysiologyError": "_errors",
    "Simulation": "muscle",
    "excite": "excitability",
    "fit": "excitability",
    "read_excitability": "excitability",
    "simulate": "muscle",
}

__all__ = [
    "Axon",
    "Bath",
    "Curves",
    "Excitability",
    "Muscle",
    "PhysiologyError",
    "Simulation",
    "excite",
    "fit",
    "read_excitability",
    "simulate",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)
