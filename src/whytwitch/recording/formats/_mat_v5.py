"""MATLAB's files of version 5: elements of a type, a size and bytes; every size is checked before use.

scipy reads them too, but believes the sizes it finds; here a file of strangers is read.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from whytwitch.recording.formats._reader import MOST_IN_MEMORY, broken

_TYPES: Final = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
                 16: "u1", 17: "u2", 18: "u4"}  # fmt: skip
_CLASSES: Final = {
    6: "f8",
    7: "f4",
    8: "i1",
    9: "u1",
    10: "i2",
    11: "u2",
    12: "i4",
    13: "u4",
    14: "i8",
    15: "u8",
}
_MATRIX, _PACKED, _CELL, _STRUCT, _CHAR = 14, 15, 1, 2, 4
_COMPLEX: Final = 0x0800
DEEPEST: Final = 16
MOST_ITEMS: Final = 100_000


@dataclass
class _Budget:
    """What may still be unpacked and looked at."""

    left: int = field(default_factory=lambda: MOST_IN_MEMORY)
    items: int = MOST_ITEMS


class MatFile:
    """Variables of a file; structures become ``name/field``, cells ``name/number``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._budget = _Budget()
        self.variables: dict[str, Any] = {}
        size = path.stat().st_size
        if size > MOST_IN_MEMORY:
            raise broken(path, "is a MATLAB file of more than 1 GiB", "save it with -v7.3, or as EDF")
        raw = memoryview(path.read_bytes())
        self._order = {b"IM": "<", b"MI": ">"}.get(bytes(raw[126:128]), "")
        if len(raw) < 136 or not self._order:
            raise broken(path, "is no MATLAB file of version 5", "save it with -v7")
        for kind, data in self._elements(raw[128:]):
            if kind == _PACKED:
                for inner, unpacked in self._elements(memoryview(self._unpack(data))):
                    self._variable(inner, unpacked)
            else:
                self._variable(kind, data)

    def _variable(self, kind: int, data: memoryview) -> None:
        if kind == _MATRIX:
            self._matrix(data, "", 0)

    def _unpack(self, data: memoryview) -> bytes:
        worker = zlib.decompressobj()
        try:
            out = worker.decompress(data, self._budget.left)
        except zlib.error as error:
            raise broken(self._path, "has a compressed part that is damaged") from error
        if worker.unconsumed_tail:
            raise broken(self._path, "would unpack to more than 1 GiB", "save the signal alone")
        self._budget.left -= len(out)
        return out

    def _elements(self, raw: memoryview) -> list[tuple[int, memoryview]]:
        """The elements that follow one another in some bytes. What is cut off is left out."""
        out: list[tuple[int, memoryview]] = []
        at = 0
        while at + 8 <= len(raw):
            self._budget.items -= 1
            if self._budget.items < 0:
                raise broken(self._path, "holds too many variables", "save the signal alone")
            kind, size = struct.unpack(f"{self._order}II", raw[at : at + 8])
            if kind >> 16:  # a small element: type and size share four bytes
                size, kind = kind >> 16, kind & 0xFFFF
                out.append((kind, raw[at + 4 : at + 4 + min(size, 4)]))
                at += 8
                continue
            if at + 8 + size > len(raw):
                break
            out.append((kind, raw[at + 8 : at + 8 + size]))
            at += 8 + size + (0 if kind == _PACKED else -size % 8)
        return out

    def _numbers(self, element: tuple[int, memoryview]) -> np.ndarray[Any, np.dtype[Any]]:
        kind = _TYPES.get(element[0])
        if kind is None:
            return np.empty(0)
        dtype = np.dtype(self._order + kind)
        return np.frombuffer(element[1][: len(element[1]) // dtype.itemsize * dtype.itemsize], dtype)

    def _matrix(self, data: memoryview, outer: str, depth: int) -> None:
        """Put a variable, and what is in it, into the list."""
        parts = self._elements(data)
        if depth > DEEPEST or len(parts) < 3:
            return
        flags = self._numbers(parts[0])
        sides = [int(side) for side in self._numbers(parts[1])]
        if not len(flags) or any(side < 0 for side in sides):
            return
        inner = bytes(parts[2][1]).decode("latin-1").strip("\0")
        name = f"{outer}/{inner}".strip("/") if inner else outer
        group = int(flags[0]) & 0xFF
        if group == _STRUCT and len(parts) >= 5:
            self._structure(parts[3:], name, depth)
        elif group == _CELL:
            for number, (kind, cell) in enumerate(parts[3:], 1):
                if kind == _MATRIX:
                    self._matrix(cell, f"{name}/{number}", depth + 1)
        elif group == _CHAR and len(parts) >= 4:
            self.variables[name] = _text(self._numbers(parts[3]), sides)
        elif group in _CLASSES and len(parts) >= 4 and not int(flags[0]) & _COMPLEX:
            values = self._numbers(parts[3])
            if int(np.prod(np.array(sides, dtype=object))) == values.size and values.size:
                self.variables[name] = values.astype(values.dtype.newbyteorder("=")).reshape(sides, order="F")

    def _structure(self, parts: list[tuple[int, memoryview]], name: str, depth: int) -> None:
        length = self._numbers(parts[0])
        width = int(length[0]) if len(length) else 0
        raw = bytes(parts[1][1])
        if not 1 <= width <= 256:
            return
        fields = [raw[i : i + width].split(b"\0")[0].decode("latin-1") for i in range(0, len(raw), width)]
        values = parts[2:]
        for title, (kind, value) in zip(fields, values[: len(fields)], strict=False):
            if kind == _MATRIX:
                self._matrix(value, f"{name}/{title}", depth + 1)


def _text(codes: np.ndarray[Any, np.dtype[Any]], sides: list[int]) -> Any:
    """A string, or a list of them where it has several rows."""
    letters = [chr(int(code)) if int(code) < 0xD800 else "?" for code in codes[:1_000_000]]
    if len(sides) == 2 and 1 < sides[0] <= len(letters) and sides[0] * sides[1] == len(letters):
        return ["".join(letters[row :: sides[0]]).strip() for row in range(sides[0])]
    return "".join(letters)


__all__ = ["MatFile"]
