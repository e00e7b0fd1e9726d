"""One page to keep or print: the six panels, every index, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from whytwitch.physiology.excitability._indices import UNITS
from whytwitch.physiology.excitability._norms import SIGMAS, Cohort, Normal, normal_indices
from whytwitch.physiology.excitability._picture import Shown, picture

_STYLE: Final = """
:root { color-scheme: light dark; --paper: #faf8f4; --ink: #1d2528; --muted: #535e62; --line: #ddd8cd; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181a; --ink: #e9e6df; --muted: #abb4b6; --line: #374146; } }
body { margin: 2rem auto; max-width: 1240px; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
svg { box-sizing: border-box; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
figure { margin: 0; overflow-x: auto; }
.excitability { min-width: 760px; }
table { border-collapse: collapse; margin: 1.5rem 0; }
th, td { text-align: right; padding: 0.15rem 0.9rem 0.15rem 0; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child, td:last-child, th:last-child { text-align: left; }
.quiet { color: var(--muted); }
@media print { body { margin: 0; } figure { overflow: visible; } }
"""


def word(z: float, normal: Normal) -> str:
    """What a score says in a word or two: normal, or which way it departs."""
    if abs(z) <= SIGMAS:
        return "normal"
    if normal.center < 0:
        return "less negative" if z > 0 else "more negative"
    return "high" if z > 0 else "low"


def norm_text(normal: Normal) -> str:
    """Center and spread, or the range where the spread is a ratio."""
    if normal.scale == "log":
        low, high = normal.limits
        return f"{normal.center:.3g} ({low:.3g} to {high:.3g})"
    return f"{normal.center:.3g} ± {normal.spread:.2g}"


def z_text(z: float | None) -> str:
    """A score with its sign and one digit; nothing for none."""
    return "" if z is None else f"{round(z, 1) + 0.0:+.1f}"


def page(shown: Sequence[Shown], *, title: str, notes: Sequence[str] = (), cohort: Cohort = "all") -> str:
    """A whole HTML page, which loads nothing.

    Args:
        shown: one or two tests.
        title: of the page and the picture.
        notes: paragraphs under the picture: what was changed, on which evidence.
        cohort: whose normal range.

    Raises:
        PhysiologyError: none or more than two tests.
    """
    heads = "".join(f"<th>{escape(one.name)}</th><th>z</th>" for one in shown)
    body = "\n".join(_row(name, shown, cohort) for name in UNITS if any(name in one.indices for one in shown))
    told = "\n".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{_STYLE}</style></head><body>
<figure>{picture(shown, title=title, cohort=cohort)}</figure>
{told}
<table><thead><tr><th>Index</th>{heads}<th>healthy</th><th></th></tr></thead><tbody>
{body}
</tbody></table>
<p class="quiet">Indices as QtracP derives them. It informs and does not diagnose.</p>
</body></html>
"""


def _row(name: str, shown: Sequence[Shown], cohort: Cohort) -> str:
    normal = normal_indices(cohort)[name]
    cells, said = "", ""
    for one in shown:
        value = one.indices.get(name)
        z = None if value is None else normal.z(value)
        cells += f"<td>{'' if value is None else f'{value:.4g}'}</td><td>{z_text(z)}</td>"
        said = said or ("" if z is None else word(z, normal))
    unit = f" <span class='quiet'>{UNITS[name]}</span>" if UNITS[name] else ""
    return f"<tr><td>{escape(name)}{unit}</td>{cells}<td>{norm_text(normal)}</td><td>{said}</td></tr>"
