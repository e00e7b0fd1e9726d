"""The interview: what to ask next, and the terminal that asks it."""

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
