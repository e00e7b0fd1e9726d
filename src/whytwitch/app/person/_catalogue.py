"""The catalogue, to be browsed and searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from whytwitch.app.person import _phrases as say
from whytwitch.app.shell import Problem, Services, expert, heavy, render
from whytwitch.knowledge import Catalogue, Cause, Verdict
from whytwitch.report import cause_view, search_causes

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LONGEST_QUERY = 200


async def causes(request: Request, services: Services) -> Response:
    """All causes by family, or those that fit a search."""
    query = request.query_params.get("q", "")[:LONGEST_QUERY].strip()
    verdict = request.query_params.get("verdict", "")
    claimed = request.query_params.get("claimed", "") == "1"
    catalogue = services.catalogue
    found = await heavy(search_causes, query, catalogue)
    shown = [c for c in found if _wanted(c, verdict, claimed=claimed)]
    return render(
        request, "person/causes.html.j2", told=say, catalogue=catalogue, query=query, verdict=verdict,
        claimed=claimed, shown=shown, families=_by_family(shown, catalogue, searched=bool(query)),
        verdicts=get_args(Verdict),
    )  # fmt: skip


async def cause(request: Request, services: Services) -> Response:
    """One cause in full, with its sources."""
    catalogue = services.catalogue
    key = request.path_params["cause"]
    if key not in catalogue.causes:
        raise Problem(404, "There is no such cause", "Search for it under “Causes”.")
    view = await heavy(cause_view, catalogue.causes[key], catalogue, expert=expert(request))
    return render(request, "person/cause.html.j2", told=say, view=view, cause=view.cause, catalogue=catalogue)


def _wanted(cause: Cause, verdict: str, *, claimed: bool) -> bool:
    return (not verdict or cause.verdict.answer == verdict) and (not claimed or bool(cause.article_phrases))


def _by_family(shown: list[Cause], catalogue: Catalogue, *, searched: bool) -> list[tuple[str, list[Cause]]]:
    """Families with their causes; a search keeps its own order under one empty heading."""
    if searched:
        return [("", shown)]
    groups = [
        (family.plain, [c for c in shown if c.family == family.id]) for family in catalogue.families.values()
    ]
    return [(name, members) for name, members in groups if members]


__all__ = ["cause", "causes"]
