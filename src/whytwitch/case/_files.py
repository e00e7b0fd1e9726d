"""Read cases from files: text, TOML and JSON, and the JSON Schema of the latter two."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from whytwitch.case._complete import complete
from whytwitch.case._labs import adjust_calcium
from whytwitch.case._merge import check_id, merge
from whytwitch.case._model import Case, CaseError, Doubt, DrugUse, LabResult, Observation, Status
from whytwitch.case._read import MAX_BYTES, read_document, read_text
from whytwitch.case._spelling import suggest
from whytwitch.case._structured import FIELDS, read_structured
from whytwitch.case._units import candidates, describe, is_plausible, named, to_si
from whytwitch.knowledge import Analyte, Catalogue, Setting

MAX_FILE_BYTES = 1_000_000
"""Longest file that is opened at all."""


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


def case_schema() -> dict[str, Any]:
    """The JSON Schema of a case file."""
    schema = CaseFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_case(source: str | Path, catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Read a case from a file (``.toml``, ``.json``, anything else is text) or from text itself.

    Args:
        source: a :class:`~pathlib.Path`, or a string: the path of a file that exists, else the text.
        catalogue: the vocabulary to understand it with.
        setting: used where the file does not name one.

    Raises:
        CaseError: what is wrong, where, and how to mend it.
    """
    path = _as_path(source)
    if path is None:
        return read_text(str(source), catalogue, setting=setting)
    content = _content(path)
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".json"):
        return read_text(content, catalogue, setting=setting)
    data = _toml(content, path) if suffix == ".toml" else _json(content, path)
    try:
        return read_data(data, catalogue, setting=setting)
    except CaseError as error:
        raise CaseError(f"{path.name}: {error}") from error


def read_data(data: Mapping[str, Any], catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Read a case from parsed TOML or JSON: a case file, a saved :class:`Case`, or phrase lists."""
    if "observations" in data or "not_understood" in data:
        return _saved(data, catalogue)
    if "symptoms_present" in data or "explicitly_absent" in data or (data and not _is_file(data)):
        return read_structured(data, catalogue, setting=setting)
    try:
        form = CaseFile.model_validate(data)
    except ValidationError as error:
        raise CaseError(_explain(error, CaseFile)) from error
    return _from_form(form, catalogue, form.setting or setting)


def _is_file(data: Mapping[str, Any]) -> bool:
    own = set(CaseFile.model_fields)
    return any(k in own for k in data) or not any(k in FIELDS for k in data)


def _as_path(source: str | Path) -> Path | None:
    if isinstance(source, Path):
        return source
    text = source.strip()
    if not text or "\n" in text or len(text) > 1000:
        return None
    path = Path(text)
    looks = path.suffix.lower() in (".toml", ".json", ".txt") and " " not in path.suffix
    try:
        return path if path.is_file() or (looks and len(text.split()) == 1) else None
    except (OSError, ValueError):
        return None


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CaseError(
                f"{path.name}: larger than {MAX_FILE_BYTES // 1000} kB; give the part that matters"
            )
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path.name}: not a UTF-8 text file; save it as UTF-8 text") from error
    except OSError as error:
        raise CaseError(f"{path.name}: cannot be opened ({error.strerror})") from error


def _toml(content: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path.name}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise CaseError(f"{path.name}: nested too deeply") from error


def _json(content: str, path: Path) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        raise CaseError(
            f"{path.name}: not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from error
    except RecursionError as error:
        raise CaseError(f"{path.name}: nested too deeply") from error
    if not isinstance(data, dict):
        raise CaseError(f"{path.name}: must be one JSON object with fields such as text, findings, labs")
    return cast("dict[str, Any]", data)


def _explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first complaint of pydantic in plain words, with a suggestion for a misspelled field."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        close = suggest(str(first["loc"][-1]), model.model_fields)
        hint = (
            f"did you mean {' or '.join(map(repr, close))}?"
            if close
            else (f"known are {', '.join(model.model_fields)}")
        )
        return f"{where}: unknown field; {hint}"
    return f"{where}: {first['msg']} (given: {first.get('input')!r:.80})"


def _saved(data: Mapping[str, Any], catalogue: Catalogue) -> Case:
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        raise CaseError(_explain(error, Case)) from error
    for observation in case.observations:
        check_id(observation.id, catalogue.findings, "observations")
    for result in case.labs:
        check_id(result.analyte, catalogue.analytes, "labs")
    for use in case.drugs:
        check_id(use.drug, catalogue.drugs, "drugs")
    return case


def _from_form(form: CaseFile, catalogue: Catalogue, setting: Setting) -> Case:
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
            reading = read_document(f"{label} {value}", catalogue)
            if not reading.labs and not reading.doubts:
                check_id(name, catalogue.analytes, "labs")
                raise CaseError(f'labs: {name} = {value!r} is not understood; write for example "2.8 mmol/L"')
            results += [r.model_copy(update={"span": None}) for r in reading.labs]
            doubts += [d.model_copy(update={"span": None}) for d in reading.doubts]
        return results, doubts
    for entry in form.labs:
        result = _lab(entry, catalogue)
        if isinstance(result, Doubt):
            doubts.append(result)
        else:
            results.append(result)
    return results, doubts


def _lab(entry: LabEntry, catalogue: Catalogue) -> LabResult | Doubt:
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
            f"labs: {entry.analyte}: the unit {entry.unit!r} does not fit; known are {', '.join(analyte.units)}"
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
    reading = read_document(f"{name} is high", catalogue)
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
        read = read_document(f"Takes {entry.name}", catalogue).drugs
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
