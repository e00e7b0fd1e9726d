"""MATLAB's .mat files of version 5 to 7; those of 7.3 are HDF5 and read there."""

from __future__ import annotations

import re
from typing import Any

from whytwitch.recording.formats._arrays import found_in_arrays
from whytwitch.recording.formats._mat_v5 import MatFile
from whytwitch.recording.formats._reader import Found, Given, Reader


class MatReader(Reader):
    """MATLAB version 5 to 7."""

    name = "MATLAB .mat"
    order = 30
    extensions = (".mat",)

    def recognizes(self, given: Given) -> bool:
        """By its first words and the mark of the byte order."""
        return given.head.startswith(b"MATLAB 5.0") and given.head[126:128] in (b"IM", b"MI")

    def open(self, given: Given) -> Found:
        """Read all variables that are numbers or text."""
        return found_in_arrays(given.path, "MATLAB", _gathered(MatFile(given.path).variables))


def _gathered(variables: dict[str, Any]) -> dict[str, Any]:
    """Cells of text as one list."""
    lists: dict[str, list[str]] = {}
    for name, value in variables.items():
        found = re.fullmatch(r"(.+)/\d+", name)
        if found and isinstance(value, str):
            lists.setdefault(found[1], []).append(value)
    return {**variables, **lists}


__all__ = ["MatReader"]
