"""OTB4: streams of numbers, and tracks that say which channels of which stream they are."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from whytwitch.recording._model import Problem
from whytwitch.recording.formats._archive import Archive
from whytwitch.recording.formats._kinds import electrode_of, kind_of
from whytwitch.recording.formats._reader import Found, Track, broken
from whytwitch.recording.formats._stores import FrameStore, JoinedStore
from whytwitch.recording.formats._xml import parse_xml, text_of

_TYPES: Final = {2: "<i2", 3: "<i3", 4: "<i4", 8: "<f8"}
MOST_CHANNELS: Final = 4096


@dataclass(frozen=True)
class _Part:
    """A track of the description: some neighboring channels of a stream."""

    stream: str
    first: int
    count: int
    rate: float
    info: Element
    title: str

    @property
    def is_emg(self) -> bool:
        """Whether it is neither control nor computed nor something else by name."""
        flags = (text_of(self.info, "IsControl"), text_of(self.info, "IsProcessing"))
        return "true" not in [flag.lower() for flag in flags] and kind_of(self.title) in (None, "emg")


def found_in_otb4(path: Path, archive: Archive) -> Found:
    """Read the description of an OTB4 file.

    Raises:
        RecordingError: a track has no stream, or what it says of it is impossible.
    """
    parts = [
        part
        for name in sorted(archive.names)
        if name.startswith("Tracks_") and name.endswith(".xml")
        for part in _parts(path, parse_xml(path, name, archive.read(name)))
    ]
    if not parts:
        raise broken(path, "its description names no tracks")
    problems: list[Problem] = []
    rates = Counter(part.rate for part in parts if part.is_emg for _ in range(part.count))
    rate = max(rates, key=lambda r: (rates[r], r)) if rates else parts[0].rate
    others = [part.title for part in parts if part.rate != rate]
    if others:
        problems.append(
            Problem("Tracks with another sampling rate were left out.", "", ", ".join(others[:6]))
        )
    parts = [part for part in parts if part.rate == rate]
    stores: dict[str, FrameStore] = {}
    rows: list[tuple[FrameStore, int]] = []
    tracks: list[Track] = []
    for part in parts:
        if part.stream not in stores:
            stores[part.stream] = _stream(path, archive, part)
        rows += [(stores[part.stream], part.first + i) for i in range(part.count)]
        tracks += _tracks(part)
    start = next((s for p in parts for s in [text_of(p.info, "StringsDescriptions/StartDate")] if s), "")
    said = " ".join(part.title for part in parts)
    return Found(
        "OTB4", JoinedStore(rows), tracks, rate, (path,), problems=problems, electrode=electrode_of(said),
        start=start[:19] if start[:2] in ("19", "20") else "",
    )  # fmt: skip


def _parts(path: Path, root: Element) -> list[_Part]:
    parts: list[_Part] = []
    for info in root.iter("TrackInfo"):
        count, first = _number(info, "NumberOfChannels", 1), _number(info, "AcquisitionChannel", 0)
        total = _number(info, "TotalChannelsInFile", first + count)
        if not (1 <= count <= MOST_CHANNELS and first >= 0 and first + count <= total <= MOST_CHANNELS):
            raise broken(path, "a track of it lies outside its stream")
        title = f"{text_of(info, 'Title')} {text_of(info, 'SubTitle')}".strip()
        rate = _number(info, "SamplingFrequency", 0)
        parts.append(_Part(text_of(info, "SignalStreamPath"), int(first), int(count), rate, info, title))
    return parts


def _stream(path: Path, archive: Archive, part: _Part) -> FrameStore:
    size = _number(part.info, "SampleSize", 2)
    total = _number(part.info, "TotalChannelsInFile", part.first + part.count)
    if size not in _TYPES:
        raise broken(path, f"has samples of {size:g} bytes, which are not known here", "export it as CSV")
    name = part.stream.replace("\\", "/").rsplit("/", 1)[-1]
    return FrameStore(archive.source(name), _TYPES[int(size)], int(total))


def _tracks(part: _Part) -> list[Track]:
    """One track a channel, scaled as the description says."""
    info = part.info
    size, bits = _number(info, "SampleSize", 2), _number(info, "ADC_Nbits", 0)
    gain, reach = _number(info, "Gain", 1), _number(info, "ADC_Range", 0)
    factor = _number(info, "UnitOfMeasurementFactor", 1)
    unit = text_of(info, "UnitOfMeasurement")
    scale = 1.0 if size == 8 else factor
    known = size == 8 or not 0 < bits <= 32 or (gain > 0 and reach > 0)
    if size != 8 and 0 < bits <= 32 and known:
        scale = reach / 2.0**bits / gain * factor
    limits = (-(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1) if size != 8 and 1 < bits <= 32 else None
    labels = [text_of(channel, "Label") for channel in info.iter("ChannelRapresentation")]
    muscle = text_of(info, "StringsDescriptions/Muscle")
    return [
        Track(
            _label(part, labels, i), unit=unit if known else "", gain=scale if known else 1.0, limits=limits,
            group=part.title, muscle=muscle, kind="emg" if part.is_emg else kind_of(part.title) or "other",
        )
        for i in range(part.count)
    ]  # fmt: skip


def _label(part: _Part, labels: list[str], i: int) -> str:
    if part.count == 1:
        return part.title
    return f"{part.title} {labels[i] if i < len(labels) and labels[i] else i + 1}"


def _number(info: Element, tag: str, otherwise: float) -> float:
    try:
        number = float(text_of(info, tag).replace(",", "."))
    except ValueError:
        return otherwise
    return number if math.isfinite(number) else otherwise


__all__ = ["found_in_otb4"]
