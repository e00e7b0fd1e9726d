"""HDF5: files of OpenSignals and of MATLAB 7.3. Needs h5py."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import RecordingError
from whytwitch.recording.formats._arrays import found_in_arrays
from whytwitch.recording.formats._opensignals import describe
from whytwitch.recording.formats._reader import MOST_IN_MEMORY, Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import Numbers, Store

_MAGIC: Final = b"\x89HDF\r\n\x1a\n"
_MOST_ITEMS: Final = 20_000
_DEEPEST: Final = 12
_TIGHTEST: Final = 1000
"""Most bytes that one byte in the file may stand for; compression of signals is far from this."""


class Hdf5Reader(Reader):
    """HDF5 with an OpenSignals or a MATLAB layout, or with one array of numbers."""

    name = "OpenSignals .h5, MATLAB 7.3"
    order = 20
    extensions = (".h5", ".hdf5")

    def recognizes(self, given: Given) -> bool:
        """By the mark of HDF5, which MATLAB puts behind 512 bytes of its own."""
        return given.head.startswith(_MAGIC) or given.head[512:520] == _MAGIC

    def open(self, given: Given) -> Found:
        """Find the signals."""
        path = given.path
        h5py = _h5py(path)
        with h5py.File(path, "r") as file:
            sets, devices = _datasets(h5py, path, file)
            plux = [name for name in devices if any(d.startswith(f"{name}/raw/channel") for d in sets)]
            if plux:
                return _opensignals(path, file, plux[0], sets)
            form = "MATLAB 7.3" if path.suffix.lower() == ".mat" else "HDF5"
            return found_in_arrays(path, form, _values(path, file, sets))


def _h5py(path: Path) -> Any:
    """The library.

    Raises:
        RecordingError: it is not installed.
    """
    try:
        return import_module("h5py")
    except ImportError as error:
        raise RecordingError(
            f'{path.name}: reading HDF5 needs h5py; install it with: pip install "whytwitch[hdf5]"'
        ) from error


def _datasets(h5py: Any, path: Path, file: Any) -> tuple[list[str], list[str]]:
    """Names of the arrays and of the groups at the top. Links to other files are not followed."""
    sets: list[str] = []
    waiting: list[tuple[str, int]] = [("", 0)]
    seen = 0
    while waiting:
        group, depth = waiting.pop()
        for key in file[group] if group else file:
            seen += 1
            if seen > _MOST_ITEMS:
                raise broken(path, "holds too many arrays", "export the signal alone")
            name = f"{group}/{key}" if group else key
            link = file.get(name, getlink=True)
            if isinstance(link, h5py.ExternalLink | h5py.SoftLink):
                continue
            thing = file.get(name, getclass=True)
            if thing is h5py.Dataset:
                sets.append(name)
            elif thing is h5py.Group and depth < _DEEPEST:
                waiting.append((name, depth + 1))
    return sorted(sets), sorted({name.split("/")[0] for name in sets if "/" in name})


@final
class Hdf5Store(Store):
    """Arrays of a file, one row or column each; opened for each stretch."""

    def __init__(self, path: Path, names: list[str], n_samples: int, *, floating: bool) -> None:
        self._path = path
        self._names = names
        self.n_samples = n_samples
        self.floating = floating

    def numbers(self, start: int, stop: int, channels: NDArray[np.intp]) -> Numbers:
        """See :meth:`Store.numbers`."""
        with _h5py(self._path).File(self._path, "r") as file:
            rows = [_flat(file[self._names[c]], start, stop) for c in channels]
        return np.stack(rows) if rows else np.empty((0, stop - start))


def _flat(data: Any, start: int, stop: int) -> Numbers:
    return np.asarray(
        data[start:stop]
        if data.ndim == 1
        else data[start:stop, 0]
        if data.shape[1] == 1
        else data[0, start:stop]
    )


def _opensignals(path: Path, file: Any, device: str, sets: list[str]) -> Found:
    group = file[device]
    names = [name for name in sets if name.startswith(f"{device}/raw/channel")]
    n_samples = min(_length(path, file[name]) for name in names)
    floating = any(file[name].dtype.kind == "f" for name in names)
    said: dict[str, Any] = {str(key): _plain(value) for key, value in group.attrs.items()}
    labels = [name.rsplit("/", 1)[-1] for name in names]
    sensors = [_plain(file[name].attrs.get("sensor", "")) for name in names]
    bits = said.get("resolution")
    bits = bits if isinstance(bits, list) and bits else [bits]
    bits = bits if len(bits) == len(names) else bits[:1] * len(names)
    described = {**said, "label": labels, "sensor": sensors, "resolution": bits}
    tracks = [Track(label) for label in labels]
    found = Found("OpenSignals", Hdf5Store(path, names, n_samples, floating=floating), tracks, None, (path,))
    describe(found, described)
    return found


def _plain(value: Any) -> Any:
    """An attribute as Python has it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.reshape(-1).tolist()]
    return value.item() if isinstance(value, np.generic) else value


def _length(path: Path, data: Any) -> int:
    """Samples of a one-row array, checked against what the file has of it."""
    _check_size(path, data)
    if data.ndim == 1:
        return int(data.shape[0])
    if data.ndim == 2 and 1 in data.shape:
        return int(max(data.shape))
    raise broken(path, f"a channel of it is an array of {data.ndim} dimensions")


def _check_size(path: Path, data: Any) -> None:
    stored = data.id.get_storage_size()
    if data.size * data.dtype.itemsize > _TIGHTEST * max(stored, 1):
        raise broken(path, "an array of it is larger than what the file holds")


def _values(path: Path, file: Any, sets: list[str]) -> dict[str, Any]:
    """Arrays of numbers, unpacked within bounds; characters of MATLAB as text."""
    values: dict[str, Any] = {}
    left = MOST_IN_MEMORY
    for name in sets:
        data = file[name]
        if name.startswith("#") or data.dtype.kind not in "iuf" or data.shape is None:
            continue
        _check_size(path, data)
        left -= data.size * data.dtype.itemsize
        if left < 0:
            raise broken(
                path, "would unpack to more than 1 GiB", "export it as EDF, which can be read in pieces"
            )
        array = np.asarray(data[()])
        if data.attrs.get("MATLAB_class") == b"char":
            values[name] = "".join(chr(c) for c in array.reshape(-1).tolist() if 0 < c < 0xD800)
        else:
            values[name] = array
    return values


__all__ = ["Hdf5Reader"]
