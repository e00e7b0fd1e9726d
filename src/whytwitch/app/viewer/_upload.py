"""Files that come in: streamed to disk under tame names, and which of them is the recording."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from whytwitch.app.shell import Problem, heavy
from whytwitch.app.viewer import _phrases as say

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_FILES: Final = 64
MOST_FIELD: Final = 4096
"""Bytes of a field that is no file."""

CHUNK: Final = 1 << 20
LONGEST_NAME: Final = 120
LONGEST_BOUNDARY: Final = 200

BESIDE: Final = (".vmrk", ".eeg", ".fdt", ".json", ".tsv", ".dat")
"""What lies beside a recording; all but the last two are never one by themselves."""

SIDECAR: Final = re.compile(
    r"(_(channels|electrodes|events|coordsystem|emg|optodes)\.(tsv|json)|^(participants|dataset_description)"
    r"\.(tsv|json)|\.(vmrk|fdt|json))$",
    re.IGNORECASE,
)
_UNTAMED: Final = re.compile(r"[^\w.+() -]")


@cache
def endings() -> tuple[str, ...]:
    """Ends of names that are taken: what the readers read, and what lies beside it."""
    from whytwitch.recording.formats import readers

    read = {ending for reader in readers() for ending in reader.extensions}
    return tuple(sorted(read | set(BESIDE)))


def tame(name: str) -> str:
    """A file's own name, without a path and without anything that a file system could mistake.

    Raises:
        Problem: nothing is left of it, or it is of a type that is not read.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = _UNTAMED.sub("_", last).strip(". ")
    if len(plain) > LONGEST_NAME:
        plain = plain[-LONGEST_NAME:].lstrip(". ")
    if not plain.lower().endswith(endings()) or plain.startswith("."):
        raise Problem(
            415, say.WRONG_TYPE, say.WRONG_TYPE_TEXT.format(name=plain[:60], types=", ".join(endings()))
        )
    return plain


def mains(names: list[str]) -> list[str]:
    """Those of some files that are recordings of their own; the others lie beside them.

    Raises:
        Problem: there is none.
    """
    lower = {name.lower() for name in names}

    def is_beside(name: str) -> bool:
        stem, _, ending = name.lower().rpartition(".")
        header = {"eeg": ".vhdr", "dat": ".hea"}.get(ending)
        if header is None:
            return bool(SIDECAR.search(name))
        # Records of WFDB may have several signal files, named as they like.
        return stem + header in lower or any(other.endswith(header) for other in lower)

    found = [name for name in names if not is_beside(name)]
    if not found:
        raise Problem(422, say.NO_MAIN, say.NO_MAIN_TEXT)
    return found


class Receiver:
    """Takes a form apart while it arrives; files go to a folder, small fields are kept."""

    def __init__(self, boundary: bytes, folder: Path) -> None:
        from python_multipart import MultipartParser

        self.files: list[str] = []
        self.fields: dict[str, str] = {}
        self._folder = folder
        self._open: BinaryIO | None = None
        self._head: dict[str, bytes] = {}
        self._name = self._value = b""
        self._field, self._text = "", b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._start,
                "on_part_data": self._data,
                "on_part_end": self._end,
            },
        )

    def write(self, data: bytes) -> None:
        """Take in a piece.

        Raises:
            Problem: the form is broken, or holds what is not taken.
        """
        from python_multipart.exceptions import FormParserError

        try:
            self._parser.write(data)
        except FormParserError as error:
            raise Problem(400, say.BROKEN_FORM, say.BROKEN_FORM_TEXT) from error

    def close(self) -> None:
        """Close what is open, whatever happened."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def finish(self) -> None:
        """The form is over.

        Raises:
            Problem: it broke off in the middle of a file, or brought none.
        """
        from python_multipart.exceptions import FormParserError

        try:
            self._parser.finalize()
        except FormParserError as error:
            raise Problem(400, say.BROKEN_FORM, say.BROKEN_FORM_TEXT) from error
        if self._open is not None:
            raise Problem(400, say.BROKEN_FORM, say.BROKEN_FORM_TEXT)
        if not self.files:
            raise Problem(422, say.NO_FILE, say.NO_FILE_TEXT)

    # --- what the parser tells --------------------------------------------------------------------

    def _begin(self) -> None:
        self._head, self._field, self._text = {}, "", b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._head[self._name.decode("latin-1").lower()] = self._value
        self._name = self._value = b""

    def _start(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._head.get("content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        given = options.get(b"filename")
        if given is None or not given.strip():
            return
        name = tame(given.decode("utf-8", "replace"))
        if len(self.files) >= MOST_FILES:
            raise Problem(422, say.MANY, say.MANY_TEXT.format(most=MOST_FILES))
        if name.lower() in {other.lower() for other in self.files}:
            raise Problem(422, say.TWICE, say.TWICE_TEXT.format(name=name))
        self._open = (self._folder / name).open("xb")
        self.files.append(name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._open is not None:
            self._open.write(data[start:end])
        elif len(self._text) + end - start <= MOST_FIELD:
            self._text += data[start:end]
        else:
            raise Problem(413, say.BROKEN_FORM, say.BROKEN_FORM_TEXT)

    def _end(self) -> None:
        if self._open is not None:
            self.close()
        elif self._field:
            self.fields[self._field] = self._text.decode("utf-8", "replace")


async def receive(request: Request, folder: Path) -> tuple[list[Path], dict[str, str]]:
    """Stream a form to a folder, a megabyte at a time; on failure the folder is gone.

    Returns:
        The files that are recordings of their own, and the other fields.

    Raises:
        Problem: what came cannot be used.
    """
    try:
        receiver = Receiver(_boundary(request.headers.get("content-type", "")), folder)
        try:
            held = bytearray()
            async for chunk in request.stream():
                held += chunk
                if len(held) >= CHUNK:
                    await heavy(receiver.write, bytes(held))
                    held.clear()
            await heavy(receiver.write, bytes(held))
            receiver.finish()
        finally:
            receiver.close()
        return [folder / name for name in mains(receiver.files)], receiver.fields
    except BaseException:
        # Also when the browser went away: then nothing can be awaited any more.
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _boundary(content_type: str) -> bytes:
    """What parts of the form are told by."""
    from python_multipart.multipart import parse_options_header

    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= LONGEST_BOUNDARY:
        raise Problem(400, say.BROKEN_FORM, say.BROKEN_FORM_TEXT)
    return boundary


__all__ = ["MOST_FILES", "Receiver", "endings", "mains", "receive", "tame"]
