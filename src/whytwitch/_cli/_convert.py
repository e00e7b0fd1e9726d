"""``whytwitch convert``."""

from __future__ import annotations

import sys
from pathlib import Path

from whytwitch._cli._guard import fail
from whytwitch._cli._signal import SignalOptions, open_recording
from whytwitch.recording import write_bids, write_edf


def convert(
    path: Path, target: Path, options: SignalOptions, *, subject: str, task: str, overwrite: bool
) -> None:
    """Write a recording as EDF, BDF or into a BIDS dataset, and say where it is."""
    recording = open_recording(path, options)
    if target.suffix.lower() in (".edf", ".bdf"):
        if target.exists() and not overwrite:
            fail(f"{target}: is there already; choose another name or give --overwrite")
        written = write_edf(recording, target)
    elif target.suffix:
        fail(f"{target}: only .edf, .bdf and folders (BIDS) can be written; choose one of these")
        return
    else:
        written = write_bids(recording, target, subject=subject, task=task, overwrite=overwrite)
    sys.stdout.write(f"{written}\n")
