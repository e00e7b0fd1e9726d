"""Options whose value may be left out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from typer.core import TyperCommand

PRINTED: Final = "-"


class BareJson(TyperCommand):
    """A command whose ``--json`` may stand without a file: it then prints."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say ``-`` for a file that is not named, and parse."""
        whole: list[str] = []
        for argument, following in pairwise([*args, "--"]):
            whole.append(argument)
            if argument == "--json" and following.startswith("-") and following != PRINTED:
                whole.append(PRINTED)
        return super().parse_args(ctx, whole)
