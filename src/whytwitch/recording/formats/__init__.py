"""Recordings in and out of files. A format is one module here; :mod:`_reader` says what it must do."""

from __future__ import annotations

from whytwitch.recording.formats._glance import ChannelGlance, Glance, glance
from whytwitch.recording.formats._read import read, readers
from whytwitch.recording.formats._write_bids import check_bids, write_bids
from whytwitch.recording.formats._write_edf import write_edf

__all__ = ["ChannelGlance", "Glance", "check_bids", "glance", "read", "readers", "write_bids", "write_edf"]
