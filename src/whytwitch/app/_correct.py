"""Put right one thing that was understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from whytwitch.app._answers import SEXES, age_in_years, duration_in_days
from whytwitch.case import Case, CaseError, Status, complete, merge, read_data
from whytwitch.knowledge import Catalogue

DRUG: Final = "drug:"
RECORDING: Final = "recording"
UNKNOWN: Final = "unknown"
"""Takes a thing back: it counts as never said."""

FACT_OF: Final[Mapping[str, str]] = {"age": "age_years", "sex": "sex", "duration": "duration_days"}


def correct(case: Case, key: str, value: str, catalogue: Catalogue) -> Case:
    """The case with one thing put right.

    Args:
        case: what was understood.
        key: the id of a finding, of a laboratory value, ``age``, ``sex`` or ``duration``,
            ``drug:NAME`` for a drug, or ``recording`` for all recordings (both can only be taken back).
        value: ``present``, ``absent`` or ``unsure`` for a finding; a value with its unit, or an age,
            a sex, a length of time; ``unknown`` takes back what was understood.
        catalogue: the vocabulary.

    Raises:
        CaseError: the id or the value makes no sense.
    """
    if value == UNKNOWN:
        return _withdraw(case, key, catalogue)
    if key in FACT_OF:
        return complete(case.model_copy(update={FACT_OF[key]: _fact(key, value, catalogue)}), catalogue)
    if key in catalogue.analytes:
        return merge(case, read_data({"labs": {key: value}}, catalogue), catalogue)
    statuses: dict[str, Status] = {status: status for status in get_args(Status)}
    if key == RECORDING or key.startswith(DRUG):
        raise CaseError(f"{key}: it can only be taken back; give {UNKNOWN}")
    if value not in statuses:
        raise CaseError(f"{key}: {value!r} is not one of {', '.join(statuses)}, {UNKNOWN}")
    return merge(case, {key: statuses[value]}, catalogue)


def _fact(key: str, value: str, catalogue: Catalogue) -> float | str:
    try:
        if key == "age":
            return age_in_years(value)
        if key == "duration":
            return duration_in_days(value, catalogue)
        return SEXES[value.strip().lower()]
    except CaseError as error:
        raise CaseError(f"{key}: {error}") from error
    except KeyError as error:
        raise CaseError(f"sex: {value!r} is not understood; give female or male") from error


def _withdraw(case: Case, key: str, catalogue: Catalogue) -> Case:
    """The case as if a thing had never been said; a drug that stands behind it goes with it."""
    if key in FACT_OF:
        return complete(case.model_copy(update={FACT_OF[key]: None}), catalogue)
    if key == RECORDING:
        return complete(case.model_copy(update={"recordings": ()}), catalogue)
    if key.startswith(DRUG):
        drugs = tuple(use for use in case.drugs if f"{DRUG}{use.drug}" != key)
        brought = {o.id: None for o in case.observations if o.implied_by == key}
        return merge(case.model_copy(update={"drugs": drugs}), brought, catalogue)
    labs = tuple(lab for lab in case.labs if lab.analyte != key)
    if key in catalogue.analytes:
        return complete(case.model_copy(update={"labs": labs}), catalogue)
    roots = {o.implied_by for o in case.observations if o.id == key}
    drugs = tuple(use for use in case.drugs if f"{DRUG}{use.drug}" not in roots)
    labs = tuple(lab for lab in labs if f"lab:{lab.analyte}" not in roots)
    return merge(case.model_copy(update={"drugs": drugs, "labs": labs}), {key: None}, catalogue)


__all__ = ["FACT_OF", "UNKNOWN", "correct"]
