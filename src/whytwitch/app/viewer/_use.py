"""What a recording adds to an answer."""

from __future__ import annotations

from dataclasses import replace

from whytwitch.app import Interview
from whytwitch.app.shell import Problem, Services
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._bench import Found
from whytwitch.case import RecordingSummary
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import summarize


def summary(found: Found, muscle: str, catalogue: Catalogue) -> RecordingSummary:
    """The numbers that bear on the causes, as reviewed, for a muscle of the catalogue.

    Raises:
        Problem: the muscle is not known.
    """
    from whytwitch.recording import measure

    if muscle not in catalogue.muscles:
        raise Problem(422, say.NO_MUSCLE, say.NO_MUSCLE_TEXT)
    twitches = found.reviewed.twitches
    named = replace(twitches, source=replace(twitches.source, muscle=muscle))
    return summarize(measure(named, catalogue=catalogue), catalogue)


def use(found: Found, muscle: str, case: str, services: Services) -> str:
    """Put a recording into a case that is open, or into a new one; returns its key.

    The same recording given again replaces the earlier one, so that it counts as it was last reviewed.

    Raises:
        Problem: the muscle is not known, or the case is not open.
    """
    added = summary(found, muscle, services.catalogue)
    desk = services.desk
    interview = desk.get(case) if case else Interview(catalogue=services.catalogue)
    others = [one for one in interview.opening.recordings if not _same(one, added)]
    opening = interview.opening.model_copy(update={"recordings": (*others, added)})
    changed = replace(interview, opening=opening)
    if not case:
        return desk.open(changed)
    desk.put(case, changed)
    return case


def _same(one: RecordingSummary, other: RecordingSummary) -> bool:
    return (one.sha256 or one.name) == (other.sha256 or other.name)


__all__ = ["summary", "use"]
