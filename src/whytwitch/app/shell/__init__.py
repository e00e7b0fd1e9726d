"""What every page stands on: who may come in, the layout, the open cases, and how errors are told."""

from whytwitch.app.shell._desk import Desk
from whytwitch.app.shell._errors import handlers, told
from whytwitch.app.shell._guard import Guard
from whytwitch.app.shell._problem import Problem, sentence
from whytwitch.app.shell._render import environment, expert, heavy, in_turn, render, route, send_file, static
from whytwitch.app.shell._settings import HOST, Services, Settings

__all__ = [
    "HOST",
    "Desk",
    "Guard",
    "Problem",
    "Services",
    "Settings",
    "environment",
    "expert",
    "handlers",
    "heavy",
    "in_turn",
    "render",
    "route",
    "send_file",
    "sentence",
    "static",
    "told",
]
