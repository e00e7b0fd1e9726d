"""Add answers to a case, or correct it: what comes later holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from whytwitch.case._complete import complete
from whytwitch.case._model import Case, CaseError, Observation, Status
from whytwitch.case._spelling import suggest
from whytwitch.knowledge import Catalogue

Answers = Case | Mapping[str, Status | None] | Iterable[Observation]


def merge(case: Case, answers: Answers, catalogue: Catalogue | None = None) -> Case:
    """The case with ``answers`` put in; an item in both takes its status from the answers.

    Args:
        case: what is known so far.
        answers: observations, or statuses by id (``None`` takes the item back: not asked), or a
            second case, whose laboratory results, drugs, recordings, age, sex and duration go in too.
        catalogue: with it ids are checked and what follows from the answers is worked out anew.

    Raises:
        CaseError: an id that the catalogue does not know.
    """
    new, removed = _split(answers)
    if catalogue is not None:
        for item in (*(o.id for o in new), *removed):
            check_id(item, catalogue.findings, "findings")
    given = {o.id for o in new if o.implied_by is None} | removed
    held = {o.id: o for o in case.observations if o.id not in removed and _stands(o, given)}
    for observation in new:
        if observation.implied_by is None or observation.id not in held:
            held[observation.id] = observation
    update: dict[str, object] = {"observations": tuple(held.values())}
    if isinstance(answers, Case):
        update |= _rest(case, answers)
    merged = case.model_copy(update=update)
    return complete(merged, catalogue) if catalogue is not None else merged


def _stands(observation: Observation, given: set[str]) -> bool:
    """What followed from a statement that was just answered anew no longer stands."""
    return observation.implied_by not in given


def _split(answers: Answers) -> tuple[list[Observation], set[str]]:
    """Observations to put in, and ids to take back."""
    if isinstance(answers, Case):
        return list(answers.observations), set()
    if isinstance(answers, Mapping):
        statuses = cast("Mapping[str, Status | None]", answers)
        new = [Observation(id=k, status=v) for k, v in statuses.items() if v is not None]
        return new, {k for k, v in statuses.items() if v is None}
    return list(answers), set()


def _rest(case: Case, other: Case) -> dict[str, object]:
    labs = {r.analyte: r for r in case.labs} | {r.analyte: r for r in other.labs}
    drugs = {d.drug: d for d in case.drugs} | {d.drug: d for d in other.drugs}
    update: dict[str, object] = {
        "labs": tuple(labs.values()), "drugs": tuple(drugs.values()),
        "recordings": tuple(dict.fromkeys((*case.recordings, *other.recordings))),
        "doubts": (*case.doubts, *other.doubts),
        "not_understood": case.not_understood if case.text else other.not_understood,
        "text": case.text or other.text,
    }  # fmt: skip
    for name in ("age_years", "sex", "duration_days"):
        if getattr(other, name) is not None:
            update[name] = getattr(other, name)
    return update


def check_id(item: str, known: Iterable[str], where: str) -> None:
    """Refuse an id nobody knows, and say which ones look like it.

    Raises:
        CaseError: the id is unknown.
    """
    known = list(known)
    if item in known:
        return
    close = suggest(item, known)
    hint = (
        f"did you mean {' or '.join(map(repr, close))}?"
        if close
        else "see `whytwitch causes` for what is known"
    )
    raise CaseError(f"{where}: unknown id {item!r}; {hint}")
