"""The report as one self-contained page: no script, nothing loaded from anywhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from whytwitch.knowledge import Catalogue
from whytwitch.reasoning import LEVELS, Assessment
from whytwitch.report import _numbers as numbers
from whytwitch.report import _phrases as say
from whytwitch.report._body import SORTS, body_map
from whytwitch.report._build import page
from whytwitch.report._clean import capital, clean, sentences, small
from whytwitch.report._templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment

REACH = 3.5
"""Log odds (a factor of 33) at which an evidence bar ends; longer ones are cut there."""


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


@cache
def page_environment() -> Environment:
    """The templates, with what this page calls from them."""
    environment = templates()
    environment.globals.update(say=say, levels=LEVELS, reach=REACH, sorts=SORTS)
    environment.filters.update(
        chance=numbers.chance,
        decimal=numbers.decimal,
        ratio=numbers.ratio,
        cap=capital,
        lower_first=small,
        tidy=lambda text: clean(text, 2000),
        first_sentence=lambda text: (sentences(text) or [""])[0],
    )
    environment.globals["span"] = numbers.span
    return environment
