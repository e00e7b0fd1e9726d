"""From a signature to the few numbers that bear on the causes, to soft findings, and to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from whytwitch.case import Case, RecordingSummary
from whytwitch.knowledge import Catalogue
from whytwitch.reasoning._recording import DETECTED, NEEDLE, distinct, log_ratio, trust

if TYPE_CHECKING:
    from whytwitch.recording import Signature

TRAIN_FAST_HZ: Final = 100.0
TRAIN_REPEATS: Final = 5
FEWEST_FIBRILLATIONS: Final = 10
FEWEST_FASCICULATIONS: Final = 5
SOFT: Final = 3.0
"""What a program may take for more than a fasciculation counts like an answer "not sure" (expert
estimates, all five)."""

TELLING: Final = 0.15
"""Log ratio below which a recording is said to tell next to nothing."""


def summarize(signature: Signature, catalogue: Catalogue) -> RecordingSummary:
    """The numbers of a measured recording that bear on the causes."""
    muscle = catalogue.muscle(signature.muscle)
    windows = signature.isolation.windows
    return RecordingSummary(
        name=signature.recording,
        sha256=signature.sha256,
        muscle=muscle.id if muscle is not None else "",
        electrode=signature.electrode,
        n_channels=max(signature.n_channels, 1),
        duration_s=signature.duration_s,
        clean_s=signature.clean_minutes * 60.0,
        voluntary_s=signature.voluntary_s,
        quality=signature.quality,
        fasciculations=signature.fasciculations,
        units=round(signature.active_units.value or 0.0),
        windows=windows.n,
        busy_windows=round((windows.value or 0.0) * windows.n),
        trains=signature.trains,
        train_rate_hz=signature.bursts.train_rate_hz.value,
        fibrillations=signature.fibrillations,
        norm=signature.norm.verdict if signature.norm is not None else "unknown",
    )


# --- findings -------------------------------------------------------------------------------------


def soft_findings(case: Case, catalogue: Catalogue) -> dict[str, float]:
    """Findings that a program took for present, with a likelihood ratio that is never more than soft."""
    found: dict[str, float] = {}
    for one in distinct(case.recordings):
        ratio = 1.0 + (SOFT - 1.0) * trust(one, catalogue)
        for key in _seen(one, catalogue):
            if ratio > 1.0 and key in catalogue.findings:
                found[key] = max(found.get(key, 1.0), ratio)
    return found


def _seen(one: RecordingSummary, catalogue: Catalogue) -> list[str]:
    seen: list[str] = []
    if one.trains:
        if (one.train_rate_hz or 0.0) >= TRAIN_FAST_HZ:
            seen.append("emg_neuromyotonic")
        else:
            seen.append("emg_myokymic" if one.trains >= TRAIN_REPEATS else "emg_hyperexcitability")
    if one.electrode == "needle" and one.fibrillations >= FEWEST_FIBRILLATIONS:
        seen.append("emg_denervation_active")
    table = catalogue.recording
    measured = one.muscle in table.healthy or any(one.muscle in e.muscles for e in table.evidence.values())
    unusual = one.norm == "above" or (one.muscle != "" and not measured)
    if unusual and one.fasciculations >= FEWEST_FASCICULATIONS:
        seen.append("emg_fasciculation")
    return seen


# --- words ----------------------------------------------------------------------------------------


def in_short(one: RecordingSummary, catalogue: Catalogue) -> str:
    """A recording as a noun phrase."""
    muscle = catalogue.muscles.get(one.muscle)
    where = muscle.name.lower().partition(" (")[0] if muscle is not None else "a muscle that was not named"
    if one.clean_s <= 0.0:
        return f"a recording of {where}: no clean stretch"
    rate = one.fasciculations * 60.0 / one.clean_s
    count = f"{rate:.{0 if rate >= 10 else 1}f} twitches a minute" if one.fasciculations else "no twitch"
    return f"a recording of {where}: {count} in {_span(one.clean_s)} of clean signal"


def meaning(one: RecordingSummary, catalogue: Catalogue) -> str:
    """What one recording adds, in plain words."""
    log = log_ratio(one, catalogue)
    if abs(log) < TELLING:
        return why_nothing(one, catalogue) or "says next to nothing about the cause"
    if log > 0.0:
        return "more usual in motor nerve disease than in harmless twitching, and no proof of it"
    return "a little less usual in motor nerve disease, and does not rule it out"


CAVEAT: Final = (
    "a computer's reading, which a trained person must check",
    "a quiet muscle rules nothing out",
)
"""What is said once wherever a recording was used: plain words and a detail."""


def why_nothing(one: RecordingSummary, catalogue: Catalogue) -> str:
    """Why a recording says nothing of the cause; empty where it does."""
    if not one.muscle:
        return "changes nothing, since the muscle is not known"
    if not any(one.muscle in e.muscles for e in catalogue.recording.evidence.values()):
        return "changes little, since nothing is published that tells causes apart in this muscle"
    needed = catalogue.recording.watch.seconds
    if one.clean_s < needed / 2.0 or (one.clean_s < needed and not one.fasciculations):
        return "changes little, since too little of it was clean"
    if trust(one, catalogue) < DETECTED * NEEDLE / 2.0:
        return "changes little, since the signal was poor or the muscle in use"
    return ""


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120.0 else f"{seconds / 60.0:.0f} minutes"


__all__ = ["CAVEAT", "in_short", "meaning", "soft_findings", "summarize", "why_nothing"]
