"""WAV (RIFF and RF64): audio of EMG machines and sound cards."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._reader import Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import FrameStore, Source

_KINDS: Final = {
    (1, 8): "|u1",
    (1, 16): "<i2",
    (1, 24): "<i3",
    (1, 32): "<i4",
    (3, 32): "<f4",
    (3, 64): "<f8",
}
_EXTENSIBLE: Final = 0xFFFE
_MOST_CHUNKS: Final = 10_000


class WavReader(Reader):
    """WAV."""

    name = "WAV"
    order = 20
    extensions = (".wav", ".wave")

    def recognizes(self, given: Given) -> bool:
        """By the letters it begins with."""
        return given.head[:4] in (b"RIFF", b"RF64") and given.head[8:12] == b"WAVE"

    def open(self, given: Given) -> Found:
        """Find the two chunks that matter."""
        path = given.path
        source = Source(path)
        form, begin, size = _chunks(path, source)
        code, n_channels, rate, _, frame, bits = struct.unpack("<HHIIHH", form[:16])
        if code == _EXTENSIBLE and len(form) >= 26:
            code = struct.unpack("<H", form[24:26])[0]
        dtype = _KINDS.get((code, bits))
        if dtype is None:
            raise broken(path, f"this WAV is compressed or of an unknown kind (format {code}, {bits} bits)",
                         "save it as PCM of 16 bits")  # fmt: skip
        if n_channels < 1 or frame != n_channels * bits // 8:
            raise broken(path, f"the WAV header contradicts itself ({n_channels} channels in {frame} bytes)")
        problems: list[Problem] = []
        if begin + size > source.size:
            problems.append(Problem("The file is shorter than its header says; what is there was used.",
                                    "Copy the file again if there is a longer one."))  # fmt: skip
        store = FrameStore(Source(path, begin, size), dtype, n_channels)
        labels = ["audio"] if n_channels == 1 else [f"audio {i + 1}" for i in range(n_channels)]
        whole = dtype[-2] != "f"
        limits = (
            ((0.0, 255.0) if bits == 8 else (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1))
            if whole
            else (-1.0, 1.0)
        )
        offset = -128.0 if bits == 8 else 0.0
        tracks = [Track(label, kind="emg", offset=offset, limits=limits) for label in labels]
        return Found("WAV", store, tracks, float(rate), (path,), problems=problems)


def _chunks(path: Path, source: Source) -> tuple[bytes, int, int]:
    """The format chunk, and where the samples are."""
    at, form, long_size = 12, b"", None
    for _ in range(_MOST_CHUNKS):
        if at + 8 > source.size:
            break
        name, size = struct.unpack("<4sI", source.read(at, 8).tobytes())
        if name == b"ds64" and at + 24 <= source.size:
            long_size = struct.unpack("<Q", source.read(at + 16, 8).tobytes())[0]
        elif name == b"fmt ":
            form = source.read(at + 8, min(size, 64, source.size - at - 8)).tobytes()
        elif name == b"data" and len(form) >= 16:
            unsaid = size in (0, 0xFFFFFFFF)
            known = (
                long_size if unsaid and long_size is not None else source.size - at - 8 if unsaid else size
            )
            return form, at + 8, known
        at += 8 + size + size % 2
    raise broken(path, "the WAV holds no samples")


__all__ = ["WavReader"]
