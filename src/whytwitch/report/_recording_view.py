"""A recording's report before it is painted: the answer in sentences, facts, rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from whytwitch.recording import Estimate, Signature, Twitches
from whytwitch.report._clean import capital, clean
from whytwitch.report._recording_meaning import meaning, no_meaning
from whytwitch.report._recording_words import NOTHING, Words, brief, length, number, reach, rough

ROWS: Final = 100
"""Units that a table lists before it becomes a telephone book."""

SHORT_S: Final = 30.0
"""Clean time below which a rate a minute makes no headline (judgment)."""


@final
@dataclass(frozen=True)
class Fact:
    """One of the few figures at the top."""

    label: str
    value: str
    note: str = ""


@final
@dataclass(frozen=True)
class Loss:
    """Why some time could not be used."""

    reason: str
    time: str
    share: float


@final
@dataclass(frozen=True)
class Row:
    """One unit in a table."""

    unit: int
    name: str
    kind: str
    n: str
    rate: str
    reach: str
    size: str
    duration: str
    phases: str
    turns: str
    likeness: str
    channel: str
    isolated: str


@final
@dataclass(frozen=True)
class View:
    """What is said of one recording."""

    twitches: Twitches
    signature: Signature
    say: Words
    name: str
    what: str
    """What was recorded, in one line."""
    headline: str
    lead: str
    facts: tuple[Fact, ...]
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    highest: float | None
    """The most that healthy people showed, where this recording may be held against it."""
    norm: tuple[str, str]
    """What is known of healthy people, or why nothing is compared, and its source; empty where nothing is."""
    limits: tuple[tuple[str, str], ...]
    """What cannot be said, with what would help."""
    used: float
    """Share of the recording that could be used."""
    used_line: str
    losses: tuple[Loss, ...]
    rows: tuple[Row, ...]
    rows_note: str
    unsorted: int


def view(twitches: Twitches, signature: Signature, *, expert: bool) -> View:
    """Arrange what was found for reading."""
    say = Words(expert=expert)
    whole, clean_s = twitches.source.duration_s, 60 * signature.clean_minutes
    n_units = len(signature.units)
    return View(
        twitches=twitches,
        signature=signature,
        say=say,
        name=clean(signature.recording, 80) or say.UNNAMED,
        what=_what(twitches, say),
        headline=_headline(signature, say),
        lead=_lead(signature, say),
        facts=tuple(_facts(twitches, signature, say)),
        may=meaning(signature, say),
        may_not=no_meaning(signature, say),
        highest=_highest(signature),
        norm=_norm(signature, say),
        limits=tuple(_limits(twitches, signature, say)),
        used=min(1.0, clean_s / whole) if whole else 0.0,
        used_line=say.QUALITY_LEAD.format(clean=length(min(clean_s, whole)), whole=length(whole)),
        losses=_losses(twitches, say),
        rows=_rows(signature, say),
        rows_note=say.UNITS_LISTED.format(listed=ROWS, all=n_units) if n_units > ROWS else "",
        unsorted=int(np.count_nonzero(twitches.events.unit == 0)),
    )


def _what(twitches: Twitches, say: Words) -> str:
    source = twitches.source
    n = len(source.channels)
    parts = (
        clean(source.muscle.replace("_", " "), 60) or say.NO_MUSCLE,
        say.CHANNEL if n == 1 else say.CHANNELS.format(n=n),
        say.NEEDLE if source.electrode == "needle" else say.SURFACE,
        length(source.duration_s),
    )
    return f"{parts[0]} · {parts[1]} {parts[2]} · {parts[3]}"


def _headline(signature: Signature, say: Words) -> str:
    n = signature.fasciculations
    if n == 1:
        return say.FOUND_ONE
    if n and 60 * signature.clean_minutes < SHORT_S:
        return say.FOUND_SHORT.format(count=f"{n:,}", time=length(60 * signature.clean_minutes))
    if n:
        return say.FOUND.format(count=f"{n:,}", rate=rough(signature.rate_per_min.value))
    if signature.clean_minutes <= 0:
        return say.USELESS
    if signature.trains:
        return say.FOUND_RUNS.format(count=f"{signature.trains:,}")
    if signature.fibrillations:
        return say.FOUND_FIBERS.format(count=f"{signature.fibrillations:,}")
    if not signature.enough_time:
        return say.TOO_SHORT
    return say.QUIET.format(time=length(60 * signature.clean_minutes))


def _lead(signature: Signature, say: Words) -> str:
    time = length(60 * signature.clean_minutes)
    if signature.clean_minutes <= 0:
        return say.USELESS_LEAD
    if signature.fasciculations:
        verdict = signature.norm.verdict if signature.norm else "unknown"
        said = {"within": say.WITHIN, "above": say.ABOVE, "uncertain": say.UNCERTAIN}
        rough_ = "" if signature.enough_time else f" {say.ROUGH.format(time=time)}"
        return said.get(verdict, say.UNKNOWN) + rough_
    if not signature.enough_time:
        return say.TOO_SHORT_LEAD.format(time=time)
    high = signature.rate_per_min.high
    return say.QUIET_LEAD.format(high=number(high)) if high is not None else ""


def _facts(twitches: Twitches, signature: Signature, say: Words) -> Iterator[Fact]:
    rate = signature.rate_per_min
    yield Fact(say.RATE, rough(rate.value), _may_be(rate, say))
    whole = twitches.source.duration_s
    yield Fact(say.USED, brief(60 * signature.clean_minutes), say.USED_OF.format(time=brief(whole)))
    yield Fact(say.UNITS, str(len(signature.units)), say.UNITS_NOTE)
    grade = next(word for least, word in say.GRADES if signature.quality >= least)
    usable = signature.clean_minutes > 0
    yield Fact(say.SIGNAL, grade if usable else say.SIGNAL_NONE, _score(signature, say) if usable else "")


def _score(signature: Signature, say: Words) -> str:
    return say.SCORE_NOTE.format(score=f"{signature.quality:.2f}")


def _may_be(estimate: Estimate, say: Words) -> str:
    if not reach(estimate):
        return ""
    return say.MAY_BE.format(range=reach(estimate))


def _highest(signature: Signature) -> float | None:
    """None where the studies counted otherwise than is shown here, such as only large potentials, or with
    another electrode: then the verdict and a line in the picture would contradict each other.
    """
    norm, rate = signature.norm, signature.rate_per_min.value
    if norm is None or norm.highest_per_min is None or rate is None or norm.verdict == "unknown":
        return None
    over = rate > norm.highest_per_min
    return None if norm.verdict == ("within" if over else "above") else norm.highest_per_min


def _norm(signature: Signature, say: Words) -> tuple[str, str]:
    norm = signature.norm
    if norm is None:
        return ("" if signature.muscle else say.NORM_UNNAMED), ""
    muscle = capital(clean(norm.muscle.replace("_", " "), 60))
    text = f"{muscle}: {clean(norm.healthy, 400).rstrip('.')}."
    if _highest(signature) is not None:
        text += f" {say.NORM_MOST.format(highest=number(norm.highest_per_min))}"
    return text, clean(norm.source, 300)


def _limits(twitches: Twitches, signature: Signature, say: Words) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    if not twitches.source.calibrated:
        seen.add(say.UNCALIBRATED)
        yield say.UNCALIBRATED, ""
    for text in signature.cannot_say:
        if text not in seen:
            seen.add(text)
            yield clean(text, 400), ""
    for problem in twitches.problems:
        if problem.what not in seen:
            seen.add(problem.what)
            where = f" ({clean(problem.where, 120)})" if problem.where else ""
            yield clean(problem.what, 400) + where, clean(problem.remedy, 400)


def _losses(twitches: Twitches, say: Words) -> tuple[Loss, ...]:
    whole = twitches.source.duration_s
    lost = sorted(((s, key) for key, s in twitches.quality.lost.items() if s > 0), reverse=True)
    return tuple(
        Loss(say.LOST_TO.get(key, clean(key)), brief(s), min(1.0, s / whole if whole else 0.0))
        for s, key in lost
    )


def _rows(signature: Signature, say: Words) -> tuple[Row, ...]:
    units = sorted(signature.units, key=lambda unit: (-unit.n, unit.unit))
    return tuple(
        Row(
            unit=unit.unit,
            name=say.UNIT_N.format(unit=unit.unit),
            kind=say.KINDS.get(unit.kind, clean(unit.kind)),
            n=f"{unit.n:,}",
            rate=number(unit.rate_per_min.value),
            reach=reach(unit.rate_per_min),
            size=sized(unit.amplitude_uv, signature),
            duration=f"{number(unit.duration_ms)} ms",
            phases=str(unit.phases),
            turns=str(unit.turns),
            likeness=NOTHING if unit.likeness is None else f"{unit.likeness:.2f}",
            channel=clean(unit.channel, 40),
            isolated=f"{unit.isolated:,}",
        )
        for unit in units[:ROWS]
    )


def sized(value: float | None, signature: Signature, unit: str = "µV") -> str:
    """A size with its unit; a dash where the recording is not calibrated."""
    return f"{number(value)} {unit}" if signature.calibrated and value is not None else NOTHING


__all__ = ["ROWS", "Fact", "Loss", "Row", "View", "sized", "view"]
