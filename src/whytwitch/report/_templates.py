"""Where every page gets its templates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from whytwitch.report import _numbers as numbers
from whytwitch.report import _phrases as say
from whytwitch.report._clean import capital, clean, sentences, small

if TYPE_CHECKING:
    from jinja2 import Environment

REACH = 3.5
"""Log odds (a factor of 33) at which an evidence bar ends; longer ones are cut there."""


def templates() -> Environment:
    """Templates with escaping always on; undefined names are errors."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("whytwitch.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def page_environment() -> Environment:
    """The templates, with what the pages call from them."""
    environment = templates()
    environment.globals.update(say=say, reach=REACH, span=numbers.span)
    environment.filters.update(
        chance=numbers.chance,
        decimal=numbers.decimal,
        ratio=numbers.ratio,
        cap=capital,
        lower_first=small,
        tidy=lambda text: clean(text, 2000),
        first_sentence=lambda text: (sentences(text) or [""])[0],
    )
    return environment
