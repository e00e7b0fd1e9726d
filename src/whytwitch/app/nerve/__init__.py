"""The nerve on the page: what if a value were different, and what each cause does along the motor unit."""

from whytwitch.app.nerve._routes import routes

__all__ = ["routes"]
