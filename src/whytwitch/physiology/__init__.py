"""The nerve and muscle in which twitches arise: the forward model and its protocols."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
