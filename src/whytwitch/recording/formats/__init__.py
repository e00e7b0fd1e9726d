"""Recordings in and out of files. A format is one module here; :mod:`_reader` says what it must do."""

from __future__ import annotations

from whytwitch.recording.formats._read import read

__all__ = ["read"]
