"""OTB+ and OTB4 of OT Bioelettronica: an archive of streams of numbers and their description in XML.

The scales are those that the maker publishes with its own programs.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from whytwitch.recording._model import Annotation, ChannelKind, Problem
from whytwitch.recording.formats._archive import Archive
from whytwitch.recording.formats._kinds import electrode_of, kind_of
from whytwitch.recording.formats._otb4 import found_in_otb4
from whytwitch.recording.formats._reader import Found, Given, Reader, Track, broken
from whytwitch.recording.formats._stores import FrameStore
from whytwitch.recording.formats._xml import parse_xml, text_of

MOST_CHANNELS: Final = 4096

# Range in V and total gain of each device; the maker's "OpenOTBfilesConvFact". Adapters of a SyncStation
# have their own.
_DEVICES: Final = {
    "QUATTROCENTO": (5.0, 150.0), "QUATTRO": (5.0, 150.0), "DUE": (5.0, 200.0), "DUE+": (3.3, 202.0),
    "QUATTRO+": (3.3, 202.0), "MUOVI": (4.8, 256.0), "MUOVI+": (4.8, 256.0), "SESSANTAQUATTRO": (4.8, 256.0),
    "SESSANTAQUATTRO+": (4.8, 256.0), "SYNCSTATION": (4.8, 256.0),
}  # fmt: skip
_ADAPTERS: Final = {"Due+": (3.3, 202.0), "Quattro+": (3.3, 202.0)}
# Amplifiers with a switch: 5 V, and the gain is what the file says.
_SWITCHED: Final = ("EMG-USB", "EMGUSB", "MEBA")


class OtbReader(Reader):
    """OTB+ and OTB4."""

    name = "OTB+, OTB4"
    order = 25
    extensions = (".otb+", ".otb", ".otb4")

    def recognizes(self, given: Given) -> bool:
        """By the extension and the mark of an archive."""
        tar, packed = given.head[257:262] == b"ustar", given.head[:2] == b"PK"
        return (tar or packed) and given.path.name.lower().endswith((*self.extensions, ".zip", ".tar"))

    def open(self, given: Given) -> Found:
        """Read the description."""
        path = given.path
        archive = Archive(path)
        if any(name.startswith("Tracks_") for name in archive.names):
            found = found_in_otb4(path, archive)
        else:
            found = _otb_plus(path, archive)
        found.annotations += _marks(path, archive)
        return found


def _otb_plus(path: Path, archive: Archive) -> Found:
    streams = [name for name in archive.names if name.lower().endswith(".sig")]
    streams = [name for name in streams if f"{name[:-4]}.xml" in archive.names]
    if not streams:
        raise broken(path, "no stream of samples (.sig) with its description (.xml) is in it")
    problems: list[Problem] = []
    if len(streams) > 1:
        problems.append(Problem(f"It holds {len(streams)} recordings; the first was taken.",
                                "Export the others on their own.", ", ".join(streams[1:6])))  # fmt: skip
    description = f"{streams[0][:-4]}.xml"
    device = parse_xml(path, description, archive.read(description))
    n_channels, bits, rate = (
        _number(device.get(key)) for key in ("DeviceTotalChannels", "ad_bits", "SampleFrequency")
    )
    if n_channels is None or n_channels != int(n_channels) or not 1 <= n_channels <= MOST_CHANNELS:
        raise broken(path, "its description does not say how many channels there are")
    if bits not in (16, 24, 32):
        raise broken(
            path,
            f"has samples of {bits or 0:g} bits, which are not known here",
            "export it from OT BioLab as CSV",
        )
    store = FrameStore(archive.source(streams[0]), f"<i{int(bits) // 8}", int(n_channels))
    tracks = _tracks(device, int(n_channels), int(bits), problems)
    start = ""
    if "patient.xml" in archive.names:
        start = text_of(parse_xml(path, "patient.xml", archive.read("patient.xml")), "time")[:19]
    said = " ".join(f"{a.get('Description', '')} {c.get('ID', '')} {c.get('Description', '')}"
                    for a in device.iter("Adapter") for c in a.iter("Channel"))  # fmt: skip
    return Found(
        "OTB+", store, tracks, rate, (path,), start=start if start[:2] in ("19", "20") else "",
        electrode=electrode_of(said), problems=problems,
    )  # fmt: skip


def _tracks(device: Element, n_channels: int, bits: int, problems: list[Problem]) -> list[Track]:
    """A track a channel; what the description leaves out is no EMG."""
    full = 2.0**bits
    limits = (-full / 2, full / 2 - 1)
    tracks = [Track(f"channel {i + 1}", kind="other", limits=limits) for i in range(n_channels)]
    name = (device.get("Name") or "").upper()
    unknown = False
    for adapter in device.iter("Adapter"):
        first = int(_number(adapter.get("ChannelStartIndex")) or 0)
        title = adapter.get("ID") or ""
        gain = _number(adapter.get("Gain"))
        scale = _scale(name, title, gain)
        usual = _scale(name, title, None)
        if scale and usual and scale != usual and not title.startswith(("Adapter", "Direct connection")):
            said = f"The file gives a gain of {scale[1]:g}, the maker's table {usual[1]:g}"
            problems.append(Problem(f"{said}; the former was used.", "If it is wrong, give --gain.", title))
        for number, channel in enumerate(adapter.iter("Channel")):
            index = _number(channel.get("Index"))
            at = first + int(number if index is None else index)
            if not 0 <= at < n_channels:
                continue
            tracks[at] = _track(title, channel, at, scale, full)
            unknown |= scale is None and tracks[at].kind == "emg"
    if unknown:
        problems.append(Problem(f"The scale of the device {name or 'without a name'} is not known here.",
                                "Give --gain (µV a count), from the recorder's manual."))  # fmt: skip
    return tracks


def _scale(device: str, adapter: str, gain: float | None) -> tuple[float, float] | None:
    """Range in V and gain: what the file says of the gain, unless it says 1 for "as always"."""
    known = (
        _ADAPTERS.get(adapter) if device == "SYNCSTATION" and adapter in _ADAPTERS else _DEVICES.get(device)
    )
    if known is None and device.startswith(_SWITCHED) and gain:
        return 5.0, gain
    if known is not None and gain and gain != 1:
        return known[0], gain
    return known


def _track(title: str, channel: Element, at: int, scale: tuple[float, float] | None, full: float) -> Track:
    label = channel.get("ID") or f"channel {at + 1}"
    muscle = channel.get("Muscle") or ""
    own = _number(channel.get("Gain")) or 1.0
    kind: ChannelKind = "emg"
    if title.startswith(("Adapter", "Direct connection")) or kind_of(label) not in (None, "emg"):
        kind = "accelerometer" if kind_of(label) == "accelerometer" else "other"
    track = Track(
        f"{label} {at + 1}", kind=kind, limits=(-full / 2, full / 2 - 1), group=title,
        muscle="" if muscle.lower().startswith("not defined") else muscle,
    )  # fmt: skip
    if scale and kind == "emg":
        track.unit, track.gain = "V", scale[0] / full / (scale[1] * own)
    return track


def _marks(path: Path, archive: Archive) -> list[Annotation]:
    marks: set[tuple[float, str]] = set()
    for name in archive.names:
        if name.lower().startswith("marker") and name.lower().endswith(".xml"):
            for mark in parse_xml(path, name, archive.read(name)).iter("Marker"):
                onset = _number(text_of(mark, "Milliseconds"))
                if onset is not None:
                    marks.add((onset / 1000, text_of(mark, "Description")))
    return [Annotation(onset, 0.0, text) for onset, text in sorted(marks)]


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


__all__ = ["OtbReader"]
