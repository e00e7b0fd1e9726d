"""A case as evidence on the network: which findings must be explained, and what weighs on states.

Three kinds of answers are kept apart: *present* (must be explained), *absent* (a factor on every
state that would have produced it) and *unsure* (a weak form of present). What was not asked leaves
no trace here at all.

Findings form trees (a weak hand implies weakness). The network reads a tree as: the parent occurs
first, then each child given the parent. Where only one branch was seen, parent and child are one
finding; where several were seen, each child is weighed given the parent, so that three ways of
saying "weak" do not count three times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case, Observation
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Setting
from whytwitch.reasoning import _labs
from whytwitch.reasoning._network import STRONGEST, Network, ancestors, lines, per_catalogue
from whytwitch.reasoning._person import person_factors
from whytwitch.reasoning._recording import recording_factors
from whytwitch.reasoning._recording_reading import soft_findings
from whytwitch.reasoning._strength import SIMULATED, by_severity, simulated_strengths

Array = NDArray[np.float64]

UNSURE_RATIO: Final = 3.0
"""How much likelier "not sure" is said by people who have the thing (expert estimate)."""

OVERLOOKED: Final = 0.25
"""Chance that something implied absent by a general statement ("the examination was normal") was
there after all (expert estimate)."""

CONTEXT_CAP: Final = 150.0
"""Largest factor one habit, exposure, drug or disease may put on a cause (expert estimate)."""

UNTOLD: Final = 0.4
"""Chance that somebody who tells their story leaves out a leading symptom they do not have, less
the chance that they leave it out although they have it (expert estimate)."""

TWITCHING: Final = "twitching"
EVERYWHERE: Final = "twitch_generalized"
"""With this told, no single place is elsewhere."""

UNTOLD_PLACE: Final = 0.9
"""The same for a place that twitches, where the story names another place (expert estimate): who says
"my calves twitch" would say so of the eyelid.
"""

LEADING: Final = 0.8
"""P(symptom | cause) from which a symptom is one that people with the cause come with."""

NEED_UNTOLD: Final = 0.3
"""Weight left to a cause that needs a drug or exposure of which the story says nothing (expert
estimate: seven in ten people name the drug when they tell what bothers them)."""

NEED_TOLD: Final[Mapping[Setting, float]] = {
    "public": 2.5, "primary-care": 1.5, "neurology": 1.0, "emergency": 1.5,
}  # fmt: skip
"""Weight gained by a cause whose drug or exposure the story names (expert estimate): what a person
mentions in a few words they mention for a reason; a specialist's letter lists every drug."""

MOST_UNTOLD: Final = 3
"""Leading symptoms of a cause that count when untold; more say little new."""

RULED_OUT: Final = 0.1
"""Weight left to a cause when a finding is present that its definition excludes (expert estimate:
findings are misread, and two things can be true)."""

OVERLAP: Final = 0.6
"""Weight of each further context relative to the one before it (expert estimate). Contexts come in
bundles (hypertension, a thiazide and an ACE inhibitor are one story told three times), so multiplying
them as if independent would make three weak hints a proof."""

OVERLAP_ABSENT: Final = 0.85
"""The same for findings that are absent (expert estimate): whoever has a mild or early form lacks many
of its signs together, so ten absences are not ten independent refutations."""


@dataclass(frozen=True)
class Reading:
    """The state of knowledge about one vocabulary item."""

    id: str
    ratio: float
    """P(what was seen | present) / P(what was seen | absent): inf present, 0 absent."""
    soft: bool = False
    """Absent only by implication."""
    severity: float | None = None


@dataclass(frozen=True)
class Evidence:
    """A case on the network.

    Attributes:
        items: what each row of evidence came from, findings first, then factors.
        produce: P(cause produces the finding), (n_findings, n_causes).
        leak: (n_findings,).
        factors: log factor of each unary item on each state, (n_factors, n_states).
    """

    finding_items: tuple[str, ...]
    factor_items: tuple[str, ...]
    produce: Array
    leak: Array
    factors: Array

    @property
    def log_factor(self) -> Array:
        """All unary evidence on each state, (n_states,)."""
        return self.factors.sum(axis=0)

    @property
    def items(self) -> tuple[str, ...]:
        """Each answer that says something, once."""
        return tuple(dict.fromkeys((*self.finding_items, *self.factor_items)))

    def log_factors(self, items: Sequence[str]) -> Array:
        """Unary evidence of each of some answers on each state, (n_items, n_states)."""
        place = {item: row for row, item in enumerate(items)}
        sums = np.zeros((len(items), self.factors.shape[1]))
        for item, factor in zip(self.factor_items, self.factors, strict=True):
            if item in place:
                sums[place[item]] += factor
        return sums


def evidence_of(case: Case, net: Network, *, simulated: bool = SIMULATED) -> Evidence:
    """Translate a case into evidence. The order of its statements does not matter.

    Args:
        case: what is known.
        net: the catalogue as arrays.
        simulated: let the simulated nerve say how strongly a measured value explains twitching.
    """
    readings = read_items(case, net.catalogue)
    findings = {k: r for k, r in readings.items() if net.catalogue.findings[k].kind not in CONTEXT_KINDS}
    contexts = {k: r for k, r in readings.items() if k not in findings}
    tree = _Tree(net, findings)
    rows = tree.rows()
    factors = [
        *tree.absences(),
        *_context_factors(contexts, net),
        *_severities(readings, net, simulated_strengths(case, net.catalogue) if simulated else {}),
        *_exclusions(findings, net),
        *_silence(case, tree.present | set(readings), net),
        *person_factors(case, net),
        *recording_factors(case, {key: reading.ratio for key, reading in readings.items()}, net),
    ]
    return Evidence(
        finding_items=tuple(item for item, _, _ in rows),
        factor_items=tuple(item for item, _ in factors),
        produce=np.array([p for _, p, _ in rows]).reshape(len(rows), len(net.causes)),
        leak=np.array([leak for _, _, leak in rows]),
        factors=np.array([f for _, f in factors]).reshape(len(factors), net.n_states),
    )


# --- what is known of each item -------------------------------------------------------------------


def read_items(case: Case, catalogue: Catalogue) -> dict[str, Reading]:
    """Collect one reading an item, in vocabulary order: numbers outrank words, explicit outranks
    implied.
    """
    readings: dict[str, Reading] = {}
    for observation in sorted(case.observations, key=lambda o: o.implied_by is None):
        readings[observation.id] = _reading(observation)
    for result in case.labs:
        for lab in _labs.weigh(result, catalogue):
            held = readings.get(lab.finding)
            reading = Reading(lab.finding, lab.ratio, severity=lab.severity)
            if held is None or held.severity is None or lab.ratio > held.ratio:
                readings[lab.finding] = reading
    # A program's reading of a recording never outranks what a person said or a doctor reported.
    for finding, ratio in soft_findings(case, catalogue).items():
        readings.setdefault(finding, Reading(finding, ratio))
    return {key: readings[key] for key in catalogue.findings if key in readings}


def _reading(observation: Observation) -> Reading:
    ratio = {"present": np.inf, "absent": 0.0, "unsure": UNSURE_RATIO}[observation.status]
    return Reading(observation.id, ratio, soft=observation.implied_by is not None)


# --- findings -------------------------------------------------------------------------------------


class _Tree:
    """The findings of one case, read as trees."""

    def __init__(self, net: Network, readings: Mapping[str, Reading]) -> None:
        self.net = net
        self.readings = readings
        self.above = {key: ancestors(net.catalogue, key) for key in readings}
        seen = [key for key, r in readings.items() if r.ratio > 1.0 and not r.soft]
        sure = [key for key in seen if readings[key].ratio == np.inf or readings[key].ratio > 20.0]
        self.present = set(seen) | {a for key in sure for a in self.above[key]}
        for key in list(self.present):
            self.above.setdefault(key, ancestors(net.catalogue, key))
        self.children: dict[str | None, list[str]] = {}
        for key in net.catalogue.findings:
            if key in self.present:
                nearest = next((a for a in self.above[key] if a in self.present), None)
                self.children.setdefault(nearest, []).append(key)

    def rows(self) -> list[tuple[str, Array, float]]:
        """Findings to be explained: (item, strengths over causes, leak)."""
        rows: list[tuple[str, Array, float]] = []
        for root in self.children.get(None, []):
            self._walk(root, None, rows)
        return rows

    def _walk(self, key: str, given: str | None, rows: list[tuple[str, Array, float]]) -> None:
        below = self.children.get(key, [])
        if len(below) == 1:
            self._walk(below[0], given, rows)
            return
        strength, leak = self._given(key, given)
        reading = self.readings.get(key)
        if reading is not None and 1.0 < reading.ratio < np.inf:
            # Soft evidence a:1 for a noisy-OR finding is the same as present with a larger leak.
            leak = 1.0 - (1.0 - 1.0 / reading.ratio) * (1.0 - leak)
        rows.append((key, strength, leak))
        for child in below:
            self._walk(child, key, rows)

    def _given(self, key: str, given: str | None) -> tuple[Array, float]:
        """Strengths and leak of a finding, given an ancestor that is known to be present."""
        row = self.net.items[key]
        strength, leak = self.net.strength[row], float(self.net.background[row])
        if given is None:
            return strength, leak
        above = self.net.items[given]
        ratio = np.divide(
            strength,
            self.net.strength[above],
            out=np.zeros_like(strength),
            where=self.net.strength[above] > 0,
        )
        return np.minimum(ratio, STRONGEST), min(leak / float(self.net.background[above]), 0.9)

    def absences(self) -> list[tuple[str, Array]]:
        """Log factors of findings that are absent, broadest first; narrower ones follow from it."""
        factors: list[tuple[str, Array]] = []
        absent = {k for k, r in self.readings.items() if r.ratio <= 1.0 and k not in self.present}
        for key in (k for k in self.net.catalogue.findings if k in absent):
            if any(a in absent for a in self.above[key]):
                continue
            reading = self.readings[key]
            given = next((a for a in self.above[key] if a in self.present), None)
            strength, _ = self._given(key, given)
            missed = OVERLOOKED if reading.soft else 0.0
            kept = 1.0 - (1.0 - max(reading.ratio, missed)) * np.minimum(strength, STRONGEST)
            factors.append((key, np.log(kept) @ self.net.member.T))
        return _overlapping(factors, OVERLAP_ABSENT)


# --- contexts -------------------------------------------------------------------------------------


def _context_factors(readings: Mapping[str, Reading], net: Network) -> list[tuple[str, Array]]:
    """Log factors of habits, exposures, conditions, relatives and drugs."""
    present = {k for k, r in readings.items() if r.ratio > 1.0}
    implied = {a for key in present for a in ancestors(net.catalogue, key)}
    factors: list[tuple[str, Array]] = []
    for key, reading in readings.items():
        if key in implied:
            continue
        row = net.items[key]
        base = float(net.background[row])
        nothing = (1.0 - base) * net.miss(net.strength[row])
        if reading.ratio > 1.0:
            seen = (1.0 - nothing) / base
            factor = (
                seen
                if reading.ratio == np.inf
                else (reading.ratio * (1.0 - nothing) + nothing) / (reading.ratio * base + 1.0 - base)
            )
        else:
            missed = OVERLOOKED if reading.soft else 0.02
            factor = (1.0 - (1.0 - missed) * (1.0 - nothing)) / (1.0 - (1.0 - missed) * base)
        factors.append((key, np.log(np.clip(factor, 1.0 / CONTEXT_CAP, CONTEXT_CAP))))
    return _overlapping(factors, OVERLAP)


def _overlapping(factors: list[tuple[str, Array]], share: float) -> list[tuple[str, Array]]:
    """Count the strongest factor on a state in full and each further one as ``share`` of the last."""
    if not factors:
        return factors
    logs = np.array([log for _, log in factors])
    place = np.argsort(np.argsort(-np.abs(logs), axis=0, kind="stable"), axis=0)
    logs = logs * share**place
    return [(key, log) for (key, _), log in zip(factors, logs, strict=True)]


def _severities(
    readings: Mapping[str, Reading], net: Network, simulated: Mapping[str, float]
) -> list[tuple[str, Array]]:
    """Does the measured disturbance suffice? Scales the causes that *are* that disturbance.

    A potassium just below the interval is met in many people and explains little; a calcium of
    1.6 mmol/L is hardly ever a bystander. The curve is an expert estimate; ``simulated`` has the log factor
    of those findings for which the simulated nerve stands in its place.
    """
    factors: list[tuple[str, Array]] = []
    for key, reading in readings.items():
        if reading.severity is None:
            continue
        is_it = (net.presence[net.items[key]] >= 0.9) & net.listed[net.items[key]]
        scale = simulated.get(key, by_severity(reading.severity))
        disturbed = reading.ratio / (1.0 + reading.ratio)
        factors.append((key, net.member @ np.where(is_it, disturbed * scale, 0.0)))
    return factors


def _exclusions(readings: Mapping[str, Reading], net: Network) -> list[tuple[str, Array]]:
    """Log factors against causes that a present finding rules out by definition."""
    seen = {key: r for key, r in readings.items() if r.ratio > 20.0}
    held = [(key, net.member @ net.excluded[net.items[key]]) for key in seen]
    held = [(key, ruled_out) for key, ruled_out in held if ruled_out.any()]
    total = sum((ruled_out for _, ruled_out in held), np.zeros(net.n_states))
    # Several such findings say the same thing, so together they weigh as much as two.
    share = np.minimum(2.0 / np.maximum(total, 1.0), 1.0)
    return [(key, np.log(RULED_OUT) * ruled_out * share) for key, ruled_out in held]


def _silence(case: Case, told: set[str], net: Network) -> list[tuple[str, Array]]:
    """Log factor of what a story leaves out.

    A person who tells their own story, or a clinician who writes a case up, leads with what stands
    out. A cause whose leading symptoms are not among it is somewhat less likely. Nothing of this
    applies to answers given one by one: there, not asked is not asked.
    """
    if not case.text.strip():
        return []
    catalogue = net.catalogue
    places = _twitching_places(catalogue)
    elsewhere = EVERYWHERE not in told and not told.isdisjoint(places)
    rows: list[int] = []
    share: list[float] = []
    for key, row in net.symptoms:
        if net.most[row] < LEADING:
            continue
        at_place = elsewhere and key in places
        broader = {key, *lines(catalogue)[key]} & told
        # That something twitches covers every place, unless the story says which.
        if not (broader & places if at_place else broader):
            rows.append(row)
            share.append(UNTOLD_PLACE if at_place else UNTOLD)
    leading = net.presence[rows]
    lost = np.array(share)[:, None] * np.where(leading >= LEADING, leading, 0.0)
    untold = np.log1p(np.sort(-lost, axis=0)[:MOST_UNTOLD]).sum(axis=0)
    for key, needs in _needs(catalogue):
        said = NEED_UNTOLD if told.isdisjoint(needs) else NEED_TOLD[net.setting]
        untold[net.cause_index[key]] += np.log(said)
    return [("story", net.member @ untold)]


@per_catalogue
def _twitching_places(catalogue: Catalogue) -> frozenset[str]:
    """Findings that say where it twitches."""
    return frozenset(rule.gives for rule in catalogue.site_findings if rule.finding == TWITCHING)


@per_catalogue
def _needs(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...]]]:
    """Causes that need a drug or an exposure, and which."""
    return [(key, cause.needs) for key, cause in catalogue.causes.items() if cause.needs]


__all__ = ["Evidence", "Reading", "evidence_of", "read_items"]
