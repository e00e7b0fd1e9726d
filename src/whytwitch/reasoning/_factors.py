"""From a case to physiological factors: what of it acts on the nerve, how, and how well that is known.

What a fluid contains is taken from measurements alone. A drug or a disease may disturb potassium or calcium,
but by how much in one person nobody can say; so a drug whose salts were measured acts through those, and
one whose salts were not moves no number. A disease that changes the nerve itself acts at its usual size,
which is a judgment, and the interval reaches from half of it to one and a half times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from whytwitch.case import Case, LabResult
from whytwitch.knowledge import CONTEXT_KINDS, Catalogue, Change, Scenario, ScenarioGrade, load_mechanics
from whytwitch.physiology.ions import Bath, ionized_calcium, ionized_magnesium
from whytwitch.physiology.scenario import ChangedSystem, Operation
from whytwitch.reasoning._changes import QUANTITIES, TEMPERATURE, body_temperature

Kind = Literal["value", "disease"]

GRADED: Final = ("measured", "modelled")
"""Grades of mechanisms that may move a number."""
CORE_C: Final = 37.0
"""A body's usual temperature; a nerve is taken to be as much warmer than usual as the body (judgment)."""
CALCIUM_ERROR: Final = 0.1
"""Free calcium that is estimated from the total can be wrong by a tenth."""
MAGNESIUM_ERROR_MMOL_L: Final = 0.08
"""By so much electrodes for free magnesium disagree (see the fluid's normal values)."""
SIZES: Final = (0.5, 1.5)
"""Sizes of a disease, relative to the usual one, that the interval takes in (judgment)."""
_NERVE: Final = ("axon", "terminal", "junction")
"""Parts on which a disease may act here; of the fluid only measurements speak."""
_PASSING: Final = ("intense_exercise",)
"""What acts for minutes: being given to it says nothing of a muscle at rest."""

_PKA, _CO2_MMOL_L_KPA = 6.1, 0.230
"""Of the equation of Henderson and Hasselbalch at 37 °C, usual constants."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value that acts on the nerve through the fluid.

    Attributes:
        below, above: causes of the catalogue whose mechanism a low or high value is; it carries the grade.
            Empty where none stands for it: that counts as modelled where ``unnamed`` says so.
        low, high: what the curve shows.
    """

    target: str
    below: str
    above: str
    low: float
    high: float
    unnamed: ScenarioGrade = "hypothesis"


QUANTITY: Final[Mapping[str, Quantity]] = {
    "potassium": Quantity("bath.potassium_mmol_l", "hypokalemia", "hyperkalemia", 2.0, 8.0),
    "ionized_calcium": Quantity("bath.ionized_calcium_mmol_l", "hypocalcemia", "hypercalcemia", 0.5, 2.0),
    "calcium": Quantity("bath.ionized_calcium_mmol_l", "hypocalcemia", "hypercalcemia", 1.2, 3.8),
    # No cause stands for high magnesium or for acid alone; both act as their opposites do, on surface charge.
    "magnesium": Quantity("bath.ionized_magnesium_mmol_l", "hypomagnesemia", "", 0.2, 2.0, "modelled"),
    "sodium": Quantity("bath.sodium_mmol_l", "hyponatremia", "dehydration", 110.0, 170.0),
    "chloride": Quantity("bath.chloride_mmol_l", "hypochloremia", "", 70.0, 120.0),
    "ph": Quantity("bath.ph", "", "hyperventilation", 7.0, 7.7, "modelled"),
    # Excitability of human motor axons was measured over 20 °C and more (Howells 2013, PMC3832120).
    TEMPERATURE: Quantity("bath.temperature_c", "", "", 30.0, 42.0, "measured"),
}
_UNITS: Final = {"ph": "", TEMPERATURE: "°C"}

_STANDS_FOR: Final[Mapping[str, str]] = {
    "als_known": "als", "diabetes_known": "diabetes", "myasthenia_known": "myasthenia_gravis",
    "kidney_disease": "chronic_kidney_disease", "dialysis": "chronic_kidney_disease",
    "hypothyroid_known": "hypothyroidism", "hyperthyroid_known": "thyrotoxicosis",
    "hyperparathyroid_known": "hyperparathyroidism", "celiac_known": "celiac_disease",
    "liver_cirrhosis": "liver_disease", "parkinson_known": "parkinson_disease",
    "ms_known": "multiple_sclerosis",
    "fibromyalgia_known": "fibromyalgia", "mecfs_known": "me_cfs", "nerve_injury": "peripheral_nerve_injury",
    "muscle_disease_known": "myopathy", "pernicious_anemia": "vitamin_b12_deficiency",
    "stress": "anxiety_stress", "anxiety_disorder": "anxiety_stress", "sleep_loss": "sleep_deprivation",
    "low_fluid_intake": "dehydration", "pesticide_exposure": "organophosphate_poisoning",
    "lead_exposure": "lead_poisoning", "mercury_exposure": "mercury_poisoning",
    "low_b12": "vitamin_b12_deficiency", "low_vitamin_d": "vitamin_d_deficiency",
    "low_b6": "vitamin_b6_deficiency",
    "high_b6": "vitamin_b6_excess", "low_phosphate": "hypophosphatemia", "high_tsh": "hypothyroidism",
    "low_tsh": "thyrotoxicosis", "low_sodium": "hyponatremia", "low_chloride": "hypochloremia",
    "high_sodium": "dehydration",
}  # fmt: skip
"""Vocabulary item -> the cause it stands for, beyond the items that causes themselves say they need."""
_PRESENCE_ACTS: Final = ("als_known", "diabetes_known", "myasthenia_known")
"""Items that say that a disease is there now. An exposure, or a disease under treatment, says less."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing about a person that moves the predicted rate.

    Attributes:
        id: name of a quantity, or of a cause.
        value, unit, normal: of a quantity, in the unit of the laboratory; None and "" for a disease.
        operations: what it does to the motor unit.
        variants: the same under other sizes of what had to be assumed; the interval takes them in.
        estimated: whether the value in the fluid was not measured as such.
        drugs: names of drugs taken that are known to push this value this way.
    """

    id: str
    kind: Kind
    grade: ScenarioGrade
    operations: tuple[Operation, ...]
    value: float | None = None
    unit: str = ""
    normal: float | None = None
    variants: tuple[tuple[Operation, ...], ...] = ()
    estimated: bool = False
    drugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cause in the story that moves no number.

    Attributes:
        cause_id: of the catalogue.
        items: what in the story stands for it: vocabulary items.
        through: quantities through which it is thought to act.
        drugs: names of drugs that stand for it.
    """

    cause_id: str
    items: tuple[str, ...]
    through: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()


def system_of(factors: tuple[Factor, ...]) -> ChangedSystem:
    """The motor unit under some factors; without any, the normal one."""
    return ChangedSystem(tuple(step for factor in factors for step in factor.operations))


def factors_of(case: Case, catalogue: Catalogue) -> tuple[Factor, ...]:
    """What of a case may move the predicted rate, quantities first."""
    values = measured(case, catalogue)
    shown = {"ionized_calcium", "calcium"} <= values.keys()
    found = [
        factor
        for name, value in values.items()
        if not (shown and name == "calcium")
        and (factor := _of_value(name, value, case, catalogue)) is not None
    ]
    causes = dict.fromkeys(
        _STANDS_FOR[o.id] for o in case.observations if o.status == "present" and o.id in _PRESENCE_ACTS
    )
    found += [factor for cause_id in causes if (factor := _of_disease(cause_id)) is not None]
    return tuple(found)


def suspects_of(case: Case, catalogue: Catalogue) -> tuple[Suspect, ...]:
    """Causes in the story of which the model knows no size: they move no number."""
    acting = {factor.id for factor in factors_of(case, catalogue)}
    grouped: dict[str, list[str]] = {}
    for item in _told(case, catalogue):
        for cause_id in _causes_of(item, catalogue):
            grouped.setdefault(cause_id, []).append(item)
    return tuple(
        Suspect(cause_id, tuple(items), through(cause_id), _drug_names(case, items, catalogue))
        for cause_id, items in grouped.items()
        if cause_id not in acting
    )


def unmeasured(case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """Quantities that were said to be low or high without their number."""
    known = measured(case, catalogue)
    found = [
        name
        for name, analytes in QUANTITIES.items()
        if name not in known
        and any(
            lab.analyte in analytes and lab.value_si is None and lab.flag not in (None, "normal")
            for lab in case.labs
        )
    ]
    return tuple(found)


def measured(case: Case, catalogue: Catalogue) -> dict[str, float]:
    """Quantity -> its value in the usual unit, where the case has a number."""
    labs = {lab.analyte: lab for lab in case.labs if lab.value_si is not None}
    values: dict[str, float] = {}
    for name, analytes in QUANTITIES.items():
        lab = next((labs[a] for a in analytes if a in labs), None)
        if lab is not None and lab.value_si is not None:
            values[name] = lab.value_si
    if "ph" not in values and (ph := _ph_of_gases(labs, catalogue)) is not None:
        values["ph"] = ph
    if (degrees := body_temperature(case)) is not None:
        values[TEMPERATURE] = degrees
    return values


def _ph_of_gases(labs: Mapping[str, LabResult], catalogue: Catalogue) -> float | None:
    """Acidity from bicarbonate and carbon dioxide, where both are known; one alone does not tell."""
    bicarbonate, gas = labs.get("bicarbonate"), labs.get("paco2")
    if bicarbonate is None or gas is None or not bicarbonate.value_si or not gas.value_si:
        return None
    ph = _PKA + math.log10(bicarbonate.value_si / (_CO2_MMOL_L_KPA * gas.value_si))
    low, high = catalogue.analytes["ph"].plausible
    return round(ph, 2) if low <= ph <= high else None


# --- values ---------------------------------------------------------------------------------------


def _of_value(name: str, value: float, case: Case, catalogue: Catalogue) -> Factor | None:
    quantity = QUANTITY[name]
    in_fluid = to_fluid(name, case)
    normal = normal_of(name, case)
    grade = grade_of(name, value, normal)
    if grade not in GRADED:
        return None
    step = in_fluid(value)
    others = {
        "calcium": (step * (1 - CALCIUM_ERROR), step * (1 + CALCIUM_ERROR)),
        "magnesium": (max(0.0, step - MAGNESIUM_ERROR_MMOL_L), step + MAGNESIUM_ERROR_MMOL_L),
    }.get(name, ())
    return Factor(
        name, "value", grade, _override(quantity.target, step), value=value,
        unit=unit_of(name, catalogue), normal=normal,
        variants=tuple(_override(quantity.target, other) for other in others),
        estimated=name in ("calcium", "magnesium", TEMPERATURE),
        drugs=_pushing(quantity.target, below=value < normal, case=case, catalogue=catalogue),
    )  # fmt: skip


def _override(target: str, value: float) -> tuple[Operation, ...]:
    return (Operation(target, "override", value, "measured"),)


def unit_of(name: str, catalogue: Catalogue) -> str:
    """Of a quantity, as the laboratory reports it."""
    return _UNITS[name] if name in _UNITS else catalogue.analytes[QUANTITIES[name][-1]].unit


def to_fluid(name: str, case: Case) -> Callable[[float], float]:
    """From what a laboratory reports to what the nerve sees."""
    if name == "magnesium":
        return ionized_magnesium
    if name == TEMPERATURE:
        return lambda value: Bath().temperature_c + value - CORE_C
    if name == "calcium":
        labs = {lab.analyte: lab.value_si for lab in case.labs if lab.value_si is not None}
        # Adjusted calcium is what the total would be at an albumin of 40 g/L.
        albumin = 40.0 if "calcium_adjusted" in labs else labs.get("albumin", 43.0)
        return lambda value: ionized_calcium(value, min(albumin, 80.0), labs.get("ph", 7.4))
    return lambda value: value


def normal_of(name: str, case: Case) -> float:
    """The value that changes nothing, as a laboratory would report it."""
    target = QUANTITY[name].target
    wanted = getattr(Bath(), target.removeprefix("bath."))
    if name == TEMPERATURE:
        return CORE_C
    in_fluid = to_fluid(name, case)
    if name not in ("magnesium", "calcium"):
        return float(wanted)
    low, high = 0.1, 5.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if in_fluid(middle) < wanted else (low, middle)
    return round(high, 2)


def grade_of(name: str, value: float, normal: float) -> ScenarioGrade:
    """How well the action of a value is known: the grade of the cause whose mechanism it is."""
    quantity = QUANTITY[name]
    cause_id = quantity.below if value < normal else quantity.above
    if not cause_id:
        return quantity.unnamed
    return load_mechanics().causes[cause_id].scenarios[0].grade


# --- diseases -------------------------------------------------------------------------------------


def _of_disease(cause_id: str) -> Factor | None:
    graded = [s for s in load_mechanics().causes[cause_id].scenarios if s.grade in GRADED]
    acting = [(s, steps) for s in graded if (steps := _steps(cause_id, s, 1.0))]
    if not acting:
        return None
    (first, steps), others = acting[0], acting[1:]
    return Factor(
        cause_id, "disease", first.grade, steps, estimated=True,
        variants=(*(_steps(cause_id, first, size) for size in SIZES), *(other for _, other in others)),
    )  # fmt: skip


def _steps(cause_id: str, scenario: Scenario, size: float) -> tuple[Operation, ...]:
    dose = scenario.dose
    amount = dose.normal + size * (dose.typical - dose.normal)
    amount = min(max(amount, dose.low), dose.high)
    return tuple(
        Operation(change.target, change.operation, change.at(amount, dose), f"{cause_id}/{scenario.id}")
        for change in scenario.changes
        if change.target.partition(".")[0] in _NERVE
    )


# --- what is in the story -------------------------------------------------------------------------


def _told(case: Case, catalogue: Catalogue) -> Iterator[str]:
    """Habits, drugs, diseases and blood values that are out of range."""
    for observation in case.observations:
        finding = catalogue.findings.get(observation.id)
        if observation.status == "present" and finding is not None and (
            finding.kind in CONTEXT_KINDS or observation.id in _STANDS_FOR):  # fmt: skip
            yield observation.id
    for lab in case.labs:
        analyte = catalogue.analytes[lab.analyte]
        low = analyte.low if lab.low is None else lab.low
        high = analyte.high if lab.high is None else lab.high
        if lab.value_si is None:
            continue
        if low is not None and lab.value_si < low and analyte.low_finding in _STANDS_FOR:
            yield analyte.low_finding
        if high is not None and lab.value_si > high and analyte.high_finding in _STANDS_FOR:
            yield analyte.high_finding


def _causes_of(item: str, catalogue: Catalogue) -> list[str]:
    needing = [cause.id for cause in catalogue.causes.values() if item in cause.needs]
    return list(dict.fromkeys([_STANDS_FOR[item], *needing] if item in _STANDS_FOR else needing))


def through(cause_id: str) -> tuple[str, ...]:
    """Quantities that the first reading of a cause changes, of those that can move the number."""
    found: list[str] = []
    changes = _changes(cause_id)
    for name, quantity in QUANTITY.items():
        if name == "calcium" or quantity.target not in changes:
            continue
        scenario, change = changes[quantity.target]
        value = change.at(scenario.dose.typical, scenario.dose)
        if grade_of(name, value, change.neutral) in GRADED:
            found.append(name)
    return tuple(found)


def _changes(cause_id: str) -> dict[str, tuple[Scenario, Change]]:
    scenarios = load_mechanics().causes[cause_id].scenarios
    return {change.target: (scenarios[0], change) for change in scenarios[0].changes} if scenarios else {}


def _pushing(target: str, *, below: bool, case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    """Drugs taken whose usual effect is to push a value this way."""
    names: dict[str, None] = {}
    for use in case.drugs:
        drug = catalogue.drugs.get(use.drug)
        if drug is None or use.status != "taking":
            continue
        for context in (drug.context, *drug.also):
            for cause_id in _causes_of(context, catalogue) if context else ():
                known = _changes(cause_id).get(target)
                if known and (known[1].at(known[0].dose.typical, known[0].dose) < known[1].neutral) == below:
                    names[use.name] = None
    return tuple(names)


def _drug_names(case: Case, items: list[str], catalogue: Catalogue) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for use in case.drugs:
        drug = catalogue.drugs.get(use.drug)
        if drug is not None and use.status == "taking" and not {drug.context, *drug.also}.isdisjoint(items):
            names[use.name] = None
    return tuple(names)


__all__ = [
    "GRADED", "QUANTITY", "Factor", "Suspect", "factors_of", "grade_of", "measured", "normal_of",
    "suspects_of", "system_of", "through", "to_fluid", "unit_of", "unmeasured",
]  # fmt: skip
