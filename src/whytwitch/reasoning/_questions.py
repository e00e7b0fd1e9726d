"""The next best question.

Red flags come first: what would raise the alarm by itself is asked before anything else, in short
checklists. After that each open question is scored by what its answer is expected to change: the
information gained about the causes, plus the harm avoided when a grave cause becomes likelier or
less likely, per unit of effort that the question asks of the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Finding
from whytwitch.reasoning._assessment import Question, QuestionItem
from whytwitch.reasoning._evidence import Reading
from whytwitch.reasoning._network import Network, ancestors
from whytwitch.reasoning._urgency import open_screening, rank_of

Array = NDArray[np.float64]

EFFORT: Final[Mapping[str, float]] = {
    "symptom": 1.0, "habit": 0.8, "drug": 0.8, "exposure": 1.0, "condition": 0.9, "family": 1.2,
    "sign": 2.5, "lab": 3.0, "test": 3.5, "emg": 4.0, "imaging": 4.0,
}  # fmt: skip
"""Effort of answering, a yes/no about a symptom being 1 (expert estimate)."""

HARM: Final = (0.0, 0.1, 1.0, 2.0, 4.0)
"""Weight of a change in the probability of a cause, by its urgency level (expert estimate)."""

WORTH: Final = 0.012
"""Gain per effort below which no further question is asked."""

CHECKLIST: Final = 6
"""Items that fit on one screen without being skimmed."""


def next_question(
    case: Case,
    readings: Mapping[str, Reading],
    posterior: Array,
    net: Network,
    skipped: Collection[str] = (),
) -> Question | None:
    """Return what to ask next, or None when nothing worth asking is left.

    Args:
        case: what is known.
        readings: what is known of each item.
        posterior: of every state, (n_states,).
        net: the network.
        skipped: questions and items the person has passed over; they are not asked again.
    """
    screening = _screening(readings, net.catalogue, skipped)
    if screening is not None:
        return screening
    for question in _about_person(case):
        if question.id not in skipped:
            return question
    keys, gain = score_open_items(readings, posterior, net, skipped)
    if not keys or gain.max() < WORTH:
        return None
    best = int(gain.argmax())
    return _grouped(keys, gain, best, posterior, net)


def score_open_items(
    readings: Mapping[str, Reading], posterior: Array, net: Network, skipped: Collection[str] = ()
) -> tuple[list[str], Array]:
    """Score every item that can still be asked: expected gain per effort."""
    keys = [k for k, f in net.catalogue.findings.items() if _askable(k, f, readings, net, skipped)]
    if not keys:
        return [], np.zeros(0)
    present, if_present, if_absent = outcomes(keys, readings, posterior, net)
    harm = np.array([HARM[rank_of(net.catalogue.causes[c].urgency.level)] for c in net.causes])
    now = net.marginals(posterior)
    information = present * _divergence(if_present, posterior) + (1.0 - present) * _divergence(
        if_absent, posterior
    )
    moved = present[:, None] * np.abs(net.marginals(if_present) - now) + (1.0 - present)[:, None] * np.abs(
        net.marginals(if_absent) - now
    )
    effort = np.array([EFFORT[net.catalogue.findings[k].kind] for k in keys])
    return keys, (information + moved @ harm) / effort


def outcomes(
    keys: list[str], readings: Mapping[str, Reading], posterior: Array, net: Network
) -> tuple[Array, Array, Array]:
    """What each answer would do, with families taken as independent given what is known.

    Returns:
        P(present) of each item (n,), and the posteriors of all states if it were present and if it
        were absent, (n, n_states) each.
    """
    rows = np.array([net.items[k] for k in keys])
    strength, base = net.strength[rows], net.background[rows]
    for i, key in enumerate(keys):
        given = next((a for a in ancestors(net.catalogue, key) if _is_present(readings, a, net)), None)
        if given is not None and net.catalogue.findings[key].kind not in CONTEXT_KINDS:
            above = net.items[given]
            up = net.strength[above]
            strength[i] = np.divide(strength[i], up, out=np.zeros_like(up), where=up > 0)
            base[i] = min(base[i] / net.background[above], 0.9)
    miss = net.miss(strength)
    by_family = np.add.reduceat(posterior * miss, net.starts, axis=1)
    nobody = (1.0 - base) * by_family.prod(axis=1)
    absent = posterior * miss / by_family[:, net.family_of]
    others = (nobody[:, None] / by_family)[:, net.family_of]
    present = posterior * (1.0 - others * miss) / (1.0 - nobody)[:, None]
    return 1.0 - nobody, present, absent


def _divergence(new: Array, old: Array) -> Array:
    """Kullback–Leibler divergence from the present posterior, summed over families, (n,)."""
    ratio = np.log(np.maximum(new, 1e-12)) - np.log(np.maximum(old, 1e-12))
    return (new * ratio).sum(axis=1)


def _is_present(readings: Mapping[str, Reading], key: str, net: Network) -> bool:
    if key in readings:
        return readings[key].ratio > 1.0
    return any(r.ratio > 1.0 and key in ancestors(net.catalogue, k) for k, r in readings.items())


def _askable(
    key: str, finding: Finding, readings: Mapping[str, Reading], net: Network, skipped: Collection[str]
) -> bool:
    if not finding.question or key in readings or key in skipped:
        return False
    if finding.parent is not None and finding.kind not in CONTEXT_KINDS:
        above = readings.get(finding.parent)
        if above is not None and above.ratio <= 1.0:
            return False
    return not any(r.ratio > 1.0 and key in ancestors(net.catalogue, k) for k, r in readings.items())


# --- shapes of questions --------------------------------------------------------------------------


def _screening(
    readings: Mapping[str, Reading], catalogue: Catalogue, skipped: Collection[str]
) -> Question | None:
    waiting = [key for key in open_screening(readings, catalogue) if key not in skipped][:CHECKLIST]
    if not waiting:
        return None
    return Question(
        id="screen:" + waiting[0],
        kind="checklist",
        text="First, some signs that should not wait. Do any of these fit?",
        items=_items(waiting, catalogue),
        why="Each of these alone would change how soon somebody should look at it.",
        red_flags=True,
        gain=float(len(waiting)),
    )


def _about_person(case: Case) -> list[Question]:
    open_: list[Question] = []
    if case.duration_days is None:
        text = "How long has this been going on?"
        why = "Some causes come on within hours, others over months."
        open_.append(Question(id="duration", kind="duration", text=text, why=why))
    if case.age_years is None:
        text = "How old are you (or the person you ask for)?"
        open_.append(Question(id="age", kind="age", text=text, why="Many causes keep to certain ages."))
    if case.sex is None:
        text = "Sex at birth: female or male?"
        why = "A few causes are much commoner in one sex, and normal blood values differ."
        open_.append(Question(id="sex", kind="sex", text=text, why=why))
    return open_


def _grouped(keys: list[str], gain: Array, best: int, posterior: Array, net: Network) -> Question:
    """The best item, with the next best of the same kind where a checklist saves effort."""
    catalogue = net.catalogue
    kind = catalogue.findings[keys[best]].kind
    alone = catalogue.findings[keys[best]].reassuring
    order = [
        i
        for i in np.argsort(-gain, kind="stable")
        if catalogue.findings[keys[i]].kind == kind and not catalogue.findings[keys[i]].reassuring
    ]
    chosen = [keys[best]] if alone else [keys[i] for i in order if gain[i] >= 0.4 * gain[best]][:CHECKLIST]
    first = catalogue.findings[chosen[0]]
    why = _why(chosen[0], posterior, net)
    if len(chosen) == 1:
        return Question(
            id="ask:" + first.id, kind="yes-no", text=first.question,
            items=_items(chosen, catalogue), why=why, gain=float(gain[best]),
        )  # fmt: skip
    return Question(
        id="ask:" + first.id, kind="checklist", text=_HEADINGS[kind],
        items=_items(chosen, catalogue), why=why, gain=float(gain[best]),
    )  # fmt: skip


_HEADINGS: Final[Mapping[str, str]] = {
    "symptom": "Do you have any of these?",
    "sign": "Has an examination shown any of these?",
    "habit": "Do any of these describe you at the moment?",
    "drug": "Do you take any of these?",
    "exposure": "Has any of these happened before it began?",
    "condition": "Do you have, or have you had, any of these?",
    "family": "Does any of these run in your family?",
    "lab": "Has a blood test shown any of these?",
    "test": "Has a test shown any of these?",
    "emg": "Has a nerve or muscle test (EMG) shown any of these?",
    "imaging": "Has a scan shown any of these?",
}


def _why(key: str, posterior: Array, net: Network) -> str:
    """Name the cause that the answer would move most."""
    _, present, absent = outcomes([key], {}, posterior, net)
    swing = np.abs(net.marginals(present) - net.marginals(absent))[0]
    cause = net.catalogue.causes[net.causes[int(swing.argmax())]]
    return f"The answer would make “{cause.plain_name}” clearly more or less likely."


def _items(keys: list[str], catalogue: Catalogue) -> tuple[QuestionItem, ...]:
    found = (catalogue.findings[k] for k in keys)
    return tuple(QuestionItem(id=f.id, text=f.question, help=f.help) for f in found)


__all__ = ["next_question", "outcomes", "score_open_items"]
