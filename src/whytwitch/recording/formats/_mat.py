"""MATLAB's .mat files of version 5 to 7; those of 7.3 are HDF5 and read there."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

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
        if given.path.suffix.lower() == ".set":
            return False  # EEGLAB, which MNE knows
        return given.head.startswith(b"MATLAB 5.0") and given.head[126:128] in (b"IM", b"MI")

    def open(self, given: Given) -> Found:
        """Read all variables that are numbers or text."""
        return found_in_arrays(given.path, "MATLAB", _gathered(MatFile(given.path).variables))


def _gathered(variables: dict[str, Any]) -> dict[str, Any]:
    """Cells of text as one list, and cells of equally long rows as one array (grids are saved so)."""
    texts: dict[str, list[str]] = {}
    rows: dict[str, list[np.ndarray]] = {}
    for name, value in variables.items():
        found = re.fullmatch(r"(.+)/\d+", name)
        if found and isinstance(value, str):
            texts.setdefault(found[1], []).append(value)
        elif found and isinstance(value, np.ndarray) and value.size == max(value.shape) > 1:
            rows.setdefault(found[1], []).append(value.reshape(-1))
    grids = {
        name: np.stack(own) for name, own in rows.items() if len(own) > 1 and len({len(r) for r in own}) == 1
    }
    return {**variables, **texts, **grids}


__all__ = ["MatReader"]
