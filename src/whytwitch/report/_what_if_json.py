"""A what-if as one JSON object."""

from __future__ import annotations

import json

from whytwitch.reasoning import WhatIf
from whytwitch.report import _what_if_phrases as say
from whytwitch.report._recording_data import program_version
from whytwitch.report._what_if import what_if_view


def what_if_json(found: WhatIf, *, indent: int | None = 1) -> str:
    """Every number, the headline in words, and the limits; the case itself is left out.

    Ratios of rates are given as log10 and as such; a share is a part of log10 of today's rate over normal.
    """
    document = found.model_dump(mode="json", exclude={"case"})
    document["words"] = list(what_if_view(found, expert=False).headline)
    document["limits"] = [say.SAFETY, say.MODEL, *say.LIMITS]
    document["version"] = program_version()
    return json.dumps(document, indent=indent, allow_nan=False, ensure_ascii=False)


__all__ = ["what_if_json"]
