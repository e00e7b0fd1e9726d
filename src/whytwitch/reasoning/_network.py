"""The catalogue as arrays: family states with prior weights, and finding strengths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Cause, Setting

Array = NDArray[np.float64]
_T = TypeVar("_T")

STRONGEST: Final = 0.97
"""No finding is certain under any cause: an absent one must never exclude a cause outright."""

NEED_SHARE: Final = 0.5
"""A cause that needs an exposure cannot be commoner than half of those exposed (expert estimate):
its prior is held at or below this share of how common the exposure is."""

NEED_FLOOR: Final[Mapping[str, float]] = {"yes": 0.15, "mimic": 0.10, "rarely": 0.04, "contested": 0.04}
"""Nor can it be rarer than this share of those exposed who ask, by the catalogue's verdict (expert
estimate): someone on a drug that is known to do this should always hear of it."""

CONTRIBUTOR: Final = 0.4
"""Factor on that floor for conditions that act only through their treatment, such as high blood
pressure (expert estimate)."""

REFERRAL: Final[Mapping[Setting, float]] = {
    "public": 1.0, "primary-care": 1.0, "neurology": 0.6, "emergency": 0.8,
}  # fmt: skip
"""Exponent on the priors. Whoever reaches a specialist has been filtered: harmless and common causes
have mostly been settled on the way, so frequencies lie closer together than the bare shares say. An
expert estimate; the neurology value was picked with the development cases in view (0.4 to 0.8 do
about equally well there)."""

AT_WORK: Final = 1.1
"""Causes at work in one person, on average, before anything is known. The catalogue's priors are
judged one by one and add up to more; they are scaled down together to this (expert estimate)."""


@dataclass(frozen=True)
class Network:
    """Everything the inference needs, as arrays over states, causes and vocabulary items.

    A family's states are: nothing at work, each cause alone, and the pairs that go together.

    Attributes:
        causes: cause ids, the column order of ``strength``.
        starts: first state of each family, (n_families,).
        member: 1 where a state includes a cause, (n_states, n_causes).
        log_prior: log weight of each state in this setting, (n_states,).
        presence: the catalogue's figure, children and parents filled in, (n_items, n_causes).
        strength: P(the cause by itself brings about the item), (n_items, n_causes).
        background: P(item) when no cause produces it, (n_items,).
        listed: whether the cause says anything of the item, (n_items, n_causes).
        excluded: whether the item rules the cause out by definition, (n_items, n_causes).
    """

    catalogue: Catalogue
    setting: Setting
    causes: tuple[str, ...]
    items: Mapping[str, int]
    starts: NDArray[np.intp]
    member: Array
    log_prior: Array
    presence: Array
    strength: Array
    background: Array
    listed: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    prior: Array
    cause_index: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def n_states(self) -> int:
        """States of all families together."""
        return len(self.log_prior)

    @cached_property
    def family_of(self) -> NDArray[np.intp]:
        """Family of each state, (n_states,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, self.n_states)))

    def miss(self, strengths: Array) -> Array:
        """P(a state fails to produce a finding), from strengths per cause: (..., n_states)."""
        fails = np.ones((*strengths.shape[:-1], len(self.causes) + 1))
        fails[..., :-1] -= np.minimum(strengths, STRONGEST)
        first, second = self._members
        return np.take(fails, first, axis=-1) * np.take(fails, second, axis=-1)

    @cached_property
    def item_miss(self) -> Array:
        """P(a state fails to produce an item) for the whole vocabulary, (n_items, n_states)."""
        return self.miss(self.strength)

    @cached_property
    def most(self) -> list[float]:
        """How often each item comes with the cause that it comes with most, (n_items,)."""
        return self.presence.max(axis=1).tolist()

    @cached_property
    def symptoms(self) -> list[tuple[str, int]]:
        """Every symptom and its row."""
        return [(key, self.items[key]) for key, f in self.catalogue.findings.items() if f.kind == "symptom"]

    @cached_property
    def _members(self) -> NDArray[np.intp]:
        """The one or two causes of each state, (2, n_states); where there is none, ``n_causes``."""
        n_causes = len(self.causes)
        columns = np.where(self.member > 0, np.arange(n_causes), n_causes)
        return np.sort(columns, axis=1)[:, :2].T.copy()

    def split(self, per_state: Array) -> list[Array]:
        """Cut an array over states into one per family."""
        return np.split(per_state, self.starts[1:], axis=-1)

    @cached_property
    def _shared(self) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
        """The state of each cause alone (n_causes,), the states of two, and the causes in these."""
        size = self.member.sum(axis=1)
        (pairs,) = np.nonzero(size == 2.0)
        return (self.member * (size == 1.0)[:, None]).argmax(axis=0), pairs, self.member[pairs]

    def marginals(self, posterior: Array) -> Array:
        """P(cause at work) from posteriors of states, (..., n_causes)."""
        alone, pairs, member = self._shared
        return np.take(posterior, alone, axis=-1) + np.take(posterior, pairs, axis=-1) @ member


_compiled: dict[tuple[int, Setting], Network] = {}
"""Networks by catalogue identity; each keeps its catalogue alive, so an id is never reused."""


def network(catalogue: Catalogue, setting: Setting) -> Network:
    """Return the compiled network of a catalogue in one setting (kept for the next call)."""
    key = id(catalogue), setting
    if key not in _compiled:
        _compiled[key] = _compile(catalogue, setting)
    return _compiled[key]


def _compile(catalogue: Catalogue, setting: Setting) -> Network:
    items = {key: index for index, key in enumerate(catalogue.findings)}
    background = np.array([catalogue.probability(f.background) for f in catalogue.findings.values()])
    causes = [c for family in catalogue.families for c in catalogue.causes.values() if c.family == family]
    index = {cause.id: column for column, cause in enumerate(causes)}
    prior = np.array([_prior(catalogue, cause, setting) for cause in causes])
    prior = prior * min(1.0, AT_WORK / prior.sum())
    odds = prior / (1.0 - prior)

    starts: list[int] = []
    member: list[Array] = []
    log_prior: list[float] = []
    for key, family in catalogue.families.items():
        columns = [index[c.id] for c in causes if c.family == key]
        if not columns:
            continue
        states: list[tuple[list[int], float]] = [([], 1.0)]
        states += [([c], odds[c]) for c in columns]
        states += [
            ([index[a], index[b]], odds[index[a]] * odds[index[b]] * pair.association)
            for pair in family.pairs
            for a, b in [pair.causes]
        ]
        starts.append(len(member))
        whole = sum(weight for _, weight in states)
        for columns_in, weight in states:
            row = np.zeros(len(causes))
            row[columns_in] = 1.0
            member.append(row)
            log_prior.append(float(np.log(weight / whole)))

    background = np.clip(background, 1e-5, 0.95)
    presence, listed = _presence(catalogue, causes, items)
    return Network(
        catalogue=catalogue,
        setting=setting,
        causes=tuple(index),
        items=items,
        starts=np.array(starts),
        member=np.array(member),
        log_prior=np.array(log_prior),
        presence=presence,
        strength=_strength(catalogue, presence, background),
        background=background,
        listed=listed,
        excluded=_excluded(catalogue, causes, items),
        prior=prior,
        cause_index=index,
    )


def _prior(catalogue: Catalogue, cause: Cause, setting: Setting) -> float:
    word = {
        "public": cause.prior.public,
        "primary-care": cause.prior.primary_care,
        "neurology": cause.prior.neurology,
        "emergency": cause.prior.emergency,
    }[setting]
    prior = catalogue.probability(word)
    if cause.needs:
        exposed = max(catalogue.probability(catalogue.findings[n].background) for n in cause.needs)
        floor, ceiling = NEED_FLOOR[cause.verdict.answer], NEED_SHARE
        if cause.kind == "contributor" and cause.verdict.answer == "mimic":
            floor *= CONTRIBUTOR
        prior = min(max(prior, floor * exposed), ceiling * exposed)
    return float(np.clip(prior, 1e-6, 0.9)) ** REFERRAL[setting]


def _presence(
    catalogue: Catalogue, causes: Iterable[Cause], items: Mapping[str, int]
) -> tuple[Array, NDArray[np.bool_]]:
    """Fill the table of P(item | cause), spreading what is listed up and down the vocabulary.

    A cause that lists a child but not its parent gets the parent at least as often; one that lists
    only the parent gets each child at its usual share of it. Contexts are not spread downward: a
    cause of drinking says nothing of which drink.
    """
    findings = catalogue.findings
    causes = list(causes)
    strength = np.zeros((len(items), len(causes)))
    listed = np.zeros(strength.shape, dtype=bool)
    depth_order = sorted(findings, key=lambda key: len(ancestors(catalogue, key)))
    for column, cause in enumerate(causes):
        for link in (*cause.findings, *cause.context):
            row = items[link.id]
            strength[row, column] = catalogue.probability(link.p)
            listed[row, column] = True
    for key in reversed(depth_order):
        parent = findings[key].parent
        if parent is not None:
            row, above = items[key], items[parent]
            strength[above] = np.maximum(strength[above], strength[row])
    for key in depth_order:
        finding = findings[key]
        if finding.parent is not None and finding.kind not in CONTEXT_KINDS:
            row, above = items[key], items[finding.parent]
            inherited = strength[above] * catalogue.probability(finding.share)
            strength[row] = np.where(listed[row], strength[row], np.maximum(strength[row], inherited))
    return np.minimum(strength, STRONGEST), listed


def _strength(catalogue: Catalogue, presence: Array, background: Array) -> Array:
    """What a cause adds. A finding's figure is the chance that the cause produces it; a context's is
    how common it is in people with the cause, of which the background is a part.
    """
    context = np.array([f.kind in CONTEXT_KINDS for f in catalogue.findings.values()])
    beyond = np.maximum(presence - background[:, None], 0.0) / (1.0 - background[:, None])
    return np.where(context[:, None], beyond, presence)


def _excluded(catalogue: Catalogue, causes: Iterable[Cause], items: Mapping[str, int]) -> NDArray[np.bool_]:
    """Which items rule a cause out by definition; a narrower item does as its parent does."""
    causes = list(causes)
    excluded = np.zeros((len(items), len(causes)), dtype=bool)
    for column, cause in enumerate(causes):
        for key, row in items.items():
            excluded[row, column] = not {key, *ancestors(catalogue, key)}.isdisjoint(cause.excludes)
    return excluded


def per_catalogue(function: Callable[[Catalogue], _T]) -> Callable[[Catalogue], _T]:
    """Keep what a function makes of a catalogue, by its identity (see ``_compiled``)."""
    kept: dict[int, tuple[Catalogue, _T]] = {}

    @wraps(function)
    def once(catalogue: Catalogue) -> _T:
        held = kept.get(id(catalogue))
        if held is None:
            held = kept[id(catalogue)] = catalogue, function(catalogue)
        return held[1]

    return once


@per_catalogue
def lines(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """For each finding the broader ones above it, nearest first."""
    return {key: _above(catalogue, key) for key in catalogue.findings}


def ancestors(catalogue: Catalogue, key: str) -> tuple[str, ...]:
    """The broader findings above one, nearest first."""
    return lines(catalogue)[key]


def _above(catalogue: Catalogue, key: str) -> tuple[str, ...]:
    found: list[str] = []
    parent = catalogue.findings[key].parent
    while parent is not None and parent not in found:
        found.append(parent)
        parent = catalogue.findings[parent].parent
    return tuple(found)
