"""Twitches made by hand, for tests that need no signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from whytwitch.recording import EPOCH_S, Channel, Events, Quality, Source, Twitches, Unit


def make_events(rows: Sequence[tuple[float, int, str]], **columns: Sequence[float]) -> Events:
    """Events from (onset_s, unit, kind); further columns by name, in the order of ``rows``."""
    onset = np.array([row[0] for row in rows], dtype=np.float64)
    order = np.argsort(onset, kind="stable")
    unit = np.array([row[1] for row in rows], dtype=np.int32)

    def column(name: str, default: float, kind: type = np.float64) -> np.ndarray:
        values = columns.get(name)
        full = np.full(len(rows), default) if values is None else np.asarray(values)
        return full.astype(kind)[order]

    return Events(
        onset_s=onset[order],
        unit=unit[order],
        kind=np.array([row[2] for row in rows], dtype="<U13")[order],
        confidence=column("confidence", 0.95),
        amplitude=column("amplitude", 100.0),
        channel=column("channel", 0, np.int32),
        duration_ms=column("duration_ms", 10.0),
        phases=column("phases", 3, np.int32),
        turns=column("turns", 4, np.int32),
        area=column("area", 200.0),
        spread=column("spread", 0.5),
        likeness=np.where(unit[order] == 0, np.nan, column("likeness", 0.95)),
    )


def make_twitches(
    rows: Sequence[tuple[float, int, str]] = (),
    *,
    duration_s: float = 60.0,
    unclean: Sequence[tuple[float, float]] = (),
    voluntary: Sequence[tuple[float, float]] = (),
    muscle: str = "biceps_brachii",
    calibrated: bool = True,
    electrode: str = "surface",
    quality: float = 1.0,
    channels: Sequence[Channel] = (Channel("one"),),
    best_channel: Mapping[int, int] | None = None,
    **columns: Sequence[float],
) -> Twitches:
    """Twitches of one recording: every epoch is clean but for the stretches given."""
    events = make_events(rows, **columns)
    n_epochs = int(np.ceil(duration_s / EPOCH_S))
    clean = np.ones(n_epochs, dtype=bool)
    for start, stop in (*unclean, *voluntary):
        clean[int(np.floor(start / EPOCH_S)) : int(np.ceil(stop / EPOCH_S))] = False
    shape = (len(channels), n_epochs)
    ids = sorted({row[1] for row in rows} - {0})
    units = tuple(
        Unit(
            id=i,
            kind=str(events.kind[events.unit == i][0]),  # pyright: ignore[reportArgumentType]
            n_events=int((events.unit == i).sum()),
            template=np.zeros((len(channels), 5), dtype=np.float32),
            times_ms=np.linspace(-2.0, 2.0, 5),
            best_channel=(best_channel or {}).get(i, 0),
            contrast=10.0,
        )
        for i in ids
    )
    return Twitches(
        source=Source(
            name="made.edf",
            format="made",
            sha256="0" * 64,
            sampling_rate_hz=2000.0,
            duration_s=duration_s,
            channels=tuple(channels),
            calibrated=calibrated,
            electrode=electrode,  # pyright: ignore[reportArgumentType]
            muscle=muscle,
        ),
        events=events,
        units=units,
        quality=Quality(
            score=np.full(shape, quality, dtype=np.float32),
            noise=np.full(shape, 5.0, dtype=np.float32),
            clean=clean,
            lost={"voluntary": float(sum(b - a for a, b in voluntary))},
            mains_hz=None,
            mains_amplitude=0.0,
            heart_rate_per_min=None,
        ),
        voluntary_s=np.array(list(voluntary), dtype=np.float64).reshape(-1, 2),
        envelope=np.zeros((len(channels), 1), dtype=np.float32),
        envelope_step_s=duration_s,
        problems=(),
        settings={},
    )
