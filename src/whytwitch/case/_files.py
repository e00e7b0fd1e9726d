"""Read cases from files: text, TOML and JSON, and the JSON Schema of the latter two."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from whytwitch.case._form import CaseFile, from_form
from whytwitch.case._json_shape import check_json
from whytwitch.case._lab_table import read_lab_table
from whytwitch.case._merge import check_id
from whytwitch.case._model import Case, CaseError
from whytwitch.case._read import read_text
from whytwitch.case._spelling import suggest
from whytwitch.case._structured import FIELDS, read_structured
from whytwitch.knowledge import Catalogue, Setting

MAX_FILE_BYTES = 1_000_000
"""Longest file that is opened at all."""


def case_schema() -> dict[str, Any]:
    """The JSON Schema of a case file."""
    schema = CaseFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_case(source: str | Path, catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Read a case from a file or from text itself.

    Files: ``.toml``, ``.json``, a table of laboratory values (``.csv``, ``.tsv``); anything else is text.

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
    if suffix in (".csv", ".tsv"):
        try:
            return read_lab_table(content, catalogue, setting=setting)
        except CaseError as error:
            raise CaseError(f"{path.name}: {error}") from error
    if suffix not in (".toml", ".json"):
        return read_text(content, catalogue, setting=setting)
    data = _toml(content, path) if suffix == ".toml" else _json(content, path)
    try:
        return read_data(data, catalogue, setting=setting)
    except CaseError as error:
        raise CaseError(f"{path.name}: {error}") from error


def read_data(data: Mapping[str, Any], catalogue: Catalogue, *, setting: Setting = "public") -> Case:
    """Read a case from parsed TOML or JSON: a case file, a saved :class:`Case`, phrase lists, or FHIR.

    Raises:
        CaseError: what is wrong, where, and how to mend it.
    """
    check_json(data, "the data")
    if "resourceType" in data:
        # Imported here, for few read FHIR and the others shall not wait for it.
        from whytwitch.case._fhir import read_fhir

        return read_fhir(data, catalogue, setting=setting)
    if not {"observations", "not_understood", "recordings"}.isdisjoint(data):
        return _saved(data, catalogue)
    if "symptoms_present" in data or "explicitly_absent" in data or (data and not _is_file(data)):
        return read_structured(data, catalogue, setting=setting)
    try:
        form = CaseFile.model_validate(data)
    except ValidationError as error:
        raise CaseError(_explain(error, CaseFile)) from error
    return from_form(form, catalogue, form.setting or setting)


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
    looks = path.suffix.lower() in (".toml", ".json", ".txt", ".csv", ".tsv") and " " not in path.suffix
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
        last = "" if "line" in str(error) else f" (line {content.count(chr(10)) + 1})"
        raise CaseError(f"{path.name}: not valid TOML: {error}{last}") from error
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
        for place in observation.places:
            check_id(place.site, catalogue.sites, "places")
    for result in case.labs:
        check_id(result.analyte, catalogue.analytes, "labs")
    for use in case.drugs:
        check_id(use.drug, catalogue.drugs, "drugs")
    for recording in case.recordings:
        if recording.muscle:
            check_id(recording.muscle, catalogue.muscles, "recordings")
    return case
