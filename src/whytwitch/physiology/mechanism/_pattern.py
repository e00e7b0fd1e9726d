"""How discharges follow each other: a few renewal models of intervals, compared by their exact evidence.

Each model is a distribution of the time from one discharge of a unit to its next. Intervals are counted in
bins, and a bin's probability is exact under every model; unknown parameters (rates, shares, spreads) are
summed over a grid, so a model with more of them pays for it. Nothing is fitted.

How often the model's own axon discharges is not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology._errors import PhysiologyError, check_range
from whytwitch.physiology.muscle import RecoveryCycle

Floats = NDArray[np.float64]
Pattern = Literal["random", "doublets", "rhythmic", "bursts"]

REFRACTORY_MS: Final = 2.0
"""No interval is shorter in a unit (the recovery cycle is measured from here on)."""
RANDOM_MEAN_MS: Final = (50.0, 1e6)
"""Mean interval of single discharges: twenty a second to four an hour (judgment, to leave nothing out)."""
RHYTHMIC_MEAN_MS: Final = (33.0, 250.0)
"""4 to 30 a second, as voluntary units fire (the limits by which detection tells them)."""
RHYTHMIC_CV: Final = (0.1, 0.35)
"""Around the 0.15 to 0.2 of steady human contractions (judgment)."""
BURST_HZ: Final = (30.0, 300.0)
"""Within bursts of neuromyotonia (Maddison 2006, Clin Neurophysiol 117:2118). Slower groups of myokymia are
not told from doublets or rhythmic firing by this."""
BURST_CV: Final = (0.1, 0.5)
BURST_SHARE: Final = (0.6, 0.97)
"""Share of intervals that lie within bursts: groups of at least 2.5 discharges on average (judgment)."""
DOUBLET_SHARE: Final = (0.02, 0.5)
"""Share of intervals that are a second discharge after a first (judgment)."""
DRIVE_MS: Final = 20.0
"""How long what started an impulse outlasts it (judgment, as in synthetic recordings)."""
LONGEST_DOUBLET_MS: Final = 110.0
"""From first to second discharge, as far as pairs were searched for by Kleine et al. 2012."""
UNITS_DIFFER: Final = 0.8
"""SD of the logarithm of units' rates, where intervals of several units are pooled (judgment)."""
SURE: Final = 0.9
FEWEST: Final = 5
"""With fewer intervals nothing is called, however sure it looks: one chance neighbor would decide
(judgment)."""

_NODES: Final = 24
_EDGES_MS: Final = np.geomspace(1.0, 1e7, 7 * 40 + 1)

MEANING: Final[Mapping[Pattern, str]] = MappingProxyType({
    "random": "Single discharges at random. Every cause of fasciculation does this: it points to none.",
    "doublets": "Single discharges, some with a second one while the axon is superexcitable. It "
    "speaks for a start in the axon. Deep superexcitability favors it; so do many mechanisms.",
    "rhythmic": "Regular firing at 4 to 30 a second: as a rule voluntary or tonic drive, not a twitch.",
    "bursts": "Bursts at 30 to 300 a second, as in neuromyotonia: an axon that fires on by itself, as with "
    "antibodies against the Kv1 complex or inherited loss of Kv1.",
})  # fmt: skip
"""What each pattern says of mechanisms, which is little: it is told, and not reckoned into probabilities."""


@dataclass(frozen=True, slots=True)
class PatternPosterior:
    """How discharges follow each other.

    Attributes:
        probabilities: by pattern, the most probable first; equal before the recording.
        verdict: the pattern with 90 % or more, from five intervals on; None: it cannot be told.
        intervals: how many were used.
    """

    probabilities: Mapping[Pattern, float]
    verdict: Pattern | None
    intervals: int


def infer_pattern(intervals_ms: Sequence[Sequence[float]]) -> PatternPosterior:
    """Tell how discharges follow each other from the intervals of each unit.

    Args:
        intervals_ms: one row a unit: times from each of its discharges to the next.

    Raises:
        PhysiologyError: an interval is no number from 1 to 1e7.
    """
    rows = []
    for unit, row in enumerate(intervals_ms, start=1):
        for value in row:
            check_range(f"interval of unit {unit}", value, float(_EDGES_MS[0]), float(_EDGES_MS[-1]), "ms")
        rows.append(np.histogram(np.asarray(row, dtype=np.float64), _EDGES_MS)[0])
    return _compared(_EDGES_MS, rows, spread=0.0)


def infer_pattern_pooled(edges_ms: Sequence[float], counts: Sequence[int]) -> PatternPosterior:
    """The same from a histogram over all units, as a recording's ``Signature`` has it; it tells less.

    Args:
        edges_ms: (n + 1,), rising, from 1 ms or more.
        counts: (n,) intervals in each bin.

    Raises:
        PhysiologyError: edges do not rise or do not fit the counts, or a count is below 0.
    """
    edges, seen = np.asarray(edges_ms, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    if edges.ndim != 1 or edges.shape != (seen.size + 1,) or not (np.diff(edges) > 0).all() or edges[0] < 1.0:
        raise PhysiologyError(
            "edges of the histogram must rise from 1 ms or more, one more than there are counts"
        )
    if not (np.isfinite(seen).all() and (seen >= 0).all()):
        raise PhysiologyError("counts of the histogram must be numbers from 0 up")
    return _compared(edges, [seen], spread=UNITS_DIFFER)


def infer_clustering(counts: Sequence[int], minutes: Sequence[float]) -> float:
    """The probability that discharges come in clusters rather than independently, 0.5 before the counts.

    Poisson against negative binomial counts of one rate, both with the rate summed from 0.01 to 6000 a
    minute, the second with its variance: mean + a mean², a from 0.03 to 10 (judgments).

    Args:
        counts: in each window.
        minutes: how long each was watched.

    Raises:
        PhysiologyError: they differ in number, a count is below 0 or a length not above 0.
    """
    seen, length = np.asarray(counts, dtype=np.float64), np.asarray(minutes, dtype=np.float64)
    if seen.shape != length.shape or seen.ndim != 1:
        raise PhysiologyError(f"there are {seen.size} counts and {length.size} lengths: give one for each")
    if not (
        (seen >= 0).all() and np.isfinite(seen).all() and (length > 0).all() and np.isfinite(length).all()
    ):
        raise PhysiologyError("counts are numbers from 0 up, lengths numbers above 0")
    from scipy.special import gammaln

    mean = np.geomspace(0.01, 6000.0, 400)[:, None] * length
    poisson = (seen * np.log(mean) - mean - gammaln(seen + 1)).sum(axis=1)
    size = 1 / np.geomspace(0.03, 10.0, 30)[:, None, None]
    clustered = gammaln(seen + size) - gammaln(size) - gammaln(seen + 1)
    clustered = clustered + size * np.log(size / (size + mean)) + seen * np.log(mean / (size + mean))
    joint = clustered.sum(axis=-1)
    ahead = _log_sum(joint) - np.log(joint.size) - _log_sum(poisson) + np.log(poisson.size)
    return float(1 / (1 + np.exp(-ahead)))


def _compared(edges: Floats, rows: Sequence[Floats], *, spread: float) -> PatternPosterior:
    names: tuple[Pattern, ...] = ("random", "doublets", "rhythmic", "bursts")
    evidence = np.zeros(len(names))
    for k, log in enumerate(_models(tuple(edges.tolist()), spread)[name] for name in names):
        evidence[k] = sum(_log_sum(log @ row) - np.log(len(log)) for row in rows)
    chance = np.exp(evidence - _log_sum(evidence))
    order = np.argsort(-chance, kind="stable")
    count = int(sum(row.sum() for row in rows))
    sure = chance[order[0]] >= SURE and count >= FEWEST
    return PatternPosterior(
        MappingProxyType({names[k]: float(chance[k]) for k in order}),
        names[order[0]] if sure else None,
        count,
    )


def _log_sum(log: Floats) -> float:
    return float(np.logaddexp.reduce(log, axis=None))


@cache
def _models(edges: tuple[float, ...], spread: float) -> dict[Pattern, Floats]:
    """Log probability of each bin, (n_parameters, n_bins), by pattern. Beyond the ends counts as in the end
    bins.
    """
    at = np.array(edges)
    made: dict[Pattern, Iterator[Floats]] = {
        "random": iter(_exponentials(at, spread)),
        "doublets": (
            q * _doublet(at) + (1 - q) * single
            for q in np.linspace(*DOUBLET_SHARE, 8)
            for single in _exponentials(at, spread)
        ),
        "rhythmic": (
            _gamma(at, mean, cv)
            for mean in np.geomspace(*RHYTHMIC_MEAN_MS, _NODES)
            for cv in np.linspace(*RHYTHMIC_CV, 4)
        ),
        "bursts": (
            q * _gamma(at, 1000.0 / rate, cv) + (1 - q) * between
            for q in np.linspace(*BURST_SHARE, 5)
            for rate in np.geomspace(*BURST_HZ, 12)
            for cv in np.linspace(*BURST_CV, 3)
            for between in _exponentials(at, spread)[:: _NODES // 8]
        ),
    }  # fmt: skip
    found: dict[Pattern, Floats] = {}
    for name, functions in made.items():
        reached = np.array(list(functions))
        reached[:, 0], reached[:, -1] = 0.0, 1.0
        found[name] = np.log(np.maximum(np.diff(reached, axis=1), 1e-12))
    return found


def _exponentials(at: Floats, spread: float) -> list[Floats]:
    """Distribution functions of random discharges after the refractory period, by mean interval."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(9) if spread else (np.zeros(1), np.ones(1))
    weights = weights / weights.sum()
    late = np.maximum(at - REFRACTORY_MS, 0.0)
    return [
        -np.expm1(-late[:, None] / mean * np.exp(spread * nodes)) @ weights
        for mean in np.geomspace(*RANDOM_MEAN_MS, _NODES)
    ]


def _gamma(at: Floats, mean: float, cv: float) -> Floats:
    from scipy.special import gammainc

    shape = cv**-2
    return gammainc(shape, at * (shape / mean))


def _doublet(at: Floats) -> Floats:
    """Distribution function of a second discharge: the recovery cycle's chance while the drive fades."""
    fine = np.arange(0.05, LONGEST_DOUBLET_MS, 0.1)
    hazard = RecoveryCycle.normal().chance(fine) * np.exp(-fine / DRIVE_MS)
    reached = np.cumsum(hazard) / hazard.sum()
    return np.interp(at, fine, reached, left=0.0, right=1.0)
