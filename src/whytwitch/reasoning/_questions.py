"""The next best question.

Red flags come first: what would raise the alarm by itself is asked before anything else, in short
checklists. After that each open question is scored by what its answer is expected to change: the
information gained about the causes, plus the harm avoided when a grave cause becomes likelier or
less likely, per unit of effort that the question asks of the person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue
from whytwitch.reasoning._assessment import Question, QuestionItem
from whytwitch.reasoning._evidence import Reading
from whytwitch.reasoning._network import Network, ancestors, lines, per_catalogue
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


@dataclass(frozen=True)
class Prospects:
    """What the answers to the items that can still be asked would do.

    Attributes:
        keys: the items, in vocabulary order.
        present: P(present) of each, (n,).
        if_present: P(cause at work) if it were present, (n, n_causes).
        if_absent: the same if it were absent, (n, n_causes).
        information: expected information gained about the states, in nats, (n,).
    """

    keys: tuple[str, ...]
    present: Array
    if_present: Array
    if_absent: Array
    information: Array


def next_question(
    case: Case,
    readings: Mapping[str, Reading],
    prospects_now: Callable[[], Prospects],
    posterior: Array,
    net: Network,
    skipped: Collection[str] = (),
) -> Question | None:
    """Return what to ask next, or None when nothing worth asking is left.

    Args:
        case: what is known.
        readings: what is known of each item.
        prospects_now: gives those of every item that can still be asked; called only where they decide.
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
    prospects = prospects_now()
    left = [i for i, key in enumerate(prospects.keys) if key not in skipped]
    gain = gain_per_effort(prospects, posterior, net)[left]
    if not left or gain.max() < WORTH:
        return None
    return _grouped([prospects.keys[i] for i in left], gain, posterior, net)


def gain_per_effort(prospects: Prospects, posterior: Array, net: Network) -> Array:
    """Score every item that can still be asked, (n,)."""
    harm = np.array([HARM[rank_of(net.catalogue.causes[c].urgency.level)] for c in net.causes])
    now = net.marginals(posterior)
    moved = prospects.present * (np.abs(prospects.if_present - now) @ harm)
    moved += (1.0 - prospects.present) * (np.abs(prospects.if_absent - now) @ harm)
    effort = np.array([EFFORT[net.catalogue.findings[k].kind] for k in prospects.keys])
    return (prospects.information + moved) / effort


def prospects_of(readings: Mapping[str, Reading], posterior: Array, net: Network) -> Prospects:
    """Work out what every item that can still be asked would do, one at a time.

    Families are taken as independent given what is known.
    """
    present = {key for key, reading in readings.items() if reading.ratio > 1.0}
    implied = {above for key in present for above in ancestors(net.catalogue, key)}
    keys = [
        key
        for key, parent in _with_question(net.catalogue)
        if key not in readings and key not in implied and _is_open(readings.get(parent))
    ]
    held = present | implied.difference(readings)
    miss, base = _given(keys, held, net)
    chance, if_present, if_absent = outcomes(miss, base, posterior, net)
    log_now = np.log(np.maximum(posterior, 1e-12))
    gained = chance * _divergence(if_present, log_now)
    gained += (1.0 - chance) * _divergence(if_absent, log_now)
    return Prospects(tuple(keys), chance, net.marginals(if_present), net.marginals(if_absent), gained)


def _given(keys: Sequence[str], held: Set[str], net: Network) -> tuple[Array, Array]:
    """How states fail to produce items (n, n_states), and backgrounds (n,), given what is held present.

    A finding under one that is present is weighed as a part of it.
    """
    rows = np.array([net.items[key] for key in keys], dtype=np.intp)
    miss, base = net.item_miss[rows], net.background[rows]
    below = _below_findings(net.catalogue)
    nearest = {
        i: net.items[next(a for a in below[key] if a in held)]
        for i, key in enumerate(keys)
        if key in below and not held.isdisjoint(below[key])
    }
    if nearest:
        parts, wholes = list(nearest), list(nearest.values())
        up = net.strength[wholes]
        share = np.divide(net.strength[rows[parts]], up, out=np.zeros_like(up), where=up > 0)
        miss[parts] = net.miss(share)
        base[parts] = np.minimum(base[parts] / net.background[wholes], 0.9)
    return miss, base


def outcomes(miss: Array, base: Array, posterior: Array, net: Network) -> tuple[Array, Array, Array]:
    """What it would do to find something present, or absent.

    Args:
        miss: P(a state fails to produce it), (n, n_states).
        base: P(it is there by itself), (n,).
        posterior: of every state, families being independent, (n or 1, n_states).
        net: the network.

    Returns:
        P(present) (n,), and the posteriors of all states if it were present and if it were absent,
        (n, n_states) each.
    """
    absent = posterior * miss
    by_family = np.add.reduceat(absent, net.starts, axis=1)
    nobody = (1.0 - base) * by_family.prod(axis=1)
    others = nobody[:, None] / by_family
    chance = 1.0 - nobody
    absent /= np.take(by_family, net.family_of, axis=1)
    present = np.take(others, net.family_of, axis=1)
    present *= miss
    np.subtract(1.0, present, out=present)
    present *= posterior
    present /= chance[:, None]
    return chance, present, absent


def _divergence(new: Array, log_now: Array) -> Array:
    """Kullback–Leibler divergence from the present posterior, summed over families, (n,)."""
    ratio = np.maximum(new, 1e-12)
    np.log(ratio, out=ratio)
    ratio -= log_now
    return np.einsum("ij,ij->i", new, ratio)


@per_catalogue
def _with_question(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Items that have a question, each with the finding whose "no" settles it, empty where there is none."""
    return [
        (key, finding.parent if finding.parent and finding.kind not in CONTEXT_KINDS else "")
        for key, finding in catalogue.findings.items()
        if finding.question
    ]


def _is_open(parent: Reading | None) -> bool:
    """Whether an item is not settled by a "no" to its parent."""
    return parent is None or parent.ratio > 1.0


@per_catalogue
def _below_findings(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Findings that are parts of others, with those, nearest first."""
    kinds = {key: finding.kind for key, finding in catalogue.findings.items()}
    return {
        key: above for key, above in lines(catalogue).items() if above and kinds[key] not in CONTEXT_KINDS
    }


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


def _grouped(keys: list[str], gain: Array, posterior: Array, net: Network) -> Question:
    """The best item, with the next best of the same kind where a checklist saves effort."""
    catalogue, best = net.catalogue, int(gain.argmax())
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
    _, present, absent = outcomes(*_given([key], frozenset(), net), posterior, net)
    swing = np.abs(net.marginals(present) - net.marginals(absent))[0]
    cause = net.catalogue.causes[net.causes[int(swing.argmax())]]
    return f"The answer would make “{cause.plain_name}” clearly more or less likely."


def _items(keys: list[str], catalogue: Catalogue) -> tuple[QuestionItem, ...]:
    found = (catalogue.findings[k] for k in keys)
    return tuple(QuestionItem(id=f.id, text=f.question, help=f.help) for f in found)


__all__ = ["Prospects", "gain_per_effort", "next_question", "outcomes", "prospects_of"]
