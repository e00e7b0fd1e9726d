"""The text files of OpenSignals (PLUX, BITalino): a header in JSON, then a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from whytwitch.recording.formats._opensignals import describe
from whytwitch.recording.formats._reader import Found, Given, Reader, broken
from whytwitch.recording.formats._stores import JoinedStore
from whytwitch.recording.formats._table import read_table

LONGEST_HEADER: Final = 1 << 16


class OpenSignalsTextReader(Reader):
    """OpenSignals .txt."""

    name = "OpenSignals .txt"
    order = 30
    marks = (b"# OpenSignals Text File Format",)

    def open(self, given: Given) -> Found:
        """Read the header, then the table."""
        path = given.path
        with path.open("rb") as file:
            head = file.read(LONGEST_HEADER)
        mark = head.find(b"# EndOfHeader")
        end = head.find(b"\n", mark) + 1
        if mark < 0 or end < 1:
            raise broken(path, "its OpenSignals header does not end")
        found = read_table(path, "OpenSignals", skip=end)
        device = _device(path, head[:mark].decode("utf-8", "replace").splitlines())
        columns = [str(name) for name in device.get("column", [])]
        offset = len(columns) - len(found.tracks)
        for track, name in zip(found.tracks, columns[max(offset, 0) :], strict=False):
            track.label = name
        kept = [i for i, track in enumerate(found.tracks) if track.label.lower() != "nseq"]
        if not kept:
            raise broken(path, "has a counter but no signal")
        found.store = JoinedStore([(found.store, i) for i in kept])
        found.tracks = [found.tracks[i] for i in kept]
        describe(found, device)
        return found


def _device(path: Path, lines: list[str]) -> dict[str, Any]:
    """The description of the first device."""
    for line in lines:
        if line.startswith("# {"):
            try:
                devices = json.loads(line[2:])
            except (ValueError, RecursionError):
                break
            if isinstance(devices, dict):
                return next((value for value in devices.values() if isinstance(value, dict)), {})
    raise broken(path, "its OpenSignals header is damaged")


__all__ = ["OpenSignalsTextReader"]
