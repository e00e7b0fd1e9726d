"""The page as a server: everything put together, on the loopback interface."""

from whytwitch.app.server._build import create_app
from whytwitch.app.server._run import NoPortError, Serving, serve

__all__ = ["NoPortError", "Serving", "create_app", "serve"]
