"""The space in which tests are compared: the commonly reported indices, as scores, with far ones drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.excitability import normal_indices, z_scores

Floats = NDArray[np.float64]

INDICES: Final = (
    "Stimulus for 50% max response", "Strength-duration time constant",
    "TEd(10-20ms)", "TEd(90-100ms)", "TEd(undershoot)",
    "TEh(10-20ms)", "TEh(90-100ms)", "TEh(overshoot)",
    "Resting I/V slope", "Minimum I/V slope", "Hyperpolarising I/V slope",
    "Relative refractory period", "Refractoriness at 2.5 ms", "Superexcitability", "Subexcitability",
    "Temperature",
)  # fmt: skip
"""What is used of a test. Left out is what another index says in other words (``Rheobase``, ``TEd(peak)``,
``S2 accommodation``), since the model's error in a small difference of two would count as much as a finding,
and what one axon has not (the size of the response, latency)."""

FAR: Final = 2.0
"""Scores beyond so many standard deviations are drawn in (inverse hyperbolic sine): healthy people have
more far values than a Gaussian, and a model is not to be trusted on how far is far."""


def drawn_in(z: Floats) -> Floats:
    """Scores as they are compared: like ``z`` near 0, like its logarithm far out."""
    return FAR * np.arcsinh(z / FAR)


def place(found: Mapping[str, float]) -> Floats:
    """A test as a point, (len(INDICES),); NaN where an index was not measured or has no score."""
    z = z_scores(found)
    return drawn_in(np.array([z.get(name, np.nan) for name in INDICES]))


def values_at(point: Floats) -> dict[str, float]:
    """The test that lies at a point, by index in its own unit: ``place`` backwards."""
    found = {}
    for name, at in zip(INDICES, point.tolist(), strict=True):
        if np.isfinite(at):
            normal, z = normal_indices()[name], FAR * float(np.sinh(at / FAR))
            far = normal.spread * z
            found[name] = float(normal.center * np.exp(far)) if normal.scale == "log" else normal.center + far
    return found
