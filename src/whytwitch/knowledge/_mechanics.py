"""Read how every cause is simulated, and check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from whytwitch.knowledge._scenario import Mechanics, PublishedChange, Scenario
from whytwitch.knowledge._tables import CatalogueError, cached_mechanics


class MechanicsTable(BaseModel):
    """How the causes act on the simulated motor unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    causes: dict[str, Mechanics]
    excitability_changes: tuple[PublishedChange, ...]

    def scenario(self, cause_id: str, scenario_id: str | None = None) -> Scenario | None:
        """A scenario by its id, or a cause's first; None if there is none."""
        entry = self.causes.get(cause_id)
        scenarios = entry.scenarios if entry else ()
        if scenario_id is None:
            return scenarios[0] if scenarios else None
        return next((scenario for scenario in scenarios if scenario.id == scenario_id), None)


@cache
def load_mechanics() -> MechanicsTable:
    """Return how the causes are simulated, read once a process and only when asked for.

    Raises:
        CatalogueError: an entry is malformed.
    """
    return build_mechanics(cached_mechanics())


def build_mechanics(tables: Mapping[str, Any]) -> MechanicsTable:
    """Turn parsed tables into a checked :class:`MechanicsTable`.

    Args:
        tables: as :func:`whytwitch.knowledge._tables.read_mechanics` returns them.

    Raises:
        CatalogueError: names the first faulty cause, field and reason.
    """
    causes = {key: {"id": key, **entry} for key, entry in tables["causes"].items()}
    try:
        return MechanicsTable.model_validate(
            {"causes": causes, "excitability_changes": tables["excitability_changes"]}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"catalogue: {where}: {first['msg']}") from error


def dangling_mechanics(table: MechanicsTable, sources: Mapping[str, object]) -> Iterator[str]:
    """Yield every reference of the scenarios that leads nowhere, in words."""
    for key, entry in table.causes.items():
        for scenario in entry.scenarios:
            cited = {*scenario.sources, *scenario.dose.sources}
            cited.update(*(change.sources for change in scenario.changes))
            for source in sorted(cited - sources.keys()):
                yield f"causes/{key}.toml: scenario {scenario.id}: unknown source {source!r}"
    for row in table.excitability_changes:
        where = f"excitability_changes.toml: {row.group}: {row.index}"
        if row.source not in sources:
            yield f"{where}: unknown source {row.source!r}"
        if row.cause is None:
            continue
        scenario = table.scenario(row.cause, row.scenario)
        if scenario is None:
            yield f"{where}: no scenario {row.scenario!r} of {row.cause!r}"
        elif row.dose is not None and not scenario.dose.low <= row.dose <= scenario.dose.high:
            yield f"{where}: dose {row.dose:g} is out of range"
