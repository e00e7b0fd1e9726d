"""The ways in which WFDB packs numbers into bytes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording.formats._stores import Bytes, Source, decode

_PLAIN: Final = {8: ("|i1", 0), 80: ("|u1", -128), 16: ("<i2", 0), 61: (">i2", 0), 160: ("<u2", -32768),
                 24: ("<i3", 0), 32: ("<i4", 0)}  # fmt: skip
_PACKED: Final = {212: (2, 3), 310: (3, 4), 311: (3, 4)}
"""Numbers and bytes of a group."""

FORMATS: Final = frozenset(_PLAIN) | frozenset(_PACKED)
BITS: Final = {8: 8, 80: 8, 16: 16, 61: 16, 160: 16, 24: 24, 32: 32, 212: 12, 310: 10, 311: 10}
Whole = NDArray[np.int32]


def room(form: int, size: int) -> int:
    """How many numbers some bytes hold."""
    if form in _PLAIN:
        return size // int(_PLAIN[form][0][-1])
    numbers, wide = _PACKED[form]
    # A last group may be cut off after the bytes it needs.
    rest = {212: (0, 0, 1), 310: (0, 0, 1, 1), 311: (0, 0, 1, 1)}[form][size % wide]
    return size // wide * numbers + rest


def unpack(source: Source, form: int, start: int, stop: int) -> Whole:
    """Numbers ``start`` to ``stop`` of the stream."""
    if form in _PLAIN:
        dtype, shift = _PLAIN[form]
        wide = int(dtype[-1])
        numbers = decode(source.read(start * wide, (stop - start) * wide), dtype).astype(np.int32)
        if shift:
            numbers += np.int32(shift)
        return numbers
    numbers, wide = _PACKED[form]
    first, last = start // numbers, -(-stop // numbers)
    size = min(last * wide, source.size) - first * wide
    raw = np.zeros((last - first) * wide, np.uint8)
    raw[:size] = source.read(first * wide, size)
    groups = raw.reshape(-1, wide)
    out = _twelve(groups) if form == 212 else _ten(groups, form)
    return out.reshape(-1)[start - first * numbers : stop - first * numbers]


def _twelve(groups: Bytes) -> Whole:
    low, middle, high = (groups[:, i].astype(np.int32) for i in range(3))
    pairs = np.stack([low | (middle & 0x0F) << 8, high | (middle & 0xF0) << 4], axis=1)
    return _signed(pairs, 12)


def _ten(groups: Bytes, form: int) -> Whole:
    words = np.ascontiguousarray(groups).view("<u2").astype(np.int32)
    one, two = words[:, 0], words[:, 1]
    if form == 310:
        triples = (one >> 1, two >> 1, one >> 11 | (two >> 11) << 5)
    else:
        triples = (one, one >> 10 | two << 6, two >> 4)
    return _signed(np.stack(triples, axis=1) & 0x3FF, 10)


def _signed(numbers: Whole, bits: int) -> Whole:
    half = np.int32(1 << (bits - 1))
    return ((numbers ^ half) - half).astype(np.int32)


__all__ = ["BITS", "FORMATS", "Whole", "room", "unpack"]
