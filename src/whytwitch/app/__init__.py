"""The interview: what to ask next, and the terminal that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.app._answers import Command, Problem, interpret
    from whytwitch.app._ask import ask
    from whytwitch.app._correct import UNKNOWN, correct
    from whytwitch.app._interview import Interview, State
    from whytwitch.app._reply import Reply
    from whytwitch.app._saved import dump, is_saved_interview, restore

__all__ = [
    "UNKNOWN",
    "Command",
    "Interview",
    "Problem",
    "Reply",
    "State",
    "ask",
    "correct",
    "dump",
    "interpret",
    "is_saved_interview",
    "restore",
]

# The page is below this door too, and its first answer waits for nothing that it does not need.
_HOMES = {
    **dict.fromkeys(("Command", "Problem", "interpret"), "_answers"),
    "ask": "_ask",
    **dict.fromkeys(("UNKNOWN", "correct"), "_correct"),
    **dict.fromkeys(("Interview", "State"), "_interview"),
    "Reply": "_reply",
    **dict.fromkeys(("dump", "is_saved_interview", "restore"), "_saved"),
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
