"""Measured signals: read, clean, detect, sort into motor units, measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whytwitch._lazy import lazily

if TYPE_CHECKING:
    from whytwitch.recording._closeup import CloseUp, Potential, founded
    from whytwitch.recording._detect import Progress, detect
    from whytwitch.recording._examples import examples
    from whytwitch.recording._live import LiveDetector, LiveEvent
    from whytwitch.recording._model import (
        Annotation,
        ArraySignal,
        Channel,
        Problem,
        Recording,
        RecordingError,
        Signal,
    )
    from whytwitch.recording._signature import Estimate, Signature
    from whytwitch.recording._twitches import (
        EPOCH_S,
        KINDS,
        UNSORTED,
        Events,
        Kind,
        Quality,
        Source,
        Twitches,
        Unit,
    )
    from whytwitch.recording._workspace import default_folder
    from whytwitch.recording.formats import (
        ChannelGlance,
        Glance,
        check_bids,
        glance,
        read,
        write_bids,
        write_edf,
    )
    from whytwitch.recording.measures import measure

__all__ = [
    "EPOCH_S",
    "KINDS",
    "UNSORTED",
    "Annotation",
    "ArraySignal",
    "Channel",
    "ChannelGlance",
    "CloseUp",
    "Estimate",
    "Events",
    "Glance",
    "Kind",
    "LiveDetector",
    "LiveEvent",
    "Potential",
    "Problem",
    "Progress",
    "Quality",
    "Recording",
    "RecordingError",
    "Signal",
    "Signature",
    "Source",
    "Twitches",
    "Unit",
    "check_bids",
    "default_folder",
    "detect",
    "examples",
    "founded",
    "glance",
    "measure",
    "read",
    "write_bids",
    "write_edf",
]

_HOMES = {
    "EPOCH_S": "_twitches",
    "KINDS": "_twitches",
    "UNSORTED": "_twitches",
    "Annotation": "_model",
    "ArraySignal": "_model",
    "Channel": "_model",
    "ChannelGlance": "formats",
    "CloseUp": "_closeup",
    "Estimate": "_signature",
    "Events": "_twitches",
    "Glance": "formats",
    "Kind": "_twitches",
    "LiveDetector": "_live",
    "LiveEvent": "_live",
    "Potential": "_closeup",
    "Problem": "_model",
    "Progress": "_detect",
    "Quality": "_twitches",
    "Recording": "_model",
    "RecordingError": "_model",
    "Signal": "_model",
    "Signature": "_signature",
    "Source": "_twitches",
    "Twitches": "_twitches",
    "Unit": "_twitches",
    "check_bids": "formats",
    "default_folder": "_workspace",
    "detect": "_detect",
    "examples": "_examples",
    "founded": "_closeup",
    "glance": "formats",
    "measure": "measures",
    "read": "formats",
    "write_bids": "formats",
    "write_edf": "formats",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
