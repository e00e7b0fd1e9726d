"""How good the answers are on cases whose cause is known."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from whytwitch.case import Case, CaseError, read_structured, read_text
from whytwitch.knowledge import Catalogue, Setting, Urgency, load
from whytwitch.reasoning import LEVELS, SIMULATED, Standing, rank

BINS: Final = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Edges of the reliability plot."""

SAFE: Final = ("routine", "reassurance")


class Model(BaseModel):
    """Base: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Labelled(Model):
    """One case whose cause, or set of acceptable causes, is known."""

    id: str
    text: str
    structured: dict[str, Any] | None
    right: tuple[str, ...]
    """Any of these counts as the right cause."""
    urgency_min: Urgency
    urgency_max: Urgency
    lab_reveals_cause: bool = False


class Outcome(Model):
    """How one case went."""

    id: str
    right: tuple[str, ...]
    top: tuple[str, ...]
    """The five best causes."""
    rank: int | None
    """Rank of the best right cause, 1 is best; None when reading failed."""
    probability: float
    """Probability given to the best right cause."""
    first_probability: float
    urgency: Urgency | None
    urgency_min: Urgency
    urgency_max: Urgency
    seconds: float
    error: str = ""


class Bin(Model):
    """One bin of the reliability plot."""

    low: float
    high: float
    n: int
    said: float
    """Mean probability given."""
    seen: float
    """Share that was right."""


class Evaluation(Model):
    """The result over all cases."""

    schema_version: str = "1"
    setting: Setting
    source: Literal["text", "structured"]
    labs_hidden: bool
    n: int
    top1: float
    top3: float
    top5: float
    macro_top1: float
    macro_top3: float
    urgency_in_band: float
    under_triaged: int
    """Cases called less urgent than the acceptable band."""
    over_triaged: int
    emergencies_called_safe: int
    """Emergencies called routine or reassurance: must be zero."""
    urgency_confusion: dict[str, dict[str, int]]
    """True level (the band's lower end) -> level given -> count."""
    brier: float
    """Mean squared error of the first cause's probability."""
    reliability: tuple[Bin, ...]
    seconds_median: float
    slowest: str
    seconds_slowest: float
    errors: int
    outcomes: tuple[Outcome, ...]


def read_labelled(path: Path) -> list[Labelled]:
    """Read cases from a JSON-lines file.

    Each line has ``id``, ``vignette`` (or ``text``) and/or ``structured``; ``final_cause`` or
    ``expect_top3_any``; ``urgency`` or ``urgency_min`` with ``urgency_max``.

    Raises:
        CaseError: names the line and what is wrong with it.
    """
    cases: list[Labelled] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: cannot be read as text ({error}); give a JSON-lines file") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            cases.append(_labelled(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(f"{path}, line {number}: not a labelled case ({error})") from error
    if not cases:
        raise CaseError(f"{path}: no cases in it; give one JSON object a line")
    return cases


def _labelled(row: dict[str, Any]) -> Labelled:
    right = row.get("expect_top3_any") or [row["final_cause"]]
    return Labelled(
        id=str(row["id"]),
        text=row.get("vignette") or row.get("text") or "",
        structured=row.get("structured"),
        right=tuple(right),
        urgency_min=row.get("urgency_min") or row["urgency"],
        urgency_max=row.get("urgency_max") or row["urgency"],
        lab_reveals_cause=bool(row.get("flags", {}).get("lab_reveals_cause", False)),
    )


def evaluate(
    cases: Iterable[Labelled],
    *,
    setting: Setting = "neurology",
    source: Literal["text", "structured"] = "text",
    hide_labs: bool = False,
    catalogue: Catalogue | None = None,
    simulated: bool = SIMULATED,
    progress: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Run every case and add up how it went.

    Args:
        cases: labelled cases.
        setting: where the question is asked.
        source: read the free text, or the structured fields.
        hide_labs: leave laboratory values out (where they would reveal the cause).
        catalogue: the knowledge to reason with.
        simulated: let the simulated nerve say how strongly a measured value explains twitching.
        progress: called with each case's id when it is done.
    """
    catalogue = catalogue or load()
    outcomes: list[Outcome] = []
    for case in cases:
        outcomes.append(_run(case, catalogue, setting, source, hide_labs=hide_labs, simulated=simulated))
        progress(case.id)
    return _summary(outcomes, setting, source, labs_hidden=hide_labs)


def _run(
    labelled: Labelled,
    catalogue: Catalogue,
    setting: Setting,
    source: str,
    *,
    hide_labs: bool,
    simulated: bool,
) -> Outcome:
    start = time.perf_counter()
    try:
        case = _read(labelled, catalogue, setting, source)
        if hide_labs:
            case = without_labs(case, catalogue)
        answer = rank(case, setting=setting, catalogue=catalogue, simulated=simulated)
    except CaseError as error:
        return _outcome(labelled, None, time.perf_counter() - start, str(error))
    return _outcome(labelled, answer, time.perf_counter() - start, "")


def _read(labelled: Labelled, catalogue: Catalogue, setting: Setting, source: str) -> Case:
    if source == "text":
        return read_text(labelled.text, catalogue, setting=setting)
    if labelled.structured is None:
        raise CaseError(f"{labelled.id}: has no structured fields; evaluate the text instead")
    return read_structured(labelled.structured, catalogue, setting=setting)


def without_labs(case: Case, catalogue: Catalogue) -> Case:
    """The same case with laboratory values, and words about them, left out."""
    kept = tuple(o for o in case.observations if catalogue.findings[o.id].kind != "lab")
    return case.model_copy(update={"labs": (), "observations": kept})


def _outcome(labelled: Labelled, answer: Standing | None, seconds: float, error: str) -> Outcome:
    chances = answer.probabilities if answer else {}
    ids = list(chances)
    ranks = [ids.index(key) for key in labelled.right if key in ids]
    best = min(ranks, default=None)
    return Outcome(
        id=labelled.id,
        right=labelled.right,
        top=tuple(ids[:5]),
        rank=None if best is None else best + 1,
        probability=0.0 if best is None else chances[ids[best]],
        first_probability=max(chances.values(), default=0.0),
        urgency=answer.urgency.level if answer else None,
        urgency_min=labelled.urgency_min,
        urgency_max=labelled.urgency_max,
        seconds=seconds,
        error=error,
    )


def _summary(
    outcomes: list[Outcome], setting: Setting, source: Literal["text", "structured"], *, labs_hidden: bool
) -> Evaluation:
    n = len(outcomes)
    slowest = max(outcomes, key=lambda o: o.seconds)
    times = sorted(o.seconds for o in outcomes)
    gaps = [_gap(o) for o in outcomes]
    return Evaluation(
        setting=setting,
        source=source,
        labs_hidden=labs_hidden,
        n=n,
        top1=_share(outcomes, 1),
        top3=_share(outcomes, 3),
        top5=_share(outcomes, 5),
        macro_top1=_macro(outcomes, 1),
        macro_top3=_macro(outcomes, 3),
        urgency_in_band=sum(gap == 0 for gap in gaps) / n,
        under_triaged=sum(gap < 0 for gap in gaps),
        over_triaged=sum(gap > 0 for gap in gaps),
        emergencies_called_safe=sum(
            o.urgency_min == "emergency" and (o.urgency is None or o.urgency in SAFE) for o in outcomes
        ),
        urgency_confusion=_confusion(outcomes),
        brier=sum((o.first_probability - (o.rank == 1)) ** 2 for o in outcomes) / n,
        reliability=_reliability(outcomes),
        seconds_median=times[n // 2],
        slowest=slowest.id,
        seconds_slowest=slowest.seconds,
        errors=sum(bool(o.error) for o in outcomes),
        outcomes=tuple(outcomes),
    )


def _share(outcomes: list[Outcome], k: int) -> float:
    return sum(o.rank is not None and o.rank <= k for o in outcomes) / len(outcomes)


def _macro(outcomes: list[Outcome], k: int) -> float:
    """Mean over causes of the share found, so that a cause with many cases does not dominate."""
    by_cause: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_cause.setdefault(outcome.right[0], []).append(outcome)
    return sum(_share(group, k) for group in by_cause.values()) / len(by_cause)


def _gap(outcome: Outcome) -> int:
    """Levels below (negative) or above (positive) the acceptable band; unread counts as below."""
    if outcome.urgency is None:
        return -1
    given = LEVELS.index(outcome.urgency)
    low, high = LEVELS.index(outcome.urgency_min), LEVELS.index(outcome.urgency_max)
    return min(given - low, 0) + max(given - high, 0)


def _confusion(outcomes: list[Outcome]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {level: dict.fromkeys(LEVELS, 0) for level in LEVELS}
    for outcome in outcomes:
        if outcome.urgency is not None:
            table[outcome.urgency_min][outcome.urgency] += 1
    return table


def _reliability(outcomes: list[Outcome]) -> tuple[Bin, ...]:
    """How often the first cause was right, by the probability it was given."""
    bins: list[Bin] = []
    for low, high in pairwise(BINS):
        inside = [
            o for o in outcomes if low <= o.first_probability < high or (high == 1.0 == o.first_probability)
        ]
        if inside:
            said = sum(o.first_probability for o in inside) / len(inside)
            seen = sum(o.rank == 1 for o in inside) / len(inside)
            bins.append(Bin(low=low, high=high, n=len(inside), said=said, seen=seen))
    return tuple(bins)
