"""The front door of the Python package is exactly this list."""

from __future__ import annotations

import whytwitch

NAMES = {
    "Assessment", "Axon", "Case", "CaseError", "Catalogue", "CatalogueError", "Changes", "Excitability",
    "MechanismPosterior", "Muscle", "MuscleRate", "PhysiologyError", "Question", "Recording",
    "RecordingError", "Signature", "Simulation", "Twitches", "WhatIf", "__version__", "ask", "detect",
    "evaluate", "excite", "explain", "infer_mechanism", "load", "measure", "muscle_rate", "read",
    "read_case", "simulate", "what_if",
}  # fmt: skip


def test_the_list() -> None:
    assert set(whytwitch.__all__) == NAMES
    assert len(whytwitch.__all__) == len(NAMES)
    assert {name for name in dir(whytwitch)} == NAMES  # noqa: C416


def test_names_lead_to_their_rooms() -> None:
    from whytwitch.app import ask
    from whytwitch.reasoning import explain

    assert whytwitch.explain is explain
    assert whytwitch.ask is ask


def test_the_verbs_fit_together() -> None:
    catalogue = whytwitch.load()
    case = whytwitch.read_case("My left eyelid has twitched for three days.", catalogue)
    assert isinstance(case, whytwitch.Case)
    assert isinstance(whytwitch.explain(case), whytwitch.Assessment)
    assert isinstance(whytwitch.ask(case), whytwitch.Question)
