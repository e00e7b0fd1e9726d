"""The pages of one person: their words, what was understood, the questions, the answer; and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.app.person._first import first
    from whytwitch.app.person._routes import routes

__all__ = ["first", "routes"]

_HOMES = {"first": "_first", "routes": "_routes"}

__getattr__, __dir__ = lazily(__name__, _HOMES)
