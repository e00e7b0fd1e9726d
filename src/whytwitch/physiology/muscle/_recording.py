"""A simulation as the recording that a file would give; the only place here that knows recordings."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from whytwitch.physiology.muscle._background import Background
from whytwitch.physiology.muscle._electrodes import Electrode, Layout, SurfaceGrid, is_needle
from whytwitch.physiology.muscle._muscle import Muscle
from whytwitch.physiology.muscle._truth import Truth
from whytwitch.recording import ArraySignal, Channel, Problem, Recording, write_bids

SIMULATED = Problem(
    "This recording is simulated; there is nobody behind it.",
    remedy="Do not read it as a finding in a person.",
)


def as_recording(
    samples: NDArray[np.float32], layout: Layout, muscle: Muscle, electrode: Electrode, rate_hz: float,
    background: Background | None,
) -> Recording:  # fmt: skip
    """The samples (n_channels, n_samples), µV, as a recording."""
    corner = layout.positions_mm.min(axis=0)
    group = "grid" if isinstance(electrode, SurfaceGrid) else ""
    channels = tuple(
        Channel(
            name=name, position_mm=(float(x), float(z)) if group else None, group=group, muscle=muscle.muscle
        )
        for name, (x, z) in zip(layout.names, layout.positions_mm - corner, strict=True)
    )
    return Recording(
        name=f"simulated {muscle.muscle}",
        format="simulation",
        sampling_rate_hz=rate_hz,
        n_samples=samples.shape[1],
        channels=channels,
        signal=ArraySignal(samples),
        electrode="needle" if is_needle(electrode) else "surface",
        reference=layout.reference,
        power_line_hz=background.mains_hz if background and background.mains_uv else None,
        task="rest",
        problems=(SIMULATED,),
    )


def write_dataset(
    recording: Recording,
    truth: Truth,
    root: str | os.PathLike[str],
    *,
    subject: str,
    task: str,
    overwrite: bool,
) -> Path:
    """The signal, its events and their sidecar, in a BIDS dataset. Returns the signal file."""
    signal = write_bids(
        recording, root, subject=subject, task=task, placement="simulated; nobody was recorded",
        overwrite=overwrite,
    )  # fmt: skip
    names = tuple(channel.name for channel in recording.channels)
    stem = signal.name.removesuffix("_emg.bdf")
    (signal.parent / f"{stem}_events.tsv").write_text(truth.events_tsv(names), "utf-8")
    (signal.parent / f"{stem}_events.json").write_text(truth.events_json(names), "utf-8")
    return signal
