"""A review as a file: every decision, with what is needed to find the same potentials again."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from importlib.metadata import version
from typing import Annotated, Final, Literal, Never

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from whytwitch.app.shell import Problem
from whytwitch.app.viewer import _phrases as say
from whytwitch.app.viewer._edits import Add, Change, Decide, Entry, Log, Move, Retype
from whytwitch.recording import UNSORTED, Kind, Recording, Twitches

FORMAT: Final = "whytwitch review"
VERSION: Final = 1
NAME_END: Final = "decisions.json"

MOST_BYTES: Final = 16_000_000
"""Of a file that is read, packed or not: half a million potentials."""

MOST_LINES: Final = 100_000
MOST_NUMBER: Final = 1_000_000_000
MARK_STRETCHES: Final = 16
MARK_SAMPLES: Final = 256
"""Stretches of the signal, and samples of each, that tell two recordings apart."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


Number = Annotated[int, Field(ge=1, le=MOST_NUMBER)]
Row = Annotated[int, Field(ge=0, le=100_000)]
UnitNumber = Annotated[int, Field(ge=UNSORTED, le=MOST_NUMBER)]
Seconds = Annotated[float, Field(ge=0.0, le=1e9)]
At = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")]


class SavedDecide(_Strict):
    """A potential is one, or is none; ``onset_s`` is where it was found or added."""

    at: At
    action: Literal["decide"] = "decide"
    number: Number
    onset_s: Seconds
    accepted: bool


class SavedRetype(_Strict):
    """A potential is of another kind; ``onset_s`` is where it was found or added."""

    at: At
    action: Literal["retype"] = "retype"
    number: Number
    onset_s: Seconds
    kind: Kind


class SavedMove(_Strict):
    """A potential is another unit's, measured at ``onset_s`` on ``channel``; ``founded``: as its first."""

    at: At
    action: Literal["move"] = "move"
    number: Number
    onset_s: Seconds
    channel: Row
    unit: UnitNumber
    founded: bool


class SavedAdd(_Strict):
    """There is a potential that was not found, measured at ``onset_s`` on ``channel``."""

    at: At
    action: Literal["add"] = "add"
    number: Number
    onset_s: Seconds
    channel: Row
    kind: Kind


class SavedTurn(_Strict):
    """A step back, or on again."""

    at: At
    action: Literal["undo", "redo"]


SavedChange = SavedDecide | SavedRetype | SavedMove | SavedAdd
SavedLine = Annotated[SavedChange | SavedTurn, Field(discriminator="action")]


class SavedRecording(_Strict):
    """Which recording: the file's digest or the signal's tells it again, so headers may change."""

    name: Annotated[str, Field(max_length=1000)]
    sha256: Annotated[str, Field(max_length=64)]
    signal: Annotated[str, Field(min_length=16, max_length=16)]
    sampling_rate_hz: Annotated[float, Field(gt=0.0)]
    samples: Annotated[int, Field(ge=1)]


class SavedDetection(_Strict):
    """What the program had found: the potential of number n stands at place n - 1 of each list."""

    program: Annotated[str, Field(max_length=100)]
    settings: dict[str, float | int | str]
    channels: tuple[str, ...]
    units: tuple[Number, ...]
    onset_s: tuple[Seconds, ...]
    channel: tuple[Row, ...]
    unit: tuple[UnitNumber, ...]


class SavedReview(_Strict):
    """The file."""

    format: Literal["whytwitch review"] = FORMAT
    version: Literal[1] = VERSION
    recording: SavedRecording
    detection: SavedDetection
    decisions: Annotated[tuple[SavedLine, ...], Field(max_length=MOST_LINES)]


# --- writing --------------------------------------------------------------------------------------


def dumped(name: str, recording: Recording, twitches: Twitches, log: Log) -> str:
    """A review as JSON, one decision a line.

    Args:
        name: what the recording is called.
        recording: gives the signal.
        twitches: as found, before any decision.
        log: everything that was decided.
    """
    saved = SavedReview(
        recording=recording_tag(name, recording),
        detection=_detection(twitches),
        decisions=_lines(twitches, log),
    )
    data = saved.model_dump(mode="json")
    lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in data.pop("decisions"))
    head = ",\n".join(f" {json.dumps(key)}: {json.dumps(data[key], ensure_ascii=False)}" for key in data)
    return f'{{\n{head},\n "decisions": [\n{lines}\n ]\n}}\n'


def recording_tag(name: str, recording: Recording) -> SavedRecording:
    """What a recording is known by."""
    return SavedRecording(
        name=name[:1000],
        sha256=recording.sha256,
        signal=_mark(recording),
        sampling_rate_hz=float(recording.sampling_rate_hz),
        samples=int(recording.n_samples),
    )


def _mark(recording: Recording) -> str:
    """A digest of stretches spread evenly over the signal."""
    import hashlib

    n, every = recording.n_samples, np.arange(len(recording.channels))
    digest = hashlib.sha256()
    for first in np.linspace(0, max(0, n - MARK_SAMPLES), MARK_STRETCHES).astype(int).tolist():
        samples = recording.read(first, min(n, first + MARK_SAMPLES), every)
        digest.update(np.ascontiguousarray(samples, "<f4").tobytes())
    return digest.hexdigest()[:16]


def _detection(twitches: Twitches) -> SavedDetection:
    events = twitches.events
    return SavedDetection(
        program=version("whytwitch"),
        settings=twitches.settings,
        channels=tuple(channel.name for channel in twitches.source.channels),
        units=tuple(unit.id for unit in twitches.units),
        onset_s=tuple(events.onset_s.tolist()),
        channel=tuple(events.channel.tolist()),
        unit=tuple(events.unit.tolist()),
    )


def _lines(twitches: Twitches, log: Log) -> tuple[SavedChange | SavedTurn, ...]:
    origin = dict(enumerate(twitches.events.onset_s.tolist(), 1))
    origin |= {e.what.number: e.what.potential.onset_s for e in log.entries if isinstance(e.what, Add)}
    return tuple(_line(entry, origin) for entry in log.entries)


def _line(entry: Entry, origin: dict[int, float]) -> SavedChange | SavedTurn:
    what = entry.what
    if isinstance(what, str):
        return SavedTurn(at=entry.at, action=what)
    return _change(entry.at, what, origin[what.number])


def _change(at: str, what: Change, onset_s: float) -> SavedChange:
    if isinstance(what, Decide):
        return SavedDecide(at=at, number=what.number, onset_s=onset_s, accepted=what.accepted)
    if isinstance(what, Retype):
        return SavedRetype(at=at, number=what.number, onset_s=onset_s, kind=what.kind)
    seen = what.potential
    if isinstance(what, Move):
        return SavedMove(
            at=at, number=what.number, onset_s=seen.onset_s, channel=seen.channel, unit=what.unit,
            founded=what.founded is not None,
        )  # fmt: skip
    return SavedAdd(at=at, number=what.number, onset_s=seen.onset_s, channel=seen.channel, kind=what.kind)


# --- reading --------------------------------------------------------------------------------------


def loaded(content: bytes) -> SavedReview:
    """The review in a saved zip, or in the JSON out of it.

    Raises:
        Problem: it is none, is damaged, or is too large; which, in words.
    """
    if len(content) > MOST_BYTES:
        raise Problem(413, say.NO_REVIEW, say.REVIEW_TOO_LARGE.format(mb=MOST_BYTES // 1_000_000))
    if content[:2] == b"PK":
        content = _unpacked(content)
    elif content.lstrip()[:1] not in (b"{", b"["):
        _refuse(say.REVIEW_A_TABLE if content[:6] == b"onset\t" else say.REVIEW_OTHER_FILE)
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(422, say.NO_REVIEW, say.REVIEW_BROKEN_JSON) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        _refuse(say.REVIEW_OTHER_JSON)
    if data.get("version") != VERSION:
        _refuse(say.REVIEW_OTHER_VERSION)
    return _checked(text)


def _unpacked(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            inside = [info for info in pack.infolist() if info.filename.endswith(NAME_END)]
            if len(inside) != 1:
                _refuse(say.REVIEW_NOT_IN_ZIP)
            # Not the size that the file claims: what really comes out of it.
            with pack.open(inside[0]) as packed:
                read = packed.read(MOST_BYTES + 1)
    except Problem:
        raise
    # All that a broken or hostile archive was seen to end in.
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError,
            LookupError) as error:  # fmt: skip
        raise Problem(422, say.NO_REVIEW, say.REVIEW_BROKEN_ZIP) from error
    if len(read) > MOST_BYTES:
        raise Problem(413, say.NO_REVIEW, say.REVIEW_TOO_LARGE.format(mb=MOST_BYTES // 1_000_000))
    return read


def _checked(text: str) -> SavedReview:
    try:
        saved = SavedReview.model_validate_json(text)
    except ValidationError as error:
        raise damaged(".".join(str(part) for part in error.errors()[0]["loc"])[:80]) from error
    found = saved.detection
    sizes = {len(found.onset_s), len(found.channel), len(found.unit)}
    if len(sizes) > 1 or max(found.channel, default=-1) >= len(found.channels):
        raise damaged("detection")
    if not set(found.unit) <= {UNSORTED, *found.units}:
        raise damaged("detection.unit")
    return saved


def damaged(where: str) -> Problem:
    """The file says something that cannot be."""
    return Problem(422, say.NO_REVIEW, say.REVIEW_DAMAGED.format(where=where or "its numbers"))


def _refuse(text: str) -> Never:
    raise Problem(422, say.NO_REVIEW, text)


__all__ = [
    "MOST_BYTES",
    "NAME_END",
    "SavedAdd",
    "SavedChange",
    "SavedDecide",
    "SavedDetection",
    "SavedMove",
    "SavedRecording",
    "SavedRetype",
    "SavedReview",
    "SavedTurn",
    "damaged",
    "dumped",
    "loaded",
    "recording_tag",
]
