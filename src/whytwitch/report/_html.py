"""The report as one self-contained page: no script, nothing loaded from anywhere."""

from __future__ import annotations

from typing import Any

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import Assessment
from whytwitch.report._body import body_map
from whytwitch.report._build import page
from whytwitch.report._templates import page_environment


def to_html(assessment: Assessment, catalogue: Catalogue, *, expert: bool = False) -> str:
    """The assessment as an HTML page that can be opened, printed and kept.

    Args:
        assessment: what to show.
        catalogue: the knowledge it was reasoned with.
        expert: add probabilities, contributions, rules, codes and methods.
    """
    template = page_environment().get_template("report.html.j2")
    return template.render(page_context(assessment, catalogue, expert=expert))


def page_context(assessment: Assessment, catalogue: Catalogue, *, expert: bool) -> dict[str, Any]:
    """What the report's templates read, for any page that is built of them."""
    shown = page(assessment, catalogue)
    return {
        "page": shown,
        "answer": assessment,
        "catalogue": catalogue,
        "expert": expert,
        "body": body_map(assessment, catalogue),
        "marks": {key: cited.number for cited in shown.sources for key in cited.ids},
    }
