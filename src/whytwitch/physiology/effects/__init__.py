"""What one cause does along the whole motor unit, in numbers and words, and the muscle that follows."""

from whytwitch.physiology.effects._axon import Accommodation, AxonEffect, AxonState, Trace
from whytwitch.physiology.effects._effects import PLACES, Effects, Place, effects
from whytwitch.physiology.effects._fiber import FiberEffect, FiberState
from whytwitch.physiology.effects._junction import JunctionEffect, JunctionState
from whytwitch.physiology.effects._muscle import ILLUSTRATIVE_RATE_PER_MIN, MuscleSettings, muscle_of
from whytwitch.physiology.effects._words import (
    EXPERT_NAMES,
    NAMES,
    Finding,
    State,
    findings,
    grade_words,
    headline,
)

__all__ = [
    "EXPERT_NAMES",
    "ILLUSTRATIVE_RATE_PER_MIN",
    "NAMES",
    "PLACES",
    "Accommodation",
    "AxonEffect",
    "AxonState",
    "Effects",
    "FiberEffect",
    "FiberState",
    "Finding",
    "JunctionEffect",
    "JunctionState",
    "MuscleSettings",
    "Place",
    "State",
    "Trace",
    "effects",
    "findings",
    "grade_words",
    "headline",
    "muscle_of",
]
