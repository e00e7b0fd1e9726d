"""``whytwitch schema``."""

from __future__ import annotations

import json
import sys
from typing import Any, Literal

What = Literal["case", "report", "causes"]


def schema(what: What) -> None:
    """Print one JSON Schema."""
    sys.stdout.write(json.dumps(_schema(what), indent=2, ensure_ascii=False) + "\n")


def _schema(what: What) -> dict[str, Any]:
    if what == "case":
        from whytwitch.case import case_schema

        return case_schema()
    if what == "report":
        from whytwitch.report import json_schema

        return json_schema()
    from whytwitch._cli._causes import CausesOut

    own = CausesOut.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **own}
