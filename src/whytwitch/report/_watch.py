"""Warning signs that have not been answered: what the present answer is conditional on."""

from __future__ import annotations

from whytwitch.knowledge import Catalogue, Urgency
from whytwitch.reasoning import LEVELS, Assessment, ancestors
from whytwitch.report._phrases import HOLDS_LEVEL
from whytwitch.report._view import Holds


def holds_only_if(assessment: Assessment, catalogue: Catalogue) -> tuple[Holds, ...]:
    """Open warning signs that would raise the urgency, by the level they would raise it to.

    A sign is left out where it follows from what was said, or where its broader sign is listed at the
    same level or was said to be absent: the list must stay short enough to be read.
    """
    given = LEVELS.index(assessment.urgency.level)
    levels: dict[str, Urgency] = {key: alone(key, catalogue) for key in assessment.urgency.not_ruled_out}
    absent = {item.id for item in assessment.understood if item.status == "absent"}
    present = {item.id for item in assessment.understood if item.status == "present"}
    implied = {above for key in present if key in catalogue.findings for above in ancestors(catalogue, key)}
    kept: dict[Urgency, list[str]] = {}
    for key, level in levels.items():
        above = ancestors(catalogue, key)
        if LEVELS.index(level) <= given or key in implied or absent.intersection(above):
            continue
        if any(a in levels and LEVELS.index(levels[a]) >= LEVELS.index(level) for a in above):
            continue
        kept.setdefault(level, []).append(catalogue.findings[key].plain)
    return tuple(
        Holds(level=level, heading=HOLDS_LEVEL[level], items=tuple(dict.fromkeys(kept[level])))
        for level in reversed(LEVELS)
        if level in kept
    )


def alone(key: str, catalogue: Catalogue) -> Urgency:
    """The highest level that an answer sets by itself."""
    best = 0
    for rule in catalogue.red_flags.values():
        single = rule.all_of == (key,) and not rule.any_of
        either = not rule.all_of and rule.at_least == 1 and key in rule.any_of
        if rule.screen and (single or either):
            best = max(best, LEVELS.index(rule.level))
    return LEVELS[best] if best else "soon"
