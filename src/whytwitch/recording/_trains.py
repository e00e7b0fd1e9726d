"""Stretches that one unit fills by firing fast and evenly, as in neuromyotonia.

Where many units contract, the signal at one time says nothing of the signal some milliseconds later.
Where one unit fires at 40 to 300 a second, it repeats itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._fourier import backward, fast_length, forward
from whytwitch.recording._model import Samples
from whytwitch.recording._store import Store

INTERVALS_S: Final = (0.003, 0.025)
"""Intervals between discharges that are looked for."""

PIECE_S: Final = 0.15
REPEATS: Final = 0.55
"""Correlation of the signal with itself one interval later (interference has up to 0.4)."""

LONGEST_S: Final = 8.0
"""Longer stretches are efforts."""


def even_stretches(store: Store, stretches_s: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Those of the stretches that one unit fills, (n, 2) seconds."""
    even: list[tuple[float, float]] = []
    for begin, end in stretches_s:
        if end - begin > LONGEST_S:
            continue
        first, stop = round(begin * rate_hz), round(end * rate_hz)
        scores = [
            repetition(store.read(a, a + round(PIECE_S * rate_hz)), rate_hz)
            for a in range(first, max(first + 1, stop - round(PIECE_S * rate_hz)), round(PIECE_S * rate_hz))
        ]
        if np.median(scores) >= REPEATS:
            even.append((float(begin), float(end)))
    return np.array(even, float).reshape(-1, 2)


def repetition(components: Samples, rate_hz: float) -> float:
    """Highest correlation of a stretch with itself one interval later, after it has once fallen."""
    n = components.shape[1]
    size = fast_length(2 * n)
    own = backward((np.abs(forward(components, size)) ** 2).sum(axis=0), size)[:n]
    # Fewer samples overlap at longer lags.
    own = own / max(float(own[0]), 1e-12) * n / (n - np.arange(n))
    low, high = (round(x * rate_hz) for x in INTERVALS_S)
    fallen = np.flatnonzero(own[:high] < 0.2)
    if not len(fallen):
        return 0.0
    return float(own[max(low, int(fallen[0])) : high + 1].max(initial=0.0))


__all__ = ["even_stretches", "repetition"]
