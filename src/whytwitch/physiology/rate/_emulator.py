"""The rate of a terminal without simulating its channels: learned once from many that were simulated.

``benchmarks/rates/build_emulator.py`` builds the file from nothing; this module reads it, with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.rate._parameters import NAMES, scaled
from whytwitch.physiology.rate._skeleton import Skeleton

Floats = NDArray[np.float64]

INPUTS: Final = ("distance", "noise", "rest", "resistance", *NAMES)
"""What the rate is learned from: four numbers of the membrane without chance, and the quantities."""
NEAREST: Final = 1.0
"""Distance from firing below which nothing was learned: such membranes fire all the time."""


class Emulator:
    """A trend in the distance from firing, and a Gaussian process for what it leaves.

    Where noise is small the logarithm of a rate falls with the square of the distance: a barrier has to be
    climbed, and its height counts in units of the noise (Freidlin & Wentzell). The trend has that form, so
    what is learned where discharges are many holds where they are rare.

    Args:
        arrays: of the file.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self._arrays = {name: np.asarray(value) for name, value in arrays.items()}

    @classmethod
    def load(cls, file: Path | BytesIO) -> Emulator:
        """From a file of ``numpy.savez``."""
        with np.load(file) as arrays:
            return cls({name: arrays[name] for name in arrays.files})

    @property
    def held_out(self) -> list[int]:
        """Samples that were not used to fit it."""
        return [int(k) for k in self._arrays["held_out"]]

    def log10_hz(self, features: Floats) -> tuple[Floats, Floats]:
        """log10 of discharges a second (n,), and the standard deviation of its error (n,)."""
        mean, covariance = self.joint(features)
        return mean, np.sqrt(np.diag(covariance))

    def mean(self, features: Floats) -> Floats:
        """log10 of discharges a second (n,), without its error: a fifth of the work."""
        a = self._arrays
        near = _alike(features / a["lengths"], a["known"] / a["lengths"], float(a["size"]))
        return np.asarray(ladder(features) @ a["trend"] + near @ a["weights"], np.float64)

    def joint(self, features: Floats) -> tuple[Floats, Floats]:
        """log10 of discharges a second (n,), and the covariance of its errors (n, n).

        Args:
            features: (n, 23), rows of :func:`features_of`.
        """
        a = self._arrays
        here, known = features / a["lengths"], a["known"] / a["lengths"]
        near = _alike(here, known, float(a["size"]))
        mean = ladder(features) @ a["trend"] + near @ a["weights"]
        told = near @ a["inverse"].T
        covariance = _alike(here, here, float(a["size"])) - told @ told.T
        # Rounding must not make a variance negative; what no input explains is each terminal's own.
        variance = np.diag(covariance)
        return np.asarray(mean, np.float64), covariance + np.diag(
            np.maximum(variance, 0.0) + float(a["extra"]) - variance
        )


def features_of(numbers: Floats, skeletons: Sequence[Skeleton]) -> Floats:
    """What the emulator looks at: (n, 23).

    Args:
        numbers: (n, 19) as in ``NAMES``.
        skeletons: n of the same terminals, all at rest.
    """
    bare = np.array([(one.distance, one.sd_mv, one.rest_mv, one.resistance_gohm) for one in skeletons])
    return features_from(numbers, bare)


def features_from(numbers: Floats, bare: Floats) -> Floats:
    """The same from distance, noise in mV, rest in mV and resistance in GΩ: (n, 4)."""
    return np.hstack(
        [
            2.0 * np.log(np.maximum(bare[:, :1], NEAREST)),
            2.0 * np.log(bare[:, 1:2]),
            (bare[:, 2:3] + 80.0) / 5.0,
            2.0 * np.log(bare[:, 3:4]),
            scaled(numbers),
        ]
    )


def ladder(features: Floats) -> Floats:
    """Columns (n, 5) of the trend: 1, log and square of the distance, log of the noise, rest."""
    half = features[:, 0] / 2.0
    return np.column_stack(
        [np.ones_like(half), half, np.exp(2.0 * half) / 16.0, features[:, 1] / 2.0, features[:, 2]]
    )


def _alike(left: Floats, right: Floats, size: float) -> Floats:
    """Covariance (n, m) of the process between rows: Matérn, twice differentiable."""
    squared = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    distance = np.sqrt(5.0 * np.maximum(0.0, squared))
    return np.asarray(size * (1 + distance + distance**2 / 3) * np.exp(-distance), np.float64)


@cache
def shipped_emulator() -> Emulator:
    """The emulator that comes with the package."""
    data = files("whytwitch.physiology.rate").joinpath("data/emulator.npz").read_bytes()
    return Emulator.load(BytesIO(data))
