"""What somebody asks to be different: other blood values, a drug left out, less coffee."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from whytwitch.case import Case, CaseError, DrugUse, LabResult, Observation, complete, read_data
from whytwitch.knowledge import Catalogue

TEMPERATURE: Final = "temperature"
BODY_C: Final = (30.0, 42.0)
"""Body temperatures that may be asked for: those of the living, outside hypothermia that stops a heart."""
MOST_CUPS: Final = 30.0
MOST_A_MINUTE: Final = 10_000.0

QUANTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "potassium": ("potassium",),
    "ionized_calcium": ("calcium_ionized",),
    "calcium": ("calcium_adjusted", "calcium_total"),
    "magnesium": ("magnesium",),
    "sodium": ("sodium",),
    "chloride": ("chloride",),
    "ph": ("ph",),
}
"""Name of a quantity -> the laboratory values of it, the best first; the last is the one set by hand."""

_CALCIUM: Final = ("calcium_ionized", "calcium_total", "calcium_adjusted")
"""What one of these says, another must not contradict: setting one takes the others back."""
_ALSO: Final = {
    "calcium_ionized": "ionized_calcium", "free_calcium": "ionized_calcium", "calcium_total": "calcium",
    "calcium_adjusted": "calcium", "total_calcium": "calcium", "k": "potassium", "na": "sodium",
    "mg": "magnesium", "ca": "calcium", "cl": "chloride", "body_temperature": TEMPERATURE,
}  # fmt: skip
NAMES: Final = (*QUANTITIES, TEMPERATURE)


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall be different.

    Args:
        values: quantity -> its value, as a number in the usual unit or as text with a unit
            (``"4.8 mg/dL"``). Names: ``potassium``, ``ionized_calcium``, ``calcium``, ``magnesium``,
            ``sodium``, ``chloride``, ``ph``, ``temperature`` (°C).
        stop: drugs to leave out, as the person calls them.
        caffeine_cups: cups of coffee a day, 0 to 30; None leaves it.

    Raises:
        CaseError: the number of cups is out of range.
    """

    values: Mapping[str, str | float] = field(default_factory=dict)
    stop: tuple[str, ...] = ()
    caffeine_cups: float | None = None

    def __post_init__(self) -> None:
        cups = self.caffeine_cups
        if cups is not None and not (math.isfinite(cups) and 0 <= cups <= MOST_CUPS):
            raise CaseError(f"caffeine: {cups!r} cups a day; give a number from 0 to {MOST_CUPS:g}")

    @property
    def is_empty(self) -> bool:
        """Whether nothing shall be different."""
        return not (self.values or self.stop) and self.caffeine_cups is None


def changed(case: Case, changes: Changes, catalogue: Catalogue) -> Case:
    """The case as it would be.

    Raises:
        CaseError: an unknown quantity, a value that cannot be, or a drug that the case does not have.
    """
    for key, value in changes.values.items():
        case = _with_value(case, key, value, catalogue)
    for name in changes.stop:
        case = _without(case, stopped(case, name, catalogue), catalogue)
    return case


def quantity_named(key: str) -> str:
    """The quantity that is meant.

    Raises:
        CaseError: there is none; with those that come near.
    """
    bare = key.strip().lower().replace("-", "_").replace(" ", "_")
    known = _ALSO.get(bare, bare)
    if known in NAMES:
        return known
    near = get_close_matches(bare, [*NAMES, *_ALSO], n=2)
    meant = f"did you mean {' or '.join(dict.fromkeys(_ALSO.get(n, n) for n in near))}? " if near else ""
    raise CaseError(f"there is no quantity {key!r}; {meant}known are {', '.join(NAMES)}")


def body_temperature(case: Case) -> float | None:
    """The body's temperature in °C, where a number was given."""
    for observation in case.observations:
        if observation.id in _WARMTH and observation.detail.endswith(" °C"):
            try:
                return float(observation.detail.removesuffix(" °C"))
            except ValueError:
                continue
    return None


_WARMTH: Final = ("hyperthermia", "fever", "hypothermia")


def stopped(case: Case, name: str, catalogue: Catalogue) -> DrugUse:
    """The drug of a case that somebody names.

    Raises:
        CaseError: it has none of that name; with those it has.
    """
    wanted = name.strip().lower()
    taken = [use for use in case.drugs if use.status == "taking"]
    for use in taken:
        if wanted in _names(use, catalogue):
            return use
    if not taken:
        raise CaseError(f"stop {name!r}: no drug is among what was said; name the drugs that are taken first")
    spelled = [each for use in taken for each in _names(use, catalogue)]
    near = get_close_matches(wanted, spelled, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise CaseError(
        f"stop {name!r}: it is not among the drugs; {meant}there are: {', '.join(u.name for u in taken)}"
    )


def _names(use: DrugUse, catalogue: Catalogue) -> tuple[str, ...]:
    drug = catalogue.drugs.get(use.drug)
    known = (drug.name, *drug.brands) if drug else ()
    return tuple(dict.fromkeys(each.lower() for each in (use.name, use.drug, *known)))


def _without(case: Case, use: DrugUse, catalogue: Catalogue) -> Case:
    drugs = tuple(other for other in case.drugs if other.drug != use.drug)
    observations = tuple(o for o in case.observations if o.implied_by != f"drug:{use.drug}")
    return complete(case.model_copy(update={"drugs": drugs, "observations": observations}), catalogue)


def _with_value(case: Case, key: str, value: str | float, catalogue: Catalogue) -> Case:
    name = quantity_named(key)
    if name == TEMPERATURE:
        return _with_temperature(case, _degrees(value))
    analyte = QUANTITIES[name][-1]
    result = _lab(name, analyte, value, catalogue)
    old = _CALCIUM if analyte in _CALCIUM else (analyte,)
    kept = tuple(lab for lab in case.labs if lab.analyte not in old)
    return case.model_copy(update={"labs": (*kept, result)})


def _lab(name: str, analyte: str, value: str | float, catalogue: Catalogue) -> LabResult:
    known = catalogue.analytes[analyte]
    low, high = known.plausible
    text = str(value).strip()
    bare = _number(text)
    if text.startswith(("-", "−")) or (bare is not None and not math.isfinite(bare)):
        raise CaseError(f"{name}: {value!r} cannot be; give {low:g} to {high:g} {known.unit}")
    # A bare number is in the unit that the answers speak in, as with the simulation.
    entry = {"analyte": analyte, "value": bare, "unit": known.unit}
    found = read_data({"labs": {analyte: text} if bare is None else [entry]}, catalogue)
    result = next((lab for lab in found.labs if lab.analyte == analyte), None)
    if result is None or result.value_si is None or not low <= result.value_si <= high:
        raise CaseError(f"{name}: {value!r} cannot be used; give {low:g} to {high:g} {known.unit}")
    return result


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _degrees(value: str | float) -> float:
    text = str(value).replace("°", "").strip().rstrip("CcFf ").strip()
    number = _number(text)
    if number is not None and str(value).strip().lower().endswith("f"):
        number = (number - 32.0) / 1.8
    low, high = BODY_C
    if number is None or not (math.isfinite(number) and low <= number <= high):
        raise CaseError(f"temperature: {value!r} cannot be used; give the body's, {low:g} to {high:g} °C")
    return number


def _with_temperature(case: Case, degrees: float) -> Case:
    kept = tuple(o for o in case.observations if o.id not in _WARMTH)
    # Only its number is read; it says nothing of whether there is a fever.
    held = Observation(id="fever", status="unsure", detail=f"{degrees:.1f} °C")
    return case.model_copy(update={"observations": (*kept, held)})


__all__ = [
    "BODY_C",
    "MOST_A_MINUTE",
    "QUANTITIES",
    "TEMPERATURE",
    "Changes",
    "body_temperature",
    "changed",
    "stopped",
]
