"""What to do now, from the actions of the rules that fired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from whytwitch.report._clean import sentences

CALL: Final = "Call your local emergency number"


def steps_of(actions: Iterable[str]) -> tuple[str, ...]:
    """One step a sentence, each once; the call for help comes first and is said once."""
    steps = list(dict.fromkeys(step for action in actions for step in sentences(action)))
    calls = [step for step in steps if step.startswith(CALL) and step.endswith("now.")]
    return tuple(calls[:1] + [step for step in steps if step not in calls])
