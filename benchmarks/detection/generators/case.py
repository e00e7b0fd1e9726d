"""A made-up (or pasted) recording with its truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

KINDS = ("fasciculation", "voluntary", "train", "fibrillation")


def no_intervals() -> NDArray[np.float64]:
    return np.zeros((0, 2))


@dataclass
class Case:
    """One recording and what is truly in it.

    time_s is the time of the largest absolute deflection of the unit's potential on the channel where
    its template has the largest peak-to-peak amplitude, after the amplifier's filters.
    """

    name: str
    samples: NDArray[np.float32]  # (n_channels, n), µV
    fs: float
    positions_mm: NDArray[np.float64]  # (n_channels, 2)
    groups: tuple[str, ...]  # one a channel: grid or muscle
    electrode: str  # "surface" or "needle"
    time_s: NDArray[np.float64]
    unit: NDArray[np.int64]
    kind: NDArray[np.str_]
    doublet: NDArray[np.bool_]  # second (or later) discharge of a doublet
    ptp_uv: dict[int, float] = field(default_factory=dict)  # unit: amplitude on its best channel
    best_channel: dict[int, int] = field(default_factory=dict)
    noise_uv: float = 0.0  # rms of the made background between 20 and 450 Hz, median channel
    voluntary_s: NDArray[np.float64] = field(default_factory=no_intervals)
    train_s: NDArray[np.float64] = field(default_factory=no_intervals)
    artifact_s: NDArray[np.float64] = field(default_factory=no_intervals)
    note: str = ""
    line_hz: float | None = None
    limit_uv: float | None = None  # the recorder saturates here
    tells_positions: bool = True  # whether the detector is given them
    tells_electrode: bool = True
    tells_line: bool = False

    @property
    def seconds(self) -> float:
        return self.samples.shape[1] / self.fs

    def save(self, path: Path) -> None:
        """Write as .npz; ``load`` reads it back."""
        plain = {k: v for k, v in self.__dict__.items() if not isinstance(v, dict) and v is not None}
        units = np.array(sorted(self.ptp_uv), dtype=int)
        plain["groups"] = np.array(self.groups)
        plain["units"] = units
        plain["units_ptp"] = np.array([self.ptp_uv[int(u)] for u in units])
        plain["units_channel"] = np.array([self.best_channel.get(int(u), 0) for u in units], dtype=int)
        np.savez_compressed(path, **plain)


def load(path: Path) -> Case:
    """Read what ``Case.save`` wrote."""
    with np.load(path) as f:
        got = {k: f[k] for k in f.files}
    units = got.pop("units")
    ptp, channel = got.pop("units_ptp"), got.pop("units_channel")
    scalar = {k: v.item() for k, v in got.items() if v.ndim == 0}
    got = {k: v for k, v in got.items() if v.ndim}
    got["groups"] = tuple(str(g) for g in got["groups"])
    return Case(
        **got,
        **scalar,
        ptp_uv={int(u): float(p) for u, p in zip(units, ptp, strict=True)},
        best_channel={int(u): int(c) for u, c in zip(units, channel, strict=True)},
    )
