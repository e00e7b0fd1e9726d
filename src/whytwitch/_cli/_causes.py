"""``whytwitch causes``."""

from __future__ import annotations

import sys
from typing import Literal

from pydantic import BaseModel, ConfigDict

from whytwitch._cli._console import out
from whytwitch._cli._guard import fail
from whytwitch.knowledge import Cause, load
from whytwitch.report import cause_report, causes_report, search_causes


class CausesOut(BaseModel):
    """Causes as the catalogue has them, best match first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal["1"] = "1"
    catalogue_version: str
    query: str
    causes: tuple[Cause, ...]


def causes(query: str, *, json: bool, expert: bool) -> None:
    """List all causes, those that match, or show the one that is meant."""
    catalogue = load()
    key = query.strip().lower().replace("-", "_").replace(" ", "_")
    found = [catalogue.causes[key]] if key in catalogue.causes else search_causes(query, catalogue)
    if not found:
        fail(f"causes: nothing found for {query!r}; try one plain word, or no word to list them all")
    if json:
        listed = CausesOut(catalogue_version=catalogue.version, query=query, causes=tuple(found))
        sys.stdout.write(listed.model_dump_json(indent=2) + "\n")
    elif len(found) == 1:
        out().print(cause_report(found[0], catalogue, expert=expert))
    else:
        out().print(causes_report(found, catalogue, query=query, expert=expert))
