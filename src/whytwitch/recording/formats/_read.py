"""The door for recordings: find the format, read the description, and hand out one kind of object."""

from __future__ import annotations

import hashlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from whytwitch.recording._model import Electrode, Recording, RecordingError
from whytwitch.recording.formats._finish import finish
from whytwitch.recording.formats._reader import Found, Given, Options, Reader

HEAD: Final = 4096


def read(
    path: str | os.PathLike[str],
    *,
    sampling_rate_hz: float | None = None,
    unit: str | None = None,
    gain: float | None = None,
    electrode: Electrode | None = None,
    channels: Sequence[str | int] | None = None,
    muscle: str | None = None,
) -> Recording:
    """Read a recording of whatever format; samples stay in the file until they are asked for.

    The format is recognized by the content, then by the extension. What the file leaves unsaid can be
    given here, and what is given here is believed.

    Args:
        path: a file, or the folder of a BIDS dataset with one EMG recording.
        sampling_rate_hz: samples a second.
        unit: of the EMG channels, such as ``mV``.
        gain: what one count of the file is, in ``unit`` (default: µV).
        electrode: ``surface`` or ``needle``.
        channels: keep these alone and take them as EMG: names (``*`` stands for anything) or numbers
            from 1.
        muscle: recorded from, for all channels.

    Raises:
        RecordingError: it cannot be read; names the file, what is wrong and how to mend it.
    """
    options = Options(sampling_rate_hz, unit, gain, electrode, channels, muscle)
    place = _existing(Path(path))
    try:
        found = _open(place, options)
        return finish(place.name or str(place), found, options, _sha256(found.sources))
    except RecordingError:
        raise
    except OSError as error:
        raise RecordingError(
            f"{place.name}: {error.strerror or error}; check the file and your rights to it"
        ) from error
    except MemoryError as error:
        raise RecordingError(f"{place.name}: does not fit in memory; cut it or export it as EDF") from error
    except Exception as error:  # a file can be broken in ways that nobody has thought of
        raise RecordingError(
            f"{place.name}: is damaged ({type(error).__name__}); "
            "check that the file is complete, or export it again"
        ) from error


@cache
def readers() -> tuple[Reader, ...]:
    """One of each format, in the order in which they are asked."""
    package = sys.modules[__package__ or ""]
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    kinds: list[type[Reader]] = []
    waiting = list(Reader.__subclasses__())
    while waiting:
        kind = waiting.pop()
        kinds.append(kind)
        waiting.extend(kind.__subclasses__())
    return tuple(sorted((kind() for kind in kinds if "name" in vars(kind)), key=lambda r: (r.order, r.name)))


def _existing(path: Path) -> Path:
    """The file that is meant: WFDB records are named without an extension.

    Raises:
        RecordingError: there is nothing to read.
    """
    try:
        if not path.exists() and path.with_name(path.name + ".hea").is_file():
            path = path.with_name(path.name + ".hea")
        there, folder, file = path.exists(), path.is_dir(), path.is_file()
        empty = file and path.stat().st_size == 0
    except (OSError, ValueError) as error:
        raise RecordingError(
            f"{str(path)!r}: cannot be looked up; check the name and your rights to it"
        ) from error
    if not there:
        raise RecordingError(f"{path}: there is no such file; check the name")
    if not folder and not file:
        raise RecordingError(f"{path}: is neither a file nor a folder; give a file")
    if empty:
        raise RecordingError(f"{path.name}: is empty; copy or export it again")
    return path


def _open(path: Path, options: Options) -> Found:
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(HEAD)
    given = Given(path, head, options)
    for reader in readers():
        if reader.recognizes(given):
            return reader.open(given)
    name = path.name.lower()
    if path.is_file():
        for reader in readers():
            if name.endswith(reader.extensions):
                return reader.open(given)
    if path.is_dir():
        raise RecordingError(f"{path.name or path}: this folder is no BIDS dataset; give a file in it")
    raise RecordingError(
        f"{path.name}: no format known here is recognized in it; export it as EDF, WAV or CSV"
        + (", or give the files of a tar or zip one by one" if head[:2] == b"PK" else "")
    )


def _sha256(sources: tuple[Path, ...]) -> str:
    """Over the files, one after the other."""
    digest = hashlib.sha256()
    piece = memoryview(bytearray(1 << 20))
    for source in sources:
        with source.open("rb", buffering=0) as file:
            while count := file.readinto(piece):
                digest.update(piece[:count])
    return digest.hexdigest() if sources else ""


__all__ = ["read", "readers"]
