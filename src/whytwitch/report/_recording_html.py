"""A recording's report as one self-contained page: no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording import Potential, Signature, Twitches, Unit
from whytwitch.report import _phrases
from whytwitch.report._clean import capital, clean
from whytwitch.report._recording_data import channel_names, program_version
from whytwitch.report._recording_gauge import gauge
from whytwitch.report._recording_numbers import measures
from whytwitch.report._recording_overview import MARK_PX, TRACE_PX, overview
from whytwitch.report._recording_quality import quality_view
from whytwitch.report._recording_times import GAPS_PX, RATE_PX, ROW_PX, gaps, raster, rates
from whytwitch.report._recording_units import DRAWN, SHAPE_PX, potential_view, unit_views
from whytwitch.report._recording_view import View, view
from whytwitch.report._recording_words import NOTHING, clock, number, share
from whytwitch.report._templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment

FIRST_EVENTS: Final = 20

Section = Literal["answer", "whole", "times", "units", "gaps", "quality", "limits", "numbers"]
SECTIONS: Final[tuple[Section, ...]] = (
    "answer", "whole", "times", "units", "gaps", "quality", "limits", "numbers",
)  # fmt: skip


def recording_html(
    twitches: Twitches,
    signature: Signature,
    *,
    expert: bool = False,
    examples: Mapping[int, NDArray[np.floating]] | None = None,
) -> str:
    """What was found in a recording as an HTML page that can be opened, printed and kept.

    Args:
        twitches: what was detected.
        signature: its measures.
        expert: precise terms, and what the literature says of the numbers.
        examples: by unit, single potentials on its best channel, (n_examples, n_times), with the times of
            its template; drawn behind the mean.

    Raises:
        ValueError: examples do not fit their template.
    """
    shown = view(twitches, signature, expert=expert)
    return _environment().get_template("recording.html.j2").render(_context(shown, SECTIONS, examples))


def recording_sections(
    twitches: Twitches,
    signature: Signature,
    *,
    sections: Sequence[Section] = SECTIONS,
    expert: bool = False,
    examples: Mapping[int, NDArray[np.floating]] | None = None,
) -> str:
    """Parts of the same page, for another page that brings ``style.css`` and ``recording.css`` itself.

    Args:
        twitches: what was detected.
        signature: its measures.
        sections: which, in order.
        expert: precise terms.
        examples: as in :func:`recording_html`.

    Returns:
        HTML without a script, a style or anything that would be loaded.

    Raises:
        ValueError: examples do not fit their template.
    """
    shown = view(twitches, signature, expert=expert)
    template = _environment().get_template("_recording_sections.html.j2")
    return template.render(_context(shown, sections, examples))


def potential_html(
    twitches: Twitches,
    signature: Signature,
    potential: Potential,
    unit: Unit | None,
    *,
    expert: bool = False,
) -> str:
    """One potential in pictures, over the mean of its unit: on its best electrode, and across all of them.

    Args:
        twitches: what was detected.
        signature: its measures.
        potential: a close look at one moment.
        unit: whose mean it is held against; None where it belongs to none.
        expert: precise terms.
    """
    shown = view(twitches, signature, expert=expert)
    return (
        _environment()
        .get_template("_recording_potential.html.j2")
        .render(
            say=shown.say,
            signature=signature,
            source=twitches.source,
            one=potential_view(shown, potential, unit),
            unit=unit,
        )
    )


def _context(
    shown: View, sections: Sequence[Section], examples: Mapping[int, NDArray[np.floating]] | None
) -> dict[str, Any]:
    """What the sections read; what none of them shows is not drawn."""
    drawn: dict[Section, Callable[[], dict[str, Any]]] = {
        "answer": lambda: {"gauge": gauge(shown)},
        "whole": lambda: {"whole": overview(shown)},
        "times": lambda: {"whole": overview(shown), "raster": raster(shown), "rates": rates(shown)},
        "units": lambda: {"units": unit_views(shown, examples)},
        "gaps": lambda: {"gaps": gaps(shown)},
        "quality": lambda: {"quality": quality_view(shown)},
        "limits": dict,
        "numbers": lambda: {
            "measures": measures(shown),
            "events": _first_events(shown),
            "n_events": len(shown.twitches.events),
            "version": program_version(),
        },
    }
    context: dict[str, Any] = {
        "shown": shown,
        "sections": sections,
        "say": shown.say,
        "signature": shown.signature,
        "source": shown.twitches.source,
        "expert": shown.say.expert,
    }
    for section in sections:
        context |= drawn[section]()
    return context


def _first_events(shown: View) -> tuple[tuple[str, ...], ...]:
    events, say = shown.twitches.events, shown.say
    names = channel_names(shown.twitches)
    sized = shown.signature.calibrated
    rows = []
    for i in range(min(FIRST_EVENTS, len(events))):
        unit, kind = int(events.unit[i]), str(events.kind[i])
        onset = float(events.onset_s[i])
        rows.append(
            (
                f"{clock(onset)}.{int(onset * 1000) % 1000:03d}",
                say.UNIT_N.format(unit=unit) if unit else say.UNSORTED,
                say.KINDS.get(kind, clean(kind)),
                f"{events.confidence[i]:.2f}",
                *((f"{number(float(events.amplitude[i]))} µV",) if sized else ()),
                f"{number(float(events.duration_ms[i]))} ms",
                names[i] or NOTHING,
            )
        )
    return tuple(rows)


@cache
def _environment() -> Environment:
    """The templates, with what this page calls from them."""
    environment = templates()
    pixels: dict[str, Any] = {
        "MARK_PX": MARK_PX, "TRACE_PX": TRACE_PX, "SHAPE_PX": SHAPE_PX, "ROW_PX": ROW_PX, "RATE_PX": RATE_PX,
        "GAPS_PX": GAPS_PX, "FEW_UNITS": DRAWN,
    }  # fmt: skip
    environment.globals.update(
        pixels, DISCLAIMER=_phrases.DISCLAIMER, DISCLAIMER_MORE=_phrases.DISCLAIMER_MORE
    )
    environment.filters.update(
        cap=capital, part=share, number=number, tidy=lambda text: clean(str(text), 400)
    )
    return environment


__all__ = ["potential_html", "recording_html", "recording_sections"]
