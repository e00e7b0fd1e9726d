"""NumPy's files: one array (.npy), or several (.npz)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from whytwitch.recording.formats._arrays import found_in_arrays
from whytwitch.recording.formats._reader import MOST_IN_MEMORY, Found, Given, Reader, broken
from whytwitch.recording.formats._stores import Numbers

_MAGIC: Final = b"\x93NUMPY"
_MOST_MEMBERS: Final = 1000


class NpyReader(Reader):
    """One array, mapped from the file."""

    name = "NumPy .npy"
    order = 20
    extensions = (".npy",)
    marks = (_MAGIC,)

    def open(self, given: Given) -> Found:
        """Map the array."""
        path = given.path
        with path.open("rb") as file:
            shape, dtype, order = _described(path, file, path.stat().st_size)
            begin = file.tell()
        array: Numbers = np.memmap(path, dtype, "r", begin, shape, order)
        return found_in_arrays(path, "NumPy", {path.stem: array})


class NpzReader(Reader):
    """Arrays by name; those that are called like a rate or a unit are taken as that."""

    name = "NumPy .npz"
    order = 20
    extensions = (".npz",)

    def recognizes(self, given: Given) -> bool:
        """By the name of the first member."""
        return given.head[:4] == b"PK\x03\x04" and b".npy" in given.head[26:300]

    def open(self, given: Given) -> Found:
        """Unpack the arrays, within bounds."""
        path = given.path
        arrays: dict[str, Any] = {}
        left = MOST_IN_MEMORY
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise broken(path, f"holds {len(members)} arrays", "save the signal in a file of its own")
            for member in members:
                left -= member.file_size
                if left < 0:
                    raise broken(path, "would unpack to more than 1 GiB", "save the signal as .npy")
                with archive.open(member) as file:
                    array = _unpacked(path, file, member.file_size)
                if array is not None:
                    arrays[member.filename.removesuffix(".npy")] = array
        return found_in_arrays(path, "NumPy", arrays)


def _described(path: Path, file: IO[bytes], size: int) -> tuple[tuple[int, ...], np.dtype[Any], Any]:
    """Shape, type and order of an array, checked against the bytes that are there."""
    version = np.lib.format.read_magic(file)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = header(file, max_header_size=10_000)
    if dtype.hasobject:
        raise broken(path, "holds Python objects, which may run programs", "save plain numbers")
    needed = dtype.itemsize
    for length in shape:
        needed *= length
    if needed > size - file.tell() or needed < 0:
        raise broken(path, "is shorter than its header says")
    return shape, dtype, "F" if fortran else "C"


def _unpacked(path: Path, file: IO[bytes], size: int) -> Numbers | None:
    if file.read(len(_MAGIC)) != _MAGIC:
        return None
    file.seek(0)
    shape, dtype, order = _described(path, file, size)
    count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    raw = file.read(count)
    if len(raw) != count:
        raise broken(path, "is shorter than its header says")
    return np.ndarray(shape, dtype, raw, order=order)


__all__ = ["NpyReader", "NpzReader"]
