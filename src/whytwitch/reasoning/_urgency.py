"""How soon somebody should look at it.

Rules come first and do not know the ranking: combinations of answers, and laboratory values, that
set a level by themselves. Beside them the ranking may raise the level, never lower it. More
evidence of danger therefore never lowers the answer: a rule that has fired stays fired whatever is
added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case, Doubt, LabResult
from whytwitch.knowledge import Catalogue, RedFlagRule, Urgency
from whytwitch.reasoning._alarm import CLEAR_ALARM, SOME_ALARM, alarm
from whytwitch.reasoning._assessment import Flag, UrgencyVerdict
from whytwitch.reasoning._evidence import Reading
from whytwitch.reasoning._network import Network, ancestors, per_catalogue

Array = NDArray[np.float64]

LEVELS: Final[tuple[Urgency, ...]] = ("reassurance", "routine", "soon", "urgent", "emergency")

ENOUGH: Final[Mapping[str, float]] = {"emergency": 0.15, "urgent": 0.25, "soon": 0.3, "routine": 0.4}
"""Probability that one family holds a cause of at least this level from which the ranking alone
raises the level (expert estimate: a true emergency met late is held five times worse than an
unneeded visit). It is asked of each family by itself: small chances scattered over a hundred
unrelated causes are the background that everybody has, not a reason to hurry."""

MOST_UNREAD: Final = 0.4
"""Share of a clinician's text that may stay unread before a calm answer is withheld (expert estimate).
Everyday descriptions are spared: most of what is unread there is talk."""

SURE: Final = 20.0
"""Likelihood ratio from which a laboratory finding counts as present in a rule."""


ALARMING: Final[Mapping[Urgency, float]] = {"urgent": CLEAR_ALARM, "soon": SOME_ALARM}
"""Levels that withhold a calm answer, gravest first, and the probability from which each holds."""

ALARM_TITLE: Final = "Some of these words can mean danger"
ALARM_PLAIN: Final = "Not all of it was understood, and it sounds like something serious."
ALARM_WORDS: Final = " Words like these made it sound so: {words}."
ALARM_ACTION: Final[Mapping[Urgency, str]] = {
    "urgent": "Call your local emergency number if somebody is getting worse, is hard to wake, cannot "
    "breathe, or swallowed or was bitten by something. If not, call a doctor or a nurse line today.",
    "soon": "Answer the questions about danger signs. If you are not sure, ask a doctor or a nurse line.",
}

IN_ANY_UNIT: Final[Mapping[Urgency, str]] = {
    "emergency": "Call your local emergency number now.",
    "urgent": "See or call a doctor today.",
    "soon": "Book a doctor's visit within the next two weeks.",
    "routine": "Mention it at your next doctor's visit.",
    "reassurance": "",
}
"""What to do about a value whose unit is not known: what suits one unit may not suit the other."""


def rank_of(level: Urgency) -> int:
    """Position on the scale, 0 for reassurance."""
    return LEVELS.index(level)


def judge(case: Case, readings: Mapping[str, Reading], posterior: Array, net: Network) -> UrgencyVerdict:
    """Decide the urgency of a case."""
    catalogue = net.catalogue
    flags = sorted(
        (*_rule_flags(case, readings, catalogue), *_lab_flags(case, catalogue)),
        key=lambda flag: -rank_of(flag.level),
    )
    by_rules: Urgency = flags[0].level if flags else "reassurance"
    by_ranking = _from_ranking(posterior, net)
    level = max(by_rules, by_ranking, key=rank_of)
    if level == "reassurance" and not _strength_is_known_good(readings):
        level = "routine"
    if rank_of(level) < rank_of("soon") and net.setting != "public" and unread_share(case) > MOST_UNREAD:
        level = "soon"
    still_open = tuple(open_screening(readings, catalogue))
    heard = _heard(case) if still_open and rank_of(level) < rank_of("soon") else None
    if heard is not None:
        flags, level = [heard, *flags], heard.level
    return UrgencyVerdict(
        level=level,
        from_rules=by_rules,
        from_ranking=by_ranking,
        flags=tuple(flags),
        not_ruled_out=still_open,
        actions=tuple(dict.fromkeys(flag.action for flag in flags if flag.level == level)),
    )


def _heard(case: Case) -> Flag | None:
    """What the bare words of a text sound like that would be called calm."""
    if not case.text.strip():
        return None
    heard = alarm(case.text)
    reached: list[Urgency] = [level for level, least in ALARMING.items() if heard.probability >= least]
    if not reached:
        return None
    level = reached[0]
    words = ", ".join(f"“{word}”" for word in heard.words)
    return Flag(
        id="alarm_words",
        level=level,
        title=ALARM_TITLE,
        plain=ALARM_PLAIN + (ALARM_WORDS.format(words=words) if words else ""),
        action=ALARM_ACTION[level],
        precise=f"Text classifier for danger: probability {heard.probability:.2f}; no rule fired.",
        items=(),
        sources=(),
        basis="derived",
    )


def unread_share(case: Case) -> float:
    """Share of the text, by characters, of which nothing was understood."""
    return sum(len(span.text) for span in case.not_understood) / max(len(case.text), 1)


def _strength_is_known_good(readings: Mapping[str, Reading]) -> bool:
    """Full reassurance needs the one answer that matters most: that nothing is weak."""
    weakness = readings.get("weakness")
    good = (readings.get(key) for key in ("normal_strength", "normal_examination"))
    return (weakness is not None and weakness.ratio <= 1.0) or any(
        r is not None and r.ratio > 1.0 for r in good
    )


def _rule_flags(case: Case, readings: Mapping[str, Reading], catalogue: Catalogue) -> list[Flag]:
    sure = {k for k, r in readings.items() if r.ratio > SURE}
    sure |= {a for key in sure for a in ancestors(catalogue, key)}
    unsure = sure | {k for k, r in readings.items() if r.ratio > 1.0}
    flags: list[Flag] = []
    for rule, items in _rules(catalogue):
        if items.isdisjoint(unsure):
            continue
        if _fires(rule, sure) and _applies(rule, case):
            flags.append(_flag(rule, rule.level, sure))
        elif len(unsure) > len(sure) and _fires(rule, unsure) and _applies(rule, case):
            flags.append(_flag(rule, LEVELS[max(rank_of(rule.level) - 1, 0)], unsure, unsure=True))
    return flags


@per_catalogue
def _rules(catalogue: Catalogue) -> list[tuple[RedFlagRule, frozenset[str]]]:
    """Every rule and the items of which it needs at least one."""
    return [(rule, frozenset((*rule.all_of, *rule.any_of))) for rule in catalogue.red_flags.values()]


def _fires(rule: RedFlagRule, present: set[str]) -> bool:
    if not present.issuperset(rule.all_of):
        return False
    return not rule.any_of or len(present.intersection(rule.any_of)) >= rule.at_least


def _applies(rule: RedFlagRule, case: Case) -> bool:
    """Age and time limits. A rule with a limit waits for the fact; its milder partner without one
    fires meanwhile.
    """
    bounds = (
        (case.age_years, rule.min_age_years, rule.max_age_years),
        (case.duration_days, rule.min_duration_days, rule.max_duration_days),
    )
    return all(
        (low is None or (value is not None and value >= low))
        and (high is None or (value is not None and value <= high))
        for value, low, high in bounds
    )


def _flag(rule: RedFlagRule, level: Urgency, present: set[str], *, unsure: bool = False) -> Flag:
    return Flag(
        id=rule.id,
        level=level,
        title=rule.title,
        plain=rule.plain,
        action=rule.action,
        precise=rule.precise,
        items=tuple(k for k in (*rule.all_of, *rule.any_of) if k in present),
        sources=rule.sources,
        basis=rule.basis,
        unsure=unsure,
    )


def _lab_flags(case: Case, catalogue: Catalogue) -> list[Flag]:
    """Values that are dangerous by themselves; only the worst limit of an analyte is reported."""
    worst: dict[str, Flag] = {}
    for result in case.labs:
        flag = _beyond(result, catalogue)
        held = worst.get(result.analyte)
        if flag is not None and (held is None or rank_of(flag.level) > rank_of(held.level)):
            worst[result.analyte] = flag
    in_doubt = (_in_any_unit(doubt, catalogue) for doubt in case.doubts)
    return [*worst.values(), *(flag for flag in in_doubt if flag is not None)]


def _beyond(result: LabResult, catalogue: Catalogue) -> Flag | None:
    """The gravest limit that a value passes."""
    value = result.value_si
    if value is None:
        return None
    passed = [
        limit
        for limit in catalogue.lab_limits.values()
        if limit.analyte == result.analyte
        and (
            (limit.below is not None and value < limit.below)
            or (limit.above is not None and value > limit.above)
        )
    ]
    if not passed:
        return None
    limit = max(passed, key=lambda limit: rank_of(limit.level))
    return Flag(
        id=limit.id,
        level=limit.level,
        title=limit.title,
        plain=limit.plain,
        action=limit.action,
        precise=limit.precise,
        items=(result.analyte,),
        sources=limit.sources,
        basis=limit.basis,
    )


def _in_any_unit(doubt: Doubt, catalogue: Catalogue) -> Flag | None:
    """A value without a unit that is dangerous in whichever it was given; the mildest reading counts."""
    flags = [_beyond(reading, catalogue) for reading in doubt.readings]
    known = [flag for flag in flags if flag is not None]
    if not known or len(known) < len(flags):
        return None
    mildest = min(known, key=lambda flag: rank_of(flag.level))
    analyte = catalogue.analytes[doubt.readings[0].analyte]
    return mildest.model_copy(
        update={
            "title": f"{analyte.plain[:1].upper()}{analyte.plain[1:]} of {doubt.readings[0].value:g}",
            "plain": "No unit was given. In each unit that is possible, this value is dangerous.",
            "action": f"{IN_ANY_UNIT[mildest.level]} Say the value and look up its unit.",
            "precise": "; or ".join(flag.precise for flag in known),
            "unsure": True,
        }
    )


def _from_ranking(posterior: Array, net: Network) -> Urgency:
    """The highest level that is likely enough within one family of causes."""
    levels = np.array([rank_of(net.catalogue.causes[key].urgency.level) for key in net.causes])
    state_level = np.where(net.member > 0, levels, 0).max(axis=1)
    for level in reversed(LEVELS[1:]):
        grave = np.where(state_level >= rank_of(level), posterior, 0.0)
        by_family = np.add.reduceat(grave, net.starts)
        if by_family.max() >= ENOUGH[level]:
            return level
    return "reassurance"


def open_screening(readings: Mapping[str, Reading], catalogue: Catalogue) -> list[str]:
    """Items that would raise the alarm alone and have not been answered, gravest first."""
    return [key for key in _screening(catalogue) if _is_open(key, readings, catalogue)]


@per_catalogue
def _screening(catalogue: Catalogue) -> list[str]:
    """Items that would raise the alarm alone, gravest first."""
    found: dict[str, int] = {}
    for rule in catalogue.red_flags.values():
        alone = rule.all_of if len(rule.all_of) == 1 and not rule.any_of else ()
        alone = alone or (rule.any_of if not rule.all_of and rule.at_least == 1 else ())
        for key in alone if rule.screen else ():
            found[key] = max(found.get(key, 0), rank_of(rule.level))
    return [k for k in sorted(found, key=lambda k: -found[k]) if found[k] >= rank_of("soon")]


def _is_open(key: str, readings: Mapping[str, Reading], catalogue: Catalogue) -> bool:
    """Whether an item can be asked, has not been, and does not follow from a broader "no"."""
    if key in readings or not catalogue.findings[key].question:
        return False
    above = (readings.get(a) for a in ancestors(catalogue, key))
    return not any(r is not None and r.ratio <= 1.0 for r in above)
