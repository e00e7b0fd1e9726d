"""The nerve and muscle in which twitches arise: the forward model and its protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.physiology._errors import PhysiologyError
    from whytwitch.physiology.axon import Axon
    from whytwitch.physiology.excitability import Curves, Excitability, excite, fit, read_excitability
    from whytwitch.physiology.ions import Bath
    from whytwitch.physiology.mechanism import MechanismPosterior, infer_mechanism
    from whytwitch.physiology.muscle import Muscle, Simulation, simulate
    from whytwitch.physiology.rate import MuscleRate, Pool, muscle_rate
    from whytwitch.physiology.scenario import ChangedSystem, apply, combine

_HOMES = {
    "Axon": "axon",
    "Bath": "ions",
    "ChangedSystem": "scenario",
    "Curves": "excitability",
    "Excitability": "excitability",
    "MechanismPosterior": "mechanism",
    "Muscle": "muscle",
    "MuscleRate": "rate",
    "PhysiologyError": "_errors",
    "Pool": "rate",
    "Simulation": "muscle",
    "apply": "scenario",
    "combine": "scenario",
    "excite": "excitability",
    "fit": "excitability",
    "infer_mechanism": "mechanism",
    "muscle_rate": "rate",
    "read_excitability": "excitability",
    "simulate": "muscle",
}

__all__ = [
    "Axon",
    "Bath",
    "ChangedSystem",
    "Curves",
    "Excitability",
    "MechanismPosterior",
    "Muscle",
    "MuscleRate",
    "PhysiologyError",
    "Pool",
    "Simulation",
    "apply",
    "combine",
    "excite",
    "fit",
    "infer_mechanism",
    "muscle_rate",
    "read_excitability",
    "simulate",
]

__getattr__, __dir__ = lazily(__name__, _HOMES)
