"""Recordings in the browser: read, looked at, reviewed potential by potential, put into an answer."""

from whytwitch.app.viewer._routes import routes

__all__ = ["routes"]
