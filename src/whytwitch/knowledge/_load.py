"""Read the catalogue's tables, check every one and every reference between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from whytwitch.knowledge._schema import (
    CONTEXT_KINDS,
    Analyte,
    BodySite,
    Cause,
    Drug,
    Family,
    Finding,
    LabLimit,
    Muscle,
    RecordingTable,
    RedFlagRule,
    SiteFinding,
    Source,
)
from whytwitch.knowledge._tables import CatalogueError, cached_tables


class Scale(BaseModel):
    """What a graded word stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p: float
    low: float
    high: float


class Catalogue(BaseModel):
    """Everything the product knows, checked as a whole. Mappings are keyed by id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    words: dict[str, Scale]
    sources: dict[str, Source]
    findings: dict[str, Finding]
    families: dict[str, Family]
    causes: dict[str, Cause]
    analytes: dict[str, Analyte]
    drugs: dict[str, Drug]
    sites: dict[str, BodySite]
    site_findings: tuple[SiteFinding, ...]
    muscles: dict[str, Muscle]
    red_flags: dict[str, RedFlagRule]
    lab_limits: dict[str, LabLimit]
    recording: RecordingTable
    fingerprint: str = ""

    def probability(self, p: str | float) -> float:
        """The number a graded word stands for; a number is returned as it is."""
        return self.words[p].p if isinstance(p, str) else p

    def muscle(self, name: str) -> Muscle | None:
        """The muscle that an id, a name or a word for it stands for; None if there is none."""
        plain = " ".join(name.lower().replace("_", " ").split())
        for key, muscle in self.muscles.items():
            if plain in (key.replace("_", " "), muscle.name.lower(), *muscle.words):
                return muscle
        return None


def load() -> Catalogue:
    """Return the catalogue, read once a process.

    Raises:
        CatalogueError: a table is malformed or refers to an id that does not exist.
    """
    return _load()


@cache
def _load() -> Catalogue:
    tables = cached_tables()
    # The compiled file was checked when it was built; only its shape is checked again.
    return build(tables, references="compiled" not in tables)


def build(tables: Mapping[str, Any], *, references: bool = True) -> Catalogue:
    """Turn parsed tables into a checked :class:`Catalogue`.

    Args:
        tables: as :func:`whytwitch.knowledge._tables.read_tables` returns them.
        references: whether to follow every reference between tables too.

    Raises:
        CatalogueError: names the first faulty table, field and reason.
    """
    keyed = {name: table for name, table in tables.items() if name != "compiled"}
    for name in _KEYED:
        keyed[name] = _with_ids(tables[name])
    keyed["recording"] = {
        name: _with_ids(part) if name in _KEYED_IN_RECORDING else part
        for name, part in tables["recording"].items()
    }
    try:
        catalogue = Catalogue.model_validate(keyed)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"catalogue: {where}: {first['msg']}") from error
    problems = list(dangling(catalogue)) if references else []
    if problems:
        raise CatalogueError("catalogue: " + "; ".join(problems[:20]))
    return catalogue


def _with_ids(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: {"id": key, **entry} if isinstance(entry, dict) else entry for key, entry in table.items()}


_KEYED_IN_RECORDING = ("healthy", "evidence", "groups", "silent")
_KEYED = (
    "findings", "families", "causes", "analytes", "drugs", "sites", "muscles", "red_flags",
    "lab_limits",
)  # fmt: skip


def dangling(catalogue: Catalogue) -> Iterator[str]:
    """Yield every reference that leads nowhere, in words."""
    findings = catalogue.findings
    for key, cause in catalogue.causes.items():
        if cause.id != key:
            yield f"causes/{key}.toml: id is {cause.id!r}; rename the file or the id"
        if cause.family not in catalogue.families:
            yield f"causes/{key}.toml: unknown family {cause.family!r}"
        for link in cause.findings:
            if link.id not in findings or findings[link.id].kind in CONTEXT_KINDS:
                yield f"causes/{key}.toml: findings: {link.id!r} is not a finding"
        for item in (*(link.id for link in cause.context), *cause.needs):
            if item not in findings or findings[item].kind not in CONTEXT_KINDS:
                yield f"causes/{key}.toml: context: {item!r} is not a context"
        for item in cause.excludes:
            if item not in findings:
                yield f"causes/{key}.toml: excludes: unknown finding {item!r}"
        for source in _cited(cause):
            if source not in catalogue.sources:
                yield f"causes/{key}.toml: unknown source {source!r}"
    for key, finding in findings.items():
        for other in (finding.parent, *finding.implies_absent):
            if other is not None and other not in findings:
                yield f"findings: {key}: unknown finding {other!r}"
    for key, drug in catalogue.drugs.items():
        for item in (drug.context, *drug.also):
            if item is not None and item not in findings:
                yield f"drugs: {key}: unknown context {item!r}"
    for key, analyte in catalogue.analytes.items():
        for item in (analyte.low_finding, analyte.high_finding):
            if item is not None and item not in findings:
                yield f"analytes: {key}: unknown finding {item!r}"
    for rule in catalogue.site_findings:
        if {rule.finding, rule.gives} - findings.keys() or rule.site not in catalogue.sites:
            yield f"site_findings: {rule.finding} at {rule.site}: unknown id"
    for key, muscle in catalogue.muscles.items():
        if muscle.site not in catalogue.sites:
            yield f"muscles: {key}: unknown site {muscle.site!r}"
    for key, flag in catalogue.red_flags.items():
        for item in (*flag.all_of, *flag.any_of):
            if item not in findings:
                yield f"red_flags: {key}: unknown finding {item!r}"
        for source in flag.sources:
            if source not in catalogue.sources:
                yield f"red_flags: {key}: unknown source {source!r}"
    for key, limit in catalogue.lab_limits.items():
        if limit.analyte not in catalogue.analytes:
            yield f"lab_limits: {key}: unknown analyte {limit.analyte!r}"
        for source in limit.sources:
            if source not in catalogue.sources:
                yield f"lab_limits: {key}: unknown source {source!r}"
    yield from _dangling_in_recording(catalogue)


def _dangling_in_recording(catalogue: Catalogue) -> Iterator[str]:
    table = catalogue.recording
    named = [(f"healthy: {key}", (key,)) for key in table.healthy]
    named += [(f"evidence: {key}", entry.muscles) for key, entry in table.evidence.items()]
    for where, muscles in named:
        for muscle in muscles:
            if muscle not in catalogue.muscles:
                yield f"recording: {where}: unknown muscle {muscle!r}"
    grouped: set[str] = set()
    for key, group in table.groups.items():
        for cause in group.causes:
            if cause not in catalogue.causes:
                yield f"recording: groups: {key}: unknown cause {cause!r}"
            if cause in grouped:
                yield f"recording: groups: {key}: {cause!r} is in two groups; leave it in one"
            grouped.add(cause)
    parts = (table.healthy, table.evidence, table.groups, table.silent)
    for entry in (table.watch, *(entry for part in parts for entry in part.values())):
        for source in entry.sources:
            if source not in catalogue.sources:
                yield f"recording: unknown source {source!r}"


def _cited(value: object) -> Iterator[str]:
    """Every source key below ``value``."""
    if isinstance(value, BaseModel):
        for name, inner in value:
            if name == "sources" and isinstance(inner, tuple):
                yield from (key for key in inner if isinstance(key, str))
            else:
                yield from _cited(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _cited(inner)
