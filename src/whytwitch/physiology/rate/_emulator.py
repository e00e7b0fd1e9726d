"""The rate of a terminal without simulating it: learned once, looked up in milliseconds.

``benchmarks/rates/build_emulator.py`` builds the file from nothing; this module reads it, with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.rate._parameters import scaled

Floats = NDArray[np.float64]

_SQRT5: Final = 5.0**0.5


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
        """What the process sees (n, 3 + 19): log of threshold over noise, rest and noise on scales of their
        own, then the quantities.
        """
        inputs = scaled(np.atleast_2d(numbers))
        return np.hstack([self._network("numbers", inputs), inputs])

    def log10_hz(self, numbers: Floats) -> tuple[Floats, Floats]:
        """log10 of discharges a second (n,), and its standard deviation (n,)."""
        a = self._arrays
        at = self.features(numbers)
        distance = np.sqrt(
            np.maximum(0.0, _squared(at / a["lengths"], a["known"].astype(np.float64) / a["lengths"]))
        )
        near = a["size"] * (1 + _SQRT5 * distance + 5 / 3 * distance**2) * np.exp(-_SQRT5 * distance)
        mean = self.trend(at, a["trend"]) + near @ a["weights"]
        known = near @ a["inverse"].T.astype(np.float64)
        variance = a["size"] + a["extra"] - np.sum(known**2, axis=1)
        return mean, np.sqrt(np.maximum(variance, 1e-6))

    def trend(self, features: Floats, weights: Floats) -> Floats:
        """What the process starts from (n,): straight in the square of threshold over noise.

        Small noise has to climb a barrier, and the logarithm of the rate falls with its height over the size
        of the noise (Freidlin & Wentzell); so what is learned where chance is large holds where it is small.
        """
        return np.asarray(_ladder(self._log_index(features)) @ weights, np.float64)

    def trend_of(self, features: Floats, log10_hz: Floats) -> Floats:
        """The weights of the trend that fit some rates best."""
        found = np.linalg.lstsq(_ladder(self._log_index(features)), log10_hz, rcond=None)[0]
        return np.asarray(found, np.float64)

    def _log_index(self, features: Floats) -> Floats:
        return np.asarray(features[:, 0], np.float64) * self._arrays["spread"][0] + self._arrays["center"][0]

    def _network(self, name: str, inputs: Floats) -> Floats:
        layer = 0
        while f"{name}_w{layer}" in self._arrays:
            inputs = inputs @ self._arrays[f"{name}_w{layer}"] + self._arrays[f"{name}_b{layer}"]
            if f"{name}_w{layer + 1}" in self._arrays:
                inputs = np.tanh(inputs)
            layer += 1
        return np.asarray(inputs, np.float64)


def _ladder(log_index: Floats) -> Floats:
    """Columns (n, 3): 1, the log of threshold over noise, and the square of that ratio, in hundreds."""
    index = np.exp(log_index)
    return np.column_stack([np.ones_like(index), log_index, (index / 100.0) ** 2])


def _squared(left: Floats, right: Floats) -> Floats:
    """Squared distances (n, m) between rows."""
    return (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T


@cache
def shipped_emulator() -> Emulator:
    """The emulator that comes with the package."""
    data = files("whytwitch.physiology.rate").joinpath("data/emulator.npz").read_bytes()
    return Emulator.load(BytesIO(data))
