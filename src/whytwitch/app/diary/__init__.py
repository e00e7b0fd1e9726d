"""The diary: kept only by those who ask for it, on their own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.app.diary._case import assess, diary_case
    from whytwitch.app.diary._entry import Counted, DiaryError, Entry, Measured, Triggers, checked
    from whytwitch.app.diary._exchange import from_json, to_csv, to_json
    from whytwitch.app.diary._routes import routes
    from whytwitch.app.diary._store import Store
    from whytwitch.app.diary._trend import Trend, trend
    from whytwitch.app.diary._triggers import Look, Looks, looks

__all__ = [
    "Counted",
    "DiaryError",
    "Entry",
    "Look",
    "Looks",
    "Measured",
    "Store",
    "Trend",
    "Triggers",
    "assess",
    "checked",
    "diary_case",
    "from_json",
    "looks",
    "routes",
    "to_csv",
    "to_json",
    "trend",
]

_HOMES = {
    **dict.fromkeys(("assess", "diary_case"), "_case"),
    **dict.fromkeys(("Counted", "DiaryError", "Entry", "Measured", "Triggers", "checked"), "_entry"),
    **dict.fromkeys(("from_json", "to_csv", "to_json"), "_exchange"),
    "routes": "_routes",
    "Store": "_store",
    **dict.fromkeys(("Trend", "trend"), "_trend"),
    **dict.fromkeys(("Look", "Looks", "looks"), "_triggers"),
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
