"""Add to a case what follows from what is in it: contexts of drugs, of age, of general findings."""

from __future__ import annotations

from collections.abc import Iterator

from whytwitch.case._model import Case, DrugUse, Observation, Status
from whytwitch.knowledge import Catalogue

INFANT_YEARS = 1.0
ADULT_YEARS = 16.0


def complete(case: Case, catalogue: Catalogue) -> Case:
    """The case with the observations that its drugs, age, laboratory words and general findings imply.

    What was said outright is never overwritten. Broader findings are left to the reasoning. The
    function may be applied again after :func:`merge`: what it added before is recomputed.
    """
    stated = [o for o in case.observations if o.implied_by is None]
    held = {o.id: o for o in stated}
    for observation in (*_of_drugs(case, catalogue), *_of_labs(case, catalogue), *_of_age(case, catalogue)):
        known = held.get(observation.id)
        if known is None or (known.implied_by is not None and _rank(observation) > _rank(known)):
            held[observation.id] = observation
    for observation in _absent(list(held.values()), catalogue):
        if observation.id not in held and not _has_present_child(observation.id, held, catalogue):
            held[observation.id] = observation
    return case.model_copy(update={"observations": tuple(held.values())})


def _rank(observation: Observation) -> int:
    return ("absent", "unsure", "present").index(observation.status)


def _of_drugs(case: Case, catalogue: Catalogue) -> Iterator[Observation]:
    for use in case.drugs:
        drug = catalogue.drugs.get(use.drug)
        status = _drug_status(use)
        if drug is None or status is None:
            continue
        detail = f"{use.name} {use.dose}".strip()
        for context in (drug.context, *drug.also):
            if context is not None:
                yield Observation(
                    id=context, status=status, detail=detail, span=use.span, implied_by=f"drug:{use.drug}"
                )


def _drug_status(use: DrugUse) -> Status | None:
    status: dict[str, Status] = {"taking": "present", "stopped": "unsure", "not taking": "absent"}
    return status.get(use.status)


def _of_labs(case: Case, catalogue: Catalogue) -> Iterator[Observation]:
    """Results given in words alone."""
    for result in case.labs:
        analyte = catalogue.analytes.get(result.analyte)
        if analyte is None or result.value_si is not None or result.flag is None:
            continue
        for side, finding in (("low", analyte.low_finding), ("high", analyte.high_finding)):
            if finding is not None:
                status: Status = "present" if result.flag == side else "absent"
                yield Observation(
                    id=finding, status=status, span=result.span, implied_by=f"lab:{result.analyte}"
                )


def _of_age(case: Case, catalogue: Catalogue) -> Iterator[Observation]:
    age = case.age_years
    if age is None:
        return
    is_infant = age < INFANT_YEARS
    stages = {"infant": is_infant, "child": not is_infant and age < ADULT_YEARS}
    for item, holds in stages.items():
        if item in catalogue.findings:
            yield Observation(id=item, status="present" if holds else "absent", implied_by="age")


def _absent(held: list[Observation], catalogue: Catalogue) -> Iterator[Observation]:
    for observation in held:
        finding = catalogue.findings.get(observation.id)
        if finding is None or observation.status != "present":
            continue
        for item in finding.implies_absent:
            yield Observation(id=item, status="absent", span=observation.span, implied_by=observation.id)


def _has_present_child(item: str, held: dict[str, Observation], catalogue: Catalogue) -> bool:
    for other in held.values():
        if other.status != "present":
            continue
        at = catalogue.findings[other.id].parent if other.id in catalogue.findings else None
        while at is not None:
            if at == item:
                return True
            at = catalogue.findings[at].parent
    return False
