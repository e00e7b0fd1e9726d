"""A muscle recording as evidence: one likelihood ratio for the whole recording, held close to 1.

How often a biceps twitches differs, on average, between harmless twitching and ALS; how often a calf
does hardly differs. What is published is little, so a recording can nudge and never decide. Its features
(rate, windows, units) are views of one thing: the strongest counts, each further one a part of it. The
ratio is then mixed with 1 by the chance that the recording tells nothing: a poor signal, a short one, few
electrodes, a muscle in use.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.case import Case, RecordingSummary
from whytwitch.knowledge import Catalogue, RecordingEvidence, Spread
from whytwitch.reasoning._network import Network, ancestors

Array = NDArray[np.float64]

CAP: Final = 10.0
"""Largest factor that all recordings together may carry (expert estimate)."""

FLOOR: Final = 0.4
"""Smallest such factor: a quiet muscle hardly reassures, since the illness may sit elsewhere (expert
estimate)."""

SAME_THING: Final = 0.3
"""Weight of each further feature of a recording, and of each further recording of a person, relative to
the one before (expert estimate; within one day, two recordings of a biceps agree almost perfectly)."""

ALREADY_TOLD: Final = 0.6
"""Weight of a recording beside a report that fasciculations were seen (expert estimate)."""

DETECTED: Final = 0.8
"""Chance that a perfect signal is read right by a program (expert estimate; a program of the kind was right
about 88 % of potentials: SPiQE 2019, doi 10.1016/j.clinph.2019.03.032)."""

WORST_QUALITY: Final = 0.3
GOOD_QUALITY: Final = 0.8
"""Quality at and below which a recording tells nothing, and from which it is not held against it (expert
estimates)."""

GRID_CHANNELS: Final = 16
"""Channels from which electrodes are a grid, as in the studies compared with (expert estimate)."""
FEW_ELECTRODES: Final = 0.7
NEEDLE: Final = 0.5
"""Weight of a recording made otherwise than in those studies (expert estimates)."""

LARGEST_COUNT: Final = 12
"""Windows that count: those of one recording are alike, so more of them say little more (expert
estimate)."""

LOSS: Final = ("weakness", "muscle_wasting")
"""Where a muscle is weak or thin, falling quiet is part of the illness and speaks against nothing."""


# --- causes ---------------------------------------------------------------------------------------


def recording_factors(case: Case, ratios: Mapping[str, float], net: Network) -> list[tuple[str, Array]]:
    """Log factor of all recordings on each state: at most one item, ``recording``.

    Args:
        case: what is known of the person.
        ratios: likelihood ratio of each finding that was answered.
        net: the network.
    """
    log_ratio = joint_log_ratio(case, ratios, net.catalogue)
    if log_ratio == 0.0:
        return []
    alike = np.zeros(len(net.causes))
    for group in net.catalogue.recording.groups.values():
        alike[[net.cause_index[cause] for cause in group.causes if cause in net.cause_index]] = group.alike
    # A group that was not measured may be like ALS or like harmless twitching; so may a state of two.
    per_state = (net.member * alike).max(axis=1)
    return [("recording", np.log1p(per_state * math.expm1(log_ratio)))]


def joint_log_ratio(case: Case, ratios: Mapping[str, float], catalogue: Catalogue) -> float:
    """Log likelihood ratio of all recordings, anterior-horn disease against harmless twitching."""
    logs = [log_ratio(one, catalogue) for one in distinct(case.recordings)]
    if _is_weak(ratios, catalogue):
        logs = [max(log, 0.0) for log in logs]
    total = _overlapping(logs)
    if ratios.get("emg_fasciculation") == math.inf:
        total *= ALREADY_TOLD
    return float(np.clip(total, math.log(FLOOR), math.log(CAP)))


def distinct(recordings: tuple[RecordingSummary, ...]) -> list[RecordingSummary]:
    """Each recording once."""
    return list({(one.sha256 or one.name, one.muscle): one for one in recordings}.values())


def log_ratio(one: RecordingSummary, catalogue: Catalogue) -> float:
    """Log likelihood ratio of one recording; 0 where it tells nothing."""
    if one.clean_s < 1.0:
        return 0.0
    features = [e for e in catalogue.recording.evidence.values() if one.muscle in e.muscles]
    # Units can be told apart, and their pattern read, with a grid alone.
    usable = [e for e in features if e.feature == "rate" or one.n_channels >= GRID_CHANNELS]
    logs = [max(_feature(e, one), 0.0) if _is_lively(e, one) else _feature(e, one) for e in usable]
    ratio = 1.0 + trust(one, catalogue) * math.expm1(_overlapping(logs))
    # Too short a time never speaks against anything, however quiet it was.
    if ratio < 1.0 and one.clean_s < catalogue.recording.watch.seconds:
        return 0.0
    return math.log(ratio)


def _is_lively(known: RecordingEvidence, one: RecordingSummary) -> bool:
    """Whether a muscle twitches more than is usual in harmless twitching: then it is no good news."""
    return known.feature == "rate" and one.fasciculations * 60.0 > known.benign.median * one.clean_s


def trust(one: RecordingSummary, catalogue: Catalogue) -> float:
    """Chance that the numbers of a recording are what they seem to be, 0 to 1."""
    quality = np.clip((one.quality - WORST_QUALITY) / (GOOD_QUALITY - WORST_QUALITY), 0.0, 1.0)
    time = min(one.clean_s / catalogue.recording.watch.seconds, 1.0)
    at_rest = 1.0 - min(one.voluntary_s / one.duration_s, 1.0) if one.duration_s > 0.0 else 0.0
    return float(DETECTED * quality * time * at_rest * _electrodes(one))


def _electrodes(one: RecordingSummary) -> float:
    if one.electrode == "needle":
        return NEEDLE
    return 1.0 if one.n_channels >= GRID_CHANNELS else FEW_ELECTRODES


def _is_weak(ratios: Mapping[str, float], catalogue: Catalogue) -> bool:
    present = {key for key, ratio in ratios.items() if ratio > 1.0}
    return any(not {key, *ancestors(catalogue, key)}.isdisjoint(LOSS) for key in present)


def _overlapping(logs: list[float]) -> float:
    """The strongest in full, each further one as a part of the one before."""
    ordered = sorted(logs, key=lambda log: (-abs(log), -log))
    return math.fsum(log * SAME_THING**place for place, log in enumerate(ordered))


# --- one feature ----------------------------------------------------------------------------------


def _feature(known: RecordingEvidence, one: RecordingSummary) -> float:
    """Log ratio of one feature, of the disease against harmless twitching.

    Of people with the disease only some have it in this muscle; the others are as everybody. Of people
    without it some twitch as if they had it. Both bounds come with the published numbers.
    """
    disease, benign = _log_density(known.disease, known, one), _log_density(known.benign, known, one)
    seen = np.logaddexp(math.log1p(-known.unlike) + benign, _log(known.unlike) + disease)
    sick = np.logaddexp(math.log(known.affected) + disease, _log(1.0 - known.affected) + seen)
    return float(sick - seen)


def _log_density(spread: Spread, known: RecordingEvidence, one: RecordingSummary) -> float:
    if known.feature == "rate":
        return _negative_binomial(one.fasciculations, spread, one.clean_s / 60.0)
    if known.feature == "units":
        return _negative_binomial(one.units, spread, 1.0)
    scale = min(1.0, LARGEST_COUNT / max(one.windows, 1))
    return _beta_binomial(one.busy_windows * scale, one.windows * scale, spread)


def _negative_binomial(count: int, spread: Spread, exposure: float) -> float:
    """Log chance of a Poisson count whose rate is gamma over people, without what both sides share."""
    scale = spread.median / _gamma_median(spread.shape) * exposure
    none = -spread.shape * math.log1p(scale)
    return none + count * (math.log(scale) - math.log1p(scale))


@cache
def _gamma_median(shape: float) -> float:
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, 0.5))


def _beta_binomial(hits: float, of: float, spread: Spread) -> float:
    """Log chance of a share whose probability is beta over people, without what both sides share."""
    a = _beta_parameter(spread.median, spread.shape)
    b = spread.shape - a
    return _log_beta(hits + a, of - hits + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@cache
def _beta_parameter(median: float, total: float) -> float:
    """First parameter of the beta distribution with this median, by bisection."""
    from scipy.special import betaincinv

    low, high = 1e-6, total - 1e-6
    for _ in range(60):
        middle = (low + high) / 2.0
        too_low = betaincinv(middle, total - middle, 0.5) < median
        low, high = (middle, high) if too_low else (low, middle)
    return (low + high) / 2.0


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf


__all__ = ["DETECTED", "NEEDLE", "distinct", "joint_log_ratio", "log_ratio", "recording_factors", "trust"]
