"""The pages of one person: their words, what was understood, the questions, the answer; and the catalogue."""

from whytwitch.app.person._routes import routes

__all__ = ["routes"]
