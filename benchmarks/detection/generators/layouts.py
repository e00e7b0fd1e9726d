"""Where electrodes are and which differences of them are recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Layout:
    """contacts_mm (n_contacts, 2): x across the fibers, y along; matrix (n_channels, n_contacts)."""

    contacts_mm: NDArray[np.float64]
    matrix: NDArray[np.float64]
    groups: tuple[str, ...]
    muscle_of_contact: NDArray[np.int64]

    @property
    def positions_mm(self) -> NDArray[np.float64]:
        weight = np.abs(self.matrix)
        return weight @ self.contacts_mm / weight.sum(1, keepdims=True)

    @property
    def n_channels(self) -> int:
        return len(self.matrix)

    @property
    def n_muscles(self) -> int:
        return int(self.muscle_of_contact.max()) + 1


def _points(across: int, along: int, pitch: float) -> NDArray[np.float64]:
    x, y = np.meshgrid(np.arange(across) * pitch, np.arange(along) * pitch, indexing="ij")
    return np.c_[x.ravel(), y.ravel()]


def grid(across: int, along: int, pitch: float, *, differential: int = 0, turn_deg: float = 0.0) -> Layout:
    """A grid; differential 0 monopolar, 1 single or 2 double differential along the fibers."""
    points = _points(across, along, pitch)
    matrix = np.eye(len(points))
    for _ in range(differential):
        length = len(matrix) // across
        block = matrix.reshape(across, length, -1)
        matrix = (block[:, :-1] - block[:, 1:]).reshape(across * (length - 1), -1)
    a = np.deg2rad(turn_deg)
    center = points.mean(0)
    points = (points - center) @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) + center
    return Layout(points, matrix, ("grid",) * len(matrix), np.zeros(len(points), dtype=np.int64))


def pairs(muscles: int, spacing: float, *, each: int = 1, apart: float = 300.0) -> Layout:
    """Bipolar pairs over several muscles, ``each`` pairs on every one, side by side."""
    contacts, matrix_rows, groups, owner = [], [], [], []
    for m in range(muscles):
        for p in range(each):
            at = len(contacts)
            x = m * apart + p * 25.0
            contacts += [(x, 0.0), (x, spacing)]
            owner += [m, m]
            matrix_rows.append((at, at + 1))
            groups.append(f"muscle {m + 1}")
    matrix = np.zeros((len(matrix_rows), len(contacts)))
    for row, (a, b) in enumerate(matrix_rows):
        matrix[row, a], matrix[row, b] = 1.0, -1.0
    return Layout(np.array(contacts), matrix, tuple(groups), np.array(owner))
