"""Components of a whole recording, kept in a file, so that memory stays small and work can resume."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Samples

KEPT_AS: Final = np.dtype("<f2")
"""White components have unit variance; half precision keeps their third digit."""

LARGEST: Final = 60_000.0


class Store:
    """(n_components, n) on disk, written and read in stretches of time."""

    def __init__(self, path: Path, n_components: int, n: int) -> None:
        self.n_components = n_components
        self.n = n
        self._path = path
        self._file = path.open("r+b" if path.exists() else "w+b")
        # Work that is interrupted lets go of the file too.
        self._gone = weakref.finalize(self, self._file.close)

    def write(self, first: int, components: Samples) -> None:
        """Keep a stretch that begins at sample ``first``."""
        self._file.seek(first * self.n_components * KEPT_AS.itemsize)
        kept = np.clip(components.T, -LARGEST, LARGEST).astype(KEPT_AS)
        self._file.write(np.ascontiguousarray(kept).tobytes())

    def read(self, first: int, stop: int) -> Samples:
        """Samples ``first`` to ``stop``, zero beyond the ends, (n_components, stop - first)."""
        begin, end = max(0, first), min(self.n, stop)
        out = np.zeros((self.n_components, stop - first), np.float32)
        if end > begin:
            self._file.seek(begin * self.n_components * KEPT_AS.itemsize)
            count = (end - begin) * self.n_components
            flat = np.frombuffer(self._file.read(count * KEPT_AS.itemsize), KEPT_AS)
            rows = flat[: len(flat) // self.n_components * self.n_components].reshape(-1, self.n_components)
            out[:, begin - first : begin - first + len(rows)] = rows.T
        return out

    def windows(self, times: NDArray[np.intp], before: int, after: int) -> Samples:
        """Windows around samples, (n_times, n_components, before + after)."""
        out = np.empty((len(times), self.n_components, before + after), np.float32)
        for place, time in enumerate(times):
            out[place] = self.read(int(time) - before, int(time) + after)
        return out

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._file.flush()

    def close(self) -> None:
        """Let the file go."""
        self._gone()


__all__ = ["Store"]
