"""whytwitch: what makes this muscle twitch, and what should be done about it?

A short list of verbs on a short list of nouns. ``explain`` a ``Case`` (or plain words) to get an
``Assessment``; ``ask`` for the next ``Question``; ``load`` the ``Catalogue``; ``read_case`` from words
or a file; ``evaluate`` on cases whose cause is known. Everything is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whytwitch.app import ask
    from whytwitch.case import Case, CaseError, read_case
    from whytwitch.cohort import evaluate
    from whytwitch.knowledge import Catalogue, CatalogueError, load
    from whytwitch.reasoning import Assessment, Question, explain
    from whytwitch.recording import Recording, RecordingError, Signature, Twitches, detect, measure, read

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Case",
    "CaseError",
    "Catalogue",
    "CatalogueError",
    "Question",
    "Recording",
    "RecordingError",
    "Signature",
    "Twitches",
    "__version__",
    "ask",
    "detect",
    "evaluate",
    "explain",
    "load",
    "measure",
    "read",
    "read_case",
]

_HOMES = {
    "Assessment": "reasoning",
    "Case": "case",
    "CaseError": "case",
    "Catalogue": "knowledge",
    "CatalogueError": "knowledge",
    "Question": "reasoning",
    "Recording": "recording",
    "RecordingError": "recording",
    "Signature": "recording",
    "Twitches": "recording",
    "ask": "app",
    "detect": "recording",
    "evaluate": "cohort",
    "explain": "reasoning",
    "load": "knowledge",
    "measure": "recording",
    "read": "recording",
    "read_case": "case",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
