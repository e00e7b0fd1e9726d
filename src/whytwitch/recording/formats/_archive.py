"""Archives as containers of streams: nothing is ever unpacked to the disk."""

from __future__ import annotations

import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Final

from whytwitch.recording.formats._reader import MOST_IN_MEMORY, broken
from whytwitch.recording.formats._stores import Source

MOST_MEMBERS: Final = 10_000


class Archive:
    """The members of a tar or zip file, by the last part of their name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: dict[str, zipfile.ZipInfo] = {}
        self._tar: dict[str, tuple[int, int]] = {}
        if zipfile.is_zipfile(path):
            self._list_zip()
        else:
            self._list_tar()

    @property
    def names(self) -> list[str]:
        """Names of members, without folders."""
        return list(self._zip or self._tar)

    def source(self, name: str) -> Source:
        """The bytes of a member: where they lie in the archive, or unpacked in memory if compressed.

        Raises:
            RecordingError: there is no such member, or it is too large to be unpacked.
        """
        if name in self._tar:
            start, size = self._tar[name]
            return Source(self._path, start, size)
        member = self._zip.get(name)
        if member is None:
            raise broken(self._path, f"its part {name!r} is missing")
        if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1:
            return Source(self._path, self._start_of(member), member.file_size)
        return Source(self._path, held=self._unpacked(member))

    def read(self, name: str) -> bytes:
        """A small member as a whole.

        Raises:
            RecordingError: as :meth:`source`.
        """
        source = self.source(name)
        if source.size > 1 << 24:
            raise broken(self._path, f"its part {name!r} is too large for a description")
        return source.read(0, source.size).tobytes()

    def _list_tar(self) -> None:
        size = self._path.stat().st_size
        try:
            with tarfile.open(self._path, "r:") as archive:
                for count, member in enumerate(archive):
                    if count > MOST_MEMBERS:
                        raise broken(self._path, "holds too many parts")
                    if member.isreg() and not member.issparse() and member.offset_data + member.size <= size:
                        self._tar[_last(member.name)] = (member.offset_data, member.size)
        except tarfile.TarError as error:
            raise broken(self._path, f"is no tar archive that can be read ({error})") from error

    def _list_zip(self) -> None:
        try:
            with zipfile.ZipFile(self._path) as archive:
                members = archive.infolist()
        except zipfile.BadZipFile as error:
            raise broken(self._path, f"is no zip archive that can be read ({error})") from error
        if len(members) > MOST_MEMBERS:
            raise broken(self._path, "holds too many parts")
        self._zip = {_last(member.filename): member for member in members if not member.is_dir()}

    def _start_of(self, member: zipfile.ZipInfo) -> int:
        local = Source(self._path).read(member.header_offset, 30).tobytes()
        if local[:4] != b"PK\x03\x04":
            raise broken(self._path, "its directory is damaged")
        name, extra = struct.unpack("<HH", local[26:30])
        return member.header_offset + 30 + name + extra

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        if member.file_size > MOST_IN_MEMORY:
            raise broken(self._path, "would unpack to more than 1 GiB", "unpack it and give the file inside")
        with zipfile.ZipFile(self._path) as archive, archive.open(member) as file:
            held = file.read(member.file_size + 1)
        if len(held) != member.file_size:
            raise broken(self._path, "its directory gives a wrong size")
        return held


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


__all__ = ["Archive"]
