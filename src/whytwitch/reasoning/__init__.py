"""From what is known of a person to causes, urgency, reasons and the next question; and to what if."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily
from whytwitch.reasoning._alarm import features as alarm_features
from whytwitch.reasoning._alarm import log_odds as alarm_log_odds
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
from whytwitch.reasoning._strength import SIMULATED
from whytwitch.reasoning._understood import in_words
from whytwitch.reasoning._urgency import LEVELS

if TYPE_CHECKING:
    from whytwitch.reasoning._changes import Changes
    from whytwitch.reasoning._fluid import fluid_and_axon
    from whytwitch.reasoning._movable import Movable, movables
    from whytwitch.reasoning._what_if import what_if
    from whytwitch.reasoning._what_if_result import (
        Anchor,
        Curve,
        Estimate,
        FactorOut,
        Outlook,
        Share,
        Unknown,
        WhatIf,
    )

__all__ = [
    "LEVELS",
    "SIMULATED",
    "Network",
    "alarm_features",
    "alarm_log_odds",
    "ancestors",
    "network",
    "Anchor",
    "Assessment",
    "Changes",
    "Contribution",
    "Curve",
    "Estimate",
    "FactorOut",
    "Flag",
    "Movable",
    "Outlook",
    "Question",
    "QuestionItem",
    "Ranked",
    "Share",
    "Standing",
    "Understood",
    "Unknown",
    "UrgencyVerdict",
    "WhatIf",
    "WouldChange",
    "explain",
    "fluid_and_axon",
    "in_words",
    "movables",
    "rank",
    "summarize",
    "what_if",
]

# A ranking is no business of the physiology, and shall not wait for it.
_HOMES = {
    "Changes": "_changes",
    "Movable": "_movable",
    "fluid_and_axon": "_fluid",
    "movables": "_movable",
    "what_if": "_what_if",
    **dict.fromkeys(
        ("Anchor", "Curve", "Estimate", "FactorOut", "Outlook", "Share", "Unknown", "WhatIf"),
        "_what_if_result",
    ),
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
