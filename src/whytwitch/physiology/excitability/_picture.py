"""The picture in which nerve excitability is read: five kinds of curve, and the indices, over the norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Final

import numpy as np

from whytwitch.physiology._errors import PhysiologyError
from whytwitch.physiology.excitability._curves import CONDITIONING_MS, Curves, kind
from whytwitch.physiology.excitability._indices import UNITS, indices
from whytwitch.physiology.excitability._norms import (
    SIGMAS,
    Cohort,
    Normal,
    normal_curves,
    normal_indices,
    z_scores,
)
from whytwitch.physiology.excitability._panel import Axis, Panel, Point, mark

WIDTH: Final = 1240
HEIGHT: Final = 800

HEADLINES: Final = (
    "Strength-duration time constant", "TEd(10-20ms)", "TEd(peak)", "TEd(90-100ms)", "TEd(undershoot)",
    "S2 accommodation", "TEh(10-20ms)", "TEh(90-100ms)", "TEh(overshoot)", "Resting I/V slope",
    "Minimum I/V slope", "Hyperpolarising I/V slope", "Relative refractory period",
    "Refractoriness at 2.5 ms", "Superexcitability", "Subexcitability",
)  # fmt: skip
"""The indices that are commonly reported, in the order of the test."""

SHORT: Final = {
    "Strength-duration time constant": "Strength–duration τ",
    "Hyperpolarising I/V slope": "Hyperpol. I/V slope",
    "Relative refractory period": "Refractory period",
    "Refractoriness at 2.5 ms": "Refractoriness 2.5 ms",
}
"""What the longest of these are called where there is little room."""

ABSENT: Final = "not measured"

_FARTHEST: Final = 4.3
"""Scores beyond are drawn here."""

PICTURE_STYLE: Final = """
.excitability { --card: #fff; --ink: #1d2528; --muted: #535e62; --line: #c9c4b8; --grid: #eeebe4;
  --band: #d9dcdc; --mean: #7b8588; --one: #0b6a66; --two: #b3410f;
  font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
@media (prefers-color-scheme: dark) { .excitability { --card: #1c2225; --ink: #e9e6df; --muted: #abb4b6;
  --line: #4b565b; --grid: #2a3236; --band: #3a4448; --mean: #99a3a6; --one: #6fcfc7; --two: #f5a06f; } }
.excitability text { fill: var(--ink); }
.excitability .title { font-size: 15px; font-weight: 600; }
.excitability .heading { font-size: 20px; font-weight: 600; }
.excitability .quiet { fill: var(--muted); }
.excitability .middle { text-anchor: middle; }
.excitability .end { text-anchor: end; }
.excitability .paper { fill: var(--card); }
.excitability .frame { fill: none; stroke: var(--line); }
.excitability .tick, .excitability .zero { fill: none; stroke: var(--mean); }
.excitability .grid { fill: none; stroke: var(--grid); }
.excitability .band { fill: var(--band); }
.excitability .mean { fill: none; stroke: var(--mean); stroke-width: 1.2; }
.excitability .line-0 { fill: none; stroke: var(--one); stroke-width: 2; }
.excitability .line-1 { fill: none; stroke: var(--two); stroke-width: 2; stroke-dasharray: 6 4; }
.excitability .mark-0 { fill: var(--one); stroke: var(--card); stroke-width: 0.6; }
.excitability .mark-1 { fill: var(--card); stroke: var(--two); stroke-width: 1.6; }
.excitability .weiss { stroke-width: 1; }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: a name for the legend, curves, and the indices they go with."""

    name: str
    curves: Curves
    indices: Mapping[str, float]


def picture(
    shown: Sequence[Shown],
    *,
    title: str = "Nerve excitability",
    cohort: Cohort = "all",
    key: str = "x",
    styled: bool = True,
) -> str:
    """Draw one or two tests over the normal range.

    Six panels: stimulus–response, charge–duration with Weiss's line, threshold electrotonus,
    current–threshold relation, recovery cycle, and the indices as scores. Where a trace is missing, the
    normal range stands alone.

    Args:
        shown: one or two; the first in full lines with dots, the second in broken lines with diamonds.
        title: of the picture.
        cohort: whose normal range.
        key: a word for the names within the picture; of several on one page each needs its own.
        styled: whether it brings its style; else the page has to have ``PICTURE_STYLE``.

    Returns:
        An ``svg`` element that stands alone or within a page, with its style, in light and dark.

    Raises:
        PhysiologyError: none or more than two are to be drawn.
    """
    if not 1 <= len(shown) <= 2:
        raise PhysiologyError(f"{len(shown)} tests are to be drawn: a picture holds one or two")
    panels = (
        _stimulus_response(shown, cohort, key),
        _charge_duration(shown, cohort, key),
        _electrotonus(shown, cohort, key),
        _current_threshold(shown, cohort, key),
        _recovery(shown, cohort, key),
        _scores(shown, cohort, key),
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="excitability" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-labelledby="{key}-title {key}-desc">',
            f'<title id="{key}-title">{escape(title)}</title>',
            f'<desc id="{key}-desc">{escape(_described(shown, cohort))}</desc>',
            *([f"<style>{PICTURE_STYLE}</style>"] if styled else []),
            f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
            f'<text x="24" y="34" class="heading">{escape(title)}</text>',
            *_legend(shown),
            *(panel.svg() for panel in panels),
            *_caption(cohort),
            "</svg>",
        )
    )


def _frame(place: int, margin: float = 58.0) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a panel, in pixels."""
    column, row = place % 3, place // 3
    left, top = 8 + column * 407 + margin, 84 + row * 350
    return left, 8 + column * 407 + 398, top + 260, top


def _legend(shown: Sequence[Shown]) -> list[str]:
    parts, right = [], WIDTH - 20.0
    for series, one in reversed(list(enumerate(shown))):
        right -= 7.2 * len(one.name) + 52
        parts.append(
            f'<g transform="translate({right:.0f} 29)"><path class="line-{series}" d="M0 0h34"/>'
            f'<path class="mark-{series}" d="{mark(17, 0, series)}"/>'
            f'<text x="42" y="4">{escape(one.name)}</text></g>'
        )
    return parts


def _caption(cohort: Cohort) -> list[str]:
    people = max(normal.count for normal in normal_indices(cohort).values())
    words = (
        f"Gray: middle 95 % of {people} healthy people and their mean (median nerve at the wrist, response "
        "of abductor pollicis brevis; Nerve Norms, J. Bell, MIT licence). Refractoriness is taken by the "
        "median, currents and charges as logarithms. For each index, one healthy person in twenty lies "
        "outside the band: that is a reason to look, not a diagnosis."
    )
    return [
        f'<text x="24" y="{HEIGHT - 34 + 17 * i}" class="quiet">{escape(line)}</text>'
        for i, line in enumerate(wrap(words, 185))
    ]


def _described(shown: Sequence[Shown], cohort: Cohort) -> str:
    """The picture in words, for who cannot see it."""
    parts = [
        "Six panels over the normal range: stimulus–response, charge–duration, threshold electrotonus, "
        "current–threshold relation, recovery cycle, and the indices as scores."
    ]
    for one in shown:
        outside = {name: z for name, z in z_scores(one.indices, cohort).items() if abs(z) > SIGMAS}
        told = ", ".join(
            f"{name} {one.indices[name]:.3g} {UNITS[name]} (z {z:+.1f})" for name, z in outside.items()
        )
        parts.append(
            f"{one.name}: " + (f"outside the normal range: {told}." if told else "all indices are normal.")
        )
    return " ".join(parts)


def _reach(shown: Sequence[Shown], name: str, axis: int, low: float, high: float) -> tuple[float, float]:
    """The usual range, widened to hold the curves."""
    values = [one.curves[name][axis] for one in shown if name in one.curves]
    return min([low, *(v.min() for v in values)]), max([high, *(v.max() for v in values)])


def _ends(known: Mapping[float, Normal]) -> tuple[list[Point], list[Point], list[Point]]:
    """The lower end, the upper end and the center of the normal range, over x."""
    ends = [normal.limits for normal in known.values()]
    low, high = ([(x, end[i]) for x, end in zip(known, ends, strict=True)] for i in (0, 1))
    return low, high, [(x, normal.center) for x, normal in known.items()]


def _turned(points: Sequence[Point]) -> list[Point]:
    return [(y, x) for x, y in points]


def _normal(panel: Panel, known: Mapping[float, Normal], *, turn: bool = False) -> None:
    low, high, center = (_turned(line) if turn else line for line in _ends(known))
    panel.band(low, high)
    panel.line(center, "mean")


def _tests(
    panel: Panel, shown: Sequence[Shown], name: str, *, turn: bool = False, shift: float = 0.0
) -> None:
    """Each test that has the trace, the first on top."""
    for series, one in reversed(list(enumerate(shown))):
        if name in one.curves:
            points = [
                (x - shift, y) for x, y in zip(*(row.tolist() for row in one.curves[name]), strict=True)
            ]
            points = _turned(points) if turn else points
            panel.line(points, f"line-{series}")
            panel.marks(points, series)


def _absent(panel: Panel, shown: Sequence[Shown], name: str) -> None:
    if not any(name in one.curves for one in shown):
        panel.note(0.5, 0.98, ABSENT, "quiet middle")


def _stimulus_response(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    left, right, bottom, top = _frame(0)
    low, high = _reach(shown, "SR", 0, 1.5, 15)
    panel = Panel(
        f"{key}-sr", "Stimulus–response", Axis(max(low, 0.1) * 0.95, high * 1.05, left, right, log=True),
        Axis(0, 100, bottom, top), "Stimulus of 1 ms (mA)", "Response (% of largest)",
    )  # fmt: skip
    _normal(panel, normal_curves(cohort)["SR"], turn=True)
    for series, one in reversed(list(enumerate(shown))):
        if "SR" in one.curves:
            points = list(zip(*(row.tolist() for row in one.curves["SR"]), strict=True))
            panel.line(points, f"line-{series}")
            panel.marks(points[:: max(1, len(points) // 12)], series)
    _absent(panel, shown, "SR")
    return panel


def _charge_duration(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    left, right, bottom, top = _frame(1)
    known = normal_curves(cohort)["CD"]
    _, high = _reach(shown, "CD", 1, 0, known[1.0].limits[1])
    _, widest = _reach(shown, "CD", 0, 0, 1)
    panel = Panel(
        f"{key}-cd", "Charge–duration",
        Axis(-0.8, widest * 1.1, left, right), Axis(0, high * 1.05, bottom, top),
        "Width of the stimulus (ms)", "Threshold charge (mA·ms)",
    )  # fmt: skip
    _normal(panel, known)
    centers = np.array([normal.center for normal in known.values()])
    _weiss(panel, indices(Curves({"CD": (np.array(list(known)), centers)})), "mean")
    panel.line([(0, 0), (0, high * 2)], "zero")
    for series, one in reversed(list(enumerate(shown))):
        if "CD" in one.curves:
            _weiss(panel, one.indices, f"line-{series} weiss")
            panel.marks(zip(*(row.tolist() for row in one.curves["CD"]), strict=True), series)
    panel.note(0.03, 0.08, "Where a line meets zero:")
    panel.note(0.03, 0.14, "minus the time constant")
    _absent(panel, shown, "CD")
    return panel


def _weiss(panel: Panel, values: Mapping[str, float], look: str) -> None:
    rheobase, constant = (values.get(name) for name in ("Rheobase", "Strength-duration time constant"))
    if rheobase and constant:
        end = panel.x.high / 1.1
        panel.line([(-constant, 0), (end, rheobase * (end + constant))], look)


def _electrotonus(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    left, right, bottom, top = _frame(2)
    names = sorted({name for one in shown for name in one.curves if kind(name) == "TE"})
    values = np.concatenate(
        [one.curves[name][1] for one in shown for name in names if name in one.curves] or [[0.0]]
    )
    last = max([210.0, *(one.curves[name][0][-1] for one in shown for name in names if name in one.curves)])
    panel = Panel(
        f"{key}-te", "Threshold electrotonus", Axis(-10, last - 10, left, right),
        Axis(min(-170.0, values.min() * 1.05), max(90.0, min(values.max() * 1.05, 150.0)), bottom, top),
        "Delay after the start of the current (ms)", "Threshold reduction (%)",
    )  # fmt: skip
    start, end = CONDITIONING_MS
    for name, known in normal_curves(cohort).items():
        if kind(name) == "TE":
            _normal(panel, {x - start: normal for x, normal in known.items()})
    panel.line([(-10, 0), (last, 0)], "zero")
    panel.line([(0, panel.y.high), (0, panel.y.low)], "grid")
    panel.line([(end - start, panel.y.high), (end - start, panel.y.low)], "grid")
    for name in names:
        _tests(panel, shown, name, shift=start)
    drawn = names or [name for name in normal_curves(cohort) if kind(name) == "TE"]
    levels = ", ".join(sorted(name.replace("TEd", "+").replace("TEh", "\N{MINUS SIGN}") for name in drawn))
    panel.note(0.97, 0.9, "in % of threshold:", "quiet end")
    panel.note(0.97, 0.96, levels, "quiet end")
    if not names:
        panel.note(0.5, 0.12, ABSENT, "quiet middle")
    return panel


def _current_threshold(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    left, right, bottom, top = _frame(3)
    low, high = _reach(shown, "IV", 1, -460, 90)
    least, most = _reach(shown, "IV", 0, -105, 55)
    panel = Panel(
        f"{key}-iv", "Current–threshold (I/V)",
        Axis(low, high, left, right), Axis(least - 5, most + 5, bottom, top),
        "Threshold reduction (%)", "Current (% of threshold)",
    )  # fmt: skip
    _normal(panel, normal_curves(cohort)["IV"], turn=True)
    panel.line([(low, 0), (high, 0)], "zero")
    panel.line([(0, panel.y.low), (0, panel.y.high)], "zero")
    _tests(panel, shown, "IV", turn=True)
    _absent(panel, shown, "IV")
    return panel


def _recovery(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    left, right, bottom, top = _frame(4)
    low, high = _reach(shown, "RC", 1, -50, 125)
    first, last = _reach(shown, "RC", 0, 2, 200)
    panel = Panel(
        f"{key}-rc", "Recovery cycle", Axis(first * 0.9, last * 1.1, left, right, log=True),
        Axis(low, min(high, 200.0), bottom, top), "Interval between the stimuli (ms)", "Threshold change (%)",
    )  # fmt: skip
    _normal(panel, normal_curves(cohort)["RC"])
    panel.line([(panel.x.low, 0), (panel.x.high, 0)], "zero")
    _tests(panel, shown, "RC")
    _absent(panel, shown, "RC")
    return panel


def _scores(shown: Sequence[Shown], cohort: Cohort, key: str) -> Panel:
    """One row an index; a score beyond the axis is drawn at its end."""
    left, right, bottom, top = _frame(5, margin=160.0)
    panel = Panel(
        f"{key}-z", "Indices", Axis(-4.5, 4.5, left, right), Axis(len(HEADLINES), 0, bottom, top),
        "z (right: larger, or less negative)", "",
    )  # fmt: skip
    panel.band([(-SIGMAS, 0), (SIGMAS, 0)], [(-SIGMAS, len(HEADLINES)), (SIGMAS, len(HEADLINES))])
    panel.line([(0, 0), (0, len(HEADLINES))], "mean")
    scores = [z_scores(one.indices, cohort) for one in shown]
    for row, name in enumerate(HEADLINES):
        panel.beside(row + 0.5, SHORT.get(name, name))
        found = [_held(score[name]) for score in scores if name in score]
        for near, far in pairwise(found):
            panel.line([(near, row + 0.5), (far, row + 0.5)], "tick")
    for series in reversed(range(len(shown))):
        rows = ((scores[series].get(name), row + 0.5) for row, name in enumerate(HEADLINES))
        panel.marks(((_held(z), row) for z, row in rows if z is not None), series)
    return panel


def _held(score: float) -> float:
    return max(-_FARTHEST, min(_FARTHEST, score))
