"""From a cause and a dose to a changed motor unit: pure data, which the simulated parts read."""

from whytwitch.physiology.scenario._apply import apply, combine, scenarios
from whytwitch.physiology.scenario._system import AppliedCause, ChangedSystem, Operation

__all__ = ["AppliedCause", "ChangedSystem", "Operation", "apply", "combine", "scenarios"]
