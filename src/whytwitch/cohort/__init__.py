"""Many cases at once: evaluation against known causes, and simulated patients."""

from whytwitch.cohort._evaluate import Evaluation, Labelled, Outcome, evaluate, read_labelled
from whytwitch.cohort._patients import Patient, patients

__all__ = ["Evaluation", "Labelled", "Outcome", "Patient", "evaluate", "patients", "read_labelled"]
