"""The page as a server: everything put together, on the loopback interface."""

from whytwitch.app.server._build import create_app
from whytwitch.app.server._run import Serving, serve

__all__ = ["Serving", "create_app", "serve"]
