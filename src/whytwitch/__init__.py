"""whytwitch: what makes this muscle twitch, and what should be done about it?

A short list of verbs on a short list of nouns. ``explain`` a ``Case`` (or plain words) to get an
``Assessment``; ``ask`` for the next ``Question``; ``load`` the ``Catalogue``; ``read_case`` from words
or a file; ``evaluate`` on cases whose cause is known. ``read`` a ``Recording``, ``detect`` its
``Twitches``, ``measure`` their ``Signature``. ``excite`` an ``Axon`` to get its ``Excitability``;
``simulate`` a ``Muscle`` to get a recording whose truth is known; ``muscle_rate`` says how often it would
twitch, ``what_if`` what would change that for a person, ``infer_mechanism`` what a test of the nerve tells.
Everything is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.app import ask
    from whytwitch.case import Case, CaseError, read_case
    from whytwitch.cohort import evaluate
    from whytwitch.knowledge import Catalogue, CatalogueError, load
    from whytwitch.physiology import (
        Axon,
        Excitability,
        MechanismPosterior,
        Muscle,
        MuscleRate,
        PhysiologyError,
        Simulation,
        excite,
        infer_mechanism,
        muscle_rate,
        simulate,
    )
    from whytwitch.reasoning import Assessment, Changes, Question, WhatIf, explain, what_if
    from whytwitch.recording import Recording, RecordingError, Signature, Twitches, detect, measure, read

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Axon",
    "Case",
    "CaseError",
    "Catalogue",
    "CatalogueError",
    "Changes",
    "Excitability",
    "MechanismPosterior",
    "Muscle",
    "MuscleRate",
    "PhysiologyError",
    "Question",
    "Recording",
    "RecordingError",
    "Signature",
    "Simulation",
    "Twitches",
    "WhatIf",
    "__version__",
    "ask",
    "detect",
    "evaluate",
    "excite",
    "explain",
    "infer_mechanism",
    "load",
    "measure",
    "muscle_rate",
    "read",
    "read_case",
    "simulate",
    "what_if",
]

_HOMES = {
    "Assessment": "reasoning",
    "Axon": "physiology",
    "Case": "case",
    "CaseError": "case",
    "Catalogue": "knowledge",
    "CatalogueError": "knowledge",
    "Changes": "reasoning",
    "Excitability": "physiology",
    "MechanismPosterior": "physiology",
    "Muscle": "physiology",
    "MuscleRate": "physiology",
    "PhysiologyError": "physiology",
    "Question": "reasoning",
    "Recording": "recording",
    "RecordingError": "recording",
    "Signature": "recording",
    "Simulation": "physiology",
    "Twitches": "recording",
    "WhatIf": "reasoning",
    "ask": "app",
    "detect": "recording",
    "evaluate": "cohort",
    "excite": "physiology",
    "explain": "reasoning",
    "infer_mechanism": "physiology",
    "load": "knowledge",
    "measure": "recording",
    "muscle_rate": "physiology",
    "read": "recording",
    "read_case": "case",
    "simulate": "physiology",
    "what_if": "reasoning",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
