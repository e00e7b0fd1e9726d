"""whytwitch: what makes this muscle twitch, and what should be done about it?

A short list of verbs on a short list of nouns. ``explain`` a ``Case`` (or plain words) to get an
``Assessment``; ``ask`` for the next ``Question``; ``load`` the ``Catalogue``; ``read_case`` from words
or a file; ``evaluate`` on cases whose cause is known. ``read`` a ``Recording``, ``detect`` its
``Twitches``, ``measure`` their ``Signature``. ``excite`` an ``Axon`` to get its ``Excitability``;
``simulate`` a ``Muscle`` to get a recording whose truth is known. Everything is imported when it is first
used.
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
        Muscle,
        PhysiologyError,
        Simulation,
        excite,
        simulate,
    )
    from whytwitch.reasoning import Assessment, Question, explain
    from whytwitch.recording import Recording, RecordingError, Signature, Twitches, detect, measure, read

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Axon",
    "Case",
    "CaseError",
    "Catalogue",
    "CatalogueError",
    "Excitability",
    "Muscle",
    "PhysiologyError",
    "Question",
    "Recording",
    "RecordingError",
    "Signature",
    "Simulation",
    "Twitches",
    "__version__",
    "ask",
    "detect",
    "evaluate",
    "excite",
    "explain",
    "load",
    "measure",
    "read",
    "read_case",
    "simulate",
]

_HOMES = {
    "Assessment": "reasoning",
    "Axon": "physiology",
    "Case": "case",
    "CaseError": "case",
    "Catalogue": "knowledge",
    "CatalogueError": "knowledge",
    "Excitability": "physiology",
    "Muscle": "physiology",
    "PhysiologyError": "physiology",
    "Question": "reasoning",
    "Recording": "recording",
    "RecordingError": "recording",
    "Signature": "recording",
    "Simulation": "physiology",
    "Twitches": "recording",
    "ask": "app",
    "detect": "recording",
    "evaluate": "cohort",
    "excite": "physiology",
    "explain": "reasoning",
    "load": "knowledge",
    "measure": "recording",
    "read": "recording",
    "read_case": "case",
    "simulate": "physiology",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
