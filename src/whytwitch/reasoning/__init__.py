"""From what is known of a person to causes, urgency, reasons and the next question."""

from whytwitch.reasoning._assessment import (
    Assessment,
    Contribution,
    Flag,
    Question,
    QuestionItem,
    Ranked,
    Understood,
    UrgencyVerdict,
    WouldChange,
)
from whytwitch.reasoning._explain import Standing, explain, rank
from whytwitch.reasoning._network import Network, ancestors, network
from whytwitch.reasoning._recording_reading import summarize
from whytwitch.reasoning._understood import in_words
from whytwitch.reasoning._urgency import LEVELS

__all__ = [
    "LEVELS",
    "Network",
    "ancestors",
    "network",
    "Assessment",
    "Contribution",
    "Flag",
    "Question",
    "QuestionItem",
    "Ranked",
    "Standing",
    "Understood",
    "UrgencyVerdict",
    "WouldChange",
    "explain",
    "in_words",
    "rank",
    "summarize",
]
