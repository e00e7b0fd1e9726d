"""Gray pictures as data URIs: small, the same every time, and colored by the page that masks with them."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = 24
"""Grays that are told apart: more cannot be seen, and fewer compress better."""


def gray_png(values: NDArray[np.floating]) -> str:
    """A picture of values from 0 (black) to 1 (white), (rows, columns), as a ``data:`` URI."""
    levels = np.round(np.clip(values, 0, 1) * (LEVELS - 1)) * (255 / (LEVELS - 1))
    rows, width = levels.shape
    lines = np.zeros((rows, width + 1), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = levels.astype(np.uint8)
    header = struct.pack(">IIBBBBB", width, rows, 8, 0, 0, 0, 0)
    packed = zlib.compress(lines.tobytes(), 9)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


__all__ = ["gray_png"]
