"""A simulated cause as one self-contained page: no script, nothing loaded from anywhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from whytwitch.knowledge import Catalogue
from whytwitch.physiology.effects import AxonEffect, Effects
from whytwitch.physiology.excitability import Shown, picture
from whytwitch.report._clean import capital, clean
from whytwitch.report._recording_data import program_version
from whytwitch.report._simulation import LIMITS, MODEL_ONLY, TITLE, Simulated, Stop, view
from whytwitch.report._simulation_traces import PX, plots
from whytwitch.report._templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment


def simulation_html(shown: Simulated, catalogue: Catalogue, *, expert: bool = False) -> str:
    """What a cause does as an HTML page that can be opened, printed and kept.

    Args:
        shown: what was simulated.
        catalogue: names and sources.
        expert: precise terms, every index, and all details open.
    """
    context = simulation_context(shown, catalogue, expert=expert)
    return _environment().get_template("simulation.html.j2").render(context)


def simulation_context(
    shown: Simulated, catalogue: Catalogue, *, expert: bool, styled: bool = True
) -> dict[str, Any]:
    """What the templates of a simulated cause read, for any page that is built of them.

    Args:
        shown: what was simulated.
        catalogue: names and sources.
        expert: precise terms, every index, and all details open.
        styled: whether the panels bring their style along.
    """
    found = shown.effects
    told = view(shown, catalogue, expert=expert)
    return {
        "shown": told,
        "everything": view(shown, catalogue, expert=True),
        "expert": expert,
        "example": shown.example,
        "lit": _lit(told.stops, found),
        "panels": _panels(found.axon, "axon", told.name, styled=styled),
        "terminal_panels": _panels(
            found.terminal, "terminal", f"{told.name}, ends of the nerve", styled=styled
        ),
        "plots": plots(shown),
        "beyond": found.beyond,
        "seed": shown.seed,
        "version": program_version(),
        "PX": PX,
        "LIMITS": LIMITS,
        "MODEL_ONLY": MODEL_ONLY,
    }


def _lit(stops: tuple[Stop, ...], found: Effects) -> dict[str, str]:
    """How each place is drawn; the ends of the nerve as its trunk where they change with it."""
    lit = {stop.place: f"{'acts ' if stop.acts else ''}is-{stop.state}" for stop in stops}
    return {**lit, "terminal": lit["terminal"] if found.terminal or not found.axon else lit["axon"]}


def _panels(of: AxonEffect | None, key: str, title: str, *, styled: bool) -> Markup:
    """The six panels; empty where there is nothing to compare. The picture escapes what it writes."""
    if of is None or of.changed.curves is None or of.normal.curves is None:
        return Markup()
    both = [
        Shown(name, state.curves, state.indices)
        for name, state in (("Changed model", of.changed), ("Normal model", of.normal))
        if state.curves is not None
    ]
    return Markup(picture(both, title=capital(clean(title)), key=key, styled=styled))  # noqa: S704


@cache
def _environment() -> Environment:
    """The templates, with what this page calls from them."""
    environment = templates()
    environment.globals.update(TITLE=TITLE)
    environment.filters.update(cap=capital, tidy=lambda text: clean(str(text), 600))
    return environment


__all__ = ["simulation_context", "simulation_html"]
