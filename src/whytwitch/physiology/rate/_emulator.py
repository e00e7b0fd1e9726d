"""The rate of a terminal without simulating it: learned once, looked up in milliseconds.

``benchmarks/rates/build_emulator.py`` builds the file from nothing; this module reads it, with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.rate._parameters import scaled

Floats = NDArray[np.float64]


class Emulator:
    """A network for what terminals do without chance, and a Gaussian process for their rates.

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

    def states(self, numbers: Floats) -> Floats:
        """Chances (n, 3) that a terminal rests, fires by itself, or is blocked; numbers as in ``NAMES``."""
        logits = self._network("state", scaled(np.atleast_2d(numbers)))
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float64)

    def features(self, numbers: Floats) -> Floats:
        """What the process sees (n, 3 + 19): log of the distance from firing, rest and noise, each on a scale
        of its own, then the quantities.
        """
        inputs = scaled(np.atleast_2d(numbers))
        return np.hstack([self._network("numbers", inputs), inputs])

    def log10_hz(self, numbers: Floats) -> tuple[Floats, Floats]:
        """log10 of discharges a second (n,), and its standard deviation (n,)."""
        mean, covariance = self.joint(numbers)
        return mean, np.sqrt(np.diag(covariance))

    def joint(self, numbers: Floats) -> tuple[Floats, Floats]:
        """log10 of discharges a second (n,), and the covariance of their errors (n, n)."""
        a = self._arrays
        at = self.features(numbers)
        here, known = at / a["lengths"], a["known"].astype(np.float64) / a["lengths"]
        near = self._alike(here, known)
        mean = self.trend(at, a["trend"]) + near @ a["weights"]
        told = near @ a["inverse"].T.astype(np.float64)
        covariance = self._alike(here, here) - told @ told.T
        # Rounding must not make a variance negative; what no input explains is each terminal's own.
        own = np.maximum(np.diag(covariance), 0.0) + a["extra"] - np.diag(covariance)
        return np.asarray(mean, np.float64), covariance + np.diag(own)

    def _alike(self, left: Floats, right: Floats) -> Floats:
        """Covariance (n, m) of the process between rows: Matérn, twice differentiable."""
        distance = np.sqrt(5.0 * np.maximum(0.0, _squared(left, right)))
        return np.asarray(
            self._arrays["size"] * (1 + distance + distance**2 / 3) * np.exp(-distance), np.float64
        )

    def trend(self, features: Floats, weights: Floats) -> Floats:
        """What the process starts from (n,): straight in the square of the distance from firing.

        Small noise has to climb a barrier, and the logarithm of the rate falls with its height over the size
        of the noise (Freidlin & Wentzell); so what is learned where chance is large holds where it is small.
        """
        return np.asarray(_ladder(self._log_distance(features)) @ weights, np.float64)

    def trend_of(self, features: Floats, log10_hz: Floats) -> Floats:
        """The weights of the trend that fit some rates best."""
        found = np.linalg.lstsq(_ladder(self._log_distance(features)), log10_hz, rcond=None)[0]
        return np.asarray(found, np.float64)

    def _log_distance(self, features: Floats) -> Floats:
        return np.asarray(features[:, 0], np.float64) * self._arrays["spread"][0] + self._arrays["center"][0]

    def _network(self, name: str, inputs: Floats) -> Floats:
        layer = 0
        while f"{name}_w{layer}" in self._arrays:
            inputs = inputs @ self._arrays[f"{name}_w{layer}"] + self._arrays[f"{name}_b{layer}"]
            if f"{name}_w{layer + 1}" in self._arrays:
                inputs = np.tanh(inputs)
            layer += 1
        return np.asarray(inputs, np.float64)


def _ladder(log_distance: Floats) -> Floats:
    """Columns (n, 3): 1, the log of the distance from firing, and its square (in twenties)."""
    distance = np.exp(log_distance)
    return np.column_stack([np.ones_like(distance), log_distance, (distance / 20.0) ** 2])


def _squared(left: Floats, right: Floats) -> Floats:
    """Squared distances (n, m) between rows."""
    return (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T


@cache
def shipped_emulator() -> Emulator:
    """The emulator that comes with the package."""
    data = files("whytwitch.physiology.rate").joinpath("data/emulator.npz").read_bytes()
    return Emulator.load(BytesIO(data))
