"""The form of a case file, and how it turns into a case."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from whytwitch.case._calcium import adjust_calcium
from whytwitch.case._complete import complete
from whytwitch.case._merge import check_id, merge
from whytwitch.case._model import Case, CaseError, Doubt, DrugUse, LabResult, Observation, Status
from whytwitch.case._read import MAX_BYTES, read_document, read_text
from whytwitch.case._units import candidates, describe, is_plausible, is_unit, named, to_si
from whytwitch.knowledge import Analyte, Catalogue, Setting


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FindingLists(_Form):
    """Findings by what is known of them."""

    present: list[str] = []
    absent: list[str] = []
    unsure: list[str] = []


class LabEntry(_Form):
    """One laboratory result."""

    analyte: str = Field(description="Id of the analyte, or its name in plain words")
    value: float | None = None
    unit: str | None = None
    low: float | None = Field(None, description="Lower end of the interval printed with it")
    high: float | None = Field(None, description="Upper end of the interval printed with it")
    flag: Literal["low", "normal", "high"] | None = None


class DrugEntry(_Form):
    """One drug."""

    name: str
    dose: str = ""
    status: Literal["taking", "stopped", "not taking", "given"] = "taking"


class CaseFile(_Form):
    """A case as a person writes it down in TOML or JSON. Every field may be left out."""

    age_years: Annotated[float, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    duration_days: Annotated[float, Field(ge=0)] | None = None
    setting: Setting | None = Field(None, description="Where the question is asked")
    text: str = Field("", description="The story in plain words; it is read too")
    findings: list[str] | FindingLists | dict[str, Status | bool] = Field(
        default=[], description="Ids: a list of those present, lists by status, or a status for each"
    )
    labs: list[LabEntry] | dict[str, float | str] = Field(
        default=[], description='Results, or a table such as potassium = "2.8 mmol/L"'
    )
    drugs: list[str | DrugEntry] = []


def from_form(form: CaseFile, catalogue: Catalogue, setting: Setting) -> Case:
    statuses = _statuses(form)
    for item in statuses:
        check_id(item, catalogue.findings, "findings")
    labs, doubts = _labs(form, catalogue)
    drugs, unknown = _drugs(form, catalogue)
    told = Case(
        age_years=form.age_years, sex=form.sex, duration_days=form.duration_days,
        observations=tuple(Observation(id=k, status=v) for k, v in statuses.items()),
        labs=tuple(adjust_calcium(labs, catalogue)), drugs=tuple(drugs), doubts=(*doubts, *unknown),
        setting=setting,
    )  # fmt: skip
    if form.text.strip():
        return merge(read_text(form.text, catalogue, setting=setting), told, catalogue)
    if told == Case(setting=setting):
        raise CaseError("nothing is said of the person; give at least one of text, findings, labs, drugs")
    return complete(told, catalogue)


def _statuses(form: CaseFile) -> dict[str, Status]:
    given = form.findings
    if isinstance(given, list):
        return dict.fromkeys(given, "present")
    if isinstance(given, dict):
        return {k: ("present" if v else "absent") if isinstance(v, bool) else v for k, v in given.items()}
    statuses: dict[str, Status] = {}
    lists: tuple[tuple[Status, list[str]], ...] = (
        ("present", given.present), ("absent", given.absent), ("unsure", given.unsure),
    )  # fmt: skip
    for status, items in lists:
        for item in items:
            if item in statuses and statuses[item] != status:
                raise CaseError(
                    f"findings: {item!r} is given both as {statuses[item]} and as {status}; keep one"
                )
            statuses[item] = status
    return statuses


def _labs(form: CaseFile, catalogue: Catalogue) -> tuple[list[LabResult], list[Doubt]]:
    results: list[LabResult] = []
    doubts: list[Doubt] = []
    if isinstance(form.labs, dict):
        for name, value in form.labs.items():
            label = catalogue.analytes[name].patterns[0] if name in catalogue.analytes else name
            _check_unit(name, value, catalogue)
            reading = read_document(f"{label} {value}", catalogue, mend=False)
            if not reading.labs and not reading.doubts:
                check_id(name, catalogue.analytes, "labs")
                raise CaseError(f'labs: {name} = {value!r} is not understood; write for example "2.8 mmol/L"')
            results += [r.model_copy(update={"span": None}) for r in reading.labs]
            doubts += [d.model_copy(update={"span": None}) for d in reading.doubts]
        return results, doubts
    for entry in form.labs:
        result = lab_result(entry, catalogue)
        if isinstance(result, Doubt):
            doubts.append(result)
        else:
            results.append(result)
    return results, doubts


def _check_unit(name: str, value: float | str, catalogue: Catalogue) -> None:
    """Refuse ``"3 bananas"``: a word after the number that is neither unit, bound nor judgement.

    Raises:
        CaseError: what follows the number means nothing.
    """
    found = _AMOUNT.match(str(value))
    unit = found["unit"].strip() if found else ""
    bare = unit.split("(")[0].split("[")[0].split(",")[0].strip()
    if (
        bare
        and not is_unit(bare, catalogue.analytes.values())
        and bare.lower().split()[0].strip(".;") not in _SAID
    ):
        raise CaseError(
            f'labs: {name} = {value!r}: {bare!r} is no known unit; write for example "2.8 mmol/L"'
        )


_AMOUNT = re.compile(r"\s*[<>≤≥~]?\s*\d+(?:[.,]\d+)*(?P<unit>.*)$", re.DOTALL)
_SAID = frozenset(("low", "high", "normal", "raised", "elevated", "reduced", "times", "fold", "x", "and",
                   "to",
                   "ref", "range", "at", "on", "after", "was", "is", "h", "l", "very", "slightly", "before",
                   "yesterday", "today", "fasting", "range:", "reference"))  # fmt: skip


def lab_result(entry: LabEntry, catalogue: Catalogue) -> LabResult | Doubt:
    analyte = _analyte(entry.analyte, catalogue)
    if entry.value is None:
        if entry.flag is None:
            raise CaseError(
                f"labs: {entry.analyte}: give a value with its unit, or flag = low, normal or high"
            )
        return LabResult(analyte=analyte.id, flag=entry.flag)
    unit = named(analyte, entry.unit) if entry.unit else None
    if entry.unit and unit is None:
        raise CaseError(
            f"labs: {entry.analyte}: unit {entry.unit!r} does not fit; use one of {', '.join(analyte.units)}"
        )
    fitting = [unit] if unit else candidates(analyte, entry.value)
    shown = f"{analyte.plain} {entry.value:g}"
    if len(fitting) > 1:
        return Doubt(
            text=shown, question=f"In which unit is {shown}: {' or '.join(u.name for u in fitting)}?"
        )
    if not fitting or not is_plausible(analyte, to_si(entry.value, fitting[0])):
        return Doubt(
            text=shown, question=f"{shown} cannot be in a living person. Possible is {describe(analyte)}."
        )
    chosen = fitting[0]
    return LabResult(
        analyte=analyte.id, value=entry.value, unit=chosen.name, value_si=to_si(entry.value, chosen),
        low=None if entry.low is None else to_si(entry.low, chosen),
        high=None if entry.high is None else to_si(entry.high, chosen), flag=entry.flag,
    )  # fmt: skip


def _analyte(name: str, catalogue: Catalogue) -> Analyte:
    if name in catalogue.analytes:
        return catalogue.analytes[name]
    reading = read_document(f"{name} is high", catalogue, mend=False)
    if not reading.labs:
        check_id(name, catalogue.analytes, "labs")
    return catalogue.analytes[reading.labs[0].analyte]


def _drugs(form: CaseFile, catalogue: Catalogue) -> tuple[list[DrugUse], list[Doubt]]:
    uses: list[DrugUse] = []
    doubts: list[Doubt] = []
    for given in form.drugs:
        entry = DrugEntry(name=given) if isinstance(given, str) else given
        if len(entry.name) > MAX_BYTES:
            raise CaseError("drugs: a name is too long")
        read = read_document(f"Takes {entry.name}", catalogue, mend=False).drugs
        if entry.name in catalogue.drugs:
            uses.append(DrugUse(drug=entry.name, name=entry.name, dose=entry.dose, status=entry.status))
        elif read:
            use = read[0]
            status = use.status if use.status != "taking" else entry.status
            uses.append(
                use.model_copy(update={"dose": entry.dose or use.dose, "status": status, "span": None})
            )
        else:
            doubts.append(
                Doubt(
                    text=entry.name,
                    question=f"{entry.name!r} is not a known drug; how is it written, or which group is it?",
                )
            )
    return uses, doubts
