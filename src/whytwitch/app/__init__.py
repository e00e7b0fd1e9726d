"""The interview: what to ask next, and the terminal that asks it."""

from whytwitch.app._answers import Command, Problem, interpret
from whytwitch.app._ask import ask
from whytwitch.app._interview import Interview, State
from whytwitch.app._reply import Reply, amend
from whytwitch.app._saved import dump, is_saved_interview, restore

__all__ = [
    "Command",
    "Interview",
    "Problem",
    "Reply",
    "State",
    "amend",
    "ask",
    "dump",
    "interpret",
    "is_saved_interview",
    "restore",
]
