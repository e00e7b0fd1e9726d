"""From a case to an assessment: the product's main flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case, read_text
from whytwitch.knowledge import Catalogue, Setting, load
from whytwitch.reasoning import _exact, _loopy
from whytwitch.reasoning._assessment import Assessment, Contribution, Ranked, UrgencyVerdict, WouldChange
from whytwitch.reasoning._evidence import Evidence, Reading, evidence_of, read_items
from whytwitch.reasoning._network import Network, network
from whytwitch.reasoning._questions import Prospects, next_question, outcomes, prospects_of
from whytwitch.reasoning._strength import SIMULATED
from whytwitch.reasoning._uncertainty import draw_batch
from whytwitch.reasoning._understood import status_of, understood
from whytwitch.reasoning._urgency import judge, rank_of

Array = NDArray[np.float64]

CHILD_YEARS: Final = 16.0
"""Below this age the answer says that its tables describe adults."""

EXPLAINED: Final = 12
"""Causes at the top of the ranking that get their evidence spelled out."""


def explain(
    case: Case | str,
    *,
    setting: Setting | None = None,
    catalogue: Catalogue | None = None,
    skipped: Collection[str] = (),
    simulated: bool = SIMULATED,
    brief: bool = False,
) -> Assessment:
    """Rank the causes of a person's twitching, say how urgent it is and why, and what to ask next.

    Args:
        case: what is known of the person, or their own words.
        setting: where the question is asked; it is part of the prior. Default: the case's own.
        catalogue: the knowledge to reason with. Default: the shipped one.
        skipped: ids of questions that were passed over and should not come back.
        simulated: let the simulated nerve say how strongly a measured value explains twitching.
        brief: leave out reasons and ranges (both ends are then the probability itself). Ranking, urgency and
            next question are the same; it is what an interview needs between two questions, much sooner.

    Raises:
        CaseError: the text cannot be read as a case (empty, too long, not English).
    """
    catalogue = catalogue or load()
    if isinstance(case, str):
        case = read_text(case, catalogue, setting=setting or "public")
    net = network(catalogue, setting or case.setting)

    # What is known, as evidence; what follows from it.
    readings = read_items(case, catalogue)
    evidence = evidence_of(case, net, simulated=simulated)
    belief = Belief(evidence, net)

    # How sure, why, how soon, what next.
    urgency = _never_lower(judge(case, readings, belief.posterior, net), case, net, simulated=simulated)
    # Much of the time between two questions would go into these, and only some questions need them.
    prospects = cache(partial(prospects_of, readings, belief.posterior, net))
    low, high = (belief.marginal, belief.marginal) if brief else _ranges(evidence, belief, net)
    top = np.zeros(0, dtype=np.intp) if brief else _explained(belief, case, net)
    weights = {} if brief else _contributions(evidence, belief, net)
    changes = {} if brief else _would_change(top, prospects(), net)
    return Assessment(
        catalogue_version=f"{catalogue.version}+{catalogue.fingerprint[:8]}",
        setting=net.setting,
        method=belief.method,
        ranking=_ranking(belief, low, high, top, weights, changes, readings, net),
        none_of_these=belief.none,
        urgency=urgency,
        understood=understood(case, catalogue),
        not_understood=tuple(span.text for span in case.not_understood),
        doubts=(*(doubt.question for doubt in case.doubts), *_notes(case)),
        # In an emergency there is something to do, and nothing to ask.
        next_question=None
        if urgency.level == "emergency"
        else next_question(case, readings, prospects, belief.posterior, net, skipped),
        case=case,
    )


def rank(
    case: Case,
    *,
    setting: Setting | None = None,
    catalogue: Catalogue | None = None,
    simulated: bool = SIMULATED,
) -> Standing:
    """Rank the causes and judge the urgency, nothing else: the fast path for many cases.

    Args:
        case: what is known of the person.
        setting: where the question is asked. Default: the case's own.
        catalogue: the knowledge to reason with. Default: the shipped one.
        simulated: let the simulated nerve say how strongly a measured value explains twitching.
    """
    catalogue = catalogue or load()
    net = network(catalogue, setting or case.setting)
    readings = read_items(case, catalogue)
    belief = Belief(evidence_of(case, net, simulated=simulated), net)
    order = np.argsort(-belief.marginal, kind="stable")
    verdict = judge(case, readings, belief.posterior, net)
    return Standing(
        probabilities={net.causes[c]: float(belief.marginal[c]) for c in order},
        urgency=_never_lower(verdict, case, net, simulated=simulated),
    )


def _explained(belief: Belief, case: Case, net: Network) -> NDArray[np.intp]:
    """Causes that get their evidence spelled out: the likeliest, and those a recording bears on."""
    top = np.argsort(-belief.marginal, kind="stable")[:EXPLAINED]
    if not case.recordings:
        return top
    groups = net.catalogue.recording.groups.values()
    meant = [net.cause_index[c] for g in groups if g.alike == 1.0 for c in g.causes if c in net.cause_index]
    return np.unique(np.concatenate([top, np.array(meant, dtype=np.intp)]))


def _never_lower(verdict: UrgencyVerdict, case: Case, net: Network, *, simulated: bool) -> UrgencyVerdict:
    """The verdict, or that without recordings and simulation where it is higher: neither ever calms."""
    if not case.recordings and not simulated:
        return verdict
    bare = case.model_copy(update={"recordings": ()})
    readings = read_items(bare, net.catalogue)
    belief = Belief(evidence_of(bare, net, simulated=False), net)
    without = judge(bare, readings, belief.posterior, net)
    return without if rank_of(without.level) > rank_of(verdict.level) else verdict


@dataclass(frozen=True)
class Standing:
    """A ranking without reasons: probability by cause id, best first, and the urgency."""

    probabilities: dict[str, float]
    urgency: UrgencyVerdict


def _notes(case: Case) -> tuple[str, ...]:
    """What limits the answer for this person."""
    if case.age_years is not None and case.age_years < CHILD_YEARS:
        return (
            "The tables behind this answer describe adults. For a child, please ask a children's doctor.",
        )
    return ()


@dataclass(frozen=True)
class Belief:
    """Posterior of the whole network: exact where the table is narrow enough, else approximate.

    What nobody asks for is not worked out.

    Attributes:
        evidence: the case.
        net: the network.
    """

    evidence: Evidence
    net: Network

    @cached_property
    def _solved(self) -> tuple[Literal["exact", "approximate"], Array]:
        try:
            return "exact", solve_exactly(self.evidence, self.net)
        except _exact.TooWideError:
            return "approximate", self.loopy

    @property
    def method(self) -> Literal["exact", "approximate"]:
        """Whether the table was narrow enough."""
        return self._solved[0]

    @property
    def posterior(self) -> Array:
        """Of every state, (n_states,)."""
        return self._solved[1]

    @cached_property
    def marginal(self) -> Array:
        """P(cause at work), (n_causes,)."""
        return np.clip(self.net.marginals(self.posterior), 0.0, 1.0)

    @property
    def none(self) -> float:
        """P(no cause at work)."""
        return float(np.prod(self.posterior[self.net.starts]))

    @cached_property
    def _propagated(self) -> tuple[Array, Array]:
        log_weights = self.net.log_prior + self.evidence.log_factor
        batch = _loopy.Batch(
            starts=self.net.starts,
            log_weights=log_weights[None],
            miss=self.net.miss(self.evidence.produce)[None],
            keep=1.0 - self.evidence.leak[None],
            active=np.ones((1, len(self.evidence.leak)), dtype=bool),
        )
        rows, messages = _loopy.propagate(batch)
        return rows[0], messages

    @property
    def loopy(self) -> Array:
        """The same posterior by belief propagation, (n_states,): the reference for ranges and
        contributions, which are differences between runs of that method.
        """
        return self._propagated[0]

    @property
    def messages(self) -> Array:
        """Its log messages, (n_findings, n_states)."""
        return self._propagated[1]


def solve_exactly(evidence: Evidence, net: Network) -> Array:
    """Exact posterior of every state, (n_states,).

    Raises:
        TooWideError: too many findings are entangled.
    """
    log_weights = net.log_prior + evidence.log_factor
    shifted = log_weights - np.maximum.reduceat(log_weights, net.starts)[net.family_of]
    problem = _exact.Problem(
        weights=net.split(np.exp(shifted)),
        produce=[p.T for p in net.split(1.0 - net.miss(evidence.produce))],
        leak=evidence.leak,
    )
    return np.concatenate(_exact.solve(problem).posterior)


def _ranges(evidence: Evidence, belief: Belief, net: Network) -> tuple[Array, Array]:
    """Central 90 % range of each probability, from draws of every number of the tables."""
    rows, _ = _loopy.propagate(draw_batch(evidence, net), belief.messages, rough=True)
    shift = _logit(np.clip(net.marginals(rows), 0.0, 1.0)) - _logit(net.marginals(belief.loopy))
    center, spread = _logit(belief.marginal), 1.645 * shift.std(axis=0)
    return _expit(center - spread), _expit(center + spread)


def _contributions(evidence: Evidence, belief: Belief, net: Network) -> dict[str, Array]:
    """Change of each cause's log odds by each answer.

    An answer is worth what it adds to everything else and what it says by itself; the mean of the
    two is given. The first alone vanishes where answers agree, the second overlooks that one can
    explain another away. (Both are terms of the Shapley value, whose other terms lie between.)
    """
    items = evidence.items
    if not items:
        return {}
    own = evidence.log_factors(items)
    without = _without_each(evidence, own, belief, net)
    nothing, alone = each_alone(evidence, own, net)
    adds = _logit(net.marginals(belief.loopy)) - _logit(net.marginals(without))
    says = _logit(net.marginals(alone)) - _logit(net.marginals(nothing))
    return dict(zip(items, (adds + says) / 2.0, strict=True))


def _without_each(evidence: Evidence, own: Array, belief: Belief, net: Network) -> Array:
    """Posteriors with one answer left out at a time, (n_items, n_states)."""
    findings = np.array(evidence.finding_items, dtype=object)
    batch = _loopy.Batch(
        starts=net.starts,
        log_weights=net.log_prior + evidence.log_factor - own,
        miss=net.miss(evidence.produce)[None],
        keep=1.0 - evidence.leak[None],
        active=findings != np.array(evidence.items, dtype=object)[:, None],
    )
    rows, _ = _loopy.propagate(batch, belief.messages, rough=True)
    return rows


def each_alone(evidence: Evidence, own: Array, net: Network) -> tuple[Array, Array]:
    """Posteriors when nothing was answered, (n_states,), and one answer alone, (n_items, n_states).

    With one finding at most, these are exact.
    """
    weights = np.exp(net.log_prior + np.concatenate([np.zeros((1, net.n_states)), own]))
    weights /= np.add.reduceat(weights, net.starts, axis=1)[:, net.family_of]
    nothing, alone = weights[0], weights[1:]
    # Findings lead the list of items.
    n_findings = len(evidence.finding_items)
    _, alone[:n_findings], _ = outcomes(net.miss(evidence.produce), evidence.leak, alone[:n_findings], net)
    return nothing, alone


def _ranking(
    belief: Belief,
    low: Array,
    high: Array,
    top: NDArray[np.intp],
    weights: Mapping[str, Array],
    changes: Mapping[int, tuple[WouldChange, ...]],
    readings: Mapping[str, Reading],
    net: Network,
) -> tuple[Ranked, ...]:
    full = set(top.tolist())
    order = np.argsort(-belief.marginal, kind="stable").tolist()
    return tuple(
        _ranked(c, belief, low, high, weights if c in full else {}, readings, changes.get(c, ()), net)
        for c in order
    )


def _ranked(
    column: int,
    belief: Belief,
    low: Array,
    high: Array,
    weights: Mapping[str, Array],
    readings: Mapping[str, Reading],
    changes: tuple[WouldChange, ...],
    net: Network,
) -> Ranked:
    cause = net.catalogue.causes[net.causes[column]]
    evidence = [
        Contribution(
            item=item,
            plain=status_of(item, net.catalogue),
            status=_status(readings.get(item)),
            log_odds=round(float(change[column]), 3),
        )
        for item, change in weights.items()
        if abs(change[column]) >= 0.05
    ]
    return Ranked(
        id=cause.id,
        name=cause.name,
        plain_name=cause.plain_name,
        kind=cause.kind,
        verdict=cause.verdict.answer,
        probability=float(belief.marginal[column]),
        low=float(low[column]),
        high=float(high[column]),
        prior=float(net.prior[column]),
        urgency=cause.urgency.level,
        evidence=tuple(sorted(evidence, key=lambda c: -abs(c.log_odds))),
        would_change=changes,
    )


def _status(reading: Reading | None) -> Literal["present", "absent", "unsure", "value"]:
    if reading is None or reading.severity is not None:
        return "value"
    if reading.ratio == np.inf:
        return "present"
    return "unsure" if reading.ratio > 1.0 else "absent"


def _would_change(
    top: NDArray[np.intp], prospects: Prospects, net: Network
) -> dict[int, tuple[WouldChange, ...]]:
    """For each cause at the top, the open answers that would move it most."""
    up, down = prospects.if_present[:, top], prospects.if_absent[:, top]
    swing = np.abs(up - down)
    largest = np.argsort(-swing, axis=0, kind="stable")[:4]
    return {
        int(column): tuple(
            WouldChange(
                item=prospects.keys[i],
                plain=net.catalogue.findings[prospects.keys[i]].plain,
                if_present=float(up[i, k]),
                if_absent=float(down[i, k]),
            )
            for i in largest[:, k]
            if swing[i, k] >= 0.02
        )
        for k, column in enumerate(top)
    }


def _logit(p: Array) -> Array:
    p = np.clip(p, 1e-9, 1.0 - 1e-9)
    return np.log(p) - np.log1p(-p)


def _expit(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


__all__ = ["Belief", "Standing", "each_alone", "explain", "rank", "solve_exactly"]
