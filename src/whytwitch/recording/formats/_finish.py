"""From what a file holds to a recording: the caller's corrections, units, kinds and a look at samples."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

import numpy as np
from numpy.typing import NDArray

from whytwitch.recording._model import Channel, ChannelKind, Problem, Recording, RecordingError
from whytwitch.recording.formats._kinds import COUNTS, is_brain_site, kind_of
from whytwitch.recording.formats._reader import Found, Options, Track
from whytwitch.recording.formats._stores import Calibrated, Store
from whytwitch.recording.formats._units import microvolts

LOOKS: Final = 5
LOOK_SAMPLES: Final = 2048
MOST_LOOKED_AT: Final = 256
"""Channels, and stretches of samples, that are looked at for what is no number."""


def finish(name: str, found: Found, options: Options, sha256: str) -> Recording:
    """Make a recording of what a reader found.

    Raises:
        RecordingError: something is missing that only the caller can give, or an option is impossible.
    """
    rate = _rate(name, found, options)
    rows = _chosen(name, found.tracks, options)
    tracks = [found.tracks[row] for row in rows]
    kinds = _kinds(tracks, options)
    scales = [_scale(name, track, kind, options) for track, kind in zip(tracks, kinds, strict=True)]
    names = _unique(
        [track.label.strip() or f"channel {row + 1}" for row, track in zip(rows, tracks, strict=True)]
    )
    channels = tuple(_channel(*parts, options) for parts in zip(names, tracks, kinds, scales, strict=True))
    gain = np.array([scale[0] for scale in scales], dtype=np.float64)
    offset = np.array([scale[1] for scale in scales], dtype=np.float64)
    problems = [*found.problems, *_uncalibrated(channels, tracks), *_not_numbers(found.store, rows, names)]
    return Recording(
        name=name,
        format=found.format,
        sampling_rate_hz=rate,
        n_samples=found.store.n_samples,
        channels=channels,
        signal=Calibrated(name, found.store, np.array(rows, dtype=np.intp), gain, offset),
        sha256=sha256,
        electrode=options.electrode or found.electrode,
        reference=found.reference,
        power_line_hz=found.power_line_hz,
        task=found.task,
        start=found.start,
        annotations=tuple(sorted(found.annotations, key=lambda mark: mark.onset_s)),
        problems=_merged(problems),
    )


def _rate(name: str, found: Found, options: Options) -> float:
    rate = options.sampling_rate_hz if options.sampling_rate_hz is not None else found.sampling_rate_hz
    if rate is None:
        raise RecordingError(
            f"{name}: the file does not say how many samples a second it has; "
            "give them: --rate 2000, or sampling_rate_hz=2000"
        )
    whole = round(rate) if np.isfinite(rate) else 0
    return float(whole) if abs(rate - whole) < 1e-6 else float(rate)


def _chosen(name: str, tracks: list[Track], options: Options) -> list[int]:
    """Rows of the tracks to keep, in the order of the file."""
    if options.channels is None:
        return list(range(len(tracks)))
    labels = [track.label.strip().lower() for track in tracks]
    rows: set[int] = set()
    for wanted in options.channels:
        text = str(wanted).strip().lower()
        hits = [i for i, label in enumerate(labels) if label == text]
        hits = hits or [i for i, label in enumerate(labels) if fnmatchcase(label, text)]
        if not hits and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= len(tracks):
            hits = [int(text) - 1]
        if not hits:
            some = ", ".join(track.label.strip() for track in tracks[:12]) + (
                ", …" if len(tracks) > 12 else ""
            )
            raise RecordingError(f"{name}: has no channel {wanted!r}; it has {len(tracks)}: {some}")
        rows.update(hits)
    return sorted(rows)


def _kinds(tracks: list[Track], options: Options) -> list[ChannelKind]:
    """Explicit choices are EMG; then what the file says; what says nothing is EMG, for that is what is
    recorded here.
    """
    if options.channels is not None:
        return ["emg"] * len(tracks)
    said: list[ChannelKind | None] = [track.kind or kind_of(track.label, track.unit) for track in tracks]
    named = "emg" in said
    kinds: list[ChannelKind] = []
    for kind, track in zip(said, tracks, strict=True):
        otherwise: ChannelKind = "other" if named and is_brain_site(track.label) else "emg"
        kinds.append(kind or otherwise)
    return kinds


def _scale(name: str, track: Track, kind: ChannelKind, options: Options) -> tuple[float, float, bool]:
    """Gain and offset from the file's number to what is handed out, and whether that is µV."""
    gain, offset, unit = track.gain, track.offset, track.unit
    if kind == "emg" and options.gain is not None:
        if not np.isfinite(options.gain) or options.gain == 0:
            raise RecordingError(
                f"{name}: a gain of {options.gain:g} is impossible; give the size of one count"
            )
        zero = -offset / gain if gain else 0.0
        gain, offset, unit = options.gain, -zero * options.gain, options.unit or "uV"
    elif kind == "emg" and options.unit is not None:
        unit = options.unit
    factor = microvolts(unit)
    if kind == "emg" and options.unit is not None and factor is None:
        raise RecordingError(f"{name}: {options.unit!r} is no unit of voltage; give V, mV, uV or nV")
    usable = bool(np.isfinite(gain) and np.isfinite(offset) and gain != 0)
    if factor is None or not usable:
        return (gain, offset, False) if usable else (1.0, 0.0, False)
    return gain * factor, offset * factor, True


def _unique(names: list[str]) -> list[str]:
    """Names with a number behind those that have been had."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


def _channel(
    name: str, track: Track, kind: ChannelKind, scale: tuple[float, float, bool], options: Options
) -> Channel:
    gain, offset, calibrated = scale
    limits = sorted(limit * gain + offset for limit in track.limits) if track.limits else (None, None)
    return Channel(
        name=name,
        kind=kind,
        calibrated=calibrated,
        position_mm=track.position_mm,
        group=track.group,
        muscle=options.muscle or track.muscle,
        low=limits[0],
        high=limits[1],
    )


def _uncalibrated(channels: tuple[Channel, ...], tracks: list[Track]) -> list[Problem]:
    bare = [(c, t) for c, t in zip(channels, tracks, strict=True) if c.kind == "emg" and not c.calibrated]
    if not bare:
        return []
    units = sorted({track.unit.strip() for _, track in bare if track.unit.strip().lower() not in COUNTS})
    said = (
        f"gives {', '.join(units)}, which is no voltage," if units else "does not say how many µV a count is"
    )
    which = "" if len(bare) == sum(c.kind == "emg" for c in channels) else f" for {len(bare)} EMG channels"
    return [
        Problem(
            f"The file {said}{which}; amplitudes are withheld.",
            "Give --unit (the numbers are in it) or --gain (µV a count), from the recorder's manual.",
            _some([channel.name for channel, _ in bare]),
        )
    ]


def _not_numbers(store: Store, rows: list[int], names: list[str]) -> list[Problem]:
    """Look for what is no number in a few stretches."""
    if not store.floating or store.n_samples < 1:
        return []
    looked = np.array(rows[:MOST_LOOKED_AT], dtype=np.intp)
    bad = np.zeros(len(looked), dtype=bool)
    for start in _starts(store.n_samples):
        piece = store.numbers(start, min(start + LOOK_SAMPLES, store.n_samples), looked)
        bad |= ~np.isfinite(piece).all(axis=1)
    if not bad.any():
        return []
    where = _some([names[i] for i in np.flatnonzero(bad)])
    return [Problem("Some samples are no numbers (NaN or infinite); they count as lost.", "", where)]


def _merged(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once, with all the places where it is."""
    places: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        places.setdefault((problem.what, problem.remedy), []).append(problem.where)
    return tuple(
        Problem(what, remedy, _some([p for p in where if p])) for (what, remedy), where in places.items()
    )


def _starts(n_samples: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, max(0, n_samples - LOOK_SAMPLES), LOOKS).astype(np.int64))


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


__all__ = ["finish"]
